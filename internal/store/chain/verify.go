package chain

import (
	"crypto/ed25519"
	"fmt"
	"sort"

	"esrsync/internal/state"
)

// Report says what a look at a ledger found.
type Report struct {
	Rows   int64  `json:"rows"`          // rows looked at
	Proven int64  `json:"proven"`        // the rows up to this one are what a genuine checkpoint saw; 0: no checkpoint was given
	Erased int64  `json:"erased"`        // rows whose details were erased, as a later row says
	Broken int64  `json:"broken"`        // sequence of the first row that is not as it was; 0 with an empty Why: none
	Why    string `json:"why,omitempty"` // what is wrong with it
}

// IsSound reports whether nothing was found.
func (r Report) IsSound() bool { return r.Why == "" }

// Verifier looks at the rows of a ledger in order. Make one with [NewVerifier],
// give it every row with Next, and ask it for the report with Done.
type Verifier struct {
	checkpoints []state.Checkpoint // genuine ones, by sequence
	report      Report
	previous    string
	gone        map[string]int64 // subject → first row whose details are missing and not said to be erased yet
	goneRows    map[string]int64 // how many rows that are
}

// NewVerifier returns a verifier that holds the ledger against checkpoints kept
// elsewhere. One that the key did not sign is a finding, not an error: either it
// or the key is not what it should be.
func NewVerifier(key ed25519.PublicKey, checkpoints []state.Checkpoint) *Verifier {
	v := &Verifier{previous: Genesis(), gone: make(map[string]int64), goneRows: make(map[string]int64)}
	for _, c := range checkpoints {
		if IsGenuine(key, c) {
			v.checkpoints = append(v.checkpoints, c)
		} else {
			v.blame(c.Sequence, "a checkpoint that names it is not signed with this key")
		}
	}
	sort.SliceStable(v.checkpoints, func(i, j int) bool { return v.checkpoints[i].Sequence < v.checkpoints[j].Sequence })
	v.pass(0)
	return v
}

// Next looks at the next row.
func (v *Verifier) Next(r state.Record) {
	v.report.Rows++
	want := v.report.Rows
	switch {
	case r.Sequence != want:
		v.blame(want, fmt.Sprintf("row %d stands where row %d was", r.Sequence, want))
	case r.Previous != v.previous:
		v.blame(want, "it does not follow the row before it: that one, or the order, was changed")
	case rowHash(r) != r.Hash:
		v.blame(want, "it was edited: its hash is not that of what it says")
	default:
		v.lookAtDetails(r)
	}
	v.previous = r.Hash
	v.pass(want)
}

// lookAtDetails holds the names and values beside a row against its digests.
func (v *Verifier) lookAtDetails(r state.Record) {
	if r.Action == Erased {
		v.report.Erased += v.goneRows[r.Subject]
		delete(v.gone, r.Subject)
		delete(v.goneRows, r.Subject)
	}
	for _, name := range names(r.Details) {
		if Digest(r.Salts[name], name, r.Details[name]) != r.Digests[name] {
			v.blame(r.Sequence, "the value beside it of "+name+" was edited")
		}
	}
	for _, name := range names(r.Digests) {
		if _, is := r.Details[name]; is {
			continue
		}
		if r.Subject == "" || name == Actor {
			v.blame(r.Sequence, "the value beside it of "+name+" was taken away")
			return
		}
		if v.goneRows[r.Subject]++; v.gone[r.Subject] == 0 {
			v.gone[r.Subject] = r.Sequence
		}
		return
	}
}

// pass compares the row, which is the last so far, with the checkpoints that name it.
func (v *Verifier) pass(sequence int64) {
	for len(v.checkpoints) > 0 && v.checkpoints[0].Sequence <= sequence {
		c := v.checkpoints[0]
		v.checkpoints = v.checkpoints[1:]
		switch {
		case c.Hash != v.previous:
			v.blame(sequence, "the checkpoint of "+c.At.Format("2006-01-02 15:04:05")+
				" saw another row here: it, or one before it, was made anew")
		case v.report.IsSound():
			v.report.Proven = sequence
		}
	}
}

// Head says how long the ledger's own note takes it to be, and its last hash.
func (v *Verifier) Head(sequence int64, hash string) {
	if sequence != v.report.Rows || sequence > 0 && hash != v.previous {
		v.blame(min(sequence, v.report.Rows)+1, fmt.Sprintf("the ledger has %d rows and notes itself that they are %d",
			v.report.Rows, sequence))
	}
}

// Done returns what was found.
func (v *Verifier) Done() Report {
	for _, c := range v.checkpoints {
		v.blame(v.report.Rows+1, fmt.Sprintf("it is missing: a checkpoint saw %d rows, there are %d", c.Sequence, v.report.Rows))
	}
	first := int64(0)
	for _, sequence := range v.gone {
		if first == 0 || sequence < first {
			first = sequence
		}
	}
	if first > 0 {
		v.blame(first, "values beside it were taken away, and no row says that they were erased")
	}
	return v.report
}

// blame keeps the fault of the lowest row.
func (v *Verifier) blame(sequence int64, why string) {
	if v.report.IsSound() || sequence < v.report.Broken {
		v.report.Broken, v.report.Why = sequence, why
	}
}
