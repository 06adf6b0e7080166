package storetest

import (
	"bytes"
	"crypto/ed25519"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"esrsync/internal/state"
	"esrsync/internal/store"
	"esrsync/internal/store/chain"
)

func ledgerClaims() []claim {
	return []claim{
		{"events come back in order with who, what, when, about whom and the values", ledgerComesBack},
		{"an event without an instant happened now", ledgerNow},
		{"a person is a random key in the chain, the same for each row", ledgerSubject},
		{"the same value twice has two different digests", ledgerSalted},
		{"an event may not pass a detail off as the actor", ledgerActor},
		{"all events of a call are appended or none", ledgerAllOrNone},
		{"several processes append to one chain", ledgerContended},
		{"thousands of events are one batch, and pages of rows are one ledger", ledgerMany},
		{"rows are read from where somebody was", ledgerAfter},
		{"rows about a person are newest first", ledgerOfPerson},
		{"an untouched ledger is sound, and proven up to the last checkpoint", ledgerSound},
		{"an empty ledger is sound", ledgerEmpty},
		{"an export says what the ledger says, and is verified offline", ledgerExported},
		{"what is no ledger is an error, not a sound one", ledgerNoExport},
		{"the database itself refuses an edit and a removal", ledgerRefuses},
	}
}

// key signs the suite's checkpoints.
func key() ed25519.PrivateKey {
	return ed25519.NewKeyFromSeed(bytes.Repeat([]byte{7}, ed25519.SeedSize))
}

func public() ed25519.PublicKey { return key().Public().(ed25519.PublicKey) }

// event returns the n-th event of the suite, about one of three people.
func event(n int) state.Event {
	return state.Event{
		At: noon.Add(time.Duration(n) * time.Second), Actor: "jtestley", Action: "change.applied", RunID: "run",
		PersonID: fmt.Sprint("person-", n%3), Details: map[string]string{"login": fmt.Sprint("login", n), "attribute": "title"},
	}
}

func (f Fixture) append(t *testing.T, events ...state.Event) {
	t.Helper()
	done(t, f.Append(t.Context(), events...))
}

// history appends n events.
func (f Fixture) history(t *testing.T, n int) {
	t.Helper()
	for i := range n {
		f.append(t, event(i+1))
	}
}

func (f Fixture) checkpoint(t *testing.T) state.Checkpoint {
	t.Helper()
	return got[state.Checkpoint](t)(f.Checkpoint(t.Context(), key()))
}

func (f Fixture) records(t *testing.T) []state.Record {
	t.Helper()
	return got[[]state.Record](t)(f.Records(t.Context(), 0, 0))
}

func (f Fixture) verify(t *testing.T, checkpoints ...state.Checkpoint) chain.Report {
	t.Helper()
	return got[chain.Report](t)(f.Verify(t.Context(), public(), checkpoints))
}

// offline returns the report on the exported ledger.
func (f Fixture) offline(t *testing.T, checkpoints ...state.Checkpoint) chain.Report {
	t.Helper()
	return got[chain.Report](t)(store.VerifyExport(strings.NewReader(f.export(t)), public(), checkpoints))
}

func (f Fixture) export(t *testing.T) string {
	t.Helper()
	var out strings.Builder
	done(t, f.Export(t.Context(), &out))
	return out.String()
}

func ledgerComesBack(t *testing.T, f Fixture) {
	f.append(t, event(1), event(2))
	f.append(t, state.Event{At: noon, Actor: state.Daemon, Action: "run.started", RunID: "run"})
	records := f.records(t)
	same(t, "number of rows", len(records), 3)
	first := records[0]
	same(t, "the first row", []any{first.Sequence, first.At, first.Action, first.RunID},
		[]any{int64(1), noon.Add(time.Second), "change.applied", "run"})
	same(t, "its details", first.Details, map[string]string{"actor": "jtestley", "login": "login1", "attribute": "title"})
	same(t, "the chain", []string{first.Previous, records[1].Previous, records[2].Previous},
		[]string{chain.Genesis(), first.Hash, records[1].Hash})
	same(t, "the last row", []any{records[2].Subject, records[2].Details}, []any{"", map[string]string{"actor": "esrsyncd"}})
}

func ledgerNow(t *testing.T, f Fixture) {
	f.append(t, state.Event{Action: "run.started"})
	same(t, "when it was", f.records(t)[0].At, noon)
}

func ledgerSubject(t *testing.T, f Fixture) {
	f.append(t, event(1), event(3), event(4))
	f.append(t, event(7))
	r := f.records(t)
	same(t, "the same person's key", []string{r[2].Subject, r[3].Subject}, []string{r[0].Subject, r[0].Subject})
	if r[1].Subject == r[0].Subject || strings.Contains(f.export(t), "person-1") {
		t.Error("the chain does not keep people apart, or names them")
	}
}

func ledgerSalted(t *testing.T, f Fixture) {
	f.append(t, event(1), event(1))
	r := f.records(t)
	if r[0].Digests["login"] == r[1].Digests["login"] || len(r[0].Digests["login"]) != 64 {
		t.Errorf("digests of one value: %q and %q", r[0].Digests["login"], r[1].Digests["login"])
	}
}

func ledgerActor(t *testing.T, f Fixture) {
	wantWords(t, f.Append(t.Context(), state.Event{Action: "x", Details: map[string]string{"actor": "somebody"}}), "actor")
}

func ledgerAllOrNone(t *testing.T, f Fixture) {
	if err := f.Append(t.Context(), event(1), state.Event{Action: "x", Details: map[string]string{"actor": "somebody"}}); err == nil {
		t.Fatal("the second event was taken")
	}
	same(t, "number of rows", len(f.records(t)), 0)
	f.history(t, 2)
	same(t, "sound afterwards", f.verify(t), chain.Report{Rows: 2})
}

func ledgerContended(t *testing.T, f Fixture) {
	processes := []*store.Store{f.Store, f.again(t)}
	var wg sync.WaitGroup
	errs := make([]error, 8)
	for i := range errs {
		wg.Go(func() {
			for n := range 5 {
				if errs[i] = processes[i%2].Append(t.Context(), event(n), event(n+1)); errs[i] != nil {
					return
				}
			}
		})
	}
	wg.Wait()
	for _, err := range errs {
		done(t, err)
	}
	same(t, "the report", f.verify(t), chain.Report{Rows: 80})
}

func ledgerMany(t *testing.T, f Fixture) {
	events := make([]state.Event, 4500)
	for i := range events {
		events[i] = event(i)
	}
	f.append(t, events...)
	c := f.checkpoint(t)
	same(t, "the report", f.verify(t, c), chain.Report{Rows: 4500, Proven: 4500})
	same(t, "the export's report", f.offline(t, c), chain.Report{Rows: 4500, Proven: 4500})
}

func ledgerAfter(t *testing.T, f Fixture) {
	f.history(t, 5)
	all := f.records(t)
	same(t, "two after the second", got[[]state.Record](t)(f.Records(t.Context(), 2, 2)), all[2:4])
	same(t, "all after the fourth", got[[]state.Record](t)(f.Records(t.Context(), 4, 0)), all[4:])
}

func ledgerOfPerson(t *testing.T, f Fixture) {
	f.history(t, 7)
	all := f.records(t)
	same(t, "all", got[[]state.Record](t)(f.RecordsOfPerson(t.Context(), "person-1", 0)), []state.Record{all[6], all[3], all[0]})
	same(t, "one", got[[]state.Record](t)(f.RecordsOfPerson(t.Context(), "person-1", 1)), []state.Record{all[6]})
	same(t, "none", len(got[[]state.Record](t)(f.RecordsOfPerson(t.Context(), "stranger", 0))), 0)
}

func ledgerSound(t *testing.T, f Fixture) {
	f.history(t, 3)
	first := f.checkpoint(t)
	f.history(t, 2)
	second := f.checkpoint(t)
	f.history(t, 1)
	for _, report := range []chain.Report{f.verify(t, second, first), f.offline(t, first, second)} {
		same(t, "the report", report, chain.Report{Rows: 6, Proven: 5})
	}
	same(t, "the report without checkpoints", f.verify(t), chain.Report{Rows: 6})
	same(t, "the checkpoint", []any{first.Sequence, first.At, first.Hash}, []any{int64(3), noon, f.records(t)[2].Hash})
}

func ledgerEmpty(t *testing.T, f Fixture) {
	same(t, "the report", f.verify(t, f.checkpoint(t)), chain.Report{})
	f.history(t, 1)
	same(t, "the report", f.verify(t), chain.Report{Rows: 1})
}

func ledgerExported(t *testing.T, f Fixture) {
	f.history(t, 3)
	same(t, "number of lines", strings.Count(f.export(t), "\n"), 3)
	same(t, "the report", f.offline(t, f.checkpoint(t)), chain.Report{Rows: 3, Proven: 3})
}

func ledgerNoExport(t *testing.T, f Fixture) {
	f.history(t, 1)
	for _, text := range []string{"x", f.export(t) + "{", `{"sequence": 1, "surprise": 2}`} {
		if report, err := store.VerifyExport(strings.NewReader(text), public(), nil); err == nil {
			t.Errorf("%q was verified: %+v", text, report)
		}
	}
}

func ledgerRefuses(t *testing.T, f Fixture) {
	f.history(t, 2)
	before := f.records(t)
	for _, statement := range []string{`UPDATE ledger SET action = 'x'`, `DELETE FROM ledger WHERE sequence = 2`} {
		_, err := f.Database.Raw.ExecContext(t.Context(), statement)
		wantWords(t, err, "append-only")
	}
	if !reflect.DeepEqual(f.records(t), before) {
		t.Error("the ledger changed all the same")
	}
}
