package plan_test

import (
	"testing"

	"esrsync/internal/directory"
	"esrsync/sync/plan"
)

func TestExpiry(t *testing.T) {
	t.Parallel()
	dec31, jan1 := date("2026-12-31"), fileTime("2027-01-01")
	ours := func(w *world, a *directory.Account, day string) {
		a.Expires = date(day).Time(london())
		w.expiry[a.GUID] = a.Expires
	}
	check(t, []ruling{
		{
			claim: "a known leaving date is written ahead as the midnight after it, local time",
			given: func(w *world) { p, _ := w.employ(1, "Jo", "Testcase"); p.Leaving = dec31 },
			want:  []string{"leaver set 20000001: accountExpires=→" + jan1},
		},
		{
			claim: "nothing is written where the trust does not want it",
			given: func(w *world) {
				w.policy.AccountExpires = false
				p, _ := w.employ(1, "Jo", "Testcase")
				p.Leaving = dec31
			},
		},
		{
			claim: "an earlier date of somebody else is moved earlier only by an earlier leaving date",
			given: func(w *world) {
				p, a := w.employ(1, "Jo", "Testcase")
				p.Leaving, a.Expires = dec31, date("2026-12-01").Time(london())
			},
		},
		{
			claim: "a later date of somebody else gives way to an earlier leaving date",
			given: func(w *world) {
				p, a := w.employ(1, "Jo", "Testcase")
				p.Leaving, a.Expires = dec31, date("2027-12-01").Time(london())
			},
			want: []string{"leaver set 20000001: accountExpires=" + fileTime("2027-12-01") + "→" + jan1},
		},
		{
			claim: "our own date moves later with the leaving date",
			given: func(w *world) {
				p, a := w.employ(1, "Jo", "Testcase")
				p.Leaving = dec31
				ours(w, a, "2026-12-01")
			},
			want: []string{"mover set 20000001: accountExpires=" + fileTime("2026-12-01") + "→" + jan1},
		},
		{
			claim: "our own date goes when the leaving is taken back",
			given: func(w *world) { _, a := w.employ(1, "Jo", "Testcase"); ours(w, a, "2026-12-01") },
			want:  []string{"mover set 20000001: accountExpires=" + fileTime("2026-12-01") + "→0"},
		},
		{
			claim: "a date of somebody else stays though ESR knows of no leaving",
			given: func(w *world) {
				_, a := w.employ(1, "Jo", "Testcase")
				a.Expires = date("2026-12-01").Time(london())
			},
		},
		{
			claim: "a date that somebody put in the place of ours stays",
			given: func(w *world) {
				_, a := w.employ(1, "Jo", "Testcase")
				ours(w, a, "2026-12-01")
				a.Expires = date("2026-11-30").Time(london())
			},
		},
		{
			claim: "a leaver's own date is left as it is",
			given: func(w *world) {
				p, a := w.employ(1, "Jo", "Testcase")
				a.MemberOf = nil
				leave(p, "2026-11-20")
				ours(w, a, "2027-12-01")
			},
			want: []string{offNow},
		},
	})
}

func TestALeavingDateWrittenAheadIsFeltTheDayAfterIt(t *testing.T) {
	t.Parallel()
	w := newWorld()
	p, _ := w.employ(1, "Jo", "Testcase")
	p.Leaving = date("2026-12-31")
	c := one(t, plan.Calculate(w.input()), plan.Set)
	if c.Class != plan.Leaver || c.Effective != date("2027-01-01") || !c.RemovesAccess || c.Urgent {
		t.Errorf("class %s, felt on %s, removes access %v, urgent %v", c.Class, c.Effective, c.RemovesAccess, c.Urgent)
	}
}

func TestSummerTimeEndsAtLocalMidnight(t *testing.T) {
	t.Parallel()
	w := newWorld()
	w.at.Day = date("2026-06-01")
	p, _ := w.employ(1, "Jo", "Testcase")
	p.Leaving = date("2026-07-31")
	got := directory.ParseFileTime(one(t, plan.Calculate(w.input()), plan.Set).After.First("accountExpires"))
	if want := "2026-07-31T23:00:00Z"; got.Format("2006-01-02T15:04:05Z07:00") != want {
		t.Errorf("it ends at %s, want %s", got, want)
	}
}
