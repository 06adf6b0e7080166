package feed

import (
	"cmp"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"

	"esrsync/esrmodel"
)

// KindExternal marks faults in the register of people who are not in ESR; the
// PersonID of such a fault is [ExternalKey] of the reference.
const KindExternal esrmodel.Kind = "XT"

// ExternalKey returns the person key of somebody in the register.
func ExternalKey(reference string) string { return "X" + reference }

// RegisterColumns lists our keys for the columns of the register. Forename and
// category may be left out of a trust's map.
func RegisterColumns() []string {
	return []string{"reference", "surname", "forename", "category", "sponsor", "start", "end"}
}

// Register is what an examination of the register of people who are not in ESR
// found. Externals and Faults are to be stored only where the verdict is Accepted;
// the newest accepted register then replaces the one before.
type Register struct {
	Verdict   Verdict             `json:"verdict"`
	File      string              `json:"file"`
	SHA256    string              `json:"sha256"`
	Reasons   []Reason            `json:"reasons,omitempty"`
	Rows      int                 `json:"rows"`
	Gone      []string            `json:"gone,omitempty"` // references of today's people whom the file lacks, sorted
	Externals []esrmodel.External `json:"-"`              // sorted by reference
	// Faults hold the people whose line cannot be, such as one without an end; such
	// a line yields no External. Where the register before had one, it is kept.
	Faults []esrmodel.Fault `json:"-"`
}

// ExamineRegister reads the register of people who are not in ESR and judges it
// as [Examine] judges a staff export: columns, values, duplicates, replay, and
// shrinkage from 25 people up. Of the policy it uses Columns, MaxShrinkPercent and Now.
func ExamineRegister(r io.Reader, name string, pol Policy, before Before, overrides []Override) (Register, error) {
	if err := checkOverrides(overrides); err != nil {
		return Register{}, err
	}
	name = path.Base(strings.ReplaceAll(name, `\`, "/"))
	t, err := ReadTable(r, pol.Columns)
	if err != nil {
		return Register{}, fmt.Errorf("reading %s: %w", name, err)
	}
	x := &registerReader{log: faultLog{feed: name}, found: map[string]registered{}, before: before.Mirror.Externals}
	x.result = Register{File: name, SHA256: t.SHA256, Rows: len(t.Rows)}
	x.bad.reasons, x.bad.count = slices.Clone(t.Reasons), map[Check]int{}
	x.checkMap(pol.Columns)
	if len(x.bad.reasons) == 0 {
		x.read(t.Rows)
		x.judge(pol)
	}
	x.decide(before.Taken, overrides)
	return x.result, nil
}

// registered is one line of the register.
type registered struct {
	external esrmodel.External
	line     int
}

type registerReader struct {
	log    faultLog
	bad    collector
	found  map[string]registered
	before []esrmodel.External
	result Register
}

func (x *registerReader) checkMap(columns map[string]string) {
	for _, key := range []string{"reference", "surname", "sponsor", "start", "end"} {
		if columns[key] == "" {
			x.bad.add(Reason{Check: CheckColumns, Field: "column map", Found: "no " + key, Expected: "a header for it"})
		}
	}
}

// read takes in each row; of two with one reference the last counts, and they hold the person.
func (x *registerReader) read(rows []TableRow) {
	broken := map[string]bool{}
	for _, row := range rows {
		v, problems := external(row)
		of := esrmodel.Fault{Kind: KindExternal, ID: v.Reference, PersonID: ExternalKey(v.Reference), Line: row.Line}
		x.log.add(CheckValues, of, problems)
		if len(problems) > 0 {
			broken[v.Reference] = true
			continue
		}
		if other, twice := x.found[v.Reference]; twice && other.external != v {
			x.log.add(CheckDuplicates, of, []problem{{"reference", fmt.Sprintf("other content than in line %d", other.line), "each reference once"}})
		}
		x.found[v.Reference] = registered{v, row.Line}
	}
	x.keepBroken(broken)
}

// keepBroken leaves those whose line cannot be as the register before had them.
func (x *registerReader) keepBroken(broken map[string]bool) {
	for reference := range broken {
		delete(x.found, reference)
	}
	for _, old := range x.before {
		if broken[old.Reference] {
			x.found[old.Reference] = registered{external: old}
		}
	}
}

// external reads one row and tells what of it cannot be. An end is required.
func external(row TableRow) (esrmodel.External, []problem) {
	c := &cells{row: row}
	v := esrmodel.External{
		Reference: row.Text("reference"), Surname: row.Text("surname"), Forename: row.Text("forename"), Category: row.Text("category"),
		Sponsor: row.Text("sponsor"), Span: esrmodel.Span{From: c.day("start"), To: c.day("end")},
	}
	for _, need := range []struct {
		field string
		there bool
	}{{"reference", v.Reference != ""}, {"surname", v.Surname != ""}, {"sponsor", v.Sponsor != ""}, {"end", !v.Span.To.IsZero()}} {
		if !need.there && !slices.ContainsFunc(c.problems, func(p problem) bool { return p.field == need.field }) {
			c.problems = append(c.problems, problem{need.field, "nothing", "a value"})
		}
	}
	if len(c.problems) == 0 && v.Span.IsEmpty() {
		c.problems = append(c.problems, problem{"end", v.Span.To.String(), "no day before the start, " + v.Span.From.String()})
	}
	return v, c.problems
}

// judge compares faults and missing people with their limits.
func (x *registerReader) judge(pol Policy) {
	e := examination{pol: pol, staff: &staffRecords{log: x.log}, result: Result{Rows: x.result.Rows}}
	e.judgeFaults()
	for _, r := range e.bad.reasons {
		x.bad.add(r)
	}
	day, current := esrmodel.DateOf(pol.Now), 0
	for _, old := range x.before {
		if !old.Span.Covers(day) {
			continue
		}
		current++
		if _, here := x.found[old.Reference]; !here {
			x.result.Gone = append(x.result.Gone, old.Reference)
		}
	}
	if share := percent(len(x.result.Gone), current); current >= sliceFrom && share > pol.MaxShrinkPercent {
		x.bad.add(Reason{
			Check: CheckShrinkage, Found: fmt.Sprintf("%d of %d current people are missing (%.1f %%)", len(x.result.Gone), current, share),
			Expected: fmt.Sprintf("at most %.1f %%", pol.MaxShrinkPercent),
		})
	}
}

func (x *registerReader) decide(taken map[string]string, overrides []Override) {
	r := &x.result
	r.Reasons = x.bad.list(overrides)
	if _, replay := taken[r.SHA256]; replay {
		r.Verdict, r.Reasons = AlreadyTaken, nil
		return
	}
	if slices.ContainsFunc(r.Reasons, Reason.Stands) {
		r.Verdict = Quarantined
		return
	}
	r.Verdict, r.Faults = Accepted, x.log.sorted()
	for _, v := range x.found {
		r.Externals = append(r.Externals, v.external)
	}
	slices.SortFunc(r.Externals, func(a, b esrmodel.External) int { return cmp.Compare(a.Reference, b.Reference) })
}

// ApplyRegister returns the mirror with an accepted register in place of the one
// before, and changes neither argument.
func ApplyRegister(s esrmodel.Staff, r Register) esrmodel.Staff {
	s.Externals = slices.Clone(r.Externals)
	kept := slices.DeleteFunc(slices.Clone(s.Faults), func(f esrmodel.Fault) bool { return f.Kind == KindExternal })
	s.Faults = append(kept, r.Faults...)
	sortFaults(s.Faults)
	return s
}
