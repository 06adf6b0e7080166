package guard_test

import (
	"encoding/json"
	"math/rand/v2"
	"slices"
	"sort"
	"testing"
	"time"

	"pgregory.net/rapid"

	"esrsync/esrmodel"
	"esrsync/internal/directory"
	"esrsync/internal/state"
	"esrsync/sync/guard"
	"esrsync/sync/plan"
)

// drawn draws a plan, a policy and a day's history.
func drawn(t *rapid.T) guard.Input {
	x := input()
	x.Enabled = rapid.IntRange(0, 60).Draw(t, "enabled")
	x.Policy.ShareFrom = rapid.IntRange(0, 6).Draw(t, "share_from")
	for _, class := range plan.Classes() {
		x.Policy.Limits[class] = guard.Limit{Max: rapid.IntRange(0, 6).Draw(t, "max"), MaxPercent: float64(rapid.IntRange(0, 30).Draw(t, "percent"))}
	}
	x.Policy.PerOrganisation = guard.Limit{Max: rapid.IntRange(0, 3).Draw(t, "max of one"), MaxPercent: 50}
	x.Policy.Observe = rapid.IntRange(0, 9).Draw(t, "observe") == 0
	if rapid.Bool().Draw(t, "event") {
		x.Policy.Expected = []guard.Expected{rotation()}
		x.Policy.Expected[0].Limits = map[plan.Class]guard.Limit{plan.Leaver: {Max: rapid.IntRange(0, 4).Draw(t, "expected")}}
	}
	if rapid.Bool().Draw(t, "quiet") {
		x.Policy.Quiet = []guard.Quiet{{Text: "always", From: 0, To: 7 * 24 * 60}}
	}
	x.Now = x.Now.Add(time.Duration(rapid.IntRange(0, 10000).Draw(t, "minutes")) * time.Minute)
	x.HeldOrganisations = map[string]bool{"O1": rapid.Bool().Draw(t, "shrunk")}
	x.Plan.Changes = unique(rapid.SliceOfN(anyChange(), 0, 25).Draw(t, "plan"))
	x.Applied = done(rapid.SliceOfN(anyChange(), 0, 15).Draw(t, "applied"))
	half := rapid.IntRange(0, len(x.Plan.Changes)).Draw(t, "approved")
	x.Approvals = []state.Approval{approve(x.Plan.Changes[:half])}
	x.People = append(people(x.Plan.Changes, "Medical and Dental"), people(decoded(x.Applied), "Medical and Dental")...)
	return x
}

func decoded(entries []state.Entry) []plan.Change {
	var out []plan.Change
	for _, e := range entries {
		out = append(out, plan.Change{PersonID: e.PersonID, Person: e.Person})
	}
	return out
}

func anyChange() *rapid.Generator[plan.Change] {
	return rapid.Custom(func(t *rapid.T) plan.Change {
		c := change(
			rapid.SampledFrom(plan.Classes()).Draw(t, "class"),
			rapid.SampledFrom([]plan.Kind{plan.Create, plan.Disable, plan.Set, plan.RemoveMember}).Draw(t, "kind"),
			rapid.IntRange(0, 12).Draw(t, "person"))
		c.SliceID = rapid.SampledFrom([]string{"", "O1", "O2"}).Draw(t, "organisation")
		c.Effective = today + esrmodel.Date(rapid.IntRange(-1, 3).Draw(t, "felt"))
		c.Urgent, c.Review = rapid.Bool().Draw(t, "urgent"), c.Class == plan.Rename && rapid.Bool().Draw(t, "review")
		if c.Kind == plan.Create {
			c.Account = directory.GUID{}
		}
		if c.Kind == plan.Set && rapid.Bool().Draw(t, "manager") {
			c.ManagerID = "3"
		}
		return c.Identify()
	})
}

// unique drops changes that are there already.
func unique(cs []plan.Change) []plan.Change {
	seen := map[string]bool{}
	return slices.DeleteFunc(cs, func(c plan.Change) bool {
		again := seen[c.ID]
		seen[c.ID] = true
		return again
	})
}

func allowed(v guard.Verdict) map[string]bool {
	out := map[string]bool{}
	for _, id := range v.Allowed {
		out[id] = true
	}
	return out
}

func TestEveryChangeIsAllowedOrHeld(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		x := drawn(t)
		partition(t, x.Plan, guard.Judge(x))
	})
}

func TestALockoutIsNeverHeld(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		x := drawn(t)
		no := approve(x.Plan.Changes)
		no.Rejected = true
		x.Approvals = append(x.Approvals, no)
		yes := allowed(guard.Judge(x))
		for _, c := range x.Plan.Changes {
			if c.Class == plan.Lockout && !yes[c.ID] {
				t.Fatalf("a lockout is held")
			}
		}
	})
}

func TestMoreThatWasDoneNeverLetsMoreThrough(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		x := drawn(t)
		before := allowed(guard.Judge(x))
		more := done(rapid.SliceOfN(anyChange(), 1, 5).Draw(t, "more"))
		x.People = append(x.People, people(decoded(more), "Medical and Dental")...)
		x.Applied = append(x.Applied, more...)
		for id := range allowed(guard.Judge(x)) {
			if !before[id] {
				t.Fatalf("%s is let through by more having been done", id)
			}
		}
	})
}

func TestAnApprovalLetsThroughWhatItSawAndNothingElse(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		x := drawn(t)
		with := allowed(guard.Judge(x))
		saw := x.Approvals[0]
		x.Approvals = nil
		without := allowed(guard.Judge(x))
		leads := map[string]bool{} // what an approval of a change lets follow it
		for _, c := range x.Plan.Changes {
			if slices.Contains(saw.ChangeIDs, c.ID) && (c.Kind == plan.Create || c.Kind == plan.Disable || c.Class == plan.Rename) {
				leads[c.PersonID] = true
			}
		}
		for _, c := range x.Plan.Changes {
			if with[c.ID] && !without[c.ID] && !slices.Contains(saw.ChangeIDs, c.ID) && !leads[c.PersonID] && !leads[c.ManagerID] {
				t.Fatalf("%s %s of %s is let through and no approval saw it", c.Class, c.Kind, c.Person)
			}
		}
	})
}

func TestTheOrderOfTheInputDoesNotMatter(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		x := drawn(t)
		want := canonical(t, guard.Judge(x))
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		r.Shuffle(len(x.Plan.Changes), func(i, j int) {
			x.Plan.Changes[i], x.Plan.Changes[j] = x.Plan.Changes[j], x.Plan.Changes[i]
		})
		r.Shuffle(len(x.Applied), func(i, j int) { x.Applied[i], x.Applied[j] = x.Applied[j], x.Applied[i] })
		r.Shuffle(len(x.People), func(i, j int) { x.People[i], x.People[j] = x.People[j], x.People[i] })
		if got := canonical(t, guard.Judge(x)); got != want {
			t.Fatalf("another order gives another verdict:\n%s\n%s", want, got)
		}
	})
}

// canonical writes a verdict with its lists sorted.
func canonical(t *rapid.T, v guard.Verdict) string {
	sort.Strings(v.Allowed)
	for i := range v.Held {
		sort.Strings(v.Held[i].Changes)
	}
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
