package hold

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"esrsync/internal/directory"
	"esrsync/internal/state"
)

// giveBack releases one account, on every controller at the same time: a
// controller that locked it by a later write of its own would otherwise win by
// replication. One that answers is enough.
func (l *Locker) giveBack(ctx context.Context, h state.Hold, a state.HeldAccount, hosts []string, s Standing) Returned {
	out := Returned{Login: a.Login, Err: directory.ErrUnavailable}
	var mu sync.Mutex
	var work errgroup.Group
	for _, host := range hosts {
		work.Go(func() error {
			var one Returned
			err := l.at(ctx, host, func(ctx context.Context, c Controller) (err error) {
				one, err = l.giveBackAt(ctx, c, h, a, s)
				return err
			})
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				l.Log.WithError(err).WithField("hold_id", h.ID).WithField("controller", host).Error("a release's step failed")
				if unreachable(out.Err) {
					out.Err = err
				}
				return nil
			}
			if out.Err != nil || len(one.Why) > len(out.Why) {
				out = one // of several controllers the one that had something to say
			}
			return nil
		})
	}
	_ = work.Wait() // No part of it returns an error: it stands in what is returned.
	return out
}

// giveBackAt releases one account on one controller: memberships first, and last,
// in one operation, the token and the account itself.
func (l *Locker) giveBackAt(ctx context.Context, c Controller, h state.Hold, held state.HeldAccount, s Standing) (Returned, error) {
	for n := 1; ; n++ {
		a, err := c.Account(ctx, held.Account, directory.Scope{Bases: l.Policy.Bases})
		if errors.Is(err, directory.ErrNotFound) {
			return Returned{Login: held.Login, Why: "the account is gone from the directory"}, nil
		}
		if err != nil {
			return Returned{}, err
		}
		enable, why := mayReturn(held, s)
		out := Returned{Login: a.Login, Enabled: a.Enabled(), Why: why}
		if l.isBack(h, held, a) {
			return out, nil
		}
		lost, err := l.rejoin(ctx, c, held)
		if err != nil {
			return out, err
		}
		edits, err := l.freeing(h, held, a, enable)
		if err != nil {
			return out, err
		}
		err = c.Modify(ctx, a.GUID, edits)
		if errors.Is(err, directory.ErrConflict) && n < releaseAttempts {
			continue // somebody wrote in between: look again
		}
		out.Enabled, out.Why = enable, strings.TrimSpace(why+" "+lost)
		return out, err
	}
}

const releaseAttempts = 5

// isBack reports whether there is nothing to release on an account: its token,
// which only we can write, names this hold as released, or another one as in
// force; or it never was marked, and is as it was.
func (l *Locker) isBack(h state.Hold, held state.HeldAccount, a directory.Account) bool {
	said, valid := l.read(a.GUID, a.Marker)
	switch {
	case valid && Of(said) == h.ID:
		return false
	case valid && (Of(said) != "" || ReleasedOf(said) == h.ID):
		return true
	}
	return (valid || a.Marker == "" && !held.Marked) && a.Enabled() == held.Enabled
}

// mayReturn says whether an account is switched on again: only what was on, and
// only for somebody who may sign in, or of whom nobody knows.
func mayReturn(held state.HeldAccount, s Standing) (bool, string) {
	switch {
	case !held.Enabled:
		return false, "It was off before the lockout, and stays off."
	case s.Known && !s.May:
		return false, "It stays off: " + s.Why
	}
	return true, ""
}

// rejoin gives back the memberships that the hold took, in the groups that still exist.
func (l *Locker) rejoin(ctx context.Context, c Controller, held state.HeldAccount) (string, error) {
	gone := 0
	for _, group := range held.Groups {
		err := c.AddMember(ctx, group, held.Account)
		switch {
		case errors.Is(err, directory.ErrNotFound):
			gone++
		case err != nil:
			return "", fmt.Errorf("giving back a membership: %w", err)
		}
	}
	if gone == 0 {
		return "", nil
	}
	return fmt.Sprintf("Of its groups %d no longer exist.", gone), nil
}

// freeing returns the edits that end the hold on an account.
func (l *Locker) freeing(h state.Hold, held state.HeldAccount, a directory.Account, enable bool) ([]directory.Edit, error) {
	var edits []directory.Edit
	control := a.Control.WithDisabled()
	if enable {
		control = a.Control &^ directory.Disabled
	}
	if control != a.Control {
		edits = append(edits, directory.Edit{Attribute: "userAccountControl", Old: []string{a.Control.String()}, New: []string{control.String()}})
	}
	marker, err := l.unmark(h, held, !enable)
	if err != nil {
		return nil, err
	}
	if marker != a.Marker {
		edits = append(edits, directory.Edit{Attribute: l.Policy.MarkerAttribute, Old: []string{a.Marker}, New: []string{marker}})
	}
	return edits, nil
}
