package plan_test

import (
	"strings"
	"testing"

	"esrsync/internal/directory"
	"esrsync/internal/state"
	"esrsync/sync/plan"
)

func TestRenames(t *testing.T) {
	t.Parallel()
	const newCN = "rename rename 20000001: cn=Jo Testcase (jtestcase)→Jo Renamed (jrenamed)"
	const newNames = "rename set 20000001: displayName=Testcase, Jo (Ward 4)→Renamed, Jo (Ward 4)" +
		" mail=jo.testcase@example.nhs.uk→jo.renamed@example.nhs.uk" +
		" proxyAddresses=SMTP:jo.testcase@example.nhs.uk→SMTP:jo.renamed@example.nhs.uk+smtp:jo.testcase@example.nhs.uk" +
		" sAMAccountName=jtestcase→jrenamed sn=Testcase→Renamed" +
		" userPrincipalName=jo.testcase@example.nhs.uk→jo.renamed@example.nhs.uk"
	check(t, []ruling{
		{
			claim: "another surname changes login, UPN, address, CN, sn and displayName together; the old address stays as an alias",
			given: func(w *world) { p, _ := w.employ(1, "Jo", "Testcase"); p.Last = "Renamed" },
			want:  []string{newCN, newNames},
		},
		{
			claim: "with naming.rename never nothing changes",
			given: func(w *world) {
				w.policy.Rename = plan.RenameNever
				p, _ := w.employ(1, "Jo", "Testcase")
				p.Last = "Renamed"
			},
		},
		{
			claim: "a surname that is only spelled differently is the same",
			given: func(w *world) {
				p, a := w.employ(1, "Jo", "Testcase")
				p.Last, a.Attributes["sn"] = "TEST-CASE", "Tést Case"
			},
		},
		{
			claim: "an account that fits none of our templates is left as it is while the name is the same",
			given: func(w *world) {
				_, a := w.employ(1, "Jo", "Testcase")
				a.Login, a.UPN, a.Mail, a.ProxyAddresses = "x123", "x123@corp.example", "x123@example.nhs.uk", []string{"SMTP:x123@example.nhs.uk"}
				a.CN, a.DN, a.Attributes["displayName"] = "TESTCASE Jo", "CN=TESTCASE Jo,"+general, "TESTCASE Jo (Nurse)"
			},
		},
		{
			claim: "of an account that is renamed only what was built on the old name changes",
			given: func(w *world) {
				p, a := w.employ(1, "Jo", "Testcase")
				p.Last = "Renamed"
				a.Login, a.UPN, a.Mail, a.ProxyAddresses = "x123", "x123@corp.example", "x123@example.nhs.uk", []string{"SMTP:x123@example.nhs.uk"}
				a.CN, a.DN, a.Attributes["displayName"] = "Jo (x123)", "CN=Jo (x123),"+general, "Testcase, Jo"
			},
			want: []string{"rename set 20000001: displayName=Testcase, Jo→Renamed, Jo (Ward 4) sn=Testcase→Renamed"},
		},
		{
			claim: "a given name that is a form of the forename, or the middle name, is no change of name",
			given: func(w *world) {
				for n, given := range []string{"Jonathan", "Jon", "Jonathan Quill", "Quill", "JONATHAN"} {
					p, a := w.employ(n+1, "Jonathan", "Testcase"+string(rune('a'+n)))
					p.Middle, p.Preferred, a.Attributes["givenName"] = "Quill", "Jonathan", given
				}
			},
		},
		{
			claim: "a preferred name that the directory has is no change of name",
			given: func(w *world) { p, _ := w.employ(1, "Jo", "Testcase"); p.First = "Margaret" },
		},
		{
			claim: "another forename of an account that somebody else named changes givenName and what has it in it, and no login",
			given: func(w *world) {
				p, a := w.employ(1, "Jo", "Testcase")
				p.First, p.Preferred = "Vi", "Vi"
				a.Login, a.CN, a.DN = "testcase1", "Testcase 1", "CN=Testcase 1,"+general
				a.UPN, a.Mail, a.ProxyAddresses = "testcase1@example.nhs.uk", "testcase1@example.nhs.uk", []string{"SMTP:testcase1@example.nhs.uk"}
			},
			want: []string{"rename set 20000001: displayName=Testcase, Jo (Ward 4)→Testcase, Vi (Ward 4) givenName=Jo→Vi"},
		},
		{
			claim: "another forename changes a login that was made of its initial",
			given: func(w *world) { p, _ := w.employ(1, "Jo", "Testcase"); p.First, p.Preferred = "Vi", "Vi" },
			want: []string{
				"rename rename 20000001: cn=Jo Testcase (jtestcase)→Vi Testcase (vtestcase)",
				"rename set 20000001: displayName=Testcase, Jo (Ward 4)→Testcase, Vi (Ward 4) givenName=Jo→Vi" +
					" mail=jo.testcase@example.nhs.uk→vi.testcase@example.nhs.uk" +
					" proxyAddresses=SMTP:jo.testcase@example.nhs.uk→SMTP:vi.testcase@example.nhs.uk+smtp:jo.testcase@example.nhs.uk" +
					" sAMAccountName=jtestcase→vtestcase" +
					" userPrincipalName=jo.testcase@example.nhs.uk→vi.testcase@example.nhs.uk",
			},
		},
		{
			claim: "a name that the directory can only have cut is no change of name",
			given: func(w *world) {
				p, a := w.employ(1, "Jo", "Testcase")
				p.Last, p.Preferred, p.First = strings.Repeat("Long", 20), strings.Repeat("Tall", 20), strings.Repeat("Tall", 20)
				a.Attributes["sn"], a.Attributes["givenName"] = p.Last[:64], p.Preferred[:64]
			},
		},
		{
			claim: "an empty sn starts nothing",
			given: func(w *world) { _, a := w.employ(1, "Jo", "Testcase"); delete(a.Attributes, "sn") },
		},
		{
			claim: "an address at another service's domain stays",
			given: func(w *world) {
				p, a := w.employ(1, "Jo", "Testcase")
				p.Last = "Renamed"
				a.Mail, a.ProxyAddresses = "jo.testcase@nhs.example", []string{"SMTP:jo.testcase@nhs.example"}
			},
			want: []string{newCN, "rename set 20000001: displayName=Testcase, Jo (Ward 4)→Renamed, Jo (Ward 4) sAMAccountName=jtestcase→jrenamed sn=Testcase→Renamed"},
		},
		{
			claim: "who goes back to an old name gets the old address back",
			given: func(w *world) {
				p, a := w.employ(1, "Jo", "Testcase")
				p.Last = "Renamed"
				a.ProxyAddresses = append(a.ProxyAddresses, "smtp:jo.renamed@example.nhs.uk")
			},
			want: []string{newCN, "rename set 20000001: displayName=Testcase, Jo (Ward 4)→Renamed, Jo (Ward 4)" +
				" mail=jo.testcase@example.nhs.uk→jo.renamed@example.nhs.uk" +
				" proxyAddresses=SMTP:jo.testcase@example.nhs.uk+smtp:jo.renamed@example.nhs.uk→SMTP:jo.renamed@example.nhs.uk+smtp:jo.testcase@example.nhs.uk" +
				" sAMAccountName=jtestcase→jrenamed sn=Testcase→Renamed" +
				" userPrincipalName=jo.testcase@example.nhs.uk→jo.renamed@example.nhs.uk"},
		},
		{
			claim: "an alias that history gave to another person does not become the address",
			given: func(w *world) {
				p, a := w.employ(1, "Jo", "Testcase")
				p.Last, a.ProxyAddresses = "Renamed", append(a.ProxyAddresses, "smtp:jo.renamed@example.nhs.uk")
				w.given = []state.Name{{Kind: directory.Address, Value: "jo.renamed@example.nhs.uk", PersonID: "9"}}
			},
			want: []string{newCN, "rename set 20000001: displayName=Testcase, Jo (Ward 4)→Renamed, Jo (Ward 4)" +
				" mail=jo.testcase@example.nhs.uk→jo.renamed2@example.nhs.uk" +
				" proxyAddresses=SMTP:jo.testcase@example.nhs.uk→SMTP:jo.renamed2@example.nhs.uk+smtp:jo.testcase@example.nhs.uk" +
				" sAMAccountName=jtestcase→jrenamed sn=Testcase→Renamed" +
				" userPrincipalName=jo.testcase@example.nhs.uk→jo.renamed2@example.nhs.uk"},
		},
		{
			claim: "a rename that was cut short after the CN is finished",
			given: func(w *world) {
				p, a := w.employ(1, "Jo", "Testcase")
				p.Last = "Renamed"
				a.CN, a.DN = "Jo Renamed (jrenamed)", "CN=Jo Renamed (jrenamed),"+general
			},
			want: []string{newNames},
		},
		{
			claim: "two people who take the same name in one night get two",
			given: func(w *world) {
				w.policy.Attributes = nil
				for n, last := range []string{"Testcase", "Madeup"} {
					p, _ := w.employ(n+1, "Jo", last)
					p.Last = "Renamed"
				}
			},
			want: []string{
				newCN, newNames,
				"rename rename 20000002: cn=Jo Madeup (jmadeup)→Jo Renamed (jrenamed2)",
				"rename set 20000002: displayName=Madeup, Jo (Ward 4)→Renamed, Jo (Ward 4)" +
					" mail=jo.madeup@example.nhs.uk→jo.renamed2@example.nhs.uk" +
					" proxyAddresses=SMTP:jo.madeup@example.nhs.uk→SMTP:jo.renamed2@example.nhs.uk+smtp:jo.madeup@example.nhs.uk" +
					" sAMAccountName=jmadeup→jrenamed2 sn=Madeup→Renamed" +
					" userPrincipalName=jo.madeup@example.nhs.uk→jo.renamed2@example.nhs.uk",
			},
		},
	})
}

func TestARenameWaitsForReviewWhereTheTrustSaysSo(t *testing.T) {
	t.Parallel()
	for mode, want := range map[string]bool{plan.RenameReview: true, plan.RenameAutomatic: false} {
		w := newWorld()
		w.policy.Rename = mode
		p, _ := w.employ(1, "Jo", "Testcase")
		p.Last = "Renamed"
		for _, c := range plan.Calculate(w.input()).Changes {
			if c.Class != plan.Rename || c.Review != want {
				t.Errorf("%s: %s %s has review %v", mode, c.Class, c.Kind, c.Review)
			}
		}
	}
}

func TestAMeetingOfTheOldNameInESRIsEvidence(t *testing.T) {
	t.Parallel()
	w := newWorld()
	p, _ := w.employ(1, "Jo", "Testcase")
	p.Last, p.PreviousLast = "Renamed", "Testcase"
	got := one(t, plan.Calculate(w.input()), plan.Renaming).Evidence
	if len(got) == 0 || got[len(got)-1] != "ESR has the directory's surname as the previous one" {
		t.Errorf("the evidence is %v", got)
	}
}
