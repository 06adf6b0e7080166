package plan_test

import (
	"fmt"
	"testing"

	"esrsync/sync/plan"
)

func TestTheOrderOfARun(t *testing.T) {
	t.Parallel()
	w := newWorld()
	w.policy.DeleteAfter = 30
	w.hire(1, "New", "Joiner")
	p, _ := w.employ(2, "Some", "Leaver")
	leave(p, "2026-11-20")
	p, _ = w.employ(3, "Some", "Mover")
	p.Primary.Title, p.Manager = "Lead Tester", "1001"
	p, _ = w.employ(4, "Some", "Rename")
	p.Last = "Renamed"
	w.account(5, w.hire(5, "Some", "Link"))
	_, a := w.employ(6, "Some", "Repair")
	delete(w.tokens, a.GUID)
	p, a = w.employ(7, "Some", "Gone")
	leave(p, "2026-01-01")
	switchOff(a)
	w.link(p, a, plan.SwitchedOff)
	w.off[a.GUID], a.MemberOf = today-100, nil
	var got []string
	for _, c := range plan.Calculate(w.input()).Changes {
		got = append(got, fmt.Sprintf("%s %s", c.Class, c.Kind))
	}
	same(t, "order", got, []string{
		"leaver disable", "leaver remove_member", "mover set", "rename rename", "rename set",
		"joiner create", "joiner enable", "joiner add_member", "link mark", "repair mark", "delete delete", "mover set",
	})
	w.settle(t)
}
