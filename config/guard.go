package config

import "math"

// Limit is how much of something may happen. Above its number or its share, it is held.
type Limit struct {
	// Max is the most changes. Zero lets none through.
	Max int `toml:"max" range:"0.."`
	// MaxPercent is the largest share, 0 to 100, of the enabled, linked accounts before the window. Zero lets none
	// through once the share counts; 100 is no limit by share.
	MaxPercent float64 `toml:"max_percent" range:"0..100"`
}

// setDefaults makes a limit of an expected event that does not say one of the two not limit by that one.
func (l *Limit) setDefaults() { *l = Limit{Max: NoNumber, MaxPercent: 100} }

// NoNumber is the Max of a limit that holds by share only.
const NoNumber = math.MaxInt32

// Guard holds a class of changes, or a slice of it, over a rolling 24 hours of applied and planned ones.
type Guard struct {
	// ShareFrom is the number of changes from which a share counts. Default 5; zero counts it from the first.
	ShareFrom int `toml:"share_from" range:"0.."`

	// The limit for this class of changes.
	Leaver Limit `toml:"leaver"`
	Mover  Limit `toml:"mover"`
	Joiner Limit `toml:"joiner"`
	Rename Limit `toml:"rename"`
	Repair Limit `toml:"repair"`
	Link   Limit `toml:"link"`
	Delete Limit `toml:"delete"`

	// PerOrganisation is the limit for leavers of one organisation; it holds that organisation alone.
	PerOrganisation Limit `toml:"per_organisation"`
	// ApprovalTTL is how long an approval is good for. Default 24 hours.
	ApprovalTTL Duration `toml:"approval_ttl"`
	// QuietHours are times of the week in which held leavers are not applied even if approved before. They never
	// delay a dismissal or a date already passed. Empty, the default: none.
	QuietHours []QuietHours `toml:"quiet_hours"`
	// Expected are the events at which larger numbers are right.
	Expected []Expected `toml:"expected"`
}

// Expected is an event that is known beforehand, such as the August rotation. Changes of the people whom it means
// are judged by its limits instead of the ordinary ones, overall and per organisation.
type Expected struct {
	// Name is what people call it. Required.
	Name string `toml:"name"`
	// From is its first day, and To its last. Required.
	From Date `toml:"from"`
	To   Date `toml:"to"`
	// When is an expression over the person. Required; `true` means everybody.
	When string `toml:"when"`

	// The event's limit for this class of changes. A class that is left out, nil, keeps its ordinary limit; a
	// limit that gives only a number does not limit by share, and the reverse.
	Leaver *Limit `toml:"leaver"`
	Mover  *Limit `toml:"mover"`
	Joiner *Limit `toml:"joiner"`
	Rename *Limit `toml:"rename"`
	Repair *Limit `toml:"repair"`
	Link   *Limit `toml:"link"`
	Delete *Limit `toml:"delete"`
}

// Limits returns the limits by change class. Lockout and release are not among them: nothing holds those.
func (g Guard) Limits() map[string]Limit {
	return map[string]Limit{
		"leaver": g.Leaver, "mover": g.Mover, "joiner": g.Joiner, "rename": g.Rename,
		"repair": g.Repair, "link": g.Link, "delete": g.Delete,
	}
}

// Limits returns the limits that the event sets, by change class.
func (e Expected) Limits() map[string]Limit {
	set := map[string]Limit{}
	for class, limit := range map[string]*Limit{
		"leaver": e.Leaver, "mover": e.Mover, "joiner": e.Joiner, "rename": e.Rename,
		"repair": e.Repair, "link": e.Link, "delete": e.Delete,
	} {
		if limit != nil {
			set[class] = *limit
		}
	}
	return set
}
