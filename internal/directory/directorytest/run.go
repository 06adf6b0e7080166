package directorytest

import (
	"errors"
	"testing"
)

// Run tests a directory against the whole contract. It asks for a new fixture
// for each claim.
func Run(t *testing.T, open func(t *testing.T) Fixture) {
	for _, part := range []struct {
		name   string
		claims []claim
	}{
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
		{"cancelling", cancelClaims()},
	} {
		t.Run(part.name, func(t *testing.T) {
			t.Parallel()
			for _, c := range part.claims {
				t.Run(c.name, func(t *testing.T) {
					t.Parallel()
					c.prove(t, open(t))
				})
			}
		})
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
