package directorytest

import (
	"errors"
	"testing"
)

// Run tests a directory against the whole contract. It asks for a new fixture
// for each claim.
func Run(t *testing.T, open func(t *testing.T) Fixture) {
	for _, p := range parts() {
		t.Run(p.name, func(t *testing.T) {
			t.Parallel()
			for _, c := range p.claims {
				t.Run(c.name, func(t *testing.T) {
					t.Parallel()
					c.prove(t, open(t))
				})
			}
		})
	}
}

// part is what the contract says of one matter.
type part struct {
	name   string
	claims []claim
}

func parts() []part {
	return []part{
		{"accounts", accountClaims()},
		{"groups", groupClaims()},
		{"names", nameClaims()},
		{"create", createClaims()},
		{"modify", modifyClaims()},
		{"move", moveClaims()},
		{"members", memberClaims()},
		{"password", passwordClaims()},
		{"delete", deleteClaims()},
		{"rights", rightsClaims()},
		{"lockout", lockoutClaims()},
		{"find", findClaims()},
		{"cancelling", cancelClaims()},
	}
}

// claim is one sentence of the contract and its proof.
type claim struct {
	name  string
	prove func(*testing.T, Fixture)
}

// wantKind fails unless err is of the kind that callers would look for.
func wantKind(t *testing.T, err, kind error) {
	t.Helper()
	if !errors.Is(err, kind) {
		t.Fatalf("got error %v, want one that is %q", err, kind)
	}
}
