package report

import (
	"strings"
	"testing"

	"esrsync/internal/finding"
	"esrsync/internal/state"
	"esrsync/sync/plan"
)

// lockedOut is a busy night on which somebody was locked out, with everything
// that could tell so. Whatever must not show has the word "secret" in it.
func lockedOut() Night {
	n := busy()
	lockout := change(plan.Lockout, plan.Disable, "20000007", nil, plan.Values{plan.Token: {"secret"}}, "secret lockout")
	release := change(plan.Release, plan.Enable, "20000002", nil, plan.Values{plan.Token: {"secret"}}, "secret release")
	n.Plan.Changes = append([]plan.Change{lockout, release}, n.Plan.Changes...)
	n.Plan.Verdict.Allowed = []string{lockout.ID, release.ID}
	n.Plan = n.Plan.Seal()
	n.Results = append(n.Results, Result{ChangeID: lockout.ID, Outcome: state.Failed, Detail: "secret detail"})
	hidden := []finding.Finding{
		find(finding.LockedNotSuspended, finding.OfPerson, "20000007", 1, "secret: locked out without a suspension"),
		find("U10", finding.OfURP, "secret URP", 1, "secret: the holder is locked out"),
	}
	hidden[1].Severity = finding.Critical
	n.Findings, n.Closed, n.Plan.Findings = append(n.Findings, hidden...), append(n.Closed, hidden...), hidden
	n.Tasks = append(n.Tasks, state.Task{ID: "find-0c", Kind: "U10", Owner: "corporate_systems", Text: "secret task", Opened: at(6, 0)})
	n.Numbers.Findings += 2
	n.Numbers.Critical++
	n.Numbers.OpenTasks++
	return n
}

// The rulings: "S02 locked out without a suspension (pages only)" and "U10 the
// holder is locked out and the URP is live (HR's and the auditor's pages and
// Corporate Systems' task only)"; "Mails and files say a number of holds".
func TestRulingAFileNeverNamesWhoIsLockedOut(t *testing.T) {
	t.Parallel()
	for ending, f := range forms() {
		t.Run(ending, func(t *testing.T) {
			t.Parallel()
			got := written(t, f, lockedOut())
			for _, word := range []string{"secret", "S02", "U10", `"lockout":`, `"release":`} {
				if strings.Contains(got, word) {
					t.Errorf("the report says %q", word)
				}
			}
		})
	}
}

func TestRulingAFileSaysANumberOfHolds(t *testing.T) {
	t.Parallel()
	for ending, f := range map[string]form{"html": HTML, "txt": Text} {
		if got := written(t, f, lockedOut()); !strings.Contains(got, "2 lockouts are in force") {
			t.Errorf("%s does not say how many lockouts are in force", ending)
		}
	}
}

func TestFiguresCountWhatIsShown(t *testing.T) {
	t.Parallel()
	got, want := lockedOut().Shareable(), busy()
	if got.Numbers != want.Numbers {
		t.Errorf("figures %+v, and those of the same night without the lockout are %+v", got.Numbers, want.Numbers)
	}
	if again := got.Shareable(); again.Numbers != got.Numbers {
		t.Errorf("a second call counts again: %+v after %+v", again.Numbers, got.Numbers)
	}
}

func TestSharingLeavesTheNightAsItIs(t *testing.T) {
	t.Parallel()
	n := lockedOut()
	findings, changes := len(n.Findings), len(n.Plan.Changes)
	_ = n.Shareable()
	if len(n.Findings) != findings || len(n.Plan.Changes) != changes || n.Findings[findings-1].Code != "U10" {
		t.Error("the night that was shared is not the same any more")
	}
}
