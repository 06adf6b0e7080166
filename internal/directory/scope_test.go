package directory_test

import (
	"testing"

	"esrsync/internal/directory"
)

func TestAnEscapedCommaInANameDoesNotReachIntoAnotherBase(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		dn, base string
		under    bool
	}{
		"a name that only ends like the base is outside":  {`ou=Staff\,dc=moor,dc=example`, `dc=moor,dc=example`, false},
		"the same with a hex escape is outside":           {`ou=Staff\2Cdc=moor,dc=example`, `dc=moor,dc=example`, false},
		"a child is inside whatever its case and spacing": {`CN=A\, B, OU=Staff, DC=Moor,DC=example`, `ou=staff,dc=moor,dc=example`, true},
		"the base itself is inside":                       {`ou=Staff,dc=moor,dc=example`, `OU=Staff,DC=moor,DC=example`, true},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := directory.UnderDN(c.dn, c.base); got != c.under {
				t.Errorf("UnderDN(%q, %q) = %v", c.dn, c.base, got)
			}
		})
	}
}
