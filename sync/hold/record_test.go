package hold_test

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"esrsync/internal/directory"
	"esrsync/internal/state"
)

// record is a store in memory.
type record struct {
	w      *world
	mu     sync.Mutex
	holds  map[string]state.Hold
	hooks  []state.HookRun
	tasks  map[string]state.Task
	events []state.Event
}

func (r *record) do(what string, work func() error) error {
	if err := r.w.spend("store", what); err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	return work()
}

func (r *record) hold(id string) state.Hold {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.holds[id]
}

func (r *record) SaveHold(_ context.Context, h state.Hold) error {
	return r.do("save", func() error { return r.put(h) })
}

func (r *record) put(h state.Hold) error {
	if r.holds[h.ID].State == state.HoldReleased && h.State != state.HoldReleased {
		return state.ErrHoldReleased
	}
	r.holds[h.ID] = h
	return nil
}

func (r *record) UpdateHold(_ context.Context, id string, change func(*state.Hold) error) (h state.Hold, err error) {
	err = r.do("update", func() error {
		old, found := r.holds[id]
		if !found {
			return state.ErrNotFound
		}
		h = clone(old)
		if err := change(&h); err != nil {
			return err
		}
		return r.put(clone(h))
	})
	return h, err
}

// clone copies what a store would have written out and read in.
func clone(h state.Hold) state.Hold {
	h.Accounts = slices.Clone(h.Accounts)
	for i := range h.Accounts {
		h.Accounts[i].Reached = slices.Clone(h.Accounts[i].Reached)
		h.Accounts[i].Groups = slices.Clone(h.Accounts[i].Groups)
	}
	return h
}

func (r *record) Holds(_ context.Context, all bool) (out []state.Hold, err error) {
	err = r.do("holds", func() error {
		for _, h := range r.holds {
			if all || h.State != state.HoldReleased {
				out = append(out, clone(h))
			}
		}
		slices.SortFunc(out, func(a, b state.Hold) int { return strings.Compare(a.Placed.String()+a.ID, b.Placed.String()+b.ID) })
		return nil
	})
	return out, err
}

func (r *record) IsHeld(_ context.Context, personID string, account directory.GUID) (is bool, err error) {
	err = r.do("held", func() error {
		for _, h := range r.holds {
			on := h.PersonID != "" && h.PersonID == personID ||
				slices.ContainsFunc(h.Accounts, func(a state.HeldAccount) bool { return a.Account == account })
			is = is || on && h.State != state.HoldReleased
		}
		return nil
	})
	return is, err
}

func (r *record) LockoutsSince(_ context.Context, requester string, since time.Time) (n int, err error) {
	err = r.do("count", func() error {
		for _, h := range r.holds {
			if h.Requester == requester && !h.Placed.Before(since) {
				n++
			}
		}
		return nil
	})
	return n, err
}

func (r *record) EnsureHookRuns(_ context.Context, runs []state.HookRun) error {
	return r.do("hooks", func() error {
		for _, run := range runs {
			same := func(o state.HookRun) bool {
				return o.HoldID == run.HoldID && o.Hook == run.Hook && o.Account == run.Account
			}
			if !slices.ContainsFunc(r.hooks, same) {
				run.ID = int64(len(r.hooks) + 1)
				r.hooks = append(r.hooks, run)
			}
		}
		return nil
	})
}

func (r *record) DueHookRuns(_ context.Context, at time.Time) (out []state.HookRun, err error) {
	err = r.do("due", func() error {
		for _, run := range r.hooks {
			if run.Done.IsZero() && !run.Next.After(at) {
				out = append(out, run)
			}
		}
		return nil
	})
	return out, err
}

func (r *record) SaveHookRun(_ context.Context, run state.HookRun) error {
	return r.do("hook", func() error {
		r.hooks[run.ID-1] = run
		return nil
	})
}

func (r *record) EnsureTask(_ context.Context, t state.Task) (opened bool, err error) {
	err = r.do("task", func() error {
		_, known := r.tasks[t.ID]
		opened = !known
		r.tasks[t.ID] = t
		return nil
	})
	return opened, err
}

func (r *record) CloseTask(_ context.Context, id, _, _ string, _ time.Time) error {
	return r.do("close", func() error {
		if _, known := r.tasks[id]; !known {
			return state.ErrNotFound
		}
		delete(r.tasks, id)
		return nil
	})
}

func (r *record) Append(_ context.Context, events ...state.Event) error {
	return r.do("ledger", func() error {
		r.events = append(r.events, events...)
		return nil
	})
}
