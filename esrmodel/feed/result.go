package feed

import "slices"

// Verdict is what the gate says of a file.
type Verdict string

// The verdicts.
const (
	Accepted     Verdict = "accepted"
	AlreadyTaken Verdict = "already taken" // this very file was accepted before; nothing changes
	Quarantined  Verdict = "quarantined"   // nothing of the file is used
)

// Result is what an examination found.
type Result struct {
	Verdict Verdict  `json:"verdict"`
	File    string   `json:"file"`
	SHA256  string   `json:"sha256"` // of the whole file, in hex
	Full    bool     `json:"full"`   // the file holds everybody
	Name    Name     `json:"-"`
	Header  Header   `json:"header"` // zero for CSV
	Reasons []Reason `json:"reasons,omitempty"`
	// Warnings say what is unusual but keeps nothing out: layouts that grew,
	// record codes that nobody knows.
	Warnings   []Reason   `json:"warnings,omitempty"`
	Counts     []Count    `json:"counts"` // sorted by code
	Rows       int        `json:"rows"`   // rows of the kinds that are read
	Faults     int        `json:"faults"` // of these, rows with a value that cannot be, or a second start
	Difference Difference `json:"difference"`
	Batch      *Batch     `json:"-"`     // only where the verdict is Accepted
	Next       Chain      `json:"chain"` // the chain to store, whatever the verdict
}

// Count is how many lines of one record code a file has.
type Count struct {
	Code    string `json:"code"`
	Lines   int    `json:"lines"`
	Skipped bool   `json:"skipped,omitempty"` // not read: absence, pay, training, or a code that nobody knows
}

// Standing returns the reasons that nobody overrode.
func (r Result) Standing() []Reason {
	return slices.DeleteFunc(slices.Clone(r.Reasons), func(x Reason) bool { return !x.Stands() })
}
