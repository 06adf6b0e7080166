package engine

import (
	"context"
	"fmt"
	"slices"

	"esrsync/internal/finding"
	"esrsync/internal/state"
)

// needsPerson says which findings become a task: those that only a person can
// settle, and that somebody must not overlook.
func needsPerson(code finding.Code) bool {
	return slices.Contains([]finding.Code{
		finding.LeftOrLost, finding.DisabledByHand, finding.ProtectedLeaver, finding.DuplicatePerson, finding.SuspendedNotLocked,
	}, code)
}

// tasks opens a task for each finding that needs a person, and closes the tasks
// whose finding has gone: the evidence closes them.
func (e *Engine) tasks(ctx context.Context, out *Outcome) error {
	now := e.Now().UTC()
	for _, f := range out.Findings {
		if !needsPerson(f.Code) {
			continue
		}
		task := state.Task{ID: taskID(f), Kind: string(f.Code), Owner: string(f.Owner), Subject: f.Subject.Key, Text: f.Text, Opened: now}
		opened, err := e.Store.EnsureTask(ctx, task)
		if err != nil {
			return fmt.Errorf("opening a task: %w", err)
		}
		if opened {
			e.ledger(ctx, state.Event{Action: "task.opened", RunID: out.Run.ID, Details: map[string]string{"task": task.ID, "text": task.Text}})
		}
	}
	open, err := e.Store.Tasks(ctx, false)
	if err != nil {
		return fmt.Errorf("reading the open tasks: %w", err)
	}
	for _, f := range out.Closed {
		if !slices.ContainsFunc(open, func(t state.Task) bool { return t.ID == taskID(f) }) {
			continue
		}
		if err := e.Store.CloseTask(ctx, taskID(f), "esrsyncd", "the next run did not find it any more", now); err != nil {
			return fmt.Errorf("closing a task: %w", err)
		}
	}
	out.Tasks, err = e.Store.Tasks(ctx, false)
	if err != nil {
		return fmt.Errorf("reading the open tasks: %w", err)
	}
	return nil
}

// taskID gives the same need the same task.
func taskID(f finding.Finding) string { return "find-" + f.ID }
