package plan_test

import (
	"fmt"
	"strings"
	"testing"

	"esrsync/internal/directory"
	"esrsync/internal/state"
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

func TestLinking(t *testing.T) {
	t.Parallel()
	check(t, []ruling{
		{
			claim: "linking writes our token and the person key where it is empty, and nothing else in the same run",
			given: func(w *world) {
				p := w.hire(1, "Jo", "Testcase")
				a := w.account(1, p)
				a.PersonKey, a.Attributes["title"], a.MemberOf = "", "Wrong", nil
				w.found[p.ID] = a.GUID
			},
			want: []string{"link mark 20000001: person_key=→20000001 token=→managed"},
		},
		{
			claim: "linking does not write over a person key that is there",
			given: func(w *world) {
				p := w.hire(1, "Jo", "Testcase")
				a := w.account(1, p)
				a.PersonKey = "29999999"
				w.found[p.ID] = a.GUID
			},
			want: []string{"link mark 20000001: token=→managed"},
		},
		{
			claim: "an account that is off when it is linked was switched off by somebody else",
			given: func(w *world) {
				a := w.account(1, w.hire(1, "Jo", "Testcase"))
				switchOff(a)
			},
			want: []string{"link mark 20000001: token=→managed"},
		},
		{
			claim: "a protected account is not even linked",
			given: func(w *world) { w.account(1, w.hire(1, "Jo", "Testcase")).AdminCount = true },
		},
		{
			claim: "an account outside the managed bases is not even linked",
			given: func(w *world) {
				w.account(1, w.hire(1, "Jo", "Testcase")).DN = "CN=Jo,OU=Elsewhere,DC=example,DC=nhs,DC=uk"
			},
		},
		{
			claim: "a valid token is enough where the store has forgotten: nothing is written",
			given: func(w *world) {
				_, a := w.employ(1, "Jo", "Testcase")
				delete(w.links, a.GUID)
			},
		},
		{
			claim: "a linked account that lost its token gets it back",
			given: func(w *world) {
				_, a := w.employ(1, "Jo", "Testcase")
				a.Marker = ""
				delete(w.tokens, a.GUID)
			},
			want: []string{"repair mark 20000001: token=→managed"},
		},
		{
			claim: "a linked account with another's person key gets its own, with its token, in one edit",
			given: func(w *world) {
				_, a := w.employ(1, "Jo", "Testcase")
				a.PersonKey = "29999999"
			},
			want: []string{"repair set 20000001: person_key=29999999→20000001 token=managed→managed"},
		},
		{
			claim: "a person key that the attribute cannot hold is not written, and the token says whose the account is",
			given: func(w *world) {
				p := w.hire(1, "Jo", "Testcase")
				p.Key = "20000001200000012"
				a := w.account(1, p)
				a.PersonKey = ""
				w.found[p.ID] = a.GUID
			},
			want: []string{"link mark 20000001200000012: token=→managed"},
		},
		{
			claim: "an account that somebody else enabled is marked as on, so that its next disabling is known as theirs",
			given: func(w *world) {
				p, a := w.employ(1, "Jo", "Testcase")
				w.link(p, a, plan.SwitchedOff)
			},
			want: []string{"repair mark 20000001: token=leaver→managed"},
		},
		{
			claim: "NI number or date of birth corrected: same person ID, same person, nothing else happens",
			given: func(w *world) {
				p, _ := w.employ(1, "Jo", "Testcase")
				p.NINumber, p.DateOfBirth = "QQ999999Q", 30000
			},
		},
	})
}

func TestNames(t *testing.T) {
	t.Parallel()
	cases := []struct {
		claim               string
		given               func(*world)
		login, address, upn string
	}{
		{
			"a login of any object of the forest is in use",
			func(w *world) {
				w.extra = []directory.Name{{Kind: directory.LoginName, Value: "jtestcase", Owner: guid(800)}}
			},
			"jtestcase2", "jo.testcase", "jo.testcase",
		},
		{
			"an address of any object of the forest is in use",
			func(w *world) {
				w.extra = []directory.Name{{Kind: directory.Address, Value: "jo.testcase@example.nhs.uk"}}
			},
			"jtestcase", "jo.testcase2", "jo.testcase2",
		},
		{
			"an address that is somebody's UPN is in use: either may be typed where the other is meant",
			func(w *world) {
				w.extra = []directory.Name{{Kind: directory.UPNName, Value: "jo.testcase@example.nhs.uk", Owner: guid(800)}}
			},
			"jtestcase", "jo.testcase2", "jo.testcase2",
		},
		{
			"a name that was ever given to another person is never given again",
			func(w *world) {
				w.given = []state.Name{
					{Kind: directory.LoginName, Value: "jtestcase", PersonID: "9"},
					{Kind: directory.Address, Value: "jo.testcase@example.nhs.uk", PersonID: "9"},
				}
			},
			"jtestcase2", "jo.testcase2", "jo.testcase2",
		},
		{
			"a name of the imported history is never given again",
			func(w *world) { w.given = []state.Name{{Kind: directory.LoginName, Value: "jtestcase"}} },
			"jtestcase2", "jo.testcase", "jo.testcase",
		},
		{
			"a name that was once the person's own may be theirs again",
			func(w *world) {
				w.given = []state.Name{
					{Kind: directory.LoginName, Value: "jtestcase", PersonID: "1001"},
					{Kind: directory.Address, Value: "jo.testcase@example.nhs.uk", PersonID: "1001"},
					{Kind: directory.UPNName, Value: "jo.testcase@example.nhs.uk", PersonID: "1001"},
				}
			},
			"jtestcase", "jo.testcase", "jo.testcase",
		},
		{
			"a name that the store says was the person's own and that another object has now is in use",
			func(w *world) {
				w.given = []state.Name{{Kind: directory.LoginName, Value: "jtestcase", PersonID: "1001"}}
				w.extra = []directory.Name{{Kind: directory.LoginName, Value: "jtestcase", Owner: guid(800)}}
			},
			"jtestcase2", "jo.testcase", "jo.testcase",
		},
		{
			"a name that only the global catalogue knows is in use, whatever the store says",
			func(w *world) {
				w.given = []state.Name{{Kind: directory.LoginName, Value: "jtestcase", PersonID: "1001"}}
				w.extra = []directory.Name{{Kind: directory.LoginName, Value: "jtestcase"}}
			},
			"jtestcase2", "jo.testcase", "jo.testcase",
		},
		{
			"names are chosen against the names of the same plan, in the order of the person keys",
			func(w *world) { w.hire(0, "Jo", "Testcase") },
			"jtestcase2", "jo.testcase2", "jo.testcase2",
		},
		{
			"a middle initial comes before a number",
			func(w *world) {
				w.people[0].Middle = "Quill"
				w.extra = []directory.Name{{Kind: directory.LoginName, Value: "jtestcase", Owner: guid(800)}}
			},
			"jqtestcase", "jo.testcase", "jo.testcase",
		},
		{
			"a UPN template of its own is filled in",
			func(w *world) { w.policy.UPNTemplate = "{login}@corp.example.nhs.uk" },
			"jtestcase", "jo.testcase", "jtestcase@corp",
		},
	}
	for _, c := range cases {
		t.Run(c.claim, func(t *testing.T) {
			t.Parallel()
			w := newWorld()
			w.hire(1, "Jo", "Testcase")
			c.given(w)
			var got []string
			for _, change := range plan.Calculate(w.input()).Changes {
				if change.Kind == plan.Create && change.Person == "20000001" {
					for _, name := range []string{"sAMAccountName", "mail", "userPrincipalName"} {
						got = append(got, strings.TrimSuffix(change.After.First(name), ".example.nhs.uk"))
					}
				}
			}
			for i := range got {
				got[i] = strings.TrimSuffix(got[i], "@example.nhs.uk")
			}
			same(t, "login, address and UPN", got, []string{c.login, c.address, c.upn})
			w.settle(t)
		})
	}
}

func TestCommonNames(t *testing.T) {
	t.Parallel()
	cases := []struct {
		claim, template, taken, last, want string
	}{
		{"a CN that is taken in the OU gets a number", "{preferred} {surname}", "jo testcase", "Testcase", "Jo Testcase 2"},
		{"a CN has at most 64 characters", "{preferred} {surname}", "", strings.Repeat("Long", 20), "Jo " + strings.Repeat("Long", 15) + "L"},
		{"a CN that is too long is cut before its number", "{preferred} {surname}", "Jo " + strings.Repeat("Long", 15) + "L", strings.Repeat("Long", 20), "Jo " + strings.Repeat("Long", 14) + "Lon 2"},
		{"a CN is escaped in the DN and nowhere else", "{surname}, {preferred}", "", "Testcase", "Testcase, Jo"},
	}
	for _, c := range cases {
		t.Run(c.claim, func(t *testing.T) {
			t.Parallel()
			w := newWorld()
			w.policy.CommonName = c.template
			w.hire(1, "Jo", c.last)
			if c.taken != "" {
				w.extra = []directory.Name{{Kind: directory.LoginName, Value: "other", Owner: guid(800), DN: "cn=" + c.taken + ", ou=general," + staff}}
			}
			create := one(t, plan.Calculate(w.input()), plan.Create)
			if got := create.After.First(plan.CN); got != c.want {
				t.Errorf("the CN is %q, want %q", got, c.want)
			}
			if want := directory.ChildDN(c.want, general); create.DN != want {
				t.Errorf("the DN is %q, want %q", create.DN, want)
			}
		})
	}
}

func TestNobodyIsCreatedWhenNoNameIsLeft(t *testing.T) {
	t.Parallel()
	w := newWorld()
	w.policy.LoginTemplates = []string{"{initial}{surname}"}
	w.hire(1, "Jo", "Testcase")
	w.extra = []directory.Name{{Kind: directory.LoginName, Value: "jtestcase", Owner: guid(800)}}
	p := plan.Calculate(w.input())
	same(t, "changes", lines(p), []string{})
	same(t, "findings", codes(p), []string{"D02 20000001"})
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

func ExampleNext() {
	w := newWorld()
	p := w.hire(1, "Jo", "Testcase")
	start(p, "2026-12-01")
	p.Leaving, p.LeavingBy = date("2027-02-28"), "assignment end"
	for _, e := range plan.Next(*p, w.at, w.policy) {
		fmt.Println(e.Date, e.Text)
	}
	// Output:
	// 2026-11-22 The account is made, disabled, if there is none.
	// 2026-12-01 The account is enabled, if a current status covers the day.
	// 2027-02-28 The last day with access (assignment end).
	// 2027-03-01 Access is off: the account is disabled and managed memberships are taken.
}
