package plan

import (
	"iter"
	"slices"
	"strings"

	"esrsync/internal/directory"
	"esrsync/sync/person"
)

// renamed plans what follows from a change of name: login, UPN, address, CN, sn,
// givenName and displayName, all in class rename, so that they wait together.
//
// What starts it is a name that really is another one: the directory's sn is not
// ESR's surname, or its givenName is neither the preferred name nor a first or
// middle name nor a form of one. How a name is spelled, and how an account's
// displayName or CN is put together, starts nothing: an account that fits none of
// our templates is left as it is. And of an account that is renamed, only those
// names change that were built on the name that changed.
func (pl *planner) renamed(p *person.Person, a *directory.Account, parent string) {
	if pl.in.Policy.Rename == RenameNever {
		return
	}
	n := pl.nameChange(p, a)
	if n == nil {
		return
	}
	n.parent = parent
	pl.renameLogin(n)
	pl.renameAddress(n)
	pl.renameUPN(n)
	pl.renameCN(n)
	pl.renameRest(n)
}

// What naming.rename may say.
const (
	RenameAutomatic = "automatic"
	RenameReview    = "review"
	RenameNever     = "never"
)

// nameChange is one person's change of name.
type nameChange struct {
	p        *person.Person
	a        *directory.Account
	parent   string        // the OU in which the account will be by then
	surname  bool          // the surname is another one
	forename bool          // the forename is another one
	gone     []string      // folded: the names in the directory that are no longer right
	former   person.Person // with the names that the directory has
	names    chosen        // the account's names, old until a new one is chosen
	set      Change        // gathers the attributes
}

// nameChange returns what changed in a person's name, or nil.
func (pl *planner) nameChange(p *person.Person, a *directory.Account) *nameChange {
	sn, given := a.Value(attrSurname), a.Value(attrGiven)
	surname := sn != p.Last && pl.binds(attrSurname) && isOther(sn, p.Last) && isOther(sn, cut(p.Last, limitOf(attrSurname)))
	forename := given != p.Preferred && given != p.First && pl.binds(attrGiven) && !isForename(fold(given), p)
	if !surname && !forename {
		return nil
	}
	n := &nameChange{p: p, a: a, surname: surname, forename: forename}
	if surname {
		n.gone = append(n.gone, fold(sn))
	}
	if forename {
		n.gone = append(n.gone, fold(given))
	}
	n.names = chosen{login: strings.ToLower(a.Login), email: strings.ToLower(a.Mail), upn: a.UPN}
	n.former = *p
	if n.surname {
		n.former.Last = a.Value(attrSurname)
	}
	if n.forename {
		n.former.First, n.former.Preferred = a.Value(attrGiven), a.Value(attrGiven)
	}
	n.set = pl.begin(Rename, Set, p, a)
	return n
}

// binds reports whether ESR's value of a name attribute wins on existing accounts.
func (pl *planner) binds(name string) bool {
	attr := pl.attribute(name)
	return pl.inSchema(name) && (attr == nil || attr.Authority == Always || attr.Authority == "")
}

// isOther reports whether two surnames are there and are not the same however
// they are spelled.
func isOther(a, b string) bool {
	a, b = fold(a), fold(b)
	return a != "" && b != "" && a != b
}

// isForename reports whether a folded given name is one of the person's own, or
// a longer or shorter form of one: Jon and Jonathan, Mary and Mary Ann. Nothing
// is a form of every name.
func isForename(given string, p *person.Person) bool {
	for _, own := range []string{p.Preferred, p.First, p.Middle, p.First + p.Middle, p.Preferred + p.Middle} {
		f := fold(own)
		if f != "" && (strings.HasPrefix(given, f) || strings.HasPrefix(f, given)) {
			return true
		}
	}
	return false
}

// builtOn reports whether a value of the account was made of a name that is no
// longer right: it is one that a template made, or it has that name in it.
func (n *nameChange) builtOn(value string, made iter.Seq[string]) bool {
	if value == "" {
		return false
	}
	local, _, _ := strings.Cut(value, "@") // a domain may have anybody's name in it
	folded := fold(local)
	if slices.ContainsFunc(n.gone, func(name string) bool { return len(name) > 1 && strings.Contains(folded, name) }) {
		return true
	}
	tries := 0
	for t := range made {
		if strings.EqualFold(t, value) {
			return true
		}
		if tries++; tries == manyNames {
			break
		}
	}
	return false
}

// manyNames is how many names of a template are tried to recognise one by.
const manyNames = 60

// was returns what a template made of the former name, and is what it makes of
// the present one.
func (pl *planner) was(n *nameChange) func(string) string {
	return pl.valuesWith(&n.former, chosen{login: strings.ToLower(n.a.Login), email: strings.ToLower(n.a.Mail), upn: n.a.UPN}.values())
}

func (pl *planner) is(n *nameChange) func(string) string {
	return pl.valuesWith(n.p, n.names.values())
}

// one is a sequence of one.
func one(s string) iter.Seq[string] { return slices.Values([]string{s}) }

// renameRest plans the attributes in one edit: sn and givenName, by which a
// change of name is recognised, and whatever was built on the old one.
func (pl *planner) renameRest(n *nameChange) {
	if n.surname {
		n.set.setValue(attrSurname, n.a.Value(attrSurname), cut(n.p.Last, limitOf(attrSurname)))
	}
	if n.forename {
		n.set.setValue(attrGiven, n.a.Value(attrGiven), cut(n.p.Preferred, limitOf(attrGiven)))
	}
	pl.renameDisplay(n)
	c := n.set
	c.Rule, c.Reason = "naming.rename", n.reason()
	c.Review = pl.in.Policy.Rename == RenameReview
	c.Evidence = n.evidence()
	pl.add(c)
}

// renameLogin gives the account a login of the new name, where the old one was built on it.
func (pl *planner) renameLogin(n *nameChange) {
	if !n.builtOn(n.a.Login, logins(pl.in.Policy, pl.was(n))) {
		return
	}
	login, found := pl.chooseLogin(n.p, n.a.GUID)
	if !found || strings.EqualFold(login, n.a.Login) {
		return
	}
	n.set.setValue(attrLogin, n.a.Login, login)
	n.names.login = login
}

// renameAddress gives the account an address of the new name; the old one stays
// as an alias, for good. An address at another service's domain is not ours.
func (pl *planner) renameAddress(n *nameChange) {
	policy, old := pl.in.Policy, strings.ToLower(n.a.Mail)
	if policy.EmailFromFile || !strings.EqualFold(domainOf(old), policy.EmailDomain) || !n.builtOn(old, addresses(policy, pl.was(n))) {
		return
	}
	address, found := pl.chooseEmail(n.p, n.names.login, n.a.GUID)
	if !found || address == old {
		return
	}
	n.set.setValue(attrMail, n.a.Mail, address)
	n.names.email = address
	gone, come := proxiesFor(n.a, address)
	if len(gone) > 0 {
		n.set.Before[attrProxies] = gone
	}
	n.set.After[attrProxies] = come
}

// proxiesFor returns the values of proxyAddresses that go and come when address
// becomes the primary one: every other primary becomes an alias.
func proxiesFor(a *directory.Account, address string) (gone, come []string) {
	come = []string{primaryAddress + address}
	keeps := false
	for _, proxy := range a.ProxyAddresses {
		kind, value, _ := strings.Cut(proxy, ":")
		switch {
		case !strings.EqualFold(kind, "smtp"):
		case strings.EqualFold(value, address):
			gone = append(gone, proxy)
		case kind == "SMTP":
			gone, come = append(gone, proxy), append(come, aliasAddress+value)
		}
		keeps = keeps || strings.EqualFold(kind, "smtp") && strings.EqualFold(value, a.Mail)
	}
	if !keeps && a.Mail != "" {
		come = append(come, aliasAddress+strings.ToLower(a.Mail))
	}
	return gone, sortedUnique(come)
}

// renameUPN makes the UPN follow the address or the login that it is made of.
func (pl *planner) renameUPN(n *nameChange) {
	t := newTemplate(pl.in.Policy.UPNTemplate)
	changed := n.set.After[attrMail] != nil && t.uses("email") || n.set.After[attrLogin] != nil && t.uses("login")
	if !changed || !n.builtOn(n.a.UPN, one(t.fill(pl.was(n)))) {
		return
	}
	upn, found := pl.chooseUPN(n.p, n.names, n.a.GUID)
	if found && !strings.EqualFold(upn, n.a.UPN) {
		n.set.setValue(attrUPN, n.a.UPN, upn)
		n.names.upn = upn
	}
}

// renameDisplay gives the account a display name of the new name.
func (pl *planner) renameDisplay(n *nameChange) {
	t, have := newTemplate(pl.in.Policy.DisplayName), n.a.Value(attrDisplay)
	if have == "" || !pl.binds(attrDisplay) || !n.builtOn(have, one(t.fill(pl.was(n)))) {
		return
	}
	if want := cut(t.fill(pl.is(n)), limitOf(attrDisplay)); want != "" && want != have {
		n.set.setValue(attrDisplay, have, want)
	}
}

// renameCN plans the object's own name as a change of its own, before the
// attributes: the old sn is what a run that was killed between the two takes up again.
func (pl *planner) renameCN(n *nameChange) {
	t := newTemplate(pl.in.Policy.CommonName)
	if !n.builtOn(n.a.CN, one(t.fill(pl.was(n)))) || t.fill(pl.is(n)) == n.a.CN {
		return
	}
	cn, found := pl.chooseCN(n.parent, pl.is(n), n.a.DN)
	if !found || cn == n.a.CN {
		return
	}
	c := pl.begin(Rename, Renaming, n.p, n.a)
	c.Before, c.After = Values{CN: {n.a.CN}}, Values{CN: {cn}}
	c.Rule, c.Reason = "naming.rename", n.reason()
	c.Review = pl.in.Policy.Rename == RenameReview
	c.Evidence = n.evidence()
	pl.add(c)
}

func (n *nameChange) reason() string {
	var changed []string
	if n.surname {
		changed = append(changed, "surname "+n.a.Value(attrSurname)+" is now "+n.p.Last)
	}
	if n.forename {
		changed = append(changed, "forename "+n.a.Value(attrGiven)+" is now "+n.p.Preferred)
	}
	return "In ESR the " + strings.Join(changed, " and the ") + "."
}

func (n *nameChange) evidence() []string {
	out := evidence(n.p)
	if n.surname && fold(n.p.PreviousLast) == fold(n.a.Value(attrSurname)) {
		out = append(out, "ESR has the directory's surname as the previous one")
	}
	return out
}
