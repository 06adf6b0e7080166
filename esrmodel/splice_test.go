package esrmodel_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"esrsync/esrmodel"
)

// version returns a slice of one made-up assignment; the status tells versions apart.
func version(status string, from, to string) esrmodel.Assignment {
	parse := func(s string) esrmodel.Date {
		d, err := esrmodel.ParseDate(s)
		if err != nil {
			panic(err)
		}
		return d
	}
	return esrmodel.Assignment{ID: "7001", PersonID: "101", Status: status, Span: esrmodel.Span{From: parse(from), To: parse(to)}}
}

func TestSplice(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		claim  string
		stored []esrmodel.Assignment
		slice  esrmodel.Assignment
		want   []esrmodel.Assignment
	}{
		{
			claim:  "ruling: a promotion from 1 December, sent on 10 November, does not take away November",
			stored: []esrmodel.Assignment{version("old", "2020-01-01", "")},
			slice:  version("new", "2026-12-01", ""),
			want:   []esrmodel.Assignment{version("old", "2020-01-01", "2026-11-30"), version("new", "2026-12-01", "")},
		},
		{
			claim:  "ruling: the same ID and start replaces the stored slice",
			stored: []esrmodel.Assignment{version("old", "2026-01-01", "2026-06-30"), version("next", "2026-07-01", "")},
			slice:  version("new", "2026-01-01", "2026-03-31"),
			want:   []esrmodel.Assignment{version("new", "2026-01-01", "2026-03-31"), version("next", "2026-07-01", "")},
		},
		{
			claim:  "a slice inside another leaves both its sides",
			stored: []esrmodel.Assignment{version("old", "2026-01-01", "2026-12-31")},
			slice:  version("away", "2026-05-01", "2026-05-31"),
			want: []esrmodel.Assignment{
				version("old", "2026-01-01", "2026-04-30"), version("away", "2026-05-01", "2026-05-31"), version("old", "2026-06-01", "2026-12-31"),
			},
		},
		{
			claim:  "an open slice swallows what lies wholly behind its start",
			stored: []esrmodel.Assignment{version("a", "2026-01-01", "2026-01-31"), version("b", "2026-02-01", "")},
			slice:  version("new", "2026-01-15", ""),
			want:   []esrmodel.Assignment{version("a", "2026-01-01", "2026-01-14"), version("new", "2026-01-15", "")},
		},
		{
			claim: "the first slice stands alone",
			slice: version("new", "2026-01-15", ""),
			want:  []esrmodel.Assignment{version("new", "2026-01-15", "")},
		},
		{
			claim:  "a gap stays a gap",
			stored: []esrmodel.Assignment{version("old", "2026-01-01", "2026-01-31")},
			slice:  version("new", "2026-03-01", ""),
			want:   []esrmodel.Assignment{version("old", "2026-01-01", "2026-01-31"), version("new", "2026-03-01", "")},
		},
	} {
		t.Run(c.claim, func(t *testing.T) {
			t.Parallel()
			before := slices.Clone(c.stored)
			if diff := cmp.Diff(c.want, esrmodel.Splice(c.stored, c.slice)); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(before, c.stored); diff != "" {
				t.Errorf("the stored slices were changed: %s", diff)
			}
		})
	}
}

// statusOn returns which version holds on a day, and how many claim it.
func statusOn(list []esrmodel.Assignment, day esrmodel.Date) (status string, n int) {
	for _, a := range list {
		if a.Span.Covers(day) {
			status, n = a.Status, n+1
		}
	}
	return status, n
}

func TestSpliceNeverLosesADay(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var stored []esrmodel.Assignment
		for i := range rapid.IntRange(1, 6).Draw(t, "slices") {
			slice := esrmodel.Assignment{ID: "7001", Status: string(rune('a' + i)), Span: anySpan().Draw(t, "span")}
			next := esrmodel.Splice(stored, slice)
			for d := range 60 {
				checkDay(t, stored, next, slice, esrmodel.NewDate(2026, time.January, 1+d))
			}
			stored = next
		}
	})
}

// checkDay holds one day against the rule of Splice.
func checkDay(t *rapid.T, before, after []esrmodel.Assignment, slice esrmodel.Assignment, day esrmodel.Date) {
	got, n := statusOn(after, day)
	if n > 1 {
		t.Fatalf("%v is claimed by %d slices", day, n)
	}
	if slice.Span.Covers(day) {
		if got != slice.Status {
			t.Fatalf("%v is %q, not the new slice", day, got)
		}
		return
	}
	for _, old := range before {
		// A slice with the same first day was corrected: its other days are ESR's to say.
		if old.Span.Covers(day) && old.Span.From != slice.Span.From && got != old.Status {
			t.Fatalf("%v was %q and is %q", day, old.Status, got)
		}
	}
}

func TestSpliceLaws(t *testing.T) {
	t.Parallel()
	t.Run("twice is the same as once", rapid.MakeCheck(func(t *rapid.T) {
		var stored []esrmodel.Assignment
		for range rapid.IntRange(0, 4).Draw(t, "slices") {
			stored = esrmodel.Splice(stored, esrmodel.Assignment{ID: "1", Status: "old", Span: anySpan().Draw(t, "old")})
		}
		slice := esrmodel.Assignment{ID: "1", Status: "new", Span: anySpan().Draw(t, "new")}
		once := esrmodel.Splice(stored, slice)
		if diff := cmp.Diff(once, esrmodel.Splice(once, slice)); diff != "" {
			t.Fatal(diff)
		}
	}))
	t.Run("slices are sorted, apart and never empty", rapid.MakeCheck(func(t *rapid.T) {
		var list []esrmodel.Assignment
		for range rapid.IntRange(1, 6).Draw(t, "slices") {
			list = esrmodel.Splice(list, esrmodel.Assignment{ID: "1", Span: anySpan().Draw(t, "span")})
		}
		for i, a := range list {
			if a.Span.IsEmpty() || (i > 0 && list[i-1].Span.End() >= a.Span.From) {
				t.Fatalf("%v", list)
			}
		}
	}))
}
