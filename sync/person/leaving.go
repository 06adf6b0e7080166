package person

import "esrsync/esrmodel"

// The values of [Policy].LeaverDate.
const (
	leaverTermination = "termination"
	leaverEarliest    = "earliest"
)

// employment is what a person's own record says about all their assignments.
type employment struct {
	hired      esrmodel.Date
	terminated esrmodel.Date // actual termination date
	confirmed  esrmodel.Date // the answer to "left or lost?", where the question was asked
}

// leaving returns the assignment's dated end: the date that the policy takes,
// never after the termination date, which ends every assignment; without one,
// the day before an ended status began. i is the slice that counts on the day.
func (r reader) leaving(slices []esrmodel.Assignment, i int, owner employment) leaving {
	found := r.dated(slices, i, owner)
	if found.day == 0 {
		found = r.byStatus(slices)
	}
	if owner.confirmed != 0 && (found.day == 0 || owner.confirmed < found.day) {
		found = leaving{owner.confirmed, ByConfirmation}
	}
	return found
}

// dated returns the end by ESR's dates.
func (r reader) dated(slices []esrmodel.Assignment, i int, owner employment) leaving {
	last := leaving{r.latest(slices, i, func(a *esrmodel.Assignment) esrmodel.Date { return a.LastWorkingDay }), ByLastWorkingDay}
	end := leaving{r.latest(slices, i, func(a *esrmodel.Assignment) esrmodel.Date { return a.EndDate }), ByAssignmentEnd}
	termination := leaving{owner.terminated, ByTermination}
	if owner.terminated < slices[0].Span.From {
		termination.day = 0 // it ended an earlier employment
	}
	switch r.policy.LeaverDate {
	case leaverTermination:
		if ends := slices[len(slices)-1].Span.End() < r.at.Day; !ends {
			last.day = 0 // while the assignment goes on, only the date that the trust chose counts
		}
		return first(termination, end, last)
	case leaverEarliest:
		return earliest(earliest(last, end), termination)
	}
	return earliest(first(last, end), termination)
}

// first returns the first that has a day.
func first(choices ...leaving) leaving {
	for _, c := range choices {
		if c.day != 0 {
			return c
		}
	}
	return leaving{}
}

// earliest returns the earlier day; a where they are the same.
func earliest(a, b leaving) leaving {
	if a.day == 0 || b.day != 0 && b.day < a.day {
		return b
	}
	return a
}

// latest returns a date as the slice that counts has it, else as a later slice
// has it. An ended slice may have lost the dates that ended it, so there the ones
// before are asked too.
func (r reader) latest(slices []esrmodel.Assignment, i int, date func(*esrmodel.Assignment) esrmodel.Date) esrmodel.Date {
	for j := i; j < len(slices); j++ {
		if d := date(&slices[j]); d != 0 {
			return d
		}
	}
	for j := i; j > 0 && r.statuses.effect(slices[j].Status) == EffectEnded; j-- {
		if d := date(&slices[j-1]); d != 0 {
			return d
		}
	}
	return 0
}

// byStatus returns the day before the assignment's last status, an ended one,
// began. Without anything before it there is no telling when that was.
func (r reader) byStatus(slices []esrmodel.Assignment) leaving {
	var end leaving
	for i := len(slices) - 1; i >= 0; i-- {
		switch r.statuses.effect(slices[i].Status) {
		case EffectIgnored:
		case EffectEnded:
			end = leaving{slices[i].Span.From - 1, ByStatus}
		default:
			return end
		}
	}
	return leaving{}
}
