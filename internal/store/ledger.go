package store

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"esrsync/internal/state"
	"esrsync/internal/store/chain"
)

// Append adds the events to the ledger, all or none, in their order and after
// everything that is there. An event without an instant happened now. The actor
// stands among the details, as [chain.Actor]; so an event may not have a detail of
// that name.
func (s *Store) Append(ctx context.Context, events ...state.Event) error {
	if len(events) == 0 {
		return nil
	}
	return s.write(ctx, "adding to the ledger", func(t *tx) error { return s.extend(ctx, t, events) })
}

// extend adds to the chain in a transaction. Whoever comes second waits at the head.
func (s *Store) extend(ctx context.Context, t *tx, events []state.Event) error {
	last, err := t.head(ctx)
	if err != nil {
		return err
	}
	subjects, err := t.subjects(ctx, events)
	if err != nil {
		return err
	}
	rows, details := make([][]any, 0, len(events)), make([][]any, 0, 4*len(events))
	for _, e := range events {
		r, err := s.record(e, subjects[e.PersonID], last)
		if err != nil {
			return err
		}
		rows, details = append(rows, recordRow(r)), append(details, detailRows(r)...)
		last = r
	}
	if err := t.insert(ctx, `INSERT INTO ledger (`+recordColumns+`)`, "", rows); err != nil {
		return err
	}
	if err := t.insert(ctx, `INSERT INTO ledger_detail (sequence, name, value, salt)`, "", details); err != nil {
		return err
	}
	return t.exec(ctx, `UPDATE ledger_head SET sequence = $1, hash = $2`, last.Sequence, last.Hash)
}

// head returns sequence and hash of the last row, and keeps all others from
// adding until the transaction ends.
func (t *tx) head(ctx context.Context) (state.Record, error) {
	return only(ctx, t.raw, scanHead, `UPDATE ledger_head SET sequence = sequence RETURNING sequence, hash`)
}

func scanHead(r row) (last state.Record, err error) {
	err = r.Scan(&last.Sequence, &last.Hash)
	if last.Sequence == 0 {
		last.Hash = chain.Genesis()
	}
	return last, err
}

// record makes the row for an event.
func (s *Store) record(e state.Event, subject string, last state.Record) (state.Record, error) {
	if _, is := e.Details[chain.Actor]; is {
		return state.Record{}, fmt.Errorf("event %s has a detail named %s; the actor has a field", e.Action, chain.Actor)
	}
	if e.At.IsZero() {
		e.At = s.now()
	}
	r := state.Record{
		Sequence: last.Sequence + 1, At: instant(micros(e.At)), Action: clean(e.Action), RunID: clean(e.RunID),
		Subject: subject, Previous: last.Hash,
		Digests: make(map[string]string), Details: make(map[string]string), Salts: make(map[string]string),
	}
	note(&r, chain.Actor, e.Actor)
	for name, value := range e.Details {
		note(&r, name, value)
	}
	return chain.Seal(r), nil
}

// note adds a detail with its salt and its digest.
func note(r *state.Record, name, value string) {
	name, value = clean(name), clean(value)
	salt := random()
	r.Details[name], r.Salts[name], r.Digests[name] = value, salt, chain.Digest(salt, name, value)
}

// random returns 128 bits that nobody can guess.
func random() string {
	raw := make([]byte, 16)
	_, _ = rand.Read(raw) // Never fails, by the package's own promise.
	return hex.EncodeToString(raw)
}

// subjects returns the random keys that stand for the people in the events, and
// makes one for each who has none yet.
func (t *tx) subjects(ctx context.Context, events []state.Event) (map[string]string, error) {
	var people []string
	known := make(map[string]string)
	for _, e := range events {
		if _, is := known[e.PersonID]; !is && e.PersonID != "" {
			known[e.PersonID] = ""
			people = append(people, e.PersonID)
		}
	}
	if err := t.knownSubjects(ctx, people, known); err != nil {
		return nil, err
	}
	var rows [][]any
	for _, person := range people {
		if known[person] == "" {
			known[person] = random()
			rows = append(rows, []any{person, known[person]})
		}
	}
	return known, t.insert(ctx, `INSERT INTO ledger_subject (person_id, subject)`, "", rows)
}

func (t *tx) knownSubjects(ctx context.Context, people []string, known map[string]string) error {
	return inChunks(people, 0, func(some string, keys []any) error {
		return each(ctx, t.raw, func(r row) error {
			var person, subject string
			err := r.Scan(&person, &subject)
			known[person] = subject
			return err
		}, `SELECT person_id, subject FROM ledger_subject WHERE person_id IN `+some, keys...)
	})
}

const recordColumns = `sequence, at, action, run_id, subject, digests, previous, hash`

func recordRow(r state.Record) []any {
	digests, _ := json.Marshal(r.Digests) // Texts can always be written, and are written in order.
	return []any{r.Sequence, micros(r.At), r.Action, r.RunID, r.Subject, string(digests), r.Previous, r.Hash}
}

func detailRows(r state.Record) [][]any {
	var rows [][]any
	for _, name := range slices.Sorted(maps.Keys(r.Details)) {
		rows = append(rows, []any{r.Sequence, name, r.Details[name], r.Salts[name]})
	}
	return rows
}

// Checkpoint signs how long the ledger is and what its last row says. It is worth
// something only where it is kept elsewhere. The key may be made of its seed of 32
// bytes by [ed25519.NewKeyFromSeed].
func (s *Store) Checkpoint(ctx context.Context, key ed25519.PrivateKey) (state.Checkpoint, error) {
	var last state.Record
	err := s.read(ctx, "making a checkpoint", func(db asker) (err error) {
		last, err = only(ctx, db, scanHead, `SELECT sequence, hash FROM ledger_head`)
		if err != nil || last.Sequence == 0 {
			return err
		}
		stored, err := only(ctx, db, scanText, `SELECT hash FROM ledger WHERE sequence = $1`, last.Sequence)
		if err == nil && stored != last.Hash {
			err = fmt.Errorf("row %d is not the one that was written last: verify the ledger", last.Sequence)
		}
		return err
	})
	if err != nil {
		return state.Checkpoint{}, err
	}
	return chain.Sign(key, last.Sequence, last.Hash, s.now()), nil
}

// Erase takes away the names and values that the ledger has about a person, their
// salts, and who the random key stood for; and the person's released holds. Who
// acted stays, a hold that is not released stays, and the chain stays sound; a row
// of its own says that it was done. Nothing about the person is success.
func (s *Store) Erase(ctx context.Context, personID string) error {
	return s.write(ctx, "erasing a person from the ledger", func(t *tx) error {
		if err := t.eraseHolds(ctx, personID); err != nil {
			return err
		}
		found, err := collect(ctx, t.raw, scanText, `SELECT subject FROM ledger_subject WHERE person_id = $1`, personID)
		if err != nil || len(found) == 0 {
			return err
		}
		erased := state.Event{At: s.now(), Actor: state.Daemon, Action: chain.Erased, PersonID: personID}
		if err := s.extend(ctx, t, []state.Event{erased}); err != nil {
			return err
		}
		if err := t.exec(ctx, `DELETE FROM ledger_detail WHERE name <> $1
			AND sequence IN (SELECT sequence FROM ledger WHERE subject = $2)`, chain.Actor, found[0]); err != nil {
			return err
		}
		return t.exec(ctx, `DELETE FROM ledger_subject WHERE person_id = $1`, personID)
	})
}

func scanRecord(r row) (one state.Record, err error) {
	err = r.Scan(&one.Sequence, asInstant{&one.At}, &one.Action, &one.RunID, &one.Subject, asJSON{&one.Digests},
		&one.Previous, &one.Hash)
	return one, err
}
