package madeup

import (
	"cmp"
	"io"
	"slices"
	"time"

	"esrsync/esrmodel"
	"esrsync/esrmodel/feed"
)

// FullFile returns the full GO file of a night, 0 to [Nights]: its name, and
// what writes it. On a night after the first it stands in the place of that
// night's changes file.
func (t *Trust) FullFile(night int) (name string, write func(io.Writer) error) {
	name = t.fileName(night, "GOF")
	return name, func(w io.Writer) error {
		// A full file is not made from a run before: its header has zeros.
		return t.write(w, t.header(name, night, time.Time{}), t.fileStaff(night), nil)
	}
}

// ChangesFile returns the changes file of a night, 1 to [Nights]: its name, and
// what writes it. It follows the file of the night before, full or changes.
func (t *Trust) ChangesFile(night int) (name string, write func(io.Writer) error) {
	name = t.fileName(night, "GOC")
	return name, func(w io.Writer) error {
		n := t.nights[night]
		changes := esrmodel.Staff{People: n.people, Assignments: n.assignments, Deleted: n.deleted}
		return t.write(w, t.header(name, night, t.Day(night-1).Time(time.UTC)), changes, n.impossible)
	}
}

func (t *Trust) fileName(night int, class string) string {
	return feed.Name{VPD: t.opts.VPD, Stream: t.opts.Stream, Type: class, Date: t.Day(night), Sequence: t.opts.Sequence + night}.String()
}

// header returns a night's header. Stamps are wall clock, so the zone is no matter.
func (t *Trust) header(name string, night int, previous time.Time) feed.Header {
	run := t.Day(night).Time(time.UTC)
	return feed.Header{File: name, Created: run.Add(t.opts.MadeAt), VPD: t.opts.VPD, Previous: previous, Run: run}
}

// write writes a file, kind by kind, and rows that cannot be behind the assignments.
func (t *Trust) write(w io.Writer, h feed.Header, s esrmodel.Staff, impossible []esrmodel.Assignment) error {
	out := feed.NewWriter(w, h, feed.AllLines)
	for _, v := range s.Locations {
		out.Location(v)
	}
	for _, v := range s.Organisations {
		out.Organisation(v)
	}
	for _, v := range s.Positions {
		out.Position(v)
	}
	for _, v := range s.People {
		out.Person(v)
	}
	for _, v := range s.Assignments {
		out.Assignment(v)
	}
	for _, v := range impossible {
		out.Assignment(v)
	}
	for _, d := range s.Deleted {
		out.Delete(d.Kind, d.ID)
	}
	return out.Close()
}

// Staff returns the mirror of ESR as the files up to a night's give it, each
// taken on its night; what the gate finds wrong with them is not in it.
func (t *Trust) Staff(night int) esrmodel.Staff {
	s := esrmodel.Staff{
		Organisations: slices.Clone(t.estate.organisations), Locations: slices.Clone(t.estate.locations), Positions: slices.Clone(t.estate.positions),
	}
	for i := range t.staff {
		s.People = append(s.People, t.staff[i].person...)
		s.Assignments = append(s.Assignments, t.staff[i].posts...)
	}
	sortSlices(s.People)
	sortSlices(s.Assignments)
	for n := 1; n <= night; n++ {
		s = feed.Apply(s, t.nights[n].batch())
	}
	return s
}

// fileStaff returns what a full file of a night holds.
func (t *Trust) fileStaff(night int) esrmodel.Staff {
	s := t.Staff(night)
	s.Deleted = nil
	if night > 0 {
		s.People = slices.DeleteFunc(s.People, func(p esrmodel.Person) bool { return p.ID == t.lost })
		s.Assignments = slices.DeleteFunc(s.Assignments, func(a esrmodel.Assignment) bool { return a.PersonID == t.lost })
	}
	return s
}

// batch returns a night's changes as the reader would.
func (n night) batch() feed.Batch {
	b := feed.Batch{People: slices.Clone(n.people), Assignments: slices.Clone(n.assignments), Deletions: slices.Clone(n.deleted)}
	sortSlices(b.People)
	sortSlices(b.Assignments)
	return b
}

// sortSlices sorts by record and first day, the order of the mirror.
func sortSlices[T esrmodel.Slice](list []T) {
	slices.SortStableFunc(list, func(a, b T) int {
		return cmp.Or(cmp.Compare(a.RecordID(), b.RecordID()), cmp.Compare(a.Dates().From, b.Dates().From))
	})
}
