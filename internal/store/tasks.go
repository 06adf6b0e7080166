package store

import (
	"context"
	"time"

	"esrsync/internal/state"
)

const taskColumns = `id, kind, owner, subject, wording, opened, closed, closed_by, evidence`

// EnsureTask opens the task unless it is open already, and reports whether it
// did. A task that a person closed stays closed, since nobody is to meet the same
// item twice; one that evidence closed ([state.Daemon]) opens again, since the
// evidence is gone.
func (s *Store) EnsureTask(ctx context.Context, k state.Task) (opened bool, err error) {
	err = s.write(ctx, "opening task "+k.ID, func(t *tx) error {
		n, err := t.changed(ctx, `INSERT INTO task (`+taskColumns+`) VALUES `+places(1, 9)+`
			ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, owner = excluded.owner, subject = excluded.subject,
			wording = excluded.wording, opened = excluded.opened, closed = 0, closed_by = '', evidence = ''
			WHERE task.closed <> 0 AND task.closed_by = $10`,
			k.ID, k.Kind, k.Owner, k.Subject, k.Text, micros(k.Opened), int64(0), "", "", state.Daemon)
		opened = n == 1
		return err
	})
	return opened, err
}

// Tasks returns what people still have to do, or with all also what they did,
// oldest first.
func (s *Store) Tasks(ctx context.Context, all bool) ([]state.Task, error) {
	query := `SELECT ` + taskColumns + ` FROM task`
	if !all {
		query += ` WHERE closed = 0`
	}
	return list(ctx, s, "listing the tasks", scanTask, query+` ORDER BY opened, id`)
}

// CloseTask closes a task on somebody's word, or on evidence where by is
// [state.Daemon]. One that is closed stays as it was closed. [state.ErrNotFound]
// where there is no such task.
func (s *Store) CloseTask(ctx context.Context, id, by, evidence string, at time.Time) error {
	return s.write(ctx, "closing task "+id, func(t *tx) error {
		n, err := t.changed(ctx, `UPDATE task SET closed = $1, closed_by = $2, evidence = $3 WHERE id = $4 AND closed = 0`,
			micros(at), by, evidence, id)
		if err != nil || n == 1 {
			return err
		}
		_, err = only(ctx, t.raw, scanText, `SELECT id FROM task WHERE id = $1`, id)
		return err
	})
}

func scanTask(r row) (k state.Task, err error) {
	err = r.Scan(&k.ID, &k.Kind, &k.Owner, &k.Subject, &k.Text, asInstant{&k.Opened}, asInstant{&k.Closed}, &k.ClosedBy, &k.Evidence)
	return k, err
}
