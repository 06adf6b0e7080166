package directorytest

import (
	"context"
	"strings"
	"testing"

	"esrsync/internal/directory"
)

func findClaims() []claim {
	return []claim{
		{"an account is found by whatever it is known by, in any case", findAny},
		{"all accounts that any part names are found, sorted, each once", findAll},
		{"accounts outside of the managed OUs are found", findOutside},
		{"no letter of a query is a wildcard", findNoWildcard},
		{"a query that names nothing finds nobody", findNothing},
		{"groups and computers are not found", findOnlyPeople},
		{"a cancelled context finds nothing", findCancelled},
	}
}

// known makes an account that is known by every means, and returns it.
func (f Fixture) known(t *testing.T) directory.Account {
	t.Helper()
	p := f.person(t)
	p.Attributes["employeeID"] = []string{strings.ToUpper(p.Login)}
	p.Attributes["mail"] = []string{"mail." + p.Login + "@" + f.Suffix}
	p.Attributes["proxyAddresses"] = []string{"SMTP:Primary." + p.Login + "@" + f.Suffix, "smtp:old." + p.Login + "@" + f.Suffix}
	return f.create(t, p)
}

func (f Fixture) wantFound(t *testing.T, q directory.Query, want ...directory.Account) {
	t.Helper()
	got, err := f.Finder.Find(t.Context(), q)
	if err != nil || len(got) != len(want) {
		t.Errorf("%+v found %d accounts (%v), want %d", q, len(got), err, len(want))
		return
	}
	for i, a := range want {
		if got[i].GUID != a.GUID || got[i].DN != a.DN || got[i].PersonKey != a.PersonKey || got[i].Control != a.Control {
			t.Errorf("%+v found %+v, want %+v", q, got[i], a)
		}
	}
}

func findAny(t *testing.T, f Fixture) {
	a := f.known(t)
	for _, q := range []directory.Query{
		{PersonKeys: []string{a.PersonKey}},
		{PersonKeys: []string{strings.ToLower(a.PersonKey)}},
		{Logins: []string{strings.ToUpper(a.Login)}},
		{Logins: []string{a.UPN}},
		{Addresses: []string{strings.ToUpper(a.UPN)}},
		{Addresses: []string{"MAIL." + a.Login + "@" + f.Suffix}},
		{Addresses: []string{"primary." + a.Login + "@" + f.Suffix}},
		{Addresses: []string{"old." + a.Login + "@" + f.Suffix}},
		{Accounts: []directory.GUID{a.GUID}},
	} {
		f.wantFound(t, q, a)
	}
}

func findAll(t *testing.T, f Fixture) {
	a, b := f.known(t), f.known(t)
	if a.GUID.Compare(b.GUID) > 0 {
		a, b = b, a
	}
	f.wantFound(t, directory.Query{PersonKeys: []string{b.PersonKey, "", "none"}, Logins: []string{a.Login, b.Login}}, a, b)
}

func findOutside(t *testing.T, f Fixture) {
	a := f.stranger(t)
	f.wantFound(t, directory.Query{Logins: []string{a.Login}}, a)
}

func findNoWildcard(t *testing.T, f Fixture) {
	a := f.known(t)
	f.wantFound(t, directory.Query{Logins: []string{a.Login[:6] + "*", "*", "(", `\`}, PersonKeys: []string{"*"}, Addresses: []string{"*"}})
}

func findNothing(t *testing.T, f Fixture) {
	f.known(t)
	f.wantFound(t, directory.Query{})
	f.wantFound(t, directory.Query{PersonKeys: []string{"", " "}, Logins: []string{""}, Addresses: []string{""}, Accounts: []directory.GUID{{}}})
}

func findOnlyPeople(t *testing.T, f Fixture) {
	name := unique(t)
	f.Add(t, directory.ChildDN("PC "+name, f.Staff), map[string][]string{
		"objectClass": {"computer"}, "sAMAccountName": {name + "$"}, "userAccountControl": {"4128"}})
	g := f.group(t)
	f.wantFound(t, directory.Query{Logins: []string{name + "$", g.Name}, Accounts: []directory.GUID{g.GUID}})
}

func findCancelled(t *testing.T, f Fixture) {
	a := f.known(t)
	_, err := f.Finder.Find(cancelled(t), directory.Query{Logins: []string{a.Login}})
	wantKind(t, err, context.Canceled)
}
