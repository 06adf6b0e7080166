package plan_test

import (
	"strings"
	"testing"

	"esrsync/sync/plan"
)

// made is the line of the account that our rules make for Jo Testcase.
const made = "joiner create 20000001: cn=→Jo Testcase (jtestcase) department=→Ward 4 displayName=→Testcase, Jo (Ward 4) givenName=→Jo" +
	" mail=→jo.testcase@example.nhs.uk ou=→" + general + " person_key=→20000001 physicalDeliveryOfficeName=→Site A" +
	" proxyAddresses=→SMTP:jo.testcase@example.nhs.uk sAMAccountName=→jtestcase sn=→Testcase title=→Tester token=→precreated" +
	" userPrincipalName=→jo.testcase@example.nhs.uk"

const (
	enabledNew = "joiner enable 20000001: token=precreated→managed userAccountControl=514→512"
	given      = "joiner add_member 20000001: group=→" + allIn
)

func TestJoiners(t *testing.T) {
	t.Parallel()
	check(t, []ruling{
		{
			claim: "somebody who starts is created disabled, with OU, attributes and groups from the start",
			given: func(w *world) { start(w.hire(1, "Jo", "Testcase"), "2026-12-06") },
			want:  []string{made, given},
		},
		{
			claim: "nobody is created before the days that the trust says",
			given: func(w *world) { start(w.hire(1, "Jo", "Testcase"), "2026-12-07") },
		},
		{
			claim: "an accepted offer past its start stays off: a no-show never gets in",
			given: func(w *world) {
				p, a := w.employ(1, "Jo", "Testcase")
				switchOff(a)
				w.link(p, a, plan.Precreated)
				start(p, "2026-11-10")
			},
		},
		{
			claim: "somebody who is current already is created and enabled, one after the other",
			given: func(w *world) { w.hire(1, "Jo", "Testcase") },
			want:  []string{made, enabledNew, given},
		},
		{
			claim: "a pre-created account is enabled on the day",
			given: func(w *world) {
				p, a := w.employ(1, "Jo", "Testcase")
				switchOff(a)
				w.link(p, a, plan.Precreated)
			},
			want: []string{enabledNew},
		},
		{
			claim:    "a current status that the trust maps to disabled, with no account: none is made",
			given:    func(w *world) { w.hire(1, "Jo", "Testcase").Access = false },
			findings: []string{},
		},
		{
			claim: "nobody gets an account beside one that an older record of theirs has",
			given: func(w *world) {
				p := w.hire(1, "Jo", "Testcase")
				w.awaits[p.ID] = guid(77)
			},
			findings: []string{"D02 20000001"},
		},
		{
			claim:    "nobody in the match queue gets an account",
			given:    func(w *world) { w.doubtful[w.hire(1, "Jo", "Testcase").ID] = "two accounts fit by name" },
			findings: []string{"D02 20000001"},
		},
		{
			claim:    "nobody gets an account that could not carry the whole employee number",
			given:    func(w *world) { w.hire(1, "Jo", "Testcase").Key = "20000001200000012" },
			findings: []string{"D02 20000001200000012"},
		},
		{
			claim: "nobody gets an account where no placement rule fits",
			given: func(w *world) {
				w.policy.Placement = w.policy.Placement[:1]
				w.hire(1, "Jo", "Testcase")
			},
			findings: []string{"D02 20000001"},
		},
		{
			claim: "nobody gets an account in an OU outside the managed bases",
			given: func(w *world) {
				w.policy.Placement = []plan.Placement{{Name: "placement[0]", When: rule("true"), OU: "OU=Elsewhere,DC=example,DC=nhs,DC=uk"}}
				w.hire(1, "Jo", "Testcase")
			},
			findings: []string{"D02 20000001"},
		},
		{
			claim: "a known leaving date is there from the start",
			given: func(w *world) {
				p := w.hire(1, "Jo", "Testcase")
				start(p, "2026-12-01")
				p.Leaving = date("2026-12-31")
			},
			want: []string{strings.Replace(made, "create 20000001:", "create 20000001: accountExpires=→"+fileTime("2027-01-01"), 1), given},
		},
		{
			claim: "people of the register of non-ESR staff get accounts by the same rules, with their own key",
			given: func(w *world) {
				w.policy.Attributes = nil
				p := w.hire(1, "Jo", "Testcase")
				p.ID, p.Key, p.External, p.Leaving = "X17", "X17", true, date("2026-12-31")
				p.Primary = newWorld().hire(1, "Jo", "Testcase").Primary
			},
			want: []string{
				"joiner create X17: accountExpires=→" + fileTime("2027-01-01") + " cn=→Jo Testcase (jtestcase) displayName=→Testcase, Jo (Ward 4) givenName=→Jo" +
					" mail=→jo.testcase@example.nhs.uk ou=→" + general + " person_key=→X17" +
					" proxyAddresses=→SMTP:jo.testcase@example.nhs.uk sAMAccountName=→jtestcase sn=→Testcase token=→precreated" +
					" userPrincipalName=→jo.testcase@example.nhs.uk",
				strings.Replace(enabledNew, "20000001", "X17", 1), strings.Replace(given, "20000001", "X17", 1),
			},
		},
		{
			claim: "retire and return: when the new record starts the old account is enabled, and its person key follows",
			given: func(w *world) {
				old, a := w.employ(2, "Jo", "Testcase")
				switchOff(a)
				w.link(old, a, plan.SwitchedOff)
				leave(old, "2026-11-10")
				p := w.hire(1, "Jo", "Testcase")
				p.Same, old.Same, old.ReturnsAs = []string{old.ID}, []string{p.ID}, p.ID
				w.returned[p.ID] = a.GUID
			},
			want: []string{"joiner enable 20000001: person_key=20000002→20000001 token=leaver→managed userAccountControl=514→512"},
		},
		{
			claim: "retire and return: an account that lost its token is linked first, and its person key follows",
			given: func(w *world) {
				old, a := w.employ(2, "Jo", "Testcase")
				switchOff(a)
				w.link(old, a, plan.SwitchedOff)
				delete(w.tokens, a.GUID)
				a.Marker = ""
				leave(old, "2026-11-10")
				p := w.hire(1, "Jo", "Testcase")
				p.Same, old.Same, old.ReturnsAs = []string{old.ID}, []string{p.ID}, p.ID
				w.returned[p.ID] = a.GUID
			},
			want: []string{"link mark 20000001: person_key=20000002→20000001 token=→leaver"},
		},
		{
			claim: "retire and return: once linked the account is enabled, since it was we who left it off",
			given: func(w *world) {
				p, a := w.employ(1, "Jo", "Testcase")
				switchOff(a)
				w.link(p, a, plan.SwitchedOff)
				a.MemberOf = nil
			},
			want: []string{
				"mover add_member 20000001: group=→" + allIn,
				"joiner enable 20000001: token=leaver→managed userAccountControl=514→512",
			},
		},
		{
			claim: "retire and return: a hold on the old record holds the new one",
			given: func(w *world) {
				old, a := w.employ(2, "Jo", "Testcase")
				switchOff(a)
				w.link(old, a, plan.SwitchedOff)
				leave(old, "2026-11-10")
				p := w.hire(1, "Jo", "Testcase")
				p.Same, old.Same, old.ReturnsAs = []string{old.ID}, []string{p.ID}, p.ID
				w.returned[p.ID], w.held[old.ID] = a.GUID, true
			},
		},
		{
			claim: "an account with a hold on it is not written, whoever's the store says it is",
			given: func(w *world) {
				p, a := w.employ(1, "Jo", "Testcase")
				switchOff(a)
				t := w.tokens[a.GUID]
				t.PersonID, t.State = "somebody else", string(plan.SwitchedOff)
				w.tokens[a.GUID], w.held[t.PersonID] = t, true
				p.Primary.Title = "Lead Tester"
			},
		},
		{
			claim:    "somebody without an employee number gets no account",
			given:    func(w *world) { w.hire(1, "Jo", "Testcase").Key = "" },
			findings: []string{"D02 #1001"},
		},
		{
			claim: "who comes back leaves the leavers' OU and is in the address lists again",
			given: func(w *world) {
				w.policy.LeaversOU = "OU=Leavers," + staff
				p, a := w.employ(1, "Jo", "Testcase")
				switchOff(a)
				w.link(p, a, plan.SwitchedOff)
				a.DN, a.Attributes["msExchHideFromAddressLists"] = "CN="+a.CN+",OU=Leavers,"+staff, "TRUE"
			},
			want: []string{
				"joiner enable 20000001: msExchHideFromAddressLists=TRUE→ token=leaver→managed userAccountControl=514→512",
				"joiner move 20000001: ou=OU=Leavers," + staff + "→" + general,
			},
		},
		{
			claim: "current, but disabled by somebody else: stays off, finding D04",
			given: func(w *world) {
				_, a := w.employ(1, "Jo", "Testcase")
				switchOff(a)
			},
			findings: []string{"D04 20000001"},
		},
		{
			claim: "current, and ended by a date that somebody else set: stays so, finding D04",
			given: func(w *world) {
				_, a := w.employ(1, "Jo", "Testcase")
				a.Expires = date("2026-11-01").Time(london())
			},
			findings: []string{"D04 20000001"},
		},
		{
			claim: "a token that is not valid enables nobody: it is repaired first",
			given: func(w *world) {
				p, a := w.employ(1, "Jo", "Testcase")
				switchOff(a)
				w.link(p, a, plan.SwitchedOff)
				delete(w.tokens, a.GUID)
				w.twice = true
			},
			want:     []string{"repair mark 20000001: token=→leaver"},
			findings: []string{"D04 20000001"},
		},
		{
			claim: "where another service gives the addresses none is made, and the login stands in the UPN",
			given: func(w *world) {
				w.policy.EmailFromFile, w.policy.Attributes = true, nil
				start(w.hire(1, "Jo", "Testcase"), "2026-12-01")
			},
			want: []string{
				"joiner create 20000001: cn=→Jo Testcase (jtestcase) displayName=→Testcase, Jo (Ward 4) givenName=→Jo ou=→" + general +
					" person_key=→20000001 sAMAccountName=→jtestcase sn=→Testcase token=→precreated userPrincipalName=→jtestcase@example.nhs.uk",
				given,
			},
		},
		{
			claim: "the address that another service gave fills an empty one",
			given: func(w *world) {
				w.policy.EmailFromFile = true
				p, a := w.employ(1, "Jo", "Testcase")
				a.Mail, a.ProxyAddresses = "", nil
				w.given2 = map[string]string{p.ID: "Jo.Testcase9@nhs.example"}
			},
			want: []string{"mover set 20000001: mail=→jo.testcase9@nhs.example proxyAddresses=→SMTP:jo.testcase9@nhs.example"},
		},
	})
}

func TestAJoinerIsFeltOnTheDayOfTheStart(t *testing.T) {
	t.Parallel()
	w := newWorld()
	start(w.hire(1, "Jo", "Testcase"), "2026-12-01")
	for _, c := range plan.Calculate(w.input()).Changes {
		if c.Effective != date("2026-12-01") {
			t.Errorf("%s %s is felt on %s, want 2026-12-01", c.Class, c.Kind, c.Effective)
		}
	}
}

func TestValuesAreCutToWhatTheDirectoryTakes(t *testing.T) {
	t.Parallel()
	w := newWorld()
	p := w.hire(1, "Jo", "Testcase")
	p.Primary.Organisation.Name = strings.Repeat("Ward ", 20)
	create := one(t, plan.Calculate(w.input()), plan.Create)
	got := create.After.First("department")
	if len(got) > 64 || strings.HasSuffix(got, " ") || !strings.HasPrefix(got, "Ward Ward") {
		t.Errorf("department is %q, of %d characters", got, len(got))
	}
	w.settle(t)
}
