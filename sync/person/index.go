package person

import (
	"sort"

	"esrsync/esrmodel"
)

// runs holds records in slices, each record's slices together and in order.
type runs[T esrmodel.Slice] struct {
	rows  []T
	start []int32        // where each record begins; one more entry ends the last
	byID  map[string]int // record ID → its number; nil until needed
}

// newRuns groups rows by record. Rows that are not in order are sorted in a
// copy: the order in which they come must not matter.
func newRuns[T esrmodel.Slice](rows []T) runs[T] {
	before := func(a, b T) bool {
		if a.RecordID() != b.RecordID() {
			return a.RecordID() < b.RecordID()
		}
		return a.Dates().From < b.Dates().From
	}
	for i := 1; i < len(rows); i++ {
		if before(rows[i], rows[i-1]) {
			rows = append([]T(nil), rows...)
			sort.SliceStable(rows, func(i, j int) bool { return before(rows[i], rows[j]) })
			break
		}
	}
	r := runs[T]{rows: rows}
	for i := range rows {
		if i == 0 || rows[i].RecordID() != rows[i-1].RecordID() {
			r.start = append(r.start, int32(i))
		}
	}
	r.start = append(r.start, int32(len(rows)))
	return r
}

// indexed makes records findable by their ID.
func (r runs[T]) indexed() runs[T] {
	r.byID = make(map[string]int, r.len())
	for i := range r.len() {
		r.byID[r.id(i)] = i
	}
	return r
}

func (r runs[T]) len() int         { return len(r.start) - 1 }
func (r runs[T]) id(i int) string  { return r.rows[r.start[i]].RecordID() }
func (r runs[T]) slices(i int) []T { return r.rows[r.start[i]:r.start[i+1]] }
func (r runs[T]) of(id string) []T {
	if i, found := r.byID[id]; found {
		return r.slices(i)
	}
	return nil
}

// on returns the number of the slice that stands for a day: the one that covers
// it, else the last before it, else the first to come; and whether it covers it.
func on[T esrmodel.Slice](slices []T, day esrmodel.Date) (int, bool) {
	best := 0
	for i := range slices {
		days := slices[i].Dates()
		if days.Covers(day) {
			return i, true
		}
		if days.From <= day {
			best = i
		}
	}
	return best, false
}
