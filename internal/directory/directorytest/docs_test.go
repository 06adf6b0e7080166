package directorytest

import (
	"os"
	"reflect"
	"strings"
	"testing"
)

// TestEveryDifferenceIsDocumented: whoever teaches the suite a new difference
// also tells the reader of the table, and claims named there are real.
func TestEveryDifferenceIsDocumented(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile("../../../docs/directory-differences.md")
	if err != nil {
		t.Fatal(err)
	}
	page := string(raw)
	for _, field := range reflect.VisibleFields(reflect.TypeFor[Differences]()) {
		if !strings.Contains(page, "`"+field.Name+"`") {
			t.Errorf("the table of differences does not name %s", field.Name)
		}
	}
	claims := map[string]bool{}
	for _, p := range parts() {
		for _, c := range p.claims {
			claims[c.name] = true
		}
	}
	for _, mention := range strings.Split(page, "contract `")[1:] {
		if name, _, _ := strings.Cut(mention, "`"); !claims[name] {
			t.Errorf("the table of differences names the claim %q, which the suite does not have", name)
		}
	}
}
