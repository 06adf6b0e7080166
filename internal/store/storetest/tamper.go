package storetest

import (
	"strings"
	"testing"

	"esrsync/internal/state"
	"esrsync/internal/store"
	"esrsync/internal/store/chain"
)

// rows is how long the ledger is that is tampered with; its checkpoint, kept
// elsewhere, was made when it had kept rows.
const (
	rows = 9
	kept = 7
)

// tampering is something that somebody with the database in their hands does.
type tampering struct {
	name   string
	do     func(t *testing.T, f Fixture)
	broken int64  // the first row that has to be named
	why    string // a word of the reason
}

func tamperClaims() []claim {
	var claims []claim
	for _, c := range tamperings() {
		claims = append(claims, claim{"a ledger is found out: " + c.name, func(t *testing.T, f Fixture) {
			f.history(t, kept)
			elsewhere := f.checkpoint(t)
			f.history(t, rows-kept)
			f.unlock(t)
			c.do(t, f)
			for how, report := range map[string]chain.Report{"store": f.verify(t, elsewhere), "export": f.offline(t, elsewhere)} {
				if report.Broken != c.broken || !strings.Contains(report.Why, c.why) {
					t.Errorf("verifying the %s says %+v, want row %d and %q", how, report, c.broken, c.why)
				}
			}
		}})
	}
	return append(claims,
		claim{"a ledger without a checkpoint elsewhere shows what its own note shows", tamperTail},
		claim{"a checkpoint that another key signed, or that was edited, is a finding", tamperCheckpoint},
		claim{"no checkpoint is made of a ledger whose last row is gone", tamperSigned})
}

func tamperings() []tampering {
	edit := func(statement string) func(*testing.T, Fixture) {
		return func(t *testing.T, f Fixture) { f.tamper(t, statement) }
	}
	return []tampering{
		{"an action edited", edit(`UPDATE ledger SET action = 'nothing' WHERE sequence = 4`), 4, "edited"},
		{"an instant edited", edit(`UPDATE ledger SET at = at + 1 WHERE sequence = 4`), 4, "edited"},
		{"a run edited", edit(`UPDATE ledger SET run_id = 'x' WHERE sequence = 4`), 4, "edited"},
		{"another person made the subject", edit(`UPDATE ledger SET subject = 'x' WHERE sequence = 4`), 4, "edited"},
		{"a digest taken away", edit(`UPDATE ledger SET digests = '{}' WHERE sequence = 4`), 4, "edited"},
		{"a hash edited", edit(`UPDATE ledger SET hash = 'x' WHERE sequence = 4`), 4, "edited"},
		{"the hash of the row before edited", edit(`UPDATE ledger SET previous = 'x' WHERE sequence = 4`), 4, "follow"},
		{"a value edited", edit(`UPDATE ledger_detail SET value = 'x' WHERE sequence = 4 AND name = 'login'`), 4, "value"},
		{"who acted edited", edit(`UPDATE ledger_detail SET value = 'x' WHERE sequence = 4 AND name = 'actor'`), 4, "value"},
		{"a value added", edit(`INSERT INTO ledger_detail (sequence, name, value, salt) VALUES (4, 'x', 'y', 'z')`), 4, "value"},
		{"a value moved to another name", edit(`UPDATE ledger_detail SET name = 'title' WHERE sequence = 4 AND name = 'login'`), 4, "value"},
		{"a value taken away", edit(`DELETE FROM ledger_detail WHERE sequence = 4 AND name = 'login'`), 4, "erased"},
		{"who acted taken away", edit(`DELETE FROM ledger_detail WHERE sequence = 4 AND name = 'actor'`), 4, "taken away"},
		{"a row removed", edit(`DELETE FROM ledger WHERE sequence = 4`), 4, "stands where"},
		{"the first row removed", edit(`DELETE FROM ledger WHERE sequence = 1`), 1, "stands where"},
		{"a row put in front", edit(`INSERT INTO ledger SELECT 0, at, action, run_id, subject, digests, previous, hash
			FROM ledger WHERE sequence = 1`), 1, "stands where"},
		{"a row removed and the rest renumbered", tamperRenumber, 4, "follow"},
		{"two rows swapped", tamperSwap, 4, "follow"},
		{"the end cut off", tamperCut(5), 6, "missing"},
		{"everything cut off", tamperCut(0), 1, "missing"},
		{"the end cut off and other rows added", tamperCutAndGrow, kept, "made anew"},
		{"the whole chain made anew after an edit", tamperForge, kept, "made anew"},
	}
}

// unlock takes the triggers away, as somebody would who owns the database.
func (f Fixture) unlock(t *testing.T) {
	t.Helper()
	for _, trigger := range []string{"ledger_is_not_edited", "ledger_is_not_cut"} {
		if f.Database.Options.Driver == "postgres" {
			trigger += " ON ledger"
		}
		f.tamper(t, "DROP TRIGGER "+trigger)
	}
}

func tamperRenumber(t *testing.T, f Fixture) {
	f.tamper(t, `DELETE FROM ledger WHERE sequence = 4`)
	f.tamper(t, `DELETE FROM ledger_detail WHERE sequence = 4`)
	for n := 5; n <= rows; n++ {
		f.tamper(t, `UPDATE ledger SET sequence = sequence - 1 WHERE sequence = $1`, n)
		f.tamper(t, `UPDATE ledger_detail SET sequence = sequence - 1 WHERE sequence = $1`, n)
	}
	f.tamper(t, `UPDATE ledger_head SET sequence = sequence - 1`)
}

func tamperSwap(t *testing.T, f Fixture) {
	for _, table := range []string{"ledger", "ledger_detail"} {
		f.tamper(t, `UPDATE `+table+` SET sequence = 100 WHERE sequence = 4`)
		f.tamper(t, `UPDATE `+table+` SET sequence = 4 WHERE sequence = 5`)
		f.tamper(t, `UPDATE `+table+` SET sequence = 5 WHERE sequence = 100`)
	}
}

// tamperCut cuts the ledger off after n rows, and hides that from its own note.
func tamperCut(n int) func(*testing.T, Fixture) {
	return func(t *testing.T, f Fixture) {
		f.tamper(t, `DELETE FROM ledger WHERE sequence > $1`, n)
		f.tamper(t, `DELETE FROM ledger_detail WHERE sequence > $1`, n)
		f.tamper(t, `UPDATE ledger_head SET sequence = $1, hash = coalesce((SELECT hash FROM ledger WHERE sequence = $1), '')`, n)
	}
}

func tamperCutAndGrow(t *testing.T, f Fixture) {
	tamperCut(5)(t, f)
	for n := range 4 {
		f.append(t, event(40+n))
	}
}

// tamperForge edits a row and makes all hashes after it anew: a chain without a fault.
func tamperForge(t *testing.T, f Fixture) {
	records := f.records(t)
	for i, r := range records[3:] {
		if r.Previous = records[i+2].Hash; i == 0 {
			r.Action = "nothing"
		}
		r = chain.Seal(r)
		f.tamper(t, `UPDATE ledger SET action = $1, previous = $2, hash = $3 WHERE sequence = $4`, r.Action, r.Previous, r.Hash, r.Sequence)
		records[i+3] = r
	}
	f.tamper(t, `UPDATE ledger_head SET hash = $1`, records[rows-1].Hash)
	same(t, "what a forger sees", f.verify(t), chain.Report{Rows: rows})
}

func tamperTail(t *testing.T, f Fixture) {
	f.history(t, rows)
	f.unlock(t)
	f.tamper(t, `DELETE FROM ledger WHERE sequence > 5`)
	report := f.verify(t)
	same(t, "the first missing row", report.Broken, int64(6))
}

func tamperCheckpoint(t *testing.T, f Fixture) {
	f.history(t, 3)
	edited := f.checkpoint(t)
	edited.At = edited.At.AddDate(0, 0, 1)
	for name, c := range map[string]state.Checkpoint{
		"edited": edited, "unsigned": {Sequence: 3, Hash: edited.Hash}, "nonsense": {Sequence: 3, Signature: "%"},
	} {
		if report := f.verify(t, c); report.IsSound() || !strings.Contains(report.Why, "not signed") {
			t.Errorf("a checkpoint that is %s: %+v", name, report)
		}
	}
	report, err := store.VerifyExport(strings.NewReader(f.export(t)), nil, []state.Checkpoint{f.checkpoint(t)})
	if err != nil || report.IsSound() {
		t.Errorf("a checkpoint without a key: %+v, %v", report, err)
	}
}

func tamperSigned(t *testing.T, f Fixture) {
	f.history(t, 3)
	f.unlock(t)
	f.tamper(t, `DELETE FROM ledger WHERE sequence = 3`)
	_, err := f.Checkpoint(t.Context(), key())
	wantKind(t, err, state.ErrNotFound)
	f.tamper(t, `UPDATE ledger_head SET sequence = 2`)
	_, err = f.Checkpoint(t.Context(), key())
	wantWords(t, err, "row 2")
}
