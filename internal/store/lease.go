package store

import (
	"context"
	"fmt"
	"time"

	"esrsync/internal/state"
)

// grant is a lease as it stands.
type grant struct {
	owner   string
	fence   int64
	expires time.Time
	asked   time.Time // when it stood so, by the database's clock; zero where that is not the one that counts
}

// Acquire takes the lease for ttl, unless somebody holds it:
// [state.ErrLeaseLost] then names the holder and the instant until when. Every
// time a lease is taken its fence is a higher number; who is fenced with an older
// one has lost it, whatever its own clock says. An owner who holds it already is
// refused like anybody else, so that one process does not run twice.
//
// With PostgreSQL the server's clock decides, since those of several machines
// differ; unless [Options].Now was given.
func (s *Store) Acquire(ctx context.Context, name, owner string, ttl time.Duration) (fence int64, err error) {
	err = s.write(ctx, "acquiring lease "+name, func(t *tx) error {
		now, err := s.leaseNow(ctx, t.raw)
		if err != nil {
			return err
		}
		won, err := collect(ctx, t.raw, scanFence, `INSERT INTO lease (name, owner, fence, expires) VALUES ($1, $2, 1, $3)
			ON CONFLICT (name) DO UPDATE SET owner = excluded.owner, fence = lease.fence + 1, expires = excluded.expires
			WHERE lease.expires <= $4 RETURNING fence`, name, owner, micros(now.Add(ttl)), micros(now))
		if err != nil {
			return err
		}
		if len(won) == 0 {
			return t.heldByAnother(ctx, name)
		}
		fence = won[0]
		return nil
	})
	if err != nil {
		return 0, err
	}
	return fence, nil
}

// Renew keeps the lease for another ttl from now. [state.ErrLeaseLost] where
// somebody took it, or it ended; then it has to be acquired anew.
func (s *Store) Renew(ctx context.Context, name string, fence int64, ttl time.Duration) error {
	return s.write(ctx, "renewing lease "+name, func(t *tx) error {
		now, err := s.leaseNow(ctx, t.raw)
		if err != nil {
			return err
		}
		n, err := t.changed(ctx, `UPDATE lease SET expires = $1 WHERE name = $2 AND fence = $3 AND expires > $4`,
			micros(now.Add(ttl)), name, fence, micros(now))
		if err == nil && n == 0 {
			err = t.heldByAnother(ctx, name)
		}
		return err
	})
}

// Release gives the lease up. That it is lost already is success.
func (s *Store) Release(ctx context.Context, name string, fence int64) error {
	return s.write(ctx, "releasing lease "+name, func(t *tx) error {
		return t.exec(ctx, `UPDATE lease SET expires = 0 WHERE name = $1 AND fence = $2`, name, fence)
	})
}

// CheckFence tells with [state.ErrLeaseLost] that the lease with this fence is
// held no more: it was released, it ended, or somebody else took it. It is one
// question to the database, since it is asked before every write to the directory.
func (s *Store) CheckFence(ctx context.Context, name string, fence int64) error {
	held, err := readGrant(ctx, s.reads, s.clock(), name)
	if err != nil {
		return fmt.Errorf("checking lease %s: %w", name, s.explained(err))
	}
	if held.asked.IsZero() {
		held.asked = s.now()
	}
	if held.fence != fence || !held.expires.After(held.asked) {
		return fmt.Errorf("checking lease %s: %w", name, held.refusal())
	}
	return nil
}

// ownClock stands in for a database's clock where our own is the one that counts.
const ownClock = `0`

// clock returns SQL for the clock by which leases go.
func (s *Store) clock() string {
	if s.given {
		return ownClock
	}
	return s.engine.clock
}

// leaseNow returns the instant by which leases go.
func (s *Store) leaseNow(ctx context.Context, db asker) (time.Time, error) {
	if s.clock() == ownClock {
		return s.now(), nil
	}
	return only(ctx, db, scanInstant, `SELECT `+s.clock())
}

// heldByAnother returns the error that names who holds the lease.
func (t *tx) heldByAnother(ctx context.Context, name string) error {
	held, err := readGrant(ctx, t.raw, ownClock, name)
	if err != nil {
		return err
	}
	return held.refusal()
}

// readGrant returns the lease; the zero grant where nobody ever took it.
func readGrant(ctx context.Context, db asker, clock, name string) (grant, error) {
	found, err := collect(ctx, db, scanGrant, `SELECT owner, fence, expires, `+clock+` FROM lease WHERE name = $1`, name)
	if err != nil || len(found) == 0 {
		return grant{}, err
	}
	return found[0], nil
}

func (g grant) refusal() error {
	switch {
	case g.owner == "":
		return fmt.Errorf("%w: nobody ever took it", state.ErrLeaseLost)
	case g.expires.IsZero():
		return fmt.Errorf("%w: %s had it last and gave it up", state.ErrLeaseLost, g.owner)
	}
	return fmt.Errorf("%w: %s has it until %s", state.ErrLeaseLost, g.owner, g.expires.Format(time.RFC3339))
}

func scanGrant(r row) (g grant, err error) {
	err = r.Scan(&g.owner, &g.fence, asInstant{&g.expires}, asInstant{&g.asked})
	return g, err
}

func scanFence(r row) (fence int64, err error) {
	err = r.Scan(&fence)
	return fence, err
}

func scanInstant(r row) (at time.Time, err error) {
	err = r.Scan(asInstant{&at})
	return at, err
}
