// Package state holds the nouns of what the daemon remembers: which account is
// whose, which names were ever given, which files were taken, what was planned,
// approved, intended and done. It has no behaviour and knows no database; package
// internal/store keeps these things.
//
// Instants are UTC, cut to microseconds.
package state

import (
	"encoding/json"
	"errors"
	"time"

	"esrsync/esrmodel"
	"esrsync/internal/directory"
)

// Kinds of error of a store. Match with [errors.Is].
var (
	// ErrNotFound reports that there is no such thing.
	ErrNotFound = errors.New("not in the store")
	// ErrTaken reports that a name belongs, or once belonged, to somebody else.
	ErrTaken = errors.New("the name was given to somebody else")
	// ErrNewer reports a store that a newer version of esrsyncd wrote.
	ErrNewer = errors.New("the store was written by a newer version")
	// ErrLeaseLost reports that another process holds the lease.
	ErrLeaseLost = errors.New("another process holds the lease")
	// ErrUnavailable reports a store that cannot be reached.
	ErrUnavailable = errors.New("the store cannot be reached")
	// ErrAmbiguous reports the beginning of an ID that fits several.
	ErrAmbiguous = errors.New("this fits several")
	// ErrSecondPrimary reports a person who would have two primary accounts.
	ErrSecondPrimary = errors.New("the person has another primary account")
	// ErrOtherVPD reports a store that belongs to another trust's ESR.
	ErrOtherVPD = errors.New("the store belongs to another VPD")
	// ErrHoldReleased reports a hold that has ended and to which nothing more can happen.
	ErrHoldReleased = errors.New("the hold is released")
)

// Daemon is the actor of what nobody asked for by hand, in the ledger and where
// a task is closed by evidence.
const Daemon = "esrsyncd"

// Feed is one file that was judged: taken, or refused with its reasons.
type Feed struct {
	Name     string          `json:"name"`
	SHA256   string          `json:"sha256"`
	Source   string          `json:"source"` // staff, non_esr, urp…
	Full     bool            `json:"full"`
	Sequence int64           `json:"sequence"`         // zero for a CSV
	Run      string          `json:"run,omitempty"`    // "this run" of the header
	Created  time.Time       `json:"created,omitzero"` // when ESR made it
	Judged   time.Time       `json:"judged"`
	Verdict  string          `json:"verdict"`            // accepted or quarantined
	Reasons  json.RawMessage `json:"reasons,omitempty"`  // the gate's, as it told them
	Details  json.RawMessage `json:"details,omitempty"`  // counts, warnings and the difference to the mirror
	Override string          `json:"override,omitempty"` // "CHECK: reason, by whom"
	Held     []string        `json:"held,omitempty"`     // organisation IDs whose leavers are held since the file shrank them
}

// Verdicts of a feed.
const (
	Accepted    = "accepted"
	Quarantined = "quarantined"
)

// Gap says that changes files of a source are missing, so that none of them is
// taken until a full one comes. The zero Gap is none.
type Gap struct {
	Source string    `json:"source"`
	Since  time.Time `json:"since"`
	Detail string    `json:"detail"`
}

// Link says that an account is a person's.
type Link struct {
	PersonID  string         `json:"person_id"`
	PersonKey string         `json:"person"`
	Account   directory.GUID `json:"account"`
	Secondary bool           `json:"secondary"` // an administrator's or other further account of the person
	State     string         `json:"state"`     // as the account's token says: managed, precreated or leaver
	Evidence  string         `json:"evidence"`
	Since     time.Time      `json:"since"`
}

// Decision is a person's answer in the match queue.
type Decision struct {
	PersonID string         `json:"person_id"`
	Account  directory.GUID `json:"account,omitzero"` // zero for create
	Answer   string         `json:"answer"`           // link, not_same or create
	By       string         `json:"by"`
	Reason   string         `json:"reason"`
	At       time.Time      `json:"at"`
}

// Answers of a decision.
const (
	AnswerLink    = "link"
	AnswerNotSame = "not_same"
	AnswerCreate  = "create"
)

// Name is a login name or an address that was given, or that history says was
// given, to somebody; nobody else may ever get it.
type Name struct {
	Kind     directory.NameKind `json:"kind"`
	Value    string             `json:"value"`               // lower case
	PersonID string             `json:"person_id,omitempty"` // empty for imported history of unknown people
	Source   string             `json:"source"`              // reserved, read, imported
	Since    time.Time          `json:"since"`
}

// Approval lets exactly the named changes through the guard until it expires; a
// rejection keeps them out.
type Approval struct {
	ID        string    `json:"id"`
	PlanID    string    `json:"plan_id"`
	ChangeIDs []string  `json:"change_ids"`
	Rejected  bool      `json:"rejected"`
	By        string    `json:"by"`
	Reason    string    `json:"reason"`
	At        time.Time `json:"at"`
	Expires   time.Time `json:"expires"`
}

// Entry is one line of the journal: a change that a run set out to make.
type Entry struct {
	ID       int64           `json:"id"`
	RunID    string          `json:"run_id"`
	ChangeID string          `json:"change_id"`
	Class    string          `json:"class"`
	Kind     string          `json:"kind"`
	PersonID string          `json:"person_id,omitempty"`
	Person   string          `json:"person,omitempty"`
	Account  directory.GUID  `json:"account,omitzero"`
	SliceID  string          `json:"slice_id,omitempty"`
	Change   json.RawMessage `json:"change"` // the whole change, for undo and explain
	Intended time.Time       `json:"intended"`
	Settled  time.Time       `json:"settled,omitzero"`
	Outcome  string          `json:"outcome,omitempty"` // done, skipped, failed; empty while open
	Detail   string          `json:"detail,omitempty"`
}

// Outcomes of a journal entry.
const (
	Done    = "done"
	Skipped = "skipped" // the account had changed meanwhile, or a hold came
	Failed  = "failed"
)

// Run is one run, from its start to its report.
type Run struct {
	ID      string          `json:"id"` // sortable: 20261122T060003Z-7f3a
	Trigger string          `json:"trigger"`
	Mode    string          `json:"mode"`
	Started time.Time       `json:"started"`
	Ended   time.Time       `json:"ended,omitzero"`
	PlanID  string          `json:"plan_id,omitempty"`
	Outcome string          `json:"outcome,omitempty"` // done, held, partly, failed; empty while it runs or was killed
	Exit    int             `json:"exit"`              // the exit code of the command
	Error   string          `json:"error,omitempty"`
	Report  json.RawMessage `json:"-"` // what the report is rendered from
}

// Keep stops an automatic leaver for a while. It never works against a hold.
type Keep struct {
	PersonID string        `json:"person_id"`
	Until    esrmodel.Date `json:"until"` // the last day on which it holds
	By       string        `json:"by"`
	Reason   string        `json:"reason"`
	At       time.Time     `json:"at"`
}

// Confirmation is the answer to "left or lost?": the person left on that day.
type Confirmation struct {
	PersonID string        `json:"person_id"`
	Date     esrmodel.Date `json:"date"`
	By       string        `json:"by"`
	Reason   string        `json:"reason"`
	At       time.Time     `json:"at"`
}

// Task is something that a person has to do because the daemon cannot.
type Task struct {
	ID       string    `json:"id"` // stable: the same need is the same task
	Kind     string    `json:"kind"`
	Owner    string    `json:"owner"`
	Subject  string    `json:"subject"` // person key, account or feed
	Text     string    `json:"text"`
	Opened   time.Time `json:"opened"`
	Closed   time.Time `json:"closed,omitzero"`
	ClosedBy string    `json:"closed_by,omitempty"`
	Evidence string    `json:"evidence,omitempty"`
}

// Event is something that goes into the ledger.
type Event struct {
	At       time.Time
	Actor    string // who: a person's login, or "esrsyncd"
	Action   string // a constant word: run.started, change.applied, feed.accepted…
	PersonID string // whom it is about; empty for none
	RunID    string
	// Details are the values that stand in the erasable table; the chain holds
	// only their salted hashes.
	Details map[string]string
}

// Record is one row of the ledger as it is kept.
type Record struct {
	Sequence int64             `json:"sequence"`
	At       time.Time         `json:"at"`
	Action   string            `json:"action"`
	RunID    string            `json:"run_id,omitempty"`
	Subject  string            `json:"subject,omitempty"` // a random key that stands for the person
	Digests  map[string]string `json:"digests,omitempty"` // salted hashes of the details
	Previous string            `json:"previous"`          // hash of the row before
	Hash     string            `json:"hash"`
	Details  map[string]string `json:"details,omitempty"` // all but the actor is gone once erased
	Salts    map[string]string `json:"salts,omitempty"`   // what each detail was hashed with; gone with it
}

// Checkpoint is the ledger's length and last hash, signed, to be kept elsewhere.
type Checkpoint struct {
	Sequence  int64     `json:"sequence"`
	Hash      string    `json:"hash"`
	At        time.Time `json:"at"`
	Signature string    `json:"signature"`
}
