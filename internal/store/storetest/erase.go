package storetest

import (
	"strings"
	"testing"

	"esrsync/internal/state"
	"esrsync/internal/store/chain"
)

func eraseClaims() []claim {
	return []claim{
		{"an erased person's names and values are gone and the chain is sound", eraseGone},
		{"who acted stays known after an erasure", eraseActor},
		{"an erased person who comes back has another key", eraseComesBack},
		{"values taken away after an erasure are found all the same", eraseNoCover},
		{"erasing somebody whom the ledger does not know is success", eraseStranger},
	}
}

func eraseGone(t *testing.T, f Fixture) {
	f.history(t, 6)
	c := f.checkpoint(t)
	done(t, f.Erase(t.Context(), "person-1"))
	for _, report := range []chain.Report{f.verify(t, c), f.offline(t, c)} {
		same(t, "the report", report, chain.Report{Rows: 7, Proven: 6, Erased: 2})
	}
	for _, value := range []string{"login1", "login4", "person-1"} {
		for _, table := range []string{"ledger", "ledger_detail", "ledger_subject"} {
			if f.holds(t, table, value) {
				t.Errorf("%s still has %s", table, value)
			}
		}
	}
	same(t, "rows about the person", len(got[[]state.Record](t)(f.RecordsOfPerson(t.Context(), "person-1", 0))), 0)
	same(t, "another person's value", f.records(t)[1].Details["login"], "login2")
}

// holds reports whether a text stands anywhere in a table.
func (f Fixture) holds(t *testing.T, table, text string) bool {
	t.Helper()
	rows, err := f.Database.Raw.QueryContext(t.Context(), `SELECT * FROM `+table)
	done(t, err)
	defer func() { done(t, rows.Close()) }()
	columns, err := rows.Columns()
	done(t, err)
	for rows.Next() {
		cells, into := make([]string, len(columns)), make([]any, len(columns))
		for i := range cells {
			into[i] = &cells[i]
		}
		done(t, rows.Scan(into...))
		if strings.Contains(strings.Join(cells, "\n"), text) {
			return true
		}
	}
	done(t, rows.Err())
	return false
}

func eraseActor(t *testing.T, f Fixture) {
	f.history(t, 1)
	done(t, f.Erase(t.Context(), "person-1"))
	r := f.records(t)
	same(t, "details of the row", r[0].Details, map[string]string{"actor": "jtestley"})
	same(t, "the erasure", []any{r[1].Action, r[1].Subject, r[1].Details},
		[]any{chain.Erased, r[0].Subject, map[string]string{"actor": state.Daemon}})
}

func eraseComesBack(t *testing.T, f Fixture) {
	f.history(t, 1)
	done(t, f.Erase(t.Context(), "person-1"))
	f.history(t, 1)
	r := f.records(t)
	if r[2].Subject == r[0].Subject || r[2].Subject == "" {
		t.Errorf("the key after the erasure is %q, before it was %q", r[2].Subject, r[0].Subject)
	}
	done(t, f.Erase(t.Context(), "person-1"))
	same(t, "the report", f.verify(t), chain.Report{Rows: 4, Erased: 2})
}

func eraseNoCover(t *testing.T, f Fixture) {
	f.history(t, 4)
	done(t, f.Erase(t.Context(), "person-1"))
	f.tamper(t, `DELETE FROM ledger_detail WHERE sequence = 2 AND name = 'login'`)
	report := f.verify(t)
	same(t, "the broken row", report.Broken, int64(2))
}

func eraseStranger(t *testing.T, f Fixture) {
	f.history(t, 1)
	done(t, f.Erase(t.Context(), "stranger"))
	same(t, "the report", f.verify(t), chain.Report{Rows: 1})
}
