package feed

import (
	"cmp"
	"slices"

	"esrsync/esrmodel"
)

// The share of rows with a value that cannot be, above which the file is
// quarantined. One such row alone never does it: in a small changes file it would
// stop the feed of a whole trust for one slip of the keyboard.
const maxFaultShare = 0.005

// faultLimit returns how many faulty rows a file of so many rows may have.
func faultLimit(rows int) int { return max(1, int(float64(rows)*maxFaultShare)) }

// problem is a value that cannot be.
type problem struct {
	field, found, expected string
}

// faultLog gathers the faults of a file.
type faultLog struct {
	feed   string
	faults []esrmodel.Fault
	rows   map[Check]int // rows with a fault, by the check that counts them
	told   collector
}

// add notes the problems of one row, as a fault each, and counts the row once.
func (l *faultLog) add(check Check, of esrmodel.Fault, problems []problem) {
	if len(problems) == 0 {
		return
	}
	if l.rows == nil {
		l.rows = map[Check]int{}
	}
	l.rows[check]++
	for _, p := range problems {
		f := of
		f.Feed, f.Field, f.Found, f.Expected = l.feed, p.field, p.found, p.expected
		l.faults = append(l.faults, f)
		l.told.add(Reason{Check: check, Line: f.Line, Field: p.field, Found: p.found, Expected: p.expected})
	}
}

// over reports whether the check has more faulty rows than a file of so many rows may have.
func (l *faultLog) over(check Check, rows int) bool { return l.rows[check] > faultLimit(rows) }

// sorted returns the faults by kind, ID, line and field.
func (l *faultLog) sorted() []esrmodel.Fault {
	slices.SortStableFunc(l.faults, func(a, b esrmodel.Fault) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.ID, b.ID), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Field, b.Field))
	})
	return l.faults
}
