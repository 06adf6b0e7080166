package plan_test

import (
	"strings"
	"testing"

	"esrsync/internal/directory"
	"esrsync/internal/state"
	"esrsync/sync/plan"
)

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
