package person_test

import (
	"fmt"
	"testing"
	"time"

	"esrsync/esrmodel"
	"esrsync/internal/finding"
	"esrsync/sync/person"
)

// The day on which these tests happen, unless they say otherwise.
var today = date("2026-11-22")

func date(s string) esrmodel.Date {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		panic(err)
	}
	return esrmodel.DateOf(t)
}

func span(from, to string) esrmodel.Span {
	s := esrmodel.Span{From: date(from)}
	if to != "" {
		s.To = date(to)
	}
	return s
}

// policy is what the reference configuration asks for.
func policy() person.Policy {
	return person.Policy{LeaverDate: "last_working_day", CreateBefore: 14, AbsentFullFeeds: 3}
}

// human returns a made-up person with record ID 1, 2, … and employee number 2000000n.
func human(n int) esrmodel.Person {
	return esrmodel.Person{
		ID: fmt.Sprint(n), Span: span("2020-01-01", ""), EmployeeNumber: fmt.Sprintf("2000%04d", n),
		FirstName: "Testina", LastName: fmt.Sprintf("Madeup%c", 'a'+rune(n%26)), Title: "Ms", HireDate: date("2020-01-01"),
		NINumber: esrmodel.NINumber(fmt.Sprintf("ZZ%06dA", n)), DateOfBirth: esrmodel.BirthDate(date("1980-02-03")),
	}
}

// job returns an open, active, flagged assignment of the person with record ID n.
func job(n int) esrmodel.Assignment {
	return esrmodel.Assignment{
		ID: fmt.Sprintf("a%d", n), Span: span("2020-01-01", ""), PersonID: fmt.Sprint(n), Number: fmt.Sprintf("2000%04d", n),
		Status: "Active Assignment", Category: "Permanent", EmployeeCategory: "Full Time", Primary: true, FTE: 1,
		OrganisationID: "10", PositionID: "p1", LocationID: "l1", SupervisorPersonID: "900",
	}
}

// with returns a changed copy.
func with[T any](v T, change func(*T)) T {
	change(&v)
	return v
}

// trust returns a mirror with a place to work and a supervisor, 900, whom the
// chief executive, 901, supervises; the latter has none.
func trust(people []esrmodel.Person, jobs []esrmodel.Assignment) esrmodel.Staff {
	head := with(job(900), func(a *esrmodel.Assignment) { a.SupervisorPersonID = "901" })
	chief := with(job(901), func(a *esrmodel.Assignment) { a.SupervisorPersonID = "" })
	return esrmodel.Staff{
		People:      append([]esrmodel.Person{human(900), human(901)}, people...),
		Assignments: append([]esrmodel.Assignment{head, chief}, jobs...),
		Positions: []esrmodel.Position{{ID: "p1", Span: span("2000-01-01", ""), Number: "1001", Name: "277|Staff Nurse|Ward 4",
			StaffGroup: "Nursing", JobRole: "Nurse", HiringStatus: "Active"}},
		Organisations: []esrmodel.Organisation{
			{ID: "1", Span: span("2000-01-01", ""), Name: "Made-up Trust"},
			{ID: "5", Span: span("2000-01-01", ""), Name: "Community", ParentID: "1"},
			{ID: "10", Span: span("2000-01-01", ""), Name: "Ward 4", ParentID: "5"},
		},
		Locations: []esrmodel.Location{{ID: "l1", Span: span("2000-01-01", ""), Name: "Elm House"}},
	}
}

// one resolves the person with record ID 1 and returns them with the findings
// about them.
func one(t *testing.T, staff esrmodel.Staff, at person.Moment, p person.Policy) (person.Person, []finding.Finding) {
	t.Helper()
	people, findings := person.Resolve(staff, at, p)
	for _, found := range people {
		if found.ID == "1" {
			return found, about(findings, "20000001")
		}
	}
	t.Fatal("person 1 is not among those resolved")
	return person.Person{}, nil
}

func about(all []finding.Finding, key string) []finding.Finding {
	var out []finding.Finding
	for _, f := range all {
		if f.Subject.Key == key {
			out = append(out, f)
		}
	}
	return out
}

func codes(fs []finding.Finding) string {
	var out []byte
	for i, f := range fs {
		if i > 0 {
			out = append(out, ' ')
		}
		out = append(out, f.Code...)
	}
	return string(out)
}

// crowdOf returns n people of a trust of a plausible shape.
func crowdOf(n int) esrmodel.Staff {
	staff := trust(nil, nil)
	for i := range n {
		p := human(1000 + i)
		p.ID = fmt.Sprintf("95%08d", 1000+i)
		a := job(1000 + i)
		a.ID, a.PersonID = "a"+p.ID, p.ID
		a.SupervisorPersonID = fmt.Sprintf("95%08d", 1000+i/10)
		if i%50 == 0 {
			a.EndDate = today.AddDays(i%7 - 3)
		}
		staff.People = append(staff.People, p)
		staff.Assignments = append(staff.Assignments, a)
	}
	return staff
}
