package feed

import (
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"

	"esrsync/esrmodel"
)

// Examine reads a staff feed to its end, once, and judges it. The name may come
// with its folder; the policy says whether the file is GO or CSV.
//
// An error means that the file could not be judged: it could not be read
// ([io] errors, wrapped), or an override cannot be ([ErrOverride]). What is wrong
// with the file itself is never an error but a [Reason].
func Examine(r io.Reader, name string, pol Policy, before Before, overrides []Override) (Result, error) {
	if err := checkOverrides(overrides); err != nil {
		return Result{}, err
	}
	name = path.Base(strings.ReplaceAll(name, `\`, "/"))
	e := &examination{pol: pol, before: before, staff: newStaffRecords(name), result: Result{File: name, Next: before.Chain}}
	read := e.readGO
	if pol.Format == FormatCSV {
		read = e.readCSV
	}
	if err := read(r); err != nil {
		return Result{}, fmt.Errorf("reading %s: %w", name, err)
	}
	e.judge(overrides)
	return e.result, nil
}

// examination is one file being judged.
type examination struct {
	pol     Policy
	before  Before
	staff   *staffRecords
	bad     collector       // reasons
	odd     collector       // warnings
	numbers map[string]bool // canaries that were seen
	unread  bool            // no row could be read: then nobody is "missing", and saying so would mislead
	result  Result
}

// staffRecords gathers all kinds of one file.
type staffRecords struct {
	log           faultLog
	people        *records[esrmodel.Person]
	assignments   *records[esrmodel.Assignment]
	positions     *records[esrmodel.Position]
	organisations *records[esrmodel.Organisation]
	locations     *records[esrmodel.Location]
}

func newStaffRecords(feed string) *staffRecords {
	s := &staffRecords{log: faultLog{feed: feed}}
	s.people = newRecords(personLayout(), &s.log)
	s.assignments = newRecords(assignmentLayout(), &s.log)
	s.positions = newRecords(positionLayout(), &s.log)
	s.organisations = newRecords(organisationLayout(), &s.log)
	s.locations = newRecords(locationLayout(), &s.log)
	return s
}

// batch returns what was gathered.
func (s *staffRecords) batch(full bool) *Batch {
	feed := s.log.feed
	b := &Batch{
		File: feed, Full: full,
		People:        s.people.finish(),
		Assignments:   s.assignments.finish(),
		Positions:     s.positions.finish(),
		Organisations: s.organisations.finish(),
		Locations:     s.locations.finish(),
		Deletions: slices.Concat(s.assignments.deletions(feed), s.locations.deletions(feed), s.organisations.deletions(feed),
			s.positions.deletions(feed), s.people.deletions(feed)),
	}
	b.Faults = s.log.sorted()
	sortDeletions(b.Deletions)
	return b
}

// judge puts what was read beside what the store knows, and decides.
func (e *examination) judge(overrides []Override) {
	batch := e.staff.batch(e.result.Full)
	if !e.unread {
		e.result.Difference = compare(e.before.Mirror, *batch, e.pol)
	}
	e.judgeFaults()
	e.judgeTestCanaries()
	if e.result.Full && !e.unread {
		e.judgeCanaries()
		e.judgeShrinkage()
	}
	e.result.Reasons = e.bad.list(overrides)
	e.result.Warnings = e.odd.list(nil)
	e.decide(batch)
}

// decide sets the verdict, and what goes with it.
func (e *examination) decide(batch *Batch) {
	r := &e.result
	if _, taken := e.before.Taken[r.SHA256]; taken {
		r.Verdict, r.Reasons, r.Warnings = AlreadyTaken, nil, nil
		return
	}
	standing := r.Standing()
	if len(standing) == 0 {
		r.Verdict, r.Batch = Accepted, batch
		if e.pol.Format != FormatCSV {
			r.Next = Chain{File: r.File, Sequence: r.Name.Sequence, Run: r.Header.Run}
		}
		return
	}
	r.Verdict = Quarantined
	onlyChain := !slices.ContainsFunc(standing, func(x Reason) bool { return x.Check != CheckChain })
	if onlyChain && r.Next.GapAt == "" && r.Name.Changes() && r.Name.Sequence > r.Next.Sequence {
		r.Next.GapAt = r.File
	}
}

// judgeFaults quarantines a file in which too many rows cannot be.
func (e *examination) judgeFaults() {
	log := &e.staff.log
	e.result.Faults = log.rows[CheckValues] + log.rows[CheckDuplicates]
	for _, check := range []Check{CheckValues, CheckDuplicates} {
		if !log.over(check, e.result.Rows) {
			continue
		}
		e.bad.add(Reason{
			Check: check, Found: fmt.Sprintf("%d of %d rows", log.rows[check], e.result.Rows),
			Expected: fmt.Sprintf("at most %d, half a per cent", faultLimit(e.result.Rows)),
		})
		for _, r := range log.told.reasons {
			if r.Check == check {
				e.bad.add(r)
			}
		}
		if more := log.told.count[check] - maxReasons; more > 0 {
			e.bad.count[check] += more
		}
	}
}

// watch returns the employee numbers to look out for.
func (e *examination) watch() map[string]bool {
	seen := map[string]bool{}
	for _, n := range slices.Concat(e.pol.Canaries, e.pol.TestCanaries) {
		seen[n] = false
	}
	return seen
}

// judgeTestCanaries keeps what the test environment made out of the live directory.
func (e *examination) judgeTestCanaries() {
	if e.pol.Environment == Test {
		return
	}
	for _, n := range e.pol.TestCanaries {
		if e.numbers[n] {
			e.bad.add(Reason{
				Check: CheckEnvironment, Field: "employee number", Found: n,
				Expected: "nobody who exists only in the test environment",
			})
		}
	}
}

// judgeCanaries looks for the people whom every full file must have.
func (e *examination) judgeCanaries() {
	for _, n := range e.pol.Canaries {
		if !e.numbers[n] {
			e.bad.add(Reason{Check: CheckCanaries, Field: "employee number", Found: "nobody with " + n, Expected: "in every full file"})
		}
	}
}

// judgeShrinkage compares the people whom a full file lacks with the limit.
func (e *examination) judgeShrinkage() {
	d := e.result.Difference
	if d.InFile == 0 {
		e.bad.add(Reason{Check: CheckShrinkage, Found: "a full file with nobody in it", Expected: "everybody"})
		return
	}
	if percent(len(d.GonePeople), d.Current) > e.pol.MaxShrinkPercent {
		e.bad.add(Reason{
			Check:    CheckShrinkage,
			Found:    fmt.Sprintf("%d of %d current people are missing (%.1f %%)", len(d.GonePeople), d.Current, percent(len(d.GonePeople), d.Current)),
			Expected: fmt.Sprintf("at most %.1f %%", e.pol.MaxShrinkPercent),
		})
	}
}

// percent returns part of whole as 0 to 100, and 0 of nothing.
func percent(part, whole int) float64 {
	if whole == 0 {
		return 0
	}
	return 100 * float64(part) / float64(whole)
}

// ended reports whether a read came to the end of the file.
func ended(err error) bool { return errors.Is(err, io.EOF) }
