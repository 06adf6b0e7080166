package person_test

import (
	"errors"
	"strings"
	"testing"

	"esrsync/esrmodel"
	"esrsync/sync/person"
)

// nurse is whom the rules of these tests are asked about.
func nurse() person.Person {
	return person.Person{
		Title: "Dr", IsManager: true,
		Primary: person.Post{
			Category: "Permanent", EmployeeCategory: "Full Time", StaffGroup: "Nursing", JobRole: "Nurse", Title: "Staff Nurse",
			PositionNumber: "1001", Status: "Active Assignment", Location: "Elm House", FTE: 0.8,
			Organisation: person.Place{ID: "10", Name: "Ward 4"},
			Path:         []person.Place{{ID: "10", Name: "Ward 4"}, {ID: "5", Name: "Community"}, {ID: "1", Name: "Made-up Trust"}},
		},
	}
}

func organisations() []person.Place {
	return []person.Place{{ID: "1", Name: "Made-up Trust"}, {ID: "10", Name: "Ward 4"}, {ID: "5", Name: "Community"}, {ID: "6", Name: "Twin"}, {ID: "7", Name: "Twin"}}
}

func TestRulesFit(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		`true`:  true,
		`false`: false,
		`category == "Permanent" and employee_category == "Full Time"`:                        true,
		`staff_group == "Medical and Dental"`:                                                 false,
		`job_role == "Nurse" && position_title == "Staff Nurse" && position_number == "1001"`: true,
		`organisation == "Ward 4" and organisation_id == "10" and location == "Elm House"`:    true,
		`status == "Active Assignment" and title == "Dr"`:                                     true,
		`is_manager and not bank_only and not external`:                                       true,
		`register_category == ""`:                                                             true,
		`fte >= 0.8`:                                                                          true,
		`fte == 1`:                                                                            false,
		`staff_group in ["Nursing", "Midwifery"]`:                                             true,
		`position_title contains "Nurse"`:                                                     true,
		`lower(position_title) startsWith "staff"`:                                            true,
		`position_title matches "^Staff"`:                                                     true,
		`organisation_under("Ward 4")`:                                                        true, // includes the organisation itself
		`organisation_under("Community")`:                                                     true,
		`organisation_under("#5")`:                                                            true,
		`organisation_under("#6")`:                                                            false,
		`organisation_under("#6") or organisation_under("#1")`:                                true,
	} {
		rule, err := person.CompileRule(text, organisations())
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if got := rule.Fits(nurse()); got != want {
			t.Errorf("%s: %v", text, got)
		}
		if rule.String() != text {
			t.Errorf("%s prints as %s", text, rule)
		}
	}
	if (person.Rule{}).Fits(nurse()) {
		t.Error("the zero rule fits somebody")
	}
}

func TestRulesThatAreRefused(t *testing.T) {
	t.Parallel()
	cases := []struct {
		claim, text string
		says        string
		is          error
	}{
		{"an empty rule", " ", "write true", nil},
		{"an unknown name, with the nearest one", `categry == "Bank"`, "line 1, column 1: unknown name categry; did you mean category?", nil},
		{"an unknown name further on", `true and ward == "4"`, "column 10", nil},
		{"a name like none", `xyzzy`, "the names are category", nil},
		{"an internal field", `Category == "Bank"`, "did you mean category?", nil},
		{"something that is not true or false", `category`, "expected bool", nil},
		{"a number compared with a text", `fte == "1"`, "mismatched types", nil},
		{"a builtin that is not on the list", `len(filter([1,2], true)) > 0`, "column 5: filter is no function of rules", nil},
		{"a broken expression", `category ==`, "column", nil},
		{"a name that no organisation has", `organisation_under("Ward 5")`, "column 20", person.ErrNoOrganisation},
		{"an ID that no organisation has", `true or organisation_under("#99")`, "#99", person.ErrNoOrganisation},
		{"a name that two organisations have is a configuration error", `organisation_under("Twin")`, "#6 and #7", person.ErrTwoOrganisations},
		{"an organisation that is not in quotes", `organisation_under(organisation)`, "in quotes", nil},
		{"a rule that is too large", strings.Repeat("is_manager or ", 600) + "true", "nodes", nil},
	}
	for _, c := range cases {
		t.Run(c.claim, func(t *testing.T) {
			t.Parallel()
			_, err := person.CompileRule(c.text, organisations())
			if err == nil {
				t.Fatal("it was taken")
			}
			if !strings.Contains(err.Error(), c.says) || c.is != nil && !errors.Is(err, c.is) {
				t.Errorf("%v", err)
			}
		})
	}
}

func TestRulesWithoutOrganisationsLookNamesUpInThePerson(t *testing.T) {
	t.Parallel()
	rule, err := person.CompileRule(`organisation_under("Community")`, nil)
	if err != nil || !rule.Fits(nurse()) {
		t.Errorf("fits %v: %v", rule.Fits(nurse()), err)
	}
}

func TestPlaces(t *testing.T) {
	t.Parallel()
	staff := trust(nil, nil)
	staff.Organisations = append(staff.Organisations,
		esrmodel.Organisation{ID: "11", Span: span("2000-01-01", "2020-01-01"), Name: "Ward 4"},
		esrmodel.Organisation{ID: "12", Span: span("2000-01-01", "2020-01-01"), Name: "Ward 9"})
	var got []string
	for _, p := range person.Places(staff, today) {
		got = append(got, p.ID+" "+p.Name)
	}
	if strings.Join(got, ", ") != "1 Made-up Trust, 10 Ward 4, 12 Ward 9, 5 Community" {
		t.Errorf("places: %s", strings.Join(got, ", "))
	}
}

func TestValues(t *testing.T) {
	t.Parallel()
	p := nurse()
	p.Key, p.First, p.Middle, p.Preferred, p.Last = "20000001", "Siobhán", "Órla", "Shiv", "O'Neill"
	values := person.Values(p, "Made-up Trust", map[string]string{"login": "soneill"})
	for name, want := range map[string]string{
		"first": "Siobhán", "middle": "Órla", "middle_initial": "Ó", "preferred": "Shiv", "initial": "S", "surname": "O'Neill",
		"title": "Dr", "employee_number": "20000001", "position_title": "Staff Nurse", "organisation": "Ward 4", "location": "Elm House",
		"staff_group": "Nursing", "trust": "Made-up Trust", "login": "soneill",
	} {
		if values[name] != want {
			t.Errorf("{%s} is %q, want %q", name, values[name], want)
		}
	}
	for _, name := range person.Placeholders() {
		if _, known := p.Value(name); !known {
			t.Errorf("{%s} is listed and not answered", name)
		}
	}
	if _, known := p.Value("ni_number"); known {
		t.Error("a template may ask for what must not be written")
	}
}

func FuzzCompileRule(f *testing.F) {
	for _, seed := range []string{`true`, `category == "Bank"`, `organisation_under("Twin")`, `(`, `fte > `, `"\x00" in [`, `organisation_under()`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		rule, err := person.CompileRule(text, organisations())
		if err == nil {
			rule.Fits(nurse())
		}
	})
}
