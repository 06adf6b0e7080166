package engine

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"esrsync/internal/directory"
	"esrsync/internal/state"
	"esrsync/sync/apply"
	"esrsync/sync/plan"
)

// apply makes the changes that the guard allowed.
func (e *Engine) apply(ctx context.Context, n *night, gate apply.Gate, out *Outcome) error {
	if err := e.remember(ctx, n); err != nil {
		return err
	}
	allowed := allowed(out.Plan)
	if len(allowed) == 0 {
		return nil
	}
	ready, refused, err := e.reserve(ctx, allowed)
	out.Applied = refused
	if err != nil {
		return err
	}
	writer, done, err := e.Directory.Writer(ctx)
	if err != nil {
		return fmt.Errorf("opening the directory for writing: %w", err)
	}
	defer done()
	applier := apply.Applier{
		Writer: writer, Gate: gate, Workers: e.Settings.Workers,
		Journal: &journal{engine: e, run: out.Run.ID, primary: primaries(n.input), ids: map[string]int64{}},
		Encoder: apply.Encoder{
			PersonKeyAttribute: n.input.Policy.PersonKeyAttribute, MarkerAttribute: n.input.Policy.MarkerAttribute,
			Sealer: e.Sealer, Password: e.Password,
		},
	}
	if e.Progress != nil {
		applier.Progress = func(done, total int) { e.Progress("applying", done, total) }
	}
	made, err := applier.Apply(ctx, ready)
	out.Applied = append(out.Applied, made...)
	if err != nil {
		return fmt.Errorf("applying the plan: %w", err)
	}
	return nil
}

// allowed returns the changes that the guard lets through, in the plan's order.
func allowed(p plan.Plan) []plan.Change {
	ok := map[string]bool{}
	for _, id := range p.Verdict.Allowed {
		ok[id] = true
	}
	var out []plan.Change
	for _, c := range p.Changes {
		if ok[c.ID] {
			out = append(out, c)
		}
	}
	return out
}

// primaries returns each person's own account, by the store and, before that, by
// tonight's matching.
func primaries(in plan.Input) map[string]directory.GUID {
	out := map[string]directory.GUID{}
	for _, l := range in.Links {
		if !l.Secondary {
			out[l.PersonID] = l.Account
		}
	}
	for id, pair := range in.Matches.Of {
		out[id] = pair.Account
	}
	return out
}

// reserve writes down the names that new and renamed accounts will have, before
// any account is made. A name that somebody else was given in the meantime stops
// that person's changes, and theirs alone.
func (e *Engine) reserve(ctx context.Context, changes []plan.Change) (ready []plan.Change, refused []apply.Outcome, err error) {
	var all []state.Name
	for _, c := range changes {
		all = append(all, namesOf(c)...)
	}
	if len(all) == 0 {
		return changes, nil, nil
	}
	blocked := map[string]string{}
	switch err := e.Store.ReserveNames(ctx, all); {
	case errors.Is(err, state.ErrTaken):
		if blocked, err = e.reserveEach(ctx, changes); err != nil {
			return nil, nil, err
		}
	case err != nil:
		return nil, nil, fmt.Errorf("reserving the names of new accounts: %w", err)
	}
	for _, c := range changes {
		if why, is := blocked[c.PersonID]; is {
			refused = append(refused, apply.Outcome{Change: c, Account: c.Account, Result: state.Failed, Detail: why})
			continue
		}
		ready = append(ready, c)
	}
	return ready, refused, nil
}

// reserveEach reserves person by person, and returns who cannot have their names and why.
func (e *Engine) reserveEach(ctx context.Context, changes []plan.Change) (map[string]string, error) {
	blocked := map[string]string{}
	for _, c := range changes {
		names := namesOf(c)
		if len(names) == 0 {
			continue
		}
		switch err := e.Store.ReserveNames(ctx, names); {
		case errors.Is(err, state.ErrTaken):
			blocked[c.PersonID] = err.Error()
		case err != nil:
			return nil, fmt.Errorf("reserving the names of %s: %w", c.Person, err)
		}
	}
	return blocked, nil
}

// namesOf returns the names that a change gives.
func namesOf(c plan.Change) []state.Name {
	if c.Kind != plan.Create && c.Kind != plan.Renaming {
		return nil
	}
	var out []state.Name
	add := func(kind directory.NameKind, value string) {
		if value != "" {
			out = append(out, state.Name{Kind: kind, Value: strings.ToLower(value), PersonID: c.PersonID, Source: "reserved"})
		}
	}
	add(directory.LoginName, c.After.First("sAMAccountName"))
	add(directory.UPNName, c.After.First("userPrincipalName"))
	add(directory.Address, c.After.First("mail"))
	for _, p := range c.After["proxyAddresses"] {
		if prefix, address, found := strings.Cut(p, ":"); found && strings.EqualFold(prefix, "smtp") {
			add(directory.Address, address)
		}
	}
	return out
}

// remember keeps the names that linked people's accounts have, so that nobody
// else gets them once the account is gone; and links that only a token proves.
func (e *Engine) remember(ctx context.Context, n *night) error {
	accounts := map[directory.GUID]directory.Account{}
	for _, a := range n.input.Accounts {
		accounts[a.GUID] = a
	}
	given := map[state.Name]bool{}
	for _, g := range n.input.Given {
		given[state.Name{Kind: g.Kind, Value: g.Value}] = true
	}
	var links []state.Link
	var names []state.Name
	for _, p := range n.input.People {
		pair, linked := n.input.Matches.Of[p.ID]
		if !linked || pair.New {
			continue
		}
		a := accounts[pair.Account]
		if said := n.input.Tokens[a.GUID]; !pair.Stored && said.Valid {
			links = append(links, state.Link{PersonID: p.ID, PersonKey: p.Key, Account: a.GUID, State: said.State, Evidence: pair.Evidence, Since: n.now.UTC()})
		}
		names = append(names, namesOfAccount(p.ID, a, given)...)
	}
	if len(links) > 0 {
		if err := e.Store.SaveLink(ctx, links...); err != nil {
			return fmt.Errorf("keeping links that tokens prove: %w", err)
		}
	}
	if len(names) == 0 {
		return nil
	}
	if _, err := e.Store.ImportNames(ctx, names); err != nil {
		return fmt.Errorf("keeping the names of accounts: %w", err)
	}
	return nil
}

// namesOfAccount returns the names of one account that are not kept yet.
func namesOfAccount(personID string, a directory.Account, given map[state.Name]bool) []state.Name {
	var fresh []state.Name
	add := func(kind directory.NameKind, value string) {
		key := state.Name{Kind: kind, Value: strings.ToLower(value)}
		if value != "" && !given[key] {
			given[key] = true
			key.PersonID, key.Source = personID, "read"
			fresh = append(fresh, key)
		}
	}
	add(directory.LoginName, a.Login)
	add(directory.UPNName, a.UPN)
	for _, address := range a.Addresses() {
		add(directory.Address, address)
	}
	return fresh
}

// journal writes what apply does into the store's journal, its links and its ledger.
type journal struct {
	engine  *Engine
	run     string
	primary map[string]directory.GUID
	ids     map[string]int64 // change ID → journal entry
}

// Intend implements [apply.Journal].
func (j *journal) Intend(ctx context.Context, changes []plan.Change) error {
	entries := make([]state.Entry, len(changes))
	for i, c := range changes {
		body, err := json.Marshal(c)
		if err != nil {
			return err
		}
		entries[i] = state.Entry{
			RunID: j.run, ChangeID: c.ID, Class: string(c.Class), Kind: string(c.Kind), PersonID: c.PersonID,
			Person: c.Person, Account: c.Account, SliceID: c.SliceID, Change: body, Intended: j.engine.Now().UTC(),
		}
	}
	ids, err := j.engine.Store.Intend(ctx, entries)
	if err != nil {
		return err
	}
	for i, c := range changes {
		j.ids[c.ID] = ids[i]
	}
	return nil
}

// Settle implements [apply.Journal].
func (j *journal) Settle(ctx context.Context, outcomes []apply.Outcome) error {
	now := j.engine.Now().UTC()
	var settled []state.Entry
	var links []state.Link
	var events []state.Event
	for _, o := range outcomes {
		if o.Result == "" {
			continue // nobody knows yet: it stays open, and the next run explains it
		}
		settled = append(settled, state.Entry{ID: j.ids[o.Change.ID], Outcome: o.Result, Detail: o.Detail, Account: o.Account, Settled: now})
		events = append(events, eventOf(j.run, o))
		if l, is := j.link(o); is {
			l.Since = now
			links = append(links, l)
		}
	}
	if len(links) > 0 {
		if err := j.engine.Store.SaveLink(ctx, links...); err != nil {
			return err
		}
	}
	if err := j.engine.Store.SettleAll(ctx, settled); err != nil {
		return err
	}
	j.engine.ledger(ctx, events...)
	return nil
}

// link returns the link that a change left behind.
func (j *journal) link(o apply.Outcome) (state.Link, bool) {
	if o.Result != state.Done {
		return state.Link{}, false
	}
	// Of a leaver with several accounts the first that is done stands for the person.
	if _, known := j.primary[o.Change.PersonID]; o.Change.Kind == plan.Create || !known {
		j.primary[o.Change.PersonID] = o.Account
	}
	return linkOf(o.Change, o.Account, j.primary)
}

// eventOf returns what the ledger keeps of a change.
func eventOf(run string, o apply.Outcome) state.Event {
	c := o.Change
	before, _ := json.Marshal(c.Before) // maps of strings always marshal
	after, _ := json.Marshal(c.After)
	return state.Event{
		Action: "change." + o.Result, RunID: run, PersonID: c.PersonID,
		Details: map[string]string{
			"change": c.ID, "class": string(c.Class), "kind": string(c.Kind), "account": o.Account.String(), "dn": c.DN,
			"before": string(before), "after": string(after), "rule": c.Rule, "reason": c.Reason, "detail": o.Detail,
		},
	}
}
