package storetest

import (
	"testing"
	"time"

	"esrsync/internal/state"
)

func taskClaims() []claim {
	return []claim{
		{"every field of a task comes back", taskEveryField},
		{"the same need is the same task", taskSame},
		{"a task that a person closed stays closed", taskClosedByPerson},
		{"a task that evidence closed opens again when the evidence is gone", taskClosedByEvidence},
		{"a closed task stays as it was closed", taskClosedOnce},
		{"closing a task that nobody opened is not found", taskUnknown},
		{"every field of a keep comes back, until its last day", keepEveryField},
		{"every field of a confirmation comes back, the later one", confirmationEveryField},
	}
}

func task(id string, after time.Duration) state.Task {
	return state.Task{ID: id, Kind: "urp_end", Owner: "corporate_systems", Subject: "20000009", Text: "end it", Opened: noon.Add(after)}
}

func (f Fixture) ensure(t *testing.T, k state.Task) bool {
	t.Helper()
	return got[bool](t)(f.EnsureTask(t.Context(), k))
}

func (f Fixture) tasks(t *testing.T, all bool) []state.Task {
	t.Helper()
	return got[[]state.Task](t)(f.Tasks(t.Context(), all))
}

func taskEveryField(t *testing.T, f Fixture) {
	want := filled[state.Task](t)
	same(t, "opened", f.ensure(t, want), true)
	done(t, f.CloseTask(t.Context(), want.ID, want.ClosedBy, want.Evidence, want.Closed))
	same(t, "the tasks", f.tasks(t, true), []state.Task{want})
	same(t, "number of open tasks", len(f.tasks(t, false)), 0)
}

func taskSame(t *testing.T, f Fixture) {
	same(t, "opened", f.ensure(t, task("b", 0)), true)
	same(t, "opened again", f.ensure(t, task("b", time.Hour)), false)
	same(t, "opened another", f.ensure(t, task("a", time.Hour)), true)
	same(t, "the tasks", f.tasks(t, false), []state.Task{task("b", 0), task("a", time.Hour)})
}

func taskClosedByPerson(t *testing.T, f Fixture) {
	f.ensure(t, task("a", 0))
	done(t, f.CloseTask(t.Context(), "a", "jtestley", "ended in ESR", noon))
	same(t, "opened again", f.ensure(t, task("a", time.Hour)), false)
	same(t, "number of open tasks", len(f.tasks(t, false)), 0)
}

func taskClosedByEvidence(t *testing.T, f Fixture) {
	f.ensure(t, task("a", 0))
	done(t, f.CloseTask(t.Context(), "a", state.Daemon, "the URP has ended", noon))
	same(t, "opened again", f.ensure(t, task("a", time.Hour)), true)
	same(t, "the tasks", f.tasks(t, false), []state.Task{task("a", time.Hour)})
}

func taskClosedOnce(t *testing.T, f Fixture) {
	f.ensure(t, task("a", 0))
	done(t, f.CloseTask(t.Context(), "a", "jtestley", "first", noon))
	done(t, f.CloseTask(t.Context(), "a", "atestley", "second", noon.Add(time.Hour)))
	same(t, "the evidence", f.tasks(t, true)[0].Evidence, "first")
}

func taskUnknown(t *testing.T, f Fixture) {
	wantKind(t, f.CloseTask(t.Context(), "a", "jtestley", "", noon), state.ErrNotFound)
}

func keepEveryField(t *testing.T, f Fixture) {
	want := filled[state.Keep](t)
	early := want
	early.Until, early.Reason = want.Until-5, "early"
	done(t, f.SaveKeep(t.Context(), early))
	done(t, f.SaveKeep(t.Context(), want))
	same(t, "on the last day", got[[]state.Keep](t)(f.Keeps(t.Context(), want.Until)), []state.Keep{want})
	same(t, "number on the day after", len(got[[]state.Keep](t)(f.Keeps(t.Context(), want.Until+1))), 0)
}

func confirmationEveryField(t *testing.T, f Fixture) {
	want := filled[state.Confirmation](t)
	early := want
	early.Reason = "early"
	done(t, f.SaveConfirmation(t.Context(), early))
	done(t, f.SaveConfirmation(t.Context(), want))
	same(t, "the answers", got[[]state.Confirmation](t)(f.Confirmations(t.Context())), []state.Confirmation{want})
}
