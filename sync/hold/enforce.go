package hold

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"

	"esrsync/internal/directory"
	"esrsync/internal/state"
)

// enforce makes every step of a hold that is being placed, whether or not it was
// made before, and returns the hold as it then stands. It is called by the lockout
// itself and by whoever finds a hold that nobody finished.
//
// Its only error is that nothing at all could be done: what single controllers
// refuse stands in the hold.
func (l *Locker) enforce(ctx context.Context, h state.Hold, told func(Step)) (state.Hold, error) {
	hosts, err := l.hosts(ctx, h)
	if err != nil {
		return h, err
	}
	p := newPass(l, h, hosts, told)
	p.all(ctx)
	// Ctrl-C or a service's stop must not lose what was done.
	kept, err := l.keep(context.WithoutCancel(ctx), h.ID, p.merge)
	switch {
	case errors.Is(err, errOvertaken), errors.Is(err, state.ErrHoldReleased):
		// A release ran beside us, and what we have just written may have come after it.
		return l.takeBack(ctx, h.ID, p.hold)
	case err != nil:
		l.Log.WithError(err).WithField("hold_id", h.ID).Error("writing down how far a lockout is")
		kept = p.hold // what is true, though nobody wrote it down
	}
	kept, failed := l.strip(ctx, kept, told)
	l.afterwards(context.WithoutCancel(ctx), kept)
	return l.conclude(context.WithoutCancel(ctx), kept, failed), nil
}

// hosts returns the controllers, with those that the hold knows of from before:
// one that is down may be missing from what another says today.
func (l *Locker) hosts(ctx context.Context, h state.Hold) ([]string, error) {
	hosts, err := l.Domain.Controllers(ctx)
	if err != nil && !unreachable(err) {
		return nil, fmt.Errorf("finding the controllers: %w", err)
	}
	for _, a := range h.Accounts {
		for _, r := range a.Reached {
			if err != nil && !slices.Contains(hosts, r.Controller) {
				hosts = append(hosts, r.Controller)
			}
		}
	}
	if len(hosts) == 0 {
		return nil, fmt.Errorf("finding the controllers: %w", cmp.Or(err, directory.ErrUnavailable))
	}
	return hosts, nil
}

// keep changes a hold in the record.
func (l *Locker) keep(ctx context.Context, id string, change func(*state.Hold) error) (state.Hold, error) {
	return l.Record.UpdateHold(ctx, id, func(h *state.Hold) error {
		if err := overtaken(*h); err != nil {
			return err
		}
		return change(h)
	})
}

// pass is one attempt at all accounts of a hold on all controllers.
type pass struct {
	*Locker
	hosts []string
	told  func(Step)

	mu   sync.Mutex
	hold state.Hold
	off  []map[string]bool // of each account: the controllers that have answered, and whether it is off there
	gone []int             // of each account: how many controllers do not have it
}

func newPass(l *Locker, h state.Hold, hosts []string, told func(Step)) *pass {
	p := &pass{Locker: l, hosts: hosts, told: told, hold: h}
	p.hold.Accounts = slices.Clone(h.Accounts)
	for i := range p.hold.Accounts {
		a := &p.hold.Accounts[i]
		a.Reached = slices.Clone(a.Reached)
		for _, host := range hosts {
			reached(a, host)
		}
		p.off, p.gone = append(p.off, map[string]bool{}), append(p.gone, 0)
	}
	return p
}

// all makes the pass: all accounts and all controllers at the same time. A dead
// controller keeps nobody waiting but the end of the pass.
func (p *pass) all(ctx context.Context) {
	var work errgroup.Group
	for i := range p.hold.Accounts {
		work.Go(func() error {
			p.account(ctx, i)
			return nil
		})
	}
	_ = work.Wait() // No part of it returns an error: each stands in the hold.
}

// account switches one account off everywhere, and resets its password as soon as
// it is known on which controller.
func (p *pass) account(ctx context.Context, i int) {
	answered := make(chan struct{}, len(p.hosts))
	for _, host := range p.hosts {
		go func() {
			p.switchOff(ctx, host, i)
			answered <- struct{}{}
		}()
	}
	reset, tried := p.isReset(i), ""
	for range p.hosts {
		<-answered
		if host := p.resetAt(i); host != "" && !reset && tried == "" {
			reset, tried = p.reset(ctx, host, i), host
		}
	}
	for _, host := range p.hosts {
		if !reset && host != tried && p.isOff(i, host) {
			reset = p.reset(ctx, host, i)
		}
	}
	p.noteGone(i)
}

// noteGone takes an account that no controller has any more for done: nobody signs
// in with it. One that only some do not have yet is still open there.
func (p *pass) noteGone(i int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.gone[i] < len(p.hosts) {
		return
	}
	now := p.Now().UTC()
	for _, host := range p.hosts {
		r := reached(&p.hold.Accounts[i], host)
		r.Disabled, r.Reset, r.Marked = now, now, true
	}
	if p.hold.Accounts[i].Groups == nil {
		p.hold.Accounts[i].Groups = []directory.GUID{}
	}
}

// isReset reports whether the account's password is ours since an earlier pass.
func (p *pass) isReset(i int) bool { return wasReset(p.held(i)) }

func wasReset(a state.HeldAccount) bool {
	return slices.ContainsFunc(a.Reached, func(r state.Reached) bool { return !r.Reset.IsZero() })
}

// resetAt returns the controller on which the password is to be reset: the first
// of the order, the PDC emulator, and another only once that one has failed.
// Empty: not known yet.
func (p *pass) resetAt(i int) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	if off, answered := p.off[i][p.hosts[0]]; off || !answered {
		if off {
			return p.hosts[0]
		}
		return ""
	}
	for _, host := range p.hosts {
		if p.off[i][host] {
			return host
		}
	}
	return ""
}

func (p *pass) isOff(i int, host string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.off[i][host]
}

// held returns a copy of one account as it stands.
func (p *pass) held(i int) state.HeldAccount {
	p.mu.Lock()
	defer p.mu.Unlock()
	a := p.hold.Accounts[i]
	a.Reached = slices.Clone(a.Reached)
	return a
}

// switchOff disables and marks one account on one controller.
func (p *pass) switchOff(ctx context.Context, host string, i int) {
	a := p.held(i)
	marker, err := p.mark(p.hold, a)
	if err == nil {
		err = p.at(ctx, host, func(ctx context.Context, c Controller) error { return c.LockOut(ctx, a.Account, marker) })
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.Now().UTC()
	r := reached(&p.hold.Accounts[i], host)
	r.Tried, r.Error = now, ""
	p.off[i][host] = err == nil
	switch {
	case err != nil:
		r.Error = err.Error()
		if errors.Is(err, directory.ErrNotFound) {
			p.gone[i]++
		}
	case r.Disabled.IsZero():
		r.Disabled, r.Marked = now, marker != ""
	default:
		r.Marked = r.Marked || marker != ""
	}
	p.tell(Step{Login: a.Login, Controller: host, What: WhatDisabled, At: now, Err: err})
}

// reset gives the account two passwords that nobody knows, one after the other on
// one controller: controllers take the one before the last for an hour, and
// replication has nothing to settle.
func (p *pass) reset(ctx context.Context, host string, i int) bool {
	a := p.held(i)
	var stamp directory.Stamp
	err := p.at(ctx, host, func(ctx context.Context, c Controller) (err error) {
		stamp, err = p.resetTwice(ctx, c, a)
		return err
	})
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.Now().UTC()
	r := reached(&p.hold.Accounts[i], host)
	if err == nil {
		r.Reset, p.hold.Accounts[i].Password = now, stamp
	} else {
		r.Error = err.Error()
	}
	p.tell(Step{Login: a.Login, Controller: host, What: WhatReset, At: now, Err: err})
	return err == nil
}

// tell is called with the lock held, so that no two steps are told at once.
func (p *pass) tell(s Step) {
	if s.Err != nil {
		p.Log.WithError(s.Err).WithField("hold_id", p.hold.ID).WithField("controller", s.Controller).Error("a lockout's step failed: " + s.What)
	}
	if p.told != nil {
		p.told(s)
	}
}

// merge puts what this pass did into the hold as it is kept by now: somebody else
// may have reached other controllers, or added accounts.
func (p *pass) merge(h *state.Hold) error {
	for _, ours := range p.hold.Accounts {
		at := slices.IndexFunc(h.Accounts, func(a state.HeldAccount) bool { return a.Account == ours.Account })
		if at < 0 {
			h.Accounts = append(h.Accounts, ours)
			continue
		}
		theirs := &h.Accounts[at]
		if theirs.Groups == nil {
			theirs.Groups = ours.Groups
		}
		if ours.Password.Compare(theirs.Password) > 0 {
			theirs.Password = ours.Password
		}
		for _, r := range ours.Reached {
			mergeReached(reached(theirs, r.Controller), r)
		}
		p.forget(theirs)
	}
	return nil
}

// mergeReached takes over what was done; what was done once stays done.
func mergeReached(into *state.Reached, from state.Reached) {
	if into.Tried.Before(from.Tried) {
		into.Tried, into.Error = from.Tried, from.Error
	}
	if into.Disabled.IsZero() {
		into.Disabled = from.Disabled
	}
	if into.Reset.Before(from.Reset) {
		into.Reset = from.Reset
	}
	into.Marked = into.Marked || from.Marked
}

// forget drops controllers that were never reached and that the domain, which has
// answered, does not have any more.
func (p *pass) forget(a *state.HeldAccount) {
	if !slices.ContainsFunc(p.off, func(by map[string]bool) bool {
		return slices.ContainsFunc(p.hosts, func(host string) bool { return by[host] })
	}) {
		return
	}
	a.Reached = slices.DeleteFunc(a.Reached, func(r state.Reached) bool {
		return r.Disabled.IsZero() && !slices.Contains(p.hosts, r.Controller)
	})
}

// reached returns what one controller answered about an account, in its place by name.
func reached(a *state.HeldAccount, host string) *state.Reached {
	i, found := slices.BinarySearchFunc(a.Reached, host, func(r state.Reached, host string) int { return cmp.Compare(r.Controller, host) })
	if !found {
		a.Reached = slices.Insert(a.Reached, i, state.Reached{Controller: host})
	}
	return &a.Reached[i]
}

// resetTwice makes the two resets and returns the stamp of the last.
func (l *Locker) resetTwice(ctx context.Context, c Controller, a state.HeldAccount) (directory.Stamp, error) {
	for range 2 {
		if err := l.resetOnce(ctx, c, a); err != nil {
			return directory.Stamp{}, err
		}
	}
	stamp, err := c.PasswordVersion(ctx, a.Account)
	if err != nil {
		// The reset is what counts. Without a stamp the watch takes the first it sees.
		l.Log.WithError(err).Warn("reading the metadata of a password that was reset")
		return directory.Stamp{}, nil
	}
	return stamp, nil
}

// resetOnce makes one reset. A random password may by chance hold a part of a name
// that only the directory knows; then another one is made.
func (l *Locker) resetOnce(ctx context.Context, c Controller, a state.HeldAccount) error {
	for n := 1; ; n++ {
		secret, err := l.Password(a.Login, a.DN)
		if err != nil {
			return err
		}
		if err = c.SetPassword(ctx, a.Account, secret, false); !errors.Is(err, directory.ErrRefused) || n == resetAttempts {
			return err
		}
	}
}

const resetAttempts = 3
