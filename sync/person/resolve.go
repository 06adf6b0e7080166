package person

import (
	"sort"
	"strings"

	"esrsync/esrmodel"
	"esrsync/internal/finding"
)

// Resolve returns everybody whom the mirror or the register knows, sorted by ID,
// as they stand at the moment, and what does not fit about them. The same
// records give the same answer, whatever order they came in; it takes time in
// proportion to their number.
//
// A person is Left only by a dated end. Where the records do not tell (a gap, a
// purge, a value that cannot be, an unknown status, absence from full feeds), the
// person keeps the standing that they last had and is held.
func Resolve(staff esrmodel.Staff, at Moment, policy Policy) ([]Person, []finding.Finding) {
	r := newResolver(staff, at, policy)
	for i := range r.out {
		r.person(i)
	}
	r.registered(staff.Externals)
	r.faulted(staff.Faults)
	r.humans()
	r.sharedKeys()
	r.managers()
	r.endedPositions()
	r.conclude()
	finding.Sort(r.findings)
	return r.out, r.findings
}

// resolver holds what one call of [Resolve] works with.
type resolver struct {
	reader
	categories  *categoryTable
	people      runs[esrmodel.Person]
	assignments runs[esrmodel.Assignment]
	places      places
	positions   runs[esrmodel.Position]
	locations   runs[esrmodel.Location]

	index   map[string]int      // person ID → place in out
	manages []bool              // whom a current person has as supervisor
	ended   map[string][]string // ended positions, by ID, and the keys of their holders
	record  []int32             // the record of each person, by number; -1 for none
	first   []int32             // first assignment of each person, by number; -1 for none
	next    []int32             // the assignment of the same person after this one; -1 for none
	absent  map[string]int
	purged  map[string]string  // person ID → what was purged
	deleted map[[2]string]bool // kind and ID of every purged record

	out        []Person
	supervisor []string // as the records have it: a person ID; of a register entry an employee number
	department []string
	posts      []Post     // backs every Person.Posts
	scratch    []holding  // reused from person to person
	chosen     []*holding // likewise
	findings   []finding.Finding
}

func newResolver(staff esrmodel.Staff, at Moment, policy Policy) *resolver {
	r := &resolver{
		reader:      reader{at: at, policy: policy, statuses: newStatusTable(policy.Statuses)},
		categories:  newCategoryTable(policy.Categories),
		people:      newRuns(staff.People),
		assignments: newRuns(staff.Assignments),
		places:      newPlaces(staff.Organisations, at.Day),
		positions:   newRuns(staff.Positions).indexed(),
		locations:   newRuns(staff.Locations).indexed(),
		absent:      make(map[string]int, len(staff.Absent)),
		purged:      map[string]string{},
		deleted:     map[[2]string]bool{},
		ended:       map[string][]string{},
	}
	for _, a := range staff.Absent {
		r.absent[a.PersonID] = a.FullFeeds
	}
	for _, d := range staff.Deleted {
		r.purge(d)
	}
	r.name(staff)
	r.group()
	r.posts = make([]Post, 0, r.assignments.len())
	return r
}

// purge notes a purged record, and whose it was.
func (r *resolver) purge(d esrmodel.Deletion) {
	r.deleted[[2]string{string(d.Kind), d.ID}] = true
	switch {
	case d.Kind == esrmodel.KindPerson:
		r.purged[d.ID] = "the person's record was deleted in ESR"
	case d.Kind == esrmodel.KindAssignment && d.PersonID != "" && r.purged[d.PersonID] == "":
		r.purged[d.PersonID] = "assignment #" + d.ID + " was deleted in ESR"
	}
}

// name collects the ID of everybody who is spoken of, in order, and makes room
// for them. The mirror's own people come in order, so that nearly always nothing
// has to be sorted.
func (r *resolver) name(staff esrmodel.Staff) {
	ids := make([]string, 0, r.people.len()+len(staff.Externals))
	r.index = make(map[string]int, cap(ids))
	add := func(id string) {
		if _, known := r.index[id]; !known && id != "" {
			r.index[id] = len(ids)
			ids = append(ids, id)
		}
	}
	for i := range r.people.len() {
		id := r.people.id(i)
		r.index[id] = len(ids)
		ids = append(ids, id)
	}
	for i := range r.assignments.len() {
		add(r.owner(i))
	}
	for id := range r.purged {
		add(id)
	}
	for _, f := range staff.Faults {
		add(f.PersonID)
	}
	for _, e := range staff.Externals {
		add(registerID(e))
	}
	if !sort.StringsAreSorted(ids) {
		sort.Strings(ids)
		for i, id := range ids {
			r.index[id] = i
		}
	}
	r.room(ids)
}

// room makes the places that everybody is resolved into.
func (r *resolver) room(ids []string) {
	r.out = make([]Person, len(ids))
	r.manages = make([]bool, len(ids))
	r.supervisor, r.department = make([]string, len(ids)), make([]string, len(ids))
	r.record = make([]int32, len(ids))
	run := 0
	for i, id := range ids {
		r.out[i].ID = id
		r.record[i] = -1
		if run < r.people.len() && r.people.id(run) == id {
			r.record[i] = int32(run)
			run++
		}
	}
}

// owner returns whose an assignment is: as its last slice has it.
func (r *resolver) owner(assignment int) string {
	slices := r.assignments.slices(assignment)
	return slices[len(slices)-1].PersonID
}

// group strings each person's assignments together, in the order of their IDs.
func (r *resolver) group() {
	r.first = make([]int32, len(r.out))
	r.next = make([]int32, r.assignments.len())
	for i := range r.first {
		r.first[i] = -1
	}
	for a := r.assignments.len() - 1; a >= 0; a-- {
		if p, known := r.index[r.owner(a)]; known {
			r.next[a], r.first[p] = r.first[p], int32(a)
		}
	}
}

// person resolves one person from ESR; entries of the register are left for later.
func (r *resolver) person(i int) {
	p := &r.out[i]
	var slices []esrmodel.Person
	if r.record[i] >= 0 {
		slices = r.people.slices(int(r.record[i]))
	}
	if len(slices) == 0 && r.first[i] < 0 && r.purged[p.ID] == "" {
		return
	}
	var owner employment
	if len(slices) > 0 {
		owner = r.identity(p, slices)
	}
	holdings := r.read(i, owner)
	if confirmed := r.policy.Confirmed[p.ID]; confirmed != 0 && r.asked(p, slices, holdings) {
		owner.confirmed = confirmed
		holdings = r.read(i, owner)
	}
	r.stand(p, holdings, owner)
	r.hold(p, slices, holdings, owner)
	r.provide(i, holdings)
}

// identity copies who the person is from the slice that counts on the day.
func (r *resolver) identity(p *Person, slices []esrmodel.Person) employment {
	n, _ := on(slices, r.at.Day)
	s := &slices[n]
	p.Key = s.EmployeeNumber
	p.Title, p.First, p.Middle = strings.TrimSpace(s.Title), strings.TrimSpace(s.FirstName), strings.TrimSpace(s.MiddleName)
	p.Last, p.PreviousLast = strings.TrimSpace(s.LastName), strings.TrimSpace(s.PreviousLastName)
	p.Preferred = strings.TrimSpace(s.PreferredName)
	if p.Preferred == "" {
		p.Preferred = p.First
	}
	if p.Preferred == "" {
		p.Preferred = p.Last
	}
	p.DateOfBirth, p.NINumber = s.DateOfBirth, s.NINumber
	p.ESREmail, p.Smartcard = strings.TrimSpace(s.Email), s.SmartcardUUID
	p.Ending = s.TerminationReason
	owner := employment{hired: s.HireDate, terminated: s.TerminationDate}
	for ; owner.terminated == 0 && n+1 < len(slices); n++ {
		owner.terminated = slices[n+1].TerminationDate
	}
	if owner.terminated != 0 && owner.terminated < owner.hired {
		owner.terminated = 0 // of an earlier employment under the same record
	}
	return owner
}

// read reads all assignments of a person. The result is good until the next call.
func (r *resolver) read(i int, owner employment) []holding {
	r.scratch = r.scratch[:0]
	for a := r.first[i]; a >= 0; a = r.next[a] {
		r.scratch = append(r.scratch, r.reader.read(r.assignments.slices(int(a)), owner))
	}
	return r.scratch
}

// asked reports whether "left or lost?" is a question about the person.
func (r *resolver) asked(p *Person, slices []esrmodel.Person, holdings []holding) bool {
	if r.absent[p.ID] > 0 || r.isPurged(p, slices, holdings) {
		return true
	}
	for i := range holdings {
		if holdings[i].lost != "" {
			return true
		}
	}
	return r.recordLost(slices) != ""
}

// isPurged reports whether what ESR purged still leaves its question open: a
// person whom ESR sent again is back, and a purged assignment asks nothing while
// another one holds its place.
func (r *resolver) isPurged(p *Person, slices []esrmodel.Person, holdings []holding) bool {
	if r.purged[p.ID] == "" {
		return false
	}
	if len(slices) == 0 {
		return true
	}
	if r.deleted[[2]string{string(esrmodel.KindPerson), p.ID}] {
		return false
	}
	for i := range holdings {
		// With bank work alone left, the purge would take a person's groups away.
		if holdings[i].phase == live && !r.categories.isBank(holdings[i].now.Category) {
			return false
		}
	}
	return true
}

// recordLost says in words why the person's own record does not tell the day.
func (r *resolver) recordLost(slices []esrmodel.Person) string {
	if len(slices) == 0 {
		return ""
	}
	n, covered := on(slices, r.at.Day)
	switch {
	case covered || slices[n].Span.From > r.at.Day:
		return ""
	case n+1 < len(slices):
		return "the person's record says nothing of the days from " + (slices[n].Span.To + 1).Words()
	}
	return "the person's record ends on " + slices[n].Span.To.Words()
}
