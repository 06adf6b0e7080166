package hold_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"esrsync/internal/directory"
	"esrsync/internal/state"
	"esrsync/sync/hold"
)

// watcher returns a watch that keeps what it told.
func (w *world) watcher() (*hold.Watch, *[]hold.Incident) {
	told := &[]hold.Incident{}
	return &hold.Watch{Locker: w.locker(), Incident: func(i hold.Incident) { *told = append(*told, i) }}, told
}

func tick(t *testing.T, watch *hold.Watch) {
	t.Helper()
	if err := watch.Tick(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func TestTheWatchPutsBackWhatSomebodyUndid(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	for _, c := range []struct {
		claim string
		undo  func(w *world, id directory.GUID)
		what  string
	}{
		{"switched on", func(w *world, id directory.GUID) { w.on(id) }, hold.FoundEnabled},
		{"unmarked", func(w *world, id directory.GUID) { w.mark(id, "") }, hold.FoundUnmarked},
		{"marked with something else", func(w *world, id directory.GUID) { w.mark(id, "esr1.nonsense") }, hold.FoundUnmarked},
		{"moved", func(w *world, id directory.GUID) { w.must(w.direct().Move(ctx, id, "", admin)) }, hold.FoundMoved},
		{"renamed", func(w *world, id directory.GUID) { w.must(w.direct().Move(ctx, id, "somebody else", "")) }, hold.FoundMoved},
		{"given another login", func(w *world, id directory.GUID) {
			edit := directory.Edit{Attribute: "sAMAccountName", Old: []string{"jbrown"}, New: []string{"other"}}
			w.must(w.direct().Modify(ctx, id, []directory.Edit{edit}))
		}, hold.FoundLogin},
		{"given a password that somebody knows", func(w *world, id directory.GUID) {
			w.must(w.direct().SetPassword(ctx, id, "Turnip-Harbour-9", false))
		}, hold.FoundPassword},
	} {
		t.Run(c.claim, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			before := w.person("jbrown", staff, "20000001")
			h := w.lock("jbrown")
			watch, told := w.watcher()
			tick(t, watch)
			if len(*told) != 0 {
				t.Fatalf("with nothing undone it told %+v", *told)
			}
			c.undo(w, before.GUID)
			tick(t, watch)
			wantLocked(t, w, before)
			if now := w.account(before.GUID); now.DN != before.DN || now.Login != before.Login {
				t.Errorf("it is %s, %s", now.DN, now.Login)
			}
			if w.letsIn(before.GUID, "Turnip-Harbour-9") {
				t.Error("a password that somebody knows is good")
			}
			if len(*told) == 0 || (*told)[0].What != c.what || (*told)[0].Hold != h.ID || (*told)[0].Err != nil {
				t.Errorf("told %+v", *told)
			}
			n := len(*told)
			tick(t, watch)
			if len(*told) != n {
				t.Errorf("its own repair was told as an incident: %+v", (*told)[n:])
			}
		})
	}
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func TestAScriptThatKeepsEnablingIsDampedInItsMailAndNeverInItsRepair(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.hosts = w.hosts[:1]
	a := w.person("jbrown", staff, "20000001")
	w.lock("jbrown")
	watch, told := w.watcher()
	for range 30 {
		w.on(a.GUID)
		tick(t, watch)
		wantLocked(t, w, a)
		w.later(30 * time.Second)
	}
	enabled := 0
	for _, i := range *told {
		if i.What == hold.FoundEnabled {
			enabled += i.Times
		}
	}
	if len(*told) != 2 || enabled != 21 {
		t.Errorf("in a quarter of an hour it told %d times of %d: %+v", len(*told), enabled, *told)
	}
}

func TestOurOwnResetsThatArriveByReplicationAreNotForeign(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a := w.person("jbrown", staff, "20000001")
	h := w.lock("jbrown")
	watch, told := w.watcher()
	// One domain stands for controllers that have heard; a store whose stamp is
	// later stands for one that has not heard of the last reset yet.
	if _, err := w.record.UpdateHold(t.Context(), h.ID, func(h *state.Hold) error {
		h.Accounts[0].Password.Version += 2
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	resets := w.did("reset")
	tick(t, watch)
	if len(*told) != 0 || w.did("reset") != resets {
		t.Errorf("told %+v and reset %d times", *told, w.did("reset")-resets)
	}
	wantLocked(t, w, a)
}

func TestAControllerThatWasNeverReachedIsDoneWithoutAnIncident(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.person("jbrown", staff, "20000001")
	w.set("dc2", true)
	h := w.lock("jbrown")
	w.set("dc2", false)
	watch, told := w.watcher()
	w.on(h.Accounts[0].Account) // as dc2 still has it
	if err := watch.Look(t.Context(), "dc2"); err != nil {
		t.Fatal(err)
	}
	if len(*told) != 0 || w.record.hold(h.ID).IsOpen() {
		t.Errorf("told %+v, open: %t", *told, w.record.hold(h.ID).IsOpen())
	}
}

func TestTheWatchDoesNotLockWhatWasReleasedWhileItLooked(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a := w.person("jbrown", staff, "20000001")
	h := w.lock("jbrown")
	w.hosts = w.hosts[:1]
	watch, _ := w.watcher()
	watch.Domain = between{w, sync.OnceFunc(func() { w.release(h) })}
	if err := watch.Tick(t.Context()); err != nil {
		t.Fatal(err)
	}
	if !w.account(a.GUID).Enabled() {
		t.Error("a released account was locked again")
	}
}

// between is a domain in which something happens after the watch read the holds
// and before it looks.
type between struct {
	*world
	happens func()
}

func (b between) Open(ctx context.Context, host string) (hold.Controller, func(), error) {
	b.happens()
	return b.world.Open(ctx, host)
}

func TestTheWatchGoesOnWhereAControllerIsDead(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a := w.person("jbrown", staff, "20000001")
	w.lock("jbrown")
	watch, _ := w.watcher()
	w.set("dc1", true)
	w.on(a.GUID)
	if err := watch.Tick(t.Context()); !errors.Is(err, directory.ErrUnavailable) {
		t.Errorf("the dead controller is not told: %v", err)
	}
	wantLocked(t, w, a)
}

// hooks are two hooks of which one may fail.
type hooks struct {
	fails error
	calls []hold.HookCall
}

func (h *hooks) Names() []string { return []string{"vpn", "entra"} }

func (h *hooks) Run(_ context.Context, name string, about hold.HookCall) (string, error) {
	h.calls = append(h.calls, about)
	if name == "entra" && h.fails != nil {
		return "", h.fails
	}
	return "ended 2 sessions", nil
}

func (h *hooks) Pause(attempts int) time.Duration { return time.Duration(attempts) * time.Minute }

func TestAHookThatFailsIsCalledAgainAlsoAfterARestartAndOneThatWentThroughIsNot(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.person("jbrown", staff, "20000001")
	called := &hooks{fails: errors.New("the tenant is away")}
	first := w.locker()
	first.Hooks = called
	if _, err := first.Lock(t.Context(), w.find(hold.Who{Key: "jbrown"}), order(), nil); err != nil {
		t.Fatal(err)
	}
	if len(called.calls) != 0 {
		t.Error("hooks were called before it was told how it stands")
	}
	for _, step := range []struct {
		later time.Duration
		mends bool
		calls int
	}{{0, false, 2}, {30 * time.Second, false, 2}, {time.Minute, false, 3}, {2 * time.Minute, true, 4}, {time.Hour, true, 4}} {
		w.later(step.later)
		if step.mends {
			called.fails = nil
		}
		next := w.locker()
		next.Hooks = called
		_ = next.CallHooks(t.Context()) // Its error is that of the hook.
		if len(called.calls) != step.calls {
			t.Errorf("after %s more there are %d calls, want %d", step.later, len(called.calls), step.calls)
		}
	}
	want := hold.HookCall{HoldID: called.calls[0].HoldID, Account: called.calls[0].Account, Login: "jbrown", UPN: "jbrown@trust.example", Address: "jbrown@trust.example", Ticket: "INC1"}
	if called.calls[0] != want {
		t.Errorf("a hook learned %+v", called.calls[0])
	}
}
