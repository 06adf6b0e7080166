package plan_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"esrsync/esrmodel"
	"esrsync/internal/directory"
	"esrsync/internal/state"
	"esrsync/sync/person"
	"esrsync/sync/plan"
)

// population draws a trust in any state that it may be in on a morning.
func population(t *rapid.T) *world {
	w := newWorld()
	w.real = rapid.Bool().Draw(t, "real")
	w.policy.Rename = rapid.SampledFrom([]string{plan.RenameAutomatic, plan.RenameReview, plan.RenameNever}).Draw(t, "rename")
	w.policy.LeaversOU = rapid.SampledFrom([]string{"", "OU=Leavers," + staff}).Draw(t, "leavers_ou")
	w.policy.Placement[0].Always = rapid.Bool().Draw(t, "always")
	w.policy.DeleteAfter = rapid.SampledFrom([]int{0, 30}).Draw(t, "delete_after")
	w.at.Closed = rapid.Bool().Draw(t, "closed")
	if rapid.Bool().Draw(t, "exchange") {
		w.schema = map[string]bool{}
		for _, name := range []string{"title", "department", "manager", "sn", "givenname", "displayname", "mail", "proxyaddresses", "accountexpires", "msexchhidefromaddresslists", "physicaldeliveryofficename"} {
			w.schema[name] = true
		}
	}
	n := rapid.IntRange(1, 12).Draw(t, "people")
	for i := 1; i <= n; i++ {
		citizen(t, w, i)
	}
	for _, p := range w.people {
		p.Manager = w.people[rapid.IntRange(0, n-1).Draw(t, "manager")].ID
	}
	return w
}

// citizen draws one person, with or without an account.
func citizen(t *rapid.T, w *world, i int) {
	forename := rapid.SampledFrom([]string{"Jo", "Jane", "Vi"}).Draw(t, "forename")
	surname := rapid.SampledFrom([]string{"Testcase", "Madeup"}).Draw(t, "surname")
	p := w.hire(i, forename, surname)
	p.BankOnly = rapid.Bool().Draw(t, "bank")
	if p.BankOnly {
		p.Primary.Category = "Bank"
	}
	p.IsManager = rapid.Bool().Draw(t, "is_manager")
	p.Primary.Title = rapid.SampledFrom([]string{"Tester", "Lead Tester", ""}).Draw(t, "title")
	holds(t, w, i, p)
	stands(t, p)
	if rapid.IntRange(0, 9).Draw(t, "kept") == 0 {
		w.keeps[p.ID] = today + esrmodel.Date(rapid.IntRange(-1, 5).Draw(t, "keep"))
	}
	if rapid.IntRange(0, 9).Draw(t, "held") == 0 {
		p.Held = []string{"a gap"}
	}
	if rapid.IntRange(0, 9).Draw(t, "locked out") == 0 {
		w.held[p.ID] = true
	}
}

// holds draws the person's account, if any.
func holds(t *rapid.T, w *world, i int, p *person.Person) {
	if rapid.IntRange(0, 3).Draw(t, "has account") == 0 {
		return
	}
	a := w.account(i, p)
	if login := a.Login; w.taken(a) {
		a.Login = fmt.Sprintf("%s%d", login, i)
		a.CN = strings.Replace(a.CN, login, a.Login, 1)
		a.DN = directory.ChildDN(a.CN, general)
		a.Mail = fmt.Sprintf("%s@example.nhs.uk", a.Login)
		a.UPN, a.ProxyAddresses = a.Mail, []string{"SMTP:" + a.Mail}
	}
	a.MemberOf = rapid.SampledFrom([][]string{nil, {allIn}, {allIn, project}, {bosses, foreign}, {admins}}).Draw(t, "groups")
	a.AdminCount = rapid.IntRange(0, 9).Draw(t, "admin") == 0
	if rapid.Bool().Draw(t, "off") {
		switchOff(a)
	}
	if rapid.IntRange(0, 3).Draw(t, "linked") > 0 {
		w.link(p, a, rapid.SampledFrom([]plan.State{plan.Managed, plan.Precreated, plan.SwitchedOff}).Draw(t, "state"))
	}
	if rapid.IntRange(0, 5).Draw(t, "token lost") == 0 {
		delete(w.tokens, a.GUID)
		a.Marker = ""
	}
	if rapid.IntRange(0, 3).Draw(t, "expires") == 0 {
		a.Expires = (today + esrmodel.Date(rapid.IntRange(-5, 40).Draw(t, "on"))).Time(london())
		if rapid.Bool().Draw(t, "ours") {
			w.expiry[a.GUID] = a.Expires
		}
	}
	if rapid.IntRange(0, 3).Draw(t, "renamed") == 0 {
		p.Last = "Renamed"
	}
	w.off[a.GUID] = today - esrmodel.Date(rapid.IntRange(0, 60).Draw(t, "since"))
}

// taken reports whether another account has the login already.
func (w *world) taken(a *directory.Account) bool {
	for _, other := range w.accounts {
		if other != a && (other.Login == a.Login || other.Mail == a.Mail) {
			return true
		}
	}
	return false
}

// stands draws where the person is in their employment.
func stands(t *rapid.T, p *person.Person) {
	switch rapid.SampledFrom([]person.Standing{person.Current, person.Current, person.Starting, person.Left, person.Nobody}).Draw(t, "standing") {
	case person.Current:
		p.Access = rapid.IntRange(0, 5).Draw(t, "access") > 0
		if rapid.Bool().Draw(t, "leaves") {
			p.Leaving = today + esrmodel.Date(rapid.IntRange(1, 60).Draw(t, "leaving"))
		}
	case person.Starting:
		p.Standing, p.Access = person.Starting, false
		p.Start = today + esrmodel.Date(rapid.IntRange(-3, 30).Draw(t, "start"))
		if rapid.Bool().Draw(t, "was here before") {
			p.Leaving = min(today, p.Start) - esrmodel.Date(rapid.IntRange(1, 60).Draw(t, "left"))
		}
	case person.Left:
		leave(p, (today - esrmodel.Date(rapid.IntRange(1, 90).Draw(t, "left"))).String())
	case person.Nobody:
		p.Standing, p.Access = person.Nobody, false
	}
}

// Law 4. Linking takes one more run, and an account whose token had to be put
// right is looked at again by the next.
func TestASecondRunFindsNothingToDo(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w := population(t)
		for range 3 {
			w.apply(t, plan.Calculate(w.input()))
		}
		if p := plan.Calculate(w.input()); len(p.Changes) > 0 {
			t.Fatalf("it never ends:\n%s", strings.Join(lines(p), "\n"))
		}
		unique(t, w)
	})
}

// unique checks law 6: nobody shares a login or an address.
func unique(t *rapid.T, w *world) {
	seen := map[string]directory.GUID{}
	for _, a := range w.accounts {
		for _, name := range append(a.Addresses(), "login "+strings.ToLower(a.Login)) {
			if other, taken := seen[name]; taken {
				t.Fatalf("%s is on %s and on %s", name, other, a.GUID)
			}
			seen[name] = a.GUID
		}
	}
}

func TestTheOrderOfTheInputDoesNotMatter(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := population(t).input()
		want := text(t, plan.Calculate(in))
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		r.Shuffle(len(in.People), func(i, j int) { in.People[i], in.People[j] = in.People[j], in.People[i] })
		r.Shuffle(len(in.Accounts), func(i, j int) { in.Accounts[i], in.Accounts[j] = in.Accounts[j], in.Accounts[i] })
		r.Shuffle(len(in.Groups), func(i, j int) { in.Groups[i], in.Groups[j] = in.Groups[j], in.Groups[i] })
		r.Shuffle(len(in.Links), func(i, j int) { in.Links[i], in.Links[j] = in.Links[j], in.Links[i] })
		r.Shuffle(len(in.Names), func(i, j int) { in.Names[i], in.Names[j] = in.Names[j], in.Names[i] })
		if got := text(t, plan.Calculate(in)); got != want {
			t.Fatalf("another order gives another plan:\n%s\n%s", want, got)
		}
	})
}

func text(t *rapid.T, p plan.Plan) string {
	b, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// Law 1, at its widest: whoever is taken out of the feed loses nothing.
func TestNobodyLosesAccessByBeingAbsent(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w := population(t)
		gone := rapid.IntRange(0, len(w.people)-1).Draw(t, "gone")
		id, key := w.people[gone].ID, w.people[gone].Key
		w.people = append(w.people[:gone], w.people[gone+1:]...)
		for _, c := range plan.Calculate(w.input()).Changes {
			if c.PersonID == id || c.Person == key {
				t.Fatalf("%s %s for somebody who is not in ESR", c.Class, c.Kind)
			}
		}
	})
}

// Laws 2 and 3, for every plan there can be.
func TestWhatNoPlanEverDoes(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w := population(t)
		in := w.input()
		people := map[string]person.Person{}
		for _, p := range in.People {
			people[p.ID] = p
		}
		for _, c := range plan.Calculate(in).Changes {
			p := people[c.PersonID]
			a := w.find(c.Account)
			switch {
			case w.held[c.PersonID], p.IsHeld(), p.Standing == person.Nobody:
				t.Fatalf("%s %s for somebody who is held", c.Class, c.Kind)
			case a != nil && a.AdminCount:
				t.Fatalf("%s %s writes a protected account", c.Class, c.Kind)
			case c.Kind == plan.Enable && a != nil && w.links[a.GUID].State == string(plan.Managed) && w.tokens[a.GUID].State != string(plan.SwitchedOff) && w.tokens[a.GUID].State != string(plan.Precreated):
				t.Fatalf("an account is enabled that somebody else switched off")
			case c.Kind == plan.Disable && p.Standing == person.Current && p.Access:
				t.Fatalf("somebody current is switched off")
			case c.Group == w.group(admins).GUID:
				t.Fatalf("a privileged group is changed")
			case c.Reason == "" || c.Rule == "" || c.ID == "":
				t.Fatalf("a change without a reason: %+v", c)
			}
		}
	})
}

func TestThePlansIdentityFollowsItsChangesAlone(t *testing.T) {
	t.Parallel()
	w := newWorld()
	p, _ := w.employ(1, "Jo", "Testcase")
	p.Primary.Title = "Lead Tester"
	before := plan.Calculate(w.input())
	p.Why = "worded anew"
	w.employ(2, "Al", "Madeup")
	w.given = append(w.given, state.Name{Kind: directory.LoginName, Value: "whoever"})
	if after := plan.Calculate(w.input()); after.ID != before.ID {
		t.Errorf("the plan's identity moved from %s to %s", before.ID, after.ID)
	}
	p.Primary.Title = "Chief Tester"
	if after := plan.Calculate(w.input()); after.ID == before.ID {
		t.Errorf("another change and the same identity")
	}
}
