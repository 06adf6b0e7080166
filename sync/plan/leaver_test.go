package plan_test

import (
	"strings"
	"testing"

	"esrsync/internal/directory"
	"esrsync/sync/match"
	"esrsync/sync/person"
	"esrsync/sync/plan"
)

const (
	offNow  = "leaver disable 20000001: token=managed→leaver userAccountControl=512→514"
	leftAll = "leaver remove_member 20000001: group=" + allIn + "→"
)

func TestLeavers(t *testing.T) {
	t.Parallel()
	check(t, []ruling{
		{
			claim: "a dated end disables the account and takes every managed membership, also those that no rule names",
			given: func(w *world) {
				p, a := w.employ(1, "Jo", "Testcase")
				a.MemberOf = append(a.MemberOf, project, foreign)
				leave(p, "2026-11-21")
			},
			want: []string{offNow, leftAll, "leaver remove_member 20000001: group=" + project + "→"},
		},
		{
			claim: "absence is not departure: a person whom ESR does not have any more loses nothing",
			given: func(w *world) { w.employ(1, "Jo", "Testcase"); w.people = nil },
		},
		{
			claim: "absence is not departure: a held person loses nothing",
			given: func(w *world) {
				p, _ := w.employ(1, "Jo", "Testcase")
				leave(p, "2026-11-21")
				p.Held = []string{"a gap"}
			},
		},
		{
			claim: "a locked out person is left to the lockout",
			given: func(w *world) {
				p, _ := w.employ(1, "Jo", "Testcase")
				leave(p, "2026-11-21")
				w.held[p.ID] = true
			},
		},
		{
			claim: "a person with nothing but ignored assignments is left alone",
			given: func(w *world) {
				p, _ := w.employ(1, "Jo", "Testcase")
				p.Standing, p.Access = person.Nobody, false
			},
		},
		{
			claim: "a keep stops the leaver for a while",
			given: func(w *world) {
				w.policy.AccountExpires = false
				p, _ := w.employ(1, "Jo", "Testcase")
				leave(p, "2026-11-21")
				w.keeps[p.ID] = today
			},
		},
		{
			claim: "a keep that is over stops nothing",
			given: func(w *world) {
				p, _ := w.employ(1, "Jo", "Testcase")
				leave(p, "2026-11-20")
				w.keeps[p.ID] = today - 1
			},
			want: []string{offNow, leftAll},
		},
		{
			claim: "a keep moves the expiry that we wrote to the end of the keep, so that it works",
			given: func(w *world) {
				p, a := w.employ(1, "Jo", "Testcase")
				leave(p, "2026-11-20")
				a.Expires = date("2026-11-21").Time(london())
				w.expiry[a.GUID] = a.Expires
				w.keeps[p.ID] = date("2026-11-30")
			},
			want: []string{"mover set 20000001: accountExpires=" + fileTime("2026-11-21") + "→" + fileTime("2026-12-01")},
		},
		{
			claim: "between the two records of retire and return the account is off, and nothing is moved or taken away",
			given: func(w *world) {
				w.policy.LeaversOU = "OU=Leavers," + staff
				p, a := w.employ(1, "Jo", "Testcase")
				leave(p, "2026-11-20")
				again := w.hire(2, "Jo", "Testcase")
				start(again, "2026-11-25")
				p.ReturnsAs, p.Same, again.Same = again.ID, []string{again.ID}, []string{p.ID}
				w.awaits[again.ID] = a.GUID
			},
			want:     []string{offNow},
			findings: []string{},
		},
		{
			claim: "between two employments of one record the account is off, and nothing is taken away",
			given: func(w *world) {
				p, _ := w.employ(1, "Jo", "Testcase")
				start(p, "2027-02-01")
				p.Leaving = date("2026-11-20")
			},
			want: []string{offNow},
		},
		{
			claim: "between two employments access lasts until the end of the last day",
			given: func(w *world) {
				w.policy.AccountExpires = false
				p, _ := w.employ(1, "Jo", "Testcase")
				start(p, "2027-02-01")
				p.Leaving = today
			},
		},
		{
			claim: "between two employments access ends at the hour of lifecycle.leaver_at",
			given: func(w *world) {
				p, _ := w.employ(1, "Jo", "Testcase")
				start(p, "2027-02-01")
				p.Leaving, w.at.Closed = today, true
			},
			want: []string{offNow},
		},
		{
			claim: "between two employments a date that has passed stays, since the disabling may be held",
			given: func(w *world) {
				p, a := w.employ(1, "Jo", "Testcase")
				start(p, "2026-12-01")
				p.Leaving, a.Expires = date("2026-11-20"), date("2026-11-21").Time(london())
				w.expiry[a.GUID] = a.Expires
			},
			want: []string{offNow},
		},
		{
			claim: "a status that the trust maps to disabled switches off, and takes nothing away",
			given: func(w *world) {
				p, _ := w.employ(1, "Jo", "Testcase")
				p.Access, p.Primary.Status = false, "Out on External Secondment - Unpaid"
			},
			want: []string{offNow},
		},
		{
			claim: "of a leaver every account that carries the employee number is disabled",
			given: func(w *world) {
				p := w.hire(1, "Jo", "Testcase")
				a, b := w.account(1, p), w.account(2, p)
				b.Login, b.UPN, b.Mail, b.ProxyAddresses, b.DN = "other", "other@example.nhs.uk", "", nil, "CN=Other,"+general
				b.MemberOf = nil
				leave(p, "2026-11-20")
				w.several[p.ID] = []directory.GUID{a.GUID, b.GUID}
			},
			want: []string{
				"leaver disable 20000001: token=→leaver userAccountControl=512→514",
				"leaver disable 20000001: token=→leaver userAccountControl=512→514",
				leftAll,
			},
		},
		{
			claim: "of a current person with two such accounts neither is changed",
			given: func(w *world) {
				p := w.hire(1, "Jo", "Testcase")
				a, b := w.account(1, p), w.account(2, p)
				a.Attributes["title"], b.DN = "Wrong", "CN=Other,"+general
				b.Login, b.UPN, b.Mail, b.ProxyAddresses = "other", "other@example.nhs.uk", "", nil
				w.several[p.ID] = []directory.GUID{a.GUID, b.GUID}
				w.doubtful[p.ID] = "two accounts carry the number"
			},
			findings: []string{"D02 20000001"},
		},
		{
			claim: "a leaver's secondary accounts go with the person",
			given: func(w *world) {
				p, _ := w.employ(1, "Jo", "Testcase")
				second := w.account(2, p)
				second.Login, second.UPN, second.Mail, second.ProxyAddresses = "adm-jtestcase", "adm@example.nhs.uk", "", nil
				second.DN, second.PersonKey, second.MemberOf = "CN=adm-jtestcase,"+general, "", nil
				w.second[p.ID] = []directory.GUID{second.GUID}
				leave(p, "2026-11-21")
			},
			want: []string{offNow, "leaver disable 20000001: token=→leaver userAccountControl=512→514", leftAll},
		},
		{
			claim: "a leaver's protected account is never written: finding D05",
			given: func(w *world) {
				p, a := w.employ(1, "Jo", "Testcase")
				a.AdminCount = true
				leave(p, "2026-11-21")
			},
			findings: []string{"D05 " + guid(1).String()},
		},
		{
			claim: "a leaver's account outside the managed bases is never written: finding D05",
			given: func(w *world) {
				p, a := w.employ(1, "Jo", "Testcase")
				a.DN = "CN=Jo,OU=Elsewhere,DC=example,DC=nhs,DC=uk"
				leave(p, "2026-11-21")
			},
			findings: []string{"D05 " + guid(1).String()},
		},
		{
			claim: "a leaver's account that was never linked is linked first",
			given: func(w *world) {
				p := w.hire(1, "Jo", "Testcase")
				w.account(1, p)
				leave(p, "2026-11-21")
			},
			want: []string{"link mark 20000001: token=→managed"},
		},
		{
			claim: "a leaver disabled by hand with groups loses them, and stays known as disabled by somebody else",
			given: func(w *world) {
				p, a := w.employ(1, "Jo", "Testcase")
				switchOff(a)
				leave(p, "2026-11-01")
			},
			want:     []string{leftAll},
			findings: []string{},
		},
		{
			claim: "a leaver leaves the address lists where the schema has them, in a change of its own",
			given: func(w *world) {
				w.schema = map[string]bool{"msexchhidefromaddresslists": true, "department": true, "title": true, "sn": true, "givenname": true}
				p, a := w.employ(1, "Jo", "Testcase")
				a.MemberOf = nil
				leave(p, "2026-11-21")
			},
			want: []string{offNow, "leaver set 20000001: msExchHideFromAddressLists=→TRUE"},
		},
		{
			claim: "a leaver moves only where a leavers' OU is configured",
			given: func(w *world) {
				w.policy.LeaversOU = "OU=Leavers," + staff
				p, a := w.employ(1, "Jo", "Testcase")
				a.MemberOf = nil
				leave(p, "2026-11-21")
			},
			want: []string{offNow, "leaver move 20000001: ou=" + general + "→OU=Leavers," + staff},
		},
		{
			claim: "an account that we switched off long ago is deleted where the trust says so",
			given: func(w *world) {
				w.policy.DeleteAfter = 90
				p, a := w.employ(1, "Jo", "Testcase")
				a.MemberOf = nil
				switchOff(a)
				w.link(p, a, plan.SwitchedOff)
				w.off[a.GUID] = today - 91
				leave(p, "2026-08-01")
			},
			want: []string{"delete delete 20000001: sAMAccountName=jtestcase→ token=leaver→"},
		},
		{
			claim: "the days before a deletion count from our switching off, not from a leaving that was reported late",
			given: func(w *world) {
				w.policy.DeleteAfter = 90
				p, a := w.employ(1, "Jo", "Testcase")
				a.MemberOf = nil
				switchOff(a)
				w.link(p, a, plan.SwitchedOff)
				w.off[a.GUID] = today - 90
				leave(p, "2026-01-01")
			},
		},
		{
			claim: "an account that somebody else switched off is never deleted",
			given: func(w *world) {
				w.policy.DeleteAfter = 90
				p, a := w.employ(1, "Jo", "Testcase")
				a.MemberOf = nil
				switchOff(a)
				w.off[a.GUID] = today - 900
				leave(p, "2024-01-01")
			},
		},
		{
			claim: "a leaver's token that was lost is put back, with what the store knows of it",
			given: func(w *world) {
				p, a := w.employ(1, "Jo", "Testcase")
				a.MemberOf = nil
				switchOff(a)
				w.link(p, a, plan.SwitchedOff)
				a.Marker = ""
				delete(w.tokens, a.GUID)
				leave(p, "2026-01-01")
			},
			want: []string{"repair mark 20000001: token=→leaver"},
		},
		{
			claim: "the end of an old record takes nothing from a newer one that is current",
			given: func(w *world) {
				p, a := w.employ(1, "Jo", "Testcase")
				old := w.hire(2, "Jo", "Testcase")
				leave(old, "2026-11-20")
				old.ReturnsAs, old.Same, p.Same = p.ID, []string{p.ID}, []string{old.ID}
				w.second[old.ID] = []directory.GUID{a.GUID}
			},
		},
	})
}

func TestALeaverWithTheAccountStillOnIsReportedWithTheDays(t *testing.T) {
	t.Parallel()
	w := newWorld()
	p, _ := w.employ(1, "Jo", "Testcase")
	leave(p, "2026-10-14")
	c := one(t, plan.Calculate(w.input()), plan.Disable)
	if want := "Left 14 October 2026 (last working day), 39 days ago."; c.Reason != want {
		t.Errorf("the reason is %q, want %q", c.Reason, want)
	}
	if !c.Urgent || !c.RemovesAccess {
		t.Errorf("a leaving day that has passed is urgent and removes access: %+v", c)
	}
	if c.Slice != "Ward 4" || c.SliceID != "O4" {
		t.Errorf("the change has slice %q %q, want the last organisation", c.Slice, c.SliceID)
	}
}

func TestWhatIsUrgent(t *testing.T) {
	t.Parallel()
	cases := []struct {
		claim     string
		leaving   string
		dismissed bool
		urgent    bool
	}{
		{"leaving today after hours is not urgent", "2026-11-22", false, false},
		{"a leaving day that has passed is urgent", "2026-11-21", false, true},
		{"a dismissal is urgent on the day", "2026-11-22", true, true},
	}
	for _, c := range cases {
		t.Run(c.claim, func(t *testing.T) {
			t.Parallel()
			w := newWorld()
			w.at.Closed = true
			p, _ := w.employ(1, "Jo", "Testcase")
			leave(p, c.leaving)
			p.Dismissed = c.dismissed
			if got := one(t, plan.Calculate(w.input()), plan.Disable).Urgent; got != c.urgent {
				t.Errorf("urgent is %v, want %v", got, c.urgent)
			}
		})
	}
}

func TestALeavingOfTodayIsFeltTomorrow(t *testing.T) {
	t.Parallel()
	w := newWorld()
	w.at.Closed = true
	p, _ := w.employ(1, "Jo", "Testcase")
	leave(p, "2026-11-22")
	if got := one(t, plan.Calculate(w.input()), plan.Disable).Effective; got != today+1 {
		t.Errorf("felt on %s, want %s", got, today+1)
	}
}

func TestAKeepAndAReturnAreSaidInThePlan(t *testing.T) {
	t.Parallel()
	w := newWorld()
	p, _ := w.employ(1, "Jo", "Testcase")
	leave(p, "2026-11-20")
	w.keeps[p.ID] = date("2026-11-30")
	got := plan.Calculate(w.input()).Waits
	if len(got) != 1 || got[0].Until != date("2026-11-30") || !strings.Contains(got[0].Reason, "kept until 30 November 2026") {
		t.Errorf("waits are %+v", got)
	}
}

func TestMembershipsOfALeaverThatAreNotOursAreListed(t *testing.T) {
	t.Parallel()
	w := newWorld()
	p, a := w.employ(1, "Jo", "Testcase")
	a.MemberOf = append(a.MemberOf, foreign)
	leave(p, "2026-11-20")
	got := plan.Calculate(w.input()).LeftAlone
	if len(got) != 1 || got[0].Group != foreign || got[0].Person != p.Key {
		t.Errorf("left alone is %+v", got)
	}
}

func TestAnInvalidTokenIsNoReasonToWaitWithALeaver(t *testing.T) {
	t.Parallel()
	w := newWorld()
	p, a := w.employ(1, "Jo", "Testcase")
	w.tokens[a.GUID] = match.Token{}
	leave(p, "2026-11-20")
	same(t, "changes", kinds(plan.Calculate(w.input())), []string{"leaver disable", "leaver remove_member"})
	w.settle(t)
}

func fileTime(day string) string { return directory.FileTime(date(day).Time(london())) }
