package plan

import "testing"

func TestPatternsOfLogins(t *testing.T) {
	t.Parallel()
	cases := []struct {
		pattern, login string
		fits           bool
	}{
		{"svc-*", "svc-backup", true},
		{"SVC-*", "svc-backup", true},
		{"svc-*", "xsvc-backup", false},
		{"*-a", "jo-a", true},
		{"*-a", "jo-ab", false},
		{"a*b*c", "axxbyyc", true},
		{"a*b*c", "acb", false},
		{"krbtgt", "krbtgt", true},
		{"krbtgt", "krbtgt2", false},
		{"*", "whoever", true},
	}
	for _, c := range cases {
		if got := newPattern(c.pattern).fits(c.login); got != c.fits {
			t.Errorf("%q fits %q is %v, want %v", c.pattern, c.login, got, c.fits)
		}
	}
}

func TestTemplatesAreTidiedWhereAValueIsMissing(t *testing.T) {
	t.Parallel()
	values := map[string]string{"surname": "Testcase", "preferred": "Jo", "organisation": ""}
	cases := map[string]string{
		"{surname}, {preferred} ({organisation})": "Testcase, Jo",
		"{organisation}":                       "",
		"{organisation} {organisation}":        "",
		"{preferred} {organisation} {surname}": "Jo Testcase",
		"{surname}, {organisation}":            "Testcase",
		"Staff of {organisation}":              "",
		"Staff":                                "Staff",
		"{surname} (Trust)":                    "Testcase (Trust)",
		"{preferred":                           "{preferred",
	}
	for text, want := range cases {
		if got := newTemplate(text).fill(func(f string) string { return values[f] }); got != want {
			t.Errorf("%q gives %q, want %q", text, got, want)
		}
	}
}

func TestAValueIsCutBetweenCharacters(t *testing.T) {
	t.Parallel()
	cases := []struct {
		text  string
		limit int
		want  string
	}{
		{"short", 64, "short"}, {"abc def", 4, "abc"}, {"ééé", 2, "éé"}, {"a😀b", 2, "a"}, {"a😀b", 3, "a😀"}, {"any", 0, "any"},
	}
	for _, c := range cases {
		if got := cut(c.text, c.limit); got != c.want {
			t.Errorf("%q cut to %d is %q, want %q", c.text, c.limit, got, c.want)
		}
	}
}

func FuzzParentOf(f *testing.F) {
	for _, seed := range []string{"CN=a,OU=b,DC=c", `CN=a\, b,OU=c`, `CN="a,b",OU=c`, "", "CN=a", `\`, `CN=a\`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, dn string) {
		parent := parentOf(dn)
		if len(parent) > 0 && len(parent) >= len(dn) {
			t.Errorf("the parent of %q is %q", dn, parent)
		}
	})
}
