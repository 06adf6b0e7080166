package plan

import (
	"fmt"

	"esrsync/esrmodel"
	"esrsync/internal/directory"
	"esrsync/internal/finding"
	"esrsync/sync/person"
)

// join plans an account for somebody who starts soon or is current and has none.
// It is made disabled; only a current status that covers the day enables it, so
// that a no-show never gets in.
func (pl *planner) join(p *person.Person) {
	switch {
	case p.Standing == person.Starting && pl.isFarAhead(p):
		return
	case p.Standing == person.Current && !p.Access:
		return // a status that means no access: none is made
	}
	if why := pl.mayNotMake(p); why != "" {
		pl.noAccount(p, why)
		return
	}
	if why := pl.create(p); why != "" {
		pl.noAccount(p, why)
	}
}

// mayNotMake says why no account may be made for a person; empty: one may.
func (pl *planner) mayNotMake(p *person.Person) string {
	m, carrier := pl.in.Matches, pl.in.Policy.PersonKeyAttribute
	_, awaits := m.Awaits[p.ID]
	switch {
	case p.Key == "":
		return "ESR has no employee number for this person"
	case cut(p.Key, limitOf(carrier)) != p.Key:
		return fmt.Sprintf("the employee number is longer than the %d characters that %s takes", limitOf(carrier), carrier)
	case len(m.Several[p.ID]) > 0:
		return "several accounts carry the employee number"
	case m.Doubtful[p.ID] != "":
		return "the match queue has to be answered first: " + m.Doubtful[p.ID]
	case awaits:
		return "the account of an older record of the same person goes to this one when it starts"
	case !m.MayCreate(p.ID):
		return "an account may be theirs already"
	}
	return ""
}

// noAccount reports a current person who has no account and gets none now, unless
// the matching said so already.
func (pl *planner) noAccount(p *person.Person, why string) {
	if p.Standing != person.Current {
		pl.wait(p, p.Start, "No account is made yet: "+why+".")
		return
	}
	f := finding.New(finding.NoAccount, finding.OfPerson, subjectOf(p), "", "Current, without an account: "+why+".")
	if !pl.told[f.ID] {
		pl.find(f)
	}
}

// create plans the account with its names, its place, its attributes and its
// groups, and says why it cannot where it cannot.
func (pl *planner) create(p *person.Person) string {
	rule := pl.placement(p)
	switch {
	case rule == nil:
		return "no placement rule fits"
	case !pl.protection.holds(rule.OU):
		return "the OU of " + rule.Name + " is outside the managed bases"
	}
	names, why := pl.chooseNames(p)
	if why != "" {
		return why
	}
	cn, found := pl.chooseCN(rule.OU, pl.valuesWith(p, names.values()), "")
	if !found {
		return "the common name that naming.cn makes cannot be used"
	}
	c := pl.begin(Joiner, Create, p, nil)
	c.DN = newDN(cn, rule.OU)
	c.After = Values{OU: {rule.OU}, CN: {cn}, attrLogin: {names.login}, attrUPN: {names.upn}, PersonKey: {p.Key}, Token: {string(Precreated)}}
	pl.fillNew(c.After, p, names)
	c.Rule, c.Reason = "lifecycle.create_before_start", pl.whyCreate(p)
	c.Effective = pl.startOf(p)
	c.Evidence = evidence(p)
	pl.add(c)
	pl.made[p.ID] = newAccount{DN: c.DN}
	pl.enableNew(p, c)
	pl.joinRules(p, c.DN)
	pl.wantNewManager(p, c.DN)
	return ""
}

// startOf returns the day on which a new account is felt.
func (pl *planner) startOf(p *person.Person) esrmodel.Date {
	if p.Standing == person.Starting {
		return max(pl.day, p.Start)
	}
	return pl.day
}

func (pl *planner) whyCreate(p *person.Person) string {
	if p.Standing == person.Starting {
		return fmt.Sprintf("Starts on %s and has no account.", p.Start.Words())
	}
	return "Current in ESR and without an account."
}

// fillNew adds to a new account what it has beside its names: mail, attributes
// of every authority, and the end that is known already.
func (pl *planner) fillNew(after Values, p *person.Person, names chosen) {
	more := names.values()
	value := pl.valuesWith(p, more)
	put := func(name, v string) {
		if v != "" && pl.inSchema(name) {
			after[name] = []string{v}
		}
	}
	put(attrSurname, cut(p.Last, limitOf(attrSurname)))
	put(attrGiven, cut(value("preferred"), limitOf(attrGiven)))
	put(attrDisplay, cut(newTemplate(pl.in.Policy.DisplayName).fill(value), limitOf(attrDisplay)))
	more["display_name"] = after.First(attrDisplay)
	put(attrMail, names.email)
	if names.email != "" {
		put(attrProxies, primaryAddress+names.email)
	}
	for i := range pl.attributes {
		if attr := &pl.attributes[i]; !attr.late {
			put(attr.Name, attr.valueFor(value))
		}
	}
	if last := pl.lastDay(p); pl.in.Policy.AccountExpires && !last.IsZero() {
		put(attrExpires, directory.FileTime(pl.midnightAfter(last)))
	}
}

// enableNew enables an account that is made for somebody who is current already.
func (pl *planner) enableNew(p *person.Person, made Change) {
	if p.Standing != person.Current || !p.Access {
		return
	}
	off := directory.NormalAccount.WithDisabled()
	c := pl.begin(Joiner, Enable, p, nil)
	c.DN = made.DN
	c.Before = Values{attrControl: {off.String()}, Token: {string(Precreated)}}
	c.After = Values{attrControl: {off.WithEnabled().String()}, Token: {string(Managed)}}
	c.Rule, c.Reason = "a person who is current may sign in", "Current in ESR since "+p.Start.Words()+"."
	c.Evidence = made.Evidence
	pl.add(c)
}
