package match_test

import (
	"fmt"
	"testing"
	"time"

	"esrsync/internal/directory"
	"esrsync/internal/finding"
	"esrsync/internal/state"
	"esrsync/sync/match"
	"esrsync/sync/person"
)

// guid returns the GUID of the made-up account number n.
func guid(n int) directory.GUID {
	var g directory.GUID
	g[0], g[1], g[2], g[3] = byte(n>>24), byte(n>>16), byte(n>>8), byte(n)
	g[15] = 1
	return g
}

// human returns a current person, ID n, with a name that nobody else has.
func human(n int) person.Person {
	return person.Person{
		ID: fmt.Sprintf("p%d", n), Key: fmt.Sprintf("2%07d", n), First: "Testina", Preferred: "Testina", Last: surname(n),
		Standing: person.Current, Access: true,
	}
}

// surname spells a number in letters, so that no two look alike.
func surname(n int) string {
	out := "Made"
	for _, digit := range fmt.Sprintf("%06d", n) {
		out += []string{"ba", "ce", "di", "fo", "gu", "hy", "jo", "ki", "lu", "ma"}[digit-'0']
	}
	return out
}

// account returns an enabled account without anything that says whose it is.
func account(n int, login string) directory.Account {
	return directory.Account{GUID: guid(n), Login: login, DN: "CN=" + login + ",OU=Staff,DC=example,DC=test", CN: login,
		Control: directory.NormalAccount, Attributes: map[string]string{}}
}

// named returns an account with the names of a person.
func named(n int, login string, p person.Person) directory.Account {
	a := account(n, login)
	a.Attributes = map[string]string{"sn": p.Last, "givenName": p.Preferred}
	return a
}

// keyed returns an account that carries a person key.
func keyed(n int, login, key string) directory.Account {
	a := account(n, login)
	a.PersonKey = key
	return a
}

func with[T any](v T, change func(*T)) T {
	change(&v)
	return v
}

func link(p person.Person, a directory.Account) state.Link {
	return state.Link{PersonID: p.ID, PersonKey: p.Key, Account: a.GUID, State: "managed", Evidence: "linked before", Since: day(1)}
}

func day(n int) time.Time { return time.Date(2026, time.November, n, 9, 0, 0, 0, time.UTC) }

func codes(fs []finding.Finding) map[finding.Code]int {
	out := map[finding.Code]int{}
	for _, f := range fs {
		out[f.Code]++
	}
	return out
}

func leaver(p person.Person) person.Person { p.Standing, p.Access = person.Left, false; return p }

func queued(r match.Result, id string) *match.Doubt {
	for i := range r.Queue {
		if r.Queue[i].PersonID == id {
			return &r.Queue[i]
		}
	}
	return nil
}

// fits fails the test unless a person has exactly this account.
func fits(t *testing.T, r match.Result, p person.Person, a directory.Account) match.Pair {
	t.Helper()
	pair, found := r.Of[p.ID]
	if !found || pair.Account != a.GUID {
		t.Fatalf("person %s has account %s, want %s; doubt: %q", p.ID, pair.Account, a.GUID, r.Doubtful[p.ID])
	}
	return pair
}

// waits fails the test unless a person is left alone and in the queue.
func waits(t *testing.T, r match.Result, p person.Person) match.Doubt {
	t.Helper()
	if r.MayCreate(p.ID) {
		t.Fatalf("person %s may get a new account, and should wait", p.ID)
	}
	d := queued(r, p.ID)
	if d == nil || r.Doubtful[p.ID] == "" {
		t.Fatalf("person %s is not in the queue: %+v", p.ID, r)
	}
	return *d
}
