package feed_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"esrsync/esrmodel"
	"esrsync/esrmodel/feed"
)

// slice returns a version of the first assignment for other days.
func slice(status string, from, to esrmodel.Date) esrmodel.Assignment {
	a := assignment(1)
	a.Status, a.Span = status, esrmodel.Span{From: from, To: to}
	return a
}

// take examines a changes file of the given staff and applies it to the mirror.
func take(t *testing.T, name string, mirror, file esrmodel.Staff) (esrmodel.Staff, feed.Result) {
	t.Helper()
	r := examine(t, name, write(t, name, file), lenient(), feed.Before{Chain: yesterday(), Mirror: mirror})
	if r.Verdict != feed.Accepted {
		t.Fatal(r.Reasons)
	}
	return feed.Apply(mirror, *r.Batch), r
}

func TestDateSlices(t *testing.T) {
	t.Parallel()
	old := slice("Active Assignment", day(time.January, 1), 0)
	t.Run("ruling: a promotion from 1 December, sent on 10 November, does not take away November", func(t *testing.T) {
		t.Parallel()
		mirror := esrmodel.Staff{Assignments: []esrmodel.Assignment{old}}
		got, _ := take(t, changesName, mirror, esrmodel.Staff{Assignments: []esrmodel.Assignment{slice("Acting Up", day(time.December, 1), 0)}})
		want := []esrmodel.Assignment{slice("Active Assignment", day(time.January, 1), day(time.November, 30)), slice("Acting Up", day(time.December, 1), 0)}
		if diff := cmp.Diff(want, got.Assignments); diff != "" {
			t.Error(diff)
		}
	})
	t.Run("the lines of one record may come in any order", func(t *testing.T) {
		t.Parallel()
		first, second := slice("Active Assignment", day(time.January, 1), 0), slice("Acting Up", day(time.June, 1), 0)
		a, _ := take(t, changesName, esrmodel.Staff{}, esrmodel.Staff{Assignments: []esrmodel.Assignment{first, second}})
		b, _ := take(t, changesName, esrmodel.Staff{}, esrmodel.Staff{Assignments: []esrmodel.Assignment{second, first}})
		if diff := cmp.Diff(a, b); diff != "" || len(a.Assignments) != 2 {
			t.Error(diff, a.Assignments)
		}
	})
	t.Run("a full file replaces all slices of each record that it has, and no others", func(t *testing.T) {
		t.Parallel()
		other := assignment(2)
		mirror := esrmodel.Staff{Assignments: []esrmodel.Assignment{old, other}}
		only := slice("Terminated", day(time.March, 1), 0)
		got, r := take(t, fullName, mirror, esrmodel.Staff{People: []esrmodel.Person{person(1)}, Assignments: []esrmodel.Assignment{only}})
		if diff := cmp.Diff([]esrmodel.Assignment{only, other}, got.Assignments); diff != "" {
			t.Error(diff)
		}
		if want := (feed.Change{Changed: 1, Gone: 1}); r.Difference.Assignments != want {
			t.Errorf("difference %+v", r.Difference.Assignments)
		}
	})
}

func TestDeletions(t *testing.T) {
	t.Parallel()
	purge := []esrmodel.Deletion{{Kind: esrmodel.KindPerson, ID: person(2).ID}}
	t.Run("ruling: a delete removes every date slice of that ID, and is noted as a purge", func(t *testing.T) {
		t.Parallel()
		mirror := staff(3)
		twice := person(2)
		twice.Span.From = esrmodel.NewDate(2025, time.May, 1)
		mirror.People = slices.Insert(mirror.People, 2, twice)
		got, r := take(t, changesName, mirror, esrmodel.Staff{Deleted: purge})
		if len(got.People) != 2 || len(got.Assignments) != 3 {
			t.Errorf("%d people and %d assignments stay", len(got.People), len(got.Assignments))
		}
		want := []esrmodel.Deletion{{Kind: esrmodel.KindPerson, ID: person(2).ID, Feed: changesName}}
		if diff := cmp.Diff(want, got.Deleted); diff != "" || r.Difference.People.Purged != 1 {
			t.Error(diff, r.Difference.People)
		}
	})
	t.Run("a record that comes again is no longer purged", func(t *testing.T) {
		t.Parallel()
		gone, _ := take(t, changesName, staff(3), esrmodel.Staff{Deleted: purge})
		back, _ := take(t, changesName, gone, esrmodel.Staff{People: []esrmodel.Person{person(2)}})
		if len(back.Deleted) != 0 || len(back.People) != 3 {
			t.Error(back.Deleted, len(back.People))
		}
	})
	t.Run("a purged assignment says whose it was, also when it is purged again", func(t *testing.T) {
		t.Parallel()
		gone := esrmodel.Staff{Deleted: []esrmodel.Deletion{{Kind: esrmodel.KindAssignment, ID: assignment(2).ID}}}
		mirror := staff(3)
		for range 2 {
			mirror, _ = take(t, changesName, mirror, gone)
			want := []esrmodel.Deletion{{Kind: esrmodel.KindAssignment, ID: assignment(2).ID, PersonID: person(2).ID, Feed: changesName}}
			if diff := cmp.Diff(want, mirror.Deleted); diff != "" {
				t.Fatal(diff)
			}
		}
	})
	t.Run("a deletion takes the lines in front of it, not those behind it", func(t *testing.T) {
		t.Parallel()
		before := changesFile(t, func(w *feed.Writer) { w.Person(person(2)); w.Delete(esrmodel.KindPerson, person(2).ID) })
		after := changesFile(t, func(w *feed.Writer) { w.Delete(esrmodel.KindPerson, person(2).ID); w.Person(person(2)) })
		for want, content := range map[int][]byte{0: before, 1: after} {
			r := examine(t, changesName, content, policy(), feed.Before{Chain: yesterday()})
			if n := len(feed.Apply(staff(3), *r.Batch).People); n != 2+want {
				t.Errorf("%d people, want %d", n, 2+want)
			}
		}
	})
}

func TestLawAbsenceIsNotDeparture(t *testing.T) {
	t.Parallel()
	mirror := staff(3)
	less := staff(2)
	for n := 1; n <= 3; n++ {
		mirror, _ = take(t, fullName, mirror, less)
		if len(mirror.People) != 3 || len(mirror.Assignments) != 3 {
			t.Fatal("somebody was removed for being missing")
		}
		if diff := cmp.Diff([]esrmodel.Absence{{PersonID: person(3).ID, FullFeeds: n}}, mirror.Absent); diff != "" {
			t.Fatal(diff)
		}
	}
	changed, _ := take(t, changesName, mirror, staff(1))
	if len(changed.Absent) != 1 || changed.Absent[0].FullFeeds != 3 {
		t.Error("a changes file counts no absence:", changed.Absent)
	}
	purged, _ := take(t, changesName, mirror, esrmodel.Staff{Deleted: []esrmodel.Deletion{{Kind: esrmodel.KindPerson, ID: person(3).ID}}})
	if len(purged.Absent) != 0 || len(purged.Deleted) != 1 {
		t.Error("who was purged is not absent:", purged.Absent)
	}
	back, _ := take(t, changesName, mirror, staff(3))
	if len(back.Absent) != 0 {
		t.Error("who is seen again is not absent:", back.Absent)
	}
}

func TestBatchLaws(t *testing.T) {
	t.Parallel()
	t.Run("changes twice are the same as once", rapid.MakeCheck(func(rt *rapid.T) {
		mirror, file := anyStaff().Draw(rt, "mirror"), anyStaff().Draw(rt, "file")
		r := examine(t, changesName, write(t, changesName, file), lenient(), feed.Before{Chain: yesterday(), Mirror: mirror})
		once := feed.Apply(mirror, *r.Batch)
		if diff := cmp.Diff(once, feed.Apply(once, *r.Batch)); diff != "" {
			rt.Fatal(diff)
		}
		if d := examine(t, changesName, write(t, changesName, file), lenient(), feed.Before{Chain: yesterday(), Mirror: once}).Difference; d.People.New+d.People.Changed+d.Assignments.New+d.Assignments.Changed > 0 {
			rt.Fatalf("a second time it would still change %+v %+v", d.People, d.Assignments)
		}
	}))
	t.Run("the order of lines does not matter", rapid.MakeCheck(func(rt *rapid.T) {
		file := anyStaff().Draw(rt, "file")
		turned := file
		turned.People, turned.Assignments = slices.Clone(file.People), slices.Clone(file.Assignments)
		slices.Reverse(turned.People)
		slices.Reverse(turned.Assignments)
		a := examine(t, fullName, write(t, fullName, file), lenient(), feed.Before{})
		b := examine(t, fullName, write(t, fullName, turned), lenient(), feed.Before{})
		if diff := cmp.Diff(a.Batch, b.Batch); diff != "" {
			rt.Fatal(diff)
		}
	}))
	t.Run("nobody is removed by a file without deletions", rapid.MakeCheck(func(rt *rapid.T) {
		mirror, file := anyStaff().Draw(rt, "mirror"), anyStaff().Draw(rt, "file")
		name := rapid.SampledFrom([]string{fullName, changesName}).Draw(rt, "name")
		r := examine(t, name, write(t, name, file), lenient(), feed.Before{Chain: yesterday(), Mirror: mirror})
		after := feed.Apply(mirror, *r.Batch)
		for _, p := range mirror.People {
			if !slices.ContainsFunc(after.People, func(q esrmodel.Person) bool { return q.ID == p.ID }) {
				rt.Fatalf("%s is gone", p.ID)
			}
		}
	}))
}
