package names_test

import (
	"slices"
	"strings"
	"testing"

	"esrsync/internal/names"

	"pgregory.net/rapid"
)

func TestClean(t *testing.T) {
	t.Parallel()
	cases := []struct{ name, login, address string }{
		{"Smith", "smith", "smith"},
		{"Łukasz", "lukasz", "lukasz"},
		{"Siobhán", "siobhan", "siobhan"},
		{"O'Neill", "oneill", "oneill"},
		{"O’Brien", "obrien", "obrien"},
		{"O`Brien", "obrien", "obrien"},
		{"van der Berg", "vanderberg", "vanderberg"},
		{"Smith-Jones", "smithjones", "smith-jones"},
		{"Smith–Jones", "smithjones", "smith-jones"}, // an en dash
		{"Ŵyn", "wyn", "wyn"},
		{"Müller", "muller", "muller"},
		{"Weiß", "weiss", "weiss"},
		{"Æthelred", "aethelred", "aethelred"},
		{"Bjørn", "bjorn", "bjorn"},
		{"Åse", "ase", "ase"},
		{"Þóra", "thora", "thora"},
		{"Guðrún", "gudrun", "gudrun"},
		{"Đặng", "dang", "dang"},
		{"Nguyễn", "nguyen", "nguyen"},
		{"Œuvrard", "oeuvrard", "oeuvrard"},
		{"Yıldız", "yildiz", "yildiz"},
		{"Ćirić", "ciric", "ciric"},
		{"Jose\u0301", "jose", "jose"}, // an accent as a character of its own
		{"ﬁona", "fiona", "fiona"},
		{"St. John", "stjohn", "stjohn"},
		{"王", "wang", "wang"},
		{"Jane2", "jane2", "jane2"},
		{"—", "", "-"},
		{"", "", ""},
	}
	for _, c := range cases {
		if got := names.Clean(c.name, names.Login); got != c.login {
			t.Errorf("%q as a login is %q, want %q", c.name, got, c.login)
		}
		if got := names.Clean(c.name, names.Address); got != c.address {
			t.Errorf("%q in an address is %q, want %q", c.name, got, c.address)
		}
	}
}

func TestFold(t *testing.T) {
	t.Parallel()
	for _, pair := range [][2]string{
		{"O'Neill", "ONEILL"}, {"Siobhán", "siobhan"}, {"Smith-Jones", "smith jones"}, {"Łukasz", "lukasz"}, {"Jane2", "Jane"},
	} {
		if names.Fold(pair[0]) != names.Fold(pair[1]) {
			t.Errorf("%q and %q fold to %q and %q", pair[0], pair[1], names.Fold(pair[0]), names.Fold(pair[1]))
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		folded := names.Fold(rapid.String().Draw(t, "name"))
		if names.Fold(folded) != folded || strings.Trim(folded, "abcdefghijklmnopqrstuvwxyz") != "" {
			t.Fatalf("folded to %q", folded)
		}
	})
}

func TestSimilarity(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		a, b string
		from float64
		to   float64
	}{
		{"martha", "marhta", 0.961, 0.962}, // the textbook examples of the measure
		{"dixon", "dicksonx", 0.813, 0.814},
		{"dwayne", "duane", 0.84, 0.841},
		{"smith", "smyth", 0.89, 0.9},
		{"smith", "jones", 0, 0.5},
		{"", "smith", 0, 0},
	} {
		if got := names.Similarity(c.a, c.b); got < c.from || got > c.to {
			t.Errorf("%s and %s: %f", c.a, c.b, got)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.StringOfN(rapid.SampledFrom([]rune("abcåł")), 0, 8, -1)
		a, b := name.Draw(t, "a"), name.Draw(t, "b")
		s := names.Similarity(a, b)
		switch {
		case s < 0 || s > 1:
			t.Fatalf("%f is no share", s)
		case s != names.Similarity(b, a):
			t.Fatalf("%f one way, %f the other", s, names.Similarity(b, a))
		case (s == 1) != (a == b):
			t.Fatalf("%q and %q: %f", a, b, s)
		}
	})
}

// values answers for somebody called by these names.
func values(preferred, middle, surname string) func(string) string {
	first := func(s string) string { return string([]rune(s + " ")[0]) }
	return func(placeholder string) string {
		return map[string]string{
			"preferred": preferred, "middle": middle, "surname": surname,
			"initial": first(preferred), "middle_initial": strings.TrimSpace(first(middle)),
		}[placeholder]
	}
}

func take(n int, templates []string, value func(string) string, limit int, kind names.Kind) []string {
	var out []string
	for name := range names.Expand(templates, value, limit, kind) {
		if out = append(out, name); len(out) == n {
			break
		}
	}
	return out
}

func TestExpand(t *testing.T) {
	t.Parallel()
	logins := []string{"{initial}{surname}", "{initial}{middle_initial}{surname}", "{initial}{surname}{n}"}
	emails := []string{"{preferred}.{surname}", "{preferred}.{middle_initial}.{surname}", "{preferred}.{surname}{n}"}
	jane, noMiddle := values("Jane", "Mary", "O'Neill"), values("Jane", "", "van der Berg")
	cases := []struct {
		claim     string
		templates []string
		value     func(string) string
		limit     int
		kind      names.Kind
		want      []string
	}{
		{"{n} counts from 2", logins, jane, 20, names.Login, []string{"joneill", "jmoneill", "joneill2", "joneill3"}},
		{"a template that gives the same again is left out", logins, noMiddle, 20, names.Login, []string{"jvanderberg", "jvanderberg2"}},
		{"a login too long is cut before its number", logins, noMiddle, 6, names.Login, []string{"jvande", "jvand2", "jvand3"}},
		{"a number of more digits cuts more", []string{"{surname}{n}"}, jane, 3, names.Login, []string{"on2", "on3", "on4", "on5", "on6", "on7", "on8", "on9", "o10"}},
		{"dots come from the template", emails, jane, 64, names.Address, []string{"jane.oneill", "jane.m.oneill", "jane.oneill2"}},
		{"a missing middle initial leaves no two dots", emails, noMiddle, 64, names.Address, []string{"jane.vanderberg", "jane.vanderberg2"}},
		{"dots of a value do not stay", emails[:1], values("J.P.", "", "St. John"), 64, names.Address, []string{"jp.stjohn"}},
		{"an address keeps hyphens", emails[:1], values("Anne-Marie", "", "Smith-Jones"), 64, names.Address, []string{"anne-marie.smith-jones"}},
		{"a login keeps neither dots nor hyphens", []string{"{preferred}.{surname}"}, values("Anne-Marie", "", "Smith"), 20, names.Login, []string{"annemariesmith"}},
		{"a domain in the template stays", []string{"{preferred}.{surname}@Example.test"}, jane, 0, names.Address, []string{"jane.oneill@example.test"}},
		{"a single name is enough", emails[:1], values("Cher", "", ""), 64, names.Address, []string{"cher"}},
		{"a cut address does not end in a dot", emails[:1], jane, 5, names.Address, []string{"jane"}},
		{"a name without a letter gives nothing", logins, values("", "", "1234"), 20, names.Login, nil},
		{"a name that leaves nothing gives nothing", logins, values("—", "", "—"), 20, names.Login, nil},
		{"a number in the middle keeps what is behind it", []string{"{surname}{n}x"}, jane, 6, names.Login, []string{"onei2x", "onei3x"}},
		{"letters without an ASCII letter of their own are written out", logins[:1], values("Łukasz", "", "Þórðarson"), 20, names.Login, []string{"lthordarson"}},
	}
	for _, c := range cases {
		t.Run(c.claim, func(t *testing.T) {
			t.Parallel()
			if got := take(max(1, len(c.want)), c.templates, c.value, c.limit, c.kind); !slices.Equal(got, c.want) {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
	t.Run("a very long name fits all the same", func(t *testing.T) {
		t.Parallel()
		for _, login := range take(200, logins, values("Wilhelmina", "", strings.Repeat("Featherstonehaugh", 9)), 20, names.Login) {
			if len(login) != 20 {
				t.Fatalf("%q has %d characters", login, len(login))
			}
		}
	})
	t.Run("there is an end to the numbers", func(t *testing.T) {
		t.Parallel()
		if got := take(1<<20, logins, jane, 20, names.Login); len(got) != 2+9998 {
			t.Errorf("%d names", len(got))
		}
	})
}

func FuzzExpand(f *testing.F) {
	for _, seed := range []string{"{initial}{surname}{n}", "{preferred}.{surname}@example.test", "{", "}{", "{n}{n}", "..", "{unknown}"} {
		f.Add(seed, "Siobhán", "O'Neill")
	}
	f.Add("{preferred}.{surname}", "\xff\xfe", "王—")
	f.Fuzz(func(t *testing.T, template, preferred, surname string) {
		value := values(preferred, "", surname)
		for _, login := range take(5, []string{template}, value, 20, names.Login) {
			if len(login) > 20 || strings.Trim(login, "abcdefghijklmnopqrstuvwxyz0123456789") != "" || login == "" {
				t.Fatalf("login %q", login)
			}
		}
		for _, address := range take(5, []string{template}, value, names.AddressMax, names.Address) {
			local, _, _ := strings.Cut(address, "@")
			if local == "" || len(local) > names.AddressMax || strings.Contains(local, "..") || strings.HasPrefix(local, ".") || strings.HasSuffix(local, ".") {
				t.Fatalf("address %q", address)
			}
		}
	})
}
