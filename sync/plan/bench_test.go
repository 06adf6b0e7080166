package plan_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"esrsync/internal/directory"
	"esrsync/internal/state"
	"esrsync/sync/guard"
	"esrsync/sync/match"
	"esrsync/sync/person"
	"esrsync/sync/plan"
)

// trust makes a trust of n people on an ordinary night: all linked and in line,
// but for one in a thousand who moved and one in four thousand who left.
func trust(n int) plan.Input {
	in := plan.Input{
		At: person.Moment{Day: today}, Zone: london(), Policy: madeUpPolicy(),
		Matches: match.Result{Of: make(map[string]match.Pair, n)}, Tokens: make(map[directory.GUID]match.Token, n),
	}
	for i, dn := range []string{allIn, bosses, project} {
		in.Groups = append(in.Groups, directory.Group{GUID: guid(9_000_000 + i), DN: dn})
	}
	for i := range n {
		p := newPerson(i)
		if i >= 20 {
			p.Manager = fmt.Sprintf("%07d", i/20)
		}
		a := newAccount(i, p)
		switch {
		case i%1000 == 7:
			p.Primary.Title = "Lead Tester"
		case i%4000 == 9:
			leave(&p, "2026-11-21")
		}
		in.People, in.Accounts = append(in.People, p), append(in.Accounts, a)
		in.Matches.Of[p.ID] = match.Pair{Account: a.GUID, Stored: true}
		in.Tokens[a.GUID] = match.Token{Valid: true, PersonID: p.ID, PersonKey: p.Key, State: string(plan.Managed)}
		in.Links = append(in.Links, state.Link{PersonID: p.ID, PersonKey: p.Key, Account: a.GUID, State: string(plan.Managed)})
		in.Given = append(in.Given,
			state.Name{Kind: directory.LoginName, Value: a.Login, PersonID: p.ID},
			state.Name{Kind: directory.Address, Value: a.Mail, PersonID: p.ID})
	}
	in.Names = allNames(in.Accounts)
	return in
}

func newPerson(i int) person.Person {
	return person.Person{
		ID: fmt.Sprintf("%07d", i), Key: fmt.Sprintf("2%07d", i), First: "Jo", Preferred: "Jo", Last: fmt.Sprintf("Testcase%07d", i),
		Standing: person.Current, Access: true, Start: today - 900, ESREmail: fmt.Sprintf("jo.testcase%07d@example.nhs.uk", i),
		Primary: person.Post{Title: "Tester", Location: "Site A", Organisation: person.Place{ID: fmt.Sprint(i % 200), Name: fmt.Sprintf("Ward %d", i%200)}},
	}
}

func newAccount(i int, p person.Person) directory.Account {
	login := strings.ToLower("j" + p.Last)
	a := directory.Account{
		GUID: guid(i + 1), SID: fmt.Sprintf("S-1-5-21-1-2-3-%d", 2000+i), CN: "Jo " + p.Last,
		DN: "CN=Jo " + p.Last + "," + general, Login: login, UPN: p.ESREmail, Mail: p.ESREmail, ProxyAddresses: []string{"SMTP:" + p.ESREmail},
		Control: directory.NormalAccount, PersonKey: p.Key, Marker: "sealed", PrimaryGroup: 513, LastSignIn: today.Time(time.UTC),
		MemberOf: []string{allIn, foreign, "CN=Wifi,OU=Elsewhere,DC=example,DC=nhs,DC=uk"},
		Attributes: map[string]string{
			"sn": p.Last, "givenName": "Jo", "displayName": p.Last + ", Jo", "title": "Tester", "department": p.Primary.Organisation.Name,
			"physicalDeliveryOfficeName": "Site A",
		},
	}
	if i >= 20 {
		a.Manager = fmt.Sprintf("CN=Jo Testcase%07d,%s", i/20, general)
	}
	return a
}

// allNames returns the names in use as a directory's reader does: sorted by kind and value.
func allNames(accounts []directory.Account) []directory.Name {
	var out []directory.Name
	for _, kind := range []directory.NameKind{directory.Address, directory.LoginName, directory.UPNName} {
		for _, a := range accounts {
			value := a.Mail
			if kind == directory.LoginName {
				value = a.Login
			}
			out = append(out, directory.Name{Kind: kind, Value: value, Owner: a.GUID, DN: a.DN})
		}
	}
	return out
}

func BenchmarkCalculate(b *testing.B) {
	for _, n := range []int{10_000, 100_000, 400_000} {
		b.Run(fmt.Sprintf("people=%d", n), func(b *testing.B) {
			in := trust(n)
			b.ResetTimer()
			for b.Loop() {
				if p := plan.Calculate(in); len(p.Changes) == 0 || len(p.Changes) > n/100 {
					b.Fatalf("an ordinary night has %d changes", len(p.Changes))
				}
			}
			b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/float64(n), "µs/person")
		})
	}
}

// BenchmarkDecide is all that is decided in a night: whose the accounts are, what
// should change, and what may. The bar is one second for 100,000 people.
func BenchmarkDecide(b *testing.B) {
	for _, n := range []int{100_000, 400_000} {
		b.Run(fmt.Sprintf("people=%d", n), func(b *testing.B) {
			in := trust(n)
			limits := map[plan.Class]guard.Limit{}
			for _, c := range plan.Classes() {
				limits[c] = guard.Limit{Max: n, MaxPercent: 100}
			}
			b.ResetTimer()
			for b.Loop() {
				in.Matches = match.Match(match.Input{People: in.People, Accounts: in.Accounts, Tokens: in.Tokens, Links: in.Links})
				p := plan.Calculate(in)
				v := guard.Judge(guard.Input{Plan: p, People: in.People, Enabled: n, Policy: guard.Policy{
					ShareFrom: 5, Limits: limits, PerOrganisation: guard.Limit{Max: n, MaxPercent: 100},
				}})
				if len(v.Allowed) != len(p.Changes) {
					b.Fatalf("%d of %d changes are allowed", len(v.Allowed), len(p.Changes))
				}
			}
			b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/float64(n), "µs/person")
		})
	}
}
