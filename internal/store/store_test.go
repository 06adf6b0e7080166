package store_test

import (
	"database/sql"
	"path/filepath"
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
	storetest.Run(t, onPostgres)
}

// onSQLite returns an empty file that goes with the test.
func onSQLite(t *testing.T) storetest.Database {
	t.Helper()
	path := filepath.Join(t.TempDir(), "a store 100% #1?.db")
	return database(t, store.Options{Driver: "sqlite", Path: path}, "sqlite", path)
}

// onPostgres returns an empty database that goes with the test.
func onPostgres(t *testing.T) storetest.Database {
	t.Helper()
	dsn := testbed.Postgres(t)
	return database(t, store.Options{Driver: "postgres", DSN: dsn}, "pgx", dsn)
}

func database(t *testing.T, o store.Options, driver, address string) storetest.Database {
	t.Helper()
	if driver == "sqlite" {
		address = store.AddressOf(address)
	}
	raw, err := sql.Open(driver, address)
	if err != nil {
		t.Fatalf("opening the database past the store: %v", err)
	}
	t.Cleanup(func() {
		if err := raw.Close(); err != nil {
			t.Errorf("closing the database: %v", err)
		}
	})
	return storetest.Database{Options: o, Raw: raw}
}
