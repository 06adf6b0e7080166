package plan_test

import (
	"fmt"
	"slices"
	"sort"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"esrsync/sync/plan"
)

// lines says what a plan does, a line for each change.
func lines(p plan.Plan) []string {
	out := []string{}
	for _, c := range p.Changes {
		line := fmt.Sprintf("%s %s %s:", c.Class, c.Kind, c.Person)
		for _, name := range namesIn(c) {
			line += fmt.Sprintf(" %s=%s", name, strings.Join(c.Before[name], "+"))
			line += "→" + strings.Join(c.After[name], "+")
		}
		out = append(out, line)
	}
	return out
}

func namesIn(c plan.Change) []string {
	var out []string
	for n := range c.Before {
		out = append(out, n)
	}
	for n := range c.After {
		out = append(out, n)
	}
	sort.Strings(out)
	return slices.Compact(out)
}

// codes returns the findings as code and subject, in order.
func codes(p plan.Plan) []string {
	out := []string{}
	for _, f := range p.Findings {
		out = append(out, string(f.Code)+" "+f.Subject.Key)
	}
	sort.Strings(out)
	return out
}

// kinds returns class and kind of every change.
func kinds(p plan.Plan) []string {
	out := []string{}
	for _, c := range p.Changes {
		out = append(out, string(c.Class)+" "+string(c.Kind))
	}
	return out
}

// one returns the only change of a kind.
func one(t *testing.T, p plan.Plan, kind plan.Kind) plan.Change {
	t.Helper()
	var found []plan.Change
	for _, c := range p.Changes {
		if c.Kind == kind {
			found = append(found, c)
		}
	}
	if len(found) != 1 {
		t.Fatalf("the plan has %d changes of kind %s, want one: %v", len(found), kind, lines(p))
	}
	return found[0]
}

func same(t *testing.T, what string, got, want any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

// ruling is one claim about what is planned.
type ruling struct {
	claim    string
	given    func(*world)
	want     []string // lines
	findings []string // codes; nil: not looked at
}

// check plans each case, compares, applies the plan and plans again: whatever
// the ruling, a second run finds nothing left to do.
func check(t *testing.T, cases []ruling) {
	t.Helper()
	for _, c := range cases {
		t.Run(c.claim, func(t *testing.T) {
			t.Parallel()
			w := newWorld()
			c.given(w)
			p := plan.Calculate(w.input())
			if c.want == nil {
				c.want = []string{}
			}
			same(t, "changes", lines(p), c.want)
			if c.findings != nil {
				same(t, "findings", codes(p), c.findings)
			}
			w.settle(t)
		})
	}
}
