package directory_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"esrsync/internal/directory"
)

func TestParseDN(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, dn string
		want     []directory.RDN
	}{
		{"nothing has no parts", "", nil},
		{"parts come leaf first", "CN=Ann,OU=Staff,DC=x", []directory.RDN{{"CN", "Ann"}, {"OU", "Staff"}, {"DC", "x"}}},
		{"spaces around parts go", "CN = Ann , OU=Staff", []directory.RDN{{"CN", "Ann"}, {"OU", "Staff"}}},
		{"an escaped comma stays inside", `CN=Other\, Ann,DC=x`, []directory.RDN{{"CN", "Other, Ann"}, {"DC", "x"}}},
		{"an escape in hex is one byte", `CN=Other\2C Ann`, []directory.RDN{{"CN", "Other, Ann"}}},
		{"hex of several bytes is one letter", `CN=Si\C3\A2n`, []directory.RDN{{"CN", "Siân"}}},
		{"quotes keep commas", `CN="Other, Ann",DC=x`, []directory.RDN{{"CN", "Other, Ann"}, {"DC", "x"}}},
		{"quotes keep a plus", `CN="a+b"`, []directory.RDN{{"CN", "a+b"}}},
		{"a semicolon parts too", "CN=Ann;DC=x", []directory.RDN{{"CN", "Ann"}, {"DC", "x"}}},
		{"an escaped trailing space stays", `CN=a\ ,DC=x`, []directory.RDN{{"CN", "a "}, {"DC", "x"}}},
		{"a space after an escaped backslash goes", `CN=a\\ ,DC=x`, []directory.RDN{{"CN", `a\`}, {"DC", "x"}}},
		{"an equals sign in a value stays", "CN=a=b", []directory.RDN{{"CN", "a=b"}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := directory.ParseDN(tt.dn)
			if err != nil || len(got) != len(tt.want) {
				t.Fatalf("got %q (%v), want %q", got, err, tt.want)
			}
			for i := range got {
				if got[i] != tt.want[i] {
					t.Errorf("part %d is %q, want %q", i, got[i], tt.want[i])
				}
			}
		})
	}
}

func TestParseDNRefuses(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, dn string }{
		{"a part without a value", "CN=Ann,Staff"},
		{"a part without an attribute", "=Ann"},
		{"several attributes in one part", "CN=Ann+OU=Staff,DC=x"},
		{"a lone backslash at the end", `CN=Ann\`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got, err := directory.ParseDN(tt.dn); err == nil {
				t.Errorf("%q was taken as %q", tt.dn, got)
			}
		})
	}
}

// names are values that somebody could have as a common name, and some that nobody should.
func names() *rapid.Generator[string] {
	return rapid.OneOf(rapid.StringN(1, 20, -1), rapid.StringOfN(rapid.SampledFrom([]rune(` ,+"\#=;<>aÿ`+"\x00\n")), 1, 8, -1))
}

func TestEveryNameSurvivesEscaping(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		name := names().Draw(t, "name")
		dn := directory.ChildDN(name, "OU=Staff,DC=x")
		rdns, err := directory.ParseDN(dn)
		if err != nil || len(rdns) != 3 || rdns[0] != (directory.RDN{Attribute: "CN", Value: name}) {
			t.Fatalf("%q became %q, which reads as %q (%v)", name, dn, rdns, err)
		}
		if parent := directory.ParentDN(dn); parent != "OU=Staff,DC=x" {
			t.Fatalf("the parent of %q is %q", dn, parent)
		}
		if !directory.UnderDN(dn, "ou=staff, dc=X") || !directory.SameDN(dn, strings.Replace(dn, "CN=", "cn = ", 1)) {
			t.Fatalf("%q is not seen as below its parent, or as itself", dn)
		}
	})
}

func TestFoldingIsSettledAtOnce(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		dn := directory.ChildDN(names().Draw(t, "a"), "OU="+directory.EscapeRDN(names().Draw(t, "b"))+",DC=x")
		once := directory.FoldDN(dn)
		if twice := directory.FoldDN(once); strings.ToValidUTF8(twice, "") != strings.ToValidUTF8(once, "") {
			t.Fatalf("%q folds to %q, and that to %q", dn, once, twice)
		}
	})
}

func TestNobodyIsBelowTheirSibling(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a, b := names().Draw(t, "a"), names().Draw(t, "b")
		x, y := directory.ChildDN(a, "DC=x"), directory.ChildDN(b, "DC=x")
		if !strings.EqualFold(a, b) && directory.UnderDN(x, y) {
			t.Fatalf("%q is seen as below %q", x, y)
		}
	})
}

func TestUnderDN(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, dn, base string
		want           bool
	}{
		{"itself", "OU=Staff,DC=x", "ou=staff,dc=x", true},
		{"a child", "CN=Ann,OU=Staff,DC=x", "OU=Staff,DC=x", true},
		{"a cousin whose OU ends alike", "CN=Ann,OU=ExStaff,DC=x", "OU=Staff,DC=x", false},
		{"a name that spells the base", `CN=Ann\,OU=Staff,DC=x`, "OU=Staff,DC=x", false},
		{"the parent", "DC=x", "OU=Staff,DC=x", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := directory.UnderDN(tt.dn, tt.base); got != tt.want {
				t.Errorf("got %t", got)
			}
			if got := directory.UnderAny(tt.dn, []string{"OU=Other,DC=y", tt.base}); got != tt.want {
				t.Errorf("among several bases: got %t", got)
			}
		})
	}
}

func TestValidCN(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, cn string
		valid    bool
	}{
		{"a Welsh name", "Siân Ŵyn (sianw)", true},
		{"64 letters of two bytes each", strings.Repeat("ŵ", 64), true},
		{"65 letters", strings.Repeat("x", 65), false},
		{"blank", "  ", false},
		{"a line break", "Ann\nOther", false},
		{"a delete character", "Ann\x7f", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if err := directory.ValidCN(tt.cn); (err == nil) != tt.valid {
				t.Errorf("got %v", err)
			}
		})
	}
}

func FuzzParseDN(f *testing.F) {
	for _, s := range []string{"", "CN=Ann,OU=Staff,DC=x", `CN="a,b",DC=x`, `CN=\2C\`, "CN=a+OU=b", " = , ", `CN=a\\ `, "CN=\xff"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		rdns, err := directory.ParseDN(s)
		if err != nil {
			return
		}
		var parts []string
		for _, r := range rdns {
			parts = append(parts, r.Attribute+"="+directory.EscapeRDN(r.Value))
		}
		if again := strings.Join(parts, ","); directory.FoldDN(again) != directory.FoldDN(s) {
			t.Errorf("%q is %q, but they fold to %q and %q", s, again, directory.FoldDN(s), directory.FoldDN(again))
		}
	})
}
