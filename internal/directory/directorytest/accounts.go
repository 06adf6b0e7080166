package directorytest

import (
	"slices"
	"testing"

	"esrsync/internal/directory"
)

func accountClaims() []claim {
	return []claim{
		{"every user below the bases is read, sorted by GUID", accountsSorted},
		{"users in OUs below a base are read", accountsDeep},
		{"overlapping bases give each user once", accountsOnce},
		{"computers, contacts and groups are no accounts", accountsOnlyUsers},
		{"an empty base has no accounts", accountsNone},
		{"a base that is not there is an error, not nobody", accountsMissingBase},
		{"one account is read with the same attributes as among all", accountSame},
		{"an attribute is found whatever the case of its name", accountCase},
		{"a GUID that nobody has is not found", accountMissing},
		{"a group's GUID is no account", accountOfGroup},
		{"memberships of an account are read without the primary group", accountMemberOf},
		{"the directory says what it is", factsKnown},
	}
}

func accountsSorted(t *testing.T, f Fixture) {
	want := map[directory.GUID]string{}
	for range 5 {
		a := f.newcomer(t)
		want[a.GUID] = a.Login
	}
	got, err := f.Reader.Accounts(t.Context(), f.scope())
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != len(want) {
		t.Errorf("got %d accounts, want %d", len(got), len(want))
	}
	for _, a := range got {
		if want[a.GUID] != a.Login {
			t.Errorf("account %s has login %q, want %q", a.GUID, a.Login, want[a.GUID])
		}
	}
	if !slices.IsSortedFunc(got, func(a, b directory.Account) int { return a.GUID.Compare(b.GUID) }) {
		t.Error("the accounts are not sorted by GUID")
	}
}

func accountsDeep(t *testing.T, f Fixture) {
	below := f.person(t)
	below.Parent = f.unit(t, "Ward, 1")
	a := f.create(t, below)
	got, err := f.Reader.Accounts(t.Context(), f.scope())
	if err != nil || len(got) != 1 || got[0].GUID != a.GUID {
		t.Errorf("got %v (%v), want %s alone", got, err, a.DN)
	}
}

func accountsOnce(t *testing.T, f Fixture) {
	below := f.person(t)
	below.Parent = f.unit(t, "Ward")
	f.create(t, below)
	got, err := f.Reader.Accounts(t.Context(), f.scope(f.Staff, below.Parent, f.Staff))
	if err != nil || len(got) != 1 {
		t.Errorf("got %d accounts (%v), want 1", len(got), err)
	}
}

func accountsOnlyUsers(t *testing.T, f Fixture) {
	name := unique(t)
	f.Add(t, directory.ChildDN("PC "+name, f.Staff), map[string][]string{
		"objectClass": {"computer"}, "sAMAccountName": {name + "$"}, "userAccountControl": {"4128"}})
	f.Add(t, directory.ChildDN("Contact "+name, f.Staff), map[string][]string{"objectClass": {"contact"}})
	f.Add(t, directory.ChildDN("Group "+name, f.Staff), map[string][]string{"objectClass": {"group"}, "sAMAccountName": {name}})
	got, err := f.Reader.Accounts(t.Context(), f.scope())
	if err != nil || len(got) != 0 {
		t.Errorf("got %v (%v), want none", got, err)
	}
}

func accountsNone(t *testing.T, f Fixture) {
	got, err := f.Reader.Accounts(t.Context(), f.scope())
	if err != nil || len(got) != 0 {
		t.Errorf("got %d accounts (%v), want none", len(got), err)
	}
}

func accountsMissingBase(t *testing.T, f Fixture) {
	f.newcomer(t)
	_, err := f.Reader.Accounts(t.Context(), f.scope(f.Staff, "OU=Nowhere,"+f.Staff))
	wantKind(t, err, directory.ErrNotFound)
}

func accountSame(t *testing.T, f Fixture) {
	one := f.newcomer(t)
	all, err := f.Reader.Accounts(t.Context(), f.scope())
	if err != nil || len(all) != 1 {
		t.Fatalf("got %d accounts (%v), want 1", len(all), err)
	}
	for _, name := range asked() {
		if all[0].Value(name) != one.Value(name) {
			t.Errorf("%s is %q among all and %q alone", name, all[0].Value(name), one.Value(name))
		}
	}
	if all[0].DN != one.DN || all[0].SID != one.SID || all[0].Control != one.Control || !all[0].Created.Equal(one.Created) {
		t.Errorf("among all: %+v, alone: %+v", all[0], one)
	}
}

func accountCase(t *testing.T, f Fixture) {
	a := f.newcomer(t)
	got, err := f.Reader.Account(t.Context(), a.GUID, directory.Scope{Bases: []string{f.Staff}, Attributes: []string{"GIVENNAME"}})
	if err != nil {
		t.Fatal(err)
	}
	if got.Attributes["GIVENNAME"] != "Ann" {
		t.Errorf("asked for GIVENNAME, got %v", got.Attributes)
	}
}

func accountMissing(t *testing.T, f Fixture) {
	_, err := f.Reader.Account(t.Context(), missing(), f.scope())
	wantKind(t, err, directory.ErrNotFound)
}

func accountOfGroup(t *testing.T, f Fixture) {
	_, err := f.Reader.Account(t.Context(), f.group(t).GUID, f.scope())
	wantKind(t, err, directory.ErrNotFound)
}

func accountMemberOf(t *testing.T, f Fixture) {
	a, g := f.newcomer(t), f.group(t)
	if err := f.Writer.AddMember(t.Context(), g.GUID, a.GUID); err != nil {
		t.Fatal(err)
	}
	got := f.read(t, a.GUID)
	if len(got.MemberOf) != 1 || !hasDN(got.MemberOf, g.DN) || got.PrimaryGroup != 513 {
		t.Errorf("got %v and primary group %d, want %s alone and 513", got.MemberOf, got.PrimaryGroup, g.DN)
	}
}

func factsKnown(t *testing.T, f Fixture) {
	facts, err := f.Reader.Facts(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	switch {
	case !directory.UnderDN(f.Staff, facts.Base):
		t.Errorf("the staff OU %s is not below the base %s", f.Staff, facts.Base)
	case facts.Controller == "", facts.DomainSID == "", facts.Time.IsZero():
		t.Errorf("got %+v", facts)
	case !facts.Schema["employeeid"], !facts.Schema["samaccountname"], facts.Schema["nosuchattributeanywhere"]:
		t.Errorf("the schema has employeeID: %t, sAMAccountName: %t", facts.Schema["employeeid"], facts.Schema["samaccountname"])
	}
}
