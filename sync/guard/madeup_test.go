package guard_test

import (
	"encoding/json"
	"fmt"
	"sort"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"esrsync/esrmodel"
	"esrsync/internal/directory"
	"esrsync/internal/state"
	"esrsync/sync/guard"
	"esrsync/sync/person"
	"esrsync/sync/plan"
)

var today = esrmodel.NewDate(2026, time.November, 22)

// policy is the one of the reference configuration.
func policy() guard.Policy {
	return guard.Policy{
		ShareFrom: 5,
		Limits: map[plan.Class]guard.Limit{
			plan.Leaver: {Max: 40, MaxPercent: 1}, plan.Mover: {Max: 100, MaxPercent: 5}, plan.Joiner: {Max: 100, MaxPercent: 5},
			plan.Rename: {Max: 20, MaxPercent: 1}, plan.Repair: {Max: 50, MaxPercent: 2}, plan.Link: {}, plan.Delete: {},
		},
		PerOrganisation: guard.Limit{Max: 5, MaxPercent: 30},
	}
}

// input is a trust of 8,000 enabled accounts, 20 in each organisation, in which
// nothing is planned.
func input() guard.Input {
	in := guard.Input{
		Now:     time.Date(2026, time.November, 22, 6, 0, 0, 0, time.UTC), // a Sunday
		Enabled: 8000, EnabledByOrganisation: map[string]int{}, Policy: policy(),
	}
	for i := range 400 {
		in.EnabledByOrganisation[fmt.Sprintf("O%d", i)] = 20
	}
	return in
}

func guid(n int) directory.GUID {
	return directory.GUID{byte(n >> 24), byte(n >> 16), byte(n >> 8), byte(n)}
}

// change is the change of the nth person, who works in an organisation of their
// own unless told otherwise.
func change(class plan.Class, kind plan.Kind, n int) plan.Change {
	c := plan.Change{
		Class: class, Kind: kind, Person: fmt.Sprintf("2%07d", n), PersonID: fmt.Sprint(n), Account: guid(n + 1),
		SliceID: fmt.Sprintf("O%d", n%400), Slice: fmt.Sprintf("Ward %d", n%400), Effective: today,
		After: plan.Values{"what": {string(kind)}},
	}
	return c.Identify()
}

func leaver(n int) plan.Change { return change(plan.Leaver, plan.Disable, n) }

func leavers(from, to int) []plan.Change {
	var out []plan.Change
	for n := from; n < to; n++ {
		out = append(out, leaver(n))
	}
	return out
}

func in(organisation int, cs []plan.Change) []plan.Change {
	for i := range cs {
		cs[i].SliceID, cs[i].Slice = fmt.Sprintf("O%d", organisation), fmt.Sprintf("Ward %d", organisation)
	}
	return cs
}

func felt(on esrmodel.Date, cs []plan.Change) []plan.Change {
	for i := range cs {
		cs[i].Effective = on
	}
	return cs
}

// done makes journal entries of changes.
func done(cs []plan.Change) []state.Entry {
	var out []state.Entry
	for _, c := range cs {
		raw, err := json.Marshal(c)
		if err != nil {
			panic(err)
		}
		out = append(out, state.Entry{
			ChangeID: c.ID, Class: string(c.Class), Kind: string(c.Kind), PersonID: c.PersonID, Person: c.Person,
			Account: c.Account, SliceID: c.SliceID, Change: raw, Outcome: state.Done,
		})
	}
	return out
}

func approve(cs []plan.Change) state.Approval {
	a := state.Approval{ID: "a", By: "admin", Reason: "looked at"}
	for _, c := range cs {
		a.ChangeIDs = append(a.ChangeIDs, c.ID)
	}
	return a
}

func people(cs []plan.Change, group string) []person.Person {
	var out []person.Person
	for _, c := range cs {
		out = append(out, person.Person{ID: c.PersonID, Key: c.Person, Primary: person.Post{StaffGroup: group}})
	}
	return out
}

func rotation() guard.Expected {
	when, err := person.CompileRule(`staff_group == "Medical and Dental"`, nil)
	if err != nil {
		panic(err)
	}
	return guard.Expected{
		Name: "August rotation", From: today, To: today + 2, When: when,
		Limits: map[plan.Class]guard.Limit{plan.Leaver: {Max: 400}, plan.Joiner: {Max: 400}},
	}
}

// causes returns why each held change is held, by change ID.
func causes(v guard.Verdict) map[string][]plan.Cause {
	out := map[string][]plan.Cause{}
	for _, h := range v.Held {
		for _, id := range h.Changes {
			out[id] = h.Causes
		}
	}
	return out
}

// partition checks that every change is allowed or held, exactly once.
func partition(t interface {
	Errorf(string, ...any)
}, p plan.Plan, v guard.Verdict) {
	var got, want []string
	got = append(got, v.Allowed...)
	for _, h := range v.Held {
		got = append(got, h.Changes...)
	}
	for _, c := range p.Changes {
		want = append(want, c.ID)
	}
	sort.Strings(got)
	sort.Strings(want)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("allowed and held are not the plan, each change once:\n%s", diff)
	}
}

func same(t *testing.T, what string, got, want any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}
