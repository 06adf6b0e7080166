package guard

import (
	"time"

	"esrsync/esrmodel"
	"esrsync/internal/state"
	"esrsync/sync/person"
	"esrsync/sync/plan"
)

// Limit bounds how many accounts a class may change in a rolling 24 hours. A
// class is held when it is above its number or its share. A limit of zero lets
// nothing through without an approval.
type Limit struct {
	Max        int
	MaxPercent float64 // 0 to 100, of the accounts that were enabled and linked before the window
}

// Policy is a trust's appetite for change.
type Policy struct {
	ShareFrom       int // a share counts from this many accounts up
	Limits          map[plan.Class]Limit
	PerOrganisation Limit // leavers of one organisation; holds that organisation alone
	Expected        []Expected
	Quiet           []Quiet
	// Classes are the classes that may be applied at all; the others are reported.
	// Nil means every class.
	Classes map[plan.Class]bool
	// Observe holds everything but lockouts: the mode of a new installation.
	Observe bool
}

// Expected is an event that explains more change than usual: a rotation of doctors.
type Expected struct {
	Name     string
	From, To esrmodel.Date // by the day on which a change is felt, both included
	When     person.Rule
	Limits   map[plan.Class]Limit // a Max of 0 leaves the class as it is
}

// Quiet is a stretch of the week in which held leavers are not applied even if
// they were approved before: minutes from Monday 00:00, From may be after To.
type Quiet struct {
	Text     string
	From, To int
}

// Input is everything that a verdict is made from.
type Input struct {
	Plan      plan.Plan
	People    []person.Person
	Now       time.Time        // local; only its weekday and time of day are used, for quiet hours
	Applied   []state.Entry    // done within the last 24 hours
	Approvals []state.Approval // not expired
	// Enabled is the number of enabled, linked accounts now, overall and by organisation ID.
	Enabled               int
	EnabledByOrganisation map[string]int
	Policy                Policy
}

// Verdict says which changes may be made now, and why the others may not.
type Verdict struct {
	Allowed []string `json:"allowed"` // change IDs, in the plan's order
	Held    []Held   `json:"held"`
}

// Held is a class, or one organisation's part of it, that waits for a person.
type Held struct {
	Class   plan.Class `json:"class"`
	Slice   string     `json:"slice,omitempty"` // organisation; empty for the whole class
	Limit   string     `json:"limit"`           // the limit in words
	Count   int        `json:"count"`           // accounts, applied and planned
	Reason  string     `json:"reason"`
	Changes []string   `json:"changes"` // IDs
	People  []string   `json:"people"`  // person keys, sorted, each once
}
