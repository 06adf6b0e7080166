package plan

import (
	"slices"

	"esrsync/internal/directory"
	"esrsync/sync/person"
)

// group is a group of the directory and what the trust says of it.
type group struct {
	directory.Group
	rules     []*GroupRule
	exclusive bool
	managed   bool // named in a rule or under group_bases, and not privileged
}

// named reports whether the group's members follow rules.
func (g *group) named() bool { return len(g.rules) > 0 }

// groups finds groups by the DNs that accounts name.
type groups struct {
	all        []*group          // sorted by folded DN
	of         map[string]*group // by DN as read and folded; nil for one that is none of ours
	privileged map[string]bool   // by folded DN
}

// indexGroups says of every group whether its memberships are ours to change.
// Privileged groups never are, nor groups that are members of one.
func indexGroups(in Input) *groups {
	g := &groups{of: make(map[string]*group, 2*len(in.Groups)), privileged: privilegedGroups(in)}
	for i := range in.Groups {
		folded := directory.FoldDN(in.Groups[i].DN)
		one := &group{Group: in.Groups[i]}
		one.managed = !g.privileged[folded] && directory.UnderAny(in.Groups[i].DN, in.Policy.GroupBases)
		g.of[folded], g.of[in.Groups[i].DN] = one, one
		g.all = append(g.all, one)
	}
	slices.SortFunc(g.all, func(a, b *group) int { return a.GUID.Compare(b.GUID) })
	for i := range in.Policy.Groups {
		rule := &in.Policy.Groups[i]
		folded := directory.FoldDN(rule.Group)
		if one := g.of[folded]; one != nil && !g.privileged[folded] {
			one.rules = append(one.rules, rule)
			one.exclusive = one.exclusive || rule.Exclusive
			one.managed = true
		}
	}
	return g
}

// privilegedGroups returns the folded DNs of the groups that are privileged by
// SID, by name or by the trust's list, and of the groups that are in one of
// those, however deep.
func privilegedGroups(in Input) map[string]bool {
	out := map[string]bool{}
	for _, dn := range in.Policy.ProtectedGroups {
		out[directory.FoldDN(dn)] = true
	}
	members := map[string][]string{}
	for _, g := range in.Groups {
		folded := directory.FoldDN(g.DN)
		if privilegedSID(g.SID) || privilegedName(g.DN) {
			out[folded] = true
		}
		members[folded] = g.Members
	}
	var open []string
	for dn := range out { // the order does not matter: all that can be reached is reached
		open = append(open, dn)
	}
	for len(open) > 0 {
		next := open[len(open)-1]
		open = open[:len(open)-1]
		for _, m := range members[next] {
			folded := directory.FoldDN(m)
			if _, isGroup := members[folded]; isGroup && !out[folded] {
				out[folded] = true
				open = append(open, folded)
			}
		}
	}
	return out
}

// find returns a group by its DN, or nil.
func (g *groups) find(dn string) *group {
	one, known := g.of[dn]
	if !known {
		one = g.of[directory.FoldDN(dn)]
		g.of[dn] = one
	}
	return one
}

// wanted reports whether a rule gives the person the group, and which.
func (g *group) wanted(p *person.Person) (*GroupRule, bool) {
	for _, r := range g.rules {
		if r.When.FitsAt(p) {
			return r, true
		}
	}
	return nil, false
}

// memberships makes a person's memberships follow the rules: those in groups
// that rules name. Somebody who does bank work only also loses the memberships
// in other managed groups: the rules say what bank staff get.
func (pl *planner) memberships(p *person.Person, a *directory.Account) {
	var have []*group // few: those that are ours to change
	for _, dn := range a.MemberOf {
		g := pl.groups.find(dn)
		if g != nil && g.managed {
			have = append(have, g)
		}
		switch {
		case g != nil && g.managed && g.named():
			if _, wanted := g.wanted(p); !wanted {
				pl.leaveGroup(Mover, p, a, g, g.rules[0].Name, "No rule gives "+ownName(g.DN)+" any more.")
			}
		case g != nil && g.managed && p.BankOnly:
			pl.leaveGroup(Mover, p, a, g, "who does bank work only keeps what rules give",
				"Bank work only, and no rule gives "+ownName(g.DN)+".")
		case p.BankOnly:
			pl.leaveAlone(p, a, dn)
		}
	}
	for _, g := range pl.groups.all {
		if !g.named() || slices.Contains(have, g) {
			continue
		}
		if rule, wanted := g.wanted(p); wanted {
			pl.joinGroup(Mover, p, a, g, rule)
		}
	}
}

// joinRules gives a new account the groups of the rules.
func (pl *planner) joinRules(p *person.Person, dn string) {
	for _, g := range pl.groups.all {
		rule, wanted := g.wanted(p)
		if !wanted {
			continue
		}
		c := pl.groupChange(Joiner, AddMember, p, nil, g)
		c.DN, c.Effective = dn, pl.startOf(p)
		c.After = Values{Group: {g.DN}}
		c.Rule, c.Reason = rule.Name, "The rule "+rule.Name+" gives "+ownName(g.DN)+"."
		pl.add(c)
	}
}

// strip takes every managed membership of a leaver's account.
func (pl *planner) strip(p *person.Person, a *directory.Account) {
	for _, dn := range a.MemberOf {
		if g := pl.groups.find(dn); g != nil && g.managed {
			pl.leaveGroup(Leaver, p, a, g, "a leaver loses every managed membership", leftOn(p, pl.day)+".")
			continue
		}
		pl.leaveAlone(p, a, dn)
	}
}

func (pl *planner) joinGroup(class Class, p *person.Person, a *directory.Account, g *group, rule *GroupRule) {
	c := pl.groupChange(class, AddMember, p, a, g)
	c.After = Values{Group: {g.DN}}
	c.Rule, c.Reason = rule.Name, "The rule "+rule.Name+" gives "+ownName(g.DN)+"."
	pl.add(c)
}

func (pl *planner) leaveGroup(class Class, p *person.Person, a *directory.Account, g *group, rule, reason string) {
	c := pl.groupChange(class, RemoveMember, p, a, g)
	c.Before = Values{Group: {g.DN}}
	c.Rule, c.Reason = rule, reason
	c.Urgent = class == Leaver && pl.isUrgent(p)
	pl.add(c)
	pl.regrouped[a.GUID] = true
}

func (pl *planner) groupChange(class Class, kind Kind, p *person.Person, a *directory.Account, g *group) Change {
	c := pl.begin(class, kind, p, a)
	c.Group = g.GUID
	return c
}

func (pl *planner) leaveAlone(p *person.Person, a *directory.Account, dn string) {
	reason := "the group is not under group_bases and no rule names it"
	if pl.protection.isPrivileged(dn) {
		reason = "the group is privileged"
	}
	pl.alone = append(pl.alone, Membership{Person: p.Key, Account: a.GUID, Group: dn, Reason: reason})
}

// exclusiveGroups removes from the groups that rules call exclusive the accounts
// that nobody owns. Accounts about which the match queue asks, protected ones and
// members that are no accounts of ours to read stay.
func (pl *planner) exclusiveGroups() {
	asked := pl.inQueue()
	for _, id := range pl.in.Matches.Unowned {
		a := pl.accounts[id]
		if a == nil || asked[id] || !pl.mayWrite(a) {
			continue
		}
		for _, dn := range a.MemberOf {
			g := pl.groups.find(dn)
			if g == nil || !g.managed || !g.exclusive {
				continue
			}
			pl.leaveGroup(Mover, &person.Person{}, a, g, g.rules[0].Name+".exclusive",
				ownName(g.DN)+" is for people whom the rules name, and nobody owns this account.")
		}
	}
}

// inQueue are the accounts that somebody may still say are a person's.
func (pl *planner) inQueue() map[directory.GUID]bool {
	out := map[directory.GUID]bool{}
	for _, doubt := range pl.in.Matches.Queue {
		for _, c := range doubt.Candidates {
			out[c.Account] = true
		}
	}
	return out
}
