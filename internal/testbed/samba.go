package testbed

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/go-ldap/ldap/v3"
)

// Account is a sign-in to the domain: a user principal name and its password.
type Account struct {
	User     string
	Password string
}

// Domain is a real directory as one test sees it, with organisational units
// that belong to that test alone.
type Domain struct {
	URL          string // ldaps:// of the domain controller
	CatalogueURL string // ldaps:// of its global catalogue
	CAFile       string // PEM of the authority that both certificates are from
	Base         string // the domain's distinguished name

	Staff   string // this test's unit under OU=Staff: the service writes users here
	Leavers string // under OU=Leavers: and here
	Groups  string // under OU=Groups: the service changes who is in a group here

	Service Account // may write as above, and nowhere else
	Reader  Account // may write nowhere
	Admin   Account // may everything: for arranging and looking, never for the code under test

	admin    *ldap.Conn
	kerberos string // the Kerberos configuration that knows this controller alone
}

// Samba returns the real directory, with units of the test's own that are
// removed, whatever is in them, when the test ends.
func Samba(t testing.TB) *Domain {
	t.Helper()
	d := &Domain{
		URL:          variable(t, "ESRSYNC_TEST_LDAP_URL"),
		CatalogueURL: variable(t, "ESRSYNC_TEST_LDAP_GC_URL"),
		CAFile:       variable(t, "ESRSYNC_TEST_LDAP_CA"),
		Base:         variable(t, "ESRSYNC_TEST_LDAP_BASE"),
		Service:      account(t, "ESRSYNC_TEST_LDAP_"),
		Reader:       account(t, "ESRSYNC_TEST_LDAP_RO_"),
		Admin:        account(t, "ESRSYNC_TEST_LDAP_ADMIN_"),
		kerberos:     variable(t, "ESRSYNC_TEST_KRB5_CONFIG"),
	}
	d.admin = d.connect(t, d.Admin)
	name := unique()
	d.Staff = d.ownUnit(t, "OU="+name+",OU=Staff,"+d.Base)
	d.Leavers = d.ownUnit(t, "OU="+name+",OU=Leavers,"+d.Base)
	d.Groups = d.ownUnit(t, "OU="+name+",OU=Groups,"+d.Base)
	return d
}

// account reads a sign-in from the two variables that begin with prefix.
func account(t testing.TB, prefix string) Account {
	t.Helper()
	return Account{User: variable(t, prefix+"USER"), Password: variable(t, prefix+"PASSWORD")}
}

// connect returns a connection that is bound as the account and closed when the
// test ends.
func (d *Domain) connect(t testing.TB, as Account) *ldap.Conn {
	t.Helper()
	conn := d.bound(t, as)
	t.Cleanup(func() { _ = conn.Close() }) // Nothing is left to lose on it.
	return conn
}

// bound is connect for a connection that somebody else closes.
func (d *Domain) bound(t testing.TB, as Account) *ldap.Conn {
	t.Helper()
	conn := d.dial(t)
	if err := conn.Bind(as.User, as.Password); err != nil {
		t.Fatalf("binding as %s: %v", as.User, err)
	}
	return conn
}

// dial returns a connection that nobody has signed in on.
func (d *Domain) dial(t testing.TB) *ldap.Conn {
	t.Helper()
	pem, err := os.ReadFile(d.CAFile)
	if err != nil {
		t.Fatalf("reading the directory's authority: %v", err)
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(pem) {
		t.Fatalf("reading the directory's authority: no certificate in %s", d.CAFile)
	}
	conn, err := ldap.DialURL(d.URL, ldap.DialWithTLSConfig(&tls.Config{RootCAs: roots}))
	if err != nil {
		t.Fatalf("dialling the directory: %v", err)
	}
	conn.SetTimeout(30 * time.Second)
	return conn
}

// ownUnit adds an organisational unit that goes, with all in it, when the test ends.
func (d *Domain) ownUnit(t testing.TB, dn string) string {
	t.Helper()
	d.Add(t, dn, map[string][]string{"objectClass": {"organizationalUnit"}, "description": {t.Name()}})
	t.Cleanup(func() {
		whole := ldap.NewControlSubtreeDelete()
		if err := d.admin.Del(ldap.NewDelRequest(dn, []ldap.Control{whole})); err != nil {
			t.Errorf("removing %s: %v", dn, err)
		}
	})
	return dn
}

// Add adds an entry as the administrator. A value of unicodePwd is the password
// itself; Add encodes it.
func (d *Domain) Add(t testing.TB, dn string, attributes map[string][]string) {
	t.Helper()
	request := ldap.NewAddRequest(dn, nil)
	for name, values := range attributes {
		request.Attribute(name, encoded(name, values))
	}
	if err := d.admin.Add(request); err != nil {
		t.Fatalf("adding %s: %v", dn, err)
	}
}

// Set replaces an attribute as the administrator: the stranger who changes
// something behind our back. Without values it clears the attribute.
func (d *Domain) Set(t testing.TB, dn, attribute string, values ...string) {
	t.Helper()
	request := ldap.NewModifyRequest(dn, nil)
	request.Replace(attribute, encoded(attribute, values))
	if err := d.admin.Modify(request); err != nil {
		t.Fatalf("setting %s of %s: %v", attribute, dn, err)
	}
}

// Entry returns what the administrator sees at dn, operational attributes
// included, or nil where there is nothing.
func (d *Domain) Entry(t testing.TB, dn string) map[string][]string {
	t.Helper()
	request := ldap.NewSearchRequest(dn, ldap.ScopeBaseObject, ldap.NeverDerefAliases, 0, 0, false,
		"(objectClass=*)", []string{"*", "+"}, nil)
	result, err := d.admin.Search(request)
	var refused *ldap.Error
	if errors.As(err, &refused) && refused.ResultCode == ldap.LDAPResultNoSuchObject {
		return nil
	}
	if err != nil || len(result.Entries) != 1 {
		t.Fatalf("reading %s: %v", dn, err)
	}
	entry := make(map[string][]string)
	for _, attribute := range result.Entries[0].Attributes {
		entry[attribute.Name] = attribute.Values
	}
	return entry
}

// CanBind reports whether the directory lets the account in.
func (d *Domain) CanBind(t testing.TB, as Account) bool {
	t.Helper()
	return d.Refusal(t, as) == ""
}

// encoded returns the values as the directory wants them: a password in quotes
// and UTF-16, everything else as it is. Passwords of tests are ASCII.
func encoded(attribute string, values []string) []string {
	if !strings.EqualFold(attribute, "unicodePwd") {
		return values
	}
	wide := make([]string, 0, len(values))
	for _, value := range values {
		var out strings.Builder
		for _, letter := range []byte(`"` + value + `"`) {
			out.WriteByte(letter)
			out.WriteByte(0)
		}
		wide = append(wide, out.String())
	}
	return wide
}
