package directorytest

import (
	"slices"
	"strings"
	"testing"

	"esrsync/internal/directory"
)

func nameClaims() []claim {
	return []claim{
		{"logins, UPNs and addresses of a user are in use", namesOfUser},
		{"logins of groups and computers are in use", namesOfOthers},
		{"addresses of contacts and groups are in use", namesOfContacts},
		{"names outside of the managed OUs are in use", namesElsewhere},
		{"names of accounts that were read already are not lost", namesOfSeen},
		{"names are sorted by kind and value", namesSorted},
		{"names of a deleted user are free again as far as the directory knows", namesFreed},
	}
}

// names returns who has each name, by kind and value.
func (f Fixture) names(t *testing.T) map[directory.NameKind]map[string]directory.GUID {
	t.Helper()
	all, err := f.Reader.Names(t.Context(), nil)
	if err != nil {
		t.Fatalf("reading names: %v", err)
	}
	out := map[directory.NameKind]map[string]directory.GUID{directory.LoginName: {}, directory.UPNName: {}, directory.Address: {}}
	for _, n := range all {
		out[n.Kind][n.Value] = n.Owner
	}
	return out
}

func wantNames(t *testing.T, have map[string]directory.GUID, want ...string) {
	t.Helper()
	for _, name := range want {
		if _, there := have[strings.ToLower(name)]; !there {
			t.Errorf("%q is not among the names in use", name)
		}
	}
}

func namesOfUser(t *testing.T, f Fixture) {
	account := f.person(t)
	account.Login = strings.ToUpper(account.Login)
	mail, alias := "mail."+account.UPN, "Alias."+account.UPN
	account.Attributes["mail"] = []string{mail}
	account.Attributes["proxyAddresses"] = []string{"SMTP:" + mail, "smtp:" + alias}
	a := f.create(t, account)
	have := f.names(t)
	wantNames(t, have[directory.LoginName], account.Login)
	wantNames(t, have[directory.UPNName], account.UPN)
	wantNames(t, have[directory.Address], mail, alias)
	if owner := have[directory.LoginName][strings.ToLower(account.Login)]; !owner.IsZero() && owner != a.GUID {
		t.Errorf("the login's owner is %s, want %s", owner, a.GUID)
	}
}

func namesOfOthers(t *testing.T, f Fixture) {
	computer := unique(t) + "$"
	f.Add(t, directory.ChildDN("PC "+computer, f.Staff), map[string][]string{
		"objectClass": {"computer"}, "sAMAccountName": {computer}, "userAccountControl": {"4128"}})
	group := f.group(t)
	wantNames(t, f.names(t)[directory.LoginName], group.Name, computer, "krbtgt")
}

func namesOfContacts(t *testing.T, f Fixture) {
	tag := unique(t)
	contact, alias, list := tag+".c@"+f.Suffix, tag+".a@"+f.Suffix, tag+".g@"+f.Suffix
	f.Add(t, directory.ChildDN("Contact "+tag, f.Groups), map[string][]string{
		"objectClass": {"contact"}, "mail": {contact}, "proxyAddresses": {"SMTP:" + contact, "smtp:" + alias}})
	f.Add(t, directory.ChildDN("List "+tag, f.Groups), map[string][]string{
		"objectClass": {"group"}, "sAMAccountName": {tag}, "mail": {list}})
	wantNames(t, f.names(t)[directory.Address], contact, alias, list)
}

func namesElsewhere(t *testing.T, f Fixture) {
	login := unique(t)
	f.Add(t, directory.ChildDN("Far "+login, f.Closed), map[string][]string{"objectClass": {"user"},
		"sAMAccountName": {login}, "userPrincipalName": {login + "@" + f.Suffix}, "userAccountControl": {"514"}})
	have := f.names(t)
	wantNames(t, have[directory.LoginName], login)
	wantNames(t, have[directory.UPNName], login+"@"+f.Suffix)
}

func namesOfSeen(t *testing.T, f Fixture) {
	account := f.person(t)
	alias := "Alias." + account.UPN
	account.Attributes["proxyAddresses"] = []string{"SMTP:" + account.UPN, "smtp:" + alias}
	a := f.create(t, account)
	group := f.group(t)
	have := map[directory.NameKind]map[string]directory.GUID{directory.LoginName: {}, directory.UPNName: {}, directory.Address: {}}
	all, err := f.Reader.Names(t.Context(), []directory.Account{a})
	if err != nil {
		t.Fatalf("reading names: %v", err)
	}
	for _, n := range all {
		have[n.Kind][n.Value] = n.Owner
	}
	wantNames(t, have[directory.LoginName], account.Login, group.Name)
	wantNames(t, have[directory.UPNName], account.UPN)
	wantNames(t, have[directory.Address], account.UPN, alias)
}

func namesSorted(t *testing.T, f Fixture) {
	f.newcomer(t)
	f.newcomer(t)
	all, err := f.Reader.Names(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	inOrder := slices.IsSortedFunc(all, func(a, b directory.Name) int {
		if a.Kind != b.Kind {
			return strings.Compare(string(a.Kind), string(b.Kind))
		}
		return strings.Compare(a.Value, b.Value)
	})
	if len(all) < 4 || !inOrder {
		t.Errorf("got %d names, in order: %t", len(all), inOrder)
	}
}

func namesFreed(t *testing.T, f Fixture) {
	a := f.newcomer(t)
	if err := f.Writer.Delete(t.Context(), a.GUID); err != nil {
		t.Fatal(err)
	}
	if _, there := f.names(t)[directory.LoginName][strings.ToLower(a.Login)]; there {
		t.Error("the login is still in use")
	}
}
