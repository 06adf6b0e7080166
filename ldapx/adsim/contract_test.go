package adsim_test

import (
	"testing"
	"time"

	"esrsync/internal/directory/directorytest"
	"esrsync/internal/directory/memory"
	"esrsync/ldapx"
	"esrsync/ldapx/adsim"
)

// TestContract puts the one contract through the protocol: what ldapx makes of
// the simulator is what the domain in memory gives directly.
func TestContract(t *testing.T) {
	t.Parallel()
	directorytest.Run(t, func(t *testing.T) directorytest.Fixture {
		s := start(t, adsim.Options{})
		d := s.Domain()
		dir, err := ldapx.Open(t.Context(), ldapx.Options{
			Servers: []string{s.URL()}, GlobalCatalogues: []string{s.CatalogueURL()}, CAPEM: s.CA(), Timeout: 20 * time.Second,
			BindUser: writer, BindPassword: func() ([]byte, error) { return []byte(password), nil },
		})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = dir.Close() }) // nothing is left to lose
		return directorytest.Fixture{
			Reader: dir, Writer: dir, Locker: dir, Finder: dir,
			Staff: "OU=Staff," + d.Base(), Groups: "OU=Groups," + d.Base(), Closed: "OU=Closed," + d.Base(), Suffix: d.Name(),
			Add: func(t *testing.T, dn string, attributes map[string][]string) {
				t.Helper()
				seed(t, d, dn, attributes)
			},
			AddMembers: func(t *testing.T, group string, members []string) {
				t.Helper()
				mod := memory.Mod{Op: memory.AddValues, Attribute: "member", Values: members}
				if err := d.System().Modify(group, []memory.Mod{mod}); err != nil {
					t.Fatal(err)
				}
			},
			SignIn: func(login, password string) error { return dial(t, s, s.URL()).Bind(login, password) },
		}
	})
}
