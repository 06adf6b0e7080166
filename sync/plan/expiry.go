package plan

import (
	"time"

	"esrsync/esrmodel"
	"esrsync/internal/directory"
	"esrsync/sync/person"
)

// expiry writes a known leaving date ahead as accountExpires, so that access
// ends on the day even if the daemon does not run. ESR is the authority for
// dates that end access; a date that would give access back or longer is written
// only over one that we wrote ourselves. While somebody has to be off, a date that
// has passed stays: it ends access even where the disabling is held.
func (pl *planner) expiry(p *person.Person, a *directory.Account) {
	if !pl.in.Policy.AccountExpires || pl.mustBeOff(p) {
		return
	}
	last := pl.lastDay(p)
	want, have := pl.midnightAfter(last), a.Expires
	switch {
	case have.Equal(want):
	case want.IsZero():
		if pl.isOurs(a) {
			pl.setExpiry(Mover, p, a, want, pl.day, "ESR has no leaving date any more.")
		}
	case have.IsZero() || want.Before(have):
		pl.setExpiry(Leaver, p, a, want, last.AddDays(1), "Leaves on "+last.Words()+": access ends by itself after that day.")
	case pl.isOurs(a):
		pl.setExpiry(Mover, p, a, want, pl.day, "Leaves later than was known, on "+last.Words()+".")
	}
}

// lastDay returns the last day with access of the present or coming employment,
// where one is known and still ahead; a leaving that somebody stopped for a while
// is on the day until which they did.
func (pl *planner) lastDay(p *person.Person) esrmodel.Date {
	last := max(p.Leaving, pl.in.Keeps[p.ID])
	if p.Leaving.IsZero() || p.Leaving < p.Start || pl.hasPassed(last) {
		return 0
	}
	return last
}

// midnightAfter returns the end of a day on the trust's wall clocks, which is
// what accountExpires of a last day is. The zero Date gives the zero Time: never.
func (pl *planner) midnightAfter(last esrmodel.Date) time.Time {
	if last.IsZero() {
		return time.Time{}
	}
	return last.AddDays(1).Time(pl.zone())
}

func (pl *planner) zone() *time.Location {
	if pl.in.Zone == nil {
		return time.UTC
	}
	return pl.in.Zone
}

// isOurs reports whether the account's expiry is the one that we wrote last.
func (pl *planner) isOurs(a *directory.Account) bool {
	ours, known := pl.in.OurExpiry[a.GUID]
	return known && !ours.IsZero() && ours.Equal(a.Expires)
}

// expiresOn returns the first day on which the account has expired, or no date.
func (pl *planner) expiresOn(a *directory.Account) esrmodel.Date {
	if a.Expires.IsZero() {
		return 0
	}
	return esrmodel.DateOf(a.Expires.In(pl.zone()))
}

func (pl *planner) setExpiry(class Class, p *person.Person, a *directory.Account, want time.Time, felt esrmodel.Date, reason string) {
	c := pl.begin(class, Set, p, a)
	c.Before, c.After = Values{}, Values{attrExpires: {directory.FileTime(want)}}
	if !a.Expires.IsZero() {
		c.Before[attrExpires] = []string{directory.FileTime(a.Expires)}
	}
	c.Rule, c.Reason = "lifecycle.account_expires", reason
	c.Effective = max(pl.day, felt)
	c.RemovesAccess = class == Leaver
	c.Evidence = evidence(p)
	pl.add(c)
}
