package plan_test

import (
	"strings"
	"testing"

	"esrsync/sync/plan"
)

func TestManagers(t *testing.T) {
	t.Parallel()
	check(t, []ruling{
		{
			claim: "the manager is written in a change of its own at the end",
			given: func(w *world) {
				boss, _ := w.employ(1, "Al", "Madeup")
				p, a := w.employ(2, "Jo", "Testcase")
				p.Manager, a.Attributes["title"] = boss.ID, "Wrong"
			},
			want: []string{
				"mover set 20000002: title=Wrong→Tester",
				"mover set 20000002: manager=→CN=Al Madeup (amadeup)," + general,
			},
		},
		{
			claim: "a manager whose account is made in the same run is named by the DN that it will have",
			given: func(w *world) {
				w.policy.Attributes = w.policy.Attributes[1:2]
				w.policy.Groups = nil
				boss := w.hire(3, "Al", "Madeup")
				p, _ := w.employ(2, "Jo", "Testcase")
				p.Manager = boss.ID
			},
			want: []string{
				"joiner create 20000003: cn=→Al Madeup (amadeup) displayName=→Madeup, Al (Ward 4) givenName=→Al mail=→al.madeup@example.nhs.uk ou=→" + general +
					" person_key=→20000003 proxyAddresses=→SMTP:al.madeup@example.nhs.uk sAMAccountName=→amadeup sn=→Madeup token=→precreated userPrincipalName=→al.madeup@example.nhs.uk",
				"joiner enable 20000003: token=precreated→managed userAccountControl=514→512",
				"mover set 20000002: manager=→CN=Al Madeup (amadeup)," + general,
			},
		},
		{
			claim: "a supervisor without an account is stood in for by the department manager",
			given: func(w *world) {
				boss := w.hire(1, "Al", "Madeup")
				w.doubtful[boss.ID] = "in the queue"
				other, _ := w.employ(3, "Vi", "Invented")
				p, _ := w.employ(2, "Jo", "Testcase")
				p.Manager, p.DepartmentManager = boss.ID, other.ID
			},
			want: []string{"mover set 20000002: manager=→CN=Vi Invented (vinvented)," + general},
		},
		{
			claim: "with neither the directory's manager is left as it is: finding Q01",
			given: func(w *world) {
				boss := w.hire(1, "Al", "Madeup")
				w.doubtful[boss.ID] = "in the queue"
				_, other := w.employ(3, "Vi", "Invented")
				p, a := w.employ(2, "Jo", "Testcase")
				p.Manager, a.Manager = boss.ID, other.DN
			},
			findings: []string{"D02 20000001", "Q01 20000002"},
		},
		{
			claim: "oneself is no manager",
			given: func(w *world) { p, _ := w.employ(2, "Jo", "Testcase"); p.Manager = p.ID },
		},
		{
			claim: "a manager that is spelled differently is the same manager",
			given: func(w *world) {
				boss, b := w.employ(1, "Al", "Madeup")
				p, a := w.employ(2, "Jo", "Testcase")
				p.Manager, a.Manager = boss.ID, strings.ToLower(b.DN)
			},
		},
		{
			claim: "a manager in the directory who has left, where ESR has none, is finding D09",
			given: func(w *world) {
				boss, b := w.employ(1, "Al", "Madeup")
				b.MemberOf = nil
				leave(boss, "2026-11-01")
				switchOff(b)
				w.link(boss, b, plan.SwitchedOff)
				_, a := w.employ(2, "Jo", "Testcase")
				a.Manager = b.DN
			},
			findings: []string{"D09 " + guid(2).String()},
		},
		{
			claim: "a manager who is not ESR's and may not be overwritten is finding D09",
			given: func(w *world) {
				w.policy.Attributes[1].Authority = plan.WhenEmpty
				boss, _ := w.employ(1, "Al", "Madeup")
				_, other := w.employ(3, "Vi", "Invented")
				p, a := w.employ(2, "Jo", "Testcase")
				p.Manager, a.Manager = boss.ID, other.DN
			},
			findings: []string{"D09 " + guid(2).String()},
		},
		{
			claim: "the sponsor of somebody from the register is their manager",
			given: func(w *world) {
				sponsor, _ := w.employ(1, "Al", "Madeup")
				p, a := w.employ(2, "Jo", "Testcase")
				p.External, p.Manager, a.Manager = true, sponsor.ID, ""
			},
			want: []string{"mover set 20000002: manager=→CN=Al Madeup (amadeup)," + general},
		},
	})
}
