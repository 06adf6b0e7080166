package plan_test

import (
	"testing"

	"esrsync/sync/plan"
)

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
