package engine_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"esrsync/esrmodel"
	"esrsync/internal/directory"
	"esrsync/internal/state"
	"esrsync/sync/engine"
)

func TestARunMakesAccountsAndTheNextFindsNothingToDo(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 3)
	first := w.sync()
	if first.Run.Outcome != engine.RunDone || len(w.accounts()) != 3 {
		t.Fatalf("outcome %s, %d accounts, %v", first.Run.Outcome, len(w.accounts()), first.Applied)
	}
	if second := w.sync(); len(second.Plan.Changes) != 0 {
		t.Errorf("the second run would do %v", second.Plan.Changes)
	}
	if w.door.writers != 1 {
		t.Errorf("%d times the directory was opened for writing: a run that has nothing to do needs no writer", w.door.writers)
	}
}

func TestPlanOpensNoWriterAndKeepsNothingButThePlan(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 3)
	out, err := w.engine.Plan(t.Context(), engine.Request{Trigger: "test"})
	w.check(err)
	if len(out.Plan.Changes) == 0 || w.door.writers != 0 || len(w.accounts()) != 0 {
		t.Fatalf("%d changes, %d writers, %d accounts", len(out.Plan.Changes), w.door.writers, len(w.accounts()))
	}
	if _, err := w.store.Plan(t.Context(), out.Plan.ID); err != nil {
		t.Errorf("the plan was not kept: %v", err)
	}
	runs, err := w.store.Runs(t.Context(), 0)
	w.check(err)
	links, err := w.store.Links(t.Context())
	w.check(err)
	names, err := w.store.Names(t.Context())
	w.check(err)
	open, err := w.store.OpenEntries(t.Context())
	w.check(err)
	if len(runs)+len(links)+len(names)+len(open) != 0 {
		t.Errorf("%d runs, %d links, %d names, %d intents", len(runs), len(links), len(names), len(open))
	}
}

func TestAStoreThatNoFeedCameToDecidesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 0)
	out := w.sync()
	if len(out.Notes) != 1 || !strings.Contains(out.Notes[0], "No feed") || out.Plan.ID != "" || w.door.writers != 0 {
		t.Errorf("notes %q, plan %q", out.Notes, out.Plan.ID)
	}
}

func TestARunThatLosesItsLeaseStopsBeforeItsNextWrite(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 5)
	w.door.created = func() {
		w.door.created = nil
		w.pass(2 * lease) // this machine slept
		if _, err := w.store.Acquire(t.Context(), "run", "another test", lease); err != nil {
			t.Errorf("the lease of a process that sleeps did not end: %v", err)
		}
	}
	out, err := w.engine.Sync(t.Context(), engine.Request{Trigger: "test"})
	if !errors.Is(err, state.ErrLeaseLost) {
		t.Fatalf("it ended with %v", err)
	}
	if made := len(w.accounts()); made != 1 {
		t.Errorf("%d accounts were made, one before the lease was lost", made)
	}
	if r := w.run(out.Run.ID); r.Outcome != engine.RunFailed || r.Error == "" {
		t.Errorf("it was written down as %+v", r)
	}
	if w.leaseIsFree() {
		t.Error("it gave up a lease that somebody else holds")
	}
	w.pass(2 * lease)
	w.sync()
	if made := len(w.accounts()); made != 5 {
		t.Errorf("the next run left %d accounts, want 5", made)
	}
}

func TestASecondRunAtTheSameTimeIsRefusedAndLeavesNoRecord(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	_, err := w.store.Acquire(t.Context(), "run", "another test", lease)
	w.check(err)
	out, err := w.engine.Sync(t.Context(), engine.Request{Trigger: "test"})
	if !errors.Is(err, state.ErrLeaseLost) || !strings.Contains(err.Error(), "another test") || out.Run.ID != "" {
		t.Errorf("got %v, run %q", err, out.Run.ID)
	}
}

func TestAFailedRunLeavesARecordAndGivesUpItsLease(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	w.door.unread = fmt.Errorf("page 3: %w", directory.ErrIncomplete)
	out, err := w.engine.Sync(t.Context(), engine.Request{Trigger: "test"})
	if !errors.Is(err, directory.ErrIncomplete) {
		t.Fatalf("it ended with %v", err)
	}
	if r := w.run(out.Run.ID); r.Outcome != engine.RunFailed || !strings.Contains(r.Error, "page 3") || r.Ended.IsZero() {
		t.Errorf("it was written down as %+v", r)
	}
	if !w.leaseIsFree() {
		t.Error("it kept the lease")
	}
	if w.door.writers != 0 {
		t.Error("it opened the directory for writing after a read that failed")
	}
}

func TestARunThatWasKilledIsClosedByTheNext(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	w.check(w.store.StartRun(t.Context(), state.Run{ID: "20261121T060000Z-dead", Trigger: "test", Mode: "enforce", Started: w.clock()}))
	out := w.sync()
	killed := w.run("20261121T060000Z-dead")
	if killed.Outcome != engine.RunFailed || killed.Exit != 1 || !strings.Contains(killed.Error, "stopped before its end") {
		t.Errorf("it was closed as %+v", killed)
	}
	if own := w.run(out.Run.ID); own.Outcome != engine.RunDone || own.Error != "" {
		t.Errorf("the run closed itself as %+v", own)
	}
}

func TestAReadWithoutAnyAccountIsNotBelieved(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	w.door.blind = true
	out, err := w.engine.Sync(t.Context(), engine.Request{Trigger: "test"})
	if !errors.Is(err, directory.ErrIncomplete) || w.run(out.Run.ID).Outcome != engine.RunFailed {
		t.Errorf("it ended with %v", err)
	}
}

func TestARunForOnePersonLeavesTheOthersAlone(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 3)
	_, err := w.engine.Sync(t.Context(), engine.Request{Trigger: "test", Person: "500002"})
	w.check(err)
	accounts := w.accounts()
	if len(accounts) != 1 {
		t.Fatalf("%d accounts were made", len(accounts))
	}
	for _, a := range accounts {
		if a.PersonKey != "20000002" {
			t.Errorf("the account is %s's", a.PersonKey)
		}
	}
}

func TestAPlanAsOfAnotherDayIsForItsBeginning(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	out, err := w.engine.Plan(t.Context(), engine.Request{Trigger: "test", AsOf: esrmodel.NewDate(2026, 12, 1)})
	w.check(err)
	if out.Plan.AsOf != esrmodel.NewDate(2026, 12, 1) {
		t.Errorf("the plan is as of %s", out.Plan.AsOf)
	}
}
