package plan_test

import (
	"testing"

	"esrsync/sync/match"
	"esrsync/sync/person"
	"esrsync/sync/plan"
)

func TestGroups(t *testing.T) {
	t.Parallel()
	check(t, []ruling{
		{
			claim: "memberships in groups that rules name follow the rules, both ways",
			given: func(w *world) {
				p, a := w.employ(1, "Jo", "Testcase")
				p.IsManager, a.MemberOf = true, nil
				_, b := w.employ(2, "Al", "Madeup")
				b.MemberOf = append(b.MemberOf, bosses)
			},
			want: []string{
				"mover add_member 20000001: group=→" + allIn, "mover add_member 20000001: group=→" + bosses,
				"mover remove_member 20000002: group=" + bosses + "→",
			},
		},
		{
			claim: "a membership that no rule names is left alone while the person is substantive",
			given: func(w *world) {
				_, a := w.employ(1, "Jo", "Testcase")
				a.MemberOf = append(a.MemberOf, project, foreign)
			},
		},
		{
			claim: "who becomes bank only loses the managed memberships that no rule gives, and keeps the account",
			given: func(w *world) {
				p, a := w.employ(1, "Jo", "Testcase")
				p.BankOnly, p.Primary.Category = true, "Bank"
				a.MemberOf = append(a.MemberOf, project, bosses, foreign)
			},
			want: []string{
				"mover remove_member 20000001: group=" + bosses + "→", "mover remove_member 20000001: group=" + project + "→",
			},
		},
		{
			claim: "a group that is spelled differently is the same group",
			given: func(w *world) {
				w.policy.Groups[0].Group = "cn=all staff, ou=groups,dc=example,dc=nhs,dc=uk"
				w.employ(1, "Jo", "Testcase")
			},
		},
		{
			claim: "a group that the directory does not have is skipped",
			given: func(w *world) {
				w.policy.Groups = append(w.policy.Groups, plan.GroupRule{Name: "groups[2]", When: rule("true"), Group: "CN=Gone," + groupOU})
				w.employ(1, "Jo", "Testcase")
			},
		},
		{
			claim: "nobody is added to a privileged group, even if a rule names it",
			given: func(w *world) {
				w.policy.Groups = append(w.policy.Groups, plan.GroupRule{Name: "groups[2]", When: rule("true"), Group: admins})
				w.employ(1, "Jo", "Testcase")
			},
		},
		{
			claim: "nobody is added to a group that is a member of a privileged one",
			given: func(w *world) {
				w.policy.Groups = append(w.policy.Groups, plan.GroupRule{Name: "groups[2]", When: rule("true"), Group: project})
				w.group(admins).Members = []string{project}
				w.employ(1, "Jo", "Testcase")
			},
		},
		{
			claim: "members of a group inside a privileged one are protected",
			given: func(w *world) {
				w.group(admins).Members = []string{project}
				p, a := w.employ(1, "Jo", "Testcase")
				p.Primary.Title, a.MemberOf = "Lead Tester", append(a.MemberOf, project)
			},
		},
		{
			claim: "an exclusive group loses the members whom nobody owns, and no others",
			given: func(w *world) {
				w.policy.Groups[1].Exclusive = true
				p, a := w.employ(1, "Jo", "Testcase")
				p.IsManager, a.MemberOf = true, append(a.MemberOf, bosses)
				for n, login := range []string{"nobodys", "svc-printer"} {
					x := *a
					x.GUID, x.Login, x.UPN, x.DN, x.PersonKey, x.Marker = guid(50+n), login, login, "CN="+login+","+general, "", ""
					x.Mail, x.ProxyAddresses, x.MemberOf = "", nil, []string{bosses, allIn}
					w.accounts = append(w.accounts, &x)
				}
			},
			want: []string{"mover remove_member : group=" + bosses + "→"},
		},
		{
			claim: "an exclusive group keeps a member about whom the match queue asks",
			given: func(w *world) {
				w.policy.Groups[1].Exclusive = true
				a := w.account(1, &person.Person{ID: "none", Preferred: "Jo", Last: "Testcase"})
				a.MemberOf = []string{bosses}
				w.queue = []match.Doubt{{PersonID: "1001", Candidates: []match.Candidate{{Account: a.GUID}}}}
			},
		},
	})
}

func TestMembershipsOfBankStaffThatAreNotOursAreListed(t *testing.T) {
	t.Parallel()
	w := newWorld()
	p, a := w.employ(1, "Jo", "Testcase")
	p.BankOnly, a.MemberOf = true, append(a.MemberOf, foreign)
	got := plan.Calculate(w.input()).LeftAlone
	if len(got) != 1 || got[0].Group != foreign {
		t.Errorf("left alone is %+v", got)
	}
}
