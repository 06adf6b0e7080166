package madeup

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"esrsync/esrmodel"
	"esrsync/internal/directory"
)

// furnisher fills a directory.
type furnisher struct {
	t     *Trust
	rand  *rand.Rand
	spell speller
	seed  Seed
	of    []int           // place in seed.Users of each employee's account; -1 for none
	names map[string]bool // folded names in use, with their OU

	general, bank, medical, groups, applications, admins, service, contacts string // DNs
}

// Directory returns the directory as it is found on the first night, before
// anything of ours ever wrote to it. The same trust gives the same directory.
func (t *Trust) Directory() Seed {
	f := &furnisher{t: t, rand: rand.New(rand.NewPCG(t.opts.Seed, 389)), spell: newSpeller(), names: map[string]bool{}}
	f.units()
	f.employees()
	f.managers()
	f.externals()
	f.strangers()
	f.faults()
	f.memberships()
	slices.SortFunc(f.seed.Planted, func(a, b Plant) int {
		return cmp.Or(cmp.Compare(a.Fault, b.Fault), cmp.Compare(a.DN, b.DN), cmp.Compare(a.Person, b.Person))
	})
	return f.seed
}

// units makes the organisational units, parents first.
func (f *furnisher) units() {
	add := func(name, parent string) string {
		dn := "OU=" + directory.EscapeRDN(name) + "," + parent
		f.seed.Units = append(f.seed.Units, dn)
		return dn
	}
	base := f.t.opts.Base
	staff := add("Staff", base)
	f.general, f.bank, f.medical = add("General", staff), add("Bank", staff), add("Medical", staff)
	f.applications = add("Application Groups", base)
	f.groups, f.admins, f.service, f.contacts = add("Groups", base), add("Admins", base), add("Service", base), add("Contacts", base)
}

func (f *furnisher) plant(fault Fault, u *User, person, other string) {
	p := Plant{Fault: fault, Person: person, Other: other}
	if u != nil {
		p.DN, p.Login = u.DN, u.Login
	}
	f.seed.Planted = append(f.seed.Planted, p)
}

// add keeps a user and returns where.
func (f *furnisher) add(u User) int {
	f.seed.Users = append(f.seed.Users, u)
	return len(f.seed.Users) - 1
}

// employees makes the accounts of everybody who has one.
func (f *furnisher) employees() {
	f.of = make([]int, len(f.t.staff))
	f.seed.Users = make([]User, 0, len(f.t.staff)+60)
	for i := range f.t.staff {
		e := &f.t.staff[i]
		f.of[i] = -1
		if e.login != "" {
			f.of[i] = f.add(f.account(e))
		}
		f.plantLink(e)
	}
}

// plantLink notes how a current person's account is to be found, where that is not by its number.
func (f *furnisher) plantLink(e *employee) {
	fault, odd := map[evidence]Fault{byAddress: OnlyAddress, byName: OnlyName, noAccount: NoAccount}[e.link]
	switch {
	case !odd || e.gone() || e.offer() || e.index == f.t.roles.returned[1]:
	case f.of[e.index] < 0:
		f.plant(fault, nil, e.number(), "")
	default:
		f.plant(fault, f.user(e.index), e.number(), "")
	}
}

// user returns the account of an employee, who has one.
func (f *furnisher) user(employee int) *User { return &f.seed.Users[f.of[employee]] }

// account returns the account of an employee as somebody once made it by hand.
func (f *furnisher) account(e *employee) User {
	p, o := e.who(), f.t.opts
	last := p.LastName
	if slices.Contains(f.t.roles.renamed, e.index) {
		last = p.PreviousLastName
	}
	cn, shown := f.styles(e, last)
	u := User{
		DN: directory.ChildDN(f.unique(cn, e.login, f.ou(e)), f.ou(e)), Login: e.login, UPN: e.login + "@" + o.EmailDomain,
		Enabled: !e.gone(), LastSignIn: o.Day.AddDays(-f.rand.IntN(20)),
	}
	if e.gone() {
		u.LastSignIn = p.TerminationDate
	}
	if e.link == byNumber {
		u.PersonKey = e.number()
	}
	proxies := []string{"SMTP:" + e.address}
	if chance(f.rand, 30) {
		proxies = append(proxies, "smtp:"+e.login+"@old."+o.EmailDomain)
	}
	u.Attributes = attributes(append(f.post(e),
		one("givenName", e.given()), one("sn", last), one("displayName", shown), one("company", o.Name),
		one("mail", e.address), Attribute{"proxyAddresses", proxies},
	)...)
	return u
}

// post returns what an account says of its person's work.
func (f *furnisher) post(e *employee) []Attribute {
	u := f.t.estate.units[f.t.seats[e.seat].unit]
	return []Attribute{
		one("title", esrmodel.PositionTitle(e.job().PositionName)), one("department", f.t.estate.organisations[u.organisation].Name),
		one("physicalDeliveryOfficeName", f.t.estate.locations[u.location].Name),
	}
}

// styles returns the common name and the shown name, in the style of whoever
// made the account.
func (f *furnisher) styles(e *employee, last string) (cn, shown string) {
	first := e.given()
	if e.who().FirstName == "" {
		return last, last
	}
	switch e.index % 3 {
	case 0:
		return first + " " + last, last + " " + first
	case 1:
		return last + " " + first, first + " " + last
	}
	return strings.ToUpper(last) + ", " + first, last + ", " + first
}

// unique returns a common name that is free in an OU and not too long.
func (f *furnisher) unique(cn, login, ou string) string {
	const longest = 64
	runes := []rune(cn)
	cn = strings.TrimSpace(string(runes[:min(len(runes), longest-23)]))
	key := f.spell.ascii(cn) + "," + ou
	if f.names[key] {
		cn += " (" + login + ")" // at most 20 characters, and the login is nobody else's
	}
	f.names[key] = true
	return cn
}

func (f *furnisher) ou(e *employee) string {
	switch {
	case e.job().Category == bankWork:
		return f.bank
	case strings.HasPrefix(e.job().JobName, medical):
		return f.medical
	}
	return f.general
}

// managers sets the managers as ESR has them.
func (f *furnisher) managers() {
	at := make(map[string]int, len(f.t.staff))
	for i := range f.t.staff {
		at[f.t.staff[i].id()] = i
	}
	for i := range f.t.staff {
		boss, known := at[f.t.staff[i].job().SupervisorPersonID]
		if f.of[i] >= 0 && known && f.of[boss] >= 0 && !f.t.staff[i].gone() {
			f.user(i).Manager = f.user(boss).DN
		}
	}
}

// externals makes the accounts of people of the register.
func (f *furnisher) externals() {
	for _, x := range f.t.externals {
		if x.login == "" || x.from > 0 {
			continue
		}
		cn := f.unique(x.Forename+" "+x.Surname+" "+x.Category, x.login, f.general)
		u := User{
			DN: directory.ChildDN(cn, f.general), Login: x.login, UPN: x.login + "@" + f.t.opts.EmailDomain, PersonKey: "X" + x.Reference,
			Enabled: true, LastSignIn: f.t.opts.Day.AddDays(-f.rand.IntN(20)),
			Attributes: attributes(one("givenName", x.Forename), one("sn", x.Surname), one("displayName", x.Surname+" "+x.Forename), one("description", x.Category)),
		}
		f.add(u)
		if !x.Span.To.IsZero() && x.Span.To < f.t.opts.Day {
			f.plant(ExternalOver, &u, u.PersonKey, "")
		}
	}
}

// strangers makes the accounts behind which no person of ESR stands.
func (f *furnisher) strangers() {
	for _, s := range []struct {
		fault  Fault
		ou     string
		login  string
		shown  string
		signIn int
	}{
		{GenericAccount, f.general, "ward1-shared", "Ward 1 Shared", 1},
		{GenericAccount, f.general, "reception-generic", "Reception Generic", 2},
		{GenericAccount, f.general, "training-test01", "Training Test 01", 30},
		{ServiceAccount, f.service, "svc-backup", "Backup Service", 0},
		{ServiceAccount, f.service, "svc-pathology", "Pathology Interface", 0},
		{ServiceAccount, f.service, "svc-print", "Print Service", 0},
		{Unowned, f.general, "nobodyn", "Nobody Norma", 70},
		{Unowned, f.general, "norman.noone", "Norman Noone", 5},
		{Unowned, f.general, "zz9999", "Zed Zephyr-Unknown", 400},
	} {
		u := User{
			DN: directory.ChildDN(s.shown, s.ou), Login: s.login, UPN: s.login + "@" + f.t.opts.EmailDomain, Enabled: true,
			LastSignIn: f.t.opts.Day.AddDays(-s.signIn), Attributes: attributes(one("displayName", s.shown), one("description", "made long ago")),
		}
		f.add(u)
		f.plant(s.fault, &u, "", "")
	}
}

// administrator adds the administrator account of a person, made by the rule adm-{login}.
func (f *furnisher) administrator(fault Fault, e *employee) string {
	login := "adm-" + e.login[:min(len(e.login), 16)]
	u := User{
		DN: directory.ChildDN(login, f.admins), Login: login, UPN: login + "@" + f.t.opts.EmailDomain, Enabled: true, AdminCount: true,
		LastSignIn: f.t.opts.Day.AddDays(-1), Attributes: attributes(one("displayName", fmt.Sprintf("%s %s (administrator)", e.given(), e.who().LastName))),
	}
	f.add(u)
	f.plant(fault, &u, e.number(), f.user(e.index).DN)
	return u.DN
}
