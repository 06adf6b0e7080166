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
	// HeldOrganisations are the IDs of organisations that a full feed shrank: their
	// leavers wait for a person.
	HeldOrganisations map[string]bool
	Policy            Policy
}

// Verdict is what the guard says of a plan; see [plan.Verdict].
type Verdict = plan.Verdict

// Held is what waits for a person; see [plan.Held].
type Held = plan.Held
