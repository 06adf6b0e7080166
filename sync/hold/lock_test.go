package hold_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"esrsync/internal/directory"
	"esrsync/internal/state"
	"esrsync/sync/hold"
)

func TestADeadControllerKeepsNobodyWaitingAndIsTriedUntilItAnswers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a := w.person("jbrown", staff, "20000001")
	w.set("dc2", true)
	h := w.lock("20000001")
	if !h.IsOpen() || h.State != state.HoldPlacing {
		t.Fatalf("with a dead controller the hold is %s, open %t", h.State, h.IsOpen())
	}
	open := w.locker().Unfinished(h)
	if len(open) == 0 || open[0] != "jbrown is not off on dc2" {
		t.Errorf("still open is %q", open)
	}
	if w.account(a.GUID).Enabled() || w.letsIn(a.GUID, old) {
		t.Error("the controllers that live were not done")
	}
	if len(w.record.tasks) != 5 {
		t.Errorf("%d tasks, want four and one for what is open", len(w.record.tasks))
	}
	resets := w.did("reset")
	if left, err := w.locker().Finish(t.Context()); err != nil || len(left) != 1 {
		t.Fatalf("while it is dead %d holds are unfinished: %v", len(left), err)
	}
	w.set("dc2", false)
	if left, err := w.locker().Finish(t.Context()); err != nil || len(left) != 0 {
		t.Fatalf("after it came back %d holds are unfinished: %v", len(left), err)
	}
	if w.record.hold(h.ID).State != state.HoldInForce || len(w.record.tasks) != 4 {
		t.Errorf("the hold is %s with %d tasks", w.record.hold(h.ID).State, len(w.record.tasks))
	}
	if w.did("reset") != resets {
		t.Error("the password was reset once more: replication would have something to settle")
	}
}

func TestTheResetsGoToOneControllerTheFirstThatLives(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		claim string
		dead  []string
		want  []string
	}{
		{"the PDC emulator, where it lives", nil, []string{"dc1"}},
		{"another, where it does not", []string{"dc1"}, []string{"dc2", "dc3"}},
		{"the last one left", []string{"dc1", "dc2"}, []string{"dc3"}},
	} {
		t.Run(c.claim, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			a := w.person("jbrown", staff, "20000001")
			subject := w.find(hold.Who{Key: "jbrown"})
			for _, host := range c.dead {
				w.set(host, true)
			}
			if _, err := w.locker().Lock(t.Context(), subject, order(), nil); err != nil {
				t.Fatal(err)
			}
			on := map[string]bool{}
			for _, call := range w.calls {
				if host, what, _ := strings.Cut(call, " "); what == "reset" {
					on[host] = true
				}
			}
			for host := range on {
				if len(on) != 1 || !slices.Contains(c.want, host) {
					t.Errorf("the password was reset on %v, want one of %v", on, c.want)
				}
			}
			if n := w.did("reset"); n != 2 {
				t.Errorf("%d resets, want 2", n)
			}
			if w.letsIn(a.GUID, old) {
				t.Error("the old password is still good")
			}
		})
	}
}

func TestTheFirstSuccessIsToldBeforeASlowControllerAnswers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.person("jbrown", staff, "20000001")
	subject := w.find(hold.Who{Key: "jbrown"})
	thaw, told := make(chan struct{}), make(chan hold.Step, 10)
	l := w.locker()
	l.Domain = frozen{w, "dc3", thaw}
	ended := make(chan error, 1)
	go func() {
		_, err := l.Lock(t.Context(), subject, order(), func(s hold.Step) { told <- s })
		ended <- err
	}()
	for step := range told {
		if step.What == hold.WhatDisabled && step.Err == nil {
			break
		}
	}
	select {
	case err := <-ended:
		t.Fatalf("the lockout ended before dc3 answered: %v", err)
	default:
	}
	close(thaw)
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
}

// frozen is a domain of which one controller waits.
type frozen struct {
	*world
	host string
	thaw chan struct{}
}

func (f frozen) Open(ctx context.Context, host string) (hold.Controller, func(), error) {
	if host == f.host {
		<-f.thaw
	}
	return f.world.Open(ctx, host)
}

func TestWhoMayBeLockedOut(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		claim, login string
		change       func(*hold.Policy)
		refused      bool
	}{
		{"anybody", "jbrown", nil, false},
		{"not what lockout.never lists", "breakglass-1", nil, true},
		{"not our own account", "svc-esrsync", nil, true},
		{"not krbtgt, though nobody lists it", "krbtgt", func(p *hold.Policy) { p.Never = nil }, true},
	} {
		t.Run(c.claim, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			if c.login != "krbtgt" {
				w.person(c.login, staff, "")
			}
			l := w.locker()
			if c.change != nil {
				c.change(&l.Policy)
			}
			s, err := l.Find(t.Context(), hold.Who{Key: c.login})
			if err != nil {
				t.Fatal(err)
			}
			_, err = l.Lock(t.Context(), s, order(), nil)
			if got := errors.Is(err, hold.ErrSpared); got != c.refused {
				t.Errorf("locking out %s: %v", c.login, err)
			}
			if c.refused && (w.did("lock out") > 0 || w.did("save") > 0) {
				t.Error("something was done")
			}
		})
	}
}

func TestAProtectedAccountIsReachedUnlessTheTrustSaysNo(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a := w.person("adm-jbrown", admin, "")
	edit := []directory.Edit{{Attribute: "adminCount", New: []string{"1"}}}
	if err := w.direct().Modify(t.Context(), a.GUID, edit); err != nil {
		t.Fatal(err)
	}
	l := w.locker()
	l.Policy.IncludeProtected = false
	s, err := l.Find(t.Context(), hold.Who{Key: "adm-jbrown"})
	if err != nil || s.Accounts[0].Spared == "" {
		t.Errorf("with include_protected off: %+v, %v", s.Accounts, err)
	}
	if h := w.lock("adm-jbrown"); h.State != state.HoldInForce || w.account(a.GUID).Enabled() {
		t.Error("a protected account was not locked out")
	}
}

func TestBeyondTheLimitASecondPersonConfirms(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, login := range []string{"a1234", "b1234", "c1234", "d1234"} {
		w.person(login, staff, "")
	}
	for _, login := range []string{"a1234", "b1234", "c1234"} {
		w.lock(login)
	}
	s, l := w.find(hold.Who{Key: "d1234"}), w.locker()
	for _, c := range []struct {
		claim, second string
		later         time.Duration
		want          error
	}{
		{"the fourth of an hour alone", "", 0, hold.ErrTooMany},
		{"with themselves as the second", `TRUST\desk1`, 0, hold.ErrSamePerson},
		{"with somebody else", "desk2", 0, nil},
	} {
		o := order()
		o.Second = c.second
		if _, err := l.Lock(t.Context(), s, o, nil); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", c.claim, err, c.want)
		}
	}
	w.later(2 * time.Hour)
	w.person("e1234", staff, "")
	w.lock("e1234")
}

func TestSomebodyWhoIsHeldGetsNoSecondHold(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.person("jbrown", staff, "20000001")
	first := w.lock("jbrown")
	late := w.person("adm-jbrown", admin, "")
	again := w.lock("20000001")
	if again.ID != first.ID || len(again.Accounts) != 2 || again.State != state.HoldInForce {
		t.Errorf("the second lockout gave %s with %d accounts, %s; the first is %s", again.ID, len(again.Accounts), again.State, first.ID)
	}
	if w.account(late.GUID).Enabled() {
		t.Error("the account that came since is on")
	}
}

func TestWithoutTheTokenKeyAccountsAreOffAndMarkedByTheNextWhoHasIt(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a := w.person("jbrown", staff, "20000001")
	s, l := w.find(hold.Who{Key: "jbrown"}), w.locker()
	l.Sealer = nil
	h, err := l.Lock(t.Context(), s, order(), nil)
	if err != nil || w.account(a.GUID).Enabled() || h.State != state.HoldPlacing {
		t.Fatalf("without the key the hold is %s: %v", h.State, err)
	}
	if left, err := w.locker().Finish(t.Context()); err != nil || len(left) > 0 {
		t.Fatalf("%d holds are unfinished: %v", len(left), err)
	}
	wantLocked(t, w, a)
}

func TestAStoreThatFailsMidwayLeavesNobodyIn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a := w.person("jbrown", staff, "20000001")
	s := w.find(hold.Who{Key: "jbrown"})
	told := 0
	_, err := w.locker().Lock(t.Context(), s, order(), func(step hold.Step) {
		if told++; told == 1 {
			w.set("store", true)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	if w.account(a.GUID).Enabled() || w.letsIn(a.GUID, old) {
		t.Error("the account is open")
	}
	w.set("store", false)
	if left, err := w.locker().Finish(t.Context()); err != nil || len(left) > 0 {
		t.Fatalf("%d holds are unfinished: %v", len(left), err)
	}
	wantLocked(t, w, a)
}

func TestAnAccountThatWasDeletedMeanwhileIsNotOpenForEver(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.person("jbrown", staff, "20000001")
	gone := w.person("adm-jbrown", admin, "")
	s := w.find(hold.Who{Key: "jbrown"})
	w.must(w.direct().Delete(t.Context(), gone.GUID))
	h, err := w.locker().Lock(t.Context(), s, order(), nil)
	if err != nil || h.State != state.HoldInForce {
		t.Fatalf("the hold is %s: %v", h.State, err)
	}
	if out := w.release(h); out.Hold.State != state.HoldReleased {
		t.Errorf("the release says %+v", out)
	}
}

func TestAnAccountThatNoLockoutTouchesIsNotAddedLaterEither(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.person("jbrown", staff, "20000001")
	h := w.lock("jbrown")
	spared := w.person("breakglass-1", admin, "20000001")
	calls := w.did("lock out")
	if _, err := w.locker().Add(t.Context(), h.ID, hold.Found{Account: spared, Evidence: hold.ByNumber}); err != nil {
		t.Fatal(err)
	}
	if w.did("lock out") != calls || !w.account(spared.GUID).Enabled() {
		t.Error("a break-glass account was locked out")
	}
}
