package hold_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"esrsync/internal/state"
	"esrsync/sync/hold"
)

func TestAReleaseNeedsSomebodyElse(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		claim string
		two   bool
		order hold.ReleaseOrder
		want  error
	}{
		{"the requester alone", true, hold.ReleaseOrder{By: "desk1"}, hold.ErrSamePerson},
		{"the requester under another spelling", true, hold.ReleaseOrder{By: `TRUST\DESK1`}, hold.ErrSamePerson},
		{"the requester with themselves", true, hold.ReleaseOrder{By: "desk1", Second: "desk1@trust.example"}, hold.ErrSamePerson},
		{"the requester with a second person", true, hold.ReleaseOrder{By: "desk1", Second: "desk2"}, nil},
		{"somebody else", true, hold.ReleaseOrder{By: "desk2"}, nil},
		{"the requester alone, where one person may", false, hold.ReleaseOrder{By: "desk1"}, nil},
	} {
		t.Run(c.claim, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.person("jbrown", staff, "20000001")
			h, l := w.lock("jbrown"), w.locker()
			l.Policy.TwoPersonRelease = c.two
			c.order.Ticket = "INC2"
			if _, err := l.Release(t.Context(), h, c.order); !errors.Is(err, c.want) {
				t.Errorf("releasing: %v, want %v", err, c.want)
			}
			if on := !w.record.hold(h.ID).Released.IsZero(); on != (c.want == nil) {
				t.Errorf("released: %t", on)
			}
		})
	}
}

func TestAReleasePutsBackWhatWasAndNoMore(t *testing.T) {
	t.Parallel()
	left := func(context.Context, string) (hold.Standing, error) {
		return hold.Standing{Known: true, Why: "Left on 20 November 2026."}, nil
	}
	for _, c := range []struct {
		claim    string
		before   func(w *world, id string)
		standing func(context.Context, string) (hold.Standing, error)
		on       bool
		state    string
		why      string
	}{
		{"an account that was on is on", nil, nil, true, "managed", ""},
		{"an account that was off stays off", func(w *world, login string) { w.off(w.find(hold.Who{Key: login}).Accounts[0].GUID) }, nil,
			false, "managed", "It was off before"},
		{"somebody who left meanwhile stays off, and it says so", nil, left, false, "leaver", "Left on 20 November"},
	} {
		t.Run(c.claim, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			a := w.person("jbrown", staff, "20000001")
			if c.before != nil {
				c.before(w, "jbrown")
			}
			h, l := w.lock("jbrown"), w.locker()
			l.Standing = c.standing
			out, err := l.Release(t.Context(), h, hold.ReleaseOrder{Ticket: "INC2", By: "desk2"})
			if err != nil {
				t.Fatal(err)
			}
			now := w.account(a.GUID)
			said, _ := w.sealer.Open(now.GUID, now.Marker)
			if now.Enabled() != c.on || said.State != c.state || !strings.Contains(out.Accounts[0].Why, c.why) {
				t.Errorf("on %t, token %q, why %q", now.Enabled(), said.State, out.Accounts[0].Why)
			}
			if len(now.MemberOf) != 3 || w.letsIn(a.GUID, old) {
				t.Errorf("member of %d groups, old password good: %t", len(now.MemberOf), w.letsIn(a.GUID, old))
			}
		})
	}
}

func TestAGroupThatIsGoneIsNotGivenBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a := w.person("jbrown", staff, "20000001")
	h := w.lock("jbrown")
	if err := w.direct().Delete(t.Context(), w.groups()[0].GUID); err != nil {
		t.Fatal(err)
	}
	out := w.release(h)
	if now := w.account(a.GUID); len(now.MemberOf) != 2 || !now.Enabled() || out.Accounts[0].Why != "Of its groups 1 no longer exist." {
		t.Errorf("member of %v, %q", now.MemberOf, out.Accounts[0].Why)
	}
}

func TestAReleaseThatReachesOneControllerIsEnough(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a := w.person("jbrown", staff, "20000001")
	h := w.lock("jbrown")
	w.set("dc1", true)
	w.set("dc3", true)
	if out := w.release(h); out.Hold.State != state.HoldReleased || !w.account(a.GUID).Enabled() {
		t.Errorf("the hold is %s", out.Hold.State)
	}
}

func TestAReleaseThatReachesNoControllerIsFinishedLater(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a := w.person("jbrown", staff, "20000001")
	h := w.lock("jbrown")
	for _, host := range w.hosts {
		w.set(host, true)
	}
	if _, err := w.locker().Release(t.Context(), h, hold.ReleaseOrder{Ticket: "INC2", By: "desk2"}); err == nil {
		t.Fatal("nobody was reached, and it is released")
	}
	for _, host := range w.hosts {
		w.set(host, false)
	}
	if left, err := w.locker().Finish(t.Context()); err != nil || len(left) > 0 || !w.account(a.GUID).Enabled() {
		t.Errorf("%d unfinished: %v", len(left), err)
	}
}

func TestAReleasedHoldIsReleasedOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a := w.person("jbrown", staff, "20000001")
	h := w.lock("jbrown")
	w.release(h)
	w.off(a.GUID) // a manager's word, since then
	if _, err := w.locker().Release(t.Context(), h, hold.ReleaseOrder{Ticket: "INC3", By: "desk2"}); !errors.Is(err, hold.ErrOver) {
		t.Errorf("a second release: %v", err)
	}
	if w.account(a.GUID).Enabled() {
		t.Error("a second release switched on what somebody had switched off since")
	}
}

func TestALockoutThatIsOvertakenByItsReleaseTakesBackWhatItWrote(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a := w.person("jbrown", staff, "20000001")
	w.set("dc3", true)
	h := w.lock("jbrown")
	w.set("dc3", false)
	// Somebody makes sure of the hold, and is slow on one controller; meanwhile it is released.
	thaw, l := make(chan struct{}), w.locker()
	l.Domain = frozen{w, "dc3", thaw}
	ended := make(chan error, 1)
	go func() {
		_, err := l.Finish(t.Context())
		ended <- err
	}()
	w.release(h)
	close(thaw)
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	if w.record.hold(h.ID).State != state.HoldReleased || !w.account(a.GUID).Enabled() {
		t.Errorf("the hold is %s, the account on: %t", w.record.hold(h.ID).State, w.account(a.GUID).Enabled())
	}
}
