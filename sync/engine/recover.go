package engine

import (
	"context"
	"encoding/json"
	"fmt"

	"esrsync/internal/directory"
	"esrsync/internal/state"
	"esrsync/sync/apply"
	"esrsync/sync/plan"
)

// explainOpen settles what an earlier run set out to do and never wrote the end
// of, by looking at the accounts as they are now. An account that it made is
// linked; whatever else is still missing will be in tonight's plan again.
func (e *Engine) explainOpen(ctx context.Context, in *plan.Input) error {
	open, err := e.Store.OpenEntries(ctx)
	if err != nil {
		return fmt.Errorf("reading the open intents: %w", err)
	}
	if len(open) == 0 {
		return nil
	}
	world := apply.NewWorld(in.Accounts, e.states(in.Accounts))
	settlements := make([]state.Entry, 0, len(open))
	for _, entry := range open {
		var c plan.Change
		if err := json.Unmarshal(entry.Change, &c); err != nil {
			return fmt.Errorf("reading the open intent %d: %w", entry.ID, err)
		}
		o := world.Explain(c)
		settlements = append(settlements, state.Entry{ID: entry.ID, Outcome: o.Result, Detail: o.Detail, Account: o.Account, Settled: e.Now().UTC()})
		if err := e.linkExplained(ctx, o); err != nil {
			return err
		}
	}
	if err := e.Store.SettleAll(ctx, settlements); err != nil {
		return fmt.Errorf("settling the open intents: %w", err)
	}
	e.Log.WithField("intents", len(open)).Info("explained what an earlier run left open")
	return nil
}

// states returns what each valid token says of its account.
func (e *Engine) states(accounts []directory.Account) map[directory.GUID]string {
	out := map[directory.GUID]string{}
	for id, said := range e.tokens(accounts) {
		if said.Valid {
			out[id] = said.State
		}
	}
	return out
}

// linkExplained keeps the link of a change that turned out to be made.
func (e *Engine) linkExplained(ctx context.Context, o apply.Outcome) error {
	if o.Result != state.Done {
		return nil
	}
	l, is := linkOf(o.Change, o.Account, map[string]directory.GUID{})
	if !is {
		return nil
	}
	l.Since = e.Now().UTC()
	if err := e.Store.SaveLink(ctx, l); err != nil {
		return fmt.Errorf("keeping the link of %s: %w", o.Change.Person, err)
	}
	return nil
}

// closeKilled closes the records of runs that never ended themselves. The run
// that calls this holds the lease, so none of them is still going on.
func (e *Engine) closeKilled(ctx context.Context, current string) error {
	runs, err := e.Store.UnfinishedRuns(ctx)
	if err != nil {
		return fmt.Errorf("reading unfinished runs: %w", err)
	}
	for _, r := range runs {
		if r.ID == current {
			continue
		}
		r.Ended, r.Outcome, r.Exit = e.Now().UTC(), RunFailed, 1
		r.Error = "it was stopped before its end; the run after it explained and finished its changes"
		if err := e.Store.FinishRun(ctx, r); err != nil {
			return fmt.Errorf("closing the record of run %s: %w", r.ID, err)
		}
	}
	return nil
}
