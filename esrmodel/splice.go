package esrmodel

import "sort"

// Sliced is a record type whose slices can be cut: T itself is the noun.
type Sliced[T any] interface {
	Slice
	WithDates(Span) T
}

// WithDates returns the same version of the record for other days.
func (p Person) WithDates(s Span) Person { p.Span = s; return p }

// WithDates returns the same version of the record for other days.
func (a Assignment) WithDates(s Span) Assignment { a.Span = s; return a }

// WithDates returns the same version of the record for other days.
func (p Position) WithDates(s Span) Position { p.Span = s; return p }

// WithDates returns the same version of the record for other days.
func (o Organisation) WithDates(s Span) Organisation { o.Span = s; return o }

// WithDates returns the same version of the record for other days.
func (l Location) WithDates(s Span) Location { l.Span = s; return l }

// Splice puts one new slice among the stored slices of the same record and
// returns all of them, in order of their first day.
//
// A stored slice with the same first day is replaced: ESR corrected it. Any
// other stored slice is cut to the days that the new one does not cover; a slice
// that the new one falls in the middle of becomes two. No day outside the new
// slice is lost: a promotion from 1 December that is sent on 10 November must
// not take November away.
func Splice[T Sliced[T]](stored []T, slice T) []T {
	out := make([]T, 0, len(stored)+2)
	cover := slice.Dates()
	for _, old := range stored {
		if old.Dates().From == cover.From {
			continue
		}
		out = append(out, cut(old, cover)...)
	}
	out = append(out, slice)
	sort.SliceStable(out, func(i, j int) bool { return out[i].Dates().From < out[j].Dates().From })
	return out
}

// cut returns what is left of a slice outside cover: nothing, one piece or two.
func cut[T Sliced[T]](old T, cover Span) []T {
	days := old.Dates()
	if !days.Overlaps(cover) {
		return []T{old}
	}
	var left []T
	if days.From < cover.From {
		left = append(left, old.WithDates(Span{days.From, cover.From - 1}))
	}
	if cover.End() < days.End() {
		left = append(left, old.WithDates(Span{cover.To + 1, days.To}))
	}
	return left
}
