package store

import (
	"context"
	"fmt"
	"time"

	"esrsync/internal/directory"
	"esrsync/internal/state"
)

const (
	entryFacts   = `run_id, change_id, class, kind, person_id, person, account, slice_id, intended, settled, outcome, detail`
	entryColumns = `id, ` + entryFacts + `, body`
)

// Intend writes down, all or none, what is about to be done, and returns the IDs
// in the same order. What it wrote outlives the process; see the package comment.
func (s *Store) Intend(ctx context.Context, entries []state.Entry) ([]int64, error) {
	if len(entries) == 0 {
		return nil, nil
	}
	ids := make([]int64, len(entries))
	err := s.write(ctx, "journalling what is intended", func(t *tx) error {
		first, err := t.take(ctx, "journal", len(entries))
		if err != nil {
			return err
		}
		rows := make([][]any, len(entries))
		for i, e := range entries {
			ids[i] = first + int64(i)
			rows[i] = []any{ids[i], e.RunID, e.ChangeID, e.Class, e.Kind, e.PersonID, e.Person, e.Account.String(),
				e.SliceID, micros(e.Intended), int64(0), "", "", string(e.Change)}
		}
		return t.insert(ctx, `INSERT INTO journal (`+entryColumns+`)`, "", rows)
	})
	if err != nil {
		return nil, err
	}
	return ids, nil
}

// Settle writes down how an intended change ended. An account that is not zero
// becomes the entry's: a new account has its GUID only now. Settled is settled:
// the same outcome again is success, another one is an error. [state.ErrNotFound]
// for an ID that was never given out.
func (s *Store) Settle(ctx context.Context, id int64, outcome, detail string, account directory.GUID, at time.Time) error {
	return s.SettleAll(ctx, []state.Entry{{ID: id, Outcome: outcome, Detail: detail, Account: account, Settled: at}})
}

// SettleAll does in one transaction what [Store.Settle] does for each entry, of
// which it reads ID, Outcome, Detail, Account and Settled.
func (s *Store) SettleAll(ctx context.Context, entries []state.Entry) error {
	return s.write(ctx, "journalling outcomes", func(t *tx) error {
		for _, e := range entries {
			if err := t.settle(ctx, e); err != nil {
				return fmt.Errorf("entry %d: %w", e.ID, err)
			}
		}
		return nil
	})
}

func (t *tx) settle(ctx context.Context, e state.Entry) error {
	if e.Outcome == "" {
		return fmt.Errorf("no outcome given")
	}
	n, err := t.changed(ctx, `UPDATE journal SET outcome = $1, detail = $2, settled = $3,
		account = CASE WHEN $4 = '' THEN account ELSE $4 END WHERE id = $5 AND outcome = ''`,
		e.Outcome, e.Detail, micros(e.Settled), e.Account.String(), e.ID)
	if err != nil || n == 1 {
		return err
	}
	before, err := only(ctx, t.raw, scanText, `SELECT outcome FROM journal WHERE id = $1`, e.ID)
	if err != nil {
		return err
	}
	if before != e.Outcome {
		return fmt.Errorf("it is settled as %s and cannot become %s", before, e.Outcome)
	}
	return nil
}

// OpenEntries returns what was intended and has no outcome, oldest first: after a
// killed run, what the next one has to explain.
func (s *Store) OpenEntries(ctx context.Context) ([]state.Entry, error) {
	return list(ctx, s, "listing open journal entries", scanEntry,
		`SELECT `+entryColumns+` FROM journal WHERE outcome = '' ORDER BY id`)
}

// EntriesOfRun returns what a run set out to do, in order.
func (s *Store) EntriesOfRun(ctx context.Context, runID string) ([]state.Entry, error) {
	return list(ctx, s, "listing the journal of run "+runID, scanEntry,
		`SELECT `+entryColumns+` FROM journal WHERE run_id = $1 ORDER BY id`, runID)
}

// AppliedSince returns what was done from the instant on, in the order in which it
// was intended, without the bodies of the changes: limits only count it.
func (s *Store) AppliedSince(ctx context.Context, since time.Time) ([]state.Entry, error) {
	return list(ctx, s, "listing what was applied", scanEntryFacts,
		`SELECT id, `+entryFacts+` FROM journal WHERE settled >= $1 AND outcome = $2 ORDER BY id`, micros(since), state.Done)
}

// EntriesOfPerson returns the newest entries about a person, newest first; all of
// them for a limit of 0.
func (s *Store) EntriesOfPerson(ctx context.Context, personID string, limit int) ([]state.Entry, error) {
	query := `SELECT ` + entryColumns + ` FROM journal WHERE person_id = $1 ORDER BY id DESC`
	if limit <= 0 {
		return list(ctx, s, "listing the journal of a person", scanEntry, query, personID)
	}
	return list(ctx, s, "listing the journal of a person", scanEntry, query+` LIMIT $2`, personID, limit)
}

func scanEntry(r row) (e state.Entry, err error) {
	err = r.Scan(append(entryFields(&e), asRaw{&e.Change})...)
	return e, err
}

func scanEntryFacts(r row) (e state.Entry, err error) {
	err = r.Scan(entryFields(&e)...)
	return e, err
}

func entryFields(e *state.Entry) []any {
	return []any{&e.ID, &e.RunID, &e.ChangeID, &e.Class, &e.Kind, &e.PersonID, &e.Person, asGUID{&e.Account},
		&e.SliceID, asInstant{&e.Intended}, asInstant{&e.Settled}, &e.Outcome, &e.Detail}
}
