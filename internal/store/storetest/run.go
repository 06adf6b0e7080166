package storetest

import (
	"database/sql"
	"errors"
	"reflect"
	"slices"
	"sync"
	"testing"
	"time"

	"esrsync/internal/store"
)

// VPD is the trust that every store of the suite belongs to.
const VPD = "999"

// Database is an empty database that belongs to one test alone.
type Database struct {
	// Options open it; the suite fills in VPD and Now.
	Options store.Options
	// Raw is the same database past the store: for who tampers with it.
	Raw *sql.DB
}

// Fixture is what a claim is tried on.
type Fixture struct {
	*store.Store
	Clock    *Clock
	Database Database
}

// claim is a promise and how it is tried.
type claim struct {
	name string
	try  func(t *testing.T, f Fixture)
}

// Run tries every claim on a database of its own, made by fresh.
func Run(t *testing.T, fresh func(t *testing.T) Database) {
	t.Helper()
	for _, c := range slices.Concat(openClaims(), mirrorClaims(), fullClaims(), feedClaims(), nameClaims(), linkClaims(),
		planClaims(), journalClaims(), runClaims(), findingClaims(), taskClaims(), leaseClaims(), holdClaims(),
		heldClaims(), hookRunClaims(), ledgerClaims(), tamperClaims(), eraseClaims(), secretClaims(), killClaims()) {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			c.try(t, Open(t, fresh(t)))
		})
	}
}

// Open opens the store of a database, to be closed when the test ends.
func Open(t testing.TB, db Database) Fixture {
	t.Helper()
	f := Fixture{Clock: &Clock{at: noon}, Database: db}
	f.Store = f.again(t)
	return f
}

// again opens the same database once more, as another process does.
func (f Fixture) again(t testing.TB) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), f.options())
	if err != nil {
		t.Fatalf("opening the store: %v", err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("closing the store: %v", err)
		}
	})
	return s
}

func (f Fixture) options() store.Options {
	o := f.Database.Options
	o.VPD, o.Now = VPD, f.Clock.Now
	return o
}

// tamper changes the database past the store.
func (f Fixture) tamper(t *testing.T, statement string, arguments ...any) {
	t.Helper()
	if _, err := f.Database.Raw.ExecContext(t.Context(), statement, arguments...); err != nil {
		t.Fatalf("running %q: %v", statement, err)
	}
}

// noon is when every clock of the suite begins.
var noon = time.Date(2026, time.November, 22, 12, 0, 0, 123456000, time.UTC)

// Clock is a clock that a test moves.
type Clock struct {
	mu sync.Mutex
	at time.Time
}

// Now returns the instant that the clock shows.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

// Advance moves the clock on.
func (c *Clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// done ends the test where something that is only a step on its way went wrong.
func done(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// got returns the value of a call that must go well.
func got[T any](t *testing.T) func(T, error) T {
	t.Helper()
	return func(value T, err error) T {
		t.Helper()
		done(t, err)
		return value
	}
}

// same complains where two values differ.
func same(t *testing.T, what string, got, want any) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s:\n got %+v\nwant %+v", what, got, want)
	}
}

// wantKind complains where the error is not of the kind.
func wantKind(t *testing.T, err, kind error) {
	t.Helper()
	if !errors.Is(err, kind) {
		t.Errorf("got error %v, want one that is %q", err, kind)
	}
}
