package plan

import (
	"slices"
	"strings"

	"esrsync/internal/directory"
	"esrsync/internal/finding"
	"esrsync/sync/person"
)

// leave plans for a person who has left: every account of theirs is switched
// off, loses the memberships that we manage, leaves the address lists and goes
// to the leavers' OU where there is one. While a newer record of the same human
// being has a start ahead, nothing is moved or taken away. What is already so is
// not planned, so that a leaver who was disabled by hand converges as well.
func (pl *planner) leave(p *person.Person) {
	accounts := pl.leaving(p)
	if len(accounts) == 0 {
		return
	}
	if pl.isKept(p) {
		pl.keepOn(p, accounts[0])
		return
	}
	returns := pl.returns(p)
	for _, a := range accounts {
		if !pl.mayWrite(a) {
			pl.outOfReach(p, a)
			continue
		}
		if pl.unlinked(p, a) {
			pl.link(p, a, pl.in.Matches.Of[p.ID])
			continue
		}
		switch {
		case a.Enabled():
			pl.disable(p, a)
		case pl.isPrimary(p, a):
			pl.repairLeaver(p, a)
		}
		if !returns {
			pl.hide(p, a)
			pl.strip(p, a)
			pl.moveOut(p, a)
			pl.erase(p, a)
		}
	}
}

// keepOn moves the date that ends a kept person's access, where it is ours, to
// the end of the time for which they are kept.
func (pl *planner) keepOn(p *person.Person, a *directory.Account) {
	if pl.isPrimary(p, a) && pl.mayWrite(a) && !pl.unlinked(p, a) {
		pl.expiry(p, a)
	}
}

// leaving returns the accounts that go with a leaver, each once. An account that
// went to a newer record of the same human being, which is current, is not among them.
func (pl *planner) leaving(p *person.Person) []*directory.Account {
	var out []*directory.Account
	for _, id := range pl.in.Matches.Accounts(p.ID) {
		a := pl.accounts[id]
		owner := pl.owners[id]
		if a == nil || owner != nil && owner != p && owner.Standing == person.Current {
			continue
		}
		out = append(out, a)
	}
	return out
}

func (pl *planner) isPrimary(p *person.Person, a *directory.Account) bool {
	pair, found := pl.in.Matches.Of[p.ID]
	return found && pair.Account == a.GUID
}

// unlinked reports whether the account was only just found to be the person's.
func (pl *planner) unlinked(p *person.Person, a *directory.Account) bool {
	pair := pl.in.Matches.Of[p.ID]
	if !pl.isPrimary(p, a) || !pair.New || pair.Stored || pair.Created || slices.Contains(pl.in.Matches.Several[p.ID], a.GUID) {
		return false
	}
	t := pl.in.Tokens[a.GUID]
	return !t.Valid || !isSame(p, t.PersonID)
}

// returns reports whether a leaver comes back under a newer record, and says so.
func (pl *planner) returns(p *person.Person) bool {
	newer, found := pl.people[p.ReturnsAs]
	if p.ReturnsAs == "" || !found || newer.Standing == person.Left || newer.Standing == person.Nobody {
		return false
	}
	pl.wait(p, newer.Start, "Comes back as "+newer.Key+" on "+newer.Start.Words()+": off until then, and nothing is taken away.")
	return true
}

// outOfReach reports a leaver's account that is on and that no run may write.
func (pl *planner) outOfReach(p *person.Person, a *directory.Account) {
	if !a.Enabled() {
		return
	}
	why := pl.protection.reason(a)
	switch {
	case why != "":
	case pl.protection.inScope(a.DN):
		return // a hold is on it, and the watch will put that back
	default:
		why = "it is outside the managed bases"
	}
	pl.find(finding.New(finding.ProtectedLeaver, finding.OfAccount, a.GUID.String(), "",
		leftOn(p, pl.day)+", and the account "+a.Login+" is still on. No run may write it: "+why+". Disable it by hand or by a lockout."))
}

// repairLeaver puts a token back on a leaver's account that lost it. Who switched
// it off stays what the store knows.
func (pl *planner) repairLeaver(p *person.Person, a *directory.Account) {
	token := pl.in.Tokens[a.GUID]
	if token.Valid && isSame(p, token.PersonID) {
		return
	}
	c := pl.begin(Repair, Mark, p, a)
	c.After = Values{Token: {string(pl.state(p, a))}}
	c.Rule = "a linked account carries our token and its person's key"
	c.Reason = "The account's token is not valid."
	if a.Marker == "" {
		c.Reason = "The account lacks our token."
	}
	pl.add(c)
}

// hide takes a leaver's mailbox out of the address lists, where there is Exchange.
// It is a change of its own: a directory that refuses it must still disable.
func (pl *planner) hide(p *person.Person, a *directory.Account) {
	hidden := a.Value(attrHide)
	if a.Mail == "" || hidden == "TRUE" || !pl.in.Schema[strings.ToLower(attrHide)] {
		return
	}
	c := pl.begin(Leaver, Set, p, a)
	c.After = Values{attrHide: {"TRUE"}}
	if hidden != "" {
		c.Before = Values{attrHide: {hidden}}
	}
	c.Rule, c.Reason = "a leaver is not in the address lists", leftOn(p, pl.day)+"."
	c.Urgent = pl.isUrgent(p)
	pl.add(c)
}

// moveOut moves a leaver's account to the leavers' OU, where one is configured.
func (pl *planner) moveOut(p *person.Person, a *directory.Account) {
	ou := pl.in.Policy.LeaversOU
	if ou == "" || !pl.protection.holds(ou) || pl.protection.fold(parentOf(a.DN)) == pl.protection.fold(ou) {
		return
	}
	pl.move(Leaver, p, a, ou, "directory.leavers_ou", leftOn(p, pl.day)+".")
}

// erase deletes an account that we switched off long enough ago. Its class lets
// nothing through without an approval. Both the leaving and our own switching off
// count, so that a leaver who was reported late still has the whole time.
func (pl *planner) erase(p *person.Person, a *directory.Account) {
	days := pl.in.Policy.DeleteAfter
	off, known := pl.in.SwitchedOff[a.GUID]
	if days <= 0 || a.Enabled() || !known || pl.state(p, a) != SwitchedOff ||
		off.AddDays(days) >= pl.day || p.Leaving.AddDays(days) >= pl.day {
		return
	}
	c := pl.begin(Delete, Deletion, p, a)
	c.Before = Values{attrLogin: {a.Login}, Token: {string(SwitchedOff)}}
	c.Rule = "lifecycle.delete_after"
	c.Reason = leftOn(p, pl.day) + "; we switched it off on " + off.Words() + "."
	c.Evidence = evidence(p)
	pl.add(c)
}
