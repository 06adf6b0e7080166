package store

import (
	"context"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"esrsync/internal/state"
	"esrsync/internal/store/chain"
)

// Verify looks at the whole ledger and holds it against checkpoints that were kept
// elsewhere. What it finds is in the report; an error says that it could not look.
func (s *Store) Verify(ctx context.Context, key ed25519.PublicKey, checkpoints []state.Checkpoint) (chain.Report, error) {
	v := chain.NewVerifier(key, checkpoints)
	err := s.read(ctx, "verifying the ledger", func(db asker) error {
		if err := eachRecord(ctx, db, func(r state.Record) error { v.Next(r); return nil }); err != nil {
			return err
		}
		last, err := only(ctx, db, scanHead, `SELECT sequence, hash FROM ledger_head`)
		v.Head(last.Sequence, last.Hash)
		return err
	})
	if err != nil {
		return chain.Report{}, err
	}
	return v.Done(), nil
}

// Export writes the whole ledger, a row of JSON a line, in order: what
// [VerifyExport] reads on another machine, without a store.
func (s *Store) Export(ctx context.Context, to io.Writer) error {
	lines := json.NewEncoder(to)
	return s.read(ctx, "exporting the ledger", func(db asker) error {
		return eachRecord(ctx, db, func(r state.Record) error { return lines.Encode(r) })
	})
}

// VerifyExport does what [Store.Verify] does to what [Store.Export] wrote. Lines
// that are no rows of a ledger are an error.
func VerifyExport(from io.Reader, key ed25519.PublicKey, checkpoints []state.Checkpoint) (chain.Report, error) {
	v := chain.NewVerifier(key, checkpoints)
	lines := json.NewDecoder(from)
	lines.DisallowUnknownFields() // What the hash does not cover has no place in a row.
	for n := 1; ; n++ {
		var r state.Record
		err := lines.Decode(&r)
		if errors.Is(err, io.EOF) {
			return v.Done(), nil
		}
		if err != nil {
			return chain.Report{}, fmt.Errorf("reading row %d of the exported ledger: %w", n, err)
		}
		v.Next(r)
	}
}

// Records returns rows of the ledger after a sequence, oldest first, with their
// details; all of them for a limit of 0.
func (s *Store) Records(ctx context.Context, after int64, limit int) ([]state.Record, error) {
	var found []state.Record
	enough := errors.New("enough")
	err := s.read(ctx, "reading the ledger", func(db asker) error {
		return eachRecordAfter(ctx, db, after, func(r state.Record) error {
			if found = append(found, r); len(found) == limit {
				return enough
			}
			return nil
		})
	})
	if err != nil && !errors.Is(err, enough) {
		return nil, err
	}
	return found, nil
}

// RecordsOfPerson returns the newest rows about a person with their details,
// newest first; all of them for a limit of 0. None where the person was erased.
func (s *Store) RecordsOfPerson(ctx context.Context, personID string, limit int) ([]state.Record, error) {
	var found []state.Record
	err := s.read(ctx, "reading the ledger about a person", func(db asker) (err error) {
		query := `SELECT ` + recordColumns + ` FROM ledger WHERE subject IN
			(SELECT subject FROM ledger_subject WHERE person_id = $1) ORDER BY sequence DESC`
		arguments := []any{personID}
		if limit > 0 {
			query, arguments = query+` LIMIT $2`, append(arguments, limit)
		}
		if found, err = collect(ctx, db, scanRecord, query, arguments...); err != nil || len(found) == 0 {
			return err
		}
		return addDetails(ctx, db, found, `SELECT d.sequence, d.name, d.value, d.salt FROM ledger_detail d
			JOIN ledger l ON l.sequence = d.sequence JOIN ledger_subject p ON p.subject = l.subject
			WHERE p.person_id = $1 AND d.sequence >= $2`, personID, found[len(found)-1].Sequence)
	})
	return found, err
}

// page is how many rows are read at a time: a ledger of years need not fit into memory.
const page = 2000

// eachRecord calls use for every row in order.
func eachRecord(ctx context.Context, db asker, use func(state.Record) error) error {
	// Before the first number that there can be: rows that somebody put in front are seen too.
	return eachRecordAfter(ctx, db, -1<<63, use)
}

func eachRecordAfter(ctx context.Context, db asker, after int64, use func(state.Record) error) error {
	for {
		some, err := collect(ctx, db, scanRecord,
			`SELECT `+recordColumns+` FROM ledger WHERE sequence > $1 ORDER BY sequence LIMIT $2`, after, page)
		if err != nil || len(some) == 0 {
			return err
		}
		first, last := some[0].Sequence, some[len(some)-1].Sequence
		if err := addDetails(ctx, db, some, detailsBetween, first, last); err != nil {
			return err
		}
		for _, r := range some {
			if err := use(r); err != nil {
				return err
			}
		}
		after = last
	}
}

const detailsBetween = `SELECT sequence, name, value, salt FROM ledger_detail WHERE sequence BETWEEN $1 AND $2`

// addDetails fills in the details that the query finds for the rows.
func addDetails(ctx context.Context, db asker, rows []state.Record, query string, arguments ...any) error {
	bySequence := make(map[int64]*state.Record, len(rows))
	for i := range rows {
		bySequence[rows[i].Sequence] = &rows[i]
	}
	return each(ctx, db, func(r row) error {
		var sequence int64
		var name, value, salt string
		if err := r.Scan(&sequence, &name, &value, &salt); err != nil {
			return err
		}
		if to := bySequence[sequence]; to != nil {
			put(&to.Details, name, value)
			put(&to.Salts, name, salt)
		}
		return nil
	}, query, arguments...)
}

func put(m *map[string]string, name, value string) {
	if *m == nil {
		*m = make(map[string]string)
	}
	(*m)[name] = value
}
