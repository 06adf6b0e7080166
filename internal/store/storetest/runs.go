package storetest

import (
	"testing"
	"time"

	"esrsync/internal/state"
)

func runClaims() []claim {
	return []claim{
		{"every field of a run comes back", runEveryField},
		{"a run is found by its ID, by the beginning of it, or as the last", runFound},
		{"runs are listed newest first", runListed},
		{"a run that never ended is unfinished", runUnfinished},
		{"finishing a run that never began is not found", runNeverBegan},
		{"starting one run twice is an error", runTwice},
	}
}

func run(id string, after time.Duration) state.Run {
	return state.Run{ID: id, Trigger: "schedule", Mode: "enforce", Started: noon.Add(after)}
}

func runEveryField(t *testing.T, f Fixture) {
	want := filled[state.Run](t)
	done(t, f.StartRun(t.Context(), state.Run{ID: want.ID, Trigger: want.Trigger, Started: want.Started}))
	done(t, f.FinishRun(t.Context(), want))
	same(t, "the run", got[state.Run](t)(f.Run(t.Context(), want.ID)), want)
	want.Report = nil
	same(t, "the list", got[[]state.Run](t)(f.Runs(t.Context(), 0)), []state.Run{want})
}

func runFound(t *testing.T, f Fixture) {
	_, err := f.Run(t.Context(), "")
	wantKind(t, err, state.ErrNotFound)
	done(t, f.StartRun(t.Context(), run("20261122T060003Z-7f3a", 0)))
	done(t, f.StartRun(t.Context(), run("20261123T060001Z-0001", 24*time.Hour)))
	for given, want := range map[string]string{
		"": "20261123T060001Z-0001", "20261122": "20261122T060003Z-7f3a", "20261123T060001Z-0001": "20261123T060001Z-0001",
	} {
		same(t, "run "+given, got[state.Run](t)(f.Run(t.Context(), given)).ID, want)
	}
	_, err = f.Run(t.Context(), "2026")
	wantKind(t, err, state.ErrAmbiguous)
	_, err = f.Run(t.Context(), "2027")
	wantKind(t, err, state.ErrNotFound)
}

func runListed(t *testing.T, f Fixture) {
	for i, id := range []string{"b", "c", "a"} {
		done(t, f.StartRun(t.Context(), run(id, time.Duration(i)*time.Hour)))
	}
	runs := got[[]state.Run](t)(f.Runs(t.Context(), 2))
	same(t, "the newest two", []string{runs[0].ID, runs[1].ID}, []string{"a", "c"})
}

func runUnfinished(t *testing.T, f Fixture) {
	done(t, f.StartRun(t.Context(), run("a", 0)))
	done(t, f.StartRun(t.Context(), run("b", time.Hour)))
	ended := run("a", 0)
	ended.Outcome, ended.Ended = "done", noon
	done(t, f.FinishRun(t.Context(), ended))
	same(t, "unfinished", got[[]state.Run](t)(f.UnfinishedRuns(t.Context())), []state.Run{run("b", time.Hour)})
}

func runNeverBegan(t *testing.T, f Fixture) {
	wantKind(t, f.FinishRun(t.Context(), run("a", 0)), state.ErrNotFound)
}

func runTwice(t *testing.T, f Fixture) {
	done(t, f.StartRun(t.Context(), run("a", 0)))
	if err := f.StartRun(t.Context(), run("a", time.Hour)); err == nil {
		t.Error("one ID was given to two runs")
	}
}
