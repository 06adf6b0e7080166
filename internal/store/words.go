package store

import (
	"context"

	"esrsync/esrmodel"
	"esrsync/internal/state"
)

// SaveKeep stops an automatic leaver for a while. A later word about the same
// person takes the place of an earlier one.
func (s *Store) SaveKeep(ctx context.Context, k state.Keep) error {
	return s.write(ctx, "keeping "+k.PersonID, func(t *tx) error {
		return t.exec(ctx, `INSERT INTO keep (person_id, until, decided_by, reason, at) VALUES `+places(1, 5)+`
			ON CONFLICT (person_id) DO UPDATE SET until = excluded.until, decided_by = excluded.decided_by,
			reason = excluded.reason, at = excluded.at`, k.PersonID, int64(k.Until), k.By, k.Reason, micros(k.At))
	})
}

// Keeps returns the keeps that hold on the day, sorted by person.
func (s *Store) Keeps(ctx context.Context, on esrmodel.Date) ([]state.Keep, error) {
	return list(ctx, s, "listing the keeps", scanKeep,
		`SELECT person_id, until, decided_by, reason, at FROM keep WHERE until >= $1 ORDER BY person_id`, int64(on))
}

func scanKeep(r row) (k state.Keep, err error) {
	err = r.Scan(&k.PersonID, asDay{&k.Until}, &k.By, &k.Reason, asInstant{&k.At})
	return k, err
}

// SaveConfirmation keeps the answer to "left or lost?". A later answer about the
// same person takes the place of an earlier one.
func (s *Store) SaveConfirmation(ctx context.Context, c state.Confirmation) error {
	return s.write(ctx, "confirming that "+c.PersonID+" left", func(t *tx) error {
		return t.exec(ctx, `INSERT INTO confirmation (person_id, day, decided_by, reason, at) VALUES `+places(1, 5)+`
			ON CONFLICT (person_id) DO UPDATE SET day = excluded.day, decided_by = excluded.decided_by,
			reason = excluded.reason, at = excluded.at`, c.PersonID, int64(c.Date), c.By, c.Reason, micros(c.At))
	})
}

// Confirmations returns the answers to "left or lost?", sorted by person.
func (s *Store) Confirmations(ctx context.Context) ([]state.Confirmation, error) {
	return list(ctx, s, "listing the confirmed leavers", scanConfirmation,
		`SELECT person_id, day, decided_by, reason, at FROM confirmation ORDER BY person_id`)
}

func scanConfirmation(r row) (c state.Confirmation, err error) {
	err = r.Scan(&c.PersonID, asDay{&c.Date}, &c.By, &c.Reason, asInstant{&c.At})
	return c, err
}

// Setting returns a value that was set, or nothing where it never was.
func (s *Store) Setting(ctx context.Context, key string) (string, error) {
	found, err := list(ctx, s, "reading setting "+key, scanText, `SELECT value FROM setting WHERE name = $1`, key)
	if err != nil || len(found) == 0 {
		return "", err
	}
	return found[0], nil
}

// SetSetting sets a value.
func (s *Store) SetSetting(ctx context.Context, key, value string) error {
	return s.write(ctx, "setting "+key, func(t *tx) error {
		return t.exec(ctx, `INSERT INTO setting (name, value) VALUES ($1, $2)
			ON CONFLICT (name) DO UPDATE SET value = excluded.value`, key, value)
	})
}
