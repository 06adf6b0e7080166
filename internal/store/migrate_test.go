package store_test

import (
	"database/sql"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"esrsync/internal/store"
	"esrsync/internal/store/storetest"
)

func TestBothEnginesHaveTheSameMigrationsByName(t *testing.T) {
	t.Parallel()
	if diff := cmp.Diff(store.MigrationNames(t, "sqlite"), store.MigrationNames(t, "postgres")); diff != "" {
		t.Errorf("the folders differ (-sqlite +postgres):\n%s", diff)
	}
}

func TestBothEnginesHaveTheSameTablesAndColumns(t *testing.T) {
	t.Parallel()
	lite, full := storetest.Open(t, onSQLite(t)).Database.Raw, storetest.Open(t, onPostgres(t)).Database.Raw
	sqlite := columns(t, lite, `SELECT m.name, c.name, lower(c.type) FROM sqlite_schema m, pragma_table_info(m.name) c
		WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' AND m.name <> 'goose_db_version'`)
	postgres := columns(t, full, `SELECT table_name, column_name, data_type FROM information_schema.columns
		WHERE table_schema = current_schema() AND table_name <> 'goose_db_version'`)
	if diff := cmp.Diff(sqlite, postgres); diff != "" {
		t.Errorf("the tables differ (-sqlite +postgres):\n%s", diff)
	}
	if len(sqlite) < 80 {
		t.Errorf("only %d columns were compared", len(sqlite))
	}
}

// columns returns every "table.column" with SQLite's name of its type.
func columns(t *testing.T, db *sql.DB, query string) map[string]string {
	t.Helper()
	rows, err := db.Query(query)
	if err != nil {
		t.Fatalf("listing the columns: %v", err)
	}
	defer func() { _ = rows.Close() }() // Everything was read by then.
	same := map[string]string{"bigint": "integer", "bytea": "blob"}
	found := make(map[string]string)
	for rows.Next() {
		var table, column, kind string
		if err := rows.Scan(&table, &column, &kind); err != nil {
			t.Fatalf("listing the columns: %v", err)
		}
		if lite, is := same[kind]; is {
			kind = lite
		}
		found[table+"."+column] = kind
	}
	if err := rows.Err(); err != nil {
		t.Fatalf("listing the columns: %v", err)
	}
	return found
}

func TestSeveralProcessesMayOpenANewStoreAtOnce(t *testing.T) {
	t.Parallel()
	for name, fresh := range map[string]func(*testing.T) storetest.Database{"sqlite": onSQLite, "postgres": onPostgres} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := fresh(t).Options
			o.VPD = storetest.VPD
			var wg sync.WaitGroup
			errs := make([]error, 3)
			for i := range errs {
				wg.Go(func() {
					s, err := store.Open(t.Context(), o)
					if err == nil {
						err = s.Close()
					}
					errs[i] = err
				})
			}
			wg.Wait()
			for _, err := range errs {
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
}

// A table that nobody reads is a table that nobody keeps true.
func TestEveryTableIsUsed(t *testing.T) {
	t.Parallel()
	source := store.Source(t)
	tables := make(map[string]bool)
	for column := range columns(t, storetest.Open(t, onSQLite(t)).Database.Raw, `SELECT m.name, '', '' FROM sqlite_schema m
		WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' AND m.name <> 'goose_db_version'`) {
		tables[strings.TrimSuffix(column, ".")] = true
	}
	for _, table := range slices.Sorted(maps.Keys(tables)) {
		if !strings.Contains(source, "FROM "+table) && !strings.Contains(source, "UPDATE "+table) {
			t.Errorf("nothing reads the table %s", table)
		}
	}
}
