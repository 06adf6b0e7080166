package plan

import (
	"fmt"
	"slices"
	"strings"

	"esrsync/esrmodel"
	"esrsync/internal/directory"
	"esrsync/internal/finding"
	"esrsync/sync/person"
)

// personFindings reports what a person's record and account say beside each other
// and no change mends.
func (pl *planner) personFindings(p *person.Person) {
	if p.Standing != person.Current {
		return
	}
	if p.Suspended && !pl.in.Held[p.ID] {
		pl.find(finding.New(finding.SuspendedNotLocked, finding.OfPerson, p.Key, "",
			"Suspended in ESR, and not locked out here."))
	}
	pair, paired := pl.in.Matches.Of[p.ID]
	a := pl.accounts[pair.Account]
	if paired && a != nil && pl.owners[a.GUID] == p {
		pl.emailFinding(p, a)
	}
}

// emailFinding reports an address that Workforce Information has not entered yet.
func (pl *planner) emailFinding(p *person.Person, a *directory.Account) {
	if p.External || !p.Access || a.Mail == "" || strings.EqualFold(strings.TrimSpace(p.ESREmail), a.Mail) {
		return
	}
	text := "ESR has no address; the account's is " + a.Mail + "."
	if p.ESREmail != "" {
		text = "ESR shows " + p.ESREmail + "; the account's address is " + a.Mail + "."
	}
	pl.find(finding.New(finding.EmailNotInESR, finding.OfPerson, p.Key, "", text))
}

// accountFindings reports what is wrong with accounts, whoever's they are.
func (pl *planner) accountFindings() {
	known := pl.explained()
	for i := range pl.in.Accounts {
		a := &pl.in.Accounts[i]
		if !pl.protection.inScope(a.DN) {
			continue
		}
		if a.Enabled() {
			pl.unused(a)
		} else if !known[a.GUID] {
			pl.disabledWithGroups(a)
		}
	}
	pl.clashes()
}

// explained are the accounts that are off with their groups for a reason: made
// ahead, off by status, coming back, kept, held, or off by hand and reported so.
func (pl *planner) explained() map[directory.GUID]bool {
	out := map[directory.GUID]bool{}
	for _, p := range pl.order {
		waits := pl.in.Held[p.ID] || p.IsHeld() || p.ReturnsAs != "" || pl.in.Keeps[p.ID] >= pl.day
		if p.Standing == person.Left && !waits {
			continue
		}
		for _, id := range pl.in.Matches.Accounts(p.ID) {
			out[id] = true
		}
	}
	return out
}

// disabledWithGroups reports an account that is off, still has managed groups,
// and does not lose them in this plan.
func (pl *planner) disabledWithGroups(a *directory.Account) {
	if pl.touched[a.GUID].groups {
		return
	}
	var groups []string
	for _, dn := range a.MemberOf {
		if g := pl.groups.find(dn); g != nil && g.managed {
			groups = append(groups, ownName(dn))
		}
	}
	if len(groups) == 0 {
		return
	}
	slices.Sort(groups)
	pl.find(finding.New(finding.DisabledWithGroups, finding.OfAccount, a.GUID.String(), "",
		"The account "+a.Login+" is disabled and still a member of "+strings.Join(groups, ", ")+"."))
}

// signInLag is how many days lastLogonTimestamp may be behind: Active Directory
// writes it only where it is 9 to 14 days old.
const signInLag = 14

// unused reports an account that is on and that nobody signs in to. It is a
// finding and never a leaving.
func (pl *planner) unused(a *directory.Account) {
	days := pl.in.Policy.UnusedAfter
	if days <= 0 {
		return
	}
	if a.LastSignIn.IsZero() {
		if a.Created.IsZero() || pl.daysSince(esrmodel.DateOf(a.Created.In(pl.zone()))) <= days {
			return
		}
		pl.find(finding.New(finding.UnusedAccount, finding.OfAccount, a.GUID.String(), "",
			"Nobody ever signed in to "+a.Login+", made on "+esrmodel.DateOf(a.Created.In(pl.zone())).Words()+"."))
		return
	}
	last := esrmodel.DateOf(a.LastSignIn.In(pl.zone()))
	if pl.daysSince(last) <= days+signInLag {
		return
	}
	pl.find(finding.New(finding.UnusedAccount, finding.OfAccount, a.GUID.String(), "",
		fmt.Sprintf("Nobody signed in to %s since about %s.", a.Login, last.Words())))
}

func (pl *planner) daysSince(d esrmodel.Date) int { return int(pl.day) - int(d) }

// clashes reports logins and addresses that two objects of the forest have.
// UPNs and addresses share one space.
func (pl *planner) clashes() {
	names := slices.Clone(pl.in.Names)
	slices.SortFunc(names, compareNames)
	for i := 1; i < len(names); i++ {
		a, b := names[i-1], names[i]
		if !sameSpace(a, b) || a.Value != b.Value || a.Owner == b.Owner && sameOwnerDN(a, b) {
			continue
		}
		pl.find(finding.New(finding.NameClash, finding.OfAccount, ownerKey(a), a.Value,
			fmt.Sprintf("%s is on two objects: %s and %s.", a.Value, whereIs(a), whereIs(b))))
	}
}

// compareNames puts equal names of one space beside each other.
func compareNames(a, b directory.Name) int {
	loginFirst := func(n directory.Name) int {
		if n.Kind == directory.LoginName {
			return 0
		}
		return 1
	}
	if c := loginFirst(a) - loginFirst(b); c != 0 {
		return c
	}
	if c := strings.Compare(a.Value, b.Value); c != 0 {
		return c
	}
	if c := a.Owner.Compare(b.Owner); c != 0 {
		return c
	}
	return strings.Compare(a.DN, b.DN)
}

func sameSpace(a, b directory.Name) bool {
	return (a.Kind == directory.LoginName) == (b.Kind == directory.LoginName)
}

// sameOwnerDN tells apart objects of which only the global catalogue knows.
func sameOwnerDN(a, b directory.Name) bool { return !a.Owner.IsZero() || a.DN == b.DN }

func ownerKey(n directory.Name) string {
	if n.Owner.IsZero() {
		return n.DN
	}
	return n.Owner.String()
}

func whereIs(n directory.Name) string {
	if n.DN == "" {
		return "an object elsewhere in the forest"
	}
	return n.DN
}
