package main

import (
	"context"
	"fmt"
	"sort"
	"strings"

	"esrsync/esrmodel"
	"esrsync/internal/directory"
	"esrsync/internal/state"
	"esrsync/sync/person"
)

// people returns everybody that the store knows, as they are today.
func (s *session) people(ctx context.Context) ([]person.Person, error) {
	staff, err := s.store.Staff(ctx)
	if err != nil {
		return nil, err
	}
	today := esrmodel.DateOf(s.app.now().In(s.engine.Settings.Zone))
	all, _ := person.Resolve(staff, person.Moment{Day: today}, s.engine.Settings.People)
	return all, nil
}

// personOf finds the one person that a key names: an employee number, a
// reference of the register, a login name or an address. A key that fits several
// people is refused with the list: nobody guesses who is meant.
func (s *session) personOf(ctx context.Context, key string) (person.Person, error) {
	found, err := s.peopleOf(ctx, key)
	switch {
	case err != nil:
		return person.Person{}, err
	case len(found) == 0:
		return person.Person{}, usage("nobody has the employee number, login, address or reference %q; esrsyncd explain takes the same keys", key)
	case len(found) > 1:
		return person.Person{}, severalPeople(key, found)
	}
	return found[0], nil
}

func severalPeople(key string, found []person.Person) error {
	return usage("%q fits several people; name one by employee number:\n%s", key, listPeople(found))
}

// peopleOf finds everybody whom a key may mean.
func (s *session) peopleOf(ctx context.Context, key string) ([]person.Person, error) {
	all, err := s.people(ctx)
	if err != nil {
		return nil, err
	}
	ids, err := s.namesOf(ctx, key)
	if err != nil {
		return nil, err
	}
	var found []person.Person
	for _, p := range all {
		if p.Key == key || p.ID == key || ids[p.ID] || strings.EqualFold(p.ESREmail, key) && key != "" {
			found = append(found, p)
		}
	}
	return found, nil
}

// namesOf returns the people to whom a login or an address was ever given.
func (s *session) namesOf(ctx context.Context, key string) (map[string]bool, error) {
	names, err := s.store.Names(ctx)
	if err != nil {
		return nil, err
	}
	out := map[string]bool{}
	for _, n := range names {
		if n.PersonID != "" && strings.EqualFold(n.Value, key) {
			out[n.PersonID] = true
		}
	}
	return out, nil
}

func listPeople(people []person.Person) string {
	lines := make([]string, len(people))
	for i, p := range people {
		lines[i] = fmt.Sprintf("  %-10s %s, %s, %s", p.Key, nameOf(p), p.Primary.Title, p.Primary.Organisation.Name)
	}
	sort.Strings(lines)
	return strings.Join(lines, "\n")
}

// nameOf returns a person's name as people say it.
func nameOf(p person.Person) string {
	return strings.TrimSpace(p.Preferred + " " + p.Last)
}

// linksOf returns the links of one person, the primary account first.
func (s *session) linksOf(ctx context.Context, personID string) ([]state.Link, error) {
	links, err := s.store.Links(ctx)
	if err != nil {
		return nil, err
	}
	var out []state.Link
	for _, l := range links {
		if l.PersonID == personID {
			out = append(out, l)
		}
	}
	sort.SliceStable(out, func(i, j int) bool { return !out[i].Secondary && out[j].Secondary })
	return out, nil
}

// accountsOf reads some accounts from the directory as they are now.
func (s *session) accountsOf(ctx context.Context, links []state.Link) ([]directory.Account, error) {
	if len(links) == 0 {
		return nil, nil
	}
	reader, done, err := s.engine.Directory.Reader(ctx)
	if err != nil {
		return nil, err
	}
	defer done()
	var out []directory.Account
	for _, l := range links {
		a, err := reader.Account(ctx, l.Account, directory.Scope{Bases: []string{s.cfg.Directory.Base}, Attributes: s.attributes()})
		if err != nil {
			return nil, fmt.Errorf("reading the account %s: %w", l.Account, err)
		}
		out = append(out, a)
	}
	return out, nil
}

// attributes returns every attribute that the configuration speaks of.
func (s *session) attributes() []string {
	out := append([]string(nil), s.engine.Settings.Scope...)
	for name := range s.cfg.Attributes {
		out = append(out, name)
	}
	sort.Strings(out)
	return out
}

// record writes an act of a person into the ledger.
func (s *session) record(ctx context.Context, action, personID string, details map[string]string) error {
	return s.store.Append(ctx, state.Event{At: s.app.now().UTC(), Actor: s.actor, Action: action, PersonID: personID, Details: details})
}
