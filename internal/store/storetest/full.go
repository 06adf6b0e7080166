package storetest

import (
	"testing"

	"esrsync/esrmodel"
)

func fullClaims() []claim {
	return []claim{
		{"a full file replaces the slices of the records that it names", fullReplaces},
		{"absence is not departure: a full file leaves what it does not name", fullLeaves},
		{"a full file that states slices out of order, or twice, is stored in order, once", fullOrder},
		{"people whom full files lack are counted, file by file", fullCounts},
		{"a changes file that names a person ends their absence, and counts nobody", fullNamedByChanges},
		{"a person whose only row is at fault is not absent", fullNamedByFault},
		{"a purged person is counted no more", fullPurged},
	}
}

func people(ids ...string) (all []esrmodel.Person) {
	for _, id := range ids {
		all = append(all, esrmodel.Person{ID: id, Span: span(1, 0)})
	}
	return all
}

func fullReplaces(t *testing.T, f Fixture) {
	f.take(t, "one", esrmodel.Batch{Full: true, Organisations: []esrmodel.Organisation{
		{ID: "5", Span: span(1, 9), Name: "Ward"}, {ID: "5", Span: span(10, 0), Name: "Ward 1"},
	}})
	f.take(t, "two", esrmodel.Batch{Full: true, Organisations: []esrmodel.Organisation{{ID: "5", Span: span(12, 0), Name: "Ward 2"}}})
	same(t, "slices", f.staff(t).Organisations, []esrmodel.Organisation{{ID: "5", Span: span(12, 0), Name: "Ward 2"}})
}

func fullLeaves(t *testing.T, f Fixture) {
	f.take(t, "one", esrmodel.Batch{Full: true, People: people("1", "2"), Locations: []esrmodel.Location{{ID: "9"}}})
	f.take(t, "two", esrmodel.Batch{Full: true, People: people("2")})
	s := f.staff(t)
	same(t, "people", s.People, people("1", "2"))
	same(t, "locations", s.Locations, []esrmodel.Location{{ID: "9"}})
}

func fullOrder(t *testing.T, f Fixture) {
	early, late := esrmodel.Person{ID: "1", Span: span(1, 9)}, esrmodel.Person{ID: "1", Span: span(10, 0)}
	f.take(t, "one", esrmodel.Batch{Full: true, People: []esrmodel.Person{late, early, late}})
	same(t, "slices", f.staff(t).People, []esrmodel.Person{early, late})
}

func fullCounts(t *testing.T, f Fixture) {
	f.take(t, "one", esrmodel.Batch{Full: true, People: people("1", "2", "3")})
	f.take(t, "two", esrmodel.Batch{Full: true, People: people("2", "3")})
	f.take(t, "three", esrmodel.Batch{Full: true, People: people("3")})
	same(t, "absent", f.staff(t).Absent, []esrmodel.Absence{{PersonID: "1", FullFeeds: 2}, {PersonID: "2", FullFeeds: 1}})
	f.take(t, "four", esrmodel.Batch{Full: true, People: people("1", "3")})
	same(t, "absent", f.staff(t).Absent, []esrmodel.Absence{{PersonID: "2", FullFeeds: 2}})
}

func fullNamedByChanges(t *testing.T, f Fixture) {
	f.take(t, "one", esrmodel.Batch{Full: true, People: people("1", "2", "3")})
	f.take(t, "two", esrmodel.Batch{Full: true, People: people("3")})
	f.take(t, "three", esrmodel.Batch{People: people("1")})
	same(t, "absent", f.staff(t).Absent, []esrmodel.Absence{{PersonID: "2", FullFeeds: 1}})
}

func fullNamedByFault(t *testing.T, f Fixture) {
	f.take(t, "one", esrmodel.Batch{Full: true, People: people("1", "2")})
	f.take(t, "two", esrmodel.Batch{Full: true, People: people("2"), Faults: []esrmodel.Fault{fault("1", "from", 3)}})
	s := f.staff(t)
	same(t, "number of absent people", len(s.Absent), 0)
	same(t, "people", s.People, people("1", "2"))
}

func fullPurged(t *testing.T, f Fixture) {
	f.take(t, "one", esrmodel.Batch{Full: true, People: people("1", "2")})
	f.take(t, "two", esrmodel.Batch{Full: true, People: people("2")})
	f.take(t, "three", esrmodel.Batch{Deleted: []esrmodel.Deletion{{Kind: esrmodel.KindPerson, ID: "1", Feed: "three"}}})
	f.take(t, "four", esrmodel.Batch{Full: true, People: people("2")})
	same(t, "number of absent people", len(f.staff(t).Absent), 0)
}
