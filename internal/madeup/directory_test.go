package madeup_test

import (
	"bytes"
	"slices"
	"testing"

	"esrsync/internal/directory"
	"esrsync/internal/directory/memory"
	"esrsync/internal/madeup"
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
	seed  madeup.Seed
	plant madeup.Plant
	user  madeup.User // of the plant's DN
	first *madeup.Trust
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

// TestEveryPlantedFaultIsThere asks of each plant whether the seed has it.
func TestEveryPlantedFaultIsThere(t *testing.T) {
	t.Parallel()
	trust := madeup.New(madeup.Options{People: 400, Seed: 11})
	people := peopleOn(t, trust, 0)
	left := func(f found) bool { return people[f.plant.Person].Standing == "left" }
	current := func(f found) bool { return people[f.plant.Person].Standing == "current" }
	// A person without an ESR address, or an account without a number, is found by other evidence.
	sees := map[madeup.Fault]func(found) bool{
		madeup.LeaverEnabled: func(f found) bool { return left(f) && f.user.Enabled && f.user.PersonKey == f.plant.Person },
		madeup.LeaverWithGroups: func(f found) bool {
			return left(f) && !f.user.Enabled && slices.Contains(f.group("All Staff"), f.user.DN)
		},
		madeup.LeaverTwice:     func(f found) bool { return left(f) && f.user.Enabled && f.owners(f.plant.Person) == 2 },
		madeup.LeaverProtected: func(f found) bool { return left(f) && f.user.Enabled && f.user.AdminCount },
		madeup.LeaverAdmin:     func(f found) bool { return left(f) && f.user.Enabled && f.user.Login[:4] == "adm-" },
		madeup.ExternalOver:    func(f found) bool { return f.user.Enabled && f.user.PersonKey == f.plant.Person },
		madeup.Unowned:         func(f found) bool { return f.user.Enabled && f.user.PersonKey == "" && f.plant.Person == "" },
		madeup.NumberTwice:     func(f found) bool { return current(f) && f.owners(f.plant.Person) == 2 },
		madeup.OldNumber: func(f found) bool {
			return current(f) && people[f.plant.Other].Standing == "left" && f.user.PersonKey == f.plant.Other && f.user.Enabled
		},
		madeup.Renamed: func(f found) bool {
			p := people[f.plant.Person]
			return current(f) && f.value("sn")[0] == p.PreviousLast && p.PreviousLast != p.Last
		},
		madeup.WrongManager: func(f found) bool { return current(f) && f.user.Manager == f.plant.Other },
		madeup.GoneManager: func(f found) bool {
			boss, there := user(f.seed, f.user.Manager)
			return current(f) && there && people[boss.PersonKey].Standing == "left"
		},
		madeup.MissingGroup:    func(f found) bool { return current(f) && !slices.Contains(f.group("All Staff"), f.user.DN) },
		madeup.StaleAttributes: func(f found) bool { return current(f) && f.value("title")[0] != people[f.plant.Person].Primary.Title },
		madeup.DisabledByHand:  func(f found) bool { return current(f) && !f.user.Enabled },
		madeup.Unused:          func(f found) bool { return f.user.Enabled && f.user.LastSignIn < trust.Day(0)-60 },
		madeup.NoAccount:       func(f found) bool { return current(f) && f.owners(f.plant.Person) == 0 && f.plant.DN == "" },
		madeup.OnlyAddress: func(f found) bool {
			return bytes.EqualFold([]byte(f.value("mail")[0]), []byte(people[f.plant.Person].ESREmail)) && f.user.PersonKey == ""
		},
		madeup.OnlyName: func(f found) bool {
			return people[f.plant.Person].ESREmail == "" && f.user.PersonKey == "" && f.user.DN != ""
		},
		madeup.AddressClash: func(f found) bool {
			return slices.Contains(f.value("proxyAddresses"), "smtp:"+f.plant.Other) && mails(f.seed, f.plant.Other) == 1
		},
		madeup.ContactHasAddress: func(f found) bool {
			return f.seed.Contacts[0].DN == f.plant.DN && f.seed.Contacts[0].Mail == f.plant.Other
		},
		madeup.GenericAccount:     func(f found) bool { return f.user.Enabled && f.user.PersonKey == "" },
		madeup.ServiceAccount:     func(f found) bool { return f.user.Enabled && f.user.Login[:4] == "svc-" },
		madeup.AdministratorExtra: func(f found) bool { return current(f) && slices.Contains(f.group("Domain Admins"), f.user.DN) },
	}
	seed := trust.Directory()
	for _, fault := range faults() {
		plants := seed.Of(fault)
		if len(plants) == 0 {
			t.Errorf("%s: none planted", fault)
		}
		for _, p := range plants {
			f := found{seed: seed, plant: p, first: trust}
			f.user, _ = user(seed, p.DN)
			if !sees[fault](f) {
				t.Errorf("%s is not there: %+v", fault, p)
			}
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
