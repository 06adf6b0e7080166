package storetest

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"esrsync/internal/state"
	"esrsync/internal/store"
)

func leaseClaims() []claim {
	return []claim{
		{"a lease that somebody holds is refused with the holder and the instant", leaseRefused},
		{"the holder is refused too: one process does not run twice", leaseOwnRefused},
		{"a lease that ended goes to the next, whose fence is higher", leaseEnded},
		{"a lease that is renewed does not end", leaseRenewed},
		{"a lease that ended cannot be renewed, even if nobody took it", leaseRenewedLate},
		{"a released lease is free at once and its fence is worth nothing", leaseReleased},
		{"releasing a lost lease leaves it to who has it", leaseReleasedLate},
		{"a fence of a lease that nobody took is worth nothing", leaseNever},
		{"of 8 who reach for it at once one gets it, and the wins are the fence", leaseContended},
	}
}

const ttl = 30 * time.Second

func (f Fixture) acquire(t *testing.T, owner string) int64 {
	t.Helper()
	return got[int64](t)(f.Acquire(t.Context(), "run", owner, ttl))
}

func (f Fixture) wantLost(t *testing.T, err error, words ...string) {
	t.Helper()
	wantKind(t, err, state.ErrLeaseLost)
	wantWords(t, err, words...)
}

func leaseRefused(t *testing.T, f Fixture) {
	f.acquire(t, "one")
	_, err := f.Acquire(t.Context(), "run", "two", ttl)
	f.wantLost(t, err, "one", "2026-11-22T12:00:30Z")
	same(t, "another lease", got[int64](t)(f.Acquire(t.Context(), "watch", "two", ttl)), int64(1))
}

func leaseOwnRefused(t *testing.T, f Fixture) {
	f.acquire(t, "one")
	_, err := f.Acquire(t.Context(), "run", "one", ttl)
	f.wantLost(t, err, "one")
}

func leaseEnded(t *testing.T, f Fixture) {
	first := f.acquire(t, "one")
	done(t, f.CheckFence(t.Context(), "run", first))
	f.Clock.Advance(ttl)
	f.wantLost(t, f.CheckFence(t.Context(), "run", first))
	second := f.acquire(t, "two")
	same(t, "fences", []int64{first, second}, []int64{1, 2})
	f.wantLost(t, f.CheckFence(t.Context(), "run", first), "two")
	f.wantLost(t, f.Renew(t.Context(), "run", first, ttl), "two")
	done(t, f.CheckFence(t.Context(), "run", second))
}

func leaseRenewed(t *testing.T, f Fixture) {
	fence := f.acquire(t, "one")
	for range 3 {
		f.Clock.Advance(ttl - time.Second)
		done(t, f.Renew(t.Context(), "run", fence, ttl))
	}
	done(t, f.CheckFence(t.Context(), "run", fence))
	_, err := f.Acquire(t.Context(), "run", "two", ttl)
	f.wantLost(t, err, "one")
}

func leaseRenewedLate(t *testing.T, f Fixture) {
	fence := f.acquire(t, "one")
	f.Clock.Advance(ttl)
	f.wantLost(t, f.Renew(t.Context(), "run", fence, ttl))
}

func leaseReleased(t *testing.T, f Fixture) {
	fence := f.acquire(t, "one")
	done(t, f.Release(t.Context(), "run", fence))
	f.wantLost(t, f.CheckFence(t.Context(), "run", fence), "gave it up")
	same(t, "the next fence", f.acquire(t, "two"), fence+1)
}

func leaseReleasedLate(t *testing.T, f Fixture) {
	first := f.acquire(t, "one")
	f.Clock.Advance(ttl)
	second := f.acquire(t, "two")
	done(t, f.Release(t.Context(), "run", first))
	done(t, f.CheckFence(t.Context(), "run", second))
}

func leaseNever(t *testing.T, f Fixture) {
	f.wantLost(t, f.CheckFence(t.Context(), "run", 1), "nobody ever took it")
	f.wantLost(t, f.CheckFence(t.Context(), "run", 0))
}

func leaseContended(t *testing.T, f Fixture) {
	const rounds = 5
	var fence int64
	processes := []*store.Store{f.Store, f.again(t)}
	for range rounds {
		var wg sync.WaitGroup
		fences, errs := make([]int64, 8), make([]error, 8)
		for i := range fences {
			wg.Go(func() { fences[i], errs[i] = processes[i%2].Acquire(t.Context(), "run", fmt.Sprint("owner ", i), ttl) })
		}
		wg.Wait()
		won := 0
		for i, err := range errs {
			if err == nil {
				won, fence = won+1, fences[i]
			} else {
				wantKind(t, err, state.ErrLeaseLost)
			}
		}
		same(t, "how many got it", won, 1)
		f.Clock.Advance(ttl)
	}
	same(t, "the last fence", fence, int64(rounds))
}
