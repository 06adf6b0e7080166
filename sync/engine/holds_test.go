package engine_test

import (
	"testing"

	"esrsync/internal/state"
)

func TestARunAsksBeforeEachWriteWhetherAHoldHasCome(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		claim string
		on    func(personID string) state.Hold
	}{
		{"on the person", func(id string) state.Hold { return state.Hold{PersonID: id} }},
		{"on another person, which is nothing to this one", func(string) state.Hold { return state.Hold{PersonID: "nobody"} }},
	} {
		t.Run(c.claim, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, 3)
			first, refused := true, 0
			// The hold comes while the run makes its first account.
			w.door.created = func() {
				if first {
					first = false
					staff, err := w.store.Staff(t.Context())
					w.check(err)
					for _, p := range staff.People {
						h := c.on(p.ID)
						h.ID, h.State = "0123456789abcdef0123456789abcde"+p.ID[len(p.ID)-1:], state.HoldPlacing
						w.check(w.store.SaveHold(t.Context(), h))
					}
				}
			}
			out := w.sync()
			for _, a := range out.Applied {
				if a.Result == state.Skipped && a.Detail == "not due any more" {
					refused++
				}
			}
			held := c.on("x").PersonID == "x"
			if held != (refused > 0) || held && len(w.accounts()) != 1 || !held && len(w.accounts()) != 3 {
				t.Errorf("%d changes were refused, and there are %d accounts", refused, len(w.accounts()))
			}
		})
	}
}
