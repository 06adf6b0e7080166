package plan

import (
	"fmt"

	"esrsync/esrmodel"
	"esrsync/internal/directory"
	"esrsync/internal/finding"
	"esrsync/sync/person"
)

// access switches the account of a person who starts or is current on or off, or
// repairs its token where nothing is to be switched.
//
// It enables only what we disabled or made: what somebody else switched off
// stays off (finding D04). It disables where ESR's status says so while the
// person stays current, and between two employments of one record.
func (pl *planner) access(p *person.Person, a *directory.Account) {
	switch {
	case a.Enabled() && pl.mustBeOff(p):
		if pl.isKept(p) {
			pl.repair(p, a)
			return
		}
		pl.disable(p, a)
	case !a.Enabled() && p.Standing == person.Current && p.Access && pl.weSwitchedOff(p, a):
		pl.enable(p, a)
	default:
		pl.repair(p, a)
		pl.pastDue(p, a)
	}
}

// mustBeOff reports whether a person who has not left may not sign in: by status,
// or because one employment has ended and the next is still ahead.
func (pl *planner) mustBeOff(p *person.Person) bool {
	if p.Standing == person.Current {
		return !p.Access
	}
	return p.Standing == person.Starting && !p.Leaving.IsZero() && p.Leaving < p.Start && pl.hasPassed(p.Leaving)
}

// hasPassed reports whether access that lasts until the end of a day is over.
func (pl *planner) hasPassed(last esrmodel.Date) bool {
	return last < pl.day || last == pl.day && pl.in.At.Closed
}

// weSwitchedOff reports whether we know that an account that is off is so by our
// hand. A token that is there and not valid proves the opposite of nothing: the
// repair that it gets comes first.
func (pl *planner) weSwitchedOff(p *person.Person, a *directory.Account) bool {
	if a.Marker != "" && !pl.in.Tokens[a.GUID].Valid {
		return false
	}
	s := pl.state(p, a)
	return s == Precreated || s == SwitchedOff
}

// enable switches an account on again, in one edit with its token, its person
// key and its place in the address lists.
func (pl *planner) enable(p *person.Person, a *directory.Account) {
	c := pl.begin(Joiner, Enable, p, a)
	was := pl.state(p, a)
	c.Before = Values{attrControl: {a.Control.String()}}
	c.After = Values{attrControl: {a.Control.WithEnabled().String()}, Token: {string(Managed)}}
	if t := pl.in.Tokens[a.GUID]; t.Valid {
		c.Before[Token] = []string{t.State}
	}
	c.setKey(a.PersonKey, pl.keyFor(p, a))
	if hidden := a.Value(attrHide); was == SwitchedOff && hidden == "TRUE" {
		c.Before[attrHide] = []string{hidden}
	}
	c.Rule = "a person who is current may sign in"
	c.Reason = fmt.Sprintf("Current since %s, and it was we who left it off.", p.Start.Words())
	if was == Precreated {
		c.Rule, c.Reason = "lifecycle.create_before_start", fmt.Sprintf("Starts on %s.", p.Start.Words())
	}
	c.Evidence = evidence(p)
	pl.add(c)
}

// disable switches an account off, in one edit with its token, which says that
// it was we. Nothing that could be refused is in that edit.
func (pl *planner) disable(p *person.Person, a *directory.Account) {
	c := pl.begin(Leaver, Disable, p, a)
	c.Before = Values{attrControl: {a.Control.String()}}
	c.After = Values{attrControl: {a.Control.WithDisabled().String()}, Token: {string(SwitchedOff)}}
	if t := pl.in.Tokens[a.GUID]; t.Valid {
		c.Before[Token] = []string{t.State}
	}
	c.Rule, c.Reason = pl.whyOff(p)
	c.Effective = pl.feltOn(p)
	c.Urgent, c.RemovesAccess = pl.isUrgent(p), true
	c.Evidence = evidence(p)
	pl.add(c)
}

func (pl *planner) whyOff(p *person.Person) (rule, reason string) {
	if p.Standing == person.Current {
		return "lifecycle.statuses", fmt.Sprintf("ESR's status %q means no access while it lasts.", p.Primary.Status)
	}
	return "lifecycle.leaver_date", leftOn(p, pl.day) + "."
}

// feltOn returns the first day without access that a change of today makes.
func (pl *planner) feltOn(p *person.Person) esrmodel.Date {
	if p.Standing == person.Current || p.Leaving.IsZero() {
		return pl.day
	}
	return max(pl.day, p.Leaving.AddDays(1))
}

// isUrgent reports whether quiet hours must not delay the end of access: a
// dismissal, or a leaving day that is over.
func (pl *planner) isUrgent(p *person.Person) bool {
	return p.Dismissed || p.Standing != person.Current && !p.Leaving.IsZero() && p.Leaving < pl.day
}

// isKept reports whether somebody stopped the leaving of a person for now, and
// says so in the plan.
func (pl *planner) isKept(p *person.Person) bool {
	until, kept := pl.in.Keeps[p.ID]
	if !kept || until < pl.day {
		return false
	}
	pl.wait(p, until, leftOn(p, pl.day)+"; kept until "+until.Words()+" on somebody's word.")
	return true
}

// pastDue reports a current person whose account is off by somebody else's hand:
// disabled, or past a date that we did not write.
func (pl *planner) pastDue(p *person.Person, a *directory.Account) {
	if p.Standing != person.Current || !p.Access {
		return
	}
	if !a.Enabled() {
		pl.find(finding.New(finding.DisabledByHand, finding.OfPerson, subjectOf(p), "",
			"Current in ESR, but the account "+a.Login+" was disabled by somebody else; it stays off."))
	}
	if expired := pl.expiresOn(a); !expired.IsZero() && expired <= pl.day && !pl.isOurs(a) {
		pl.find(finding.New(finding.DisabledByHand, finding.OfPerson, subjectOf(p), "expired",
			"Current in ESR, but the account "+a.Login+" ended by a date that somebody else set; it stays so."))
	}
}

// leftOn says when somebody left, in words.
func leftOn(p *person.Person, day esrmodel.Date) string {
	text := "Left " + p.Leaving.Words()
	if p.LeavingBy != "" {
		text += " (" + p.LeavingBy + ")"
	}
	switch late := int(day) - int(p.Leaving); {
	case late == 1:
		text += ", one day ago"
	case late > 1:
		text += fmt.Sprintf(", %d days ago", late)
	}
	return text
}

// evidence returns the record that a change rests on and what it says.
func evidence(p *person.Person) []string {
	var out []string
	if p.Primary.Number != "" {
		out = append(out, "assignment "+p.Primary.Number)
	}
	if p.Why != "" {
		out = append(out, p.Why)
	}
	return out
}
