package plan

import (
	"fmt"
	"slices"

	"esrsync/esrmodel"
	"esrsync/sync/person"
)

// Event is something that will happen to a person's account on a day.
type Event struct {
	Date esrmodel.Date `json:"date"`
	Text string        `json:"text"`
}

// Next returns what would happen to a person next and when, from the dates that
// ESR has now, in order of day. It looks at the person alone: whether the guard
// lets it through, or the person is held or locked out by then, nobody knows yet.
func Next(p person.Person, at person.Moment, policy Policy) []Event {
	if p.IsHeld() {
		return []Event{{Date: at.Day, Text: "Nothing, as long as the record is held: " + p.Held[0] + "."}}
	}
	var out []Event
	ahead := func(day esrmodel.Date, text string) {
		if !day.IsZero() && day >= at.Day {
			out = append(out, Event{Date: day, Text: text})
		}
	}
	if p.Standing == person.Starting && !p.Start.IsZero() {
		ahead(max(at.Day, p.Start.AddDays(-policy.CreateBefore)), "The account is made, disabled, if there is none.")
		ahead(p.Start, "The account is enabled, if a current status covers the day.")
	}
	if !p.Leaving.IsZero() {
		ahead(p.Leaving, "The last day with access ("+p.LeavingBy+").")
		ahead(p.Leaving.AddDays(1), "Access is off: the account is disabled and managed memberships are taken.")
		if policy.DeleteAfter > 0 {
			ahead(p.Leaving.AddDays(policy.DeleteAfter+1),
				fmt.Sprintf("The account may be deleted, with an approval, %d days after it was switched off.", policy.DeleteAfter))
		}
	}
	slices.SortStableFunc(out, func(a, b Event) int { return int(a.Date) - int(b.Date) })
	return out
}
