package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"esrsync/internal/state"
)

// asker is a database or a transaction that can be asked.
type asker interface {
	QueryContext(ctx context.Context, query string, arguments ...any) (*sql.Rows, error)
}

// row is one row of an answer.
type row interface{ Scan(into ...any) error }

// list asks outside of any transaction and returns a value for each row.
func list[T any](ctx context.Context, s *Store, doing string, scan func(row) (T, error), query string, arguments ...any) ([]T, error) {
	found, err := collect(ctx, s.reads, scan, query, arguments...)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", doing, s.explained(err))
	}
	return found, nil
}

// collect returns a value for each row of the answer.
func collect[T any](ctx context.Context, db asker, scan func(row) (T, error), query string, arguments ...any) ([]T, error) {
	var found []T
	err := each(ctx, db, func(r row) error {
		one, err := scan(r)
		found = append(found, one)
		return err
	}, query, arguments...)
	if err != nil {
		return nil, err
	}
	return found, nil
}

// each calls use for each row of the answer.
func each(ctx context.Context, db asker, use func(row) error, query string, arguments ...any) (err error) {
	rows, err := db.QueryContext(ctx, query, cleaned(arguments)...)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		if err := use(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// read runs fn on one unmoving picture of the store.
func (s *Store) read(ctx context.Context, doing string, fn func(asker) error) error {
	raw, err := s.reads.BeginTx(ctx, &sql.TxOptions{ReadOnly: true, Isolation: sql.LevelRepeatableRead})
	if err != nil {
		return fmt.Errorf("%s: %w", doing, s.explained(err))
	}
	// Nothing was written, so that there is nothing to learn from an error.
	defer func() { _ = raw.Rollback() }()
	if err := fn(raw); err != nil {
		return fmt.Errorf("%s: %w", doing, s.explained(err))
	}
	return nil
}

// only returns the one value of the answer, or [state.ErrNotFound].
func only[T any](ctx context.Context, db asker, scan func(row) (T, error), query string, arguments ...any) (T, error) {
	found, err := collect(ctx, db, scan, query, arguments...)
	if err == nil && len(found) == 0 {
		err = state.ErrNotFound
	}
	if err != nil {
		var none T
		return none, err
	}
	return found[0], nil
}
