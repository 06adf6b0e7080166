package store

import (
	"context"

	"esrsync/esrmodel"
	"esrsync/internal/finding"
)

const findingColumns = `id, first_seen, last_seen, code, severity, subject_kind, subject_key, wording, owner`

// SeeFindings says what was found on a day, all of it: what was open before and is
// not among it is closed. It returns what is open now, with the days on which each
// was seen first and last, and what it closed. A finding that was closed before
// opens again with a new first day, and its earlier time is kept; one that goes
// and comes on one day has never been away.
func (s *Store) SeeFindings(ctx context.Context, day esrmodel.Date, seen []finding.Finding) (open, closed []finding.Finding, err error) {
	err = s.write(ctx, "comparing the findings", func(t *tx) error {
		if err := t.latch(ctx, "finding"); err != nil {
			return err
		}
		before, err := collect(ctx, t.raw, scanFinding, `SELECT `+findingColumns+` FROM finding WHERE is_open = 1`)
		if err != nil {
			return err
		}
		past, err := t.closedOn(ctx, day)
		if err != nil {
			return err
		}
		open, closed = compared(day, seen, before, past)
		return t.saveFindings(ctx, open, closed)
	})
	if err != nil {
		return nil, nil, err
	}
	return open, closed, nil
}

// closedOn returns the findings that were seen on the day, or after it, and closed since.
func (t *tx) closedOn(ctx context.Context, day esrmodel.Date) ([]finding.Finding, error) {
	return collect(ctx, t.raw, scanFinding, `SELECT `+findingColumns+` FROM finding
		WHERE is_open = 0 AND last_seen >= $1 ORDER BY id, first_seen`, int64(day))
}

// compared returns what is open after the day, with its days, and what is not any more.
func compared(day esrmodel.Date, seen, before, past []finding.Finding) (open, closed []finding.Finding) {
	known := make(map[string]finding.Finding)
	for _, f := range append(past, before...) {
		known[f.ID] = f
	}
	now := make(map[string]bool)
	for _, f := range seen {
		if now[f.ID] {
			continue
		}
		now[f.ID] = true
		f.FirstSeen, f.LastSeen = day, day
		if old, is := known[f.ID]; is {
			f.FirstSeen, f.LastSeen = old.FirstSeen, max(old.LastSeen, day)
		}
		open = append(open, f)
	}
	for _, f := range before {
		if !now[f.ID] {
			closed = append(closed, f)
		}
	}
	finding.Sort(open)
	finding.Sort(closed)
	return open, closed
}

func (t *tx) saveFindings(ctx context.Context, open, closed []finding.Finding) error {
	rows := make([][]any, 0, len(open)+len(closed))
	for _, f := range open {
		rows = append(rows, findingRow(f, true))
	}
	for _, f := range closed {
		rows = append(rows, findingRow(f, false))
	}
	return t.insert(ctx, `INSERT INTO finding (is_open, `+findingColumns+`)`,
		`ON CONFLICT (id, first_seen) DO UPDATE SET is_open = excluded.is_open, last_seen = excluded.last_seen,
		code = excluded.code, severity = excluded.severity, subject_kind = excluded.subject_kind,
		subject_key = excluded.subject_key, wording = excluded.wording, owner = excluded.owner`, rows)
}

func findingRow(f finding.Finding, open bool) []any {
	return []any{bit(open), f.ID, int64(f.FirstSeen), int64(f.LastSeen), string(f.Code), string(f.Severity),
		string(f.Subject.Kind), f.Subject.Key, f.Text, string(f.Owner)}
}

// OpenFindings returns what is open, the gravest first.
func (s *Store) OpenFindings(ctx context.Context) ([]finding.Finding, error) {
	open, err := list(ctx, s, "listing the findings", scanFinding,
		`SELECT `+findingColumns+` FROM finding WHERE is_open = 1`)
	finding.Sort(open)
	return open, err
}

// FindingHistory returns each time that a finding was open, oldest first; the last
// of them may be open still.
func (s *Store) FindingHistory(ctx context.Context, id string) ([]finding.Finding, error) {
	return list(ctx, s, "listing the history of a finding", scanFinding,
		`SELECT `+findingColumns+` FROM finding WHERE id = $1 ORDER BY first_seen`, id)
}

func scanFinding(r row) (f finding.Finding, err error) {
	err = r.Scan(&f.ID, asDay{&f.FirstSeen}, asDay{&f.LastSeen}, &f.Code, &f.Severity, &f.Subject.Kind, &f.Subject.Key,
		&f.Text, &f.Owner)
	return f, err
}
