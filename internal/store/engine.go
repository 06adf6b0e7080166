package store

import (
	"database/sql/driver"
	"errors"
	"fmt"
	"net"

	"github.com/pressly/goose/v3"

	"esrsync/internal/state"
)

// engine is what differs between the two databases, besides how they are dialled.
type engine struct {
	dialect goose.Dialect
	folder  string // of the migrations
	locks   bool   // several machines may migrate at once
	clock   string // SQL for the clock by which leases go, in microseconds
	// conflict reports a transaction that lost against another and may be tried again.
	conflict func(error) bool
	// unreachable reports that the database did not answer, whatever was asked.
	unreachable func(error) bool
}

// explained returns the error with the kind by which callers choose what to do.
func (s *Store) explained(err error) error {
	if err == nil || errors.Is(err, state.ErrUnavailable) {
		return err
	}
	var network net.Error
	if errors.Is(err, driver.ErrBadConn) || errors.As(err, &network) || s.engine.unreachable(err) {
		return fmt.Errorf("%w: %w", state.ErrUnavailable, err)
	}
	return err
}
