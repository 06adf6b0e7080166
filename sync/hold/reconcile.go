package hold

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"esrsync/internal/directory"
	"esrsync/internal/state"
	"esrsync/internal/token"
)

// Sealed is an account with what its valid token says.
type Sealed struct {
	Account directory.Account
	Said    token.Statement
}

// Reconciled is how the holds of the store differ from those that tokens prove.
type Reconciled struct {
	// Known are the holds that are not released, those that only tokens know among them.
	Known []state.Hold
	// Changed are those of Known that the store does not have so.
	Changed []state.Hold
	// Stale are accounts whose token names a hold that the store knows as released:
	// a token from an old backup. It is a finding, and no hold.
	Stale []directory.Account
}

// RebuiltBy is the requester of a hold that only tokens know.
const RebuiltBy = "rebuilt from the directory"

// Reconcile compares the holds of the store, released ones too, with what the
// tokens of a complete read say. A lost store, and one that is older than a hold or
// a release, is made up for; a hold in the store stands whatever a token lacks.
func Reconcile(sealed []Sealed, stored []state.Hold, now time.Time) Reconciled {
	var out Reconciled
	released := map[string]bool{}
	for _, h := range stored {
		if h.State == state.HoldReleased {
			released[h.ID] = true
			continue
		}
		out.Known = append(out.Known, h)
	}
	changed := map[string]bool{}
	for _, s := range sealed {
		id := Of(s.Said)
		switch {
		case id == "":
			out.proveRelease(ReleasedOf(s.Said), changed)
		case released[id]:
			out.Stale = append(out.Stale, s.Account)
		default:
			out.prove(id, s, now, changed)
		}
	}
	for _, h := range out.Known {
		if changed[h.ID] {
			out.Changed = append(out.Changed, h)
		}
	}
	return out
}

// prove takes in what a token proves: a hold, and that the account is under it.
func (r *Reconciled) prove(id string, s Sealed, now time.Time, changed map[string]bool) {
	at := slices.IndexFunc(r.Known, func(h state.Hold) bool { return h.ID == id })
	if at < 0 {
		at = len(r.Known)
		r.Known = append(r.Known, state.Hold{
			ID: id, PersonID: s.Said.PersonID, PersonKey: s.Said.PersonKey, Ticket: "(ticket unknown, " + RebuiltBy + ")",
			Requester: RebuiltBy, Placed: now.UTC(), State: state.HoldPlacing,
		})
	}
	h := &r.Known[at]
	if slices.ContainsFunc(h.Accounts, func(a state.HeldAccount) bool { return a.Account == s.Account.GUID }) {
		return
	}
	changed[id] = true
	h.Accounts = append(slices.Clone(h.Accounts), state.HeldAccount{
		Account: s.Account.GUID, Login: s.Account.Login, DN: s.Account.DN, Evidence: ByToken,
		Enabled: s.Said.Enabled, Control: s.Account.Control, State: s.Said.State, Marked: s.Said.State != "",
	})
	if h.State == state.HoldInForce {
		h.State = state.HoldPlacing
	}
}

// proveRelease takes in that a hold, which an older store has in force, was
// released since: such a token is only ever written by a release.
func (r *Reconciled) proveRelease(id string, changed map[string]bool) {
	for i := range r.Known {
		h := &r.Known[i]
		if h.ID == id && h.State != state.HoldReleasing {
			h.State, h.ReleasedBy, changed[id] = state.HoldReleasing, "shown by a token", true
		}
	}
}

// Rebuild writes down the holds that the store does not have, or not so, and makes
// sure of each.
func (l *Locker) Rebuild(ctx context.Context, r Reconciled) error {
	var failed []error
	for _, h := range r.Changed {
		action := "lockout.rebuilt"
		if h.State == state.HoldReleasing {
			action = "release.rebuilt"
		}
		if err := l.Record.SaveHold(ctx, h); err != nil {
			failed = append(failed, fmt.Errorf("rebuilding hold %s: %w", h.ID, err))
			continue
		}
		l.Log.WithField("hold_id", h.ID).Error("a hold that the store did not have so was rebuilt from the directory: " + h.State)
		l.ledger(ctx, state.Event{Action: action, PersonID: h.PersonID, Details: details(h)})
	}
	if len(r.Changed) == 0 {
		return nil
	}
	_, err := l.Finish(ctx)
	return errors.Join(append(failed, err)...)
}
