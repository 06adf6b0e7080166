package plan

import (
	"slices"
	"strings"

	"esrsync/esrmodel"
	"esrsync/internal/directory"
	"esrsync/internal/finding"
	"esrsync/internal/state"
	"esrsync/sync/match"
	"esrsync/sync/person"
)

// Calculate returns the changes that bring the accounts into line with the
// people, in order, and what does not fit. It returns the same plan for the same
// input, whatever order its parts come in. It never returns a change that takes
// access away from a person who is merely missing from a feed; see [person.Standing].
func Calculate(in Input) Plan {
	pl := newPlanner(in)
	for _, p := range pl.order {
		pl.person(p)
	}
	pl.exclusiveGroups()
	pl.managers()
	pl.accountFindings()
	return pl.plan()
}

// planner holds one input with what was looked up in it, and gathers the plan.
type planner struct {
	in       Input
	day      esrmodel.Date
	order    []*person.Person // by key, then ID: the order in which names are given out
	people   map[string]*person.Person
	accounts map[directory.GUID]*directory.Account
	links    map[directory.GUID]*state.Link
	owners   map[directory.GUID]*person.Person

	groups     *groups
	protection *protection
	attributes []attribute
	names      *registry // made when the first name is chosen
	made       map[string]newAccount
	managed    []managed                     // whose manager is looked at last
	byDN       map[string]*directory.Account // made when the first is looked up
	regrouped  map[directory.GUID]bool       // accounts whose groups this plan changes: a finding of them would be stale

	changes  []Change
	late     []Change // managers: after everything else
	findings []finding.Finding
	alone    []Membership
	waits    []Wait
	told     map[string]bool // identities of what the matching found already
}

// newAccount is an account that this plan makes.
type newAccount struct{ DN string }

func newPlanner(in Input) *planner {
	pl := &planner{
		in:        in,
		day:       in.At.Day,
		order:     make([]*person.Person, 0, len(in.People)),
		managed:   make([]managed, 0, len(in.People)),
		people:    make(map[string]*person.Person, len(in.People)),
		accounts:  make(map[directory.GUID]*directory.Account, len(in.Accounts)),
		links:     make(map[directory.GUID]*state.Link, len(in.Links)),
		made:      map[string]newAccount{},
		regrouped: map[directory.GUID]bool{},
		told:      map[string]bool{},
	}
	for _, f := range in.Matches.Findings {
		pl.told[f.ID] = true
	}
	for i := range in.People {
		p := &in.People[i]
		pl.people[p.ID] = p
		pl.order = append(pl.order, p)
	}
	slices.SortFunc(pl.order, func(a, b *person.Person) int {
		if byKey := strings.Compare(a.Key, b.Key); byKey != 0 {
			return byKey
		}
		return strings.Compare(a.ID, b.ID)
	})
	for i := range in.Accounts {
		pl.accounts[in.Accounts[i].GUID] = &in.Accounts[i]
	}
	for i := range in.Links {
		pl.links[in.Links[i].Account] = &in.Links[i]
	}
	pl.groups = indexGroups(in)
	pl.protection = newProtection(in, pl.groups)
	pl.attributes = pl.compileAttributes()
	pl.owners = pl.findOwners()
	return pl
}

// findOwners says whose each paired account is. Two records of one human being
// may claim the same account while it goes from the old one to the new one: it
// is the new one's from the day on which that is current.
func (pl *planner) findOwners() map[directory.GUID]*person.Person {
	owners := make(map[directory.GUID]*person.Person, len(pl.in.Matches.Of))
	for _, p := range pl.order {
		pair, found := pl.in.Matches.Of[p.ID]
		if !found {
			continue
		}
		other, claimed := owners[pair.Account]
		if !claimed || p.Standing == person.Current && other.Standing != person.Current {
			owners[pair.Account] = p
		}
	}
	return owners
}

// person plans for one person.
func (pl *planner) person(p *person.Person) {
	pair, paired := pl.in.Matches.Of[p.ID]
	var a *directory.Account
	if paired && pl.owners[pair.Account] == p {
		a = pl.accounts[pair.Account]
	}
	if p.Standing == person.Current {
		pl.personFindings(p, a)
	}
	if pl.isLockedOut(p) || p.IsHeld() || p.Standing == person.Nobody {
		return
	}
	_, doubtful := pl.in.Matches.Doubtful[p.ID]
	switch {
	case p.Standing == person.Left:
		pl.leave(p)
	case !paired:
		pl.join(p)
	case !doubtful && a != nil && p.Key != "":
		pl.keep(p, a, pair)
	}
}

// isLockedOut reports whether a hold is on the person, under this record or under
// another of the same human being: a new record must not undo a hold on the old one.
func (pl *planner) isLockedOut(p *person.Person) bool {
	return pl.in.Held[p.ID] || slices.ContainsFunc(p.Same, func(id string) bool { return pl.in.Held[id] })
}

// keep plans for a person who starts or is current and has an account.
func (pl *planner) keep(p *person.Person, a *directory.Account, pair match.Pair) {
	if !pl.mayWrite(a) {
		pl.pastDue(p, a)
		return
	}
	if pl.link(p, a, pair) {
		return
	}
	pl.access(p, a)
	if p.Standing == person.Starting && pl.isFarAhead(p) {
		return
	}
	pl.bringInLine(p, a)
	pl.expiry(p, a)
	pl.renamed(p, a, pl.place(p, a))
	pl.memberships(p, a)
	pl.wantManager(p, a)
}

// isFarAhead reports whether a start is too far ahead to prepare for.
func (pl *planner) isFarAhead(p *person.Person) bool {
	return p.Start.IsZero() || p.Start.AddDays(-pl.in.Policy.CreateBefore) > pl.day
}

// begin returns a change of a person with all that does not depend on what it
// does. The account is nil where there is none yet.
func (pl *planner) begin(class Class, kind Kind, p *person.Person, a *directory.Account) Change {
	c := Change{
		Class: class, Kind: kind, Person: p.Key, PersonID: p.ID,
		Slice: p.Primary.Organisation.Name, SliceID: p.Primary.Organisation.ID,
		Effective: pl.day,
	}
	if a != nil {
		c.Account, c.DN, c.Marker = a.GUID, a.DN, a.Marker
	}
	return c
}

func (pl *planner) add(c Change) { pl.changes = append(pl.changes, c.Identify()) }

func (pl *planner) find(f finding.Finding) { pl.findings = append(pl.findings, f) }

func (pl *planner) wait(p *person.Person, until esrmodel.Date, reason string) {
	pl.waits = append(pl.waits, Wait{Person: p.Key, PersonID: p.ID, Until: until, Reason: reason})
}

// plan puts everything in order and seals it.
func (pl *planner) plan() Plan {
	sortChanges(pl.changes)
	sortChanges(pl.late)
	finding.Sort(pl.findings)
	slices.SortFunc(pl.alone, compareMemberships)
	return Plan{
		AsOf: pl.day, Inputs: pl.in.Inputs,
		// Never nil: a plan without changes is written as an empty list.
		Changes:   slices.Concat([]Change{}, pl.changes, pl.late),
		Findings:  slices.Concat([]finding.Finding{}, pl.findings),
		LeftAlone: pl.alone, Waits: pl.waits,
	}.Seal()
}
