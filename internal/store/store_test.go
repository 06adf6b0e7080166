package store_test

import (
	"database/sql"
	"fmt"
	"net/url"
	"path/filepath"
	"sync/atomic"
	"testing"

	"esrsync/internal/store"
	"esrsync/internal/store/storetest"
	"esrsync/internal/testbed"
)

func TestSQLiteKeepsItsPromises(t *testing.T) {
	t.Parallel()
	storetest.Run(t, onSQLite)
}

func TestPostgreSQLKeepsItsPromises(t *testing.T) {
	t.Parallel()
	storetest.Run(t, copies(t))
}

// onSQLite returns an empty file that goes with the test.
func onSQLite(t *testing.T) storetest.Database {
	t.Helper()
	path := filepath.Join(t.TempDir(), "a store 100% #1?.db")
	return storetest.Database{Options: store.Options{Driver: "sqlite", Path: path}, Raw: raw(t, "sqlite", store.AddressOf(path))}
}

// onPostgres returns an empty database that goes with the test.
func onPostgres(t *testing.T) storetest.Database {
	t.Helper()
	dsn := testbed.Postgres(t)
	return storetest.Database{Options: store.Options{Driver: "postgres", DSN: dsn}, Raw: raw(t, "pgx", dsn)}
}

// copies returns what makes databases that have the tables already: making them
// anew for each of a hundred claims would take most of the time.
func copies(t *testing.T) func(*testing.T) storetest.Database {
	t.Helper()
	whole, err := url.Parse(testbed.Postgres(t))
	if err != nil {
		t.Fatalf("reading the DSN: %v", err)
	}
	s, err := store.Open(t.Context(), store.Options{Driver: "postgres", DSN: whole.String(), VPD: storetest.VPD})
	if err != nil {
		t.Fatalf("making the tables: %v", err)
	}
	if err := s.Close(); err != nil { // A database with connections cannot be copied.
		t.Fatalf("closing the store: %v", err)
	}
	server := *whole
	server.Path = "/postgres"
	admin := raw(t, "pgx", server.String())
	var n atomic.Int64
	return func(t *testing.T) storetest.Database {
		t.Helper()
		name := fmt.Sprintf("%s_%d", whole.Path[1:], n.Add(1))
		run(t, admin, "CREATE DATABASE "+name+" TEMPLATE "+whole.Path[1:])
		t.Cleanup(func() { run(t, admin, "DROP DATABASE "+name+" WITH (FORCE)") })
		mine := *whole
		mine.Path = "/" + name
		return storetest.Database{
			Options: store.Options{Driver: "postgres", DSN: mine.String()}, Raw: raw(t, "pgx", mine.String()),
		}
	}
}

func run(t *testing.T, db *sql.DB, statement string) {
	t.Helper()
	if _, err := db.Exec(statement); err != nil {
		t.Fatalf("running %s: %v", statement, err)
	}
}

// raw returns the database past the store, closed when the test ends.
func raw(t *testing.T, driver, address string) *sql.DB {
	t.Helper()
	db, err := sql.Open(driver, address)
	if err != nil {
		t.Fatalf("opening the database past the store: %v", err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Errorf("closing the database: %v", err)
		}
	})
	return db
}
