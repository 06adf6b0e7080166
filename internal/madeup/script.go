package madeup

import (
	"cmp"
	"slices"

	"esrsync/esrmodel"
)

// occur draws the people for the directory's faults and for the events of the
// week, and writes the week's files.
func (b *builder) occur() {
	b.people = b.newCast()
	b.castRoles()
	for _, happen := range []func(){
		b.oddities, b.lateReturner, b.missingFromFull,
		b.starters, b.promotion, b.move, b.leavers, b.reversal, b.nameChange, b.toBank, b.retireAndReturn, b.rehire,
		b.statuses, b.gaps, b.impossible, b.deletions, b.honoraryEnds, b.emails,
	} {
		happen()
	}
	for n := 1; n <= Nights; n++ {
		b.routine(n)
	}
}

// sortEvents puts the events in order of night and person.
func (b *builder) sortEvents() {
	slices.SortStableFunc(b.events, func(a, b Event) int {
		return cmp.Or(cmp.Compare(a.Night, b.Night), cmp.Compare(a.PersonID, b.PersonID))
	})
}

// end gives a person's assignment and record a date of leaving, in a night's file.
func (b *builder) end(night int, e *employee, last esrmodel.Date, reason string) {
	was := *e
	was.person, was.posts = slices.Clone(e.person), slices.Clone(e.posts)
	was.leave(last, reason)
	was.job().LastWorkingDay = last
	b.sendPerson(night, was.person...)
	b.send(night, *was.job())
	if e.index%2 == 0 {
		b.send(night, terminatedAfter(*was.job()))
	}
}

// leavers go with a date ahead, with a date that has passed, by dismissal and by death.
func (b *builder) leavers() {
	const resigned = "Voluntary Resignation - Better Reward Package"
	for _, l := range []struct {
		night  int
		kind   EventKind
		last   esrmodel.Date
		reason string
	}{
		{1, LeavingAhead, b.day(4), resigned},
		{2, LeavingAhead, b.day(2).AddDays(30), resigned},
		{3, LeavingLate, b.day(3).AddDays(-12), resigned},
		{4, Dismissal, b.day(4), "Dismissal - Conduct"},
		{5, DeathInService, b.day(5).AddDays(-2), "Death in Service"},
	} {
		e := b.someone()
		b.end(l.night, e, l.last, l.reason)
		b.note(l.night, l.kind, e, l.last)
	}
}

// reversal takes a date of leaving back two nights after it came.
func (b *builder) reversal() {
	e := b.someone()
	last := b.day(6)
	b.end(2, e, last, "Voluntary Resignation - Relocation")
	b.note(2, LeavingAhead, e, last)
	b.sendPerson(4, *e.who())
	b.send(4, *e.job())
	b.note(4, LeavingReversed, e, last)
}

// starters have offers: one starts within the week, one later, one never came.
func (b *builder) starters() {
	near := b.newcomer(1, b.day(4))
	begun := near.posts[0].WithDates(esrmodel.Span{From: b.day(4)})
	begun.Status = active
	b.send(4, begun)
	b.note(4, OfferStarted, near, b.day(4))
	b.roles.starter = near.index
	b.newcomer(3, b.day(20))

	missing := b.enlist(b.anySeat(), b.opts.Day.AddDays(-30))
	b.promise(&missing, b.opts.Day.AddDays(-3))
	b.newcomers = append(b.newcomers, missing)
	b.sendPerson(1, missing.person...)
	b.send(1, missing.posts...)
	b.note(1, NoShow, &missing, missing.who().HireDate)
}

// newcomer sends an accepted offer.
func (b *builder) newcomer(night int, start esrmodel.Date) *employee {
	e := b.enlist(b.anySeat(), b.day(night).AddDays(-1))
	b.promise(&e, start)
	b.newcomers = append(b.newcomers, e)
	b.sendPerson(night, e.person...)
	b.send(night, e.posts...)
	b.note(night, OfferAhead, &e, start)
	return &b.newcomers[len(b.newcomers)-1]
}

// promotion is sent three weeks before its day: the days until then must stay.
func (b *builder) promotion() {
	e := b.someone()
	from := b.day(1).AddDays(21)
	a := e.job().WithDates(esrmodel.Span{From: from})
	lead := b.estate.positions[b.estate.units[b.seats[e.seat].unit].lead]
	a.PositionID, a.PositionName, a.JobName = lead.ID, lead.Name, lead.StaffGroup+"|"+lead.JobRole
	b.send(1, a)
	b.note(1, PromotionAhead, e, from)
}

// move takes a person to another organisation from the day of the file.
func (b *builder) move() {
	e := b.someone()
	b.moveOn(2, e, b.day(2))
}

func (b *builder) moveOn(night int, e *employee, from esrmodel.Date) {
	seat := b.anySeat()
	for b.seats[seat].unit == b.seats[e.seat].unit {
		seat = b.anySeat()
	}
	a := e.job().WithDates(esrmodel.Span{From: from})
	b.place(&a, seat)
	b.send(night, a)
	b.note(night, Move, e, from)
}

// nameChange gives somebody another surname from the day of the file.
func (b *builder) nameChange() {
	e := b.someone()
	p := e.who().WithDates(esrmodel.Span{From: b.day(2)})
	p.PreviousLastName, p.LastName = p.LastName, "Newly-"+p.LastName
	b.sendPerson(2, p)
	b.note(2, NameChange, e, b.day(2))
}

// routine is what happens on any night in a trust of that size.
func (b *builder) routine(night int) {
	for i := range 1 + b.opts.People/5000 {
		e := b.someone()
		last := b.day(night).AddDays([]int{-1, 14, 7, 0, 28}[(night+i)%5])
		b.end(night, e, last, "Voluntary Resignation - Work Life Balance")
		b.note(night, leavingKind(last, b.day(night)), e, last)
	}
	for range 1 + b.opts.People/4000 {
		b.moveOn(night, b.someone(), b.day(night).AddDays(b.rand.IntN(15)))
		b.newcomer(night, b.day(night).AddDays(9+b.rand.IntN(30)))
	}
}

func leavingKind(last, day esrmodel.Date) EventKind {
	if last < day {
		return LeavingLate
	}
	return LeavingAhead
}
