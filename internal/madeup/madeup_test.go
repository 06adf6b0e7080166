package madeup_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"testing"
	"time"

	"pgregory.net/rapid"

	"esrsync/esrmodel"
	"esrsync/internal/directory"
	"esrsync/internal/madeup"
)

// small returns the smallest trust of a seed.
func small(seed uint64) *madeup.Trust {
	return madeup.New(madeup.Options{People: madeup.MinPeople, Seed: seed})
}

// content returns what a file function writes.
func content(t testing.TB, write func(io.Writer) error) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := write(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// fingerprint returns a digest of everything that a trust tells.
func fingerprint(t testing.TB, trust *madeup.Trust) string {
	t.Helper()
	h := sha256.New()
	put := func(name string, write func(io.Writer) error) {
		fmt.Fprintf(h, "%s\n%s\n", name, content(t, write))
	}
	for n := range madeup.Nights + 1 {
		put(trust.FullFile(n))
		put(trust.RegisterFile(n))
		put(trust.URPFile(n))
		put(trust.OneFormsFile(n))
		put(trust.ASNumbersFile(n))
		if n > 0 {
			put(trust.ChangesFile(n))
		}
	}
	for _, v := range []any{trust.Directory(), trust.Events(), trust.URPs()} {
		if err := json.NewEncoder(h).Encode(v); err != nil {
			t.Fatal(err)
		}
	}
	return hex.EncodeToString(h.Sum(nil))
}

func TestTheSameOptionsGiveTheSameBytes(t *testing.T) {
	t.Parallel()
	first, again, other := fingerprint(t, small(7)), fingerprint(t, small(7)), fingerprint(t, small(8))
	if first != again {
		t.Error("the same seed gave two trusts")
	}
	if first == other {
		t.Error("another seed gave the same trust")
	}
	trust := small(7)
	if a, b := fingerprint(t, trust), fingerprint(t, trust); a != b {
		t.Error("asking twice gave two answers: the trust changed when it was asked")
	}
}

func TestTheDefaultsAreFilledIn(t *testing.T) {
	t.Parallel()
	o := madeup.New(madeup.Options{People: 3}).Options()
	if o.People != madeup.MinPeople || o.VPD != "277" || o.Stream != "GDW" || o.Base == "" || o.EmailDomain == "" || o.Day.IsZero() {
		t.Errorf("%+v", o)
	}
	own := madeup.Options{People: 333, Seed: 4, Day: esrmodel.NewDate(2026, time.March, 2), MadeAt: time.Minute, Name: "N", VPD: "301",
		Stream: "EXP", Sequence: 5, EmailDomain: "e.example", Base: "DC=e,DC=example"}
	if got := madeup.New(own).Options(); got != own {
		t.Errorf("got %+v", got)
	}
}

// TestAnyTrustHolds makes trusts of many sizes and seeds: each finds somebody for
// every event and fault, and gives no name twice.
func TestAnyTrustHolds(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		trust := madeup.New(madeup.Options{
			People: rapid.IntRange(madeup.MinPeople, 350).Draw(t, "people"), Seed: rapid.Uint64().Draw(t, "seed"),
		})
		seed := trust.Directory()
		taken := map[string]string{}
		for _, u := range seed.Users {
			for _, name := range []string{"login " + u.Login, "UPN " + u.UPN, "DN " + directory.FoldDN(u.DN)} {
				if other, twice := taken[name]; twice {
					t.Fatalf("%s is that of %s and of %s", name, other, u.DN)
				}
				taken[name] = u.DN
			}
			if len(u.Login) > 20 {
				t.Fatalf("the login %s is too long", u.Login)
			}
		}
		if n := len(trust.URPs()); n != 13 {
			t.Fatalf("%d URPs to be asked about", n)
		}
		for _, f := range faults() {
			if len(seed.Of(f)) == 0 {
				t.Fatalf("nobody for the fault %q", f)
			}
		}
	})
}

func TestATrustHasItsShareOfManagers(t *testing.T) {
	t.Parallel()
	trust := madeup.New(madeup.Options{People: 3000, Seed: 1})
	bosses := map[string]bool{}
	staff := trust.Staff(0)
	for _, a := range staff.Assignments {
		bosses[a.SupervisorPersonID] = true
	}
	if n := len(bosses); n < 200 || n > 300 {
		t.Errorf("%d of 3000 people are somebody's supervisor, want about 8 %%", n)
	}
}

func TestNobodyCouldBeReal(t *testing.T) {
	t.Parallel()
	for _, p := range small(3).Staff(madeup.Nights).People {
		if ni := string(p.NINumber); len(ni) != 9 || ni[:2] != "QQ" {
			t.Errorf("person %s has a NI number that could be issued", p.ID)
		}
	}
}

// BenchmarkNew makes a large trust, its first file and its directory.
func BenchmarkNew(b *testing.B) {
	for b.Loop() {
		trust := madeup.New(madeup.Options{People: 50_000, Seed: 1})
		_, write := trust.FullFile(0)
		if err := write(io.Discard); err != nil {
			b.Fatal(err)
		}
		if users := len(trust.Directory().Users); users < 45_000 {
			b.Fatal(users)
		}
	}
}
