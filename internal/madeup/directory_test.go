package madeup_test

import (
	"slices"
	"strings"
	"testing"

	"esrsync/esrmodel"
	"esrsync/internal/directory"
	"esrsync/internal/directory/memory"
	"esrsync/internal/madeup"
	"esrsync/sync/person"
)

// faults lists every kind of fault.
func faults() []madeup.Fault {
	return []madeup.Fault{
		madeup.LeaverEnabled, madeup.LeaverWithGroups, madeup.LeaverTwice, madeup.LeaverProtected, madeup.LeaverAdmin, madeup.ExternalOver,
		madeup.Unowned, madeup.NumberTwice, madeup.OldNumber, madeup.Renamed, madeup.WrongManager, madeup.GoneManager, madeup.MissingGroup,
		madeup.StaleAttributes, madeup.DisabledByHand, madeup.Unused, madeup.NoAccount, madeup.OnlyAddress, madeup.OnlyName,
		madeup.AddressClash, madeup.ContactHasAddress, madeup.GenericAccount, madeup.ServiceAccount, madeup.AdministratorExtra,
	}
}

// load fills a domain as a demo would.
func load(t *testing.T, trust *madeup.Trust) *memory.Domain {
	t.Helper()
	domain, err := memory.New(memory.Options{Name: "trust.example"})
	if err != nil {
		t.Fatal(err)
	}
	s, seed := domain.System(), trust.Directory()
	add := func(dn string, entry []madeup.Attribute, more ...memory.Attribute) {
		t.Helper()
		for _, a := range entry {
			more = append(more, memory.Attribute(a))
		}
		if _, err := s.Add(dn, more); err != nil {
			t.Fatalf("adding %s: %v", dn, err)
		}
	}
	for _, dn := range seed.Units {
		add(dn, nil, memory.Attribute{Name: "objectClass", Values: []string{"organizationalUnit"}})
	}
	for _, u := range seed.Users {
		add(u.DN, u.Entry(), memory.Attribute{Name: "userAccountControl", Values: []string{u.Control().String()}},
			memory.Attribute{Name: "unicodePwd", Values: []string{memory.EncodePassword("Made-up 2026 password")}})
	}
	for _, c := range seed.Contacts {
		add(c.DN, c.Entry())
	}
	modify := func(dn, attribute string, values []string) {
		t.Helper()
		if err := s.Modify(dn, []memory.Mod{{Op: memory.AddValues, Attribute: attribute, Values: values}}); err != nil {
			t.Fatalf("adding %s to %s: %v", attribute, dn, err)
		}
	}
	for _, g := range seed.Groups {
		if !g.BuiltIn {
			add(g.DN, g.Entry())
		}
		modify(g.DN, "member", g.Members)
	}
	for _, u := range seed.Users {
		if u.Manager != "" {
			modify(u.DN, "manager", []string{u.Manager})
		}
	}
	return domain
}

func TestADomainTakesTheDirectory(t *testing.T) {
	t.Parallel()
	trust := small(1)
	opts := trust.Options()
	if opts.Base != "DC=trust,DC=example" {
		t.Fatal(opts.Base)
	}
	accounts, err := memory.NewDirectory(load(t, trust).System()).Accounts(t.Context(), directory.Scope{Bases: []string{opts.Base}})
	if err != nil {
		t.Fatal(err)
	}
	byDN := map[string]directory.Account{}
	for _, a := range accounts {
		byDN[directory.FoldDN(a.DN)] = a
	}
	for _, u := range trust.Directory().Users {
		a, there := byDN[directory.FoldDN(u.DN)]
		if !there || a.Login != u.Login || a.PersonKey != u.PersonKey || a.Enabled() != u.Enabled || a.AdminCount != u.AdminCount || !directory.SameDN(a.Manager, u.Manager) {
			t.Errorf("%s came out as %+v", u.DN, a)
		}
	}
}

// found is a planted fault with what the seed has around it.
type found struct {
	seed   madeup.Seed
	plant  madeup.Plant
	user   madeup.User // of the plant's DN
	people map[string]person.Person
	today  esrmodel.Date
}

// user returns the account of a name.
func user(seed madeup.Seed, dn string) (madeup.User, bool) {
	for _, u := range seed.Users {
		if u.DN == dn {
			return u, true
		}
	}
	return madeup.User{}, false
}

func (f found) is(s person.Standing) bool { return f.people[f.plant.Person].Standing == s }
func (f found) left() bool                { return f.is(person.Left) }
func (f found) current() bool             { return f.is(person.Current) }
func (f found) member(group string) bool  { return slices.Contains(f.group(group), f.user.DN) }

func (f found) value(name string) []string {
	for _, a := range f.user.Attributes {
		if a.Name == name {
			return a.Values
		}
	}
	return nil
}

func (f found) owners(key string) (n int) {
	for _, u := range f.seed.Users {
		if u.PersonKey == key {
			n++
		}
	}
	return n
}

// group returns the members of a group by its login name.
func (f found) group(name string) []string {
	i := slices.IndexFunc(f.seed.Groups, func(g madeup.Group) bool { return g.Name == name })
	return f.seed.Groups[i].Members
}

// signs says of each fault how it shows in the directory, beside ESR.
func signs() map[madeup.Fault]func(found) bool {
	return map[madeup.Fault]func(found) bool{
		madeup.LeaverEnabled:    func(f found) bool { return f.left() && f.user.Enabled && f.user.PersonKey == f.plant.Person },
		madeup.LeaverWithGroups: func(f found) bool { return f.left() && !f.user.Enabled && f.member("All Staff") },
		madeup.LeaverTwice:      func(f found) bool { return f.left() && f.user.Enabled && f.owners(f.plant.Person) == 2 },
		madeup.LeaverProtected:  func(f found) bool { return f.left() && f.user.Enabled && f.user.AdminCount },
		madeup.LeaverAdmin:      func(f found) bool { return f.left() && f.user.Enabled && f.user.Login[:4] == "adm-" },
		madeup.ExternalOver:     func(f found) bool { return f.user.Enabled && f.user.PersonKey == f.plant.Person },
		madeup.Unowned:          func(f found) bool { return f.user.Enabled && f.user.PersonKey == "" && f.plant.Person == "" },
		madeup.NumberTwice:      func(f found) bool { return f.current() && f.owners(f.plant.Person) == 2 },
		madeup.OldNumber: func(f found) bool {
			old := f.people[f.plant.Other]
			return f.current() && old.Standing == person.Left && f.user.PersonKey == old.Key && f.user.Enabled
		},
		madeup.Renamed: func(f found) bool {
			p := f.people[f.plant.Person]
			return f.current() && f.value("sn")[0] == p.PreviousLast && p.PreviousLast != p.Last
		},
		madeup.WrongManager: func(f found) bool {
			boss, there := user(f.seed, f.user.Manager)
			return f.current() && there && f.people[boss.PersonKey].ID != f.people[f.plant.Person].Manager
		},
		madeup.GoneManager: func(f found) bool {
			boss, there := user(f.seed, f.user.Manager)
			return f.current() && there && f.people[boss.PersonKey].Standing == person.Left
		},
		madeup.MissingGroup: func(f found) bool { return f.current() && !f.member("All Staff") },
		madeup.StaleAttributes: func(f found) bool {
			return f.current() && f.value("title")[0] != f.people[f.plant.Person].Primary.Title
		},
		madeup.DisabledByHand: func(f found) bool { return f.current() && !f.user.Enabled },
		madeup.Unused:         func(f found) bool { return f.user.Enabled && f.user.LastSignIn < f.today.AddDays(-60) },
		madeup.NoAccount:      func(f found) bool { return f.current() && f.owners(f.plant.Person) == 0 && f.plant.DN == "" },
		madeup.OnlyAddress: func(f found) bool {
			return strings.EqualFold(f.value("mail")[0], f.people[f.plant.Person].ESREmail) && f.user.PersonKey == ""
		},
		madeup.OnlyName: func(f found) bool {
			return f.people[f.plant.Person].ESREmail == "" && f.user.PersonKey == "" && f.user.DN != ""
		},
		madeup.AddressClash: func(f found) bool {
			return slices.Contains(f.value("proxyAddresses"), "smtp:"+f.plant.Other) && mails(f.seed, f.plant.Other) == 1
		},
		madeup.ContactHasAddress: func(f found) bool {
			return f.seed.Contacts[0].DN == f.plant.DN && f.seed.Contacts[0].Mail == f.plant.Other
		},
		madeup.GenericAccount:     func(f found) bool { return f.user.Enabled && f.user.PersonKey == "" },
		madeup.ServiceAccount:     func(f found) bool { return f.user.Enabled && f.user.Login[:4] == "svc-" },
		madeup.AdministratorExtra: func(f found) bool { return f.current() && f.member("Domain Admins") },
	}
}

// TestEveryPlantedFaultIsThere asks of each plant whether the directory shows it.
func TestEveryPlantedFaultIsThere(t *testing.T) {
	t.Parallel()
	trust := madeup.New(madeup.Options{People: 400, Seed: 11})
	people, seed := peopleOn(t, trust, 0), trust.Directory()
	shows := signs()
	for _, p := range seed.Planted {
		f := found{seed: seed, plant: p, people: people, today: trust.Day(0)}
		f.user, _ = user(seed, p.DN)
		if !shows[p.Fault](f) {
			t.Errorf("%s does not show: %+v", p.Fault, p)
		}
	}
	for _, fault := range faults() {
		if len(seed.Of(fault)) == 0 {
			t.Errorf("%s: none planted", fault)
		}
	}
}

// TestNothingElseIsWrong keeps the directory from having faults that nobody
// listed: every other account is that of a current person, or off.
func TestNothingElseIsWrong(t *testing.T) {
	t.Parallel()
	trust := madeup.New(madeup.Options{People: 400, Seed: 12})
	people, seed := peopleOn(t, trust, 0), trust.Directory()
	planted := map[string]bool{}
	for _, p := range seed.Planted {
		planted[p.DN], planted[p.Other] = true, true
	}
	for _, u := range seed.Users {
		if planted[u.DN] || strings.HasPrefix(u.PersonKey, "X") {
			continue
		}
		p, known := people[u.PersonKey]
		if !known || u.Enabled != (p.Standing == person.Current) {
			t.Errorf("%s (%s) is enabled: %v, and its person is %q", u.DN, u.PersonKey, u.Enabled, p.Standing)
		}
	}
}

// mails returns how many accounts have an address as their own.
func mails(seed madeup.Seed, address string) (n int) {
	for _, u := range seed.Users {
		if slices.Contains(found{user: u}.value("mail"), address) {
			n++
		}
	}
	return n
}
