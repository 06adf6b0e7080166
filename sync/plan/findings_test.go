package plan_test

import (
	"strings"
	"testing"
	"time"

	"esrsync/internal/directory"
	"esrsync/sync/person"
	"esrsync/sync/plan"
)

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
