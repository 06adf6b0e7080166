package ldapx

import (
	"context"
	"math/rand/v2"
	"time"
)

// attempts is how often a busy controller is asked before the caller is told.
const attempts = 5

// whileBusy runs f until it gives anything but "busy", with growing pauses. Only
// refusals that changed nothing are tried again; a lost answer is not one of them.
func whileBusy(ctx context.Context, first time.Duration, f func() error) error {
	for n := 1; ; n++ {
		err := f()
		refused, ok := refusal(err)
		if !ok || !refused.busy() || n == attempts || pause(ctx, first, n) != nil {
			return err
		}
	}
}

// pause waits before attempt n+1: twice as long each time, up to five seconds, and
// a random part of it, so that many clients do not come back at once.
func pause(ctx context.Context, first time.Duration, n int) error {
	span := min(first<<min(n-1, 16), 5*time.Second)
	timer := time.NewTimer(span/2 + rand.N(span/2+1))
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
