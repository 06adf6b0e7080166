package memory_test

import (
	"maps"
	"slices"
	"testing"

	"esrsync/internal/directory/directorytest"
	"esrsync/internal/directory/memory"
)

func TestContract(t *testing.T) {
	t.Parallel()
	directorytest.Run(t, open)
}

// open returns a domain of its own with a delegated writer.
func open(t *testing.T) directorytest.Fixture {
	t.Helper()
	d := newDomain(t)
	s, err := d.As("svc-esrsync")
	if err != nil {
		t.Fatal(err)
	}
	door := memory.NewDirectory(s)
	return directorytest.Fixture{
		Reader: door, Writer: door, Locker: door, Finder: door,
		Staff: "OU=Staff," + d.Base(), Groups: "OU=Groups," + d.Base(), Closed: "OU=Closed," + d.Base(), Suffix: d.Name(),
		Add: func(t *testing.T, dn string, attributes map[string][]string) {
			t.Helper()
			add(t, d, dn, attributes)
		},
		AddMembers: func(t *testing.T, group string, members []string) {
			t.Helper()
			mod := memory.Mod{Op: memory.AddValues, Attribute: "member", Values: members}
			if err := d.System().Modify(group, []memory.Mod{mod}); err != nil {
				t.Fatal(err)
			}
		},
		SignIn: func(login, password string) error {
			_, err := d.SignIn(login, password)
			return err
		},
	}
}

// newDomain returns a domain with three OUs and a service account that may write
// in two of them.
func newDomain(t testing.TB) *memory.Domain {
	t.Helper()
	d, err := memory.New(memory.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, ou := range []string{"Staff", "Groups", "Closed", "Service"} {
		add(t, d, "OU="+ou+","+d.Base(), map[string][]string{"objectClass": {"organizationalUnit"}})
	}
	add(t, d, "CN=svc-esrsync,OU=Service,"+d.Base(), map[string][]string{"objectClass": {"user"},
		"sAMAccountName": {"svc-esrsync"}, "userAccountControl": {"66048"}, "unicodePwd": {memory.EncodePassword(directorytest.Password)}})
	for _, right := range []memory.Right{{Base: "OU=Staff," + d.Base(), Users: true}, {Base: "OU=Groups," + d.Base(), Groups: true}} {
		if err := d.Grant("svc-esrsync", right); err != nil {
			t.Fatal(err)
		}
	}
	return d
}

func add(t testing.TB, d *memory.Domain, dn string, attributes map[string][]string) {
	t.Helper()
	var list []memory.Attribute
	for _, name := range slices.Sorted(maps.Keys(attributes)) {
		list = append(list, memory.Attribute{Name: name, Values: attributes[name]})
	}
	if _, err := d.System().Add(dn, list); err != nil {
		t.Fatalf("adding %s: %v", dn, err)
	}
}
