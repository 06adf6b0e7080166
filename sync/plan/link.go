package plan

import (
	"slices"

	"esrsync/internal/directory"
	"esrsync/sync/match"
	"esrsync/sync/person"
)

// link plans the mark that makes a found account ours, and reports whether the
// account waits for it: linking is never in the same run as another change. The
// account keeps its login, UPN, address, CN and OU. Its person key is filled in
// where it is empty, or where it is that of an older record of the same person.
func (pl *planner) link(p *person.Person, a *directory.Account, pair match.Pair) bool {
	if !pair.New || pair.Stored || pair.Created {
		return false
	}
	token := pl.in.Tokens[a.GUID]
	if token.Valid && isSame(p, token.PersonID) {
		return false // ours already: the store has forgotten, or an older record of the person had it
	}
	c := pl.begin(Link, Mark, p, a)
	c.Before, c.After = Values{}, Values{Token: {string(pl.linkState(p, a))}}
	if token.Valid {
		c.Before[Token] = []string{token.State}
	}
	if a.PersonKey == "" || pl.isOlderKey(p, a.PersonKey) {
		c.setKey(a.PersonKey, pl.keyFor(p, a))
	}
	c.Rule = "linking marks an account and changes nothing else"
	c.Reason = "This account is " + p.Key + "'s: " + pair.Evidence + "."
	c.Evidence = []string{pair.Evidence}
	pl.add(c)
	return true
}

// setKey notes that the account gets another person key.
func (c *Change) setKey(before, after string) {
	if before == after {
		return
	}
	if before != "" {
		c.Before[PersonKey] = []string{before}
	}
	c.After[PersonKey] = []string{after}
}

// keyFor returns the person key that an account should carry: the person's, unless
// the attribute cannot hold it whole. Then what is there stays, and the token alone
// says whose the account is: a write that is refused every night mends nothing.
func (pl *planner) keyFor(p *person.Person, a *directory.Account) string {
	if cut(p.Key, limitOf(pl.in.Policy.PersonKeyAttribute)) != p.Key {
		return a.PersonKey
	}
	return p.Key
}

// isOlderKey reports whether key belongs to another record of the same person.
func (pl *planner) isOlderKey(p *person.Person, key string) bool {
	return slices.ContainsFunc(p.Same, func(id string) bool {
		q := pl.people[id]
		return q != nil && q.Key == key
	})
}

// isSame reports whether id is the person's, or that of an older record of theirs.
func isSame(p *person.Person, id string) bool { return id == p.ID || slices.Contains(p.Same, id) }

// state returns who switched the account off last: what its token says, else
// what the store remembers. A token that is there and not valid says nothing, and
// then the store alone must not lead to an account being enabled: see [planner.access].
func (pl *planner) state(p *person.Person, a *directory.Account) State {
	if t := pl.in.Tokens[a.GUID]; t.Valid && isSame(p, t.PersonID) && t.State != "" {
		return State(t.State)
	}
	if l := pl.links[a.GUID]; l != nil && isSame(p, l.PersonID) && l.State != "" {
		return State(l.State)
	}
	if pl.in.Matches.Of[p.ID].Created && !a.Enabled() {
		return Precreated
	}
	return Managed
}

// linkState is the state that a link writes: an account that is on is managed,
// and one that is off keeps what is known of it.
func (pl *planner) linkState(p *person.Person, a *directory.Account) State {
	if a.Enabled() {
		return Managed
	}
	return pl.state(p, a)
}

// repair puts right a token, or a person key, that does not say what it should.
// It is planned where nothing else writes the account's token in this run.
func (pl *planner) repair(p *person.Person, a *directory.Account) {
	token := pl.in.Tokens[a.GUID]
	want := pl.linkState(p, a)
	if p.Standing == person.Starting && a.Enabled() {
		want = pl.state(p, a) // somebody enabled it early: whose it is we say when it starts
	}
	said := match.Token{Valid: true, PersonID: p.ID, PersonKey: p.Key, State: string(want)}
	key := pl.keyFor(p, a)
	if token == said && a.PersonKey == key {
		return
	}
	kind := Mark
	if a.PersonKey != key {
		kind = Set
	}
	c := pl.begin(Repair, kind, p, a)
	c.Before, c.After = Values{}, Values{Token: {string(want)}}
	if token.Valid {
		c.Before[Token] = []string{token.State}
	}
	c.setKey(a.PersonKey, key)
	c.Rule, c.Reason = "a linked account carries our token and its person's key", repairReason(p, a, token)
	pl.add(c)
}

func repairReason(p *person.Person, a *directory.Account, token match.Token) string {
	switch {
	case a.PersonKey != p.Key && a.PersonKey != "":
		return "The account carries " + a.PersonKey + " and is " + p.Key + "'s."
	case a.PersonKey != p.Key:
		return "The account lacks the key of its person, " + p.Key + "."
	case a.Marker == "":
		return "The account lacks our token."
	case !token.Valid:
		return "The account's token is not valid."
	case token.PersonID != p.ID || token.PersonKey != p.Key:
		return "The account's token names another record of the person."
	}
	return "The account's token does not say who switched it last."
}
