package plan

import (
	"esrsync/internal/directory"
	"esrsync/internal/finding"
	"esrsync/sync/person"
)

// placement returns the first rule that fits a person, or nil.
func (pl *planner) placement(p *person.Person) *Placement {
	for i := range pl.in.Policy.Placement {
		if rule := &pl.in.Policy.Placement[i]; rule.When.FitsAt(p) {
			return rule
		}
	}
	return nil
}

// bindsExisting reports whether any placement rule moves existing accounts.
func (pl *planner) bindsExisting() bool {
	for _, r := range pl.in.Policy.Placement {
		if r.Always {
			return true
		}
	}
	return false
}

// place moves an account to its OU where the rule binds existing accounts, and
// back out of the leavers' OU, into which it was we who moved it. It returns the
// OU in which the account will be.
func (pl *planner) place(p *person.Person, a *directory.Account) string {
	stays, leavers := parentOf(a.DN), pl.in.Policy.LeaversOU
	wasOut := leavers != "" && p.Standing == person.Current && p.Access &&
		pl.protection.fold(stays) == pl.protection.fold(leavers)
	if !wasOut && !pl.bindsExisting() {
		return stays
	}
	rule := pl.placement(p)
	if rule == nil || !pl.protection.holds(rule.OU) {
		return stays
	}
	moves := false
	switch {
	case wasOut:
		moves = pl.move(Joiner, p, a, rule.OU, rule.Name, "Came back, and out of the leavers' OU.")
	case rule.Always && pl.protection.fold(stays) != pl.protection.fold(rule.OU):
		moves = pl.move(Mover, p, a, rule.OU, rule.Name, "The rule "+rule.Name+" places this person elsewhere.")
	}
	if moves {
		return rule.OU
	}
	return stays
}

// move plans a move, unless the name is taken at the new place, and reports
// whether it did.
func (pl *planner) move(class Class, p *person.Person, a *directory.Account, ou, rule, reason string) bool {
	if !pl.registry().takeCN(ou, a.CN, a.DN) {
		pl.find(finding.New(finding.NameClash, finding.OfAccount, a.GUID.String(), "move",
			"The account cannot be moved: there is another object called "+a.CN+" in "+ou+"."))
		return false
	}
	c := pl.begin(class, Move, p, a)
	c.Before, c.After = Values{OU: {parentOf(a.DN)}}, Values{OU: {ou}}
	c.Rule, c.Reason = rule, reason
	c.Urgent = class == Leaver && pl.isUrgent(p)
	c.Evidence = evidence(p)
	pl.add(c)
	return true
}

// newDN returns the name that a new account gets.
func newDN(cn, ou string) string { return directory.ChildDN(cn, ou) }
