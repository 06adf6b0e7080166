package plan_test

import (
	"fmt"

	"esrsync/sync/plan"
)

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
