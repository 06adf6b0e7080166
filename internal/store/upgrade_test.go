package store_test

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"esrsync/esrmodel"
	"esrsync/internal/directory"
	"esrsync/internal/state"
	"esrsync/internal/store"
	"esrsync/internal/store/storetest"
)

func TestAStoreOfVersion1KeepsEverythingWhenItIsBroughtUpToDate(t *testing.T) {
	t.Parallel()
	for name, fresh := range map[string]func(*testing.T) storetest.Database{"sqlite": onSQLite, "postgres": onPostgres} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := fresh(t)
			fillVersion1(t, db)
			before := everything(t, db.Raw, slices.Sorted(maps.Keys(tablesOf1)))
			f := storetest.Open(t, db)
			if diff := cmp.Diff(before, everything(t, db.Raw, slices.Sorted(maps.Keys(tablesOf1)))); diff != "" {
				t.Errorf("what version 1 had was changed (-before +after):\n%s", diff)
			}
			wantUsable(t, f)
		})
	}
}

// tablesOf1 are the tables of version 1 and the least number of rows of each that
// the test puts there: an empty table would prove nothing. The counters are told
// apart, since each version may add some.
var tablesOf1 = map[string]int{
	"installation": 1, "setting": 1, "lease": 1, "feed": 2, "gap": 1, "record": 2, "absence": 1, "deletion": 1, "fault": 1,
	"external": 1, "link": 1, "decision": 1, "name": 1, "plan": 1, "approval": 1, "journal": 2, "run": 1, "finding": 1,
	"task": 1, "keep": 1, "confirmation": 1, "ledger": 1, "ledger_head": 1, "ledger_subject": 1, "ledger_detail": 1,
}

// fillVersion1 makes a store as version 1 left it, with something in every table.
func fillVersion1(t *testing.T, db storetest.Database) {
	t.Helper()
	o := db.Options
	o.VPD = storetest.VPD
	s := store.OpenAt(t, o, 1)
	at := time.Date(2026, time.November, 22, 6, 0, 0, 0, time.UTC)
	account := directory.GUID{1}
	full := esrmodel.Batch{
		Full: true, People: []esrmodel.Person{{ID: "1", LastName: "Testley"}, {ID: "2", LastName: "Sampleton"}},
		Faults: []esrmodel.Fault{{Kind: esrmodel.KindPosition, ID: "9", Field: "from", Found: "20260230"}},
	}
	next := esrmodel.Batch{Full: true, People: full.People[:1], Faults: full.Faults, Deleted: []esrmodel.Deletion{{Kind: esrmodel.KindPerson, ID: "3"}}}
	for _, step := range []func() error{
		func() error { return s.SetSetting(t.Context(), "audit_due", "2026-06-30") },
		func() error { _, err := s.Acquire(t.Context(), "run", "one", time.Hour); return err },
		func() error { return s.ApplyFeed(t.Context(), state.Feed{SHA256: "1", Source: "staff"}, full) },
		func() error { return s.ApplyFeed(t.Context(), state.Feed{SHA256: "2", Source: "staff"}, next) },
		func() error { return s.SetGap(t.Context(), "staff", at, "one is missing") },
		func() error { return s.SaveLink(t.Context(), state.Link{PersonID: "1", Account: account}) },
		func() error {
			return s.SaveDecision(t.Context(), state.Decision{PersonID: "1", Answer: state.AnswerLink})
		},
		func() error { return s.SavePlan(t.Context(), "plan", 46000, json.RawMessage(`{}`), at) },
		func() error { return s.SaveApproval(t.Context(), state.Approval{ID: "a", PlanID: "plan"}) },
		func() error { _, err := s.Intend(t.Context(), []state.Entry{{RunID: "r"}, {RunID: "r"}}); return err },
		func() error { return s.StartRun(t.Context(), state.Run{ID: "r", Started: at}) },
		func() error { _, err := s.EnsureTask(t.Context(), state.Task{ID: "t", Opened: at}); return err },
		func() error { return s.SaveKeep(t.Context(), state.Keep{PersonID: "1", Until: 46000}) },
		func() error { return s.SaveConfirmation(t.Context(), state.Confirmation{PersonID: "2", Date: 46000}) },
		func() error {
			return s.Append(t.Context(), state.Event{Actor: "jtestley", Action: "run.started", PersonID: "1", Details: map[string]string{"login": "ttestley"}})
		},
	} {
		if err := step(); err != nil {
			t.Fatalf("filling a store of version 1: %v", err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	// What these roles ask for is more than a test needs to know.
	for _, statement := range []string{
		`INSERT INTO external VALUES (1, 'X1', 'Sampleton', 'Sam', 'contractor', '20000001', 45000, 46000)`,
		`INSERT INTO name VALUES ('login', 'ttestley', '1', 'reserved', 5)`,
		`INSERT INTO finding VALUES ('f', 1, 2, 1, 'Q08', 'high', 'person', '1', 'left or lost?', 'hr')`,
	} {
		run(t, db.Raw, statement)
	}
}

// everything returns the rows of the tables as text, sorted, and the counters that
// the tables of version 1 need.
func everything(t *testing.T, db *sql.DB, tables []string) map[string][]string {
	t.Helper()
	found := make(map[string][]string)
	for _, table := range tables {
		if found[table] = rowsOf(t, db, `SELECT * FROM `+table); len(found[table]) < tablesOf1[table] {
			t.Errorf("%s has %d rows, want at least %d", table, len(found[table]), tablesOf1[table])
		}
	}
	found["counter"] = rowsOf(t, db, `SELECT * FROM counter WHERE name IN ('mirror', 'feed', 'name', 'link', 'journal', 'finding', 'task')`)
	return found
}

func rowsOf(t *testing.T, db *sql.DB, query string) []string {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), query)
	if err != nil {
		t.Fatalf("running %s: %v", query, err)
	}
	defer func() { _ = rows.Close() }() // Everything was read by then.
	columns, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for rows.Next() {
		cells, into := make([]sql.RawBytes, len(columns)), make([]any, len(columns))
		for i := range cells {
			into[i] = &cells[i]
		}
		if err := rows.Scan(into...); err != nil {
			t.Fatal(err)
		}
		found = append(found, fmt.Sprintf("%q", cells))
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	slices.Sort(found)
	return found
}

// wantUsable looks at what version 1 wrote with the methods of today, and does
// what only this version can do.
func wantUsable(t *testing.T, f storetest.Fixture) {
	t.Helper()
	staff, err := f.Staff(t.Context())
	if err != nil || len(staff.People) != 2 {
		t.Errorf("the mirror has %d people, want 2 (%v)", len(staff.People), err)
	}
	if report, err := f.Verify(t.Context(), nil, nil); err != nil || !report.IsSound() || report.Rows != 1 {
		t.Errorf("the ledger: %+v, %v", report, err)
	}
	h := state.Hold{ID: "0123456789abcdef0123456789abcdef", PersonID: "1", State: state.HoldPlacing}
	if err := f.SaveHold(t.Context(), h); err != nil {
		t.Fatal(err)
	}
	if held, err := f.IsHeld(t.Context(), "1", directory.GUID{}); err != nil || !held {
		t.Errorf("held: %v, %v", held, err)
	}
	if err := f.EnsureHookRuns(t.Context(), []state.HookRun{{HoldID: h.ID, Hook: "vpn"}}); err != nil {
		t.Error(err)
	}
}
