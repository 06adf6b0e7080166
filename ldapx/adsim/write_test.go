package adsim_test

import (
	"errors"
	"regexp"
	"strings"
	"testing"

	"github.com/go-ldap/ldap/v3"

	"esrsync/internal/directory/memory"
	"esrsync/ldapx/adsim"
)

func TestBind(t *testing.T) {
	t.Parallel()
	s := start(t, adsim.Options{})
	d := s.Domain()
	secret := []string{memory.EncodePassword(password)}
	seed(t, d, "CN=off,OU=Staff,"+d.Base(), map[string][]string{"objectClass": {"user"}, "sAMAccountName": {"off"}, "userAccountControl": {"514"}, "unicodePwd": secret})
	seed(t, d, "CN=new,OU=Staff,"+d.Base(), map[string][]string{"objectClass": {"user"}, "sAMAccountName": {"new"}, "userAccountControl": {"512"}, "unicodePwd": secret, "pwdLastSet": {"0"}})
	for _, tt := range []struct{ name, user, password, data string }{
		{"a UPN", writer, password, ""},
		{"domain and login", `EXAMPLE\svc-esrsync`, password, ""},
		{"a DN", "CN=svc-esrsync,OU=Service," + d.Base(), password, ""},
		{"a wrong password", writer, "wrong", "52e"},
		{"a name that nobody has", "nobody@example.nhs.uk", password, "52e"},
		{"a disabled account", "off@example.nhs.uk", password, "533"},
		{"a password that must be changed", "new@example.nhs.uk", password, "773"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			err := dial(t, s, s.URL()).Bind(tt.user, tt.password)
			if tt.data == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			wantCode(t, err, ldap.LDAPResultInvalidCredentials)
			if !regexp.MustCompile(`^LDAP.*80090308: LdapErr: DSID-[0-9A-F]{8}, comment: AcceptSecurityContext error, data ` + tt.data + `, v`).MatchString(err.Error()) {
				t.Errorf("got %v, want data %s", err, tt.data)
			}
		})
	}
	t.Run("whoami tells the identity", func(t *testing.T) {
		who, err := client(t, s).WhoAmI(nil)
		if err != nil || who.AuthzID != `u:EXAMPLE\svc-esrsync` {
			t.Errorf("got %v (%v)", who, err)
		}
	})
	t.Run("who is not bound reads nothing but the root", func(t *testing.T) {
		_, err := dial(t, s, s.URL()).Search(everyone(s))
		wantCode(t, err, ldap.LDAPResultOperationsError)
	})
	t.Run("a failed bind leaves the connection without an identity", func(t *testing.T) {
		c := client(t, s)
		wantCode(t, c.Bind(writer, "wrong"), ldap.LDAPResultInvalidCredentials)
		_, err := c.Search(everyone(s))
		wantCode(t, err, ldap.LDAPResultOperationsError)
	})
}

func TestWrites(t *testing.T) {
	t.Parallel()
	s := start(t, adsim.Options{})
	c := client(t, s)
	ann := "CN=Ann,OU=Staff," + s.Domain().Base()
	add := ldap.NewAddRequest(ann, nil)
	for name, values := range map[string][]string{"objectClass": {"user"}, "sAMAccountName": {"ann"}, "userPrincipalName": {"ann@example.nhs.uk"},
		"userAccountControl": {"512"}, "unicodePwd": {memory.EncodePassword("Marble-Teapot-91-Zephyr")}, "title": {"Nurse"}} {
		add.Attribute(name, values)
	}
	if err := c.Add(add); err != nil {
		t.Fatal(err)
	}
	modify := func(change func(*ldap.ModifyRequest)) error {
		m := ldap.NewModifyRequest(ann, nil)
		change(m)
		return c.Modify(m)
	}
	t.Run("a stale value fails the whole operation, with result 16", func(t *testing.T) {
		err := modify(func(m *ldap.ModifyRequest) {
			m.Add("department", []string{"Ward 1"})
			m.Delete("title", []string{"Doctor"})
			m.Add("title", []string{"Matron"})
		})
		wantCode(t, err, ldap.LDAPResultNoSuchAttribute)
		if ok, err := c.Compare(ann, "department", "Ward 1"); err != nil || ok {
			t.Errorf("the department was set all the same (%v)", err)
		}
	})
	t.Run("compare tells what is there", func(t *testing.T) {
		if ok, err := c.Compare(ann, "title", "nurse"); err != nil || !ok {
			t.Errorf("got %t (%v)", ok, err)
		}
	})
	t.Run("a weak password is refused as Windows words it", func(t *testing.T) {
		err := modify(func(m *ldap.ModifyRequest) { m.Replace("unicodePwd", []string{memory.EncodePassword("weak")}) })
		wantCode(t, err, ldap.LDAPResultUnwillingToPerform)
		if !strings.Contains(err.Error(), "0000052D: SvcErr: DSID-") || !strings.Contains(err.Error(), "problem 5003 (WILL_NOT_PERFORM), data 0") {
			t.Errorf("got %v", err)
		}
	})
	t.Run("an unknown critical control is refused, and nothing is done", func(t *testing.T) {
		m := ldap.NewModifyRequest(ann, []ldap.Control{criticalControl{}})
		m.Replace("title", []string{"Matron"})
		wantCode(t, c.Modify(m), ldap.LDAPResultUnavailableCriticalExtension)
		if ok, err := c.Compare(ann, "title", "Nurse"); err != nil || !ok {
			t.Errorf("the title was changed all the same (%v)", err)
		}
	})
	t.Run("keeping the old name as a value is refused", func(t *testing.T) {
		wantCode(t, c.ModifyDN(ldap.NewModifyDNRequest(ann, "CN=Ann B", false, "")), ldap.LDAPResultUnwillingToPerform)
	})
	t.Run("what is missing names the nearest ancestor", func(t *testing.T) {
		err := c.Del(ldap.NewDelRequest("CN=Nobody,OU=Staff,"+s.Domain().Base(), nil))
		wantCode(t, err, ldap.LDAPResultNoSuchObject)
		var e *ldap.Error
		if !errors.As(err, &e) || e.MatchedDN != "OU=Staff,"+s.Domain().Base() {
			t.Errorf("the nearest ancestor is not told: %v", err)
		}
	})
	t.Run("the writes that went through are counted", func(t *testing.T) {
		if got, want := s.Domain().Writes(), (memory.Writes{Add: 1}); got != want {
			t.Errorf("got %+v, want %+v", got, want)
		}
	})
	t.Run("the password set over LDAP signs in", func(t *testing.T) {
		if err := dial(t, s, s.URL()).Bind("ann@example.nhs.uk", "Marble-Teapot-91-Zephyr"); err != nil {
			t.Error(err)
		}
	})
}
