package plan_test

import (
	"testing"

	"esrsync/internal/directory"
	"esrsync/sync/plan"
)

func TestMovers(t *testing.T) {
	t.Parallel()
	check(t, []ruling{
		{claim: "an account that is in line gets no change", given: func(w *world) { w.employ(1, "Jo", "Testcase") }, findings: []string{}},
		{
			claim: "all differences of one account go into one change",
			given: func(w *world) {
				p, _ := w.employ(1, "Jo", "Testcase")
				p.Primary.Title, p.Primary.Organisation.Name = "Lead Tester", "Ward 5"
			},
			want: []string{"mover set 20000001: department=Ward 4→Ward 5 title=Tester→Lead Tester"},
		},
		{
			claim: "an empty value of ESR wipes nothing",
			given: func(w *world) {
				p, _ := w.employ(1, "Jo", "Testcase")
				p.Primary.Title, p.Primary.Organisation.Name = "", "Ward 5"
			},
			want: []string{"mover set 20000001: department=Ward 4→Ward 5"},
		},
		{
			claim: "an attribute of authority empty is written only where there is nothing",
			given: func(w *world) {
				p, _ := w.employ(1, "Jo", "Testcase")
				p.Primary.Location = "Site B"
				_, a := w.employ(2, "Al", "Madeup")
				delete(a.Attributes, "physicalDeliveryOfficeName")
			},
			want: []string{"mover set 20000002: physicalDeliveryOfficeName=→Site A"},
		},
		{
			claim: "an attribute of authority create is never changed",
			given: func(w *world) {
				w.policy.Attributes[3].Authority = plan.OnCreate
				p, _ := w.employ(1, "Jo", "Testcase")
				p.Primary.Title = "Lead Tester"
			},
		},
		{
			claim: "an attribute that the schema lacks is skipped",
			given: func(w *world) {
				w.schema = map[string]bool{"department": true}
				p, _ := w.employ(1, "Jo", "Testcase")
				p.Primary.Title, p.Primary.Organisation.Name = "Lead Tester", "Ward 5"
			},
			want: []string{"mover set 20000001: department=Ward 4→Ward 5"},
		},
		{
			claim: "what planning itself writes cannot be had from a template",
			given: func(w *world) {
				w.policy.Attributes = append(w.policy.Attributes,
					plan.Attribute{Name: "userAccountControl", Template: "512", Authority: plan.Always},
					plan.Attribute{Name: "EmployeeID", Template: "1", Authority: plan.Always})
				w.employ(1, "Jo", "Testcase")
			},
		},
		{
			claim: "an account stays in its OU where the rule is for new accounts",
			given: func(w *world) {
				p, a := w.employ(1, "Jo", "Testcase")
				p.Primary.Category, a.DN = "Bank", directory.ChildDN(a.CN, "OU=Old,"+staff)
			},
		},
		{
			claim: "an account moves where the rule says always",
			given: func(w *world) {
				w.policy.Placement[0].Always = true
				p, _ := w.employ(1, "Jo", "Testcase")
				p.Primary.Category = "Bank"
			},
			want: []string{"mover move 20000001: ou=" + general + "→" + bank},
		},
		{
			claim: "an OU that is spelled differently is the same OU",
			given: func(w *world) {
				w.policy.Placement[1].Always = true
				w.policy.Placement[1].OU = "ou=general, ou=STAFF,dc=example,dc=nhs,dc=uk"
				w.employ(1, "Jo", "Testcase")
			},
		},
		{
			claim: "an account does not move to where its name is taken: finding D11",
			given: func(w *world) {
				w.policy.Placement[0].Always = true
				p, a := w.employ(1, "Jo", "Testcase")
				p.Primary.Category = "Bank"
				w.extra = []directory.Name{{Kind: directory.LoginName, Value: "other", Owner: guid(800), DN: directory.ChildDN(a.CN, bank)}}
			},
			findings: []string{"D11 " + guid(1).String()},
		},
		{
			claim: "a protected account of a current person is never written",
			given: func(w *world) {
				p, a := w.employ(1, "Jo", "Testcase")
				p.Primary.Title, a.MemberOf = "Lead Tester", append(a.MemberOf, admins)
			},
		},
		{
			claim: "an account outside the managed bases is never written",
			given: func(w *world) {
				p, a := w.employ(1, "Jo", "Testcase")
				p.Primary.Title, a.DN = "Lead Tester", "CN=Jo,OU=Elsewhere,DC=example,DC=nhs,DC=uk"
			},
		},
		{
			claim: "somebody in doubt is left alone",
			given: func(w *world) {
				p, _ := w.employ(1, "Jo", "Testcase")
				p.Primary.Title = "Lead Tester"
				w.doubtful[p.ID] = "two people claim the account"
			},
			findings: []string{"D02 20000001"},
		},
	})
}
