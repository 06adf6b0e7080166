package madeup_test

import (
	"slices"
	"testing"

	"esrsync/esrmodel"
	"esrsync/internal/finding"
	"esrsync/internal/madeup"
	"esrsync/sync/person"
)

// peopleOn resolves everybody on the day of a night's file, by employee number
// and by person ID.
func peopleOn(t *testing.T, trust *madeup.Trust, night int) map[string]person.Person {
	t.Helper()
	policy := person.Policy{LeaverDate: "last_working_day", CreateBefore: 14, AbsentFullFeeds: 3}
	list, _ := person.Resolve(mirror(t, trust, night), person.Moment{Day: trust.Day(night)}, policy)
	out := map[string]person.Person{}
	for _, p := range list {
		out[p.ID] = p
		if p.Key != "" {
			out[p.Key] = p
		}
	}
	return out
}

// telling is an event and how its person stands before and after the week.
type telling struct {
	madeup.Event
	before, after person.Person
	today         esrmodel.Date
}

func (e telling) current() bool { return e.after.Standing == person.Current && !e.after.IsHeld() }
func (e telling) held() bool    { return e.after.Standing != person.Left && e.after.IsHeld() }

// leaves reports whether the person leaves on the day: has left, or will.
func (e telling) leaves() bool {
	want := person.Current
	if e.On < e.today {
		want = person.Left
	}
	return e.after.Standing == want && e.after.Leaving == e.On
}

// meanings says of each event how the person stands after the week.
func meanings() map[madeup.EventKind]func(telling) bool {
	return map[madeup.EventKind]func(telling) bool{
		madeup.OfferAhead: func(e telling) bool {
			return e.after.Start == e.On && (e.after.Standing == person.Starting || e.On <= e.today)
		},
		madeup.OfferStarted:    telling.current,
		madeup.EmailArrives:    func(e telling) bool { return e.before.ESREmail == "" && e.after.ESREmail != "" },
		madeup.NoShow:          func(e telling) bool { return e.after.Standing == person.Starting && e.after.NoShow },
		madeup.PromotionAhead:  func(e telling) bool { return e.current() && e.after.Primary.Title == e.before.Primary.Title },
		madeup.LeavingAhead:    telling.leaves,
		madeup.LeavingLate:     telling.leaves,
		madeup.Retirement:      telling.leaves,
		madeup.LeavingReversed: func(e telling) bool { return e.current() && e.after.Leaving == 0 },
		madeup.Dismissal:       func(e telling) bool { return e.leaves() && e.after.Dismissed },
		madeup.DeathInService:  func(e telling) bool { return e.leaves() && e.after.Died },
		madeup.Move: func(e telling) bool {
			moved := e.after.Primary.Organisation != e.before.Primary.Organisation
			return e.current() && moved == (e.On <= e.today)
		},
		madeup.NameChange:        func(e telling) bool { return e.after.PreviousLast == e.before.Last && e.after.Last != e.before.Last },
		madeup.SubstantiveToBank: func(e telling) bool { return e.current() && e.after.BankOnly && !e.before.BankOnly },
		madeup.Return:            func(e telling) bool { return e.current() && len(e.after.Same) == 1 },
		madeup.Rehire:            func(e telling) bool { return e.current() && e.before.Standing == person.Left },
		madeup.MaternityStarts:   telling.current,
		madeup.CareerBreakStarts: telling.current,
		madeup.Suspension:        func(e telling) bool { return e.current() && e.after.Suspended },
		madeup.UnknownStatus:     telling.held,
		madeup.Gap:               telling.held,
		madeup.LostTail:          telling.held,
		madeup.ImpossibleDates:   telling.held,
		madeup.AssignmentDeleted: telling.held,
		madeup.PersonDeleted:     telling.held,
		madeup.HonoraryEnds:      func(e telling) bool { return e.current() && len(e.before.Posts) == 2 && len(e.after.Posts) == 1 },
		madeup.MissingFromFull:   telling.current,
		madeup.TwoPrimaries: func(e telling) bool {
			return len(e.after.Posts) == 2 && e.after.Posts[0].Primary && e.after.Posts[1].Primary
		},
		madeup.PositionEliminated: telling.current,
		madeup.SupervisorLeft:     telling.current,
		madeup.SupervisorRing:     telling.current,
		madeup.SamePersonTwice:    func(e telling) bool { return len(e.after.Same) == 1 },
	}
}

// TestTheWeekIsReadAsItWasMeant resolves the mirror before and after the week and
// asks of each event whether its person stands as the event says.
func TestTheWeekIsReadAsItWasMeant(t *testing.T) {
	t.Parallel()
	trust := madeup.New(madeup.Options{People: 400, Seed: 21})
	before, after := peopleOn(t, trust, 0), peopleOn(t, trust, madeup.Nights)
	reversed := personOf(t, trust, madeup.LeavingReversed)
	seen := map[madeup.EventKind]bool{}
	means := meanings()
	for _, e := range trust.Events() {
		seen[e.Kind] = true
		asks, is := means[e.Kind]
		if !is || e.Kind == madeup.LeavingAhead && e.PersonID == reversed {
			continue // of the register, or taken back later in the week
		}
		if tell := (telling{e, before[e.PersonID], after[e.PersonID], trust.Day(madeup.Nights)}); !asks(tell) {
			t.Errorf("%+v: the person stands as %+v", e, tell.after)
		}
	}
	for kind := range means {
		if !seen[kind] {
			t.Errorf("no event of the kind %q", kind)
		}
	}
}

// TestTheRecordsHaveTheirOddities asks the resolver for what ESR's own records
// have wrong from the first file.
func TestTheRecordsHaveTheirOddities(t *testing.T) {
	t.Parallel()
	trust := small(9)
	_, findings := person.Resolve(mirror(t, trust, 0), person.Moment{Day: trust.Day(0)}, person.Policy{LeaverDate: "last_working_day", CreateBefore: 14})
	told := map[madeup.EventKind]finding.Code{
		madeup.SupervisorLeft: finding.SupervisorMissing, madeup.SupervisorRing: finding.SupervisorMissing,
		madeup.TwoPrimaries: finding.PrimaryUnclear,
	}
	for _, e := range trust.Events() {
		code, is := told[e.Kind]
		if is && !slices.ContainsFunc(findings, func(f finding.Finding) bool { return f.Code == code && f.Subject.Key == e.EmployeeNumber }) {
			t.Errorf("%s: no finding %s of %s", e.Kind, code, e.EmployeeNumber)
		}
	}
	// These two are told once, of the position and of one record of the two.
	for _, code := range []finding.Code{finding.EndedPositionHeld, finding.DuplicatePerson} {
		if !slices.ContainsFunc(findings, func(f finding.Finding) bool { return f.Code == code }) {
			t.Errorf("no finding %s", code)
		}
	}
}
