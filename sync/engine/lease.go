package engine

import (
	"context"
	"fmt"
	"sync"
	"time"

	"esrsync/sync/plan"
)

// leaseName is what two runs fight over.
const leaseName = "run"

// lease is the right to run, renewed while the run goes on.
type lease struct {
	engine *Engine
	fence  int64
	stop   context.CancelFunc
	done   sync.WaitGroup
}

// lease takes the right to run, or fails with [state.ErrLeaseLost] and who has it.
func (e *Engine) lease(ctx context.Context) (*lease, error) {
	fence, err := e.Store.Acquire(ctx, leaseName, e.Settings.Machine, e.Settings.Lease)
	if err != nil {
		return nil, fmt.Errorf("starting a run: %w", err)
	}
	ctx, cancel := context.WithCancel(ctx)
	l := &lease{engine: e, fence: fence, stop: cancel}
	l.done.Go(func() { l.renew(ctx) })
	return l, nil
}

// renew keeps the lease three times as often as it would end. A renewal that
// fails is not fatal here: the next write finds out by [lease.May].
func (l *lease) renew(ctx context.Context) {
	tick := time.NewTicker(l.engine.Settings.Lease / 3)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if err := l.engine.Store.Renew(ctx, leaseName, l.fence, l.engine.Settings.Lease); err != nil && ctx.Err() == nil {
				l.engine.Log.WithError(err).Warn("renewing the lease")
			}
		}
	}
}

// release gives the lease up.
func (l *lease) release(ctx context.Context) {
	l.stop()
	l.done.Wait()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	if err := l.engine.Store.Release(ctx, leaseName, l.fence); err != nil {
		l.engine.Log.WithError(err).Warn("giving up the lease")
	}
}

// notDue is all that a run says of a change that a hold stopped: it must not tell
// that there is one.
const notDue = "not due any more"

// May implements [apply.Gate]: a process that lost the lease stops before its next
// write, and nothing is written to whom a hold has come.
func (l *lease) May(ctx context.Context, c plan.Change) (string, error) {
	if err := l.engine.Store.CheckFence(ctx, leaseName, l.fence); err != nil {
		return "", fmt.Errorf("before a change: %w", err)
	}
	held, err := l.engine.Store.IsHeld(ctx, c.PersonID, c.Account)
	if err != nil {
		return "", fmt.Errorf("before a change: %w", err)
	}
	if held || l.engine.Holds != nil && l.engine.Holds.IsWaiting(ctx, c.PersonID, c.Account) {
		return notDue, nil
	}
	return "", nil
}
