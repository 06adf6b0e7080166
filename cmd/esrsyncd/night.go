package main

import (
	"context"
	"slices"

	"esrsync/internal/directory"
	"esrsync/internal/report"
	"esrsync/internal/state"
	"esrsync/sync/engine"
	"esrsync/sync/match"
	"esrsync/sync/person"
	"esrsync/sync/plan"
)

// night turns what the engine has to say into what a report is made from.
func (s *session) night(ctx context.Context, out engine.Outcome) (report.Night, error) {
	n := report.Night{
		Trust: s.cfg.Trust.Name, Run: out.Run, Zone: s.engine.Settings.Zone, Notes: out.Notes, Feeds: out.Feeds,
		Plan: out.Plan, Findings: out.Findings, Closed: out.Closed, Tasks: out.Tasks, People: map[string]report.Who{}, Accounts: map[string]report.Account{},
	}
	for _, a := range out.Applied {
		n.Results = append(n.Results, report.Result{ChangeID: a.Change.ID, Account: a.Account, Outcome: a.Result, Detail: a.Detail})
	}
	for _, d := range out.Matches.Queue {
		n.Queue = append(n.Queue, doubtOf(d))
	}
	if err := s.lastFeed(ctx, &n); err != nil {
		return n, err
	}
	if err := s.lastNight(ctx, &n); err != nil {
		return n, err
	}
	whoIsWho(&n, out)
	n.Numbers = numbers(n, out)
	n.Numbers.Holds = out.Holds
	return n.Shareable(), nil
}

func doubtOf(d match.Doubt) report.Doubt {
	doubt := report.Doubt{Person: d.Key, Name: d.Name, Why: d.Why}
	for _, c := range d.Candidates {
		doubt.Candidates = append(doubt.Candidates, report.Candidate{Login: c.Login, DN: c.DN, Score: c.Score, For: c.For, Against: c.Against})
	}
	return doubt
}

// lastFeed notes the newest feed that was taken, and whether it is too old.
func (s *session) lastFeed(ctx context.Context, n *report.Night) error {
	last, found, err := s.store.LastFeed(ctx, engine.SourceStaff)
	if err != nil || !found {
		return err
	}
	n.LastFeed = &last
	age := n.Run.Started.Sub(last.Judged)
	if !last.Created.IsZero() {
		age = n.Run.Started.Sub(last.Created)
	}
	n.FeedLate = age > s.cfg.Feeds.MaxAge.Std()
	return nil
}

// lastNight finds the figures of the run before, to mark what moved.
func (s *session) lastNight(ctx context.Context, n *report.Night) error {
	runs, err := s.store.Runs(ctx, 10)
	if err != nil {
		return err
	}
	for _, r := range runs {
		if r.ID >= n.Run.ID || len(r.Report) == 0 || r.Outcome == engine.RunFailed {
			continue
		}
		before, err := s.nightOf(r)
		if err != nil {
			return err
		}
		n.Before = &before.Numbers
		return nil
	}
	return nil
}

// whoIsWho names every person and account that the report mentions.
func whoIsWho(n *report.Night, out engine.Outcome) {
	accounts := map[directory.GUID]directory.Account{}
	for _, a := range out.Accounts {
		accounts[a.GUID] = a
	}
	mentioned := mentions(*n)
	for _, p := range out.People {
		if mentioned[p.Key] {
			n.People[p.Key] = whoIs(p, out, accounts)
		}
	}
	for id, a := range accounts {
		if mentioned[id.String()] {
			n.Accounts[id.String()] = report.Account{Login: a.Login, DN: a.DN, Disabled: !a.Enabled()}
		}
	}
	for _, c := range out.Plan.Changes {
		if c.Kind == plan.Create {
			who := n.People[c.Person]
			who.Login, who.Mail = c.After.First("sAMAccountName"), c.After.First("mail")
			n.People[c.Person] = who
		}
	}
}

// mentions returns the keys of people and accounts that the report speaks of.
func mentions(n report.Night) map[string]bool {
	out := map[string]bool{}
	for _, c := range n.Plan.Changes {
		out[c.Person] = true
	}
	for _, f := range slices.Concat(n.Findings, n.Closed) {
		out[f.Subject.Key] = true
	}
	for _, t := range n.Tasks {
		out[t.Subject] = true
	}
	for _, d := range n.Queue {
		out[d.Person] = true
	}
	for _, w := range n.Plan.Waits {
		out[w.Person] = true
	}
	for _, m := range n.Plan.LeftAlone {
		out[m.Person] = true
	}
	delete(out, "")
	return out
}

func whoIs(p person.Person, out engine.Outcome, accounts map[directory.GUID]directory.Account) report.Who {
	who := report.Who{
		Name: nameOf(p), Position: p.Primary.Title, Organisation: p.Primary.Organisation.Name,
		Standing: string(p.Standing), Leaving: p.Leaving,
	}
	if pair, linked := out.Matches.Of[p.ID]; linked {
		who.Login, who.Mail = accounts[pair.Account].Login, accounts[pair.Account].Mail
	}
	return who
}

// numbers counts what stands at the head of the report.
func numbers(n report.Night, out engine.Outcome) report.Numbers {
	var c report.Numbers
	for _, p := range out.People {
		if p.Standing == person.Current {
			c.People++
		}
	}
	countAccounts(&c, out)
	countChanges(&c, n)
	c.Queue, c.Findings, c.OpenTasks = len(n.Queue), len(n.Findings), len(n.Tasks)
	for _, f := range n.Findings {
		if f.Severity.Rank() == 0 {
			c.Critical++
		}
	}
	if n.Plan.Verdict != nil {
		for _, h := range n.Plan.Verdict.Held {
			c.Held += len(h.Changes)
		}
	}
	return c
}

func countAccounts(c *report.Numbers, out engine.Outcome) {
	owned := map[directory.GUID]bool{}
	for _, pair := range out.Matches.Of {
		owned[pair.Account] = true
	}
	for _, a := range out.Accounts {
		c.Accounts++
		if owned[a.GUID] {
			c.Linked++
			if a.Enabled() {
				c.Enabled++
			}
		}
	}
}

// countChanges counts changes by their outcome, and people by what happened to them.
func countChanges(c *report.Numbers, n report.Night) {
	changes := map[string]plan.Change{}
	for _, ch := range n.Plan.Changes {
		changes[ch.ID] = ch
	}
	seen := map[string]bool{}
	once := func(what, who string, to *int) {
		if !seen[what+who] {
			seen[what+who] = true
			*to++
		}
	}
	for _, r := range n.Results {
		ch := changes[r.ChangeID]
		switch {
		case r.Outcome == state.Done:
			c.Done++
		case r.Outcome == state.Skipped:
			c.Skipped++
		default:
			c.Failed++
		}
		if r.Outcome != state.Done {
			continue
		}
		switch {
		case ch.Class == plan.Joiner:
			once("joiner", ch.Person, &c.Joiners)
		case ch.Class == plan.Mover || ch.Class == plan.Rename:
			once("mover", ch.Person, &c.Movers)
		case ch.Class == plan.Leaver && ch.Kind == plan.Disable:
			once("leaver", ch.Person, &c.Leavers)
		}
	}
}
