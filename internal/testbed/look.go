package testbed

import (
	"errors"
	"regexp"
	"testing"

	"github.com/go-ldap/ldap/v3"
)

// Tree returns what the administrator sees at dn and below it, by DN: every
// attribute that is stored, and those that are named.
func (d *Domain) Tree(t testing.TB, dn string, named ...string) map[string]map[string][]string {
	t.Helper()
	const page = 500
	request := ldap.NewSearchRequest(dn, ldap.ScopeWholeSubtree, ldap.NeverDerefAliases, 0, 0, false,
		"(objectClass=*)", append([]string{"*"}, named...), nil)
	result, err := d.admin.SearchWithPaging(request, page)
	if err != nil {
		t.Fatalf("reading %s and below: %v", dn, err)
	}
	tree := make(map[string]map[string][]string, len(result.Entries))
	for _, found := range result.Entries {
		entry := make(map[string][]string, len(found.Attributes))
		for _, attribute := range found.Attributes {
			entry[attribute.Name] = attribute.Values
		}
		tree[found.DN] = entry
	}
	return tree
}

// Put adds values to those that an attribute has, as the administrator.
func (d *Domain) Put(t testing.TB, dn, attribute string, values ...string) {
	t.Helper()
	request := ldap.NewModifyRequest(dn, nil)
	request.Add(attribute, values)
	if err := d.admin.Modify(request); err != nil {
		t.Fatalf("adding to %s of %s: %v", attribute, dn, err)
	}
}

// Reasons of [Domain.Refusal], as Active Directory numbers them.
const (
	WrongPassword = "52e"
	Disabled      = "533"
	MustChange    = "773"
)

// subCode is the number of the reason in a refused bind's text.
var subCode = regexp.MustCompile(`data ([0-9a-f]+)`)

// Refusal returns why the directory does not let the account in, as the number
// that Active Directory gives the reason; empty where it does.
func (d *Domain) Refusal(t testing.TB, as Account) string {
	t.Helper()
	conn := d.dial(t)
	defer func() { _ = conn.Close() }() // Nothing is left to lose on it.
	err := conn.Bind(as.User, as.Password)
	var refused *ldap.Error
	switch {
	case err == nil:
		return ""
	case errors.As(err, &refused) && refused.ResultCode == ldap.LDAPResultInvalidCredentials:
		if number := subCode.FindStringSubmatch(err.Error()); number != nil {
			return number[1]
		}
	}
	t.Fatalf("binding as %s: %v", as.User, err)
	return ""
}
