package storetest

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"esrsync/internal/directory"
	"esrsync/internal/state"
)

func holdClaims() []claim {
	return []claim{
		{"every field of a hold comes back", holdEveryField},
		{"a hold saved again is replaced whole, its accounts too", holdReplaced},
		{"instants of a hold are cut to microseconds in UTC", holdInstants},
		{"groups that were not looked at are not the same as no groups", holdGroups},
		{"a hold is found by its ID or by the beginning of it", holdFound},
		{"a released hold goes back to no other state and stays as it was", holdStaysReleased},
		{"a hold in a state that nobody knows, or without an ID, is refused", holdRefused},
		{"a refused hold leaves nothing of itself", holdAtomic},
		{"holds are listed oldest first, and released ones behind them or not at all", holdListed},
		{"changes of one hold by many at once are all kept", holdUpdatedAtOnce},
		{"a change that fails keeps nothing", holdUpdateFails},
		{"a change may not make it another hold, nor wake a released one", holdUpdateRefused},
		{"changing a hold that nobody placed is not found", holdUpdateUnknown},
		{"lockouts are counted by who asked for them, in capitals or not, released ones too", holdCounted},
	}
}

// hold returns a hold on a person with one account.
func hold(n byte, person string, after time.Duration) state.Hold {
	return state.Hold{
		ID: fmt.Sprintf("%032x", n), PersonID: person, Ticket: "INC1", Category: "other", Requester: "jtestley",
		Placed: noon.Add(after), State: state.HoldPlacing, Accounts: []state.HeldAccount{{Account: guid(n)}},
	}
}

func inState(h state.Hold, now string) state.Hold {
	h.State = now
	return h
}

func (f Fixture) hold(t *testing.T, holds ...state.Hold) {
	t.Helper()
	for _, h := range holds {
		done(t, f.SaveHold(t.Context(), h))
	}
}

func (f Fixture) wantHold(t *testing.T, want state.Hold) {
	t.Helper()
	kept := got[state.Hold](t)(f.Hold(t.Context(), want.ID))
	same(t, "the category", kept.Category, want.Category) // The line below would not print it.
	same(t, "the hold", kept, want)
}

func holdEveryField(t *testing.T, f Fixture) {
	want := filled[state.Hold](t)
	for _, now := range []string{state.HoldPlacing, state.HoldInForce, state.HoldReleasing, state.HoldReleased} {
		f.hold(t, inState(want, now))
		f.wantHold(t, inState(want, now))
		same(t, "the list", got[[]state.Hold](t)(f.Holds(t.Context(), true)), []state.Hold{inState(want, now)})
	}
}

func holdReplaced(t *testing.T, f Fixture) {
	f.hold(t, hold(1, "1", 0))
	want := hold(1, "2", time.Hour)
	want.Accounts[0].Account, want.Category, want.Second = guid(7), "safeguarding", "atestley"
	f.hold(t, want)
	f.wantHold(t, want)
	f.wantHeld(t, "1", guid(1), false)
	f.wantHeld(t, "", guid(7), true)
}

func holdInstants(t *testing.T, f Fixture) {
	london := time.FixedZone("somewhere", 3600)
	h := hold(1, "1", 0)
	h.Placed = noon.Add(789).In(london)
	h.Accounts[0].Reached = []state.Reached{{Controller: "dc1", Disabled: noon.Add(456).In(london), Tried: noon.Add(789)}}
	f.hold(t, h)
	same(t, "the caller's own instant", h.Accounts[0].Reached[0].Disabled.Nanosecond()%1000, 456)
	h.Placed = noon
	h.Accounts[0].Reached = []state.Reached{{Controller: "dc1", Disabled: noon, Tried: noon}}
	f.wantHold(t, h)
}

func holdGroups(t *testing.T, f Fixture) {
	h := hold(1, "1", 0)
	h.Accounts = []state.HeldAccount{{Account: guid(1)}, {Account: guid(2), Groups: []directory.GUID{}}}
	f.hold(t, h)
	kept := got[state.Hold](t)(f.Hold(t.Context(), h.ID))
	same(t, "not looked at", kept.Accounts[0].Groups == nil, true)
	same(t, "no groups", kept.Accounts[1].Groups != nil && len(kept.Accounts[1].Groups) == 0, true)
}

func holdFound(t *testing.T, f Fixture) {
	one, two := hold(1, "1", 0), hold(2, "2", 0)
	one.ID, two.ID = "aaaa0000000000000000000000000001", "aabb0000000000000000000000000002"
	f.hold(t, one, two)
	for _, id := range []string{"aaa", one.ID} {
		same(t, "hold "+id, got[state.Hold](t)(f.Hold(t.Context(), id)).ID, one.ID)
	}
	_, err := f.Hold(t.Context(), "aa")
	wantKind(t, err, state.ErrAmbiguous)
	wantWords(t, err, one.ID, two.ID)
	for _, id := range []string{"", "%", "b"} {
		_, err := f.Hold(t.Context(), id)
		wantKind(t, err, state.ErrNotFound)
	}
}

func holdStaysReleased(t *testing.T, f Fixture) {
	want := inState(hold(1, "1", 0), state.HoldReleased)
	want.ReleasedBy = "atestley"
	f.hold(t, hold(1, "1", 0), want)
	for _, now := range []string{state.HoldPlacing, state.HoldInForce, state.HoldReleasing} {
		wantKind(t, f.SaveHold(t.Context(), inState(hold(1, "1", 0), now)), state.ErrHoldReleased)
		f.wantHold(t, want)
		f.wantHeld(t, "1", guid(1), false)
	}
	want.ReleaseTicket = "INC2"
	f.hold(t, want) // What is found out about a release later may still be kept.
	f.wantHold(t, want)
}

func holdRefused(t *testing.T, f Fixture) {
	for _, now := range []string{"", "lifted", "Released"} {
		if err := f.SaveHold(t.Context(), inState(hold(1, "1", 0), now)); err == nil {
			t.Errorf("a hold in state %q was kept", now)
		}
	}
	nameless := hold(1, "1", 0)
	nameless.ID = ""
	wantWords(t, f.SaveHold(t.Context(), nameless), "ID")
	same(t, "number of holds", len(got[[]state.Hold](t)(f.Holds(t.Context(), true))), 0)
}

// The accounts of a hold stand in a table of their own: if they cannot be written,
// the hold is not written either.
func holdAtomic(t *testing.T, f Fixture) {
	f.hold(t, hold(1, "1", 0))
	f.tamper(t, `ALTER TABLE held_account RENAME TO held_account_gone`)
	for _, h := range []state.Hold{hold(1, "9", time.Hour), hold(2, "2", 0)} {
		if err := f.SaveHold(t.Context(), h); err == nil {
			t.Error("a hold was kept without its accounts")
		}
	}
	f.tamper(t, `ALTER TABLE held_account_gone RENAME TO held_account`)
	same(t, "the holds", got[[]state.Hold](t)(f.Holds(t.Context(), true)), []state.Hold{hold(1, "1", 0)})
}

func holdListed(t *testing.T, f Fixture) {
	first := inState(hold(9, "1", 0), state.HoldReleasing)
	second := inState(hold(1, "2", time.Hour), state.HoldInForce)
	third := hold(2, "3", time.Hour)
	old := inState(hold(3, "4", -time.Hour), state.HoldReleased)
	older := inState(hold(4, "5", -2*time.Hour), state.HoldReleased)
	f.hold(t, third, old, first, older, second)
	same(t, "the holds", got[[]state.Hold](t)(f.Holds(t.Context(), false)), []state.Hold{first, second, third})
	same(t, "all holds", got[[]state.Hold](t)(f.Holds(t.Context(), true)), []state.Hold{first, second, third, older, old})
}

func holdUpdatedAtOnce(t *testing.T, f Fixture) {
	const many = 8
	h := hold(1, "1", 0)
	f.hold(t, h)
	var wg sync.WaitGroup
	errs := make([]error, many)
	for i := range many {
		wg.Go(func() {
			_, errs[i] = f.UpdateHold(t.Context(), h.ID, func(h *state.Hold) error {
				h.Accounts[0].Reached = append(h.Accounts[0].Reached, state.Reached{Controller: fmt.Sprint("dc", i), Disabled: noon})
				return nil
			})
		})
	}
	wg.Wait()
	for _, err := range errs {
		done(t, err)
	}
	var reached []string
	for _, r := range got[state.Hold](t)(f.Hold(t.Context(), h.ID)).Accounts[0].Reached {
		reached = append(reached, r.Controller)
	}
	slices.Sort(reached)
	same(t, "the controllers", reached, []string{"dc0", "dc1", "dc2", "dc3", "dc4", "dc5", "dc6", "dc7"})
}

func holdUpdateFails(t *testing.T, f Fixture) {
	f.hold(t, hold(1, "1", 0))
	_, err := f.UpdateHold(t.Context(), hold(1, "", 0).ID, func(h *state.Hold) error {
		h.Ticket = "INC9"
		return state.ErrTaken
	})
	wantKind(t, err, state.ErrTaken)
	f.wantHold(t, hold(1, "1", 0))
}

func holdUpdateRefused(t *testing.T, f Fixture) {
	released := inState(hold(2, "2", 0), state.HoldReleased)
	f.hold(t, hold(1, "1", 0), released)
	_, err := f.UpdateHold(t.Context(), hold(1, "", 0).ID, func(h *state.Hold) error { h.ID = released.ID; return nil })
	wantWords(t, err, "keeps its ID")
	_, err = f.UpdateHold(t.Context(), released.ID, func(h *state.Hold) error { h.State = state.HoldInForce; return nil })
	wantKind(t, err, state.ErrHoldReleased)
	f.wantHold(t, hold(1, "1", 0))
	f.wantHold(t, released)
	want := inState(hold(1, "1", 0), state.HoldInForce)
	kept := got[state.Hold](t)(f.UpdateHold(t.Context(), want.ID, func(h *state.Hold) error { h.State = want.State; return nil }))
	same(t, "what a change returns", kept, want)
}

func holdUpdateUnknown(t *testing.T, f Fixture) {
	_, err := f.UpdateHold(t.Context(), hold(1, "", 0).ID, func(*state.Hold) error { t.Error("it was changed"); return nil })
	wantKind(t, err, state.ErrNotFound)
}

func holdCounted(t *testing.T, f Fixture) {
	capitals, other := hold(3, "3", 2*time.Hour), hold(4, "4", 2*time.Hour)
	capitals.Requester, other.Requester = "JTESTLEY", "atestley"
	f.hold(t, hold(1, "1", 0), inState(hold(2, "2", time.Hour), state.HoldReleased), capitals, other)
	for after, want := range map[time.Duration]int{0: 3, time.Microsecond: 2, time.Hour: 2, 2 * time.Hour: 1, 3 * time.Hour: 0} {
		same(t, fmt.Sprint("lockouts since ", after), got[int](t)(f.LockoutsSince(t.Context(), "jtestley", noon.Add(after))), want)
	}
}
