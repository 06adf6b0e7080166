package person_test

import (
	"slices"
	"strings"
	"testing"

	"esrsync/esrmodel"
	"esrsync/internal/finding"
	"esrsync/sync/person"
)

func TestAbsenceIsNotDeparture(t *testing.T) {
	t.Parallel()
	cases := []struct {
		claim     string
		feeds     int
		change    func(*esrmodel.Staff)
		confirmed string
		want      shape
	}{
		{"absent from two full feeds: nothing yet", 2, nil, "", shape{standing: person.Current, access: true}},
		{"absent from three full feeds: held, left or lost", 3, nil, "", shape{standing: person.Current, access: true, held: true, codes: "Q08"}},
		{"absent, and confirmed to have left: left by that date", 3, nil, "2026-11-10", shape{standing: person.Left, leaving: "2026-11-10", by: person.ByConfirmation}},
		{"confirmed for a date ahead: current until then", 3, nil, "2026-12-10", shape{standing: person.Current, access: true, leaving: "2026-12-10"}},
		{"a confirmation without a question changes nothing: ESR has the person again", 0, nil, "2026-11-10", shape{standing: person.Current, access: true}},
		{"a leaver who drops out of the feed is a leaver, without a question", 9, func(s *esrmodel.Staff) { s.Assignments[2].EndDate = date("2026-10-01") }, "",
			shape{standing: person.Left, leaving: "2026-10-01"}},
		{"a deleted person is held, and nobody decides for them", 0, func(s *esrmodel.Staff) {
			s.People = s.People[:2]
			s.Deleted = []esrmodel.Deletion{{Kind: esrmodel.KindPerson, ID: "1"}}
		}, "", shape{standing: person.Current, access: true, held: true}},
		{"a deleted person with all assignments is held", 0, func(s *esrmodel.Staff) {
			s.People, s.Assignments = s.People[:2], s.Assignments[:2]
			s.Deleted = []esrmodel.Deletion{{Kind: esrmodel.KindPerson, ID: "1"}}
		}, "", shape{standing: person.Nobody, held: true}},
		{"a deleted person of whom somebody said that they left has left", 0, func(s *esrmodel.Staff) {
			s.People, s.Assignments = s.People[:2], s.Assignments[:2]
			s.Deleted = []esrmodel.Deletion{{Kind: esrmodel.KindPerson, ID: "1"}}
		}, "2026-11-10", shape{standing: person.Left, leaving: "2026-11-10", by: person.ByConfirmation}},
		{"a person whom ESR sent again after the deletion is as they are", 0, func(s *esrmodel.Staff) {
			s.Deleted = []esrmodel.Deletion{{Kind: esrmodel.KindPerson, ID: "1"}}
		}, "", shape{standing: person.Current, access: true}},
		{"a deleted assignment that was the only one holds", 0, func(s *esrmodel.Staff) {
			s.Assignments = s.Assignments[:2]
			s.Deleted = []esrmodel.Deletion{{Kind: esrmodel.KindAssignment, ID: "a1", PersonID: "1"}}
		}, "", shape{standing: person.Nobody, held: true, codes: "Q08"}},
		{"a deleted assignment beside a current one does not hold", 0, func(s *esrmodel.Staff) {
			s.Deleted = []esrmodel.Deletion{{Kind: esrmodel.KindAssignment, ID: "a1-2", PersonID: "1"}}
		}, "", shape{standing: person.Current, access: true}},
		{"a deleted assignment that leaves bank work alone holds: it must not take groups away", 0, func(s *esrmodel.Staff) {
			s.Assignments[2].Category = "Bank"
			s.Deleted = []esrmodel.Deletion{{Kind: esrmodel.KindAssignment, ID: "a1-2", PersonID: "1"}}
		}, "", shape{standing: person.Current, access: true, held: true, codes: "Q08"}},
		{"a deleted organisation holds who works there", 0, func(s *esrmodel.Staff) {
			s.Organisations = s.Organisations[:2]
			s.Deleted = []esrmodel.Deletion{{Kind: esrmodel.KindOrganisation, ID: "10"}}
		}, "", shape{standing: person.Current, access: true, held: true, codes: "Q07"}},
	}
	for _, c := range cases {
		t.Run(c.claim, func(t *testing.T) {
			t.Parallel()
			staff := trust([]esrmodel.Person{human(1)}, []assignment{job(1)})
			if c.feeds > 0 {
				staff.Absent = []esrmodel.Absence{{PersonID: "1", FullFeeds: c.feeds}}
			}
			if c.change != nil {
				c.change(&staff)
			}
			pol := policy()
			if c.confirmed != "" {
				pol.Confirmed = map[string]esrmodel.Date{"1": date(c.confirmed)}
			}
			p, findings := one(t, staff, person.Moment{Day: today}, pol)
			c.want.check(t, p, findings)
		})
	}
}

func TestValuesThatCannotBe(t *testing.T) {
	t.Parallel()
	t.Run("a value that cannot be holds that person, with a finding", func(t *testing.T) {
		t.Parallel()
		staff := trust([]esrmodel.Person{human(1)}, []assignment{job(1)})
		staff.Faults = []esrmodel.Fault{{Kind: esrmodel.KindAssignment, ID: "a1", PersonID: "1", Feed: "GO_277.DAT", Line: 7, Field: "effective end", Found: "20260230", Expected: "a date"}}
		p, findings := one(t, staff, person.Moment{Day: today}, policy())
		shape{standing: person.Current, access: true, held: true, codes: "Q07"}.check(t, p, findings)
		if !strings.Contains(p.Held[0], "line 7") {
			t.Errorf("held for %q", p.Held)
		}
	})
	t.Run("one of whom nothing else could be read is held too", func(t *testing.T) {
		t.Parallel()
		staff := trust(nil, nil)
		staff.Faults = []esrmodel.Fault{{Kind: esrmodel.KindPerson, ID: "1", PersonID: "1", Feed: "GO_277.DAT", Line: 3, Field: "date of birth", Expected: "a date"}}
		if p, _ := one(t, staff, person.Moment{Day: today}, policy()); !p.IsHeld() {
			t.Error("not held")
		}
	})
	t.Run("one in a position is told and holds nobody", func(t *testing.T) {
		t.Parallel()
		staff := trust([]esrmodel.Person{human(1)}, []assignment{job(1)})
		staff.Faults = []esrmodel.Fault{{Kind: esrmodel.KindPosition, ID: "p1", Feed: "GO_277.DAT", Line: 3, Field: "effective end", Found: "x", Expected: "a date"}}
		people, findings := person.Resolve(staff, person.Moment{Day: today}, policy())
		for _, p := range people {
			if p.IsHeld() {
				t.Errorf("%s is held for %q", p.ID, p.Held)
			}
		}
		if got := about(findings, "p1"); codes(got) != "Q07" || got[0].Subject.Kind != finding.OfPosition {
			t.Errorf("findings %+v", findings)
		}
	})
	t.Run("a position elsewhere is finding Q07, and the assignment's organisation counts", func(t *testing.T) {
		t.Parallel()
		staff := trust([]esrmodel.Person{human(1)}, []assignment{job(1)})
		staff.Positions[0].OrganisationID = "5"
		p, findings := one(t, staff, person.Moment{Day: today}, policy())
		shape{standing: person.Current, access: true, codes: "Q07"}.check(t, p, findings)
		if p.Primary.Organisation.Name != "Ward 4" {
			t.Errorf("organisation %q", p.Primary.Organisation.Name)
		}
	})
	t.Run("NI number or date of birth corrected: same person ID, same person, nothing else happens", func(t *testing.T) {
		t.Parallel()
		before := trust([]esrmodel.Person{human(1)}, []assignment{job(1)})
		after := trust([]esrmodel.Person{with(human(1), func(p *esrmodel.Person) { p.NINumber, p.DateOfBirth = "ZZ999999B", 1 })}, []assignment{job(1)})
		p, wasFound := one(t, before, person.Moment{Day: today}, policy())
		q, isFound := one(t, after, person.Moment{Day: today}, policy())
		q.NINumber, q.DateOfBirth = p.NINumber, p.DateOfBirth
		if p.Key != q.Key || p.Why != q.Why || len(q.Held) > 0 || codes(wasFound) != codes(isFound) {
			t.Errorf("before %+v, after %+v", p, q)
		}
	})
	t.Run("Q06: an ended position with a holder, told once for all of them", func(t *testing.T) {
		t.Parallel()
		for _, change := range []func(*esrmodel.Position){
			func(p *esrmodel.Position) { p.HiringStatus = "Eliminated" },
			func(p *esrmodel.Position) { p.Span.To = date("2026-10-31") },
		} {
			staff := trust([]esrmodel.Person{human(1)}, []assignment{job(1)})
			change(&staff.Positions[0])
			_, findings := person.Resolve(staff, person.Moment{Day: today}, policy())
			if got := about(findings, "1001"); codes(got) != "Q06" || !strings.Contains(got[0].Text, "20000001") {
				t.Errorf("findings %+v", findings)
			}
		}
	})
}

func TestTheSameHumanBeing(t *testing.T) {
	t.Parallel()
	twin := func(change func(*esrmodel.Person)) esrmodel.Person {
		return with(human(2), func(p *esrmodel.Person) {
			p.NINumber, p.DateOfBirth, p.LastName = human(1).NINumber, human(1).DateOfBirth, human(1).LastName
			change(p)
		})
	}
	ended := with(job(1), func(a *assignment) { a.EndDate = date("2026-11-10") })
	ahead := with(job(2), func(a *assignment) { a.Span = span("2026-12-01", "") })
	same := func(*esrmodel.Person) {}
	cases := []struct {
		claim     string
		twin      esrmodel.Person
		first     assignment
		second    assignment
		same      bool
		returnsAs string
		codes     string // about the second record
	}{
		{"retire-and-return: a start ahead is where the old record returns", twin(same), ended, ahead, true, "2", ""},
		{"retire-and-return: once it has started, too", twin(same), ended, job(2), true, "2", ""},
		{"a previous surname agrees", twin(func(p *esrmodel.Person) {
			p.LastName, p.PreviousLastName = "Newname", strings.ToUpper(human(1).LastName)
		}), ended, job(2), true, "2", ""},
		{"a NI number with spaces agrees", twin(func(p *esrmodel.Person) { p.NINumber = "zz 00 00 01 a" }), ended, job(2), true, "2", ""},
		{"another surname altogether does not agree", twin(func(p *esrmodel.Person) { p.LastName = "Otherwise" }), ended, job(2), false, "", ""},
		{"another date of birth does not agree", twin(func(p *esrmodel.Person) { p.DateOfBirth++ }), ended, job(2), false, "", ""},
		{"both current is Q05, and nobody returns", twin(same), job(1), job(2), true, "", "Q05"},
		{"a return that ended as well is no return", twin(same), ended, with(job(2), func(a *assignment) { a.Span, a.EndDate = span("2026-11-12", ""), date("2026-11-15") }), true, "", ""},
	}
	for _, c := range cases {
		t.Run(c.claim, func(t *testing.T) {
			t.Parallel()
			staff := trust([]esrmodel.Person{human(1), c.twin}, []assignment{c.first, c.second})
			people, findings := person.Resolve(staff, person.Moment{Day: today}, policy())
			i := slices.IndexFunc(people, func(p person.Person) bool { return p.ID == "1" })
			if got := len(people[i].Same) > 0; got != c.same || people[i].ReturnsAs != c.returnsAs {
				t.Errorf("same %v, returns as %q", people[i].Same, people[i].ReturnsAs)
			}
			if got := codes(about(findings, c.twin.EmployeeNumber)); got != c.codes {
				t.Errorf("findings %q", got)
			}
		})
	}
	t.Run("a NI number that a crowd shares says nothing, and costs nothing", func(t *testing.T) {
		t.Parallel()
		staff := crowdOf(2000)
		for i := range staff.People {
			staff.People[i].NINumber, staff.People[i].DateOfBirth, staff.People[i].LastName = "ZZ000000Z", 1, "Madeup"
		}
		people, _ := person.Resolve(staff, person.Moment{Day: today}, policy())
		for _, p := range people {
			if len(p.Same) > 0 {
				t.Fatalf("%s is taken for %v", p.ID, p.Same)
			}
		}
	})
	t.Run("an employee number on two people holds both: Q05", func(t *testing.T) {
		t.Parallel()
		other := with(human(2), func(p *esrmodel.Person) { p.EmployeeNumber = human(1).EmployeeNumber })
		people, findings := person.Resolve(trust([]esrmodel.Person{human(1), other}, []assignment{job(1), job(2)}), person.Moment{Day: today}, policy())
		if !people[0].IsHeld() || !people[1].IsHeld() || codes(about(findings, "20000001")) != "Q05" {
			t.Errorf("held %q and %q, findings %+v", people[0].Held, people[1].Held, findings)
		}
	})
}
