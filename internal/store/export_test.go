package store

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// AddressOf is the URI under which the store opens a file, for tests that open it
// past the store.
func AddressOf(path string) string {
	address, err := sqliteAddress(path)
	if err != nil {
		panic(err)
	}
	return address
}

// MigrationNames returns the names of an engine's migrations.
func MigrationNames(t *testing.T, folder string) []string {
	t.Helper()
	entries, err := migrations.ReadDir("migrations/" + folder)
	if err != nil {
		t.Fatalf("listing the migrations: %v", err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

// Source returns the source of this package without its tests.
func Source(t *testing.T) string {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatalf("listing the source: %v", err)
	}
	var all strings.Builder
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatalf("reading the source: %v", err)
		}
		all.Write(text)
	}
	return all.String()
}

// Pragma returns a setting of SQLite as the store's writer has it.
func Pragma(t *testing.T, s *Store, name string) (value string) {
	t.Helper()
	if err := s.writes.QueryRowContext(t.Context(), "PRAGMA "+name).Scan(&value); err != nil {
		t.Fatalf("asking for %s: %v", name, err)
	}
	return value
}

// OpenAt returns a store whose tables an older version of this program made.
func OpenAt(t *testing.T, o Options, version int64) *Store {
	t.Helper()
	s, err := dial(o)
	if err != nil {
		t.Fatalf("dialling the store: %v", err)
	}
	provider, err := migrator(s.writes, s.engine)
	if err == nil {
		_, err = provider.UpTo(t.Context(), version)
	}
	if err == nil {
		err = s.bind(t.Context(), o.VPD)
	}
	if err != nil {
		t.Fatalf("making the tables of version %d: %v", version, err)
	}
	return s
}
