package testbed

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/go-ldap/ldap/v3"
)

const password = "Correct-Horse-42"

// user returns the attributes of an enabled user with a password.
func user(login string) map[string][]string {
	return map[string][]string{
		"objectClass":        {"user"},
		"sAMAccountName":     {login},
		"userPrincipalName":  {login + "@trust.example"},
		"userAccountControl": {"512"},
		"unicodePwd":         {password},
	}
}

// adding returns a request that makes a user under parent.
func adding(parent, login string) *ldap.AddRequest {
	request := ldap.NewAddRequest("CN="+login+","+parent, nil)
	for name, values := range user(login) {
		request.Attribute(name, encoded(name, values))
	}
	return request
}

func replacing(dn, attribute string, values ...string) *ldap.ModifyRequest {
	request := ldap.NewModifyRequest(dn, nil)
	request.Replace(attribute, encoded(attribute, values))
	return request
}

// kind returns the LDAP result code of err, or success.
func kind(t *testing.T, err error) uint16 {
	t.Helper()
	if err == nil {
		return ldap.LDAPResultSuccess
	}
	var refused *ldap.Error
	if !errors.As(err, &refused) {
		t.Fatalf("not an answer of the directory: %v", err)
	}
	return refused.ResultCode
}

func TestTheServiceAccountWritesItsOwnUnitsAndNothingElse(t *testing.T) {
	t.Parallel()
	d := Samba(t)
	service := d.connect(t, d.Service)
	login := "u" + unique()
	dn, moved := "CN="+login+","+d.Staff, "CN="+login+" (moved),"+d.Leavers
	group := "CN=" + unique() + "," + d.Groups
	d.Add(t, group, map[string][]string{"objectClass": {"group"}})
	const allowed, denied = ldap.LDAPResultSuccess, ldap.LDAPResultInsufficientAccessRights

	steps := []struct {
		claim string
		act   func() error
		want  uint16
	}{
		{"makes a user under Staff", func() error { return service.Add(adding(d.Staff, login)) }, allowed},
		{"changes it", func() error { return service.Modify(replacing(dn, "title", "Ward Clerk")) }, allowed},
		{"writes what Exchange brings", func() error { return service.Modify(replacing(dn, "extensionAttribute15", "x")) }, allowed},
		{"disables it", func() error { return service.Modify(replacing(dn, "userAccountControl", "514")) }, allowed},
		{"resets its password", func() error { return service.Modify(replacing(dn, "unicodePwd", "Battery-Staple-43")) }, allowed},
		{"puts it into a group", func() error { return service.Modify(replacing(group, "member", dn)) }, allowed},
		{"moves and renames it", func() error {
			return service.ModifyDN(ldap.NewModifyDNRequest(dn, "CN="+login+" (moved)", true, d.Leavers))
		}, allowed},
		{"removes it", func() error { return service.Del(ldap.NewDelRequest(moved, nil)) }, allowed},
		{"makes no user elsewhere", func() error { return service.Add(adding("CN=Users,"+d.Base, login)) }, denied},
		{"makes no user among the groups", func() error { return service.Add(adding(d.Groups, login)) }, denied},
		{"changes nobody elsewhere", func() error {
			return service.Modify(replacing("CN=Administrator,CN=Users,"+d.Base, "title", "x"))
		}, denied},
		{"resets no administrator's password", func() error {
			return service.Modify(replacing("CN=Administrator,CN=Users,"+d.Base, "unicodePwd", password))
		}, denied},
		{"renames no group", func() error { return service.Modify(replacing(group, "description", "x")) }, denied},
		{"joins no privileged group", func() error {
			return service.Modify(replacing("CN=Domain Admins,CN=Users,"+d.Base, "member", group))
		}, denied},
	}
	for _, step := range steps {
		if got := kind(t, step.act()); got != step.want {
			t.Errorf("the service account %s: got %s, want %s",
				step.claim, ldap.LDAPResultCodeMap[got], ldap.LDAPResultCodeMap[step.want])
		}
	}
}

func TestTheReaderReadsEverythingAndWritesNothing(t *testing.T) {
	t.Parallel()
	d := Samba(t)
	login := "r" + unique()
	dn := "CN=" + login + "," + d.Staff
	d.Add(t, dn, user(login))
	reader := d.connect(t, d.Reader)

	found, err := reader.Search(ldap.NewSearchRequest(dn, ldap.ScopeBaseObject, ldap.NeverDerefAliases,
		0, 0, false, "(objectClass=*)", []string{"userAccountControl", "pwdLastSet"}, nil))
	if err != nil || len(found.Entries) != 1 || found.Entries[0].GetAttributeValue("userAccountControl") != "512" {
		t.Errorf("reading %s as the reader: %v, %v", dn, found, err)
	}
	for claim, err := range map[string]error{
		"adds":    reader.Add(adding(d.Staff, "x"+unique())),
		"changes": reader.Modify(replacing(dn, "title", "x")),
		"resets":  reader.Modify(replacing(dn, "unicodePwd", password+"x")),
		"deletes": reader.Del(ldap.NewDelRequest(dn, nil)),
	} {
		if kind(t, err) != ldap.LDAPResultInsufficientAccessRights {
			t.Errorf("the reader %s: got %v, want to be refused", claim, err)
		}
	}
}

func TestBothCertificatesNameTheAddressAndBothPortsAnswer(t *testing.T) {
	t.Parallel()
	d := Samba(t)
	for _, url := range []string{d.URL, d.CatalogueURL} {
		one := *d
		one.URL = url
		conn := one.connect(t, d.Reader)
		root, err := conn.Search(ldap.NewSearchRequest("", ldap.ScopeBaseObject, ldap.NeverDerefAliases,
			0, 0, false, "(objectClass=*)", []string{"defaultNamingContext"}, nil))
		if err != nil || root.Entries[0].GetAttributeValue("defaultNamingContext") != d.Base {
			t.Errorf("asking %s for its root entry: %v, %v", url, root, err)
		}
	}
}

func TestAnOldPasswordStopsWorkingAtOnce(t *testing.T) {
	t.Parallel()
	d := Samba(t)
	login := "p" + unique()
	dn := "CN=" + login + "," + d.Staff
	d.Add(t, dn, user(login))
	old := Account{User: login + "@trust.example", Password: password}
	if !d.CanBind(t, old) {
		t.Fatalf("%s cannot sign in with its first password", login)
	}
	d.Set(t, dn, "unicodePwd", password+"-new")
	if d.CanBind(t, old) {
		t.Errorf("%s signs in with a password that was reset", login)
	}
}

func TestUnitsOfATestAreItsOwnAndGoWithIt(t *testing.T) {
	t.Parallel()
	d := Samba(t)
	var inner *Domain
	t.Run("inner", func(t *testing.T) {
		inner = Samba(t)
		if inner.Staff == d.Staff {
			t.Errorf("two tests were given %s", d.Staff)
		}
		for n := range 3 {
			login := fmt.Sprintf("n%d%s", n, unique())
			inner.Add(t, "CN="+login+","+inner.Staff, user(login))
		}
	})
	for _, dn := range []string{inner.Staff, inner.Leavers, inner.Groups} {
		if d.Entry(t, dn) != nil {
			t.Errorf("%s outlived its test", dn)
		}
	}
	if !strings.HasSuffix(d.Staff, ",OU=Staff,"+d.Base) || d.Entry(t, d.Staff) == nil {
		t.Errorf("%s should still be there", d.Staff)
	}
}

func TestTheAdministratorSeesAWholeTree(t *testing.T) {
	t.Parallel()
	d := Samba(t)
	group := "CN=" + unique() + "," + d.Groups
	d.Add(t, group, map[string][]string{"objectClass": {"group"}})
	for n := range 3 {
		login := fmt.Sprintf("t%d%s", n, unique())
		d.Add(t, "CN="+login+","+d.Staff, user(login))
		d.Put(t, group, "member", "CN="+login+","+d.Staff)
	}
	if got := d.Tree(t, d.Staff); len(got) != 4 {
		t.Errorf("the unit and its three users are %d objects", len(got))
	}
	if got := d.Tree(t, d.Groups)[group]["member"]; len(got) != 3 {
		t.Errorf("the group has the members %v, want all three", got)
	}
}

func TestARefusedSignInSaysWhy(t *testing.T) {
	t.Parallel()
	d := Samba(t)
	login := "w" + unique()
	dn := "CN=" + login + "," + d.Staff
	d.Add(t, dn, user(login))
	as := Account{User: login + "@trust.example", Password: password}
	cases := []struct {
		when   string
		change func()
		with   Account
		want   string
	}{
		{"it is as made", func() {}, as, ""},
		{"the password is another", func() {}, Account{as.User, password + "x"}, WrongPassword},
		{"it must be changed", func() { d.Set(t, dn, "pwdLastSet", "0") }, as, MustChange},
		{"the account is disabled", func() { d.Set(t, dn, "userAccountControl", "514") }, as, Disabled},
	}
	for _, c := range cases {
		c.change()
		if got := d.Refusal(t, c.with); got != c.want {
			t.Errorf("when %s: refused with %q, want %q", c.when, got, c.want)
		}
	}
}
