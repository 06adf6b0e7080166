package store

import (
	"context"
	"database/sql"
	"fmt"

	"esrsync/esrmodel"
	"esrsync/internal/state"
)

// Staff returns the mirror of ESR, all of it as of one instant, in the order that
// [esrmodel.Staff] promises.
func (s *Store) Staff(ctx context.Context) (esrmodel.Staff, error) {
	var staff esrmodel.Staff
	err := s.read(ctx, "reading the mirror", func(db asker) (err error) {
		staff, err = readStaff(ctx, db)
		return err
	})
	if err != nil {
		return esrmodel.Staff{}, err
	}
	return staff, nil
}

func readStaff(ctx context.Context, db asker) (staff esrmodel.Staff, err error) {
	if err := readRecords(ctx, db, &staff); err != nil {
		return staff, err
	}
	if staff.Externals, err = collect(ctx, db, scanExternal, `SELECT reference, surname, forename, category, sponsor,
		first_day, last_day FROM external ORDER BY reference, place`); err != nil {
		return staff, err
	}
	if staff.Absent, err = collect(ctx, db, scanAbsence,
		`SELECT person_id, full_feeds FROM absence ORDER BY person_id`); err != nil {
		return staff, err
	}
	if staff.Deleted, err = collect(ctx, db, scanDeletion, `SELECT kind, id, person_id, feed FROM deletion ORDER BY kind, id`); err != nil {
		return staff, err
	}
	staff.Faults, err = collect(ctx, db, scanFault, `SELECT kind, id, person_id, feed, line, field, found, expected
		FROM fault ORDER BY person_id, line, kind, id, place`)
	return staff, err
}

// readRecords reads all slices, in the order of the table's key.
func readRecords(ctx context.Context, db asker, staff *esrmodel.Staff) error {
	return each(ctx, db, func(r row) error {
		var kind esrmodel.Kind
		var id string
		var raw sql.RawBytes
		if err := r.Scan(&kind, &id, &raw); err != nil {
			return err
		}
		if err := addRecord(staff, kind, string(raw)); err != nil {
			return bodyFault(kind, id, err)
		}
		return nil
	}, `SELECT kind, id, body FROM record ORDER BY kind, id`)
}

// addRecord adds the slices in a body to those of its kind.
func addRecord(staff *esrmodel.Staff, kind esrmodel.Kind, body string) error {
	switch kind {
	case esrmodel.KindPerson:
		return appendSlices(&staff.People, walkPerson, body)
	case esrmodel.KindAssignment:
		return appendSlices(&staff.Assignments, walkAssignment, body)
	case esrmodel.KindPosition:
		return appendSlices(&staff.Positions, walkPosition, body)
	case esrmodel.KindOrganisation:
		return appendSlices(&staff.Organisations, walkOrganisation, body)
	case esrmodel.KindLocation:
		return appendSlices(&staff.Locations, walkLocation, body)
	}
	return fmt.Errorf("the kind %q is not known", kind)
}

func appendSlices[T any](to *[]T, fields walk[T], body string) error {
	slices, err := unpacked(fields, body)
	*to = append(*to, slices...)
	return err
}

// SetExternals replaces the register of people who are not in ESR and records the
// file, in one transaction. The file that is the register already changes nothing;
// one that was it before may come back.
func (s *Store) SetExternals(ctx context.Context, f state.Feed, register []esrmodel.External) error {
	return s.write(ctx, "taking in register "+f.Name, func(t *tx) error {
		if err := t.latch(ctx, "mirror"); err != nil {
			return err
		}
		last, err := collect(ctx, t.raw, scanFeed, lastFeed, f.Source, state.Accepted)
		if err != nil || len(last) > 0 && last[0].SHA256 == f.SHA256 {
			return err
		}
		if err := t.accept(ctx, f); err != nil {
			return err
		}
		return t.replaceExternals(ctx, register)
	})
}

func (t *tx) replaceExternals(ctx context.Context, register []esrmodel.External) error {
	if err := t.exec(ctx, `DELETE FROM external`); err != nil {
		return err
	}
	rows := make([][]any, 0, len(register))
	for i, e := range register {
		rows = append(rows, []any{i + 1, e.Reference, e.Surname, e.Forename, e.Category, e.Sponsor,
			int64(e.Span.From), int64(e.Span.To)})
	}
	return t.insert(ctx,
		`INSERT INTO external (place, reference, surname, forename, category, sponsor, first_day, last_day)`, "", rows)
}

func scanExternal(r row) (e esrmodel.External, err error) {
	err = r.Scan(&e.Reference, &e.Surname, &e.Forename, &e.Category, &e.Sponsor, asDay{&e.Span.From}, asDay{&e.Span.To})
	return e, err
}

func scanAbsence(r row) (a esrmodel.Absence, err error) {
	err = r.Scan(&a.PersonID, &a.FullFeeds)
	return a, err
}

func scanDeletion(r row) (d esrmodel.Deletion, err error) {
	err = r.Scan(&d.Kind, &d.ID, &d.PersonID, &d.Feed)
	return d, err
}
