package person

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"
)

// TestQuickRulesAnswerAsTheLibraryDoes draws rules and people of few values, so
// that rules are true about as often as false.
func TestQuickRulesAnswerAsTheLibraryDoes(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := drawRule(t, 3)
		rule, err := CompileRule(text, nil)
		if err != nil {
			t.Fatal(err)
		}
		if rule.quick == nil {
			t.Fatalf("%s is not answered quickly", text)
		}
		p := drawPerson(t)
		if quick, library := rule.FitsAt(p), rule.run(p); quick != library {
			t.Fatalf("%s: %v, and by the library %v", text, quick, library)
		}
	})
}

func TestIntricateRulesAreTheLibrarys(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{`fte > 0.5`: true, `lower(category) == "a"`: true, `category + "b" == "Ab"`: true, `category == title`: false} {
		rule, err := CompileRule(text, nil)
		if err != nil || rule.quick != nil {
			t.Fatalf("%s: quick %v, %v", text, rule.quick != nil, err)
		}
		if got := rule.Fits(Person{Primary: Post{Category: "A", FTE: 1}}); got != want {
			t.Errorf("%s: %v", text, got)
		}
	}
}

func drawRule(t *rapid.T, depth int) string {
	kinds := 6
	if depth == 0 {
		kinds = 4
	}
	value := rapid.SampledFrom([]string{"", "a", "b"})
	text := rapid.SampledFrom(factNames()[:12])
	switch rapid.IntRange(0, kinds).Draw(t, "kind") {
	case 0:
		return fmt.Sprintf("%s %s %q", text.Draw(t, "fact"), rapid.SampledFrom([]string{"==", "!="}).Draw(t, "operator"), value.Draw(t, "value"))
	case 1:
		return fmt.Sprintf("%s in [%q, %q]", text.Draw(t, "fact"), value.Draw(t, "value"), value.Draw(t, "value"))
	case 2:
		return rapid.SampledFrom([]string{"is_manager", "bank_only", "external", "true", "false"}).Draw(t, "flag")
	case 3:
		return fmt.Sprintf("organisation_under(%q)", rapid.SampledFrom([]string{"#a", "a", "b"}).Draw(t, "place"))
	case 4:
		return "not (" + drawRule(t, depth-1) + ")"
	case 5:
		return "(" + drawRule(t, depth-1) + ") and (" + drawRule(t, depth-1) + ")"
	}
	return "(" + drawRule(t, depth-1) + ") or (" + drawRule(t, depth-1) + ")"
}

func drawPerson(t *rapid.T) *Person {
	value := func(name string) string { return rapid.SampledFrom([]string{"", "a", "b"}).Draw(t, name) }
	flag := func(name string) bool { return rapid.Bool().Draw(t, name) }
	place := Place{ID: value("place"), Name: value("place name")}
	return &Person{
		Title: value("title"), Register: value("register"), IsManager: flag("manager"), BankOnly: flag("bank"), External: flag("external"),
		Primary: Post{
			Category: value("category"), EmployeeCategory: value("employee category"), StaffGroup: value("group"), JobRole: value("role"),
			Title: value("position"), PositionNumber: value("number"), Location: value("location"), Status: value("status"),
			Organisation: place, Path: []Place{place},
		},
	}
}
