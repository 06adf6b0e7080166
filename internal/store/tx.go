package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
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
