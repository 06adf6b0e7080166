package engine

import (
	"context"
	"fmt"
	"slices"

	"esrsync/internal/directory"
	"esrsync/internal/finding"
	"esrsync/internal/state"
	"esrsync/internal/token"
	"esrsync/sync/hold"
	"esrsync/sync/plan"
)

// Holder carries out what a run finds to do about lockouts. Nothing of it is
// planned, approved or held by the guard: a hold wins over everything.
type Holder interface {
	// Finish takes up every lockout and release that nobody finished.
	Finish(ctx context.Context) (unfinished []state.Hold, err error)
	// Rebuild writes down holds that tokens prove and the store does not have.
	Rebuild(ctx context.Context, r hold.Reconciled) error
	// IsWaiting reports whether a lockout that the store has not taken in yet is on
	// the person or the account. It is asked before every write.
	IsWaiting(ctx context.Context, personID string, account directory.GUID) bool
	// Add locks out accounts that appeared for somebody who is held.
	Add(ctx context.Context, id string, found ...hold.Found) (state.Hold, error)
}

// finishHolds takes up what lockouts and releases left open, before anything else
// of a run. What cannot be done now is an incident, and stops no run: the next
// one tries again.
func (e *Engine) finishHolds(ctx context.Context) {
	if e.Holds == nil {
		return
	}
	unfinished, err := e.Holds.Finish(ctx)
	if err != nil {
		e.Log.WithError(err).Error("finishing what lockouts left open")
	}
	for _, h := range unfinished {
		e.Log.WithField("hold_id", h.ID).WithField("state", h.State).Error("a lockout is STILL OPEN")
	}
}

// holds finds out who is held: by the store, and by the tokens, which a store that
// was lost or restored does not make untrue. A run, and only a run, writes down what
// the store did not have.
func (e *Engine) holds(ctx context.Context, n *night) error {
	in := &n.input
	stored, err := e.Store.Holds(ctx, true)
	if err != nil {
		return fmt.Errorf("reading the holds: %w", err)
	}
	r := hold.Reconcile(e.sealed(in.Accounts), stored, e.Now())
	if n.explains && e.Holds != nil {
		if err := e.Holds.Rebuild(ctx, r); err != nil {
			e.Log.WithError(err).Error("rebuilding holds from the directory")
		}
	}
	n.holds = r.Known
	in.Held, in.HeldAccounts = map[string]bool{}, map[directory.GUID]bool{}
	for _, h := range r.Known {
		if h.PersonID != "" {
			in.Held[h.PersonID] = true
		}
		for _, a := range h.Accounts {
			in.HeldAccounts[a.Account] = true
		}
	}
	for _, a := range r.Stale {
		n.findings = append(n.findings, finding.New(finding.InvalidToken, finding.OfAccount, a.GUID.String(), "",
			"the token on account "+a.Login+" is from an older day: what it says has ended since"))
	}
	return nil
}

// sealed returns the accounts whose token is ours, with what it says.
func (e *Engine) sealed(accounts []directory.Account) []hold.Sealed {
	var out []hold.Sealed
	for _, a := range accounts {
		if a.Marker == "" {
			continue
		}
		said, err := e.Sealer.Open(a.GUID, a.Marker)
		if err == nil && said.Hold != [token.HoldSize]byte{} {
			out = append(out, hold.Sealed{Account: a, Said: said})
		}
	}
	return out
}

// coverNew locks out the accounts that are a held person's and that their hold
// does not have: somebody made one since, or it was only now found to be theirs.
func (e *Engine) coverNew(ctx context.Context, n *night) {
	if e.Holds == nil {
		return
	}
	for _, h := range n.holds {
		found := uncovered(h, n.input)
		if len(found) == 0 || h.State == state.HoldReleasing {
			continue
		}
		for _, f := range found {
			n.input.HeldAccounts[f.GUID] = true
		}
		if _, err := e.Holds.Add(ctx, h.ID, found...); err != nil {
			e.Log.WithError(err).WithField("hold_id", h.ID).Error("locking out an account that appeared for somebody who is held")
		}
	}
}

// uncovered returns the accounts of a held person that the hold does not have.
func uncovered(h state.Hold, in plan.Input) []hold.Found {
	if h.PersonID == "" {
		return nil
	}
	theirs := map[directory.GUID]string{}
	for _, id := range recordsOf(h.PersonID, in) {
		for _, account := range in.Matches.Accounts(id) {
			theirs[account] = hold.ByLink
		}
	}
	var out []hold.Found
	for _, a := range in.Accounts {
		evidence := theirs[a.GUID]
		if evidence == "" && h.PersonKey != "" && a.PersonKey == h.PersonKey {
			evidence = hold.ByNumber
		}
		covered := slices.ContainsFunc(h.Accounts, func(held state.HeldAccount) bool { return held.Account == a.GUID })
		if evidence != "" && !covered {
			out = append(out, hold.Found{Account: a, Evidence: evidence})
		}
	}
	return out
}

// recordsOf returns a person's ID with those of other records of the same human being.
func recordsOf(personID string, in plan.Input) []string {
	out := []string{personID}
	for _, p := range in.People {
		switch {
		case p.ID == personID:
			out = append(out, p.Same...)
		case slices.Contains(p.Same, personID):
			out = append(out, p.ID)
		}
	}
	return out
}

// reviews opens a task for each hold whose review date has passed.
func (e *Engine) reviews(ctx context.Context, n *night) error {
	for _, h := range n.holds {
		if h.Review.IsZero() || h.Review >= n.at.Day || h.State == state.HoldReleasing {
			continue
		}
		t := hold.ReviewTask(h)
		t.Opened = e.Now().UTC()
		if _, err := e.Store.EnsureTask(ctx, t); err != nil {
			return fmt.Errorf("opening a task: %w", err)
		}
	}
	return nil
}
