package hold

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"esrsync/internal/directory"
	"esrsync/internal/state"
)

// Lock takes away the access of the subject on every writable controller and
// returns the hold as it then stands; [state.Hold.IsOpen] says whether anything is
// still open. told, which may be nil, learns of each step as it is done, the first
// success at once; it is never called twice at the same time.
//
// Somebody who is held already gets no second hold: the one there is is made sure
// of again, with whatever accounts have come since.
//
// An error means that not even the intention could be written down, or that the
// lockout is refused: [ErrTooMany], [ErrSamePerson], [ErrSpared]. Then nothing was
// done.
func (l *Locker) Lock(ctx context.Context, s Subject, o Order, told func(Step)) (state.Hold, error) {
	accounts := l.held(s)
	if len(accounts) == 0 {
		return state.Hold{}, fmt.Errorf("%w: %s", ErrSpared, sparedWhy(s))
	}
	if old, found := l.existing(ctx, s); found {
		l.ledger(ctx, state.Event{Actor: o.Requester, Action: "lockout.repeated", PersonID: old.PersonID,
			Details: map[string]string{"hold": old.ID, "ticket": o.Ticket}})
		return l.extend(ctx, old.ID, accounts, told)
	}
	if err := l.allowed(ctx, o); err != nil {
		return state.Hold{}, err
	}
	id, err := newID()
	if err != nil {
		return state.Hold{}, err
	}
	h := state.Hold{
		ID: id, PersonID: s.PersonID, PersonKey: s.PersonKey, Ticket: o.Ticket, Category: o.Category,
		Requester: o.Requester, Second: o.Second, Review: o.Review, Placed: l.Now().UTC(), State: state.HoldPlacing, Accounts: accounts,
	}
	if err := l.Record.SaveHold(ctx, h); err != nil {
		return state.Hold{}, fmt.Errorf("writing down the lockout before it is made: %w", err)
	}
	return l.enforce(ctx, h, told)
}

// held returns what a lockout must remember of each account before it touches it.
func (l *Locker) held(s Subject) []state.HeldAccount {
	var out []state.HeldAccount
	for _, f := range s.Accounts {
		if f.Spared == "" {
			out = append(out, l.before(f.Account, f.Evidence))
		}
	}
	return out
}

// before says what an account was before the hold. One that a token says is held
// already was what the token says.
func (l *Locker) before(a directory.Account, evidence string) state.HeldAccount {
	said, valid := l.read(a.GUID, a.Marker)
	out := state.HeldAccount{
		Account: a.GUID, Login: a.Login, DN: a.DN, Evidence: evidence, Enabled: a.Enabled(), Control: a.Control,
		State: said.State, Marked: valid,
	}
	if valid && Of(said) != "" {
		out.Enabled, out.Marked = said.Enabled, said.State != ""
	}
	return out
}

func sparedWhy(s Subject) string {
	var out []string
	for _, f := range s.Accounts {
		out = append(out, f.Login+": "+f.Spared)
	}
	return strings.Join(out, "; ")
}

// existing returns the hold that the person, or one of the accounts, is under already.
// A record that cannot be read keeps nobody's access open: there is a second hold then.
func (l *Locker) existing(ctx context.Context, s Subject) (state.Hold, bool) {
	if !l.anyHeld(ctx, s) {
		return state.Hold{}, false // as a rule, and much the cheaper question
	}
	holds, err := l.Record.Holds(ctx, false)
	if err != nil {
		l.Log.WithError(err).Error("looking whether they are locked out already")
	}
	for _, h := range holds {
		if h.State == state.HoldReleasing {
			continue // it is on its way out, and this is a new word
		}
		if s.PersonID != "" && h.PersonID == s.PersonID {
			return h, true
		}
		for _, f := range s.Accounts {
			if slices.ContainsFunc(h.Accounts, func(a state.HeldAccount) bool { return a.Account == f.GUID }) {
				return h, true
			}
		}
	}
	return state.Hold{}, false
}

// anyHeld reports whether the record has the person or one of the accounts held. In
// doubt it does not.
func (l *Locker) anyHeld(ctx context.Context, s Subject) bool {
	for _, f := range s.Accounts {
		held, err := l.Record.IsHeld(ctx, s.PersonID, f.GUID)
		if err != nil {
			l.Log.WithError(err).Error("looking whether they are locked out already")
		}
		if held {
			return true
		}
	}
	return false
}

// allowed refuses what one stolen session must not be able to do: switch off a trust.
func (l *Locker) allowed(ctx context.Context, o Order) error {
	if o.Second != "" && SameUser(o.Second, o.Requester) {
		return ErrSamePerson
	}
	if l.Policy.MaxPerHour <= 0 || o.Second != "" {
		return nil
	}
	n, err := l.Record.LockoutsSince(ctx, o.Requester, l.Now().Add(-time.Hour))
	if err != nil {
		// The store went away: that must not stop a lockout, and on-call hears of it.
		l.Log.WithError(err).Error("counting the lockouts of the last hour")
		return nil
	}
	if n < l.Policy.MaxPerHour {
		return nil
	}
	l.Log.WithField("lockouts", n).Error("too many lockouts by one requester within an hour: a second person must confirm")
	l.ledger(ctx, state.Event{Actor: o.Requester, Action: "lockout.refused", Details: map[string]string{"ticket": o.Ticket, "lockouts": fmt.Sprint(n)}})
	return fmt.Errorf("%w: %d", ErrTooMany, n)
}

// Add puts accounts that appeared since under a hold, and locks them out.
func (l *Locker) Add(ctx context.Context, id string, found ...Found) (state.Hold, error) {
	for i := range found {
		found[i].Spared = l.Policy.spares(found[i].Account)
	}
	accounts := l.held(Subject{Accounts: found})
	if len(accounts) == 0 {
		return state.Hold{ID: id}, nil
	}
	return l.extend(ctx, id, accounts, nil)
}

// extend adds the accounts that a hold does not have yet and makes sure of it anew.
func (l *Locker) extend(ctx context.Context, id string, accounts []state.HeldAccount, told func(Step)) (state.Hold, error) {
	h, err := l.Record.UpdateHold(ctx, id, func(h *state.Hold) error {
		if err := overtaken(*h); err != nil {
			return err
		}
		for _, a := range accounts {
			if !slices.ContainsFunc(h.Accounts, func(b state.HeldAccount) bool { return b.Account == a.Account }) {
				h.Accounts = append(h.Accounts, a)
			}
		}
		h.State = state.HoldPlacing
		return nil
	})
	if err != nil {
		return state.Hold{}, fmt.Errorf("adding to hold %s: %w", id, err)
	}
	return l.enforce(ctx, h, told)
}

// errOvertaken reports that a release came while a hold was being made sure of.
var errOvertaken = errors.New("a release of the hold has begun")

func overtaken(h state.Hold) error {
	if h.State == state.HoldReleasing || h.State == state.HoldReleased {
		return errOvertaken
	}
	return nil
}
