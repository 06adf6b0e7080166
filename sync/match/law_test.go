package match_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	"esrsync/internal/directory"
	"esrsync/internal/state"
	"esrsync/sync/match"
	"esrsync/sync/person"

	"pgregory.net/rapid"
)

// world draws people, accounts and memories that collide a lot: few names, few
// keys, few addresses.
func world(t *rapid.T) match.Input {
	surnames := rapid.SampledFrom([]string{"Example", "Examply", "O'Sample", "Madeup"})
	forenames := rapid.SampledFrom([]string{"Jo", "Joan", "Testina"})
	var in match.Input
	for i := range rapid.IntRange(0, 6).Draw(t, "people") {
		p := human(i)
		p.Last, p.Preferred = surnames.Draw(t, "surname"), forenames.Draw(t, "forename")
		p.Key = fmt.Sprint(rapid.IntRange(0, 7).Draw(t, "key"))
		p.ESREmail = rapid.SampledFrom([]string{"", "a@example.test", "b@example.test"}).Draw(t, "address")
		p.Standing = rapid.SampledFrom([]person.Standing{person.Current, person.Starting, person.Left, person.Nobody}).Draw(t, "standing")
		if i > 0 && rapid.Bool().Draw(t, "same") {
			p.Same, in.People[i-1].Same = []string{human(i - 1).ID}, []string{p.ID}
			in.People[i-1].ReturnsAs = p.ID
		}
		in.People = append(in.People, p)
	}
	in.Tokens = map[directory.GUID]match.Token{}
	for i := range rapid.IntRange(0, 6).Draw(t, "accounts") {
		a := account(i, rapid.SampledFrom([]string{"jexample", "adm-jexample", "texample", "shared", "x"}).Draw(t, "login"))
		a.Attributes = map[string]string{"sn": surnames.Draw(t, "sn"), "givenName": forenames.Draw(t, "given")}
		a.PersonKey = rapid.SampledFrom([]string{"", "", "0", "1", "2"}).Draw(t, "person key")
		a.Mail = rapid.SampledFrom([]string{"", "a@example.test", "b@example.test"}).Draw(t, "mail")
		in.Accounts = append(in.Accounts, a)
		if rapid.Bool().Draw(t, "marked") {
			in.Tokens[a.GUID] = match.Token{Valid: rapid.Bool().Draw(t, "valid"), PersonID: human(rapid.IntRange(0, 6).Draw(t, "whose")).ID}
		}
	}
	for range rapid.IntRange(0, 4).Draw(t, "links") {
		l := link(human(rapid.IntRange(0, 6).Draw(t, "person")), account(rapid.IntRange(0, 6).Draw(t, "account"), ""))
		l.Secondary = rapid.Bool().Draw(t, "secondary")
		in.Links = append(in.Links, l)
	}
	for i := range rapid.IntRange(0, 3).Draw(t, "decisions") {
		in.Decisions = append(in.Decisions, state.Decision{
			PersonID: human(rapid.IntRange(0, 6).Draw(t, "about")).ID, Account: guid(rapid.IntRange(0, 6).Draw(t, "and")), At: day(i + 1),
			Answer: rapid.SampledFrom([]string{state.AnswerLink, state.AnswerNotSame, state.AnswerCreate}).Draw(t, "answer"),
		})
	}
	in.Secondary, in.Generic = []string{"adm-{login}"}, []string{"shared"}
	return in
}

func bytesOf(t interface{ Fatal(...any) }, r match.Result) string {
	out, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

func TestTheOrderOfTheInputDoesNotMatter(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := world(t)
		want := bytesOf(t, match.Match(in))
		in.People = rapid.Permutation(in.People).Draw(t, "shuffled people")
		in.Accounts = rapid.Permutation(in.Accounts).Draw(t, "shuffled accounts")
		in.Links = rapid.Permutation(in.Links).Draw(t, "shuffled links")
		in.Decisions = rapid.Permutation(in.Decisions).Draw(t, "shuffled decisions")
		if got := bytesOf(t, match.Match(in)); got != want {
			t.Fatalf("one order gives\n%s\nanother\n%s", want, got)
		}
	})
}

func TestWhatAlwaysHolds(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := world(t)
		before := fmt.Sprint(in)
		r := match.Match(in)
		if fmt.Sprint(in) != before {
			t.Fatal("the input was changed")
		}
		owners := map[directory.GUID]string{}
		for id, pair := range r.Of {
			if other, taken := owners[pair.Account]; taken {
				t.Fatalf("account %s is %s's and %s's", pair.Account, other, id)
			}
			owners[pair.Account] = id
			if !slices.ContainsFunc(in.Accounts, func(a directory.Account) bool { return a.GUID == pair.Account }) {
				t.Fatalf("%s has an account that is not there", id)
			}
			if pair.Stored == pair.New || pair.Evidence == "" {
				t.Fatalf("pair is %+v", pair)
			}
		}
		for id, accounts := range r.Secondary {
			for _, a := range accounts {
				if other, taken := owners[a]; taken && other != id {
					t.Fatalf("account %s is %s's and a further one of %s", a, other, id)
				}
			}
		}
		for _, a := range r.Unowned {
			if owners[a] != "" {
				t.Fatalf("account %s is nobody's and %s's", a, owners[a])
			}
		}
		for _, p := range in.People {
			_, paired := r.Of[p.ID]
			if p.Standing == person.Left && paired && r.Doubtful[p.ID] != "" {
				t.Fatalf("leaver %s waits for a match that is made: %s", p.ID, r.Doubtful[p.ID])
			}
			if (r.Doubtful[p.ID] != "") != (queued(r, p.ID) != nil) {
				t.Fatalf("%s is doubtful %q and queued %v", p.ID, r.Doubtful[p.ID], queued(r, p.ID))
			}
		}
	})
}

// TestNameAloneNeverPairs draws people and accounts without any sure evidence.
func TestNameAloneNeverPairs(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := world(t)
		in.Links, in.Tokens, in.Decisions = nil, nil, nil
		for i := range in.People {
			in.People[i].ESREmail = ""
		}
		for i := range in.Accounts {
			in.Accounts[i].PersonKey = ""
		}
		if r := match.Match(in); len(r.Of) != 0 {
			t.Fatalf("paired: %+v", r.Of)
		}
	})
}

// town returns n people with n accounts; of each tenth account nothing is sure.
func town(n int, sure bool) match.Input {
	in := match.Input{Secondary: []string{"adm-{login}"}, Generic: []string{"*shared*"}, Protected: []string{"svc-*"}}
	for i := range n {
		p := human(i)
		p.ID = fmt.Sprintf("p%08d", i)
		p.Last, p.Preferred = surname(i%5000), []string{"Ann", "Ben", "Cat", "Dan"}[i%4]
		p.Key, p.ESREmail = fmt.Sprintf("2%07d", i), fmt.Sprintf("u%d@example.test", i)
		a := named(i, fmt.Sprintf("u%d", i), p)
		a.Mail = p.ESREmail
		a.ProxyAddresses = []string{"SMTP:" + a.Mail}
		if sure && i%10 > 0 {
			a.PersonKey = p.Key
			in.Links = append(in.Links, link(p, a))
		} else {
			p.ESREmail, a.Mail, a.ProxyAddresses = "", "", nil
		}
		in.People, in.Accounts = append(in.People, p), append(in.Accounts, a)
	}
	return in
}

func BenchmarkMatch(b *testing.B) {
	for _, n := range []int{10_000, 100_000} {
		for _, sure := range []bool{true, false} {
			b.Run(fmt.Sprintf("%d/sure=%v", n, sure), func(b *testing.B) {
				in := town(n, sure)
				b.ReportAllocs()
				for b.Loop() {
					match.Match(in)
				}
			})
		}
	}
}
