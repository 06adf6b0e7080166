package feed

import (
	"cmp"
	"slices"
	"strings"

	"esrsync/esrmodel"
)

// sliceFrom is the number of people from which on an organisation's shrinkage
// is looked at: in a smaller one, two people who go are a fifth of it.
const sliceFrom = 25

// Difference is what a file would change in the mirror. It is told whether or
// not the file is accepted.
type Difference struct {
	People        Change `json:"people"`
	Assignments   Change `json:"assignments"`
	Positions     Change `json:"positions"`
	Organisations Change `json:"organisations"`
	Locations     Change `json:"locations"`

	// Current is how many people have an assignment today, by the mirror. GonePeople
	// are those of them for whom a full file has no row or no assignment at all,
	// sorted by person ID. Somebody whose end the file does have is not gone but has left.
	Current    int      `json:"current"`
	GonePeople []string `json:"gone_people,omitempty"`
	InFile     int      `json:"in_file"` // people in the file

	// Shrinking are the organisations that lose people, sorted by ID.
	Shrinking []Shrink `json:"shrinking,omitempty"`
}

// Change counts the records of one kind.
type Change struct {
	New     int `json:"new"`
	Changed int `json:"changed"`
	Same    int `json:"same"`   // in the file, and as the mirror has them
	Purged  int `json:"purged"` // deleted by a code that ends in D
	Gone    int `json:"gone"`   // in the mirror, and not in a full file
}

// Shrink is one organisation that a full file would make smaller.
type Shrink struct {
	OrganisationID string   `json:"organisation_id"`
	Name           string   `json:"name,omitempty"`
	Current        int      `json:"current"` // people today, by the mirror
	Gone           []string `json:"gone"`    // person IDs, sorted
	Held           bool     `json:"held"`    // above the limit: its leavers are to be held
}

// HeldOrganisations returns the IDs of the organisations whose leavers are to be held, sorted.
func (d Difference) HeldOrganisations() []string {
	var ids []string
	for _, s := range d.Shrinking {
		if s.Held {
			ids = append(ids, s.OrganisationID)
		}
	}
	return ids
}

// compare returns what the batch would change in the mirror.
func compare(mirror esrmodel.Staff, b Batch, pol Policy) Difference {
	d := Difference{
		People:        compareKind(mirror.People, b.People, b),
		Assignments:   compareKind(mirror.Assignments, b.Assignments, b),
		Positions:     compareKind(mirror.Positions, b.Positions, b),
		Organisations: compareKind(mirror.Organisations, b.Organisations, b),
		Locations:     compareKind(mirror.Locations, b.Locations, b),
		InFile:        len(b.present()),
	}
	day := esrmodel.DateOf(pol.Now)
	places := workplaces(mirror, day)
	d.Current = len(places)
	if !b.Full {
		return d
	}
	d.GonePeople = missing(places, b)
	d.Shrinking = shrinking(places, d.GonePeople, pol.MaxShrinkPercentPerOrganisation)
	names := organisationNames(mirror.Organisations, day)
	for i := range d.Shrinking {
		d.Shrinking[i].Name = names[d.Shrinking[i].OrganisationID]
	}
	return d
}

func compareKind[T Noun[T]](stored, fresh []T, b Batch) (c Change) {
	var kind T
	purged := b.purged(kind.Kind())
	walk(stored, fresh, func(id string, old, now []T) {
		_, gone := slices.BinarySearch(purged, id)
		switch {
		case len(now) == 0 && gone:
			c.Purged++
		case len(now) == 0 && b.Full:
			c.Gone++
		case len(now) == 0:
		case len(old) == 0:
			c.New++
		case same(b.Full, gone, old, now):
			c.Same++
		default:
			c.Changed++
		}
	})
	return c
}

// same reports whether the fresh slices leave a record as it is stored.
func same[T Noun[T]](full, purged bool, stored, fresh []T) bool {
	if full && slices.Equal(stored, fresh) {
		return true
	}
	return slices.Equal(stored, Merge(full, purged, stored, fresh))
}

// workplaces returns each person who has an assignment on the day, by the
// mirror, and the organisation of the primary one among these.
func workplaces(mirror esrmodel.Staff, day esrmodel.Date) map[string]string {
	ended := terminated(mirror.People, day)
	places := map[string]string{}
	flagged := map[string]bool{}
	for _, a := range mirror.Assignments {
		if !live(a, day) || ended[a.PersonID] || flagged[a.PersonID] {
			continue
		}
		if _, known := places[a.PersonID]; !known || a.Primary {
			places[a.PersonID] = a.OrganisationID
			flagged[a.PersonID] = a.Primary
		}
	}
	return places
}

// live reports whether an assignment holds on the day, as far as dates and
// ESR's own status say; the trust's status words are no business of the gate.
func live(a esrmodel.Assignment, day esrmodel.Date) bool {
	over := (!a.EndDate.IsZero() && a.EndDate < day) || (!a.LastWorkingDay.IsZero() && a.LastWorkingDay < day)
	return a.Span.Covers(day) && !over && !isTerminated(a.SystemStatus) && !isTerminated(a.Status)
}

// isTerminated reports whether a status is TERM_ASSIGN, or a trust's Terminated.
func isTerminated(status string) bool {
	return len(status) >= 4 && strings.EqualFold(status[:4], "term")
}

// terminated returns the people whose employment ended before the day.
func terminated(people []esrmodel.Person, day esrmodel.Date) map[string]bool {
	over := map[string]bool{}
	for _, p := range people {
		if p.Span.Covers(day) && !p.TerminationDate.IsZero() && p.TerminationDate < day {
			over[p.ID] = true
		}
	}
	return over
}

// missing returns the people of the mirror for whom the file has no row or no assignment.
func missing(places map[string]string, b Batch) []string {
	here, assigned := b.present(), map[string]bool{}
	for _, a := range b.Assignments {
		assigned[a.PersonID] = true
	}
	for _, f := range b.Faults {
		if f.Kind == esrmodel.KindAssignment {
			assigned[f.PersonID] = true
		}
	}
	var gone []string
	for id := range places {
		if !here[id] || !assigned[id] {
			gone = append(gone, id)
		}
	}
	slices.Sort(gone)
	return gone
}

// shrinking groups the missing people by organisation and marks those above the limit.
func shrinking(places map[string]string, gone []string, limit float64) []Shrink {
	size, lost := map[string]int{}, map[string][]string{}
	for _, organisation := range places {
		size[organisation]++
	}
	for _, id := range gone {
		lost[places[id]] = append(lost[places[id]], id)
	}
	var out []Shrink
	for organisation, people := range lost {
		n := size[organisation]
		held := n >= sliceFrom && percent(len(people), n) > limit
		out = append(out, Shrink{OrganisationID: organisation, Current: n, Gone: people, Held: held})
	}
	slices.SortFunc(out, func(a, b Shrink) int { return cmp.Compare(a.OrganisationID, b.OrganisationID) })
	return out
}

func organisationNames(list []esrmodel.Organisation, day esrmodel.Date) map[string]string {
	names := map[string]string{}
	for _, o := range list {
		if _, known := names[o.ID]; !known || o.Span.Covers(day) {
			names[o.ID] = o.Name
		}
	}
	return names
}
