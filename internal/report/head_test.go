package report

import (
	"strings"
	"testing"
	"time"

	"esrsync/internal/state"
	"esrsync/sync/plan"
)

// with returns a calm night that was changed.
func with(edit func(n *Night)) Night {
	n := calm()
	edit(&n)
	return n
}

// holding is a calm night on which one leaver is held for some causes.
func holding(causes ...plan.Cause) Night {
	return with(func(n *Night) {
		ch := change(plan.Leaver, plan.Disable, "20000004", nil, nil, "Left on 21 November 2026.")
		n.Plan.Changes = []plan.Change{ch}
		n.Plan.Verdict = &plan.Verdict{Held: []plan.Held{{
			Class: plan.Leaver, Limit: "20 leavers", Count: 1, Reason: "a reason", Causes: causes, Changes: []string{ch.ID}, People: []string{"20000004"},
		}}}
		n.Plan = n.Plan.Seal()
		n.Numbers.Held = 1
	})
}

func TestTheFirstSentenceSaysWhetherAllIsWell(t *testing.T) {
	t.Parallel()
	refused := state.Feed{Name: "A.DAT", Verdict: state.Quarantined}
	for _, c := range []struct {
		name  string
		night Night
		tone  tone
		words string
	}{
		{"a calm night", calm(), good, "The run finished at 06:02 and all is well."},
		{"a held class waits for a person", holding(plan.OverLimit), warn, "The run finished at 06:02, but 1 change waits for you."},
		{"a class held by the mode waits for nobody", holding(plan.NotEnforced), good, "The run finished at 06:02 and all is well. It only shows the classes that are not enforced: 1 change is not made."},
		{"a failed change is told first", with(func(n *Night) { n.Numbers.Failed, n.Numbers.Critical = 2, 1 }), bad, "The run finished at 06:02, but 2 changes failed and 1 finding is critical."},
		{"a refused feed is bad", with(func(n *Night) { n.Feeds = []state.Feed{refused} }), bad, "The run finished at 06:02, but 1 feed was refused."},
		{"an old feed is bad", with(func(n *Night) { n.FeedLate = true }), bad, "The run finished at 06:02, but the feed is too old."},
		{"a failed run says what it had done", with(func(n *Night) {
			n.Run.Outcome, n.Run.Error, n.Numbers.Done = "failed", "reading page 3", 7
		}), bad, "The run failed at 06:02. Reading page 3. Until then 7 changes were made."},
		{"a run that was killed never ended", with(func(n *Night) { n.Run.Ended, n.Run.Outcome = time.Time{}, "" }), bad, "The run that began at 06:00 never came to its end. Nothing was changed."},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got := compose(c.night).Status
			if got.Tone != c.tone || got.Words != c.words {
				t.Errorf("got %s: %s\nwant %s: %s", got.Tone, got.Words, c.tone, c.words)
			}
		})
	}
}

func TestACommandIsOfferedOnlyWhereItWouldHelp(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		causes []plan.Cause
		offers bool
	}{
		{"above the limit", []plan.Cause{plan.OverLimit}, true},
		{"above the limit of an organisation", []plan.Cause{plan.OverSlice}, true},
		{"of an organisation that a feed shrank", []plan.Cause{plan.Shrunk}, true},
		{"under review, with what depends on it", []plan.Cause{plan.UnderReview, plan.DependsOnOne}, true},
		{"the mode is observe: no approval lifts that", []plan.Cause{plan.Observing, plan.OverLimit}, false},
		{"the class is not enforced: no approval lifts that", []plan.Cause{plan.NotEnforced, plan.OverLimit}, false},
		{"somebody said no already", []plan.Cause{plan.Rejected, plan.OverLimit}, false},
		{"approved already, and it waits for the end of quiet hours", []plan.Cause{plan.QuietHours}, false},
		{"it only follows what is held", []plan.Cause{plan.DependsOnOne}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			n := holding(c.causes...)
			want := `esrsyncd approve ` + n.Plan.ID + ` --class leaver --reason "…"`
			for ending, f := range map[string]form{"txt": Text, "summary": Summary} {
				if got := strings.Contains(written(t, f, n), want); got != c.offers {
					t.Errorf("%s offers %q: %t, and it is to be %t", ending, want, got, c.offers)
				}
			}
		})
	}
}

func TestALoginThatAShellWouldReadIsNotPutIntoACommand(t *testing.T) {
	t.Parallel()
	for _, login := range []string{"a;reboot", "$(reboot)", "a b", "`x`", "-rf", "a'b", "", "a\nb", "a|b", "a&b"} {
		if got := argument(login, "LOGIN"); got != "LOGIN" {
			t.Errorf("%q stands in a command as %q", login, got)
		}
	}
	for _, login := range []string{"jsample2", "jo.sample-test", "jo@trust.example"} {
		if got := argument(login, "LOGIN"); got != login {
			t.Errorf("%q stands in a command as %q", login, got)
		}
	}
}

func TestTimesAreOnTheTrustsWallClock(t *testing.T) {
	t.Parallel()
	n := with(func(n *Night) {
		n.Zone = time.FixedZone("BST", 3600)
		n.LastFeed.Created = time.Date(2026, time.November, 20, 23, 30, 0, 0, time.UTC)
	})
	got := strings.Join(strings.Fields(written(t, Summary, n)), " ")
	for _, want := range []string{"finished at 07:02", "made at 00:30 on 21 November 2026, 30 hours before this run"} {
		if !strings.Contains(got, want) {
			t.Errorf("it does not say %q:\n%s", want, got)
		}
	}
}

func TestATrustThatNeverHadAFeedIsToldSo(t *testing.T) {
	t.Parallel()
	n := Night{Trust: madeUpTrust, Run: state.Run{Started: at(6, 0), Ended: at(6, 0), Outcome: "done"}, Notes: []string{"No feed was ever taken in, so nobody is known and nothing is done."}}
	for ending, f := range forms() {
		if got := written(t, f, n); !strings.Contains(got, "No feed was ever taken in") {
			t.Errorf("%s does not say that there was no feed", ending)
		}
	}
}
