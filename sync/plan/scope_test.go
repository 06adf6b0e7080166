package plan_test

import (
	"strings"
	"testing"

	"esrsync/internal/directory"
	"esrsync/sync/plan"
)

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
