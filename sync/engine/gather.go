package engine

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"esrsync/esrmodel"
	"esrsync/internal/directory"
	"esrsync/internal/state"
	"esrsync/sync/match"
	"esrsync/sync/person"
	"esrsync/sync/plan"
)

// gather fills in everything that a plan is made from: the people of the day, a
// complete read of the directory, and what the store remembers.
func (e *Engine) gather(ctx context.Context, n *night, staff esrmodel.Staff, policy plan.Policy) error {
	in := &n.input
	in.At, in.Zone, in.Policy = n.at, e.Settings.Zone, policy
	people := e.Settings.People
	confirmed, err := e.confirmed(ctx)
	if err != nil {
		return err
	}
	people.Confirmed = confirmed
	in.People, n.findings = person.Resolve(staff, n.at, people)
	if err := e.readDirectory(ctx, in); err != nil {
		return err
	}
	if n.explains {
		if err := e.explainOpen(ctx, in); err != nil {
			return err
		}
	}
	if err := e.recall(ctx, n); err != nil {
		return err
	}
	if err := plausible(in); err != nil {
		return err
	}
	if err := e.holds(ctx, n); err != nil {
		return err
	}
	if err := e.match(ctx, n); err != nil {
		return err
	}
	if n.explains {
		e.coverNew(ctx, n)
	}
	if err := e.history(ctx, in); err != nil {
		return err
	}
	in.Inputs, err = e.fingerprints(ctx, in)
	return err
}

// readDirectory reads the directory, completely or not at all.
func (e *Engine) readDirectory(ctx context.Context, in *plan.Input) error {
	reader, done, err := e.Directory.Reader(ctx)
	if err != nil {
		return fmt.Errorf("opening the directory: %w", err)
	}
	defer done()
	facts, err := reader.Facts(ctx)
	if err != nil {
		return fmt.Errorf("asking the directory about itself: %w", err)
	}
	in.Schema = facts.Schema
	if err := e.readAccounts(ctx, reader, in, directory.SameDN(facts.Base, e.Settings.Base)); err != nil {
		return err
	}
	var named []string
	for _, g := range in.Policy.Groups {
		named = append(named, g.Group)
	}
	named = append(named, in.Policy.ProtectedGroups...)
	bases := append(privilegedContainers(e.Settings.Base), in.Policy.GroupBases...)
	if in.Groups, err = reader.Groups(ctx, bases, named); err != nil {
		return fmt.Errorf("reading the groups: %w", err)
	}
	return nil
}

// readAccounts reads the accounts and the names in use.
//
// Where the whole domain is read, the accounts' own names are those of the same
// read: an account that appears in between, by a write of a killed run that lands
// late, is neither an account nor a name that is taken. Making it again is refused
// by the directory, and never makes a second one under another name. Where only a
// part is read the names come first, so that such an account is seen after its name.
func (e *Engine) readAccounts(ctx context.Context, reader directory.Reader, in *plan.Input, whole bool) (err error) {
	if !whole {
		if in.Names, err = reader.Names(ctx, nil); err != nil {
			return fmt.Errorf("reading the names in use: %w", err)
		}
	}
	scope := directory.Scope{Bases: append([]string{e.Settings.Base}, e.Settings.Bases...), Attributes: e.attributes(in)}
	if in.Accounts, err = reader.Accounts(ctx, scope); err != nil {
		return fmt.Errorf("reading the accounts: %w", err)
	}
	if whole {
		if in.Names, err = reader.Names(ctx, in.Accounts); err != nil {
			return fmt.Errorf("reading the names in use: %w", err)
		}
	}
	return nil
}

// privilegedContainers are where every domain keeps its privileged groups: they
// are read so that planning knows them by SID, and whatever is nested in them.
func privilegedContainers(base string) []string {
	return []string{"CN=Builtin," + base, "CN=Users," + base}
}

// lacking names what the configuration speaks of and the directory does not have:
// nobody is put into such a group, and such an attribute is not written.
func lacking(in plan.Input) []string {
	var out []string
	there := map[string]bool{}
	for _, g := range in.Groups {
		there[directory.FoldDN(g.DN)] = true
	}
	for _, rule := range in.Policy.Groups {
		if !there[directory.FoldDN(rule.Group)] {
			out = append(out, fmt.Sprintf("The group %s of %s is not in the directory: nobody is put into it.", rule.Group, rule.Name))
		}
	}
	for _, a := range in.Policy.Attributes {
		if len(in.Schema) > 0 && !in.Schema[strings.ToLower(a.Name)] {
			out = append(out, fmt.Sprintf("The directory's schema has no attribute %s for people: it is not written.", a.Name))
		}
	}
	return out
}

// attributes returns what must be read beside the attributes that every account
// has: for planning, and for recognising people.
func (e *Engine) attributes(in *plan.Input) []string {
	return append(plan.ReadAttributes(in.Policy), e.Settings.Scope...)
}

// recall brings what the store remembers of people and names.
func (e *Engine) recall(ctx context.Context, n *night) (err error) {
	in := &n.input
	if in.Links, err = e.Store.Links(ctx); err != nil {
		return fmt.Errorf("reading the links: %w", err)
	}
	if in.Given, err = e.Store.Names(ctx); err != nil {
		return fmt.Errorf("reading the names that were given: %w", err)
	}
	keeps, err := e.Store.Keeps(ctx, n.at.Day)
	if err != nil {
		return fmt.Errorf("reading whom to keep: %w", err)
	}
	in.Keeps = map[string]esrmodel.Date{}
	for _, k := range keeps {
		in.Keeps[k.PersonID] = k.Until
	}
	in.HeldOrganisations = map[string]bool{}
	last, found, err := e.Store.LastFeed(ctx, SourceStaff)
	if err != nil {
		return fmt.Errorf("reading the last feed: %w", err)
	}
	if found {
		for _, id := range last.Held {
			in.HeldOrganisations[id] = true
		}
	}
	return nil
}

// How many linked accounts may be missing from a complete read before it is not
// believed: a few may have been deleted by hand, a whole unit that the reader has
// no right to see looks just the same, and is silently left out of the answer.
const (
	missingAlways  = 10
	missingPercent = 5
)

// plausible refuses a read that lacks what must be there: every domain has
// accounts, and accounts that are somebody's do not vanish by the dozen.
func plausible(in *plan.Input) error {
	if len(in.Accounts) == 0 {
		return fmt.Errorf("reading the accounts: %w: not one was found, and every domain has some; check base and the rights of the reading account", directory.ErrIncomplete)
	}
	seen := map[directory.GUID]bool{}
	for _, a := range in.Accounts {
		seen[a.GUID] = true
	}
	missing := 0
	for _, l := range in.Links {
		if !seen[l.Account] {
			missing++
		}
	}
	if missing > missingAlways && missing*100 > len(in.Links)*missingPercent {
		return fmt.Errorf("reading the accounts: %w: %d of the %d accounts that are somebody's are missing; check the rights of the reading account, or unlink those that were deleted (esrsyncd match unlink)",
			directory.ErrIncomplete, missing, len(in.Links))
	}
	return nil
}

func (e *Engine) confirmed(ctx context.Context) (map[string]esrmodel.Date, error) {
	answers, err := e.Store.Confirmations(ctx)
	if err != nil {
		return nil, fmt.Errorf("reading the answers to \"left or lost?\": %w", err)
	}
	out := map[string]esrmodel.Date{}
	for _, a := range answers {
		out[a.PersonID] = a.Date
	}
	return out, nil
}

// match opens the tokens and finds out whose each account is. What a token
// proves and the store does not know is written down again: ownership survives
// the loss of the store.
func (e *Engine) match(ctx context.Context, n *night) error {
	in := &n.input
	in.Tokens = e.tokens(in.Accounts)
	decisions, err := e.Store.Decisions(ctx)
	if err != nil {
		return fmt.Errorf("reading the answers in the match queue: %w", err)
	}
	created, err := e.created(ctx)
	if err != nil {
		return err
	}
	in.Matches = match.Match(match.Input{
		People: in.People, Accounts: in.Accounts, Tokens: in.Tokens, Links: in.Links,
		Decisions: decisions, Created: created,
		Secondary: in.Policy.Secondary, Generic: in.Policy.Generic, Protected: in.Policy.Protected,
	})
	n.findings = append(n.findings, in.Matches.Findings...)
	return nil
}

// history fills in what the journal says of accounts that have an expiry or that
// we switched off: a date that somebody else set is never taken out, and nothing
// is deleted but what we switched off long ago.
func (e *Engine) history(ctx context.Context, in *plan.Input) error {
	in.OurExpiry, in.SwitchedOff = map[directory.GUID]time.Time{}, map[directory.GUID]esrmodel.Date{}
	asks := map[directory.GUID]bool{}
	for _, a := range in.Accounts {
		asks[a.GUID] = !a.Expires.IsZero() || !a.Enabled() && in.Policy.DeleteAfter > 0
	}
	for _, p := range in.People {
		pair, linked := in.Matches.Of[p.ID]
		if !linked || !asks[pair.Account] {
			continue
		}
		entries, err := e.Store.EntriesOfPerson(ctx, p.ID, entriesOfInterest)
		if err != nil {
			return fmt.Errorf("reading what was changed for %s: %w", p.Key, err)
		}
		e.read(entries, pair.Account, in)
	}
	return nil
}

// entriesOfInterest bounds how far back one person's history is read.
const entriesOfInterest = 200

// read notes the newest expiry and the newest switching off of an account, in a
// history that begins with the newest entry.
func (e *Engine) read(entries []state.Entry, account directory.GUID, in *plan.Input) {
	for _, entry := range entries {
		var c plan.Change
		if entry.Outcome != state.Done || entry.Account != account || json.Unmarshal(entry.Change, &c) != nil {
			continue
		}
		if values := c.After["accountExpires"]; len(values) == 1 {
			if _, newer := in.OurExpiry[account]; !newer {
				in.OurExpiry[account] = directory.ParseFileTime(values[0])
			}
		}
		if _, newer := in.SwitchedOff[account]; c.Kind == plan.Disable && !newer {
			in.SwitchedOff[account] = esrmodel.DateOf(entry.Settled.In(e.Settings.Zone))
		}
	}
}

// tokens opens the token of each marked account.
func (e *Engine) tokens(accounts []directory.Account) map[directory.GUID]match.Token {
	tokens := map[directory.GUID]match.Token{}
	for _, a := range accounts {
		if a.Marker == "" {
			continue
		}
		said, err := e.Sealer.Open(a.GUID, a.Marker)
		tokens[a.GUID] = match.Token{Valid: err == nil, PersonID: said.PersonID, PersonKey: said.PersonKey, State: said.State}
	}
	return tokens
}

// created returns the logins of accounts that we set out to make and never heard of again, by person ID.
func (e *Engine) created(ctx context.Context) (map[string]string, error) {
	open, err := e.Store.OpenEntries(ctx)
	if err != nil {
		return nil, fmt.Errorf("reading the open intents: %w", err)
	}
	out := map[string]string{}
	for _, entry := range open {
		var c plan.Change
		if err := json.Unmarshal(entry.Change, &c); err != nil {
			return nil, fmt.Errorf("reading the open intent %d: %w", entry.ID, err)
		}
		if c.Kind == plan.Create {
			out[c.PersonID] = c.After.First("sAMAccountName")
		}
	}
	return out, nil
}

// fingerprints names what the plan was made from, with a hash of each.
func (e *Engine) fingerprints(ctx context.Context, in *plan.Input) ([]plan.Fingerprint, error) {
	var out []plan.Fingerprint
	for _, source := range []string{SourceStaff, SourceExternals} {
		f, found, err := e.Store.LastFeed(ctx, source)
		if err != nil {
			return nil, fmt.Errorf("reading the last feed: %w", err)
		}
		if found {
			out = append(out, plan.Fingerprint{Name: f.Name, Hash: f.SHA256})
		}
	}
	h := sha256.New()
	for _, a := range in.Accounts {
		fmt.Fprintf(h, "%s\x00%s\x00%s\x00%d\x00%s\n", a.GUID, a.DN, a.Login, a.Control, a.Marker)
	}
	return append(out, plan.Fingerprint{
		Name: fmt.Sprintf("directory, %d accounts", len(in.Accounts)),
		Hash: hex.EncodeToString(h.Sum(nil)),
	}), nil
}

// linkOf returns the link that a change leaves behind, where it is one that does.
func linkOf(c plan.Change, account directory.GUID, primary map[string]directory.GUID) (state.Link, bool) {
	said := c.After.First(plan.Token)
	if said == "" || c.PersonID == "" || account.IsZero() {
		return state.Link{}, false
	}
	main, known := primary[c.PersonID]
	return state.Link{
		PersonID: c.PersonID, PersonKey: c.Person, Account: account, State: said,
		Secondary: known && main != account, Evidence: c.Reason,
	}, true
}
