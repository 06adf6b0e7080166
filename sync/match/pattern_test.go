package match

import (
	"strings"
	"testing"
)

func TestPatterns(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		pattern, login string
		fits           bool
	}{
		{"krbtgt", "KRBTGT", true},
		{"krbtgt", "krbtgt2", false},
		{"SVC-*", "svc-backup", true},
		{"svc-*", "xsvc-backup", false},
		{"*-shared", "ward4-shared", true},
		{"*shared*", "ward-shared-2", true},
		{"a*b*c", "axxbxxc", true},
		{"a*b*c", "acb", false},
		{"ab*ba", "aba", false}, // the two ends may not share a letter
		{"*", "anybody", true},
		{"", "anybody", false},
	} {
		if got := fitsAny(patterns([]string{c.pattern}), c.login); got != c.fits {
			t.Errorf("%q and %q: %v", c.pattern, c.login, got)
		}
	}
}

func TestNamesInDisplayNames(t *testing.T) {
	t.Parallel()
	for display, want := range map[string][2]string{
		"Example, Jo":          {"Example", "Jo"},
		"Example, Jo (Ward 4)": {"Example", "Jo"},
		"Jo Example":           {"Example", "Jo"},
		"Jo van der Example":   {"Example", "Jo"},
		"Example":              {"Example", ""},
		"":                     {"", ""},
	} {
		if surname, given := splitName(display); surname != want[0] || strings.TrimSpace(given) != want[1] {
			t.Errorf("%q: surname %q, given %q", display, surname, given)
		}
	}
}

func FuzzPatterns(f *testing.F) {
	f.Add("svc-*", "svc-backup")
	f.Add("a*b*c", "abc")
	f.Add("**", "")
	f.Add("*\xff", "\xff")
	f.Fuzz(func(t *testing.T, text, login string) {
		fits := fitsAny(patterns([]string{text}), login)
		plain := strings.ToLower(strings.TrimSpace(text))
		if !strings.Contains(text, "*") && fits != (plain != "" && plain == strings.ToLower(login)) {
			t.Fatalf("%q without a star and %q: %v", text, login, fits)
		}
		splitName(login)
	})
}
