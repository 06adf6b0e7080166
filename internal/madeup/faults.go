package madeup

import (
	"slices"

	"esrsync/internal/directory"
)

// faults plants what goes wrong over the years in a directory that people keep by hand.
func (f *furnisher) faults() {
	f.leavers()
	f.numbers()
	f.wrongManagers()
	f.habits()
	f.clashes()
}

// leavers are those whose account nobody switched off, or not well.
func (f *furnisher) leavers() {
	r := f.t.roles
	for _, i := range r.leaversOn {
		f.user(i).Enabled = true
		f.plant(LeaverEnabled, f.user(i), f.number(i), "")
	}
	for _, i := range r.withGroups {
		f.plant(LeaverWithGroups, f.user(i), f.number(i), "")
	}
	f.user(r.protected).Enabled, f.user(r.protected).AdminCount = true, true
	f.plant(LeaverProtected, f.user(r.protected), f.number(r.protected), "")
	f.administrator(LeaverAdmin, &f.t.staff[r.adminLeaver])
	f.user(r.leaverTwice).Enabled = true
	f.twin(LeaverTwice, r.leaverTwice)
}

func (f *furnisher) number(employee int) string { return f.t.staff[employee].number() }

// twin adds a second account with the number of an employee.
func (f *furnisher) twin(fault Fault, employee int) {
	e := &f.t.staff[employee]
	u := *f.user(employee)
	u.Login = e.login[:min(len(e.login), 17)] + "old"
	u.UPN, u.Manager = u.Login+"@"+f.t.opts.EmailDomain, ""
	ou := directory.ParentDN(u.DN)
	u.DN = directory.ChildDN(u.Login, ou)
	u.Attributes = slices.DeleteFunc(slices.Clone(u.Attributes), func(a Attribute) bool { return a.Name == "mail" || a.Name == "proxyAddresses" })
	f.add(u)
	f.plant(fault, f.user(employee), e.number(), u.DN)
}

// numbers are accounts that carry a number once too often, or that of an old record.
func (f *furnisher) numbers() {
	r := f.t.roles
	for _, i := range r.twice {
		f.twin(NumberTwice, i)
	}
	old, again := r.returned[0], r.returned[1]
	f.user(old).Enabled = true
	f.plant(OldNumber, f.user(old), f.number(again), f.number(old))
	for _, i := range r.renamed {
		f.plant(Renamed, f.user(i), f.number(i), f.t.staff[i].who().PreviousLastName)
	}
}

// wrongManagers point to somebody else, or to somebody who left.
func (f *furnisher) wrongManagers() {
	r := f.t.roles
	for n, i := range r.wrongManager {
		f.user(i).Manager = f.user(n).DN // of the board: nobody here reports to it
		f.plant(WrongManager, f.user(i), f.number(i), f.user(i).Manager)
	}
	for _, i := range r.goneManager {
		f.user(i).Manager = f.user(r.withGroups[0]).DN
		f.plant(GoneManager, f.user(i), f.number(i), f.user(i).Manager)
	}
}

// habits are accounts switched off by hand, left unused, of an earlier post, and
// administrators' second ones.
func (f *furnisher) habits() {
	r := f.t.roles
	for _, i := range r.byHand {
		f.user(i).Enabled = false
		f.plant(DisabledByHand, f.user(i), f.number(i), "")
	}
	for _, i := range r.unused {
		f.user(i).LastSignIn = f.t.opts.Day.AddDays(-95)
		f.plant(Unused, f.user(i), f.number(i), "")
	}
	for _, i := range r.stale {
		f.user(i).set("department", "Ward 99 Closed")
		f.user(i).set("title", "Trainee")
		f.plant(StaleAttributes, f.user(i), f.number(i), "")
	}
	for _, i := range r.administrators {
		f.administrator(AdministratorExtra, &f.t.staff[i])
	}
}

// set replaces the value of an attribute that the user has.
func (u *User) set(name, value string) {
	for i := range u.Attributes {
		if u.Attributes[i].Name == name {
			u.Attributes[i].Values = []string{value}
		}
	}
}

// clashes are addresses that two objects have.
func (f *furnisher) clashes() {
	has, owns := f.t.roles.clashes[0], f.t.roles.clashes[1]
	u, wanted := f.user(has), f.t.staff[owns].address
	for i, a := range u.Attributes {
		if a.Name == "proxyAddresses" {
			u.Attributes[i].Values = append(slices.Clone(a.Values), "smtp:"+wanted)
		}
	}
	f.plant(AddressClash, u, f.number(has), wanted)

	starter := f.starter()
	local := f.spell.ascii(starter.given()) + "." + f.spell.ascii(starter.who().LastName)
	f.contact("Contact with a Starter's Address", local+"@"+f.t.opts.EmailDomain)
	last := f.seed.Contacts[len(f.seed.Contacts)-1]
	f.seed.Planted = append(f.seed.Planted, Plant{Fault: ContactHasAddress, DN: last.DN, Person: starter.number(), Other: last.Mail})
	f.contact("Madeup Borough Council", "council@council.example")
	f.contact("Nowhere Surgery", "surgery@surgery.example")
}

func (f *furnisher) contact(name, mail string) {
	f.seed.Contacts = append(f.seed.Contacts, Contact{DN: directory.ChildDN(name, f.contacts), Name: name, Mail: mail})
}

// starter returns the newcomer of the first night.
func (f *furnisher) starter() *employee { return &f.t.newcomers[f.t.roles.starter-len(f.t.staff)] }

// memberships makes the groups that the sample configuration names, with the
// members that its rules give but for those planted; one that no rule knows; and
// puts administrators where they belong.
func (f *furnisher) memberships() {
	all, community := f.group("All Staff", f.groups), f.group(communityNursing, f.groups)
	line, bank := f.group("Line Managers", f.groups), f.group("Bank Staff", f.groups)
	vpn := f.group("VPN Users", f.applications)
	for i := range f.t.staff {
		e := &f.t.staff[i]
		if f.of[i] < 0 || e.gone() && !slices.Contains(f.keepsGroups(), i) {
			continue
		}
		s, dn := f.t.seats[e.seat], f.user(i).DN
		if slices.Contains(f.t.roles.missingGroup, i) {
			f.plant(MissingGroup, f.user(i), e.number(), all.DN)
		} else {
			all.Members = append(all.Members, dn)
		}
		f.join(f.t.estate.units[s.unit].kind.parent == communityNursing, community, dn)
		f.join(s.manages, line, dn)
		f.join(e.job().Category == bankWork, bank, dn)
		f.join(i%7 == 0, vpn, dn)
	}
	admins := Group{DN: "CN=Domain Admins,CN=Users," + f.t.opts.Base, Name: "Domain Admins", BuiltIn: true}
	for _, p := range f.seed.Planted {
		f.join(p.Fault == AdministratorExtra, &admins, p.DN)
	}
	for _, g := range []*Group{all, community, line, bank, vpn, &admins} {
		slices.Sort(g.Members)
		f.seed.Groups = append(f.seed.Groups, *g)
	}
}

func (f *furnisher) group(name, ou string) *Group {
	return &Group{DN: directory.ChildDN(name, ou), Name: name}
}

func (f *furnisher) join(fits bool, g *Group, dn string) {
	if fits {
		g.Members = append(g.Members, dn)
	}
}

// keepsGroups returns the leavers whom nobody took out of their groups.
func (f *furnisher) keepsGroups() []int {
	r := f.t.roles
	return slices.Concat(r.leaversOn, r.withGroups, []int{r.returned[0], r.leaverTwice, r.protected})
}
