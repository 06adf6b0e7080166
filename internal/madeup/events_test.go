package madeup_test

import (
	"testing"

	"esrsync/internal/madeup"
	"esrsync/sync/person"
)

// peopleOn resolves everybody on the day of a night's file, by employee number
// and by person ID.
func peopleOn(t *testing.T, trust *madeup.Trust, night int) map[string]person.Person {
	t.Helper()
	list, _ := person.Resolve(mirror(t, trust, night), person.Moment{Day: trust.Day(night)}, person.Policy{LeaverDate: "last_working_day", CreateBefore: 14, AbsentFullFeeds: 3})
	out := map[string]person.Person{}
	for _, p := range list {
		out[p.ID] = p
		if p.Key != "" {
			out[p.Key] = p
		}
	}
	return out
}

// TestTheWeekIsReadAsItWasMeant resolves the mirror after the last night and asks
// of each event whether the person stands as the event says.
func TestTheWeekIsReadAsItWasMeant(t *testing.T) {
	t.Parallel()
	trust := madeup.New(madeup.Options{People: 400, Seed: 21})
	today := trust.Day(madeup.Nights)
	before, after := peopleOn(t, trust, 0), peopleOn(t, trust, madeup.Nights)
	left := func(e madeup.Event, p person.Person) bool {
		if e.On < today {
			return p.Standing == person.Left && p.Leaving == e.On
		}
		return p.Standing == person.Current && p.Leaving == e.On
	}
	current := func(_ madeup.Event, p person.Person) bool { return p.Standing == person.Current && !p.IsHeld() }
	held := func(_ madeup.Event, p person.Person) bool { return p.IsHeld() && p.Standing != person.Left }
	says := map[madeup.EventKind]func(madeup.Event, person.Person) bool{
		madeup.OfferAhead: func(e madeup.Event, p person.Person) bool {
			return p.Start == e.On && (p.Standing == person.Starting || e.On <= today)
		},
		madeup.OfferStarted: current, madeup.EmailArrives: func(e madeup.Event, p person.Person) bool {
			return before[e.PersonID].ESREmail == "" && p.ESREmail != ""
		},
		madeup.NoShow: func(_ madeup.Event, p person.Person) bool { return p.Standing == person.Starting && p.NoShow },
		madeup.PromotionAhead: func(e madeup.Event, p person.Person) bool {
			return current(e, p) && p.Primary.Title == before[e.PersonID].Primary.Title
		},
		madeup.Move: func(e madeup.Event, p person.Person) bool {
			return current(e, p) && (p.Primary.Organisation != before[e.PersonID].Primary.Organisation) == (e.On <= today)
		},
		madeup.LeavingLate: left, madeup.Retirement: left,
		madeup.LeavingReversed: func(e madeup.Event, p person.Person) bool { return current(e, p) && p.Leaving == 0 },
		madeup.Dismissal:       func(e madeup.Event, p person.Person) bool { return left(e, p) && p.Dismissed },
		madeup.DeathInService:  func(e madeup.Event, p person.Person) bool { return left(e, p) && p.Died },
		madeup.NameChange: func(e madeup.Event, p person.Person) bool {
			return p.PreviousLast == before[e.PersonID].Last && p.Last != p.PreviousLast
		},
		madeup.SubstantiveToBank: func(e madeup.Event, p person.Person) bool {
			return current(e, p) && p.BankOnly && !before[e.PersonID].BankOnly
		},
		madeup.Return: func(e madeup.Event, p person.Person) bool { return current(e, p) && len(p.Same) == 1 },
		madeup.Rehire: func(e madeup.Event, p person.Person) bool {
			return current(e, p) && before[e.PersonID].Standing == person.Left
		},
		madeup.MaternityStarts: current, madeup.CareerBreakStarts: current,
		madeup.Suspension:    func(e madeup.Event, p person.Person) bool { return current(e, p) && p.Suspended },
		madeup.UnknownStatus: held, madeup.Gap: held, madeup.LostTail: held, madeup.ImpossibleDates: held, madeup.AssignmentDeleted: held,
		madeup.PersonDeleted: func(_ madeup.Event, p person.Person) bool { return p.IsHeld() },
		madeup.HonoraryEnds: func(e madeup.Event, p person.Person) bool {
			return current(e, p) && len(p.Posts) == 1 && len(before[e.PersonID].Posts) == 2
		},
		madeup.MissingFromFull: current,
		madeup.TwoPrimaries: func(_ madeup.Event, p person.Person) bool {
			return len(p.Posts) == 2 && p.Posts[0].Primary && p.Posts[1].Primary
		},
		madeup.PositionEliminated: current,
		madeup.SupervisorLeft:     current, madeup.SupervisorRing: current,
		madeup.SamePersonTwice: func(_ madeup.Event, p person.Person) bool { return len(p.Same) == 1 },
	}
	reversed := personOf(t, trust, madeup.LeavingReversed)
	seen := map[madeup.EventKind]bool{}
	for _, e := range trust.Events() {
		seen[e.Kind] = true
		ask, is := says[e.Kind]
		if e.Kind == madeup.LeavingAhead && e.PersonID != reversed {
			ask, is = left, true
		}
		if is && !ask(e, after[e.PersonID]) {
			t.Errorf("%+v: the person stands as %+v", e, after[e.PersonID])
		}
	}
	for kind := range says {
		if !seen[kind] {
			t.Errorf("no event of the kind %q", kind)
		}
	}
}
