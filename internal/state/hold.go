package state

import (
	"time"

	"esrsync/esrmodel"
	"esrsync/internal/directory"
)

// Hold is one lockout: on whose word, of whom, and what it took, so that a
// release can put back exactly that. Nothing but a release ends it.
type Hold struct {
	ID        string        `json:"id"`                  // 32 hexadecimal digits; sealed into the token of each held account
	PersonID  string        `json:"person_id,omitempty"` // empty where only an account was named and nobody's it is
	PersonKey string        `json:"person,omitempty"`
	Ticket    string        `json:"ticket"`
	Category  string        `json:"-"` // the reason: stays in the store, HR's and the auditor's pages; never in JSON, logs, mails or files
	Requester string        `json:"requester"`
	Second    string        `json:"second,omitempty"` // who confirmed beyond lockout.max_per_hour
	Review    esrmodel.Date `json:"review,omitzero"`  // a date that passes makes a task, never a release
	Placed    time.Time     `json:"placed"`
	State     string        `json:"state"`
	Accounts  []HeldAccount `json:"accounts"`

	ReleaseTicket string    `json:"release_ticket,omitempty"`
	ReleasedBy    string    `json:"released_by,omitempty"`
	Released      time.Time `json:"released,omitzero"`
}

// States of a hold.
const (
	HoldPlacing   = "placing"   // intended; some account or controller has not answered yet
	HoldInForce   = "in_force"  // every account is off on every writable controller
	HoldReleasing = "releasing" // a release has begun and not ended
	HoldReleased  = "released"
)

// HeldAccount is one account of a hold and what it was before.
type HeldAccount struct {
	Account  directory.GUID    `json:"account"`
	Login    string            `json:"login"`
	DN       string            `json:"dn"`
	Evidence string            `json:"evidence"`          // by link, token, naming rule, employee number, or named
	Enabled  bool              `json:"enabled"`           // before: a release enables only what was enabled
	Control  directory.Control `json:"control"`           // before
	State    string            `json:"state"`             // what the token said before: managed, precreated, leaver, or nothing
	Marked   bool              `json:"marked"`            // the account had a valid token before
	Groups   []directory.GUID  `json:"groups"`            // memberships that the hold took; nil: not looked at yet
	Password directory.Stamp   `json:"password,omitzero"` // of the reset that was ours, so that any other is seen
	Reached  []Reached         `json:"reached"`           // by controller, in order of name
}

// Reached is what one controller answered about one account.
type Reached struct {
	Controller string    `json:"controller"`
	Disabled   time.Time `json:"disabled,omitzero"` // when it was seen off there; zero: STILL OPEN
	Marked     bool      `json:"marked"`            // its token there says that it is held
	Reset      time.Time `json:"reset,omitzero"`    // when the password was reset there, on the one controller that does so
	Tried      time.Time `json:"tried"`
	Error      string    `json:"error,omitempty"`
}

// IsOpen reports whether any account of the hold is not known to be off on some controller.
func (h Hold) IsOpen() bool {
	for _, a := range h.Accounts {
		if len(a.Reached) == 0 {
			return true
		}
		for _, r := range a.Reached {
			if r.Disabled.IsZero() {
				return true
			}
		}
	}
	return false
}

// HookRun is one call of a hook for one account of a hold, kept until it went
// through: retries survive a restart.
type HookRun struct {
	ID       int64          `json:"id"`
	HoldID   string         `json:"hold_id"`
	Hook     string         `json:"hook"` // its name in the configuration
	Account  directory.GUID `json:"account"`
	Attempts int            `json:"attempts"`
	Next     time.Time      `json:"next,omitzero"` // when it is tried again; zero once it is done
	Done     time.Time      `json:"done,omitzero"`
	Answer   string         `json:"answer,omitempty"` // the end of what it said, without secrets
}
