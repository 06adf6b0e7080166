package hold

import (
	"context"
	"time"

	"golang.org/x/sync/errgroup"
)

// How often the watch looks, takes up what is unfinished, and asks which
// controllers there are.
const (
	lookEvery   = time.Second
	finishEvery = 5 * time.Second
	askEvery    = 5 * time.Minute
)

// Run watches until ctx ends: each controller by itself, so that one which is slow
// does not keep the others unwatched, and apart from them the retries of what is
// unfinished.
func (w *Watch) Run(ctx context.Context) error {
	for ctx.Err() == nil {
		if err := w.round(ctx); err != nil {
			w.Log.WithError(err).Error("finding the controllers to watch held accounts on")
			pause(ctx, finishEvery)
		}
	}
	return ctx.Err()
}

// round watches the controllers that there are now, until it is time to ask again.
func (w *Watch) round(ctx context.Context) error {
	hosts, err := w.Domain.Controllers(ctx)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, askEvery)
	defer cancel()
	var work errgroup.Group
	for _, host := range hosts {
		work.Go(func() error {
			w.repeat(ctx, lookEvery, func() error { return w.Look(ctx, host) })
			return nil
		})
	}
	work.Go(func() error {
		w.repeat(ctx, finishEvery, func() error {
			_, err := w.Finish(ctx)
			return err
		})
		return nil
	})
	return work.Wait()
}

// repeat does something again and again. Of a fault that goes on, the first is told.
func (w *Watch) repeat(ctx context.Context, every time.Duration, do func() error) {
	failing := false
	for ctx.Err() == nil {
		err := do()
		if err != nil && !failing && ctx.Err() == nil {
			w.Log.WithError(err).Error("watching held accounts")
		}
		failing = err != nil
		pause(ctx, every)
	}
}

func pause(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}
