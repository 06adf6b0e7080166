package person_test

import (
	"fmt"
	"strings"
	"testing"

	"esrsync/esrmodel"
	"esrsync/internal/finding"
	"esrsync/sync/person"
)

func TestPrimaryAssignment(t *testing.T) {
	t.Parallel()
	post := func(n int, change func(*assignment)) assignment {
		return with(job(1), func(a *assignment) {
			a.ID, a.Number, a.Primary = fmt.Sprintf("a1-%d", n), fmt.Sprintf("20000001-%d", n), false
			change(a)
		})
	}
	flagged := func(a *assignment) { a.Primary = true }
	plain := func(*assignment) {}
	cases := []struct {
		claim string
		jobs  []assignment
		want  string
		codes string
		why   string
	}{
		{"flagged and live", []assignment{post(2, plain), post(3, flagged)}, "20000001-3", "", ""},
		{"flagged but ended does not count", []assignment{post(2, plain), post(3, func(a *assignment) { a.Primary, a.EndDate = true, date("2026-11-01") })}, "20000001-2", "Q03", "it is the only one"},
		{"several flagged: among them", []assignment{post(2, flagged), post(3, func(a *assignment) { a.Primary, a.FTE = true, 1.5 }), post(4, func(a *assignment) { a.FTE = 9 })}, "20000001-3", "Q03", "its FTE is the higher, 1.5"},
		{"none flagged: the latest start of the assignment", []assignment{post(2, plain), post(3, func(a *assignment) { a.Span.From = date("2025-12-01") })}, "20000001-3", "Q03", "it started last, on 1 December 2025"},
		{"the start is the assignment's, not the slice's", []assignment{
			post(2, func(a *assignment) { a.Span = span("2019-01-01", "2026-10-31") }), post(2, func(a *assignment) { a.Span = span("2026-11-01", "") }),
			post(3, plain),
		}, "20000001-3", "Q03", "it started last"},
		{"then the higher FTE", []assignment{post(2, plain), post(3, func(a *assignment) { a.FTE = 1.2 })}, "20000001-3", "Q03", "its FTE is the higher"},
		{"then the lower assignment number, 2 before 10", []assignment{post(10, plain), post(2, plain)}, "20000001-2", "Q03", "its number is the lowest"},
	}
	for _, c := range cases {
		t.Run(c.claim, func(t *testing.T) {
			t.Parallel()
			p, findings := one(t, trust([]esrmodel.Person{human(1)}, c.jobs), person.Moment{Day: today}, policy())
			if p.Primary.Number != c.want || len(p.Posts) == 0 || p.Posts[0].Number != c.want {
				t.Errorf("primary %s, posts %+v", p.Primary.Number, p.Posts)
			}
			if codes(findings) != c.codes || c.codes != "" && !strings.Contains(findings[0].Text, c.why) {
				t.Errorf("findings %+v, want %s for %q", findings, c.codes, c.why)
			}
		})
	}
}

func TestWhatAPostSays(t *testing.T) {
	t.Parallel()
	staff := trust([]esrmodel.Person{human(1)}, []assignment{job(1)})
	staff.Organisations[2].Span.To = date("2026-10-31")
	staff.Organisations = append(staff.Organisations, with(staff.Organisations[2], func(o *esrmodel.Organisation) {
		o.Span, o.Name = span("2026-11-01", ""), "Ward 4 North"
	}))
	p, _ := one(t, staff, person.Moment{Day: today}, policy())
	post := p.Primary
	if post.Title != "Staff Nurse" || post.StaffGroup != "Nursing" || post.JobRole != "Nurse" || post.PositionNumber != "1001" || post.Location != "Elm House" {
		t.Errorf("post %+v", post)
	}
	if post.Organisation != (person.Place{ID: "10", Name: "Ward 4 North"}) {
		t.Errorf("the organisation's name on the day is %+v", post.Organisation)
	}
	if len(post.Path) != 3 || post.Path[2].Name != "Made-up Trust" {
		t.Errorf("path %+v", post.Path)
	}
}

func TestOrganisationsThatStandAboveThemselves(t *testing.T) {
	t.Parallel()
	staff := trust([]esrmodel.Person{human(1)}, []assignment{job(1)})
	staff.Organisations[0].ParentID = "10"
	if p, _ := one(t, staff, person.Moment{Day: today}, policy()); len(p.Primary.Path) != 3 {
		t.Errorf("path %+v", p.Primary.Path)
	}
}

func TestBankOnly(t *testing.T) {
	t.Parallel()
	bank := func(a *assignment) { a.Category = "Bank" }
	second := with(job(1), func(a *assignment) { a.ID, a.Number, a.Primary, a.Category = "a1-2", "20000001-2", false, "Bank" })
	cases := []struct {
		claim string
		jobs  []assignment
		want  bool
	}{
		{"every live post is bank work", []assignment{with(job(1), bank), second}, true},
		{"a substantive post besides is not bank only", []assignment{job(1), second}, false},
		{"substantive to bank only, once the substantive post has ended", []assignment{with(job(1), func(a *assignment) { a.EndDate = date("2026-11-01") }), second}, true},
		{"a gap in the substantive post is no end of it", []assignment{with(job(1), func(a *assignment) { a.Span.To = date("2026-11-01") }), second}, false},
	}
	for _, c := range cases {
		t.Run(c.claim, func(t *testing.T) {
			t.Parallel()
			if p, _ := one(t, trust([]esrmodel.Person{human(1)}, c.jobs), person.Moment{Day: today}, policy()); p.BankOnly != c.want {
				t.Errorf("bank only %v: %+v", p.BankOnly, p.Posts)
			}
		})
	}
	t.Run("categories are the trust's to name", func(t *testing.T) {
		t.Parallel()
		pol := with(policy(), func(p *person.Policy) { p.Categories = map[string]string{"flexible workforce": "bank"} })
		staff := trust([]esrmodel.Person{human(1)}, []assignment{with(job(1), func(a *assignment) { a.Category = "Flexible Workforce" })})
		if p, _ := one(t, staff, person.Moment{Day: today}, pol); !p.BankOnly {
			t.Error("not bank only")
		}
	})
}

func TestManagers(t *testing.T) {
	t.Parallel()
	left := func(s *esrmodel.Staff) { s.Assignments[0].EndDate = date("2026-11-01") }
	cases := []struct {
		claim   string
		job     func(*assignment)
		staff   func(*esrmodel.Staff)
		manager string
		codes   string
	}{
		{"the supervisor, if current", func(*assignment) {}, nil, "900", ""},
		{"else the department manager", func(a *assignment) { a.SupervisorPersonID, a.DeptManagerPersonID = "", "901" }, nil, "901", ""},
		{"a supervisor who left gives way to the department manager, and is told", func(a *assignment) { a.DeptManagerPersonID = "901" }, left, "901", "Q01"},
		{"else nobody, with finding Q01", func(*assignment) {}, left, "", "Q01"},
		{"a supervisor whom nobody knows", func(a *assignment) { a.SupervisorPersonID = "777" }, nil, "", "Q01"},
		{"no supervisor at all", func(a *assignment) { a.SupervisorPersonID = "" }, nil, "", "Q01"},
		{"oneself counts as none", func(a *assignment) { a.SupervisorPersonID = "1" }, nil, "", "Q01"},
		{"a ring of two counts as none", func(*assignment) {}, func(s *esrmodel.Staff) { s.Assignments[0].SupervisorPersonID = "1" }, "", "Q01"},
		{"a ring of three counts as none", func(*assignment) {}, func(s *esrmodel.Staff) { s.Assignments[1].SupervisorPersonID = "1" }, "", "Q01"},
		{"a ring further up is not the person's", func(*assignment) {}, func(s *esrmodel.Staff) { s.Assignments[1].SupervisorPersonID = "900" }, "900", ""},
		{"in a ring the department manager stands in", func(a *assignment) { a.DeptManagerPersonID = "901" },
			func(s *esrmodel.Staff) { s.Assignments[0].SupervisorPersonID = "1" }, "901", "Q01"},
	}
	for _, c := range cases {
		t.Run(c.claim, func(t *testing.T) {
			t.Parallel()
			staff := trust([]esrmodel.Person{human(1)}, []assignment{with(job(1), c.job)})
			if c.staff != nil {
				c.staff(&staff)
			}
			p, findings := one(t, staff, person.Moment{Day: today}, policy())
			if p.Manager != c.manager || codes(findings) != c.codes {
				t.Errorf("manager %q, findings %+v", p.Manager, findings)
			}
		})
	}
	t.Run("is_manager: a current person has them as supervisor", func(t *testing.T) {
		t.Parallel()
		gone := with(job(2), func(a *assignment) { a.SupervisorPersonID, a.EndDate = "1", date("2026-11-01") })
		p, _ := one(t, trust([]esrmodel.Person{human(1), human(2)}, []assignment{job(1), gone}), person.Moment{Day: today}, policy())
		if p.IsManager {
			t.Error("a leaver's supervisor is taken for a manager")
		}
		gone.EndDate = 0
		p, _ = one(t, trust([]esrmodel.Person{human(1), human(2)}, []assignment{job(1), gone}), person.Moment{Day: today}, policy())
		if !p.IsManager {
			t.Error("the supervisor of a current person is no manager")
		}
	})
}

func TestTheRegisterOfPeopleWhoAreNotInESR(t *testing.T) {
	t.Parallel()
	entry := func(from, to string) esrmodel.External {
		return esrmodel.External{Reference: "S1", Surname: "Student", Forename: "Sam", Category: "Student", Sponsor: "20000900", Span: span(from, to)}
	}
	cases := []struct {
		claim string
		entry esrmodel.External
		want  shape
	}{
		{"current between start and end", entry("2026-09-01", "2027-06-30"), shape{standing: person.Current, access: true, leaving: "2027-06-30", by: person.ByRegister}},
		{"starting before", entry("2026-12-01", "2027-06-30"), shape{standing: person.Starting, start: "2026-12-01", leaving: "2027-06-30"}},
		{"left after", entry("2026-01-01", "2026-11-21"), shape{standing: person.Left, leaving: "2026-11-21"}},
		{"an end date is required", entry("2026-09-01", ""), shape{standing: person.Current, access: true, held: true, codes: "Q07"}},
	}
	for _, c := range cases {
		t.Run(c.claim, func(t *testing.T) {
			t.Parallel()
			staff := trust(nil, nil)
			staff.Externals = []esrmodel.External{c.entry}
			people, findings := person.Resolve(staff, person.Moment{Day: today}, policy())
			p := people[len(people)-1]
			if p.ID != "XS1" || p.Key != "XS1" || !p.External || p.Preferred != "Sam" || p.Register != "Student" {
				t.Fatalf("person %+v", p)
			}
			c.want.check(t, p, about(findings, "XS1"))
			if p.Standing != person.Left && p.Manager != "900" {
				t.Errorf("the sponsor stands where the manager does, not %q", p.Manager)
			}
		})
	}
	t.Run("a sponsor who left is told", func(t *testing.T) {
		t.Parallel()
		staff := trust(nil, nil)
		staff.Assignments[0].EndDate = date("2026-11-01")
		staff.Externals = []esrmodel.External{entry("2026-09-01", "2027-06-30")}
		_, findings := person.Resolve(staff, person.Moment{Day: today}, policy())
		if got := about(findings, "XS1"); codes(got) != string(finding.SupervisorMissing) {
			t.Errorf("findings %+v", got)
		}
	})
	t.Run("a reference that stands there twice holds", func(t *testing.T) {
		t.Parallel()
		staff := trust(nil, nil)
		staff.Externals = []esrmodel.External{entry("2026-09-01", "2027-06-30"), entry("2026-09-01", "2027-07-30")}
		people, _ := person.Resolve(staff, person.Moment{Day: today}, policy())
		if p := people[len(people)-1]; !p.IsHeld() || len(people) != 3 {
			t.Errorf("held %q among %d", p.Held, len(people))
		}
	})
}
