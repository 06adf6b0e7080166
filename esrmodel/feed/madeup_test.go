package feed_test

import (
	"bytes"
	"fmt"
	"testing"
	"time"

	"esrsync/esrmodel"
	"esrsync/esrmodel/feed"
)

// now is the morning on which the made-up files are examined.
var now = time.Date(2026, time.November, 23, 8, 0, 0, 0, time.UTC)

// day returns a day of 2026.
func day(month time.Month, d int) esrmodel.Date { return esrmodel.NewDate(2026, month, d) }

// policy returns what the made-up trust configured.
func policy() feed.Policy {
	return feed.Policy{
		VPD: "277", Environment: feed.Live, MaxShrinkPercent: 3, MaxShrinkPercentPerOrganisation: 20, Now: now,
		Canaries: []string{"20000001"}, TestCanaries: []string{"29999999"},
	}
}

// header returns the header of the file of a name, made this morning.
func header(name string) feed.Header {
	return feed.Header{
		File: name, Created: now.Add(-40 * time.Minute), VPD: "277",
		Previous: time.Date(2026, time.November, 22, 0, 0, 0, 0, time.UTC), Run: time.Date(2026, time.November, 23, 0, 0, 0, 0, time.UTC),
	}
}

// The names of this morning's files.
const (
	fullName    = "GO_277_GDW_GOF_20261123_00000102.DAT"
	changesName = "GO_277_GDW_GOC_20261123_00000102.DAT"
)

// yesterday returns a chain that this morning's files follow.
func yesterday() feed.Chain {
	return feed.Chain{File: "GO_277_GDW_GOC_20261122_00000101.DAT", Sequence: 101, Run: header("").Previous}
}

// person returns the n-th made-up person, from 1.
func person(n int) esrmodel.Person {
	return esrmodel.Person{
		ID: fmt.Sprint(100000 + n), Span: esrmodel.Span{From: esrmodel.NewDate(2019, time.April, 1)},
		EmployeeNumber: fmt.Sprint(20000000 + n), Title: "Mx", LastName: fmt.Sprintf("Madeup%d", n%997), FirstName: "Zoë",
		DateOfBirth: esrmodel.BirthDate(esrmodel.NewDate(1970, time.May, 1+n%28)), NINumber: esrmodel.NINumber(fmt.Sprintf("QQ%06dA", n)),
		HireDate: esrmodel.NewDate(2019, time.April, 1), SystemPersonType: "EMP", UserPersonType: "Employee",
		Email: fmt.Sprintf("zoe.madeup%d@example.nhs.uk", n), Updated: "20261101 101500",
	}
}

// assignment returns the one assignment of the n-th person; forty people share an organisation.
func assignment(n int) esrmodel.Assignment {
	return esrmodel.Assignment{
		ID: fmt.Sprint(700000 + n), PersonID: fmt.Sprint(100000 + n), Span: esrmodel.Span{From: esrmodel.NewDate(2019, time.April, 1)},
		Type: "E", Number: fmt.Sprintf("%d-1", 20000000+n), SystemStatus: "ACTIVE_ASSIGN", Status: "Active Assignment",
		SupervisorPersonID: "100001", Category: "Permanent", Primary: true, FTE: 1, OrganisationID: fmt.Sprint(500 + n/40),
		PositionID: fmt.Sprint(9000 + n/10), PositionName: "277|Made-up Nurse|Ward", JobName: "Nursing|Made-up", Updated: "20261101 101500",
	}
}

// staff returns the mirror of a trust of so many people.
func staff(people int) esrmodel.Staff {
	var s esrmodel.Staff
	for n := 1; n <= people; n++ {
		s.People = append(s.People, person(n))
		s.Assignments = append(s.Assignments, assignment(n))
	}
	return s
}

// write returns a file of the given staff, absence and pay records between them as ESR sends them.
func write(t testing.TB, name string, s esrmodel.Staff) []byte {
	t.Helper()
	var out bytes.Buffer
	w := feed.NewWriter(&out, header(name), "")
	for _, v := range s.Organisations {
		w.Organisation(v)
	}
	for _, v := range s.Locations {
		w.Location(v)
	}
	for _, v := range s.Positions {
		w.Position(v)
	}
	for _, v := range s.People {
		w.Person(v)
	}
	for _, v := range s.Assignments {
		w.Assignment(v)
	}
	for _, d := range s.Deleted {
		w.Delete(d.Kind, d.ID)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// examine judges a file, which must be readable.
func examine(t testing.TB, name string, content []byte, pol feed.Policy, before feed.Before, overrides ...feed.Override) feed.Result {
	t.Helper()
	r, err := feed.Examine(bytes.NewReader(content), name, pol, before, overrides)
	if err != nil {
		t.Fatal(err)
	}
	return r
}
