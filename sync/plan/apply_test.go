package plan_test

import (
	"fmt"
	"slices"
	"strings"

	"esrsync/internal/directory"
	"esrsync/internal/state"
	"esrsync/sync/match"
	"esrsync/sync/plan"
)

// tester is what tests and properties have in common.
type tester interface {
	Helper()
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
}

// settle applies plans until nothing is left to do. Linking takes a run of its
// own, so the second plan may have what waited for it; the one after must be empty.
func (w *world) settle(t tester) {
	t.Helper()
	p := plan.Calculate(w.input())
	linked := p.Counts[plan.Link] > 0 || w.twice
	w.apply(t, p)
	p = plan.Calculate(w.input())
	if linked {
		w.apply(t, p)
		p = plan.Calculate(w.input())
	}
	if len(p.Changes) > 0 {
		t.Errorf("a second run would still make:\n%s", strings.Join(lines(p), "\n"))
	}
}

// apply makes the changes of a plan in order, as a directory would: a value that
// is not the expected one, a name that is taken, or an account that is not there
// fails the test.
func (w *world) apply(t tester, p plan.Plan) {
	t.Helper()
	made := map[string]directory.GUID{}
	w.moved = map[string]string{}
	for _, c := range p.Changes {
		id := c.Account
		if id.IsZero() && c.Kind != plan.Create {
			id = made[c.PersonID]
		}
		if c.Kind == plan.Create {
			made[c.PersonID] = w.create(t, c)
			continue
		}
		a := w.find(id)
		if a == nil {
			t.Fatalf("%s: there is no such account", c.Reason)
		}
		w.change(t, c, a)
	}
}

func (w *world) create(t tester, c plan.Change) directory.GUID {
	t.Helper()
	n := 5000 + len(w.accounts)
	a := &directory.Account{
		GUID: guid(n), SID: fmt.Sprintf("S-1-5-21-1-2-3-%d", n), Control: directory.NormalAccount.WithDisabled(),
		DN: directory.ChildDN(c.After.First(plan.CN), c.After.First(plan.OU)), CN: c.After.First(plan.CN),
		PrimaryGroup: 513, Attributes: map[string]string{}, Created: today.Time(london()),
	}
	if !directory.SameDN(a.DN, c.DN) {
		t.Errorf("the change says %s and makes %s", c.DN, a.DN)
	}
	for _, other := range w.accounts {
		if directory.SameDN(other.DN, a.DN) || strings.EqualFold(other.Login, c.After.First("sAMAccountName")) {
			t.Fatalf("%s is taken", a.DN)
		}
	}
	w.accounts = append(w.accounts, a)
	for name, values := range c.After {
		w.set(t, c, a, name, values)
	}
	w.given = append(w.given,
		state.Name{Kind: directory.LoginName, Value: a.Login, PersonID: c.PersonID},
		state.Name{Kind: directory.Address, Value: a.Mail, PersonID: c.PersonID})
	return a.GUID
}

func (w *world) change(t tester, c plan.Change, a *directory.Account) {
	t.Helper()
	if directory.UnderDN(a.DN, staff) == false {
		t.Errorf("%s is written outside the managed bases", a.DN)
	}
	switch c.Kind {
	case plan.AddMember:
		if slices.Contains(a.MemberOf, c.After.First(plan.Group)) {
			t.Errorf("%s is a member already", a.Login)
		}
		a.MemberOf = append(a.MemberOf, c.After.First(plan.Group))
	case plan.RemoveMember:
		i := slices.Index(a.MemberOf, c.Before.First(plan.Group))
		if i < 0 {
			t.Fatalf("%s is not a member of %s", a.Login, c.Before.First(plan.Group))
		}
		a.MemberOf = slices.Delete(a.MemberOf, i, i+1)
	case plan.Move:
		w.rename(t, a, directory.ChildDN(a.CN, c.After.First(plan.OU)))
	case plan.Renaming:
		a.CN = c.After.First(plan.CN)
		w.rename(t, a, directory.ChildDN(a.CN, directory.ParentDN(a.DN)))
	case plan.Deletion:
		w.accounts = slices.DeleteFunc(w.accounts, func(one *directory.Account) bool { return one == a })
		delete(w.links, a.GUID)
	default:
		w.modify(t, c, a)
	}
}

// rename gives an account another DN; links to it follow, as in a directory.
func (w *world) rename(t tester, a *directory.Account, dn string) {
	t.Helper()
	old := a.DN
	for _, other := range w.accounts {
		if other != a && directory.SameDN(other.DN, dn) {
			t.Fatalf("%s is taken", dn)
		}
		if other.Manager != "" && directory.SameDN(other.Manager, old) {
			other.Manager = dn
		}
	}
	a.DN = dn
	w.moved[old] = dn
}

// now returns where an account is that was at a DN when the plan was made.
func (w *world) now(dn string) string {
	for {
		next, moved := w.moved[dn]
		if !moved {
			return dn
		}
		dn = next
	}
}

func (w *world) modify(t tester, c plan.Change, a *directory.Account) {
	t.Helper()
	for _, name := range namesIn(c) {
		if marker := c.Marker; name == plan.Token {
			if was := c.Before.First(plan.Token); c.Account.IsZero() && was != "" {
				marker = "sealed:" + c.PersonID + ":" + was // the account was made a moment ago
			}
			if marker != a.Marker {
				t.Fatalf("%s: the token changed since it was read: %q", c.Reason, a.Marker)
			}
		}
		w.set(t, c, a, name, c.After[name])
	}
}

// set writes one attribute.
func (w *world) set(t tester, c plan.Change, a *directory.Account, name string, values []string) {
	t.Helper()
	value := ""
	if len(values) > 0 {
		value = values[0]
	}
	expect := func(have string) {
		if c.Kind != plan.Create && c.Before.First(name) != have {
			t.Fatalf("%s: %s is %q, and %q was expected", c.Reason, name, have, c.Before.First(name))
		}
	}
	switch name {
	case plan.OU, plan.CN:
	case plan.Token:
		a.Marker = "sealed:" + c.PersonID + ":" + value
		w.tokens[a.GUID] = match.Token{Valid: true, PersonID: c.PersonID, PersonKey: c.Person, State: value}
		w.links[a.GUID] = state.Link{PersonID: c.PersonID, PersonKey: c.Person, Account: a.GUID, State: value}
	case plan.PersonKey:
		expect(a.PersonKey)
		a.PersonKey = value
	case "userAccountControl":
		expect(a.Control.String())
		a.Control = a.Control.WithDisabled()
		if value == a.Control.WithEnabled().String() {
			a.Control = a.Control.WithEnabled()
		} else {
			w.off[a.GUID] = w.at.Day
		}
	case "accountExpires":
		if !a.Expires.IsZero() {
			expect(directory.FileTime(a.Expires))
		}
		a.Expires = directory.ParseFileTime(value)
		w.expiry[a.GUID] = a.Expires
	case "sAMAccountName":
		expect(a.Login)
		a.Login = value
	case "userPrincipalName":
		expect(a.UPN)
		a.UPN = value
	case "mail":
		expect(a.Mail)
		a.Mail = value
	case "proxyAddresses":
		for _, gone := range c.Before[name] {
			i := slices.Index(a.ProxyAddresses, gone)
			if i < 0 {
				t.Fatalf("%s is not an address of %s", gone, a.Login)
			}
			a.ProxyAddresses = slices.Delete(a.ProxyAddresses, i, i+1)
		}
		a.ProxyAddresses = append(a.ProxyAddresses, values...)
	case "manager":
		if was := c.Before.First(name); w.now(was) != a.Manager {
			t.Fatalf("%s: the manager is %q, and %q was expected", c.Reason, a.Manager, was)
		}
		value = w.now(value)
		if value != "" && !slices.ContainsFunc(w.accounts, func(m *directory.Account) bool { return directory.SameDN(m.DN, value) }) {
			t.Fatalf("the manager %s is not there", value)
		}
		a.Manager = value
	default:
		expect(a.Attributes[name])
		a.Attributes[name] = value
		if value == "" {
			delete(a.Attributes, name)
		}
	}
}
