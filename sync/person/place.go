package person

import "esrsync/esrmodel"

// places are the organisations as they are on the day, with the way up from each.
type places struct {
	runs[esrmodel.Organisation]
	day   esrmodel.Date
	paths [][]Place // by number; nil until asked for
}

func newPlaces(rows []esrmodel.Organisation, day esrmodel.Date) places {
	p := places{runs: newRuns(rows).indexed(), day: day}
	p.paths = make([][]Place, p.len())
	return p
}

// current returns the slice that counts on the day.
func (p places) current(i int) *esrmodel.Organisation {
	slices := p.slices(i)
	n, _ := on(slices, p.day)
	return &slices[n]
}

// path returns an organisation and everything above it. An unknown one is a
// path of one without a name; organisations that stand above themselves end the way.
func (p places) path(id string) []Place {
	i, known := p.byID[id]
	switch {
	case id == "":
		return nil
	case !known:
		return []Place{{ID: id}}
	case p.paths[i] != nil:
		return p.paths[i]
	}
	var path []Place
	met := map[string]bool{}
	for known && !met[id] {
		met[id] = true
		o := p.current(i)
		path = append(path, Place{ID: id, Name: o.Name})
		id = o.ParentID
		i, known = p.byID[id]
	}
	p.paths[p.byID[path[0].ID]] = path
	return path
}

// Places returns every organisation under its name on the day, sorted by ID:
// what [CompileRule] looks names up in. Organisations that ended before the day
// are left out where they share their name with one that did not.
func Places(staff esrmodel.Staff, day esrmodel.Date) []Place {
	p := newPlaces(staff.Organisations, day)
	open := map[string]bool{}
	for i := range p.len() {
		if o := p.current(i); o.Span.Covers(day) {
			open[o.Name] = true
		}
	}
	var out []Place
	for i := range p.len() {
		if o := p.current(i); o.Span.Covers(day) || !open[o.Name] {
			out = append(out, Place{ID: o.ID, Name: o.Name})
		}
	}
	return out
}
