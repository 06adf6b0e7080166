package hold_test

import (
	"fmt"
	"slices"
	"testing"

	"esrsync/internal/directory"
	"esrsync/internal/state"
	"esrsync/sync/hold"
)

// mostCalls bounds how many calls a lockout or a release makes: more is a loop.
const mostCalls = 400

func TestALockoutThatIsKilledAnywhereIsFinishedByTheNextStart(t *testing.T) {
	t.Parallel()
	for after := range mostCalls {
		done := false
		t.Run(fmt.Sprintf("after %d calls", after), func(t *testing.T) {
			w := newWorld(t)
			primary, second := w.person("jbrown", staff, "20000001"), w.person("adm-jbrown", admin, "")
			subject := w.find(hold.Who{Key: "jbrown"})
			w.kill(after)
			_, err := w.locker().Lock(t.Context(), subject, order(), nil)
			done = !w.isDead()
			if done && err != nil {
				t.Fatal(err)
			}
			w.kill(-1)
			left, err := w.locker().Finish(t.Context())
			if err != nil || len(left) > 0 {
				t.Fatalf("the next start left %d holds unfinished: %v", len(left), err)
			}
			holds, _ := w.record.Holds(t.Context(), true)
			if len(holds) == 0 {
				wantUntouched(t, w, primary, second)
				return
			}
			for _, a := range []directory.Account{primary, second} {
				wantLocked(t, w, a)
			}
			if holds[0].State != state.HoldInForce {
				t.Errorf("the hold is %s", holds[0].State)
			}
		})
		if done {
			return
		}
	}
	t.Fatal("a lockout never ends")
}

func TestAReleaseThatIsKilledAnywhereIsFinishedByTheNextStart(t *testing.T) {
	t.Parallel()
	for after := range mostCalls {
		done := false
		t.Run(fmt.Sprintf("after %d calls", after), func(t *testing.T) {
			w := newWorld(t)
			primary, second := w.person("jbrown", staff, "20000001"), w.person("adm-jbrown", admin, "")
			h := w.lock("jbrown")
			w.kill(after)
			_, err := w.locker().Release(t.Context(), w.record.hold(h.ID), hold.ReleaseOrder{Ticket: "INC2", By: "desk2"})
			done = !w.isDead()
			if done && err != nil {
				t.Fatal(err)
			}
			w.kill(-1)
			if left, err := w.locker().Finish(t.Context()); err != nil || len(left) > 0 {
				t.Fatalf("the next start left %d holds unfinished: %v", len(left), err)
			}
			if w.record.hold(h.ID).State != state.HoldReleased {
				wantLocked(t, w, primary) // it died before the release was written down
				return
			}
			for _, a := range []directory.Account{primary, second} {
				wantAsBefore(t, w, a)
			}
		})
		if done {
			return
		}
	}
	t.Fatal("a release never ends")
}

// wantLocked wants an account off, marked, without the groups that are ours, and
// neither of its last passwords good for anything.
func wantLocked(t *testing.T, w *world, before directory.Account) {
	t.Helper()
	now := w.account(before.GUID)
	said, err := w.sealer.Open(now.GUID, now.Marker)
	if err != nil || hold.Of(said) == "" {
		t.Errorf("%s is not marked as held: %v", now.Login, err)
	}
	if now.Enabled() || len(now.MemberOf) > 0 {
		t.Errorf("%s: enabled %t, member of %v", now.Login, now.Enabled(), now.MemberOf)
	}
	if w.letsIn(now.GUID, old) {
		t.Errorf("the old password of %s is still good", now.Login)
	}
}

func wantUntouched(t *testing.T, w *world, accounts ...directory.Account) {
	t.Helper()
	for _, a := range accounts {
		if now := w.account(a.GUID); now.Marker != a.Marker {
			t.Errorf("%s was marked though nobody wrote the lockout down", a.Login)
		}
		wantAsBefore(t, w, a)
	}
}

// wantAsBefore wants the account, but for its token's text, as it was.
func wantAsBefore(t *testing.T, w *world, before directory.Account) {
	t.Helper()
	now := w.account(before.GUID)
	if now.Control != before.Control || !slices.Equal(now.MemberOf, before.MemberOf) || now.DN != before.DN {
		t.Errorf("%s is %v in %v, was %v in %v", now.Login, now.Control, now.MemberOf, before.Control, before.MemberOf)
	}
	if (now.Marker == "") != (before.Marker == "") {
		t.Errorf("%s has the token %q, had %q", now.Login, now.Marker, before.Marker)
	}
	if before.Marker == "" {
		return
	}
	said, err := w.sealer.Open(now.GUID, now.Marker)
	if err != nil || said.State != "managed" || hold.Of(said) != "" {
		t.Errorf("the token of %s says %+v: %v", now.Login, said, err)
	}
}
