package hold

import (
	"context"
	"errors"
	"fmt"

	"esrsync/internal/state"
)

// ReleaseOrder is on whose word a hold ends.
type ReleaseOrder struct {
	Ticket string
	By     string // who asks
	Second string // who else says so; proven by the caller
}

// Released is what a release gave back.
type Released struct {
	Hold     state.Hold
	Accounts []Returned
}

// Returned is one account after a release.
type Returned struct {
	Login   string
	Enabled bool
	Why     string // why it stays off, or what could not be given back; empty: all is as before
	Err     error  // it could not be released; the next start tries again
}

// Release ends a hold and puts back exactly what it took. [ErrSamePerson] where
// two persons are needed and nobody but the requester of the hold asks;
// [ErrOver] where it is released already.
func (l *Locker) Release(ctx context.Context, h state.Hold, o ReleaseOrder) (Released, error) {
	if h.State == state.HoldReleased {
		return Released{Hold: h}, ErrOver
	}
	if err := l.mayRelease(h, o); err != nil {
		return Released{Hold: h}, err
	}
	kept, err := l.Record.UpdateHold(ctx, h.ID, func(h *state.Hold) error {
		if h.State == state.HoldReleased {
			return ErrOver
		}
		h.State, h.ReleaseTicket, h.ReleasedBy = state.HoldReleasing, o.Ticket, o.By
		if o.Second != "" {
			h.ReleasedBy += ", " + o.Second
		}
		return nil
	})
	if err != nil {
		return Released{Hold: h}, fmt.Errorf("writing down the release before it is made: %w", err)
	}
	l.ledger(ctx, state.Event{Actor: o.By, Action: "release.begun", PersonID: h.PersonID,
		Details: map[string]string{"hold": h.ID, "ticket": o.Ticket, "second": o.Second}})
	return l.lift(ctx, kept)
}

// mayRelease asks for two different people, of whom one did not place the hold.
func (l *Locker) mayRelease(h state.Hold, o ReleaseOrder) error {
	if o.Second != "" && SameUser(o.Second, o.By) {
		return ErrSamePerson
	}
	if !l.Policy.TwoPersonRelease {
		return nil
	}
	for _, name := range []string{o.By, o.Second} {
		if name != "" && !SameUser(name, h.Requester) {
			return nil
		}
	}
	return fmt.Errorf("%w: %s placed the hold", ErrSamePerson, h.Requester)
}

// lift makes every step of a release, whether or not it was made before.
func (l *Locker) lift(ctx context.Context, h state.Hold) (Released, error) {
	out := Released{Hold: h}
	hosts, err := l.hosts(ctx, h)
	if err != nil {
		return out, err
	}
	standing, err := l.standing(ctx, h)
	if err != nil {
		return out, err
	}
	var failed []error
	for _, a := range h.Accounts {
		r := l.giveBack(ctx, h, a, hosts, standing)
		out.Accounts = append(out.Accounts, r)
		if r.Err != nil {
			failed = append(failed, fmt.Errorf("releasing %s: %w", a.Login, r.Err))
		}
	}
	if err := errors.Join(failed...); err != nil {
		return out, err
	}
	kept, err := l.Record.UpdateHold(context.WithoutCancel(ctx), h.ID, func(h *state.Hold) error {
		if h.State != state.HoldReleased {
			h.State, h.Released = state.HoldReleased, l.Now().UTC()
		}
		return nil
	})
	if err != nil {
		return out, fmt.Errorf("writing down the release: %w", err)
	}
	out.Hold = kept
	for _, kind := range []string{TaskOpen, TaskReview} {
		if err := l.closeTask(ctx, kept, kind, "the hold was released"); err != nil {
			l.Log.WithError(err).WithField("hold_id", h.ID).Warn("closing a task of a released hold")
		}
	}
	l.ledger(ctx, state.Event{Actor: kept.ReleasedBy, Action: "release.done", PersonID: h.PersonID,
		Details: map[string]string{"hold": h.ID, "ticket": kept.ReleaseTicket}})
	return out, nil
}

// standing asks the store whether the person may sign in. Of an account that is
// nobody's, nothing is known.
func (l *Locker) standing(ctx context.Context, h state.Hold) (Standing, error) {
	if l.Standing == nil || h.PersonID == "" {
		return Standing{}, nil
	}
	s, err := l.Standing(ctx, h.PersonID)
	if err != nil {
		return s, fmt.Errorf("asking whether the person may sign in: %w", err)
	}
	return s, nil
}

// takeBack makes a release again that ran beside a lockout's pass: what the pass
// has written may have come after it.
func (l *Locker) takeBack(ctx context.Context, id string, h state.Hold) (state.Hold, error) {
	holds, err := l.Record.Holds(ctx, true)
	if err != nil {
		return h, err
	}
	for _, kept := range holds {
		if kept.ID == id {
			out, err := l.lift(ctx, kept)
			return out.Hold, err
		}
	}
	return h, nil
}
