package report

import (
	"cmp"
	"slices"
	"strings"

	"esrsync/internal/state"
	"esrsync/sync/plan"
)

// dossier is all that one class of a plan does to one person.
type dossier struct {
	Class   plan.Class
	Person  string
	Slice   string
	Changes []plan.Change
	State   outcome
	Detail  string // of the change that gave the state
}

// outcome is what became of a person's changes. Of several the gravest counts,
// which is the first of these.
type outcome int

const (
	failed outcome = iota
	unknown
	skipped
	waits     // held, and a person can release it
	shownOnly // held by nothing but the mode
	notBegun
	done
)

// words says an outcome in a table.
func (o outcome) words() string {
	return [...]string{"Failed", "Unknown until the next run", "Skipped", "Held", "Not made: observe only", "Not begun", "Done"}[o]
}

func (o outcome) tone() tone {
	return [...]tone{bad, bad, warn, warn, plain, plain, good}[o]
}

// file gathers changes by class and person, in the order in which they come.
func (c *composer) file(changes []plan.Change) []dossier {
	type key struct {
		class  plan.Class
		person string
	}
	index := map[key]int{}
	var out []dossier
	for _, ch := range changes {
		k := key{ch.Class, cmp.Or(ch.Person, ch.Subject())}
		i, known := index[k]
		if !known {
			i = len(out)
			index[k] = i
			out = append(out, dossier{Class: ch.Class, Person: ch.Person, Slice: ch.Slice, State: done})
		}
		d := &out[i]
		d.Changes = append(d.Changes, ch)
		if o, detail := c.outcome(ch.ID); o < d.State {
			d.State, d.Detail = o, detail
		}
	}
	return out
}

// outcome says what became of one change, and why.
func (c *composer) outcome(id string) (outcome, string) {
	if r, begun := c.results[id]; begun {
		return resultOf(r), r.Detail
	}
	h, held := c.held[id]
	switch {
	case !held:
		return notBegun, ""
	case h.ByMode():
		return shownOnly, ""
	}
	return waits, ""
}

func resultOf(r Result) outcome {
	switch r.Outcome {
	case state.Done:
		return done
	case state.Skipped:
		return skipped
	case state.Failed:
		return failed
	}
	return unknown
}

// of returns the dossiers of some classes, in the order of names.
func (c *composer) of(classes ...plan.Class) []dossier {
	var out []dossier
	for _, d := range c.dossiers {
		if slices.Contains(classes, d.Class) {
			out = append(out, d)
		}
	}
	return out
}

// byName puts dossiers in the order of names.
func (c *composer) byName(ds []dossier) []dossier {
	slices.SortStableFunc(ds, func(a, b dossier) int {
		return cmp.Or(strings.Compare(c.name(a.Person), c.name(b.Person)), strings.Compare(a.Person, b.Person))
	})
	return ds
}

// first returns the first change of a kind, or the zero Change.
func (d dossier) first(kind plan.Kind) plan.Change {
	for _, c := range d.Changes {
		if c.Kind == kind {
			return c
		}
	}
	return plan.Change{}
}

// state returns the cell that says what became of the changes.
func (d dossier) state() cell {
	s := cell{Text: d.State.words(), Tone: d.State.tone()}
	if d.Detail != "" {
		s.Notes = []string{sentence(d.Detail)}
	}
	return s
}

// reasons returns why the changes are wanted, each reason once.
func (d dossier) reasons() []string {
	var out []string
	for _, c := range d.Changes {
		if c.Reason != "" && !slices.Contains(out, c.Reason) {
			out = append(out, c.Reason)
		}
	}
	return out
}

// tally counts the dossiers by outcome.
func tally(ds []dossier) map[outcome]int {
	out := map[outcome]int{}
	for _, d := range ds {
		out[d.State]++
	}
	return out
}

// tallyWords says a tally: "3 done, 2 held".
func tallyWords(ds []dossier) string {
	words := map[outcome]string{failed: "failed", unknown: "unknown", skipped: "skipped", waits: "held", shownOnly: "only shown", notBegun: "not begun", done: "done"}
	counts := tally(ds)
	var parts []string
	for _, o := range []outcome{done, waits, failed, unknown, skipped, notBegun, shownOnly} {
		if counts[o] > 0 {
			parts = append(parts, number(counts[o])+" "+words[o])
		}
	}
	return strings.Join(parts, ", ")
}
