package madeup

import (
	"slices"

	"esrsync/esrmodel"
)

// Trust is a made-up trust. It never changes, and is safe for use by several
// goroutines.
type Trust struct {
	opts      Options
	estate    estate
	seats     []seat
	staff     []employee // as the first full file has them
	newcomers []employee // whom a changes file brings
	nights    [Nights + 1]night
	events    []Event
	roles     roles
	externals []external
	lost      string // person ID of whom the later full files lack
}

// New makes a trust, in time proportional to its people.
func New(opts Options) *Trust {
	opts = opts.withDefaults()
	b := newBuilder(opts)
	b.recruit()
	b.occur()
	externals := b.register()
	b.sortEvents()
	return &Trust{
		opts: opts, estate: b.estate, seats: b.seats, staff: b.staff, newcomers: b.newcomers, nights: b.nights,
		events: b.events, roles: b.roles, externals: externals, lost: b.lost,
	}
}

// Options returns what the trust was made with, the defaults filled in.
func (t *Trust) Options() Options { return t.opts }

// Day returns the day of a night's file. What stands in it was keyed before its midnight.
func (t *Trust) Day(night int) esrmodel.Date { return t.opts.Day.AddDays(night) }

// Events returns what happens in the files, in order of night; those of night 0
// stand in the first full file.
func (t *Trust) Events() []Event { return slices.Clone(t.events) }
