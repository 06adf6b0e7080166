package store

import (
	"context"
	"fmt"

	"esrsync/esrmodel"
	"esrsync/internal/state"
)

// ApplyFeed puts what an accepted file brings into the mirror and records the
// file, in one transaction. A file that was taken before, known by its hash,
// changes nothing.
//
// A full file replaces the slices of each record that it names and leaves the
// others; a changes file is spliced in, slice by slice, as [esrmodel.Splice] says.
// Deletions come first, so that a file that names a record as well as its purge
// keeps it. A record counts as named also by a row of it that could not be used:
// its values are at fault, but it is not absent.
func (s *Store) ApplyFeed(ctx context.Context, f state.Feed, b esrmodel.Batch) error {
	return s.write(ctx, "taking in feed "+f.Name, func(t *tx) error {
		if err := t.latch(ctx, "mirror"); err != nil {
			return err
		}
		taken, err := collect(ctx, t.raw, scanText, feedTaken, f.SHA256, state.Accepted)
		if err != nil || len(taken) > 0 {
			return err
		}
		if err := t.accept(ctx, f); err != nil {
			return err
		}
		return t.merge(ctx, b)
	})
}

// accept records a file as taken. The chain goes on from it, so there is no gap.
func (t *tx) accept(ctx context.Context, f state.Feed) error {
	f.Verdict = state.Accepted
	if err := t.addFeed(ctx, f); err != nil {
		return err
	}
	return t.exec(ctx, `DELETE FROM gap WHERE source = $1`, f.Source)
}

// merge brings the batch into the tables.
func (t *tx) merge(ctx context.Context, b esrmodel.Batch) error {
	if err := t.purge(ctx, b.Deleted); err != nil {
		return fmt.Errorf("removing purged records: %w", err)
	}
	if err := t.mergeRecords(ctx, b); err != nil {
		return err
	}
	if err := t.replaceFaults(ctx, b); err != nil {
		return fmt.Errorf("replacing faults: %w", err)
	}
	if err := t.countAbsent(ctx, b); err != nil {
		return fmt.Errorf("counting who is absent: %w", err)
	}
	return nil
}

func (t *tx) mergeRecords(ctx context.Context, b esrmodel.Batch) error {
	if err := mergeKind(ctx, t, walkPerson, b.Full, b.People); err != nil {
		return fmt.Errorf("storing people: %w", err)
	}
	if err := mergeKind(ctx, t, walkAssignment, b.Full, b.Assignments); err != nil {
		return fmt.Errorf("storing assignments: %w", err)
	}
	if err := mergeKind(ctx, t, walkPosition, b.Full, b.Positions); err != nil {
		return fmt.Errorf("storing positions: %w", err)
	}
	if err := mergeKind(ctx, t, walkOrganisation, b.Full, b.Organisations); err != nil {
		return fmt.Errorf("storing organisations: %w", err)
	}
	if err := mergeKind(ctx, t, walkLocation, b.Full, b.Locations); err != nil {
		return fmt.Errorf("storing locations: %w", err)
	}
	return nil
}

// purge removes every slice of the purged records and remembers the purge.
func (t *tx) purge(ctx context.Context, deleted []esrmodel.Deletion) error {
	for _, d := range deleted {
		owned, err := t.owned(ctx, d)
		if err != nil {
			return err
		}
		if err := t.remember(ctx, owned); err != nil {
			return err
		}
		if err := t.exec(ctx, `DELETE FROM record WHERE kind = $1 AND id = $2`, string(d.Kind), d.ID); err != nil {
			return err
		}
		if err := t.exec(ctx, `DELETE FROM fault WHERE kind = $1 AND id = $2`, string(d.Kind), d.ID); err != nil {
			return err
		}
	}
	return nil
}

// owned returns the purge with the person whose assignment it takes away: the feed
// does not say that, only the mirror knows it, and not for much longer.
func (t *tx) owned(ctx context.Context, d esrmodel.Deletion) (esrmodel.Deletion, error) {
	if d.Kind != esrmodel.KindAssignment || d.PersonID != "" {
		return d, nil
	}
	stored, err := t.bodies(ctx, d.Kind, []string{d.ID})
	if err != nil || stored[d.ID] == "" {
		return d, err
	}
	slices, err := unpacked(walkAssignment, stored[d.ID])
	if err != nil {
		return d, bodyFault(d.Kind, d.ID, err)
	}
	if len(slices) > 0 {
		d.PersonID = slices[len(slices)-1].PersonID
	}
	return d, nil
}

// remember keeps the purge. One that comes again does not forget whose record it was.
func (t *tx) remember(ctx context.Context, d esrmodel.Deletion) error {
	return t.exec(ctx, `INSERT INTO deletion (kind, id, person_id, feed) VALUES ($1, $2, $3, $4)
		ON CONFLICT (kind, id) DO UPDATE SET feed = excluded.feed,
		person_id = CASE WHEN excluded.person_id = '' THEN deletion.person_id ELSE excluded.person_id END`,
		string(d.Kind), d.ID, d.PersonID, d.Feed)
}

// mergeKind stores the slices of one kind and takes back the purges of records
// that come again. A body that stays as it was is not written.
func mergeKind[T esrmodel.Sliced[T]](ctx context.Context, t *tx, fields walk[T], full bool, slices []T) error {
	if len(slices) == 0 {
		return nil
	}
	kind := slices[0].Kind()
	ids, byID := grouped(slices)
	stored, err := t.bodies(ctx, kind, ids)
	if err != nil {
		return err
	}
	var rows [][]any
	for _, id := range ids {
		body, err := merged(fields, full, stored[id], byID[id])
		if err != nil {
			return bodyFault(kind, id, err)
		}
		if string(body) != stored[id] {
			rows = append(rows, []any{string(kind), id, body})
		}
	}
	if err := t.insert(ctx, `INSERT INTO record (kind, id, body)`,
		`ON CONFLICT (kind, id) DO UPDATE SET body = excluded.body`, rows); err != nil {
		return err
	}
	return t.unpurge(ctx, kind, ids)
}

// unpurge forgets the purges of records that came again.
func (t *tx) unpurge(ctx context.Context, kind esrmodel.Kind, ids []string) error {
	return inChunks(ids, 1, func(some string, keys []any) error {
		return t.exec(ctx, `DELETE FROM deletion WHERE kind = $1 AND id IN `+some, append([]any{string(kind)}, keys...)...)
	})
}

// bodies returns the stored bodies of the records by ID.
func (t *tx) bodies(ctx context.Context, kind esrmodel.Kind, ids []string) (map[string]string, error) {
	found := make(map[string]string, len(ids))
	return found, inChunks(ids, 1, func(some string, keys []any) error {
		return each(ctx, t.raw, func(r row) error {
			var id string
			var body []byte
			err := r.Scan(&id, &body)
			found[id] = string(body)
			return err
		}, `SELECT id, body FROM record WHERE kind = $1 AND id IN `+some, append([]any{string(kind)}, keys...)...)
	})
}

// merged returns the new body of a record: the file's slices alone from a full
// file, else all of them spliced into the stored ones.
func merged[T esrmodel.Sliced[T]](fields walk[T], full bool, stored string, slices []T) ([]byte, error) {
	var result []T
	if !full && stored != "" {
		var err error
		if result, err = unpacked(fields, stored); err != nil {
			return nil, err
		}
	}
	for _, slice := range slices {
		result = esrmodel.Splice(result, slice)
	}
	return packed(fields, result), nil
}
