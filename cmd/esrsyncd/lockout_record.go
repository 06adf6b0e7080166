package main

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/sirupsen/logrus"

	"esrsync/config"
	"esrsync/internal/directory"
	"esrsync/internal/hooks"
	"esrsync/internal/spool"
	"esrsync/internal/state"
	"esrsync/sync/hold"
)

// emergency is the record of lockouts while the store is away: the spool, which
// the next start with a store takes in. It opens no tasks and calls no hooks: these
// follow then. Where not even the spool can be written it remembers for as long as
// the command runs, and the token on the account for longer: that nobody can write
// it down keeps nobody's access open.
type emergency struct {
	folder spool.Folder
	log    logrus.FieldLogger
	mu     sync.Mutex
	memory map[string]state.Hold
}

// write keeps a hold; the lock is held.
func (e *emergency) write(h state.Hold) error {
	if err := e.folder.Write(h, h.Category); err != nil {
		e.log.WithError(err).WithField("hold_id", h.ID).Error("a lockout is written down nowhere but in its token: note the hold's ID")
	}
	if e.memory == nil {
		e.memory = map[string]state.Hold{}
	}
	e.memory[h.ID] = h
	return nil
}

func (e *emergency) SaveHold(_ context.Context, h state.Hold) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.write(h)
}

func (e *emergency) UpdateHold(_ context.Context, id string, change func(*state.Hold) error) (state.Hold, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	h, found := e.memory[id]
	if !found {
		entries, err := e.folder.Pending()
		at := slices.IndexFunc(entries, func(entry spool.Entry) bool { return entry.Hold.ID == id })
		if at < 0 {
			return h, errors.Join(state.ErrNotFound, err)
		}
		h = entries[at].Hold
	}
	if err := change(&h); err != nil {
		return h, err
	}
	return h, e.write(h)
}

// Holds returns what lies in the spool. A file in it that is damaged is told and
// hides no other.
func (e *emergency) Holds(context.Context, bool) ([]state.Hold, error) {
	entries, err := e.folder.Pending()
	if err != nil {
		e.log.WithError(err).Error("reading the spool of lockouts")
	}
	return holdsOf(entries), nil
}

// careful is the store's record, with the spool for a hold that the store does not take.
type careful struct {
	hold.Record
	spool *emergency
}

func (c careful) SaveHold(ctx context.Context, h state.Hold) error {
	err := c.Record.SaveHold(ctx, h)
	if err == nil || errors.Is(err, state.ErrHoldReleased) {
		return err
	}
	c.spool.log.WithError(err).WithField("hold_id", h.ID).Error("the store does not take a lockout: it goes into the spool")
	return c.spool.SaveHold(ctx, h)
}

func (c careful) UpdateHold(ctx context.Context, id string, change func(*state.Hold) error) (state.Hold, error) {
	c.spool.mu.Lock()
	_, spooled := c.spool.memory[id]
	c.spool.mu.Unlock()
	if spooled {
		return c.spool.UpdateHold(ctx, id, change)
	}
	return c.Record.UpdateHold(ctx, id, change)
}

func holdsOf(entries []spool.Entry) []state.Hold {
	out := make([]state.Hold, len(entries))
	for i, entry := range entries {
		out[i] = entry.Hold
	}
	slices.SortStableFunc(out, func(a, b state.Hold) int { return a.Placed.Compare(b.Placed) })
	return out
}

func (e *emergency) IsHeld(ctx context.Context, personID string, account directory.GUID) (bool, error) {
	holds, err := e.Holds(ctx, false)
	return slices.ContainsFunc(holds, func(h state.Hold) bool {
		return h.PersonID != "" && h.PersonID == personID ||
			slices.ContainsFunc(h.Accounts, func(a state.HeldAccount) bool { return a.Account == account })
	}), err
}

func (e *emergency) LockoutsSince(ctx context.Context, requester string, since time.Time) (int, error) {
	holds, err := e.Holds(ctx, false)
	n := 0
	for _, h := range holds {
		if !h.Placed.Before(since) && strings.EqualFold(h.Requester, requester) {
			n++
		}
	}
	return n, err
}

func (e *emergency) EnsureHookRuns(context.Context, []state.HookRun) error { return nil }

func (e *emergency) DueHookRuns(context.Context, time.Time) ([]state.HookRun, error) { return nil, nil }

func (e *emergency) SaveHookRun(context.Context, state.HookRun) error { return nil }

func (e *emergency) EnsureTask(context.Context, state.Task) (bool, error) { return false, nil }

func (e *emergency) CloseTask(context.Context, string, string, string, time.Time) error { return nil }

// Append does nothing: the ledger learns of it when the spool is taken in.
func (e *emergency) Append(context.Context, ...state.Event) error { return nil }

// spooled hands the spool to who takes it in.
type spooled struct{ folder spool.Folder }

// Pending implements [hold.Spool].
func (s spooled) Pending(context.Context) ([]state.Hold, error) {
	entries, err := s.folder.Pending()
	return holdsOf(entries), err
}

// Taken implements [hold.Spool].
func (s spooled) Taken(_ context.Context, id string) error {
	entries, err := s.folder.Pending()
	for _, entry := range entries {
		if entry.Hold.ID == id {
			return s.folder.Taken(entry)
		}
	}
	return err
}

// hookRunner calls the hooks of the configuration.
type hookRunner struct {
	configured []config.Hook
	runner     hooks.Runner
}

// Names implements [hold.Hooks].
func (r hookRunner) Names() []string {
	var out []string
	for _, h := range r.configured {
		out = append(out, h.Name)
	}
	return out
}

// Run implements [hold.Hooks]. A hook that the configuration has no more is done.
func (r hookRunner) Run(ctx context.Context, name string, about hold.HookCall) (string, error) {
	for _, h := range r.configured {
		if h.Name == name {
			one := hooks.Hook{Name: h.Name, Command: h.Command, URL: h.URL, Secret: h.Secret.Resolve, Timeout: h.Timeout.Std()}
			return r.runner.Run(ctx, one, hooks.Target{Login: about.Login, UPN: about.UPN, Email: about.Address, Account: about.Account, Ticket: about.Ticket})
		}
	}
	return "the configuration does not have this hook any more", nil
}

// Pause implements [hold.Hooks].
func (r hookRunner) Pause(attempts int) time.Duration { return hooks.Backoff(attempts) }
