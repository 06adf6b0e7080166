package feed

import (
	"cmp"
	"slices"

	"esrsync/esrmodel"
)

// Batch is what an accepted file says. Within a kind, slices are sorted by ID
// and then by first day, each such pair once. [Apply] and [Merge] say what it does to the mirror.
type Batch struct {
	File          string // name of the file
	Full          bool   // it holds everybody
	People        []esrmodel.Person
	Assignments   []esrmodel.Assignment
	Positions     []esrmodel.Position
	Organisations []esrmodel.Organisation
	Locations     []esrmodel.Location

	// Deletions are records that ESR purged, sorted by kind and ID. They come
	// before the slices: one that has slices in the same batch was made anew.
	Deletions []esrmodel.Deletion

	// Faults are values that cannot be, sorted by kind, ID and line. Where the days
	// of a row cannot be placed, the batch has no slice of that record at all, so
	// that the mirror keeps what it has.
	Faults []esrmodel.Fault
}

// Noun is a sliced record type whose slices can be compared.
type Noun[T any] interface {
	comparable
	esrmodel.Sliced[T]
}

// Merge returns the slices of one record after a batch, sorted by first day.
//
// A purged record keeps nothing of what was stored. A full file replaces all
// stored slices of each record that it has; a record it lacks stays. From a
// changes file each slice is spliced in ([esrmodel.Splice]).
func Merge[T Noun[T]](full, purged bool, stored, fresh []T) []T {
	if purged {
		stored = nil
	}
	if len(fresh) == 0 {
		return stored
	}
	if full {
		stored = nil
	}
	// In the order of their first days, so that the outcome does not depend on the order of the lines.
	fresh = slices.Clone(fresh)
	slices.SortStableFunc(fresh, func(a, b T) int { return cmp.Compare(a.Dates().From, b.Dates().From) })
	for _, slice := range fresh {
		stored = esrmodel.Splice(stored, slice)
	}
	return stored
}

// Apply returns the mirror after a batch, and changes neither argument. Applying
// the same changes twice is the same as once; of a full file only the count of
// absences differs, which is why a file is taken only once.
//
// A person whom a full file lacks is counted in Absent and otherwise left as they are.
func Apply(s esrmodel.Staff, b Batch) esrmodel.Staff {
	return esrmodel.Staff{
		People:        applyKind(s.People, b.People, b),
		Assignments:   applyKind(s.Assignments, b.Assignments, b),
		Positions:     applyKind(s.Positions, b.Positions, b),
		Organisations: applyKind(s.Organisations, b.Organisations, b),
		Locations:     applyKind(s.Locations, b.Locations, b),
		Externals:     slices.Clone(s.Externals),
		Absent:        Absences(s, b),
		Deleted:       deletions(s, b),
		Faults:        faults(s.Faults, b),
	}
}

// applyKind walks stored and fresh side by side, both sorted by ID.
func applyKind[T Noun[T]](stored, fresh []T, b Batch) []T {
	var out []T
	var kind T
	purged := b.purged(kind.Kind())
	walk(stored, fresh, func(id string, old, fresh []T) {
		_, gone := slices.BinarySearch(purged, id)
		out = append(out, Merge(b.Full, gone, old, fresh)...)
	})
	return out
}

// walk calls visit once for each record of either list, in order of ID, with its slices.
func walk[T Noun[T]](stored, fresh []T, visit func(id string, old, fresh []T)) {
	for len(stored) > 0 || len(fresh) > 0 {
		id := first(stored, fresh)
		old, rest := group(stored, id)
		stored = rest
		now, rest := group(fresh, id)
		fresh = rest
		visit(id, old, now)
	}
}

func first[T Noun[T]](a, b []T) string {
	switch {
	case len(a) == 0:
		return b[0].RecordID()
	case len(b) == 0:
		return a[0].RecordID()
	}
	return min(a[0].RecordID(), b[0].RecordID())
}

// group splits the leading slices of one ID from the rest.
func group[T Noun[T]](list []T, id string) (head, tail []T) {
	n := 0
	for n < len(list) && list[n].RecordID() == id {
		n++
	}
	return list[:n:n], list[n:]
}

// purged returns the IDs of a kind that the batch purges, sorted.
func (b Batch) purged(kind esrmodel.Kind) []string {
	var ids []string
	for _, d := range b.Deletions {
		if d.Kind == kind {
			ids = append(ids, d.ID)
		}
	}
	slices.Sort(ids)
	return ids
}

// record names one record of any kind.
type record struct {
	kind esrmodel.Kind
	id   string
}

// records returns every record of which the batch has a slice.
func (b Batch) records() map[record]bool {
	seen := map[record]bool{}
	note(seen, b.People)
	note(seen, b.Assignments)
	note(seen, b.Positions)
	note(seen, b.Organisations)
	note(seen, b.Locations)
	return seen
}

func note[T Noun[T]](seen map[record]bool, list []T) {
	for _, v := range list {
		seen[record{v.Kind(), v.RecordID()}] = true
	}
}

// Absences returns the people whom full files lack after a batch, sorted by
// person ID: one more for each person of the mirror whom a full file does not
// have, and nothing any more for each whom any file has.
func Absences(s esrmodel.Staff, b Batch) []esrmodel.Absence {
	count := map[string]int{}
	for _, a := range s.Absent {
		count[a.PersonID] = a.FullFeeds
	}
	here := b.present()
	if b.Full {
		walk(s.People, nil, func(id string, _, _ []esrmodel.Person) { count[id]++ })
	}
	for _, d := range b.Deletions {
		if d.Kind == esrmodel.KindPerson {
			here[d.ID] = true // purged: no longer in the mirror, so not absent from it
		}
	}
	var out []esrmodel.Absence
	for id, n := range count {
		if !here[id] {
			out = append(out, esrmodel.Absence{PersonID: id, FullFeeds: n})
		}
	}
	slices.SortFunc(out, func(a, b esrmodel.Absence) int { return cmp.Compare(a.PersonID, b.PersonID) })
	return out
}

// present returns the people whom the file has, also those whose row is faulty.
func (b Batch) present() map[string]bool {
	here := map[string]bool{}
	for _, p := range b.People {
		here[p.ID] = true
	}
	for _, f := range b.Faults {
		if f.Kind == esrmodel.KindPerson {
			here[f.ID] = true
		}
	}
	return here
}

// deletions returns the purged records after a batch; a record that came again is
// no longer purged. The feed does not say whose a purged assignment was: the mirror
// still knows, or knew at an earlier purge.
func deletions(s esrmodel.Staff, b Batch) []esrmodel.Deletion {
	again := b.records()
	latest := map[record]esrmodel.Deletion{}
	for _, d := range s.Deleted {
		latest[record{d.Kind, d.ID}] = d
	}
	for _, d := range b.Deletions {
		if d.PersonID == "" && d.Kind == esrmodel.KindAssignment {
			d.PersonID = cmp.Or(holder(s.Assignments, d.ID), latest[record{d.Kind, d.ID}].PersonID)
		}
		latest[record{d.Kind, d.ID}] = d
	}
	var out []esrmodel.Deletion
	for key, d := range latest {
		if !again[key] {
			out = append(out, d)
		}
	}
	sortDeletions(out)
	return out
}

// holder returns the person of the last slice of an assignment, empty where the mirror lacks it.
func holder(assignments []esrmodel.Assignment, id string) string {
	after, _ := slices.BinarySearchFunc(assignments, id, func(a esrmodel.Assignment, id string) int {
		if a.ID <= id {
			return -1
		}
		return 1
	})
	if after == 0 || assignments[after-1].ID != id {
		return ""
	}
	return assignments[after-1].PersonID
}

func sortDeletions(list []esrmodel.Deletion) {
	slices.SortFunc(list, func(a, b esrmodel.Deletion) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.ID, b.ID))
	})
}

// faults returns the faults after a batch: a record that came again sheds its old ones.
func faults(old []esrmodel.Fault, b Batch) []esrmodel.Fault {
	again := b.records()
	for _, d := range b.Deletions {
		again[record{d.Kind, d.ID}] = true
	}
	for _, f := range b.Faults {
		again[record{f.Kind, f.ID}] = true
	}
	var out []esrmodel.Fault
	for _, f := range old {
		if !again[record{f.Kind, f.ID}] {
			out = append(out, f)
		}
	}
	out = append(out, b.Faults...)
	sortFaults(out)
	return out
}

// sortFaults sorts as [esrmodel.Staff] holds them.
func sortFaults(list []esrmodel.Fault) {
	slices.SortStableFunc(list, func(a, b esrmodel.Fault) int {
		return cmp.Or(cmp.Compare(a.PersonID, b.PersonID), cmp.Compare(a.Line, b.Line))
	})
}
