package adsim_test

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/go-ldap/ldap/v3"

	"esrsync/internal/directory/memory"
	"esrsync/ldapx/adsim"
)

// The identities of the tests.
const (
	writer   = "svc-esrsync@example.nhs.uk"
	password = "Wobble-Lantern-47-Quartz"
)

// start returns a server with three OUs, a delegated writer and an administrator
// of the tests. It is closed when the test ends.
func start(t testing.TB, opts adsim.Options) *adsim.Server {
	t.Helper()
	s, err := adsim.Start(opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("closing the server: %v", err)
		}
	})
	d := s.Domain()
	for _, ou := range []string{"Staff", "Groups", "Closed", "Service"} {
		seed(t, d, "OU="+ou+","+d.Base(), map[string][]string{"objectClass": {"organizationalUnit"}})
	}
	seed(t, d, "CN=svc-esrsync,OU=Service,"+d.Base(), map[string][]string{"objectClass": {"user"}, "sAMAccountName": {"svc-esrsync"},
		"userPrincipalName": {writer}, "userAccountControl": {"66048"}, "unicodePwd": {memory.EncodePassword(password)}})
	for _, right := range []memory.Right{{Base: "OU=Staff," + d.Base(), Users: true}, {Base: "OU=Groups," + d.Base(), Groups: true}} {
		if err := d.Grant("svc-esrsync", right); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

func seed(t testing.TB, d *memory.Domain, dn string, attributes map[string][]string) {
	t.Helper()
	var list []memory.Attribute
	for _, name := range slices.Sorted(maps.Keys(attributes)) {
		list = append(list, memory.Attribute{Name: name, Values: attributes[name]})
	}
	if _, err := d.System().Add(dn, list); err != nil {
		t.Fatalf("seeding %s: %v", dn, err)
	}
}

// seedPeople adds n disabled users below Staff.
func seedPeople(t testing.TB, d *memory.Domain, n int) {
	t.Helper()
	for i := range n {
		login := fmt.Sprintf("person%05d", i)
		seed(t, d, "CN="+login+",OU=Staff,"+d.Base(), map[string][]string{"objectClass": {"user"}, "sAMAccountName": {login},
			"userPrincipalName": {login + "@example.nhs.uk"}, "userAccountControl": {"514"}, "employeeID": {fmt.Sprint(20000000 + i)},
			"givenName": {"Person"}, "sn": {login}})
	}
}

// dial returns a connection that trusts the server, not bound yet.
func dial(t testing.TB, s *adsim.Server, url string) *ldap.Conn {
	t.Helper()
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(s.CA()) {
		t.Fatal("the server's authority is no certificate")
	}
	c, err := ldap.DialURL(url, ldap.DialWithTLSConfig(&tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}))
	if err != nil {
		t.Fatal(err)
	}
	c.SetTimeout(20 * time.Second)
	t.Cleanup(func() { _ = c.Close() }) // some tests have it cut already
	return c
}

// client returns a connection bound as the writer.
func client(t testing.TB, s *adsim.Server) *ldap.Conn {
	t.Helper()
	c := dial(t, s, s.URL())
	if err := c.Bind(writer, password); err != nil {
		t.Fatal(err)
	}
	return c
}

// everyone is a fresh search of all users below Staff; requests must not be reused.
func everyone(s *adsim.Server, attributes ...string) *ldap.SearchRequest {
	return ldap.NewSearchRequest("OU=Staff,"+s.Domain().Base(), ldap.ScopeWholeSubtree, ldap.NeverDerefAliases, 0, 0, false,
		"(&(objectCategory=person)(objectClass=user))", attributes, nil)
}

// wantCode fails unless err is a refusal with the result code.
func wantCode(t *testing.T, err error, code uint16) {
	t.Helper()
	if !ldap.IsErrorWithCode(err, code) {
		t.Fatalf("got %v, want result %d (%s)", err, code, ldap.LDAPResultCodeMap[code])
	}
}
