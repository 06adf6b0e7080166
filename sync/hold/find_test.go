package hold_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"esrsync/internal/directory"
	"esrsync/internal/state"
	"esrsync/internal/token"
	"esrsync/sync/hold"
)

func TestEveryAccountOfAPersonIsFoundAndByWhat(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		claim string
		make  func(w *world) hold.Who
		want  string
	}{
		{"by link, in the store", func(w *world) hold.Who {
			a := w.person("x1", staff, "")
			return hold.Who{PersonID: "P1", PersonKey: "1", Links: []state.Link{{Account: a.GUID}}}
		}, "x1 by link"},
		{"by the employee number, where only the number is known", func(w *world) hold.Who {
			w.person("x1", staff, "1")
			return hold.Who{Key: "1"}
		}, "x1 by named"},
		{"by token, where the store is lost and the number was taken off the account", func(w *world) hold.Who {
			w.person("x1", staff, "1")
			b := w.person("x2", admin, "1")
			edit := []directory.Edit{{Attribute: "employeeID", Old: []string{"1"}}}
			if err := w.direct().Modify(w.t.Context(), b.GUID, edit); err != nil {
				w.t.Fatal(err)
			}
			return hold.Who{Key: "x1"}
		}, "x2 by token, x1 by named"},
		{"by the naming rule, from the person's login", func(w *world) hold.Who {
			w.person("x1", staff, "1")
			w.person("adm-x1", admin, "")
			w.person("x1-a", admin, "")
			w.person("adm-x2", admin, "")
			return hold.Who{Key: "x1"}
		}, "x1 by named, adm-x1 by naming rule, x1-a by naming rule"},
		{"by the naming rule, from the administrator's login", func(w *world) hold.Who {
			w.person("x1", staff, "1")
			w.person("adm-x1", admin, "")
			return hold.Who{Key: "adm-x1"}
		}, "adm-x1 by named, x1 by naming rule"},
		{"by an address", func(w *world) hold.Who {
			w.person("x1", staff, "1")
			return hold.Who{Key: "X1@trust.example"}
		}, "x1 by named"},
		{"not an account that is linked to somebody else", func(w *world) hold.Who {
			a, b := w.person("x1", staff, "1"), w.person("adm-x1", admin, "")
			return hold.Who{PersonID: "P1", PersonKey: "1", Links: []state.Link{{Account: a.GUID}}, Others: map[directory.GUID]bool{b.GUID: true}}
		}, "x1 by link"},
		{"not a namesake's administrator, who has a number of their own", func(w *world) hold.Who {
			w.person("x1", staff, "1")
			w.person("adm-x1", admin, "2")
			return hold.Who{Key: "x1"}
		}, "x1 by named"},
	} {
		t.Run(c.claim, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			s := w.find(c.make(w))
			var got []string
			for _, a := range s.Accounts {
				got = append(got, fmt.Sprintf("%s by %s", a.Login, a.Evidence))
			}
			if strings.Join(got, ", ") != c.want {
				t.Errorf("found %s, want %s", strings.Join(got, ", "), c.want)
			}
		})
	}
}

func TestAKeyThatFitsSeveralPeopleIsRefusedWithTheList(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.person("x1", staff, "1")
	b := w.person("x2", staff, "2")
	edit := []directory.Edit{{Attribute: "mail", Old: []string{"x2@trust.example"}, New: []string{"x1@trust.example"}}}
	if err := w.direct().Modify(t.Context(), b.GUID, edit); err != nil {
		t.Fatal(err)
	}
	_, err := w.locker().Find(t.Context(), hold.Who{Key: "x1@trust.example"})
	if !errors.Is(err, hold.ErrSeveral) || !strings.Contains(err.Error(), "x1, x2") {
		t.Errorf("an address of two people: %v", err)
	}
	if _, err := w.locker().Find(t.Context(), hold.Who{Key: "nobody"}); !errors.Is(err, hold.ErrNobody) {
		t.Errorf("nobody's login: %v", err)
	}
}

func TestHoldsAndTokensAreBroughtTogether(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		claim string
		// make changes the world after a lockout and returns what the store has then.
		make     func(w *world, h state.Hold) []state.Hold
		held     bool
		changed  int
		stale    int
		released bool
	}{
		{"the store and the tokens agree", func(_ *world, h state.Hold) []state.Hold { return []state.Hold{h} }, true, 0, 0, false},
		{"the store is lost: the hold is rebuilt", func(*world, state.Hold) []state.Hold { return nil }, true, 1, 0, false},
		{"the token is gone: the hold stands by the store", func(w *world, h state.Hold) []state.Hold {
			w.mark(h.Accounts[0].Account, "")
			return []state.Hold{h}
		}, true, 0, 0, false},
		{"a token that is cut is no hold", func(w *world, h state.Hold) []state.Hold {
			marker := w.account(h.Accounts[0].Account).Marker
			w.mark(h.Accounts[0].Account, marker[:len(marker)-1])
			return nil
		}, false, 0, 0, false},
		{"a token that is copied to another account is no hold of that", func(w *world, h state.Hold) []state.Hold {
			other := w.person("x9", staff, "9")
			w.mark(other.GUID, w.account(h.Accounts[0].Account).Marker)
			w.mark(h.Accounts[0].Account, "")
			return nil
		}, false, 0, 0, false},
		{"yesterday's store has a hold in force that was released since", func(w *world, h state.Hold) []state.Hold {
			w.release(h)
			return []state.Hold{h}
		}, true, 1, 0, true},
		{"a token from an old backup names a hold that is released", func(w *world, h state.Hold) []state.Hold {
			marker := w.account(h.Accounts[0].Account).Marker
			w.release(h)
			w.mark(h.Accounts[0].Account, marker)
			return []state.Hold{w.record.hold(h.ID)}
		}, false, 0, 1, false},
	} {
		t.Run(c.claim, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.person("x1", staff, "1")
			stored := c.make(w, w.lock("x1"))
			r := hold.Reconcile(w.sealed(), stored, w.clock())
			if (len(r.Known) > 0) != c.held || len(r.Changed) != c.changed || len(r.Stale) != c.stale {
				t.Fatalf("known %d, changed %d, stale %d", len(r.Known), len(r.Changed), len(r.Stale))
			}
			if c.released && r.Changed[0].State != state.HoldReleasing {
				t.Errorf("the hold is %s", r.Changed[0].State)
			}
		})
	}
}

func TestARebuiltHoldIsReleasedExactly(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	on, off := w.person("x1", staff, "1"), w.person("adm-x1", admin, "1")
	w.off(off.GUID)
	w.lock("x1")
	w.record.holds, w.record.tasks = map[string]state.Hold{}, map[string]state.Task{}
	r := hold.Reconcile(w.sealed(), nil, w.clock())
	if err := w.locker().Rebuild(t.Context(), r); err != nil {
		t.Fatal(err)
	}
	holds, _ := w.record.Holds(t.Context(), false)
	if len(holds) != 1 || holds[0].State != state.HoldInForce || holds[0].Requester != hold.RebuiltBy || len(holds[0].Accounts) != 2 {
		t.Fatalf("rebuilt %+v", holds)
	}
	w.release(holds[0])
	if !w.account(on.GUID).Enabled() || w.account(off.GUID).Enabled() {
		t.Error("a rebuilt hold forgot which account was on before")
	}
}

// sealed is what a run reads.
func (w *world) sealed() []hold.Sealed {
	w.t.Helper()
	all, err := w.direct().Accounts(w.t.Context(), directory.Scope{Bases: []string{base}})
	if err != nil {
		w.t.Fatal(err)
	}
	var out []hold.Sealed
	for _, a := range all {
		said, err := w.sealer.Open(a.GUID, a.Marker)
		if err == nil && said.Hold != [token.HoldSize]byte{} {
			out = append(out, hold.Sealed{Account: a, Said: said})
		}
	}
	return out
}

// mark puts any text where the token is.
func (w *world) mark(id directory.GUID, marker string) {
	w.t.Helper()
	edit := directory.Edit{Attribute: "adminDescription", Old: []string{w.account(id).Marker}, New: []string{marker}}
	if err := w.direct().Modify(w.t.Context(), id, []directory.Edit{edit}); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) control(id directory.GUID, c directory.Control) {
	w.t.Helper()
	edit := directory.Edit{Attribute: "userAccountControl", Old: []string{w.account(id).Control.String()}, New: []string{c.String()}}
	if err := w.direct().Modify(w.t.Context(), id, []directory.Edit{edit}); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) off(id directory.GUID) { w.t.Helper(); w.control(id, 514) }
func (w *world) on(id directory.GUID)  { w.t.Helper(); w.control(id, 512) }
