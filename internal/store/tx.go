package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"
)

const (
	// attempts is how often a transaction that loses against another is tried.
	attempts = 6
	// firstPause is about how long the first loser waits; each further one twice that.
	firstPause = 20 * time.Millisecond
)

// tx is a transaction that writes.
type tx struct{ raw *sql.Tx }

// write runs fn in a transaction and tries again where it lost against another
// one. So fn may run several times and must set what it returns anew each time.
func (s *Store) write(ctx context.Context, doing string, fn func(*tx) error) error {
	if err := s.persist(ctx, func() error { return s.attempt(ctx, fn) }); err != nil {
		return fmt.Errorf("%s: %w", doing, s.explained(err))
	}
	return nil
}

// persist calls fn until it does not lose against another any more, or has lost
// too often.
func (s *Store) persist(ctx context.Context, fn func() error) error {
	pause := firstPause
	for try := 1; ; try++ {
		err := fn()
		if err == nil || try == attempts || !s.engine.conflict(err) || wait(ctx, pause) != nil {
			return err
		}
		pause *= 2
	}
}

func (s *Store) attempt(ctx context.Context, fn func(*tx) error) error {
	raw, err := s.writes.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if err := fn(&tx{raw}); err != nil {
		return errors.Join(err, rolledBack(raw))
	}
	return raw.Commit()
}

// rolledBack ends a transaction that failed. That it has ended already, since its
// context did, is what we want.
func rolledBack(raw *sql.Tx) error {
	if err := raw.Rollback(); err != nil && !errors.Is(err, sql.ErrTxDone) {
		return err
	}
	return nil
}

// wait waits for about the pause, or for the end of the context.
func wait(ctx context.Context, pause time.Duration) error {
	timer := time.NewTimer(pause/2 + rand.N(pause))
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
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
func each(ctx context.Context, db asker, use func(row) error, query string, arguments ...any) error {
	rows, err := db.QueryContext(ctx, query, cleaned(arguments)...)
	if err != nil {
		return err
	}
	for rows.Next() {
		if err := use(rows); err != nil {
			return errors.Join(err, rows.Close())
		}
	}
	return errors.Join(rows.Err(), rows.Close())
}

// exec runs a statement.
func (t *tx) exec(ctx context.Context, statement string, arguments ...any) error {
	_, err := t.raw.ExecContext(ctx, statement, cleaned(arguments)...)
	return err
}

// changed runs a statement and returns how many rows it changed.
func (t *tx) changed(ctx context.Context, statement string, arguments ...any) (int, error) {
	result, err := t.raw.ExecContext(ctx, statement, cleaned(arguments)...)
	if err != nil {
		return 0, err
	}
	n, err := result.RowsAffected()
	return int(n), err
}

// take gives out the next n numbers of a counter and returns the first. Nobody
// else takes from it, or passes [tx.latch] with its name, until the transaction ends.
func (t *tx) take(ctx context.Context, counter string, n int) (int64, error) {
	var last int64
	err := t.raw.QueryRowContext(ctx, `UPDATE counter SET value = value + $1 WHERE name = $2 RETURNING value`,
		n, counter).Scan(&last)
	return last - int64(n) + 1, err
}

// latch makes all others who come to the same latch wait until the transaction
// ends: for what is read first and written after.
func (t *tx) latch(ctx context.Context, name string) error {
	_, err := t.take(ctx, name, 0)
	return err
}

// rowsAtOnce bounds how many rows one INSERT carries: with 14 columns still far
// below the 32,766 parameters that SQLite takes.
const rowsAtOnce = 500

// insert adds many rows with few statements. The head is "INSERT INTO t (a, b)";
// the tail, which may be empty, says what happens to rows that are there already.
func (t *tx) insert(ctx context.Context, head, tail string, rows [][]any) error {
	for len(rows) > 0 {
		some := rows[:min(rowsAtOnce, len(rows))]
		rows = rows[len(some):]
		var arguments []any
		for _, one := range some {
			arguments = append(arguments, one...)
		}
		if err := t.exec(ctx, head+" VALUES "+places(len(some), len(some[0]))+" "+tail, arguments...); err != nil {
			return err
		}
	}
	return nil
}

// inChunks calls fn for the keys, few enough at a time for one statement, with a
// list of parameters, ($2, $3…), that begins after the given number.
func inChunks(keys []string, after int, fn func(list string, keys []any) error) error {
	for len(keys) > 0 {
		some := keys[:min(rowsAtOnce, len(keys))]
		keys = keys[len(some):]
		arguments := make([]any, len(some))
		for i, key := range some {
			arguments[i] = key
		}
		if err := fn(numbered(after, len(some)), arguments); err != nil {
			return err
		}
	}
	return nil
}

// places returns ($1, $2), ($3, $4) for two rows of two.
func places(rows, columns int) string {
	all := make([]string, rows)
	for i := range all {
		all[i] = numbered(i*columns, columns)
	}
	return strings.Join(all, ", ")
}

// numbered returns ($4, $5) for two parameters after the third.
func numbered(after, n int) string {
	var out strings.Builder
	for i := range n {
		if i > 0 {
			out.WriteString(", ")
		}
		fmt.Fprintf(&out, "$%d", after+i+1)
	}
	return "(" + out.String() + ")"
}
