package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"esrsync/internal/state"
)

// Options says which store to open.
type Options struct {
	Driver string           // "sqlite" or "postgres"
	Path   string           // the file, for sqlite; its folder must be there
	DSN    string           // the connection string, for postgres; never printed
	VPD    string           // the trust's VPD; the first Open binds the store to it
	Now    func() time.Time // nil for the real clock
}

// Store is an open store. It is safe for concurrent use.
type Store struct {
	writes *sql.DB
	reads  *sql.DB // the same as writes but with SQLite, where readers must not queue behind the writer
	engine engine
	now    func() time.Time
	given  bool // the clock was given to us: leases go by it too
}

// Open opens the store, makes it where there is none, and brings its tables up to
// date. It refuses one that a newer version wrote with [state.ErrNewer], one that
// belongs to another VPD with [state.ErrOtherVPD], and tells with
// [state.ErrUnavailable] that it cannot be reached.
func Open(ctx context.Context, o Options) (*Store, error) {
	if o.VPD == "" {
		return nil, errors.New("opening the store: no VPD given")
	}
	s, err := dial(o)
	if err != nil {
		return nil, fmt.Errorf("opening the store: %w", err)
	}
	if err := s.prepare(ctx, o.VPD); err != nil {
		return nil, fmt.Errorf("opening the store: %w", errors.Join(s.explained(err), s.Close()))
	}
	return s, nil
}

// dial makes a store that has not looked at its database yet.
func dial(o Options) (*Store, error) {
	s := &Store{now: o.Now, given: o.Now != nil}
	if !s.given {
		s.now = time.Now
	}
	switch o.Driver {
	case "sqlite":
		return s, s.dialSQLite(o.Path)
	case "postgres":
		return s, s.dialPostgres(o.DSN)
	}
	return nil, fmt.Errorf("%q is no driver: sqlite or postgres", o.Driver)
}

// prepare makes sure that the database is one that this version may use. Several
// processes may do so at once; SQLite lets but one of them turn a file to WAL, and
// does not let the others wait for it.
func (s *Store) prepare(ctx context.Context, vpd string) error {
	err := s.persist(ctx, func() error {
		if err := s.writes.PingContext(ctx); err != nil {
			return err
		}
		return migrate(ctx, s.writes, s.engine)
	})
	if err != nil {
		return err
	}
	return s.bind(ctx, vpd)
}

// bind makes the store the VPD's, or refuses it where it is another's: staff
// information is not shared between trusts, not by mistake either.
func (s *Store) bind(ctx context.Context, vpd string) error {
	return s.write(ctx, "binding to VPD "+vpd, func(t *tx) error {
		owners, err := collect(ctx, t.raw, scanText, `SELECT vpd FROM installation`)
		switch {
		case err != nil:
			return err
		case len(owners) == 0:
			return t.exec(ctx, `INSERT INTO installation (vpd, since) VALUES ($1, $2)`, vpd, micros(s.now()))
		case owners[0] != vpd:
			return fmt.Errorf("%w: it is bound to %s, the configuration says %s", state.ErrOtherVPD, owners[0], vpd)
		}
		return nil
	})
}

// Close closes the store. Nothing is lost by not closing it.
func (s *Store) Close() error {
	if s.reads == s.writes {
		return s.writes.Close()
	}
	return errors.Join(s.reads.Close(), s.writes.Close())
}
