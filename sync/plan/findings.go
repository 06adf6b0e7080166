package plan

import (
	"fmt"
	"slices"
	"sort"
	"strings"

	"esrsync/esrmodel"
	"esrsync/internal/directory"
	"esrsync/internal/finding"
	"esrsync/sync/person"
)

// subjectOf returns what findings call a person by: the key, else ESR's ID.
func subjectOf(p *person.Person) string {
	if p.Key == "" {
		return "#" + p.ID
	}
	return p.Key
}

// personFindings reports what the record and the account of somebody current say
// beside each other and no change mends. The account is nil where there is none.
func (pl *planner) personFindings(p *person.Person, a *directory.Account) {
	if p.Suspended && !pl.isLockedOut(p) {
		pl.find(finding.New(finding.SuspendedNotLocked, finding.OfPerson, subjectOf(p), "",
			"Suspended in ESR, and not locked out here."))
	}
	if a != nil {
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
	pl.find(finding.New(finding.EmailNotInESR, finding.OfPerson, subjectOf(p), "", text))
}

// accountFindings reports what is wrong with accounts, whoever's they are.
func (pl *planner) accountFindings() {
	var off []*directory.Account
	for i := range pl.in.Accounts {
		a := &pl.in.Accounts[i]
		switch {
		case !pl.protection.inScope(a.DN):
		case a.Enabled():
			pl.unused(a)
		case !pl.regrouped[a.GUID] && len(pl.managedGroups(a)) > 0:
			off = append(off, a)
		}
	}
	if len(off) > 0 {
		known := pl.explained()
		for _, a := range off {
			if !known[a.GUID] {
				pl.disabledWithGroups(a)
			}
		}
	}
	pl.clashes()
}

// managedGroups returns the names of the groups of an account that are ours to
// change, sorted.
func (pl *planner) managedGroups(a *directory.Account) []string {
	var out []string
	for _, dn := range a.MemberOf {
		if g := pl.groups.find(dn); g != nil && g.managed {
			out = append(out, ownName(dn))
		}
	}
	slices.Sort(out)
	return out
}

// explained are the accounts that are off with their groups for a reason: made
// ahead, off by status, coming back, kept, held, or off by hand and reported so.
func (pl *planner) explained() map[directory.GUID]bool {
	out := map[directory.GUID]bool{}
	for _, p := range pl.order {
		waits := pl.isLockedOut(p) || p.IsHeld() || p.ReturnsAs != "" || pl.in.Keeps[p.ID] >= pl.day
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
	pl.find(finding.New(finding.DisabledWithGroups, finding.OfAccount, a.GUID.String(), "",
		"The account "+a.Login+" is disabled and still a member of "+strings.Join(pl.managedGroups(a), ", ")+"."))
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
	names := pl.in.Names
	if !slices.IsSortedFunc(names, compareNames) {
		names = slices.Clone(names)
		slices.SortFunc(names, compareNames)
	}
	pl.clashesIn(ofKind(names, directory.LoginName), nil)
	pl.clashesIn(ofKind(names, directory.Address), ofKind(names, directory.UPNName))
}

// ofKind returns the part of sorted names that is of a kind.
func ofKind(names []directory.Name, kind directory.NameKind) []directory.Name {
	from := sort.Search(len(names), func(i int) bool { return names[i].Kind >= kind })
	to := sort.Search(len(names), func(i int) bool { return names[i].Kind > kind })
	return names[from:to]
}

// clashesIn walks through two sorted lists at once, and reports each name that
// is on two objects, once.
func (pl *planner) clashesIn(a, b []directory.Name) {
	var last directory.Name
	told := ""
	for len(a)+len(b) > 0 {
		next := &a
		if len(a) == 0 || len(b) > 0 && b[0].Value < a[0].Value {
			next = &b
		}
		n := (*next)[0]
		*next = (*next)[1:]
		if n.Value == last.Value && n.Value != told && !sameObject(n, last) {
			told = n.Value
			pl.find(finding.New(finding.NameClash, finding.OfAccount, ownerKey(last), n.Value,
				fmt.Sprintf("%s is on two objects: %s and %s.", n.Value, whereIs(last), whereIs(n))))
		}
		last = n
	}
}

// compareNames orders names by kind and value, as a directory's reader does.
func compareNames(a, b directory.Name) int {
	if c := strings.Compare(string(a.Kind), string(b.Kind)); c != 0 {
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

// sameObject reports whether two names are of one object. Of an object elsewhere
// in the forest only the DN is known.
func sameObject(a, b directory.Name) bool {
	return a.Owner == b.Owner && (!a.Owner.IsZero() || a.DN == b.DN)
}

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
