package madeup

import (
	"fmt"
	"strconv"

	"esrsync/esrmodel"
)

// employee is one person record of ESR with its assignments, and what the
// directory will know of the person.
type employee struct {
	index   int                   // counts from 0; IDs and numbers follow from it
	seat    int                   // where in the trust
	person  []esrmodel.Person     // slices, in order; the last one stands
	posts   []esrmodel.Assignment // slices of every assignment, those of one together and in order
	main    int                   // in posts: the slice of the primary assignment that stands
	login   string                // of the account; empty where there never was one
	address string                // on the account, and in ESR for most
	link    evidence
}

// evidence is what says whose an account is.
type evidence int

const (
	byNumber  evidence = iota // the account carries the employee number
	byAddress                 // only the address, which ESR has too
	byName                    // nothing but the name: for a person to decide
	noAccount
)

// The words that ESR uses in the fields that decide most.
const (
	permanent  = "Permanent"
	fixedTerm  = "Fixed Term Temp"
	bankWork   = "Bank"
	honorary   = "Honorary"
	active     = "Active Assignment"
	offered    = "Offer Accepted"
	terminated = "Terminated"
)

func personID(index int) string       { return strconv.Itoa(1000001 + index) }
func employeeNumber(index int) string { return strconv.Itoa(20000001 + index) }

// smartcard returns an UUID of the length that the feed allows.
func smartcard(index int) string { return fmt.Sprintf("9%011d", 55_000_000+index) }

func (e *employee) id() string     { return personID(e.index) }
func (e *employee) number() string { return employeeNumber(e.index) }

// who returns the slice of the person's record that stands.
func (e *employee) who() *esrmodel.Person { return &e.person[len(e.person)-1] }

// job returns the slice of the primary assignment that stands.
func (e *employee) job() *esrmodel.Assignment { return &e.posts[e.main] }

// given returns the name that the person goes by.
func (e *employee) given() string {
	p := e.who()
	for _, name := range []string{p.PreferredName, p.FirstName} {
		if name != "" {
			return name
		}
	}
	return p.LastName
}

// gone reports whether the person has left.
func (e *employee) gone() bool { return e.who().SystemPersonType == "EX_EMP" }

// offer reports whether the person has not started yet.
func (e *employee) offer() bool { return e.job().Status == offered }

// enlist makes the next record, of somebody who begins at a seat on a day. The
// caller keeps it.
func (b *builder) enlist(seat int, from esrmodel.Date) employee {
	index := len(b.staff) + len(b.newcomers)
	name := b.names.draw()
	e := employee{index: index, seat: seat}
	e.person = []esrmodel.Person{{
		ID: personID(index), Span: esrmodel.Span{From: from}, EmployeeNumber: employeeNumber(index),
		Title: name.title, LastName: name.last, FirstName: name.first, MiddleName: name.middle, PreferredName: name.preferred,
		DateOfBirth: esrmodel.BirthDate(from.AddDays(-18*366 - b.rand.IntN(30*365))),
		NINumber:    esrmodel.NINumber(fmt.Sprintf("QQ%06d%c", index%1_000_000, 'A'+rune(b.rand.IntN(4)))),
		NHSUniqueID: fmt.Sprintf("U%09d", 400_000_000+index), HireDate: from,
		SystemPersonType: "EMP", UserPersonType: "Employee", Updated: stamp(from),
	}}
	if chance(b.rand, 70) {
		e.who().SmartcardUUID = smartcard(index)
	}
	e.posts = []esrmodel.Assignment{b.assignment(&e, 1, seat, from)}
	return e
}

// assignment makes the n-th assignment of a person: the holding of a seat.
func (b *builder) assignment(e *employee, n, seat int, from esrmodel.Date) esrmodel.Assignment {
	b.assignments++
	a := esrmodel.Assignment{
		ID: strconv.Itoa(70000000 + b.assignments), PersonID: e.id(), Span: esrmodel.Span{From: from},
		Type: "E", Number: fmt.Sprintf("%s-%d", e.number(), n), SystemStatus: "ACTIVE_ASSIGN", Status: active,
		EmployeeCategory: "Full Time", Category: permanent, Primary: n == 1, FTE: 1, Updated: stamp(from),
	}
	b.place(&a, seat)
	return a
}

// place puts an assignment at a seat: its position, organisation, site and managers.
func (b *builder) place(a *esrmodel.Assignment, seat int) {
	s := b.seats[seat]
	u := b.estate.units[s.unit]
	p := b.estate.positions[s.position]
	a.OrganisationID = b.estate.organisations[u.organisation].ID
	a.LocationID = b.estate.locations[u.location].ID
	a.PositionID, a.PositionName = p.ID, p.Name
	a.JobName = p.StaffGroup + "|" + p.JobRole
	a.IsManager = s.manages
	a.SupervisorPersonID, a.SupervisorNumber, a.DeptManagerPersonID = "", "", ""
	if s.boss >= 0 {
		boss := b.holder[s.boss]
		a.SupervisorPersonID, a.SupervisorNumber = personID(boss), employeeNumber(boss)+"-1"
		a.DeptManagerPersonID = personID(b.holder[b.heads[s.unit]])
	}
	if u.kind.bank && !s.manages {
		a.Category = bankWork
	}
}

// leave ends a person's employment at the end of a day: every assignment gets
// its dates, and the record goes on as that of somebody who was here.
func (e *employee) leave(end esrmodel.Date, reason string) {
	p := e.who()
	p.TerminationDate, p.TerminationReason, p.Span.To = end, reason, end
	after := p.WithDates(esrmodel.Span{From: end.AddDays(1)})
	after.SystemPersonType, after.UserPersonType = "EX_EMP", "Ex-employee"
	e.person = append(e.person, after)
	for i := range e.posts {
		if e.posts[i].Span.To.IsZero() {
			e.posts[i].EndDate, e.posts[i].Span.To = end, end
		}
	}
}

// terminatedAfter returns the slice that ESR adds behind the end of an assignment.
func terminatedAfter(a esrmodel.Assignment) esrmodel.Assignment {
	after := a.WithDates(esrmodel.Span{From: a.Span.To.AddDays(1)})
	after.SystemStatus, after.Status = "TERM_ASSIGN", terminated
	return after
}
