package store

import (
	"context"
	"slices"

	"esrsync/esrmodel"
)

// replaceFaults takes away the faults of every record that the file names, and
// stores those that it has now. Faults of rows without an ID belong to no record
// that could come again; they go with the next file.
func (t *tx) replaceFaults(ctx context.Context, b esrmodel.Batch) error {
	kinds, err := t.faulty(ctx)
	if err != nil {
		return err
	}
	named := namedRecords(b)
	for _, k := range kinds {
		if !named[k] && k.id != "" {
			continue
		}
		if err := t.exec(ctx, `DELETE FROM fault WHERE kind = $1 AND id = $2`, string(k.kind), k.id); err != nil {
			return err
		}
	}
	return t.addFaults(ctx, b.Faults)
}

// faulty returns the records that have stored faults: few.
func (t *tx) faulty(ctx context.Context) ([]key, error) {
	return collect(ctx, t.raw, scanKey, `SELECT DISTINCT kind, id FROM fault ORDER BY kind, id`)
}

func scanKey(r row) (k key, err error) {
	err = r.Scan(&k.kind, &k.id)
	return k, err
}

func (t *tx) addFaults(ctx context.Context, faults []esrmodel.Fault) error {
	place := make(map[key]int)
	rows := make([][]any, 0, len(faults))
	for _, f := range faults {
		k := key{f.Kind, f.ID}
		place[k]++
		rows = append(rows, []any{string(f.Kind), f.ID, place[k], f.PersonID, f.Feed, f.Line, f.Field, f.Found, f.Expected})
	}
	return t.insert(ctx, `INSERT INTO fault (kind, id, place, person_id, feed, line, field, found, expected)`, "", rows)
}

func scanFault(r row) (f esrmodel.Fault, err error) {
	err = r.Scan(&f.Kind, &f.ID, &f.PersonID, &f.Feed, &f.Line, &f.Field, &f.Found, &f.Expected)
	return f, err
}

// countAbsent keeps for each person the number of full files in a row that did
// not have them. Who is named, by whatever file, is not absent; who is purged is
// in the mirror no more and is counted no more.
func (t *tx) countAbsent(ctx context.Context, b esrmodel.Batch) error {
	named := namedRecords(b)
	counted, err := collect(ctx, t.raw, scanText, `SELECT person_id FROM absence ORDER BY person_id`)
	if err != nil {
		return err
	}
	for _, id := range counted {
		if !named[key{esrmodel.KindPerson, id}] {
			continue
		}
		if err := t.exec(ctx, `DELETE FROM absence WHERE person_id = $1`, id); err != nil {
			return err
		}
	}
	if !b.Full {
		return nil
	}
	return t.countUnnamed(ctx, named)
}

// countUnnamed counts one more full file for everybody whom it does not name.
func (t *tx) countUnnamed(ctx context.Context, named map[key]bool) error {
	people, err := collect(ctx, t.raw, scanText, `SELECT id FROM record WHERE kind = $1`, string(esrmodel.KindPerson))
	if err != nil {
		return err
	}
	slices.Sort(people)
	var rows [][]any
	for _, id := range people {
		if !named[key{esrmodel.KindPerson, id}] {
			rows = append(rows, []any{id, 1})
		}
	}
	return t.insert(ctx, `INSERT INTO absence (person_id, full_feeds)`,
		`ON CONFLICT (person_id) DO UPDATE SET full_feeds = absence.full_feeds + 1`, rows)
}
