package guard_test

import (
	"fmt"
	"strings"
	"testing"

	"esrsync/internal/directory"
	"esrsync/sync/guard"
	"esrsync/sync/plan"
)

// joinersOf returns a plan of n new accounts.
func joinersOf(n int) plan.Plan {
	var p plan.Plan
	for i := range n {
		key := fmt.Sprintf("2000%04d", i)
		p.Changes = append(p.Changes, plan.Change{Class: plan.Joiner, Kind: plan.Create, Person: key, PersonID: key, After: plan.Values{plan.CN: {key}}}.Identify())
	}
	return p.Seal()
}

func TestAShareOfAHundredLetsATrustMakeItsFirstAccounts(t *testing.T) {
	t.Parallel()
	in := guard.Input{Plan: joinersOf(30), Policy: guard.Policy{ShareFrom: 5, Limits: map[plan.Class]guard.Limit{plan.Joiner: {Max: 50, MaxPercent: 100}}}}
	if v := guard.Judge(in); len(v.Held) != 0 {
		t.Errorf("held %+v", v.Held)
	}
	in.Policy.Limits[plan.Joiner] = guard.Limit{Max: 50, MaxPercent: 99}
	if v := guard.Judge(in); len(v.Held) != 1 {
		t.Errorf("99 %% of nobody let %d through", len(v.Allowed))
	}
}

func TestALimitIsToldOnceHoweverManyItHolds(t *testing.T) {
	t.Parallel()
	var p plan.Plan
	for i := range 60 {
		key := fmt.Sprintf("2000%04d", i)
		p.Changes = append(p.Changes, plan.Change{Class: plan.Leaver, Kind: plan.Disable, Person: key, PersonID: key, Account: directory.GUID{1, byte(i)},
			Slice: "Ward 9", SliceID: "9", After: plan.Values{plan.Token: {"leaver"}}}.Identify())
	}
	v := guard.Judge(guard.Input{Plan: p.Seal(), Enabled: 1000, EnabledByOrganisation: map[string]int{"9": 100}, Policy: guard.Policy{
		Limits: map[plan.Class]guard.Limit{plan.Leaver: {Max: 40, MaxPercent: 50}}, PerOrganisation: guard.Limit{Max: 5, MaxPercent: 30},
	}})
	if len(v.Held) != 1 || strings.Count(v.Held[0].Limit, "guard.leaver") != 1 || strings.Count(v.Held[0].Limit, "guard.per_organisation") != 1 {
		t.Errorf("held %+v", v.Held)
	}
}
