package store

import (
	"context"

	"esrsync/internal/state"
)

const runFacts = `id, cause, mode, started, ended, plan_id, outcome, exit_code, error`

// StartRun writes down that a run has begun. An ID that is there already is an error.
func (s *Store) StartRun(ctx context.Context, r state.Run) error {
	return s.write(ctx, "starting run "+r.ID, func(t *tx) error {
		return t.exec(ctx, `INSERT INTO run (`+runFacts+`, report) VALUES `+places(1, 10),
			r.ID, r.Trigger, r.Mode, micros(r.Started), micros(r.Ended), r.PlanID, r.Outcome, r.Exit, r.Error, string(r.Report))
	})
}

// FinishRun writes down how a run ended. [state.ErrNotFound] for one that never began.
func (s *Store) FinishRun(ctx context.Context, r state.Run) error {
	return s.write(ctx, "finishing run "+r.ID, func(t *tx) error {
		n, err := t.changed(ctx, `UPDATE run SET mode = $1, ended = $2, plan_id = $3, outcome = $4, exit_code = $5,
			error = $6, report = $7 WHERE id = $8`,
			r.Mode, micros(r.Ended), r.PlanID, r.Outcome, r.Exit, r.Error, string(r.Report), r.ID)
		if err == nil && n == 0 {
			err = state.ErrNotFound
		}
		return err
	})
}

// Runs returns the newest runs without their reports, newest first; all of them
// for n = 0.
func (s *Store) Runs(ctx context.Context, n int) ([]state.Run, error) {
	query := `SELECT ` + runFacts + ` FROM run ORDER BY started DESC, id DESC`
	if n <= 0 {
		return list(ctx, s, "listing the runs", scanRunFacts, query)
	}
	return list(ctx, s, "listing the runs", scanRunFacts, query+` LIMIT $1`, n)
}

// Run returns the run with this ID, or the only one whose ID begins so, or the
// last one for an empty ID; with its report. [state.ErrNotFound] for none,
// [state.ErrAmbiguous] for several.
func (s *Store) Run(ctx context.Context, id string) (state.Run, error) {
	var found state.Run
	err := s.read(ctx, "reading run "+id, func(db asker) (err error) {
		if id == "" {
			found, err = only(ctx, db, scanRun, `SELECT `+runFacts+`, report FROM run ORDER BY started DESC, id DESC LIMIT 1`)
			return err
		}
		whole, err := completed(ctx, db, "run", id)
		if err != nil {
			return err
		}
		found, err = only(ctx, db, scanRun, `SELECT `+runFacts+`, report FROM run WHERE id = $1`, whole)
		return err
	})
	return found, err
}

// UnfinishedRuns returns the runs that never ended, oldest first: they still run,
// or were killed.
func (s *Store) UnfinishedRuns(ctx context.Context) ([]state.Run, error) {
	return list(ctx, s, "listing unfinished runs", scanRunFacts,
		`SELECT `+runFacts+` FROM run WHERE outcome = '' ORDER BY started, id`)
}

func scanRun(r row) (one state.Run, err error) {
	err = r.Scan(append(runFields(&one), asRaw{&one.Report})...)
	return one, err
}

func scanRunFacts(r row) (one state.Run, err error) {
	err = r.Scan(runFields(&one)...)
	return one, err
}

func runFields(r *state.Run) []any {
	return []any{&r.ID, &r.Trigger, &r.Mode, asInstant{&r.Started}, asInstant{&r.Ended}, &r.PlanID, &r.Outcome, &r.Exit, &r.Error}
}
