package plan_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"esrsync/internal/directory"
	"esrsync/sync/match"
	"esrsync/sync/person"
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

func TestWhoIsProtected(t *testing.T) {
	t.Parallel()
	cases := map[string]func(*directory.Account, *plan.Policy){
		"adminCount":                        func(a *directory.Account, _ *plan.Policy) { a.AdminCount = true },
		"a critical system object":          func(a *directory.Account, _ *plan.Policy) { a.Critical = true },
		"the built-in administrator":        func(a *directory.Account, _ *plan.Policy) { a.SID = "S-1-5-21-1-2-3-500" },
		"a RID below 1000":                  func(a *directory.Account, _ *plan.Policy) { a.SID = "S-1-5-21-1-2-3-999" },
		"a privileged primary group":        func(a *directory.Account, _ *plan.Policy) { a.PrimaryGroup = 512 },
		"a computer":                        func(a *directory.Account, _ *plan.Policy) { a.Login = "PC1$" },
		"an account that is not a person's": func(a *directory.Account, _ *plan.Policy) { a.Control = 0x1000 },
		"a listed login, whatever its case": func(a *directory.Account, _ *plan.Policy) { a.Login = "SVC-backup" },
		"a member of a group that is privileged by SID": func(a *directory.Account, _ *plan.Policy) {
			a.MemberOf = append(a.MemberOf, admins)
		},
		"a member of a privileged group that was not read": func(a *directory.Account, _ *plan.Policy) {
			a.MemberOf = append(a.MemberOf, "CN=Backup Operators,CN=Builtin,DC=example,DC=nhs,DC=uk")
		},
		"a member of a group that the trust lists": func(a *directory.Account, p *plan.Policy) {
			p.ProtectedGroups = []string{"cn=project, " + strings.ToLower(groupOU)}
			a.MemberOf = append(a.MemberOf, project)
		},
	}
	for claim, given := range cases {
		t.Run(claim+" is never written", func(t *testing.T) {
			t.Parallel()
			w := newWorld()
			p, a := w.employ(1, "Jo", "Testcase")
			given(a, &w.policy)
			leave(p, "2026-11-20")
			got := plan.Calculate(w.input())
			same(t, "changes", lines(got), []string{})
			same(t, "findings", codes(got), []string{"D05 " + guid(1).String()})
		})
	}
}

func TestFindings(t *testing.T) {
	t.Parallel()
	cases := []struct {
		claim string
		given func(*world, *person.Person, *directory.Account)
		want  []string
	}{
		{"suspended in ESR without a lockout is S01", func(_ *world, p *person.Person, _ *directory.Account) { p.Suspended = true }, []string{"S01 20000001"}},
		{"suspended and locked out is no finding", func(w *world, p *person.Person, _ *directory.Account) {
			p.Suspended = true
			w.held[p.ID] = true
		}, nil},
		{"an address that ESR does not have is E01", func(_ *world, p *person.Person, _ *directory.Account) { p.ESREmail = "" }, []string{"E01 20000001"}},
		{"an address that ESR spells in capitals is in ESR", func(_ *world, p *person.Person, _ *directory.Account) {
			p.ESREmail = strings.ToUpper(p.ESREmail)
		}, nil},
		{"somebody from the register has no address in ESR", func(_ *world, p *person.Person, _ *directory.Account) {
			p.ESREmail, p.External = "", true
		}, nil},
		{"an account that nobody used for longer than the stamp may be late is D08", func(_ *world, _ *person.Person, a *directory.Account) {
			a.LastSignIn = (today - 55).Time(london())
		}, []string{"D08 " + guid(1).String()}},
		{"an account that may have been used since its stamp is no finding", func(_ *world, _ *person.Person, a *directory.Account) {
			a.LastSignIn = (today - 54).Time(london())
		}, nil},
		{"an account that nobody ever used is D08", func(_ *world, _ *person.Person, a *directory.Account) {
			a.LastSignIn, a.Created = time.Time{}, (today - 41).Time(london())
		}, []string{"D08 " + guid(1).String()}},
		{"a disabled account that nobody owns and that has managed groups is D06", func(w *world, _ *person.Person, a *directory.Account) {
			switchOff(a)
			w.people, w.links, w.tokens = nil, nil, nil
		}, []string{"D06 " + guid(1).String()}},
		{"a pre-created account has its groups from the start", func(w *world, p *person.Person, a *directory.Account) {
			switchOff(a)
			w.link(p, a, plan.Precreated)
			start(p, "2026-12-01")
		}, nil},
		{"an address on two accounts is D11", func(w *world, _ *person.Person, a *directory.Account) {
			w.extra = []directory.Name{{Kind: directory.UPNName, Value: a.Mail, Owner: guid(800), DN: "CN=Other,DC=example"}}
		}, []string{"D11 " + guid(1).String()}},
		{"a login and an address that are spelled alike are no clash", func(w *world, _ *person.Person, a *directory.Account) {
			w.extra = []directory.Name{{Kind: directory.Address, Value: a.Login, Owner: guid(800), DN: "CN=Other,DC=example"}}
		}, nil},
	}
	for _, c := range cases {
		t.Run(c.claim, func(t *testing.T) {
			t.Parallel()
			w := newWorld()
			p, a := w.employ(1, "Jo", "Testcase")
			c.given(w, p, a)
			if c.want == nil {
				c.want = []string{}
			}
			same(t, "findings", codes(plan.Calculate(w.input())), c.want)
		})
	}
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
	p, a := w.employ(6, "Some", "Repair")
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
