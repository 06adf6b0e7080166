package guard_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"esrsync/internal/state"
	"esrsync/sync/guard"
	"esrsync/sync/plan"
)

func TestLimits(t *testing.T) {
	t.Parallel()
	none := []plan.Cause(nil)
	limit, organisation := []plan.Cause{plan.OverLimit}, []plan.Cause{plan.OverSlice}
	cases := []struct {
		claim string
		given func(*guard.Input) []plan.Change
		want  []plan.Cause // of the first change; nil: allowed
	}{
		{"forty leavers go through", func(*guard.Input) []plan.Change { return leavers(0, 40) }, none},
		{"forty-one leavers wait, all of them", func(*guard.Input) []plan.Change { return leavers(0, 41) }, limit},
		{"a share above its limit waits, though the number is small", func(in *guard.Input) []plan.Change {
			in.Enabled = 400
			return leavers(0, 5)
		}, limit},
		{"a share counts only from share_from up", func(in *guard.Input) []plan.Change {
			in.Enabled = 100
			return leavers(0, 4)
		}, none},
		{"a share is of the accounts that were enabled before the window", func(in *guard.Input) []plan.Change {
			in.Enabled, in.Applied = 496, done(leavers(10, 14))
			return leavers(0, 1) // five of 500, not of 496
		}, none},
		{"an account that was changed and is planned again counts once", func(in *guard.Input) []plan.Change {
			in.Applied = done(leavers(0, 40))
			return leavers(0, 40)
		}, none},
		{"what the last 24 hours did counts", func(in *guard.Input) []plan.Change {
			in.Applied = done(leavers(0, 40))
			return leavers(40, 41)
		}, limit},
		{"what was skipped or failed does not count", func(in *guard.Input) []plan.Change {
			in.Applied = done(leavers(0, 40))
			for i := range in.Applied {
				in.Applied[i].Outcome = state.Failed
			}
			return leavers(40, 41)
		}, none},
		{"what is not known to have failed counts", func(in *guard.Input) []plan.Change {
			in.Applied = done(leavers(0, 40))
			for i := range in.Applied {
				in.Applied[i].Outcome = ""
			}
			return leavers(40, 41)
		}, limit},
		{"several changes of one account count once", func(*guard.Input) []plan.Change {
			out := leavers(0, 40)
			return append(out, change(plan.Leaver, plan.RemoveMember, 0), change(plan.Leaver, plan.Move, 0))
		}, none},
		{"an account that is made and then enabled counts once", func(in *guard.Input) []plan.Change {
			in.Policy.Limits[plan.Joiner] = guard.Limit{Max: 1, MaxPercent: 100}
			created := change(plan.Joiner, plan.Create, 0)
			created.Account = guid(0)
			created.Account = [16]byte{}
			in.Applied = done([]plan.Change{created.Identify()})
			return []plan.Change{change(plan.Joiner, plan.Enable, 0)}
		}, none},
		{"a limit of zero lets nothing through", func(*guard.Input) []plan.Change {
			return []plan.Change{change(plan.Link, plan.Mark, 0)}
		}, limit},
		{"a class without a limit lets nothing through", func(in *guard.Input) []plan.Change {
			delete(in.Policy.Limits, plan.Mover)
			return []plan.Change{change(plan.Mover, plan.Set, 0)}
		}, limit},
		{"the sixth leaver of one organisation holds that organisation", func(*guard.Input) []plan.Change {
			return in(7, leavers(0, 6))
		}, organisation},
		{"the other organisations go on", func(*guard.Input) []plan.Change {
			return append(in(8, leavers(0, 1)), in(7, leavers(10, 16))...)
		}, none},
		{"a third of an organisation waits", func(x *guard.Input) []plan.Change {
			x.EnabledByOrganisation["O7"] = 15
			return in(7, leavers(0, 5))
		}, organisation},
		{"the limit of organisations is for leavers alone", func(*guard.Input) []plan.Change {
			var out []plan.Change
			for n := range 30 {
				out = append(out, change(plan.Mover, plan.Set, n))
			}
			return in(7, out)
		}, none},
	}
	for _, c := range cases {
		t.Run(c.claim, func(t *testing.T) {
			t.Parallel()
			x := input()
			x.Plan.Changes = c.given(&x)
			v := guard.Judge(x)
			partition(t, x.Plan, v)
			same(t, "causes", causes(v)[x.Plan.Changes[0].ID], c.want)
		})
	}
}

func TestExpectedEvents(t *testing.T) {
	t.Parallel()
	const doctors, others = "Medical and Dental", "Nursing"
	cases := []struct {
		claim string
		given func(*guard.Input) []plan.Change
		group string
		held  int
	}{
		{"300 doctors who leave on rotation day go through", func(*guard.Input) []plan.Change { return leavers(0, 300) }, doctors, 0},
		{"300 doctors who leave in one ward on rotation day go through", func(*guard.Input) []plan.Change { return in(7, leavers(0, 300)) }, doctors, 0},
		{"300 doctors who leave on any other day are held", func(*guard.Input) []plan.Change { return felt(today-1, leavers(0, 300)) }, doctors, 300},
		{"300 of anybody else who leave on rotation day are held", func(*guard.Input) []plan.Change { return leavers(0, 300) }, others, 300},
		{"401 doctors on rotation day are more than expected", func(*guard.Input) []plan.Change { return leavers(0, 401) }, doctors, 401},
		{"leaving dates written ahead are judged by the day on which they are felt", func(in *guard.Input) []plan.Change {
			in.Policy.Expected[0].From, in.Policy.Expected[0].To = today+30, today+32
			return felt(today+31, leavers(0, 300))
		}, doctors, 0},
		{"doctors who went this morning leave the ordinary limit alone", func(in *guard.Input) []plan.Change {
			in.Applied = done(leavers(1000, 1300))
			in.People = append(in.People, people(leavers(1000, 1300), doctors)...)
			return leavers(0, 40)
		}, others, 0},
		{"doctors who went this morning count against the event", func(in *guard.Input) []plan.Change {
			in.Applied = done(leavers(1000, 1300))
			in.People = append(in.People, people(leavers(1000, 1300), doctors)...)
			return leavers(0, 101)
		}, doctors, 101},
		{"a class that the event does not name keeps its limit", func(*guard.Input) []plan.Change {
			var out []plan.Change
			for n := range 101 {
				out = append(out, change(plan.Mover, plan.Set, n))
			}
			return out
		}, doctors, 101},
	}
	for _, c := range cases {
		t.Run(c.claim, func(t *testing.T) {
			t.Parallel()
			x := input()
			x.Policy.Expected = []guard.Expected{rotation()}
			x.Plan.Changes = c.given(&x)
			x.People = append(x.People, people(x.Plan.Changes, c.group)...)
			v := guard.Judge(x)
			partition(t, x.Plan, v)
			if got := len(causes(v)); got != c.held {
				t.Errorf("%d are held, want %d: %+v", got, c.held, v.Held)
			}
		})
	}
}

func TestTheHeldAreNamed(t *testing.T) {
	t.Parallel()
	x := input()
	x.Plan.Changes = leavers(0, 41)
	v := guard.Judge(x)
	if len(v.Held) != 1 {
		t.Fatalf("there are %d groups, want one", len(v.Held))
	}
	h := v.Held[0]
	if h.Class != plan.Leaver || h.Count != 41 || len(h.People) != 41 || len(h.Changes) != 41 || h.Slice != "" {
		t.Errorf("held is %+v", h)
	}
	same(t, "limit", h.Limit, "guard.leaver = 40 or 1 %")
	same(t, "reason", h.Reason, "41 accounts of class leaver: more than 40.")
	if !slices.IsSorted(h.People) || !v.Waiting() || h.ByMode() {
		t.Errorf("the people are not sorted, or nobody waits: %+v", h)
	}
}

func TestEveryReasonIsToldAtOnce(t *testing.T) {
	t.Parallel()
	x := input()
	x.Policy.Observe = true
	x.Policy.Classes = map[plan.Class]bool{plan.Mover: true}
	x.HeldOrganisations = map[string]bool{"O7": true}
	x.Plan.Changes = in(7, leavers(0, 41))
	v := guard.Judge(x)
	same(t, "causes", causes(v)[x.Plan.Changes[0].ID],
		[]plan.Cause{plan.Observing, plan.NotEnforced, plan.OverLimit, plan.OverSlice, plan.Shrunk})
	if got := v.Held[0].Slice; got != "Ward 7" {
		t.Errorf("the organisation is %q", got)
	}
	for _, part := range []string{"The mode is observe", "is not enforced", "more than 40", "in Ward 7: more than 5", "shrank Ward 7"} {
		if !strings.Contains(v.Held[0].Reason, part) {
			t.Errorf("%q lacks %q", v.Held[0].Reason, part)
		}
	}
}

func TestModes(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		claim string
		set   func(*guard.Policy)
		want  plan.Cause
	}{
		{"observe writes nothing", func(p *guard.Policy) { p.Observe = true }, plan.Observing},
		{"a class that is not enforced is only reported", func(p *guard.Policy) { p.Classes = map[plan.Class]bool{plan.Mover: true} }, plan.NotEnforced},
	} {
		t.Run(c.claim, func(t *testing.T) {
			t.Parallel()
			x := input()
			c.set(&x.Policy)
			x.Plan.Changes = append(leavers(0, 1), change(plan.Lockout, plan.Disable, 5))
			x.Approvals = []state.Approval{approve(x.Plan.Changes)}
			v := guard.Judge(x)
			same(t, "causes", causes(v), map[string][]plan.Cause{x.Plan.Changes[0].ID: {c.want}})
			if v.Waiting() || !v.Held[0].ByMode() {
				t.Errorf("nothing waits for a person by the mode alone: %+v", v.Held)
			}
		})
	}
}

func TestApprovals(t *testing.T) {
	t.Parallel()
	x := input()
	saw := leavers(0, 300)
	x.Approvals = []state.Approval{approve(saw)}
	x.Plan.Changes = leavers(0, 301)
	v := guard.Judge(x)
	partition(t, x.Plan, v)
	held := causes(v)
	if len(v.Allowed) != 300 || len(held) != 1 || held[x.Plan.Changes[300].ID] == nil {
		t.Errorf("%d are allowed and %d held; want exactly the 300 that the approval saw", len(v.Allowed), len(held))
	}
}

func TestARejectionHoldsWhatItSaw(t *testing.T) {
	t.Parallel()
	x := input()
	x.Plan.Changes = leavers(0, 2)
	no := approve(x.Plan.Changes[:1])
	no.Rejected, no.Reason = true, "the feed is wrong"
	x.Approvals = []state.Approval{approve(x.Plan.Changes), no}
	v := guard.Judge(x)
	same(t, "causes", causes(v), map[string][]plan.Cause{x.Plan.Changes[0].ID: {plan.Rejected}})
	same(t, "reason", v.Held[0].Reason, "Rejected by admin: the feed is wrong.")
}

func TestRenamesUnderReviewAndShrunkOrganisations(t *testing.T) {
	t.Parallel()
	x := input()
	rename := change(plan.Rename, plan.Set, 1)
	rename.Review = true
	x.HeldOrganisations = map[string]bool{"O2": true}
	x.Plan.Changes = []plan.Change{leaver(2), rename, change(plan.Mover, plan.Set, 2)}
	want := map[string][]plan.Cause{x.Plan.Changes[0].ID: {plan.Shrunk}, rename.ID: {plan.UnderReview}}
	same(t, "causes", causes(guard.Judge(x)), want)
	x.Approvals = []state.Approval{approve(x.Plan.Changes)}
	same(t, "causes once approved", causes(guard.Judge(x)), map[string][]plan.Cause{})
}

func TestQuietHours(t *testing.T) {
	t.Parallel()
	weekend := guard.Quiet{Text: "Fri 16:00 - Mon 07:00", From: 4*24*60 + 16*60, To: 7 * 60}
	sunday := time.Date(2026, time.November, 22, 6, 0, 0, 0, time.UTC)
	monday := time.Date(2026, time.November, 23, 7, 0, 0, 0, time.UTC)
	cases := []struct {
		claim    string
		now      time.Time
		number   int
		approved bool
		urgent   bool
		want     []plan.Cause
	}{
		{"leavers who were held and approved before wait", sunday, 41, true, false, []plan.Cause{plan.QuietHours}},
		{"they are applied when the quiet hours are over", monday, 41, true, false, nil},
		{"a dismissal or a date that has passed is never delayed", sunday, 41, true, true, nil},
		{"an urgent leaver above the limit still needs its approval", sunday, 41, false, true, []plan.Cause{plan.OverLimit}},
		{"leavers within the limits do not wait", sunday, 3, false, false, nil},
	}
	for _, c := range cases {
		t.Run(c.claim, func(t *testing.T) {
			t.Parallel()
			x := input()
			x.Now, x.Policy.Quiet = c.now, []guard.Quiet{weekend}
			x.Plan.Changes = leavers(0, c.number)
			for i := range x.Plan.Changes {
				x.Plan.Changes[i].Urgent = c.urgent
			}
			if c.approved {
				x.Approvals = []state.Approval{approve(x.Plan.Changes)}
			}
			same(t, "causes", causes(guard.Judge(x))[x.Plan.Changes[0].ID], c.want)
		})
	}
}

func TestWhatFollowsAHeldChangeIsHeldWithIt(t *testing.T) {
	t.Parallel()
	depends := []plan.Cause{plan.DependsOnOne}
	cases := []struct {
		claim string
		first plan.Change
		then  plan.Change
		want  []plan.Cause
	}{
		{"a membership after a held creation", change(plan.Joiner, plan.Create, 1), change(plan.Joiner, plan.AddMember, 1), depends},
		{"a membership that goes after a held disabling", leaver(1), change(plan.Leaver, plan.RemoveMember, 1), depends},
		{"the other half of a held rename", change(plan.Rename, plan.Set, 1), change(plan.Rename, plan.Renaming, 1), depends},
		{"another person's change goes on", leaver(1), change(plan.Leaver, plan.RemoveMember, 2), nil},
		{"another class of the same person goes on", leaver(1), change(plan.Repair, plan.Mark, 1), nil},
		{"an approved disabling goes on though what follows is not approved", change(plan.Leaver, plan.RemoveMember, 1), leaver(1), nil},
	}
	for _, c := range cases {
		t.Run(c.claim, func(t *testing.T) {
			t.Parallel()
			x := input()
			x.Plan.Changes = []plan.Change{c.first, c.then}
			no := approve(x.Plan.Changes[:1])
			no.Rejected = true
			x.Approvals = []state.Approval{no}
			same(t, "causes", causes(guard.Judge(x))[c.then.ID], c.want)
		})
	}
}

func TestAManagerWaitsForTheMakingOfTheAccount(t *testing.T) {
	t.Parallel()
	x := input()
	set := change(plan.Mover, plan.Set, 2)
	set.ManagerID = "1"
	x.Plan.Changes = []plan.Change{change(plan.Joiner, plan.Create, 1), set}
	same(t, "causes", causes(guard.Judge(x)), map[string][]plan.Cause{})
	x.Policy.Limits[plan.Joiner] = guard.Limit{}
	same(t, "causes", causes(guard.Judge(x))[set.ID], []plan.Cause{plan.DependsOnOne})
}

func TestAnEmptyPlanHoldsNothing(t *testing.T) {
	t.Parallel()
	v := guard.Judge(input())
	if v.Allowed == nil || v.Held == nil || len(v.Allowed)+len(v.Held) > 0 || v.Waiting() {
		t.Errorf("the verdict on nothing is %+v", v)
	}
}
