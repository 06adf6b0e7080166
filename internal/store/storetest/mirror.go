package storetest

import (
	"testing"

	"esrsync/esrmodel"
	"esrsync/internal/state"
)

func mirrorClaims() []claim {
	return []claim{
		{"every field of every record comes back", mirrorEveryField},
		{"slices are sorted by ID and then by first day, byte by byte", mirrorSorted},
		{"a promotion sent ahead takes no day away", mirrorPromotion},
		{"the same ID and start replaces the stored slice", mirrorSameStart},
		{"slices of one record in one changes file are spliced by first day, whatever the order of the lines", mirrorLineOrder},
		{"a deletion removes every slice of the ID and is remembered", mirrorDeleted},
		{"a deletion of a person leaves their assignments", mirrorDeletedPerson},
		{"a purged assignment says whose it was, also when its purge comes again", mirrorDeletedAssignment},
		{"a later slice of a deleted ID takes the deletion back", mirrorUndeleted},
		{"a file that names a record and its purge keeps the record", mirrorBoth},
		{"faults are replaced when their record comes again", mirrorFaults},
		{"faults without an ID go with the next file", mirrorFaultsNowhere},
		{"faults go when their record is purged", mirrorFaultsPurged},
		{"replaying a file changes nothing", mirrorReplay},
		{"a register replaces the one before it", mirrorRegister},
		{"the register that it is already changes nothing, and an older one may come back", mirrorRegisterBack},
		{"values that no text column takes are stored all the same", mirrorStrangeText},
	}
}

// day returns a day of November 2026.
func day(n int) esrmodel.Date { return esrmodel.NewDate(2026, 11, n) }

// span returns the days from one to another of November 2026; 0 is open.
func span(from, to int) esrmodel.Span {
	s := esrmodel.Span{From: day(from)}
	if to != 0 {
		s.To = day(to)
	}
	return s
}

// feed returns an accepted staff file with that name.
func feed(name string, full bool) state.Feed {
	return state.Feed{Name: name, SHA256: "hash of " + name, Source: "staff", Full: full, Judged: noon, Verdict: state.Accepted}
}

// take applies a file that must be taken.
func (f Fixture) take(t *testing.T, name string, b esrmodel.Batch) {
	t.Helper()
	done(t, f.ApplyFeed(t.Context(), feed(name, b.Full), b))
}

func (f Fixture) staff(t *testing.T) esrmodel.Staff {
	t.Helper()
	return got[esrmodel.Staff](t)(f.Staff(t.Context()))
}

func mirrorEveryField(t *testing.T, f Fixture) {
	b := esrmodel.Batch{
		People:        []esrmodel.Person{filled[esrmodel.Person](t)},
		Assignments:   []esrmodel.Assignment{filled[esrmodel.Assignment](t)},
		Positions:     []esrmodel.Position{filled[esrmodel.Position](t)},
		Organisations: []esrmodel.Organisation{filled[esrmodel.Organisation](t)},
		Locations:     []esrmodel.Location{filled[esrmodel.Location](t)},
		Faults:        []esrmodel.Fault{filled[esrmodel.Fault](t)},
		Deleted:       []esrmodel.Deletion{filled[esrmodel.Deletion](t)},
	}
	f.take(t, "one", b)
	register := []esrmodel.External{filled[esrmodel.External](t)}
	done(t, f.SetExternals(t.Context(), state.Feed{Source: "non_esr", SHA256: "x"}, register))
	s := f.staff(t)
	same(t, "people", s.People, b.People)
	same(t, "born", esrmodel.Date(s.People[0].DateOfBirth), esrmodel.Date(b.People[0].DateOfBirth))
	same(t, "assignments", s.Assignments, b.Assignments)
	same(t, "positions", s.Positions, b.Positions)
	same(t, "organisations", s.Organisations, b.Organisations)
	same(t, "locations", s.Locations, b.Locations)
	same(t, "faults", s.Faults, b.Faults)
	same(t, "deletions", s.Deleted, b.Deleted)
	same(t, "externals", s.Externals, register)
}

func mirrorSorted(t *testing.T, f Fixture) {
	for i, id := range []string{"b", "a", "10", "9", "B", "é"} {
		f.take(t, id, esrmodel.Batch{People: []esrmodel.Person{
			{ID: id, Span: span(20, 0)}, {ID: id, Span: span(1+i, 19)},
		}})
	}
	var order []string
	for i, p := range f.staff(t).People {
		if order = append(order, p.ID); i%2 == 1 && p.Span.From != day(20) {
			t.Errorf("slice %d begins on %s, want the 20th", i, p.Span.From)
		}
	}
	same(t, "order", order, []string{"10", "10", "9", "9", "B", "B", "a", "a", "b", "b", "é", "é"})
}

func mirrorPromotion(t *testing.T, f Fixture) {
	nurse := esrmodel.Assignment{ID: "7", PersonID: "1", Span: span(1, 0), JobName: "Nurse"}
	f.take(t, "one", esrmodel.Batch{Full: true, Assignments: []esrmodel.Assignment{nurse}})
	sister := nurse
	sister.Span, sister.JobName = span(25, 0), "Sister"
	f.take(t, "two", esrmodel.Batch{Assignments: []esrmodel.Assignment{sister}})
	nurse.Span = span(1, 24)
	same(t, "slices", f.staff(t).Assignments, []esrmodel.Assignment{nurse, sister})
}

func mirrorSameStart(t *testing.T, f Fixture) {
	f.take(t, "one", esrmodel.Batch{People: []esrmodel.Person{{ID: "1", Span: span(1, 0), LastName: "Testley"}}})
	f.take(t, "two", esrmodel.Batch{People: []esrmodel.Person{{ID: "1", Span: span(1, 0), LastName: "Testerley"}}})
	same(t, "slices", f.staff(t).People, []esrmodel.Person{{ID: "1", Span: span(1, 0), LastName: "Testerley"}})
}

func mirrorLineOrder(t *testing.T, f Fixture) {
	f.take(t, "one", esrmodel.Batch{Positions: []esrmodel.Position{
		{ID: "5", Span: span(15, 0), Name: "third"}, {ID: "5", Span: span(10, 20), Name: "second"}, {ID: "5", Span: span(1, 0), Name: "first"},
	}})
	same(t, "slices", f.staff(t).Positions, []esrmodel.Position{
		{ID: "5", Span: span(1, 9), Name: "first"}, {ID: "5", Span: span(10, 14), Name: "second"}, {ID: "5", Span: span(15, 0), Name: "third"},
	})
}

func mirrorDeleted(t *testing.T, f Fixture) {
	f.take(t, "one", esrmodel.Batch{People: []esrmodel.Person{{ID: "1", Span: span(1, 9)}, {ID: "1", Span: span(10, 0)}, {ID: "2"}}})
	gone := esrmodel.Deletion{Kind: esrmodel.KindPerson, ID: "1", Feed: "two"}
	f.take(t, "two", esrmodel.Batch{Deleted: []esrmodel.Deletion{gone}})
	s := f.staff(t)
	same(t, "people", s.People, []esrmodel.Person{{ID: "2"}})
	same(t, "deletions", s.Deleted, []esrmodel.Deletion{gone})
}

func mirrorDeletedPerson(t *testing.T, f Fixture) {
	work := []esrmodel.Assignment{{ID: "7", PersonID: "1"}}
	f.take(t, "one", esrmodel.Batch{People: []esrmodel.Person{{ID: "1"}}, Assignments: work})
	f.take(t, "two", esrmodel.Batch{Deleted: []esrmodel.Deletion{{Kind: esrmodel.KindPerson, ID: "1", Feed: "two"}}})
	same(t, "assignments", f.staff(t).Assignments, work)
}

func mirrorDeletedAssignment(t *testing.T, f Fixture) {
	f.take(t, "one", esrmodel.Batch{Assignments: []esrmodel.Assignment{{ID: "7", PersonID: "1"}}})
	gone := esrmodel.Deletion{Kind: esrmodel.KindAssignment, ID: "7"}
	for _, name := range []string{"two", "three"} {
		gone.Feed = name
		f.take(t, name, esrmodel.Batch{Deleted: []esrmodel.Deletion{gone}})
		same(t, "deletions", f.staff(t).Deleted, []esrmodel.Deletion{{Kind: esrmodel.KindAssignment, ID: "7", PersonID: "1", Feed: name}})
	}
}

func mirrorUndeleted(t *testing.T, f Fixture) {
	f.take(t, "one", esrmodel.Batch{Deleted: []esrmodel.Deletion{
		{Kind: esrmodel.KindPerson, ID: "1", Feed: "one"}, {Kind: esrmodel.KindPosition, ID: "1", Feed: "one"},
	}})
	f.take(t, "two", esrmodel.Batch{People: []esrmodel.Person{{ID: "1", LastName: "Testley"}}})
	s := f.staff(t)
	same(t, "people", s.People, []esrmodel.Person{{ID: "1", LastName: "Testley"}})
	same(t, "deletions", s.Deleted, []esrmodel.Deletion{{Kind: esrmodel.KindPosition, ID: "1", Feed: "one"}})
}

func mirrorBoth(t *testing.T, f Fixture) {
	f.take(t, "one", esrmodel.Batch{People: []esrmodel.Person{{ID: "1", Span: span(1, 0), LastName: "Old"}}})
	f.take(t, "two", esrmodel.Batch{
		People:  []esrmodel.Person{{ID: "1", Span: span(5, 0), LastName: "New"}},
		Deleted: []esrmodel.Deletion{{Kind: esrmodel.KindPerson, ID: "1", Feed: "two"}},
	})
	s := f.staff(t)
	same(t, "people", s.People, []esrmodel.Person{{ID: "1", Span: span(5, 0), LastName: "New"}})
	same(t, "number of deletions", len(s.Deleted), 0)
}

// fault returns a fault of a person's row.
func fault(id, field string, line int) esrmodel.Fault {
	return esrmodel.Fault{Kind: esrmodel.KindPerson, ID: id, PersonID: id, Field: field, Line: line}
}

func mirrorFaults(t *testing.T, f Fixture) {
	f.take(t, "one", esrmodel.Batch{Faults: []esrmodel.Fault{fault("2", "from", 9), fault("1", "to", 3), fault("1", "from", 2)}})
	same(t, "faults", f.staff(t).Faults, []esrmodel.Fault{fault("1", "from", 2), fault("1", "to", 3), fault("2", "from", 9)})
	f.take(t, "two", esrmodel.Batch{People: []esrmodel.Person{{ID: "1"}}, Faults: []esrmodel.Fault{fault("2", "hire_date", 4)}})
	same(t, "faults", f.staff(t).Faults, []esrmodel.Fault{fault("2", "hire_date", 4)})
}

func mirrorFaultsNowhere(t *testing.T, f Fixture) {
	f.take(t, "one", esrmodel.Batch{Faults: []esrmodel.Fault{fault("", "id", 9), fault("1", "from", 2)}})
	f.take(t, "two", esrmodel.Batch{People: []esrmodel.Person{{ID: "3"}}})
	same(t, "faults", f.staff(t).Faults, []esrmodel.Fault{fault("1", "from", 2)})
}

func mirrorFaultsPurged(t *testing.T, f Fixture) {
	f.take(t, "one", esrmodel.Batch{Faults: []esrmodel.Fault{fault("1", "from", 2)}})
	f.take(t, "two", esrmodel.Batch{Deleted: []esrmodel.Deletion{{Kind: esrmodel.KindPerson, ID: "1"}}})
	same(t, "number of faults", len(f.staff(t).Faults), 0)
}

func mirrorReplay(t *testing.T, f Fixture) {
	first := esrmodel.Batch{Full: true, People: []esrmodel.Person{{ID: "1", LastName: "Old"}, {ID: "2"}}}
	f.take(t, "one", first)
	f.take(t, "two", esrmodel.Batch{Full: true, People: []esrmodel.Person{{ID: "1", LastName: "New"}}})
	before, feeds := f.staff(t), got[[]state.Feed](t)(f.Feeds(t.Context(), 0))
	f.take(t, "one", first)
	f.take(t, "two", esrmodel.Batch{Full: true})
	same(t, "the mirror after a replay", f.staff(t), before)
	same(t, "the feeds after a replay", got[[]state.Feed](t)(f.Feeds(t.Context(), 0)), feeds)
}

func register(hash string) state.Feed {
	return state.Feed{Name: hash + ".csv", SHA256: hash, Source: "non_esr", Judged: noon, Verdict: state.Accepted}
}

func mirrorRegister(t *testing.T, f Fixture) {
	done(t, f.SetExternals(t.Context(), register("one"), []esrmodel.External{{Reference: "S2"}, {Reference: "S1"}}))
	same(t, "the register", f.staff(t).Externals, []esrmodel.External{{Reference: "S1"}, {Reference: "S2"}})
	done(t, f.SetExternals(t.Context(), register("two"), []esrmodel.External{{Reference: "S3", Span: span(1, 30)}}))
	same(t, "the register", f.staff(t).Externals, []esrmodel.External{{Reference: "S3", Span: span(1, 30)}})
}

func mirrorRegisterBack(t *testing.T, f Fixture) {
	old := []esrmodel.External{{Reference: "S1"}}
	done(t, f.SetExternals(t.Context(), register("one"), old))
	done(t, f.SetExternals(t.Context(), register("one"), nil))
	same(t, "the register", f.staff(t).Externals, old)
	done(t, f.SetExternals(t.Context(), register("two"), nil))
	done(t, f.SetExternals(t.Context(), register("one"), old))
	same(t, "the register", f.staff(t).Externals, old)
	same(t, "number of feeds", len(got[[]state.Feed](t)(f.Feeds(t.Context(), 0))), 3)
}

func mirrorStrangeText(t *testing.T, f Fixture) {
	person := esrmodel.Person{ID: "1", LastName: "nul \x00 and half a letter \xc3", FirstName: "~\x1f'\"\\"}
	strange := fault("1", "last_name", 1)
	strange.Found = "a \x00 b \xff"
	f.take(t, "one", esrmodel.Batch{People: []esrmodel.Person{person}, Faults: []esrmodel.Fault{strange}})
	s := f.staff(t)
	same(t, "the person", s.People, []esrmodel.Person{person})
	same(t, "what the fault found", s.Faults[0].Found, "a \uFFFD b \uFFFD")
}
