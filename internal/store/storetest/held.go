package storetest

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"esrsync/internal/directory"
	"esrsync/internal/state"
	"esrsync/internal/store/chain"
)

func heldClaims() []claim {
	return []claim{
		{"a person and every account of a hold are held until it is released", heldUntilReleased},
		{"a person and an account of two holds are held until both are released", heldTwice},
		{"an account that joins a hold is held, and one that leaves it is not", heldAccountsChange},
		{"nobody and nothing is not held, whatever holds there are", heldNobody},
		{"held persons are each told with the hold that was placed first", heldPersons},
		{"an erased person's hold that is not released stays whole and holds", heldAfterErasure},
		{"an erased person's released holds are gone with their hooks", heldReleasedErased},
		{"the category stands in its column and nowhere else", heldCategoryColumn},
		{"the category is in no JSON, no print and no error", heldCategorySilent},
	}
}

func (f Fixture) wantHeld(t *testing.T, person string, account directory.GUID, want bool) {
	t.Helper()
	held := got[bool](t)(f.IsHeld(t.Context(), person, account))
	same(t, fmt.Sprintf("whether person %q or account %q is held", person, account), held, want)
}

func heldUntilReleased(t *testing.T, f Fixture) {
	h := hold(1, "1", 0)
	h.Accounts = append(h.Accounts, state.HeldAccount{Account: guid(2)})
	for _, now := range []string{state.HoldPlacing, state.HoldInForce, state.HoldReleasing, state.HoldReleased} {
		f.hold(t, inState(h, now))
		want := now != state.HoldReleased
		f.wantHeld(t, "1", directory.GUID{}, want)
		f.wantHeld(t, "1", guid(9), want) // A new account of a held person.
		f.wantHeld(t, "", guid(1), want)
		f.wantHeld(t, "9", guid(2), want) // An account that went over to another record.
		f.wantHeld(t, "9", guid(9), false)
	}
}

func heldTwice(t *testing.T, f Fixture) {
	one, two := hold(1, "1", 0), hold(2, "1", time.Hour)
	two.Accounts[0].Account = guid(1)
	f.hold(t, one, two)
	for _, h := range []state.Hold{two, one} {
		f.wantHeld(t, "1", directory.GUID{}, true)
		f.wantHeld(t, "", guid(1), true)
		f.hold(t, inState(h, state.HoldReleased))
	}
	f.wantHeld(t, "1", guid(1), false)
}

func heldAccountsChange(t *testing.T, f Fixture) {
	h := hold(1, "", 0)
	f.hold(t, h)
	h.Accounts = []state.HeldAccount{{Account: guid(2)}, {Account: guid(3)}, {Account: guid(3)}}
	f.hold(t, h)
	for n, want := range map[byte]bool{1: false, 2: true, 3: true} {
		f.wantHeld(t, "", guid(n), want)
	}
}

func heldNobody(t *testing.T, f Fixture) {
	h := hold(1, "", 0)
	h.Accounts = append(h.Accounts, state.HeldAccount{})
	f.hold(t, h)
	f.wantHeld(t, "", directory.GUID{}, false)
	f.wantHeld(t, "", guid(1), true)
	same(t, "the held persons", got[map[string]string](t)(f.HeldPersons(t.Context())), map[string]string{})
}

func heldPersons(t *testing.T, f Fixture) {
	first, later := hold(9, "1", 0), hold(1, "1", time.Hour)
	f.hold(t, later, first, hold(2, "2", 0), hold(3, "", 0), inState(hold(4, "4", 0), state.HoldReleased))
	same(t, "the held persons", got[map[string]string](t)(f.HeldPersons(t.Context())),
		map[string]string{"1": first.ID, "2": hold(2, "", 0).ID})
}

func heldAfterErasure(t *testing.T, f Fixture) {
	for n, now := range []string{state.HoldPlacing, state.HoldInForce, state.HoldReleasing} {
		f.hold(t, inState(hold(byte(n+1), "person-1", 0), now))
	}
	before := got[[]state.Hold](t)(f.Holds(t.Context(), true))
	done(t, f.EnsureHookRuns(t.Context(), []state.HookRun{{HoldID: before[0].ID, Hook: "vpn", Account: guid(1)}}))
	f.history(t, 3)
	done(t, f.Erase(t.Context(), "person-1"))
	same(t, "the holds", got[[]state.Hold](t)(f.Holds(t.Context(), true)), before)
	same(t, "the category", got[state.Hold](t)(f.Hold(t.Context(), before[0].ID)).Category, "other")
	same(t, "number of hooks", len(f.due(t, 0)), 1)
	f.wantHeld(t, "person-1", guid(1), true)
	same(t, "the report", f.verify(t), chain.Report{Rows: 4, Erased: 1})
}

func heldReleasedErased(t *testing.T, f Fixture) {
	gone := inState(hold(1, "person-1", 0), state.HoldReleased)
	gone.Accounts[0].Login = "ptestley"
	other, nobodys := inState(hold(2, "person-2", 0), state.HoldReleased), inState(hold(3, "", 0), state.HoldReleased)
	f.hold(t, gone, other, nobodys)
	for _, h := range []state.Hold{gone, other} {
		done(t, f.EnsureHookRuns(t.Context(), []state.HookRun{{HoldID: h.ID, Hook: "vpn", Account: guid(1)}}))
	}
	done(t, f.Erase(t.Context(), "person-1")) // The ledger does not know them.
	done(t, f.Erase(t.Context(), ""))
	same(t, "the holds", got[[]state.Hold](t)(f.Holds(t.Context(), true)), []state.Hold{other, nobodys})
	same(t, "hooks that are left", []string{f.due(t, 0)[0].HoldID, fmt.Sprint(len(f.due(t, 0)))}, []string{other.ID, "1"})
	if f.holds(t, "hold", "ptestley") {
		t.Error("the hold of an erased person is still there")
	}
}

// planted is a category that stands nowhere but where it was put.
const planted = "planted-category-7c1e"

func plantedHold(now string) state.Hold {
	h := inState(hold(1, "1", 0), now)
	h.Category = planted
	return h
}

func heldCategoryColumn(t *testing.T, f Fixture) {
	for _, now := range []string{state.HoldPlacing, state.HoldInForce, state.HoldReleasing, state.HoldReleased} {
		f.hold(t, plantedHold(now))
		done(t, f.EnsureHookRuns(t.Context(), []state.HookRun{{HoldID: plantedHold(now).ID, Hook: "vpn", Account: guid(1)}}))
		f.history(t, 2)
		for _, table := range []string{"held_account", "hook_run", "ledger", "ledger_detail", "ledger_subject", "journal", "task", "finding", "run", "link", "setting"} {
			if f.holds(t, table, planted) {
				t.Errorf("%s has the category", table)
			}
		}
		same(t, "the category's own column", f.holds(t, "hold", planted), true)
		f.tamper(t, `UPDATE hold SET category = ''`)
		same(t, "the other columns of the hold", f.holds(t, "hold", planted), false)
	}
}

func heldCategorySilent(t *testing.T, f Fixture) {
	f.hold(t, plantedHold(state.HoldReleased))
	kept := got[state.Hold](t)(f.Hold(t.Context(), plantedHold("").ID))
	same(t, "the category", kept.Category, planted)
	all := got[[]state.Hold](t)(f.Holds(t.Context(), true))
	written, err := json.Marshal(all)
	done(t, err)
	told := []string{string(written)}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%d", "%x", "%q"} {
		told = append(told, fmt.Sprintf(verb, kept), fmt.Sprintf(verb, &kept), fmt.Sprintf(verb, all))
	}
	for _, now := range []string{state.HoldPlacing, "no such state"} {
		told = append(told, f.SaveHold(t.Context(), plantedHold(now)).Error())
	}
	f.tamper(t, `ALTER TABLE hold RENAME COLUMN ticket TO planted_ticket`)
	for _, now := range []string{state.HoldPlacing, state.HoldReleased} {
		told = append(told, f.SaveHold(t.Context(), plantedHold(now)).Error())
	}
	f.tamper(t, `ALTER TABLE hold RENAME COLUMN planted_ticket TO ticket`)
	f.tamper(t, `UPDATE hold SET accounts = category`)
	_, err = f.Hold(t.Context(), kept.ID)
	told = append(told, err.Error())
	for _, text := range told {
		if strings.Contains(text, planted) {
			t.Errorf("the category is told: %s", text)
		}
	}
	same(t, "a print that is of use", strings.Contains(fmt.Sprint(kept), kept.ID), true)
}
