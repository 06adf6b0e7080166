package password_test

import (
	"slices"
	"strings"
	"testing"
	"unicode"

	"esrsync/internal/password"
)

// shortWords are so many three-letter names that most passwords hold one by chance.
func shortWords() []string {
	var out []string
	for _, a := range "abcdefghijkmnp" {
		for _, b := range "abcdefgh" {
			for _, c := range "qrstuvwxyz" {
				out = append(out, string([]rune{a, b, c}))
			}
		}
	}
	return out
}

func holds(secret string, names []string) bool {
	return slices.ContainsFunc(names, func(n string) bool { return strings.Contains(strings.ToLower(secret), n) })
}

func TestAHiddenPasswordHoldsNoPartOfAName(t *testing.T) {
	t.Parallel()
	names, met := shortWords(), false
	for range 300 {
		free, err := password.Hidden()
		if err != nil {
			t.Fatal(err)
		}
		met = met || holds(free, names)
		clear, err := password.Hidden(names...)
		if err != nil {
			t.Fatal(err)
		}
		if holds(clear, names) {
			t.Fatal("a password holds a part of a name")
		}
	}
	if !met {
		t.Error("these names are in no password by chance, so the test says nothing")
	}
}

func TestAHiddenPasswordIsLongAndOfFourClasses(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for range 100 {
		p, err := password.Hidden()
		if err != nil {
			t.Fatal(err)
		}
		if len(p) != 40 || seen[p] || !strings.ContainsFunc(p, unicode.IsLower) || !strings.ContainsFunc(p, unicode.IsUpper) ||
			!strings.ContainsFunc(p, unicode.IsDigit) || !strings.ContainsAny(p, "!#%+:=?@") || strings.ContainsAny(p, "0Oo1lI") {
			t.Fatalf("a password of %d characters is not as it should be, or came twice", len(p))
		}
		seen[p] = true
	}
}

func TestAFirstPasswordCanBeReadOutAndHoldsNoName(t *testing.T) {
	t.Parallel()
	for range 100 {
		p, err := password.First("Tamira Sample", "tam", "isa-bel", "Kaz")
		if err != nil {
			t.Fatal(err)
		}
		words := strings.Split(p, "-")
		if len(words) != 4 || len(p) != 23 || holds(p, []string{"tamira", "sample", "tam", "isa", "bel", "kaz"}) {
			t.Fatalf("a first password of %d characters and %d words", len(p), len(words))
		}
	}
}

func TestWhereEveryPasswordHoldsAPartItSaysSo(t *testing.T) {
	t.Parallel()
	var all []string
	for _, c := range "bdfgkmnprstvz" {
		for _, v := range "aeiu" {
			for _, d := range "bdfgkmnprstvz" {
				all = append(all, string([]rune{c, v, d}))
			}
		}
	}
	if _, err := password.First(all...); err == nil {
		t.Error("it found a password that cannot be")
	}
}
