package engine

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"esrsync/internal/finding"
	"esrsync/internal/state"
	"esrsync/sync/hold"
)

// needsPerson says which findings become a task: those that only a person can
// settle, and that somebody must not overlook.
func needsPerson(code finding.Code) bool {
	return slices.Contains([]finding.Code{
		finding.LeftOrLost, finding.DisabledByHand, finding.ProtectedLeaver, finding.DuplicatePerson, finding.SuspendedNotLocked,
	}, code)
}

// tasks opens a task for each thing that needs a person, and closes those of its
// own whose need has gone: the evidence closes them.
func (e *Engine) tasks(ctx context.Context, out *Outcome) error {
	wanted := needs(out)
	for _, id := range slices.Sorted(maps.Keys(wanted)) {
		task := wanted[id]
		task.Opened = e.Now().UTC()
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
	for _, task := range open {
		if hold.IsOurs(task) {
			continue // for its owner's eyes: a report is a file, and must not tell of a lockout
		}
		if _, still := wanted[task.ID]; still || !isOurs(task) {
			out.Tasks = append(out.Tasks, task)
			continue
		}
		if err := e.Store.CloseTask(ctx, task.ID, state.Daemon, "the next run did not find it any more", e.Now().UTC()); err != nil {
			return fmt.Errorf("closing a task: %w", err)
		}
	}
	return nil
}

// Beginnings of the IDs of tasks that a run opens and closes by itself.
const (
	taskOfFinding = "find-"
	taskOfNoShow  = "noshow-"
)

func isOurs(t state.Task) bool {
	return strings.HasPrefix(t.ID, taskOfFinding) || strings.HasPrefix(t.ID, taskOfNoShow)
}

// needs returns the tasks that tonight asks for, by ID: the same need is the same task.
func needs(out *Outcome) map[string]state.Task {
	wanted := map[string]state.Task{}
	for _, f := range out.Findings {
		if needsPerson(f.Code) {
			id := taskOfFinding + f.ID
			wanted[id] = state.Task{ID: id, Kind: string(f.Code), Owner: string(f.Owner), Subject: f.Subject.Key, Text: f.Text}
		}
	}
	for _, p := range out.People {
		if p.NoShow {
			id := taskOfNoShow + p.ID
			wanted[id] = state.Task{
				ID: id, Kind: "no_show", Owner: string(finding.Workforce), Subject: p.Key,
				Text: "The offer is accepted and the start was on " + p.Start.Words() + ", but nothing in ESR says that they began.",
			}
		}
	}
	return wanted
}
