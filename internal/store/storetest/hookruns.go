package storetest

import (
	"testing"
	"time"

	"esrsync/internal/state"
)

func hookRunClaims() []claim {
	return []claim{
		{"every field of a hook's call comes back", hookEveryField},
		{"the same call is written down once, and stays as it went", hookOnce},
		{"a new call is due at once, a failed one when its time comes, a done one never", hookDue},
		{"calls that are due are told longest due first", hookOrder},
		{"a call that is done stays done", hookStaysDone},
		{"saving a call that nobody wrote down is not found", hookUnknown},
		{"no calls at all is success", hookNone},
	}
}

func hookRun(h byte, hook string, account byte) state.HookRun {
	return state.HookRun{HoldID: hold(h, "", 0).ID, Hook: hook, Account: guid(account)}
}

func (f Fixture) due(t *testing.T, after time.Duration) []state.HookRun {
	t.Helper()
	return got[[]state.HookRun](t)(f.DueHookRuns(t.Context(), noon.Add(after)))
}

func hookEveryField(t *testing.T, f Fixture) {
	want := filled[state.HookRun](t)
	done(t, f.EnsureHookRuns(t.Context(), []state.HookRun{want}))
	kept := got[[]state.HookRun](t)(f.HookRuns(t.Context(), want.HoldID))
	want.ID = 1 // IDs are the store's to give.
	same(t, "the calls", kept, []state.HookRun{want})
	fresh := hookRun(1, "vpn", 1)
	done(t, f.EnsureHookRuns(t.Context(), []state.HookRun{fresh}))
	fresh.ID, fresh.Attempts, fresh.Next, fresh.Done, fresh.Answer = f.due(t, 0)[0].ID, 3, want.Next, want.Done, want.Answer
	done(t, f.SaveHookRun(t.Context(), fresh))
	same(t, "the saved call", got[[]state.HookRun](t)(f.HookRuns(t.Context(), fresh.HoldID)), []state.HookRun{fresh})
}

func hookOnce(t *testing.T, f Fixture) {
	runs := []state.HookRun{hookRun(1, "vpn", 1), hookRun(1, "entra", 1), hookRun(1, "vpn", 2), hookRun(2, "vpn", 1), hookRun(1, "vpn", 1)}
	done(t, f.EnsureHookRuns(t.Context(), runs))
	first := f.due(t, 0)
	same(t, "number of calls", len(first), 4)
	first[0].Attempts, first[0].Answer = 1, "no"
	done(t, f.SaveHookRun(t.Context(), first[0]))
	done(t, f.EnsureHookRuns(t.Context(), runs))
	same(t, "the calls", f.due(t, 0), first)
}

func hookDue(t *testing.T, f Fixture) {
	done(t, f.EnsureHookRuns(t.Context(), []state.HookRun{hookRun(1, "vpn", 1)}))
	same(t, "number due at once", len(f.due(t, -24*time.Hour)), 1)
	r := f.due(t, 0)[0]
	r.Attempts, r.Next = 1, noon.Add(time.Minute)
	done(t, f.SaveHookRun(t.Context(), r))
	same(t, "number due a moment before", len(f.due(t, time.Minute-time.Microsecond)), 0)
	same(t, "due in time", f.due(t, time.Minute), []state.HookRun{r})
	r.Next, r.Done = time.Time{}, noon.Add(time.Hour)
	done(t, f.SaveHookRun(t.Context(), r))
	same(t, "number due once it is done", len(f.due(t, 24*time.Hour)), 0)
}

func hookOrder(t *testing.T, f Fixture) {
	late, soon, now := hookRun(1, "late", 1), hookRun(1, "soon", 1), hookRun(1, "now", 1)
	late.Next, soon.Next = noon.Add(2*time.Hour), noon.Add(time.Hour)
	done(t, f.EnsureHookRuns(t.Context(), []state.HookRun{late, soon, now}))
	var order []string
	for _, r := range f.due(t, 3*time.Hour) {
		order = append(order, r.Hook)
	}
	same(t, "the order", order, []string{"now", "soon", "late"})
}

func hookStaysDone(t *testing.T, f Fixture) {
	done(t, f.EnsureHookRuns(t.Context(), []state.HookRun{hookRun(1, "vpn", 1)}))
	slow := f.due(t, 0)[0] // Somebody else who called it too.
	quick := slow
	quick.Attempts, quick.Done, quick.Answer = 1, noon, "ended"
	done(t, f.SaveHookRun(t.Context(), quick))
	slow.Attempts, slow.Next, slow.Answer = 1, noon.Add(time.Minute), "no"
	done(t, f.SaveHookRun(t.Context(), slow))
	same(t, "the call", got[[]state.HookRun](t)(f.HookRuns(t.Context(), slow.HoldID)), []state.HookRun{quick})
}

func hookUnknown(t *testing.T, f Fixture) {
	wantKind(t, f.SaveHookRun(t.Context(), state.HookRun{ID: 7, Hook: "vpn"}), state.ErrNotFound)
}

func hookNone(t *testing.T, f Fixture) {
	done(t, f.EnsureHookRuns(t.Context(), nil))
	same(t, "number of calls", len(f.due(t, 0)), 0)
}
