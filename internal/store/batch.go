package store

import (
	"slices"
	"sort"

	"esrsync/esrmodel"
)

// grouped returns the IDs of the records in order, and the slices of each in the
// order in which the file has them.
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
	sort.Strings(ids)
	return ids, byID
}

// stated puts a slice of a full file among those of the same record, in order of
// their first days. A full file says how things are: nothing is cut. A line that
// comes twice stands once.
func stated[T esrmodel.Slice](before []T, slice T) []T {
	from := slice.Dates().From
	at, found := slices.BinarySearchFunc(before, from, func(s T, day esrmodel.Date) int {
		return int(s.Dates().From) - int(day)
	})
	if found {
		before[at] = slice
		return before
	}
	return slices.Insert(before, at, slice)
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
