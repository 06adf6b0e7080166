package hold

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"esrsync/internal/directory"
	"esrsync/internal/state"
)

// Finish takes in what was locked out while the store was away, and takes up every
// lockout and release that nobody finished: a controller that did not answer, a
// process that was killed. It returns what is still unfinished after that. It may
// be called at any time and by several processes.
func (l *Locker) Finish(ctx context.Context) ([]state.Hold, error) {
	failed := []error{l.takeIn(ctx)}
	holds, err := l.Record.Holds(ctx, false)
	if err != nil {
		return nil, errors.Join(append(failed, fmt.Errorf("reading the holds: %w", err))...)
	}
	var unfinished []state.Hold
	for _, h := range holds {
		switch h.State {
		case state.HoldPlacing:
			h, err = l.enforce(ctx, h, nil)
		case state.HoldReleasing:
			var out Released
			out, err = l.lift(ctx, h)
			h = out.Hold
		default:
			continue
		}
		if err != nil {
			failed = append(failed, fmt.Errorf("finishing hold %s: %w", h.ID, err))
		}
		if h.State == state.HoldPlacing || h.State == state.HoldReleasing {
			unfinished = append(unfinished, h)
		}
	}
	return unfinished, errors.Join(append(failed, l.CallHooks(ctx))...)
}

// IsWaiting reports whether a lockout that the store has not taken in yet is on the
// person or the account. What cannot be read of the spool is told when it is taken in.
func (l *Locker) IsWaiting(ctx context.Context, personID string, account directory.GUID) bool {
	if l.Spool == nil {
		return false
	}
	pending, _ := l.Spool.Pending(ctx)
	return slices.ContainsFunc(pending, func(h state.Hold) bool {
		return h.PersonID != "" && h.PersonID == personID ||
			slices.ContainsFunc(h.Accounts, func(a state.HeldAccount) bool { return a.Account == account })
	})
}

// takeIn moves lockouts from the spool into the store.
func (l *Locker) takeIn(ctx context.Context) error {
	if l.Spool == nil {
		return nil
	}
	pending, failed := l.Spool.Pending(ctx)
	known, err := l.Record.Holds(ctx, true)
	if err != nil {
		return errors.Join(failed, err)
	}
	for _, h := range pending {
		if err := l.takeOne(ctx, h, known); err != nil {
			failed = errors.Join(failed, fmt.Errorf("taking in hold %s: %w", h.ID, err))
		}
	}
	return failed
}

func (l *Locker) takeOne(ctx context.Context, h state.Hold, known []state.Hold) error {
	for _, k := range known {
		if k.ID == h.ID {
			return l.Spool.Taken(ctx, h.ID) // it was killed between the two
		}
	}
	// Whoever was without the store was perhaps without the token key too: all of
	// it is made again, and that changes nothing where it was made.
	h.State = state.HoldPlacing
	if err := l.Record.SaveHold(ctx, h); err != nil {
		return err
	}
	l.ledger(ctx, state.Event{Actor: h.Requester, Action: "lockout.taken_in", PersonID: h.PersonID, Details: details(h)})
	return l.Spool.Taken(ctx, h.ID)
}
