package store_test

import (
	"errors"
	"testing"
	"time"

	"esrsync/internal/state"
	"esrsync/internal/store"
	"esrsync/internal/store/storetest"
)

func wantKind(t *testing.T, err, kind error) {
	t.Helper()
	if !errors.Is(err, kind) {
		t.Errorf("got error %v, want one that is %q", err, kind)
	}
}

func TestAServerThatIsNotThereIsAStoreThatCannotBeReached(t *testing.T) {
	t.Parallel()
	dsn := "postgres://nobody@127.0.0.1:1/nothing?sslmode=disable"
	_, err := store.Open(t.Context(), store.Options{Driver: "postgres", DSN: dsn, VPD: storetest.VPD})
	wantKind(t, err, state.ErrUnavailable)
}

func TestAServerThatEndsOurConnectionsIsBackWhenItIsBack(t *testing.T) {
	t.Parallel()
	db := onPostgres(t)
	f := storetest.Open(t, db)
	if _, err := db.Raw.Exec(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
		WHERE datname = current_database() AND pid <> pg_backend_pid()`); err != nil {
		t.Fatal(err)
	}
	if err := f.SetSetting(t.Context(), "key", "first"); err != nil { // It may meet a dead connection, and must say so.
		wantKind(t, err, state.ErrUnavailable)
	}
	if err := f.SetSetting(t.Context(), "key", "second"); err != nil {
		t.Errorf("with the server back: %v", err)
	}
}

func TestTheServersClockDecidesWhenALeaseEnds(t *testing.T) {
	t.Parallel()
	o := onPostgres(t).Options
	o.VPD = storetest.VPD
	s, err := store.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }() // The database goes with the test.
	fence, err := s.Acquire(t.Context(), "run", "one", time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.CheckFence(t.Context(), "run", fence); err != nil {
		t.Error(err)
	}
	_, err = s.Acquire(t.Context(), "run", "two", time.Hour)
	wantKind(t, err, state.ErrLeaseLost)
	if err := s.Renew(t.Context(), "run", fence, time.Microsecond); err != nil {
		t.Fatal(err)
	}
	// By now more than a microsecond has passed on the server.
	wantKind(t, s.CheckFence(t.Context(), "run", fence), state.ErrLeaseLost)
	if next, err := s.Acquire(t.Context(), "run", "two", time.Hour); err != nil || next != fence+1 {
		t.Errorf("the next fence is %d (%v), want %d", next, err, fence+1)
	}
}
