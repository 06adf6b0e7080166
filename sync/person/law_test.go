package person_test

import (
	"encoding/json"
	"testing"

	"esrsync/esrmodel"
	"esrsync/sync/person"

	"pgregory.net/rapid"
)

// statuses are drawn from; the last one is explained by no table.
var statuses = []string{active, active, "Offer Accepted", "Terminated", "Suspend With Pay", "Assignment Costing Deletion", "Gardening Leave"}

func drawDate(t *rapid.T, name string) esrmodel.Date {
	return today.AddDays(rapid.IntRange(-40, 40).Draw(t, name))
}

func drawPerhaps(t *rapid.T, name string) esrmodel.Date {
	if rapid.Bool().Draw(t, name+" known") {
		return drawDate(t, name)
	}
	return 0
}

// drawStaff draws a small mirror in which much is wrong. With dates false no
// record has a date of leaving and no status ends anything.
func drawStaff(t *rapid.T, dates bool) esrmodel.Staff {
	staff := trust(nil, nil)
	names := statuses
	if !dates {
		names = []string{active, "Offer Accepted", "Suspend With Pay", "Gardening Leave"}
	}
	for n := 1; n <= rapid.IntRange(1, 4).Draw(t, "people"); n++ {
		p := human(n)
		p.NINumber, p.LastName = "ZZ000001A", rapid.SampledFrom([]string{"Madeup", "Example"}).Draw(t, "surname")
		p.EmployeeNumber = rapid.SampledFrom([]string{human(n).EmployeeNumber, "20000001", ""}).Draw(t, "number")
		p.Span.To = drawPerhaps(t, "record end")
		if dates {
			p.TerminationDate = drawPerhaps(t, "termination")
		}
		staff.People = append(staff.People, p)
		for range rapid.IntRange(0, 2).Draw(t, "assignments") {
			staff.Assignments = append(staff.Assignments, drawAssignment(t, n, names, dates, len(staff.Assignments))...)
		}
		if rapid.Bool().Draw(t, "absent") {
			staff.Absent = append(staff.Absent, esrmodel.Absence{PersonID: p.ID, FullFeeds: rapid.IntRange(1, 9).Draw(t, "feeds")})
		}
	}
	if rapid.Bool().Draw(t, "purged") {
		staff.Deleted = append(staff.Deleted, esrmodel.Deletion{Kind: esrmodel.KindAssignment, ID: "gone", PersonID: "1"})
	}
	return staff
}

// drawAssignment draws one or two slices that do not overlap.
func drawAssignment(t *rapid.T, owner int, names []string, dates bool, n int) []assignment {
	a := job(owner)
	a.ID, a.Number = a.ID+"-"+string(rune('a'+n)), a.Number+"-"+string(rune('a'+n))
	a.Primary, a.Status = rapid.Bool().Draw(t, "primary"), rapid.SampledFrom(names).Draw(t, "status")
	a.SupervisorPersonID = rapid.SampledFrom([]string{"", "1", "2", "3", "900"}).Draw(t, "supervisor")
	a.Span.From = drawDate(t, "from").AddDays(-60)
	if dates {
		a.LastWorkingDay, a.EndDate = drawPerhaps(t, "last working day"), drawPerhaps(t, "end")
	}
	if rapid.Bool().Draw(t, "open") {
		return []assignment{a}
	}
	later := a
	a.Span.To = max(a.Span.From, drawDate(t, "to"))
	later.Span.From, later.Status = a.Span.To.AddDays(rapid.IntRange(1, 9).Draw(t, "gap")), rapid.SampledFrom(names).Draw(t, "status")
	if rapid.Bool().Draw(t, "one slice") {
		return []assignment{a}
	}
	return []assignment{a, later}
}

func TestTheOrderOfTheRecordsDoesNotMatter(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		staff := drawStaff(t, true)
		want := resolved(t, staff)
		staff.People = rapid.Permutation(staff.People).Draw(t, "shuffled people")
		staff.Assignments = rapid.Permutation(staff.Assignments).Draw(t, "shuffled assignments")
		staff.Organisations = rapid.Permutation(staff.Organisations).Draw(t, "shuffled organisations")
		if got := resolved(t, staff); got != want {
			t.Fatalf("one order gives\n%s\nanother\n%s", want, got)
		}
	})
}

func resolved(t *rapid.T, staff esrmodel.Staff) string {
	people, findings := person.Resolve(staff, person.Moment{Day: today}, policy())
	for i := 1; i < len(people); i++ {
		if people[i-1].ID >= people[i].ID {
			t.Fatalf("%s stands before %s", people[i-1].ID, people[i].ID)
		}
	}
	out, err := json.Marshal([]any{people, findings})
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

// TestNobodyLeavesWithoutADatedEnd is the first law: no gap, no short feed, no
// absence and no purge makes a leaver.
func TestNobodyLeavesWithoutADatedEnd(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		people, _ := person.Resolve(drawStaff(t, false), person.Moment{Day: today, Closed: rapid.Bool().Draw(t, "closed")}, policy())
		for _, p := range people {
			if p.Standing == person.Left || p.Leaving != 0 {
				t.Fatalf("%s left: %s", p.ID, p.Why)
			}
		}
	})
}

func TestWhoLeftHasADayAndAReason(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		at := person.Moment{Day: today, Closed: rapid.Bool().Draw(t, "closed")}
		people, _ := person.Resolve(drawStaff(t, true), at, policy())
		for _, p := range people {
			switch {
			case p.Standing == person.Left && (p.Leaving == 0 || p.LeavingBy == "" || p.Leaving > today || p.Leaving == today && !at.Closed):
				t.Fatalf("%s left on %s by %q", p.ID, p.Leaving, p.LeavingBy)
			case p.Standing != person.Current && p.Access:
				t.Fatalf("%s is %s and may sign in", p.ID, p.Standing)
			case p.Standing == person.Current && p.Leaving != 0 && p.Leaving < today:
				t.Fatalf("%s is current and left on %s", p.ID, p.Leaving)
			case p.Manager == p.ID:
				t.Fatalf("%s manages themselves", p.ID)
			}
		}
		noRings(t, people)
	})
}

func noRings(t *rapid.T, people []person.Person) {
	manager := map[string]string{}
	for _, p := range people {
		manager[p.ID] = p.Manager
	}
	for start := range manager {
		for id, steps := manager[start], 0; id != ""; id = manager[id] {
			if steps++; steps > len(people) {
				t.Fatalf("managers go in a ring from %s", start)
			}
		}
	}
}
