package store

import (
	"context"
	"time"

	"esrsync/internal/state"
)

const hookRunColumns = `id, hold_id, hook, account, attempts, next_at, done_at, answer`

// EnsureHookRuns writes down, all or none, which hooks are to be called; their IDs
// are given out here. One that is there already for the same hold, hook and
// account stays as it is, so that a lockout that is finished after a restart calls
// nothing twice.
func (s *Store) EnsureHookRuns(ctx context.Context, runs []state.HookRun) error {
	if len(runs) == 0 {
		return nil
	}
	return s.write(ctx, "writing down which hooks to call", func(t *tx) error {
		first, err := t.take(ctx, "hook_run", len(runs))
		if err != nil {
			return err
		}
		rows := make([][]any, len(runs))
		for i, r := range runs {
			rows[i] = []any{first + int64(i), r.HoldID, r.Hook, r.Account.String(), r.Attempts,
				micros(r.Next), micros(r.Done), r.Answer}
		}
		return t.insert(ctx, `INSERT INTO hook_run (`+hookRunColumns+`)`, `ON CONFLICT (hold_id, hook, account) DO NOTHING`, rows)
	})
}

// DueHookRuns returns the calls that are not done and whose time has come at the
// instant, the longest due first. One without a time is due at once.
func (s *Store) DueHookRuns(ctx context.Context, at time.Time) ([]state.HookRun, error) {
	return list(ctx, s, "listing the hooks to call", scanHookRun,
		`SELECT `+hookRunColumns+` FROM hook_run WHERE done_at = 0 AND next_at <= $1 ORDER BY next_at, id`, micros(at))
}

// HookRuns returns every call of a hold, in the order in which they were written down.
func (s *Store) HookRuns(ctx context.Context, holdID string) ([]state.HookRun, error) {
	return list(ctx, s, "listing the hooks of hold "+holdID, scanHookRun,
		`SELECT `+hookRunColumns+` FROM hook_run WHERE hold_id = $1 ORDER BY id`, holdID)
}

// SaveHookRun writes down how a call went: attempts, the next time, the end and
// the answer. One that is done stays as it is. [state.ErrNotFound] for an ID that
// was never given out.
func (s *Store) SaveHookRun(ctx context.Context, r state.HookRun) error {
	return s.write(ctx, "saving a call of hook "+r.Hook, func(t *tx) error {
		n, err := t.changed(ctx, `UPDATE hook_run SET attempts = $1, next_at = $2, done_at = $3, answer = $4
			WHERE id = $5 AND done_at = 0`, r.Attempts, micros(r.Next), micros(r.Done), r.Answer, r.ID)
		if err != nil || n == 1 {
			return err
		}
		_, err = only(ctx, t.raw, scanText, `SELECT hook FROM hook_run WHERE id = $1`, r.ID)
		return err
	})
}

func scanHookRun(r row) (h state.HookRun, err error) {
	err = r.Scan(&h.ID, &h.HoldID, &h.Hook, asGUID{&h.Account}, &h.Attempts, asInstant{&h.Next}, asInstant{&h.Done}, &h.Answer)
	return h, err
}
