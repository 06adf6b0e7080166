package plan

import (
	"strings"

	"esrsync/internal/directory"
	"esrsync/internal/finding"
	"esrsync/sync/person"
)

// attrManager is a DN: it names another account, and so is written when every
// account of the plan is made, in changes of their own at the end.
const attrManager = "manager"

// wantManager notes whose account names a manager, to be looked at in the end.
func (pl *planner) wantManager(p *person.Person, a *directory.Account) {
	pl.managed = append(pl.managed, managed{person: p, account: a, class: Mover, dn: a.DN})
}

func (pl *planner) wantNewManager(p *person.Person, dn string) {
	pl.managed = append(pl.managed, managed{person: p, class: Joiner, dn: dn})
}

// managed is an account whose manager is set last.
type managed struct {
	person  *person.Person
	account *directory.Account // nil for one that this plan makes
	class   Class
	dn      string
}

// managers plans the manager attributes. The manager is the supervisor, else the
// department manager, if current and with an account; else what is there is left
// as it is, with finding Q01.
func (pl *planner) managers() {
	for i := range pl.attributes {
		if !pl.attributes[i].late {
			continue
		}
		for _, m := range pl.managed {
			pl.manager(&pl.attributes[i], m)
		}
	}
}

func (pl *planner) manager(attr *attribute, m managed) {
	have := ""
	if m.account != nil {
		have = managerValue(m.account, attr.Name)
	}
	boss, dn := pl.managerOf(attr, m.person)
	if boss == nil {
		pl.noManager(m)
		return
	}
	if have == dn || have != "" && directory.SameDN(have, dn) {
		return
	}
	if m.account != nil && (attr.Authority == OnCreate || attr.Authority == WhenEmpty && have != "") {
		pl.wrongManager(m, "is not the one whom ESR names")
		return
	}
	c := pl.begin(m.class, Set, m.person, m.account)
	c.DN, c.ManagerID = m.dn, boss.ID
	c.Effective = pl.startOf(m.person)
	c.setValue(attr.Name, have, dn)
	c.Rule = "attributes." + attr.Name
	c.Reason = "The line manager in ESR is " + boss.Key + "."
	pl.late = append(pl.late, c.Identify())
}

// managerValue returns what an account has in an attribute that names a manager.
func managerValue(a *directory.Account, name string) string {
	if strings.EqualFold(name, attrManager) {
		return a.Manager
	}
	return a.Value(name)
}

// managerOf returns the manager, and the DN of the manager's account: as read, or
// the one that it will have where this plan makes it. The department manager
// stands in for a supervisor without an account; nil where neither has one. An
// attribute may ask for the department manager alone.
func (pl *planner) managerOf(attr *attribute, p *person.Person) (*person.Person, string) {
	wanted := []string{p.Manager, p.DepartmentManager}
	if attr.template.uses("department_manager") {
		wanted = wanted[1:]
	}
	for _, id := range wanted {
		boss := pl.people[id]
		if boss == nil || boss.ID == p.ID || boss.Standing != person.Current {
			continue
		}
		if made, found := pl.made[boss.ID]; found {
			return boss, made.DN
		}
		if a := pl.accounts[pl.in.Matches.Of[boss.ID].Account]; a != nil {
			return boss, a.DN
		}
	}
	return nil, ""
}

// noManager reports somebody whose manager is known to ESR and has no account,
// and an account whose manager has gone. Who has no manager in ESR at all is
// reported where ESR's records are read.
func (pl *planner) noManager(m managed) {
	if m.person.Manager != "" && m.person.Standing == person.Current {
		pl.find(finding.New(finding.SupervisorMissing, finding.OfPerson, subjectOf(m.person), "account",
			"The line manager in ESR has no account, so the directory's manager is left as it is."))
	}
	if m.account == nil || m.account.Manager == "" {
		return
	}
	other := pl.accountAt(m.account.Manager)
	if other == nil {
		return
	}
	boss := pl.owners[other.GUID]
	if boss != nil && boss.Standing == person.Left || !other.Enabled() {
		pl.wrongManager(m, "has left or is disabled")
	}
}

func (pl *planner) wrongManager(m managed, why string) {
	pl.find(finding.New(finding.WrongManager, finding.OfAccount, m.account.GUID.String(), "",
		"The manager of "+m.account.Login+" in the directory "+why+"."))
}

// accountAt returns the account with a DN, or nil. Nearly every DN is spelled as
// its account was read, but for case; only one that is not has them all compared.
func (pl *planner) accountAt(dn string) *directory.Account {
	if pl.byDN == nil {
		pl.byDN = make(map[string]*directory.Account, len(pl.in.Accounts))
		for i := range pl.in.Accounts {
			pl.byDN[strings.ToLower(pl.in.Accounts[i].DN)] = &pl.in.Accounts[i]
		}
	}
	lower := strings.ToLower(dn)
	a, known := pl.byDN[lower]
	if known {
		return a
	}
	folded, cn := directory.FoldDN(dn), ownName(dn)
	for i := range pl.in.Accounts {
		if strings.EqualFold(cn, pl.in.Accounts[i].CN) && directory.FoldDN(pl.in.Accounts[i].DN) == folded {
			a = &pl.in.Accounts[i]
		}
	}
	pl.byDN[lower] = a
	return a
}
