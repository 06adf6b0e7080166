package hold

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"esrsync/internal/directory"
	"esrsync/internal/state"
)

// Who is whom a lockout means. Either the store knows the person, or there is
// only a key: a login, an address, an employee number.
type Who struct {
	Key       string
	PersonID  string // empty: nobody knows
	PersonKey string
	Name      string
	Links     []state.Link            // the person's, also under other records of the same human being
	Others    map[directory.GUID]bool // accounts that are linked to other people
}

// Subject is a person, or an account that is nobody's, with every account that a
// lockout will reach.
type Subject struct {
	PersonID  string
	PersonKey string
	Name      string
	Accounts  []Found
}

// Found is one account and how it is known to be the person's.
type Found struct {
	directory.Account
	Evidence string
	Spared   string // why no lockout touches it; empty: it is reached
}

// The evidence by which an account is the person's, the surest first.
const (
	ByLink   = "link"
	ByToken  = "token"
	ByNumber = "employee number"
	ByNaming = "naming rule"
	ByName   = "named"
)

// Find returns the person's accounts in the whole domain. It asks the first
// controller that answers. [ErrNobody] where there is no account at all,
// [ErrSeveral] where a key fits several people.
func (l *Locker) Find(ctx context.Context, who Who) (Subject, error) {
	var out Subject
	err := l.on(ctx, func(ctx context.Context, c Controller) error {
		s := &search{Locker: l, c: c, who: who, found: map[directory.GUID]Found{}}
		if err := s.all(ctx); err != nil {
			return err
		}
		out = s.subject()
		return nil
	})
	if err != nil {
		return Subject{}, fmt.Errorf("looking for the accounts: %w", err)
	}
	if len(out.Accounts) == 0 {
		return out, fmt.Errorf("%q: %w", who.Key, ErrNobody)
	}
	return out, nil
}

// search is one call of Find.
type search struct {
	*Locker
	c     Controller
	who   Who
	found map[directory.GUID]Found
}

func (s *search) all(ctx context.Context) error {
	for _, step := range []func(context.Context) error{s.linked, s.named, s.origin, s.numbered, s.tokened, s.derived} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

// linked finds what the store says is the person's.
func (s *search) linked(ctx context.Context) error {
	var ids []directory.GUID
	for _, l := range s.who.Links {
		ids = append(ids, l.Account)
	}
	return s.ask(ctx, directory.Query{Accounts: ids}, ByLink, nil)
}

// named finds what the key itself names, where nobody knows the person, and
// learns from those accounts whose they are.
func (s *search) named(ctx context.Context) error {
	if s.who.PersonID != "" || s.who.Key == "" {
		return nil
	}
	key := []string{s.who.Key}
	if err := s.ask(ctx, directory.Query{PersonKeys: key, Logins: key, Addresses: key}, ByName, nil); err != nil {
		return err
	}
	owners := map[string]bool{}
	for _, f := range s.sorted() {
		owners[s.learn(f)] = true
	}
	if len(owners) > 1 {
		return fmt.Errorf("%w: %s", ErrSeveral, s.logins())
	}
	return nil
}

// learn takes from an account whose it is, and returns what tells its owner from others.
func (s *search) learn(f Found) string {
	owner := f.PersonKey
	if said, valid := s.read(f.GUID, f.Marker); valid {
		owner, s.who.PersonID = said.PersonKey, said.PersonID
	}
	if owner == "" {
		return f.GUID.String()
	}
	s.who.PersonKey = owner
	return owner
}

// origin finds the account of which the naming rules made the login that was
// typed, where that one does not say whose it is.
func (s *search) origin(ctx context.Context) error {
	if s.who.PersonID != "" || s.who.PersonKey != "" {
		return nil
	}
	var logins []string
	for _, f := range s.sorted() {
		logins = append(logins, origins(s.Policy.Secondary, f.Login)...)
	}
	if len(logins) == 0 {
		return nil
	}
	err := s.ask(ctx, directory.Query{Logins: logins}, ByNaming, func(a directory.Account) bool {
		return slices.Contains(logins, strings.ToLower(a.Login))
	})
	for _, f := range s.sorted() {
		s.learn(f)
	}
	return err
}

// numbered finds what carries the person's key.
func (s *search) numbered(ctx context.Context) error {
	if s.who.PersonKey == "" {
		return nil
	}
	return s.ask(ctx, directory.Query{PersonKeys: []string{s.who.PersonKey}}, ByNumber, nil)
}

// tokened looks at every token of the domain, where the store does not say what
// is the person's: ownership survives the loss of the store.
func (s *search) tokened(ctx context.Context) error {
	if len(s.who.Links) > 0 || s.who.PersonID == "" || s.Sealer == nil {
		return nil
	}
	all, err := s.c.Accounts(ctx, directory.Scope{Bases: s.Policy.Bases})
	if err != nil {
		return err
	}
	for _, a := range all {
		if said, valid := s.read(a.GUID, a.Marker); valid && said.PersonID == s.who.PersonID {
			s.add(a, ByToken)
		}
	}
	return nil
}

// derived finds the logins that the naming rules make of those found so far, and
// of what an administrator's login was made.
func (s *search) derived(ctx context.Context) error {
	var logins []string
	for _, f := range s.sorted() {
		logins = append(logins, related(s.Policy.Secondary, f.Login)...)
	}
	if len(logins) == 0 {
		return nil
	}
	// A UPN may look like another's login: only the login itself is evidence here.
	return s.ask(ctx, directory.Query{Logins: logins}, ByNaming, func(a directory.Account) bool {
		said, valid := s.read(a.GUID, a.Marker)
		others := valid && said.PersonID != s.who.PersonID || a.PersonKey != "" && a.PersonKey != s.who.PersonKey
		return slices.Contains(logins, strings.ToLower(a.Login)) && !others
	})
}

// origins returns the logins of which the rules would have made this one; lower case.
func origins(rules []string, login string) []string {
	var out []string
	for _, rule := range rules {
		before, after, ok := strings.Cut(strings.ToLower(rule), "{login}")
		rest, prefixed := strings.CutPrefix(strings.ToLower(login), before)
		base, suffixed := strings.CutSuffix(rest, after)
		if ok && before+after != "" && prefixed && suffixed && base != "" {
			out = append(out, base)
		}
	}
	return out
}

// longestLogin is how many characters a user's login has at most
// (sAMAccountName, MS-SAMR 3.1.1.6): an administrator's may have been cut to it.
const longestLogin = 20

// related returns the further logins that the rules make of a login, its origins,
// and what the rules make of those; lower case.
func related(rules []string, login string) []string {
	login = strings.ToLower(login)
	out := origins(rules, login)
	for _, base := range append(origins(rules, login), login) {
		for _, rule := range rules {
			if before, after, ok := strings.Cut(strings.ToLower(rule), "{login}"); ok && before+after != "" {
				out = append(out, before+base+after)
				if room := longestLogin - len(before) - len(after); 0 < room && room < len(base) {
					out = append(out, before+base[:room]+after)
				}
			}
		}
	}
	return slices.DeleteFunc(out, func(other string) bool { return other == login })
}

// ask adds what a query finds and fits, but for accounts that are linked to others.
func (s *search) ask(ctx context.Context, q directory.Query, evidence string, fits func(directory.Account) bool) error {
	if q.IsEmpty() {
		return nil
	}
	found, err := s.c.Find(ctx, q)
	if err != nil {
		return err
	}
	for _, a := range found {
		if fits == nil || fits(a) {
			s.add(a, evidence)
		}
	}
	return nil
}

// add keeps an account with the first, and so the surest, evidence of it.
func (s *search) add(a directory.Account, evidence string) {
	if _, known := s.found[a.GUID]; known || s.who.Others[a.GUID] || !directory.UnderAny(a.DN, s.Policy.Bases) {
		return
	}
	if said, valid := s.read(a.GUID, a.Marker); valid && evidence == ByNumber && said.PersonID == s.who.PersonID {
		evidence = ByToken
	}
	s.found[a.GUID] = Found{Account: a, Evidence: evidence, Spared: s.Policy.spares(a)}
}

func (s *search) subject() Subject {
	return Subject{PersonID: s.who.PersonID, PersonKey: s.who.PersonKey, Name: s.who.Name, Accounts: s.sorted()}
}

// sorted returns the accounts by the surety of the evidence, then by login.
func (s *search) sorted() []Found {
	rank := map[string]int{ByLink: 0, ByToken: 1, ByNumber: 2, ByName: 3, ByNaming: 4}
	out := make([]Found, 0, len(s.found))
	for _, f := range s.found {
		out = append(out, f)
	}
	slices.SortFunc(out, func(a, b Found) int {
		if a.Evidence != b.Evidence {
			return rank[a.Evidence] - rank[b.Evidence]
		}
		return strings.Compare(strings.ToLower(a.Login)+a.GUID.String(), strings.ToLower(b.Login)+b.GUID.String())
	})
	return out
}

func (s *search) logins() string {
	var out []string
	for _, f := range s.sorted() {
		out = append(out, f.Login)
	}
	return strings.Join(out, ", ")
}
