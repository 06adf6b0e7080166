package report

import (
	"strings"
	"testing"
	"unicode/utf8"

	"esrsync/esrmodel"
	"esrsync/sync/plan"
)

func TestTextFitsAHundredColumns(t *testing.T) {
	t.Parallel()
	for name, n := range nights() {
		for ending, f := range map[string]form{"txt": Text, "summary": Summary} {
			for _, line := range strings.Split(written(t, f, n), "\n") {
				isCommand := strings.Contains(line, "esrsyncd ")
				if utf8.RuneCountInString(line) > width && !isCommand {
					t.Errorf("%s.%s has a line of %d columns: %s", name, ending, utf8.RuneCountInString(line), line)
				}
			}
		}
	}
}

func TestANameCannotSteerATerminal(t *testing.T) {
	t.Parallel()
	n := busy()
	n.Trust = "Sample\x1b[2J Trust\u202e"
	n.Notes = []string{"a\rb\x00c\x9bd"}
	for ending, f := range map[string]form{"txt": Text, "summary": Summary} {
		if got := written(t, f, n); strings.ContainsAny(got, "\x1b\r\x00\u009b\u202e") {
			t.Errorf("%s holds what steers a terminal", ending)
		}
	}
}

func TestASummaryIsShort(t *testing.T) {
	t.Parallel()
	for name, most := range map[string]int{"calm": 4, "failing": 8, "observing": 12, "busy": 20} {
		if lines := strings.Count(written(t, Summary, nights()[name]), "\n"); lines > most {
			t.Errorf("%s takes %d lines, and %d are enough", name, lines, most)
		}
	}
}

// A report of thousands is complete in each of its forms, however it folds its lists.
func TestALongReportNamesEverybody(t *testing.T) {
	t.Parallel()
	n := big(2000, 1500)
	for ending, f := range map[string]form{"txt": Text, "html": HTML} {
		got := strings.Join(strings.Fields(written(t, f, n)), " ")
		for key, who := range n.People {
			if !strings.Contains(got, who.Name) || !strings.Contains(got, key) {
				t.Fatalf("%s does not name %s (%s)", ending, who.Name, key)
			}
		}
		if sentences := strings.Count(got, "a sentence about it of the usual length"); sentences != 1500 {
			t.Errorf("%s tells %d of 1500 findings", ending, sentences)
		}
	}
}

// The ruling: access is on during the day of leaving and off after it. So a run on
// the morning after is in time.
func TestRulingALeaverIsLateByWholeDaysAfterTheLeavingDay(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		last esrmodel.Date
		late string
	}{
		{"leaves today, switched off this evening", today(), "No"},
		{"left yesterday, switched off this morning", today().AddDays(-1), "No"},
		{"left the day before: a whole day late", today().AddDays(-2), "1 day"},
		{"left ten days ago", today().AddDays(-10), "9 days"},
		{"leaves tomorrow", today().AddDays(1), "No"},
		{"no date is known: nobody can say", 0, "Not known"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			n := holding(plan.OverLimit)
			n.People = map[string]Who{"20000004": {Name: "Ann Example", Leaving: c.last}}
			if got := newComposer(n).late("20000004").Text; got != c.late {
				t.Errorf("late: %s, want %s", got, c.late)
			}
		})
	}
}

func TestPeopleBecomeOneLineWithTheGravestOfTheirStates(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		results []string // of the two changes; "none" for one that was not begun
		held    bool     // the second change
		want    outcome
	}{
		{"both made", []string{"done", "done"}, false, done},
		{"one failed", []string{"done", "failed"}, false, failed},
		{"one skipped", []string{"skipped", "done"}, false, skipped},
		{"nobody knows of one", []string{"done", ""}, false, unknown},
		{"one held", []string{"done", "none"}, true, waits},
		{"one not begun", []string{"done", "none"}, false, notBegun},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			n := calm()
			n.Plan.Changes = busyPlan().Changes[:2]
			for i, r := range c.results {
				if r != "none" {
					n.Results = append(n.Results, Result{ChangeID: n.Plan.Changes[i].ID, Outcome: r})
				}
			}
			if c.held {
				h := plan.Held{Causes: []plan.Cause{plan.OverLimit}, Changes: []string{n.Plan.Changes[1].ID}}
				n.Plan.Verdict = &plan.Verdict{Held: []plan.Held{h}}
			}
			ds := newComposer(n).dossiers
			if len(ds) != 1 || ds[0].State != c.want {
				t.Errorf("got %+v, want one dossier with state %q", ds, c.want.words())
			}
		})
	}
}

func BenchmarkBig(b *testing.B) {
	n := big(8000, 3000)
	for name, f := range forms() {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				b.SetBytes(int64(len(written(b, f, n))))
			}
		})
	}
}
