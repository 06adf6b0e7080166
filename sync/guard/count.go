package guard

import (
	"encoding/json"

	"esrsync/internal/state"
	"esrsync/sync/person"
	"esrsync/sync/plan"
)

// bucket is what one limit counts: a class, a class of one event, or the
// leavers of one organisation.
type bucket struct {
	class plan.Class
	event string // name of the expected event; empty for an ordinary day
	slice string // organisation ID; empty for the whole class
}

// counted are the accounts in a bucket, each once.
type counted struct {
	planned map[string]bool
	applied map[string]bool // within the last 24 hours
	name    string          // the organisation's
}

// count returns how many accounts there are, applied or planned.
func (n *counted) count() int { return len(n.planned) + n.done() }

// done returns how many accounts were changed and are not planned again.
func (n *counted) done() int {
	done := 0
	for s := range n.applied {
		if !n.planned[s] {
			done++
		}
	}
	return done
}

// sortOut finds the event that explains each planned change.
func (j *judge) sortOut() {
	people := j.peopleInPlay()
	j.event = make([]*Expected, len(j.in.Plan.Changes))
	for i := range j.in.Plan.Changes {
		j.event[i] = j.explain(&j.in.Plan.Changes[i], people)
	}
	j.applied(people)
}

// peopleInPlay finds the people of the changes; all others need not be looked at.
func (j *judge) peopleInPlay() map[string]*person.Person {
	if len(j.in.Policy.Expected) == 0 {
		return nil
	}
	wanted := map[string]bool{}
	for i := range j.in.Plan.Changes {
		wanted[j.in.Plan.Changes[i].PersonID] = true
	}
	for i := range j.in.Applied {
		wanted[j.in.Applied[i].PersonID] = true
	}
	out := make(map[string]*person.Person, len(wanted))
	for i := range j.in.People {
		if p := &j.in.People[i]; wanted[p.ID] {
			out[p.ID] = p
		}
	}
	return out
}

// explain returns the first expected event that explains a change: it has a
// limit for the class, the change is felt on one of its days, and the person fits
// its rule. A date that is written ahead is judged by the day on which it is felt.
func (j *judge) explain(c *plan.Change, people map[string]*person.Person) *Expected {
	for i := range j.in.Policy.Expected {
		e := &j.in.Policy.Expected[i]
		p := people[c.PersonID]
		if e.Limits[c.Class].Max > 0 && p != nil && e.From <= c.Effective && c.Effective <= e.To && e.When.FitsAt(p) {
			return e
		}
	}
	return nil
}

// applied counts what was done within the last 24 hours.
func (j *judge) applied(people map[string]*person.Person) {
	for i := range j.in.Applied {
		entry := &j.in.Applied[i]
		if entry.Outcome != "" && entry.Outcome != state.Done {
			continue
		}
		c := changeOf(entry)
		j.put(&c, j.explain(&c, people), true)
	}
}

// changeOf returns what a journal entry says of its change, in as far as limits
// count it. An entry whose change cannot be read counts as of an ordinary day.
func changeOf(e *state.Entry) plan.Change {
	var c plan.Change
	// Safe to ignore: what cannot be read leaves a change without the day on which
	// it is felt, which no event explains, and so it counts against the class.
	_ = json.Unmarshal(e.Change, &c)
	c.Class, c.PersonID, c.SliceID = plan.Class(e.Class), e.PersonID, e.SliceID
	c.Person = e.Person
	if !e.Account.IsZero() {
		c.Account = e.Account
	}
	c.Kind = plan.Kind(e.Kind)
	return c
}

// count counts the planned changes beside the applied ones.
func (j *judge) count() {
	for i := range j.in.Plan.Changes {
		c := &j.in.Plan.Changes[i]
		if !neverHeld(c.Class) {
			j.put(c, j.event[i], false)
		}
	}
}

// put counts a change in its buckets.
func (j *judge) put(c *plan.Change, e *Expected, applied bool) {
	if e != nil {
		j.putIn(bucket{class: c.Class, event: e.Name}, c, applied)
		return
	}
	j.putIn(bucket{class: c.Class}, c, applied)
	if c.Class == plan.Leaver && c.SliceID != "" {
		j.putIn(bucket{class: c.Class, slice: c.SliceID}, c, applied)
	}
}

func (j *judge) putIn(b bucket, c *plan.Change, applied bool) {
	n := j.buckets[b]
	if n == nil {
		n = &counted{planned: map[string]bool{}, applied: map[string]bool{}}
		j.buckets[b] = n
	}
	if b.slice != "" && (n.name == "" || c.Slice != "" && c.Slice < n.name) {
		n.name = c.Slice
	}
	if applied {
		n.applied[subject(c)] = true
	} else {
		n.planned[subject(c)] = true
	}
}

// subject names what a limit counts once: the account; for a joiner the person,
// since the account that was made in the morning is enabled at noon.
func subject(c *plan.Change) string {
	if c.Class == plan.Joiner && c.Person != "" {
		return c.Person
	}
	return c.Subject()
}
