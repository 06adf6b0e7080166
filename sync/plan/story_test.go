package plan_test

import (
	"strings"
	"testing"

	"esrsync/esrmodel"
	"esrsync/sync/person"
	"esrsync/sync/plan"
)

// record is one ESR record of Jo Testcase, with one assignment.
func record(s *esrmodel.Staff, id, number, from, lastDay string) {
	born := esrmodel.BirthDate(date("1960-02-01"))
	s.People = append(s.People, esrmodel.Person{
		ID: id, Span: esrmodel.Span{From: date(from)}, EmployeeNumber: number, LastName: "Testcase", FirstName: "Jo",
		DateOfBirth: born, NINumber: "QQ123456C", HireDate: date(from), SystemPersonType: "EMP",
	})
	s.Assignments = append(s.Assignments, esrmodel.Assignment{
		ID: "A" + id, Span: esrmodel.Span{From: date(from)}, PersonID: id, Type: "E", Number: number + "-1", SystemStatus: "ACTIVE_ASSIGN",
		Status: "Active Assignment", Category: "Permanent", Primary: true, FTE: 1, OrganisationID: "O4", PositionName: "277|Tester|Ward 4",
		LastWorkingDay: date(lastDay),
	})
}

// TestRetireAndReturnFromDayToDay goes through ESR's records, the matching and
// the planning as they are, and applies what is planned each day.
func TestRetireAndReturnFromDayToDay(t *testing.T) {
	t.Parallel()
	staff := esrmodel.Staff{Organisations: []esrmodel.Organisation{{ID: "O4", Name: "Ward 4"}}}
	record(&staff, "1001", "20000001", "2010-01-04", "2026-11-30")
	record(&staff, "1002", "20000002", "2026-12-14", "")
	w := newWorld()
	w.real = true
	w.policy.Attributes = nil
	days := []struct {
		day, claim string
		want       []string
	}{
		{"2026-11-20", "at first the account is made, with the end that is known", []string{"joiner create", "joiner enable", "joiner add_member"}},
		{"2026-11-30", "on the last day nothing happens, and no second account is made for the new record", nil},
		{"2026-12-01", "after it the account is off, and keeps its groups", []string{"leaver disable"}},
		{"2026-12-13", "until the day before the return nothing happens", nil},
		{"2026-12-14", "on the day of the return the same account is on, without an end", []string{"mover set", "joiner enable"}},
		{"2026-12-15", "and that was all", nil},
	}
	for _, d := range days {
		w.at = person.Moment{Day: date(d.day)}
		people, _ := person.Resolve(staff, w.at, person.Policy{LeaverDate: "last_working_day", CreateBefore: 14})
		w.people = nil
		for i := range people {
			w.people = append(w.people, &people[i])
		}
		p := plan.Calculate(w.input())
		got := kinds(p)
		if strings.Join(got, ", ") != strings.Join(d.want, ", ") {
			t.Errorf("%s: %s: the plan is\n%s", d.day, d.claim, strings.Join(lines(p), "\n"))
		}
		w.apply(t, p)
		if again := plan.Calculate(w.input()); len(again.Changes) > 0 {
			t.Errorf("%s: a second run would still make\n%s", d.day, strings.Join(lines(again), "\n"))
		}
	}
	if len(w.accounts) != 1 || w.accounts[0].PersonKey != "20000002" || !w.accounts[0].Enabled() || !w.accounts[0].Expires.IsZero() {
		t.Errorf("in the end there are %d accounts, the first %+v", len(w.accounts), *w.accounts[0])
	}
}
