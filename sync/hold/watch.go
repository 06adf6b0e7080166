package hold

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"esrsync/internal/directory"
	"esrsync/internal/state"
)

// Watch looks at held accounts on every controller and puts back what somebody
// undid. Every look repairs; what is told of it is damped, so that a script which
// enables an account every minute fills nobody's mailbox. Build it once.
type Watch struct {
	*Locker
	// Incident is told of what was found, the first time at once and then at most
	// once in Quiet with how often it came since. It is never called twice at the
	// same time. Nil: the log and the ledger alone.
	Incident func(Incident)
	Quiet    time.Duration // zero is ten minutes

	mu   sync.Mutex
	told map[string]*damper
}

// Incident is something that was done to a held account, and put back.
type Incident struct {
	Hold       string
	Account    directory.GUID
	Login      string
	Controller string
	What       string // one of the Found constants
	Times      int    // since it was told last, this one included
	At         time.Time
	Err        error // why it could not be put back; it is tried again with the next look
}

// What an [Incident] tells.
const (
	FoundEnabled  = "it was switched on"
	FoundUnmarked = "its token was changed"
	FoundMoved    = "it was moved or renamed"
	FoundLogin    = "its login was changed"
	FoundPassword = "its password was changed"
	FoundGone     = "it is gone, or hidden from us"
)

type damper struct {
	last  time.Time
	since int
}

const defaultQuiet = 10 * time.Minute

// Tick looks once at every held account on every controller, all controllers at the
// same time, and repairs. Its error says which could not be looked at.
func (w *Watch) Tick(ctx context.Context) error {
	hosts, err := w.Domain.Controllers(ctx)
	if err != nil {
		return fmt.Errorf("finding the controllers: %w", err)
	}
	failed := make([]error, len(hosts))
	var work errgroup.Group
	for i, host := range hosts {
		work.Go(func() error {
			failed[i] = w.Look(ctx, host)
			return nil
		})
	}
	_ = work.Wait() // No look returns its error there.
	return errors.Join(failed...)
}

// Look looks once at every held account on one controller, and repairs.
func (w *Watch) Look(ctx context.Context, host string) error {
	holds, err := w.Record.Holds(ctx, false)
	if err != nil {
		return fmt.Errorf("reading the holds: %w", err)
	}
	holds = slices.DeleteFunc(holds, func(h state.Hold) bool { return h.State == state.HoldReleasing })
	var ids []directory.GUID
	for _, h := range holds {
		for _, a := range h.Accounts {
			ids = append(ids, a.Account)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	err = w.at(ctx, host, func(ctx context.Context, c Controller) error { return w.look(ctx, c, host, holds, ids) })
	if err != nil {
		return fmt.Errorf("watching on %s: %w", host, err)
	}
	return nil
}

func (w *Watch) look(ctx context.Context, c Controller, host string, holds []state.Hold, ids []directory.GUID) error {
	sights, err := c.Sights(ctx, ids)
	if err != nil {
		return err
	}
	seen := map[directory.GUID]directory.Sight{}
	for _, s := range sights {
		seen[s.GUID] = s
	}
	var failed []error
	done := map[directory.GUID]bool{} // an account of two holds is the older one's
	for _, h := range holds {
		for _, a := range h.Accounts {
			if done[a.Account] {
				continue
			}
			done[a.Account] = true
			s, there := seen[a.Account]
			failed = append(failed, w.check(ctx, c, host, h, a, s, there))
		}
	}
	return errors.Join(failed...)
}

// check judges one account on one controller and repairs it.
func (w *Watch) check(ctx context.Context, c Controller, host string, h state.Hold, a state.HeldAccount, s directory.Sight, there bool) error {
	marker, err := w.mark(h, a)
	if err != nil {
		return err
	}
	found := judge(a, marker, s, there)
	if len(found) == 0 {
		return w.adopt(ctx, h, a, s)
	}
	stamp, repaired := w.repair(ctx, c, a, marker, s, found)
	_, err = w.keep(context.WithoutCancel(ctx), h.ID, func(h *state.Hold) error {
		notePassword(h, a.Account, stamp)
		if repaired == nil && there {
			noteReached(h, a.Account, host, w.Now().UTC(), marker != "")
		}
		return nil
	})
	if errors.Is(err, errOvertaken) {
		// The hold was released while we looked: what we have put back is taken back.
		_, err = w.takeBack(ctx, h.ID, h)
		return err
	}
	if !isReached(a, host) {
		found = nil // it was still open there: nobody undid anything
	}
	for _, what := range found {
		w.tell(ctx, Incident{Hold: h.ID, Account: a.Account, Login: a.Login, Controller: host, What: what, At: w.Now().UTC(), Err: repaired})
	}
	return errors.Join(repaired, err)
}

// judge says what is not as the hold left it on this controller. A password is
// foreign where its stamp came after ours: our own resets, which arrive by
// replication, never do.
func judge(a state.HeldAccount, marker string, s directory.Sight, there bool) []string {
	if !there {
		return []string{FoundGone}
	}
	var out []string
	for _, c := range []struct {
		bad  bool
		what string
	}{
		{s.Enabled(), FoundEnabled},
		{marker != "" && s.Marker != marker, FoundUnmarked},
		{!directory.SameDN(s.DN, a.DN), FoundMoved},
		{s.Login != a.Login, FoundLogin},
		{!a.Password.IsZero() && s.Password.Compare(a.Password) > 0, FoundPassword},
	} {
		if c.bad {
			out = append(out, c.what)
		}
	}
	return out
}

// adopt takes the first stamp that is seen where the reset could not read its own.
func (w *Watch) adopt(ctx context.Context, h state.Hold, a state.HeldAccount, s directory.Sight) error {
	if !a.Password.IsZero() || s.Password.IsZero() || !wasReset(a) {
		return nil
	}
	_, err := w.keep(ctx, h.ID, func(h *state.Hold) error {
		notePassword(h, a.Account, s.Password)
		return nil
	})
	if errors.Is(err, errOvertaken) {
		return nil
	}
	return err
}

func notePassword(h *state.Hold, id directory.GUID, stamp directory.Stamp) {
	for i := range h.Accounts {
		if a := &h.Accounts[i]; a.Account == id && stamp.Compare(a.Password) > 0 {
			a.Password = stamp
		}
	}
}

// isReached reports whether the account was off on a controller before.
func isReached(a state.HeldAccount, host string) bool {
	return slices.ContainsFunc(a.Reached, func(r state.Reached) bool { return r.Controller == host && !r.Disabled.IsZero() })
}

func noteReached(h *state.Hold, id directory.GUID, host string, at time.Time, marked bool) {
	for i := range h.Accounts {
		if h.Accounts[i].Account == id {
			mergeReached(reached(&h.Accounts[i], host), state.Reached{Tried: at, Disabled: at, Marked: marked})
		}
	}
}

// repair puts back what was found, the way in first, and returns the stamp of the
// last reset where there was one. What fails does not keep the rest from being tried.
func (w *Watch) repair(ctx context.Context, c Controller, a state.HeldAccount, marker string, s directory.Sight, found []string) (directory.Stamp, error) {
	var stamp directory.Stamp
	var failed []error
	has := func(what string) bool { return slices.Contains(found, what) }
	if has(FoundEnabled) || has(FoundUnmarked) {
		failed = append(failed, c.LockOut(ctx, a.Account, marker))
	}
	// Whoever could switch it on may have set a password that is not seen here yet.
	if has(FoundPassword) || has(FoundEnabled) {
		var err error
		stamp, err = w.resetTwice(ctx, c, a)
		failed = append(failed, err)
	}
	if has(FoundMoved) {
		failed = append(failed, moveBack(ctx, c, a))
	}
	if has(FoundLogin) {
		edit := directory.Edit{Attribute: "sAMAccountName", Old: []string{s.Login}, New: []string{a.Login}}
		failed = append(failed, c.Modify(ctx, a.Account, []directory.Edit{edit}))
	}
	return stamp, errors.Join(failed...)
}

func moveBack(ctx context.Context, c Controller, a state.HeldAccount) error {
	rdns, err := directory.ParseDN(a.DN)
	if err != nil || len(rdns) == 0 {
		return fmt.Errorf("reading the name that the account had: %w", err)
	}
	return c.Move(ctx, a.Account, rdns[0].Value, directory.ParentDN(a.DN))
}

// tell tells of an incident, unless the same was told just now.
func (w *Watch) tell(ctx context.Context, i Incident) {
	w.mu.Lock()
	defer w.mu.Unlock()
	key := i.Hold + i.Account.String() + i.Controller + i.What
	if w.told == nil {
		w.told = map[string]*damper{}
	}
	d := w.told[key]
	if d == nil {
		d = &damper{}
		w.told[key] = d
	}
	d.since++
	quiet := w.Quiet
	if quiet <= 0 {
		quiet = defaultQuiet
	}
	if !d.last.IsZero() && i.At.Sub(d.last) < quiet {
		return
	}
	i.Times, d.last, d.since = d.since, i.At, 0
	w.Log.WithField("hold_id", i.Hold).WithField("controller", i.Controller).WithField("times", i.Times).WithField("put_back", i.Err == nil).
		Error("an account that is held was changed: " + i.What)
	w.ledger(ctx, state.Event{Action: "lockout.violated", Details: map[string]string{
		"hold": i.Hold, "account": i.Account.String(), "controller": i.Controller, "what": i.What, "times": fmt.Sprint(i.Times), "put_back": fmt.Sprint(i.Err == nil),
	}})
	if w.Incident != nil {
		w.Incident(i)
	}
}
