package store

import (
	"cmp"
	"slices"

	"esrsync/esrmodel"
)

// grouped returns the IDs of the records in order, and the slices of each in the
// order of their first days, so that what becomes of them does not depend on the
// order of the lines.
func grouped[T esrmodel.Slice](all []T) ([]string, map[string][]T) {
	byID := make(map[string][]T)
	var ids []string
	for _, slice := range all {
		id := slice.RecordID()
		if _, seen := byID[id]; !seen {
			ids = append(ids, id)
		}
		byID[id] = append(byID[id], slice)
	}
	slices.Sort(ids)
	for _, of := range byID {
		slices.SortStableFunc(of, func(a, b T) int { return cmp.Compare(a.Dates().From, b.Dates().From) })
	}
	return ids, byID
}

// key names a record.
type key struct {
	kind esrmodel.Kind
	id   string
}

// namedRecords returns the records that the batch says anything about: by a
// slice, by a purge, or by a row that could not be used.
func namedRecords(b esrmodel.Batch) map[key]bool {
	named := make(map[key]bool)
	name(named, b.People)
	name(named, b.Assignments)
	name(named, b.Positions)
	name(named, b.Organisations)
	name(named, b.Locations)
	for _, d := range b.Deleted {
		named[key{d.Kind, d.ID}] = true
	}
	for _, f := range b.Faults {
		named[key{f.Kind, f.ID}] = true
	}
	return named
}

func name[T esrmodel.Slice](named map[key]bool, all []T) {
	for _, slice := range all {
		named[key{slice.Kind(), slice.RecordID()}] = true
	}
}
