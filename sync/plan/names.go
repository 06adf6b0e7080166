package plan

import (
	"fmt"
	"iter"
	"slices"
	"strings"

	"esrsync/internal/directory"
	"esrsync/sync/person"
)

// primaryAddress and aliasAddress begin a value of proxyAddresses. Exactly one
// value of an account is the primary.
const (
	primaryAddress = "SMTP:"
	aliasAddress   = "smtp:"
)

// registry knows which names are taken. UPNs and addresses share one space,
// since either may be typed where the other is meant.
type registry struct {
	logins    map[string]owner
	addresses map[string]owner
	cns       map[string]map[string]string // folded parent → lower-cased CN → DN, once asked for
	pl        *planner
}

// owner says whose a name is, as far as anybody knows. A name that several
// objects have is nobody's to take again.
type owner struct {
	account  directory.GUID
	personID string
	several  bool
}

// registry returns what is known of names; it is built when first asked for,
// since most nights give out none.
func (pl *planner) registry() *registry {
	if pl.names != nil {
		return pl.names
	}
	r := &registry{
		pl: pl, logins: map[string]owner{},
		addresses: make(map[string]owner, len(pl.in.Names)),
	}
	for _, n := range pl.in.Names {
		// An object that only the global catalogue knows is nobody we could ask.
		r.note(n.Kind, n.Value, owner{account: n.Owner, several: n.Owner.IsZero()})
	}
	for _, n := range pl.in.Given {
		r.note(n.Kind, n.Value, owner{personID: n.PersonID})
	}
	pl.names = r
	return r
}

// space returns the names of a kind.
func (r *registry) space(kind directory.NameKind) map[string]owner {
	if kind == directory.LoginName {
		return r.logins
	}
	return r.addresses
}

// note records that a name is in use, by an account, or was given to a person.
// What the directory and the store say of one name is put together: the store
// reserved what the directory now shows.
func (r *registry) note(kind directory.NameKind, value string, o owner) {
	names, value := r.space(kind), strings.ToLower(value)
	have, known := names[value]
	if !known {
		names[value] = o
		return
	}
	have.several = have.several || o.several ||
		!have.account.IsZero() && !o.account.IsZero() && have.account != o.account ||
		have.personID != "" && o.personID != "" && have.personID != o.personID
	if have.account.IsZero() {
		have.account = o.account
	}
	if have.personID == "" {
		have.personID = o.personID
	}
	names[value] = have
}

// isFree reports whether a person may have a name: nobody ever had it, or it was
// theirs, or is on their own account.
func (r *registry) isFree(kind directory.NameKind, value string, p *person.Person, own directory.GUID) bool {
	o, taken := r.space(kind)[strings.ToLower(value)]
	if !taken {
		return true
	}
	if o.several || o.personID != "" && !isSame(p, o.personID) {
		return false
	}
	if o.account.IsZero() {
		return o.personID != "" && isSame(p, o.personID)
	}
	return o.account == own
}

// take gives the first free candidate to a person, for good.
func (r *registry) take(kind directory.NameKind, candidates iter.Seq[string], p *person.Person, own directory.GUID) (string, bool) {
	for c := range candidates {
		if c != "" && r.isFree(kind, c, p, own) {
			// Whoever asks next in this plan must find it taken, this person included:
			// nobody gets two of a kind.
			r.space(kind)[strings.ToLower(c)] = owner{account: own, personID: p.ID}
			return c, true
		}
	}
	return "", false
}

// takeCN gives an object a common name under a parent and reports whether it was
// free; an object called self may keep its own.
func (r *registry) takeCN(parent, cn, self string) bool {
	if r.cns == nil {
		r.indexCNs()
	}
	folded, name := r.pl.protection.fold(parent), strings.ToLower(cn)
	if other, taken := r.cns[folded][name]; taken && (self == "" || !directory.SameDN(other, self)) {
		return false
	}
	r.noteCN(folded, name, directory.ChildDN(cn, parent))
	return true
}

func (r *registry) indexCNs() {
	r.cns = map[string]map[string]string{}
	for id := range r.pl.in.Accounts {
		a := &r.pl.in.Accounts[id]
		r.noteCN(r.pl.protection.fold(parentOf(a.DN)), strings.ToLower(ownName(a.DN)), a.DN)
	}
	for _, n := range r.pl.in.Names {
		if n.Kind == directory.LoginName && n.DN != "" && r.pl.accounts[n.Owner] == nil {
			r.noteCN(r.pl.protection.fold(parentOf(n.DN)), strings.ToLower(ownName(n.DN)), n.DN)
		}
	}
}

func (r *registry) noteCN(parent, name, dn string) {
	if r.cns[parent] == nil {
		r.cns[parent] = map[string]string{}
	}
	r.cns[parent][name] = dn
}

// longestCN is Active Directory's bound.
const longestCN = 64

// chooseCN returns a common name that is free under a parent: the template's,
// else the same with a number. A name that is too long is cut before its number.
func (pl *planner) chooseCN(parent string, values func(string) string, self string) (string, bool) {
	base := withoutControls(newTemplate(pl.in.Policy.CommonName).fill(values))
	for n := 1; n < 1000 && base != ""; n++ {
		suffix := ""
		if n > 1 {
			suffix = fmt.Sprintf(" %d", n)
		}
		cn := cut(base, longestCN-len(suffix)) + suffix
		if directory.ValidCN(cn) == nil && pl.registry().takeCN(parent, cn, self) {
			return cn, true
		}
	}
	return "", false
}

// withoutControls drops control characters, which a common name cannot have.
func withoutControls(s string) string {
	return strings.Map(func(r rune) rune {
		if r < 0x20 || r == 0x7f {
			return -1
		}
		return r
	}, s)
}

// chosen are the names of a person that are given out together.
type chosen struct{ login, upn, email string }

// chooseNames gives a person without an account a login, an address and a UPN,
// and says why it cannot where it cannot.
func (pl *planner) chooseNames(p *person.Person) (chosen, string) {
	var c chosen
	var found bool
	if c.login, found = pl.chooseLogin(p, directory.GUID{}); !found {
		return c, "every login that naming.login allows is taken, or ESR has no name to make one of"
	}
	if c.email = pl.knownAddress(p); c.email == "" && !pl.in.Policy.EmailFromFile {
		if c.email, found = pl.chooseEmail(p, c.login, directory.GUID{}); !found {
			return c, "every address that naming.email allows is taken, or ESR has no name to make one of"
		}
	}
	if c.upn, found = pl.chooseUPN(p, c, directory.GUID{}); !found {
		return c, "the UPN that naming.upn makes is taken"
	}
	return c, ""
}

// knownAddress is the address that another service gave, where addresses come from one.
func (pl *planner) knownAddress(p *person.Person) string {
	if !pl.in.Policy.EmailFromFile {
		return ""
	}
	return strings.ToLower(strings.TrimSpace(pl.in.Addresses[p.ID]))
}

func (pl *planner) chooseLogin(p *person.Person, own directory.GUID) (string, bool) {
	return pl.registry().take(directory.LoginName, logins(pl.in.Policy, pl.valuesWith(p, nil)), p, own)
}

func (pl *planner) chooseEmail(p *person.Person, login string, own directory.GUID) (string, bool) {
	values := pl.valuesWith(p, map[string]string{"login": login})
	return pl.registry().take(directory.Address, addresses(pl.in.Policy, values), p, own)
}

// chooseUPN returns the UPN that the template makes. Where it is the address it
// is free, since the address was; where there is no address yet it is the login
// at the email domain.
func (pl *planner) chooseUPN(p *person.Person, c chosen, own directory.GUID) (string, bool) {
	t := newTemplate(pl.in.Policy.UPNTemplate)
	upn := strings.ToLower(t.fill(pl.valuesWith(p, c.values())))
	if t.uses("email") && c.email == "" || upn == "" {
		upn = c.login
	}
	if !strings.Contains(upn, "@") {
		upn += "@" + strings.ToLower(pl.in.Policy.EmailDomain)
	}
	if upn == c.email {
		return upn, true
	}
	return pl.registry().take(directory.UPNName, slices.Values([]string{upn}), p, own)
}

// values returns the names as placeholders.
func (c chosen) values() map[string]string {
	return map[string]string{"login": c.login, "email": c.email, "upn": c.upn}
}

// domainOf returns what follows the @ of an address.
func domainOf(address string) string {
	_, domain, _ := strings.Cut(address, "@")
	return domain
}

// sortedUnique returns the values in order, each once.
func sortedUnique(values []string) []string {
	slices.Sort(values)
	return slices.Compact(values)
}
