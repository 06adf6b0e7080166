package adsim

import (
	"sync"
	"time"

	"esrsync/internal/directory"
)

// Faults make a server misbehave as controllers do on bad days. All methods may
// be called while it serves; what counts requests counts those that come after.
type Faults struct {
	mu          sync.Mutex
	delays      map[Op]time.Duration
	dropBefore  map[Op]int
	dropAfter   int
	busy        int
	cutPages    map[int]bool
	loseCookies int
	limited     []string
	denied      []string
	hidden      []string
	frozen      chan struct{}
}

func newFaults() *Faults {
	return &Faults{delays: map[Op]time.Duration{}, dropBefore: map[Op]int{}, cutPages: map[int]bool{}}
}

// Delay makes requests of a kind wait before they are carried out; zero ends it.
func (f *Faults) Delay(op Op, d time.Duration) { f.do(func() { f.delays[op] = d }) }

// DropBefore cuts the connection at the next n requests of a kind, without
// carrying them out.
func (f *Faults) DropBefore(op Op, n int) { f.do(func() { f.dropBefore[op] = n }) }

// DropAfterApply carries out the next n writes, and cuts the connection instead
// of saying so. A refused write is answered as ever and does not count.
func (f *Faults) DropAfterApply(n int) { f.do(func() { f.dropAfter = n }) }

// Busy answers the next n requests, binds excepted, with "busy" (51).
func (f *Faults) Busy(n int) { f.do(func() { f.busy = n }) }

// CutPage cuts the connection in the middle of page n, from 1, of the next paged search.
func (f *Faults) CutPage(n int) { f.do(func() { f.cutPages[n] = true }) }

// LoseCookie answers the next n pages without a paging control, although there is more.
func (f *Faults) LoseCookie(n int) { f.do(func() { f.loseCookies = n }) }

// LimitBase ends searches at or above a base with "size limit exceeded" (4)
// after the first objects; an empty base ends it for all.
func (f *Faults) LimitBase(base string) { f.do(func() { f.limited = listed(f.limited, base) }) }

// DenyBase refuses searches that begin at or below a base (50); an empty base ends it for all.
func (f *Faults) DenyBase(base string) { f.do(func() { f.denied = listed(f.denied, base) }) }

// HideBase leaves whatever is at or below a base out of searches without a word,
// as a controller does with what the reader has no right to see; an empty base
// ends it for all.
func (f *Faults) HideBase(base string) { f.do(func() { f.hidden = listed(f.hidden, base) }) }

// Freeze stops the server: requests are taken and wait. Thaw carries them out.
func (f *Faults) Freeze() {
	f.do(func() {
		if f.frozen == nil {
			f.frozen = make(chan struct{})
		}
	})
}

// Thaw ends Freeze.
func (f *Faults) Thaw() {
	f.do(func() {
		if f.frozen != nil {
			close(f.frozen)
			f.frozen = nil
		}
	})
}

// Clear ends every fault.
func (f *Faults) Clear() {
	f.Thaw()
	f.do(func() {
		clear(f.delays)
		clear(f.dropBefore)
		clear(f.cutPages)
		f.dropAfter, f.busy, f.loseCookies = 0, 0, 0
		f.limited, f.denied, f.hidden = nil, nil, nil
	})
}

func (f *Faults) do(change func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	change()
}

func listed(list []string, base string) []string {
	if base == "" {
		return nil
	}
	return append(list, base)
}

// fault is what goes wrong with one request.
type fault struct {
	delay            time.Duration
	frozen           chan struct{}
	busy, dropBefore bool
}

// next takes the faults for one request.
func (f *Faults) next(op Op) fault {
	f.mu.Lock()
	defer f.mu.Unlock()
	out := fault{delay: f.delays[op], frozen: f.frozen}
	if f.dropBefore[op] > 0 {
		f.dropBefore[op]--
		out.dropBefore = true
		return out
	}
	if f.busy > 0 && op != Bind {
		f.busy--
		out.busy = true
		return out
	}
	return out
}

func (f *Faults) takeDropAfter() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.dropAfter == 0 {
		return false
	}
	f.dropAfter--
	return true
}

// wait spends the delay and the frost; false is that the server stops.
func (x fault) wait(stop <-chan struct{}) bool {
	if x.frozen != nil {
		select {
		case <-x.frozen:
		case <-stop:
			return false
		}
	}
	if x.delay <= 0 {
		return true
	}
	timer := time.NewTimer(x.delay)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-stop:
		return false
	}
}

func (f *Faults) takeCut(page int) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	cut := f.cutPages[page]
	delete(f.cutPages, page)
	return cut
}

func (f *Faults) takeLostCookie() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.loseCookies == 0 {
		return false
	}
	f.loseCookies--
	return true
}

// limits reports whether a search from a base meets one that is limited.
func (f *Faults) limits(base string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, limited := range f.limited {
		if directory.UnderDN(limited, base) || directory.UnderDN(base, limited) {
			return true
		}
	}
	return false
}

func (f *Faults) denies(base string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return directory.UnderAny(base, f.denied)
}

// hides returns a copy of the hidden bases, for use without the lock.
func (f *Faults) hides() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]string(nil), f.hidden...)
}
