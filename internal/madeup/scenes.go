package madeup

import "esrsync/esrmodel"

// toBank ends a post; bank work begins on the next day, and the person stays.
func (b *builder) toBank() {
	e := b.someone()
	last := b.day(3).AddDays(-1)
	was := *e.job()
	was.LastWorkingDay, was.EndDate, was.Span.To = last, last, last
	bank := b.assignment(e, 2, e.seat, b.day(3))
	bank.Category, bank.Primary, bank.FTE = bankWork, true, 0
	b.send(3, was, bank)
	b.note(3, SubstantiveToBank, e, last)
}

// retireAndReturn ends a record and begins another of the same human being.
func (b *builder) retireAndReturn() {
	e := b.someone()
	last := b.day(2)
	b.end(1, e, last, "Retirement Age")
	b.note(1, Retirement, e, last)
	again := b.again(e, b.day(5))
	b.newcomers = append(b.newcomers, again)
	b.sendPerson(3, again.person...)
	b.send(3, again.posts...)
	b.note(3, Return, &again, b.day(5))
}

// again makes a new record of the same human being, who starts on a day.
func (b *builder) again(e *employee, from esrmodel.Date) employee {
	n := b.enlist(e.seat, from)
	p, was := n.who(), e.who()
	p.Title, p.LastName, p.FirstName, p.MiddleName, p.PreferredName = was.Title, was.LastName, was.FirstName, was.MiddleName, was.PreferredName
	p.DateOfBirth, p.NINumber, p.SmartcardUUID = was.DateOfBirth, was.NINumber, was.SmartcardUUID
	n.link = noAccount
	n.job().FTE, n.job().EmployeeCategory = 0.6, "Part Time"
	return n
}

// rehire brings somebody who left back under the old record.
func (b *builder) rehire() {
	e := b.leaver()
	p := e.who().WithDates(esrmodel.Span{From: b.day(3)})
	p.SystemPersonType, p.UserPersonType, p.HireDate, p.TerminationDate, p.TerminationReason = "EMP", "Employee.Ex-employee", b.day(3), 0, ""
	b.sendPerson(3, p)
	b.send(3, b.assignment(e, 2, e.seat, b.day(3)))
	b.nights[3].assignments[len(b.nights[3].assignments)-1].Primary = true
	b.note(3, Rehire, e, b.day(3))
}

// statuses change the word for an assignment, from the day of the file.
func (b *builder) statuses() {
	for _, s := range []struct {
		night  int
		kind   EventKind
		status string
	}{
		{2, MaternityStarts, "Maternity & Adoption"},
		{4, CareerBreakStarts, "Career Break"},
		{3, Suspension, "Suspend With Pay"},
		{2, UnknownStatus, "Awaiting Redeployment Pool"},
	} {
		e := b.someone()
		a := e.job().WithDates(esrmodel.Span{From: b.day(s.night)})
		a.Status = s.status
		b.send(s.night, a)
		b.note(s.night, s.kind, e, b.day(s.night))
	}
}

// gaps are days of which an update leaves nothing said: in the middle, and at
// the end. Neither is a date of leaving.
func (b *builder) gaps() {
	e := b.someone()
	before, after := *e.job(), e.job().WithDates(esrmodel.Span{From: b.day(10)})
	before.Span.To = b.day(3).AddDays(-1)
	b.send(3, before, after)
	b.note(3, Gap, e, b.day(3))

	e = b.someone()
	last := *e.job()
	last.Span.To = b.day(4)
	b.send(3, last)
	b.note(3, LostTail, e, b.day(4))
}

// impossible sends a row that no reader can place.
func (b *builder) impossible() {
	e := b.someone()
	a := e.job().WithDates(esrmodel.Span{From: b.day(5), To: b.day(4)})
	a.Updated = b.keyed(5)
	b.nights[5].impossible = append(b.nights[5].impossible, a)
	b.note(5, ImpossibleDates, e, b.day(5))
}

// deletions purge an assignment of one person, and another person whole.
func (b *builder) deletions() {
	e := b.someone()
	b.purge(esrmodel.KindAssignment, e.job().ID)
	b.note(4, AssignmentDeleted, e, b.day(4))

	e = b.someone()
	b.purge(esrmodel.KindAssignment, e.job().ID)
	b.purge(esrmodel.KindPerson, e.id())
	b.note(4, PersonDeleted, e, b.day(4))
}

func (b *builder) purge(kind esrmodel.Kind, id string) {
	b.nights[4].deleted = append(b.nights[4].deleted, esrmodel.Deletion{Kind: kind, ID: id})
}

// honoraryEnds ends a second, honorary assignment; the person's post goes on.
func (b *builder) honoraryEnds() {
	e := b.someone()
	b.second(e, honorary, e.who().HireDate.AddDays(30))
	a := e.posts[len(e.posts)-1]
	a.EndDate, a.Span.To = b.day(2), b.day(2)
	b.send(2, a)
	b.note(2, HonoraryEnds, e, b.day(2))
}

// emails enters an address that ESR lacked.
func (b *builder) emails() {
	e := b.someone()
	now := *e.who()
	e.who().Email = ""
	b.sendPerson(3, now)
	b.note(3, EmailArrives, e, b.day(3))
}

// missingFromFull drops somebody from every later full file, without a date.
func (b *builder) missingFromFull() {
	e := b.someone()
	b.lost = e.id()
	b.note(0, MissingFromFull, e, b.day(1))
}

// oddities are faults of ESR's own records, there from the first file.
func (b *builder) oddities() {
	e := b.someone()
	b.second(e, permanent, e.who().HireDate.AddDays(30))
	e.posts[len(e.posts)-1].Primary = true
	b.note(0, TwoPrimaries, e, e.who().HireDate)

	e = b.someone()
	b.eliminate(e)
	b.note(0, PositionEliminated, e, b.day(0))

	e, left := b.someone(), b.leaver()
	e.job().SupervisorPersonID, e.job().SupervisorNumber = left.id(), left.number()+"-1"
	b.note(0, SupervisorLeft, e, left.who().TerminationDate)

	one, other := b.someone(), b.someone()
	one.job().SupervisorPersonID, one.job().SupervisorNumber = other.id(), other.number()+"-1"
	other.job().SupervisorPersonID, other.job().SupervisorNumber = one.id(), one.number()+"-1"
	b.note(0, SupervisorRing, one, b.day(0))
	b.note(0, SupervisorRing, other, b.day(0))

	one, other = b.someone(), b.someone()
	p, twin := one.who(), other.who()
	twin.LastName, twin.FirstName, twin.DateOfBirth, twin.NINumber = p.LastName, p.FirstName, p.DateOfBirth, p.NINumber
	twin.PreferredName, twin.MiddleName = p.PreferredName, p.MiddleName
	b.note(0, SamePersonTwice, one, b.day(0))
	b.note(0, SamePersonTwice, other, b.day(0))
}

// eliminate puts a person on a position of their own that ESR has ended.
func (b *builder) eliminate(e *employee) {
	u := b.estate.units[b.seats[e.seat].unit]
	n := b.estate.position(b.opts, u.organisation, job{title: "Discontinued Officer", role: "Officer", group: clerical, code: "G2A"})
	p := &b.estate.positions[n]
	p.HiringStatus, p.Span.To = "Eliminated", b.day(0).AddDays(-20)
	e.job().PositionID, e.job().PositionName, e.job().JobName = p.ID, p.Name, p.StaffGroup+"|"+p.JobRole
}

// lateReturner retired and came back before the first night: the account still
// carries the number of the old record.
func (b *builder) lateReturner() {
	old := b.leaver()
	again := b.again(old, b.day(0).AddDays(-2))
	again.link = byName // decided by the old record's number; see the directory's faults
	b.staff = append(b.staff, again)
	b.roles.returned = [2]int{old.index, again.index}
}
