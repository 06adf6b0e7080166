package hold

import (
	"context"
	"errors"
	"fmt"
	"time"

	"esrsync/internal/directory"
	"esrsync/internal/state"
)

// complete reports whether nothing is left to do to place a hold.
func (l *Locker) complete(h state.Hold) bool {
	if h.IsOpen() {
		return false
	}
	for _, a := range h.Accounts {
		if !wasReset(a) || l.Policy.StripGroups && a.Groups == nil {
			return false
		}
		for _, r := range a.Reached {
			if !r.Marked {
				return false
			}
		}
	}
	return true
}

// conclude says in the record where the hold stands, opens or closes the task for
// what is still open, and returns the hold.
func (l *Locker) conclude(ctx context.Context, h state.Hold, failed error) state.Hold {
	done := l.complete(h) && failed == nil
	kept, err := l.keep(ctx, h.ID, func(h *state.Hold) error {
		h.State = state.HoldPlacing
		if done && l.complete(*h) {
			h.State = state.HoldInForce
		}
		return nil
	})
	if err != nil {
		if !errors.Is(err, errOvertaken) {
			l.Log.WithError(err).WithField("hold_id", h.ID).Error("writing down where a lockout stands")
		}
		kept = h
	}
	if err := l.openTask(ctx, kept, failed); err != nil {
		l.Log.WithError(err).WithField("hold_id", h.ID).Error("opening a task for a lockout")
	}
	l.ledger(ctx, state.Event{Actor: h.Requester, Action: "lockout." + kept.State, PersonID: h.PersonID, Details: details(kept)})
	return kept
}

// details are what the ledger keeps of a hold: all but the reason.
func details(h state.Hold) map[string]string {
	out := map[string]string{"hold": h.ID, "ticket": h.Ticket, "second": h.Second, "open": fmt.Sprint(h.IsOpen())}
	for _, a := range h.Accounts {
		out["account "+a.Account.String()] = fmt.Sprintf("%s by %s, was enabled: %t", a.Login, a.Evidence, a.Enabled)
	}
	return out
}

// afterwards opens the tasks and calls the hooks. Neither ever stands in the way of
// switching off.
func (l *Locker) afterwards(ctx context.Context, h state.Hold) {
	log := l.Log.WithField("hold_id", h.ID)
	for _, t := range Tasks(h) {
		t.Opened = l.Now().UTC()
		if _, err := l.Record.EnsureTask(ctx, t); err != nil {
			log.WithError(err).Error("opening a task of a lockout")
		}
	}
	if l.Hooks == nil {
		return
	}
	var runs []state.HookRun
	for _, a := range h.Accounts {
		for _, name := range l.Hooks.Names() {
			runs = append(runs, state.HookRun{HoldID: h.ID, Hook: name, Account: a.Account})
		}
	}
	if err := l.Record.EnsureHookRuns(ctx, runs); err != nil {
		log.WithError(err).Error("writing down which hooks to call")
	}
}

// CallHooks calls every hook that is due, once. Those that fail are due again
// later, also after a restart.
func (l *Locker) CallHooks(ctx context.Context) error {
	if l.Hooks == nil {
		return nil
	}
	due, err := l.Record.DueHookRuns(ctx, l.Now())
	if err != nil || len(due) == 0 {
		return err
	}
	holds, err := l.Record.Holds(ctx, false)
	if err != nil {
		return err
	}
	var failed []error
	for _, r := range due {
		call, wanted := callOf(r, holds)
		if !wanted {
			r.Done, r.Answer = l.Now().UTC(), "the hold was released before"
		} else if err := l.callHook(ctx, &r, call); err != nil {
			failed = append(failed, err)
		}
		if err := l.Record.SaveHookRun(context.WithoutCancel(ctx), r); err != nil {
			failed = append(failed, err)
		}
	}
	return errors.Join(failed...)
}

func (l *Locker) callHook(ctx context.Context, r *state.HookRun, call HookCall) error {
	l.completeNames(ctx, &call)
	answer, err := l.Hooks.Run(ctx, r.Hook, call)
	r.Attempts++
	r.Answer = answer
	now := l.Now().UTC()
	if err == nil {
		r.Done, r.Next = now, time.Time{}
		return nil
	}
	r.Next = now.Add(l.Hooks.Pause(r.Attempts))
	if answer == "" {
		r.Answer = err.Error()
	}
	l.Log.WithError(err).WithField("hold_id", r.HoldID).WithField("hook", r.Hook).Error("a hook failed, and is called again")
	return fmt.Errorf("hook %s: %w", r.Hook, err)
}

// completeNames fills in the names that sessions elsewhere are known by. Without
// a directory a hook gets the login alone.
func (l *Locker) completeNames(ctx context.Context, call *HookCall) {
	err := l.on(ctx, func(ctx context.Context, c Controller) error {
		a, err := c.Account(ctx, call.Account, directory.Scope{Bases: l.Policy.Bases})
		if err == nil {
			call.Login, call.UPN, call.Address = a.Login, a.UPN, a.Mail
		}
		return err
	})
	if err != nil {
		l.Log.WithError(err).WithField("hold_id", call.HoldID).Warn("reading the names of an account for a hook")
	}
}

// callOf returns what a hook is told, and whether its hold is still there.
func callOf(r state.HookRun, holds []state.Hold) (HookCall, bool) {
	for _, h := range holds {
		if h.ID != r.HoldID || h.State == state.HoldReleasing {
			continue
		}
		for _, a := range h.Accounts {
			if a.Account == r.Account {
				return HookCall{HoldID: h.ID, Account: a.Account, Login: a.Login, Ticket: h.Ticket}, true
			}
		}
	}
	return HookCall{}, false
}
