package store

import (
	"context"
	"fmt"

	"esrsync/internal/directory"
	"esrsync/internal/state"
)

const linkColumns = `account, person_id, person_key, secondary, state, evidence, since`

// Links returns every link, sorted by person and account.
func (s *Store) Links(ctx context.Context) ([]state.Link, error) {
	return list(ctx, s, "listing the links", scanLink, `SELECT `+linkColumns+` FROM link ORDER BY person_id, account`)
}

// SaveLink says that each account is the person's, whoever's it was before: for a
// person who comes back under a new record the account goes over in one step. All
// are kept or none. [state.ErrSecondPrimary] where one would be the person's
// second primary account.
func (s *Store) SaveLink(ctx context.Context, links ...state.Link) error {
	return s.write(ctx, "linking accounts", func(t *tx) error {
		if err := t.latch(ctx, "link"); err != nil {
			return err
		}
		for _, l := range links {
			if err := t.link(ctx, l); err != nil {
				return fmt.Errorf("%s to %s: %w", l.Account, l.PersonID, err)
			}
		}
		return nil
	})
}

func (t *tx) link(ctx context.Context, l state.Link) error {
	if err := t.onlyPrimary(ctx, l); err != nil {
		return err
	}
	return t.exec(ctx, `INSERT INTO link (`+linkColumns+`) VALUES `+places(1, 7)+`
		ON CONFLICT (account) DO UPDATE SET person_id = excluded.person_id, person_key = excluded.person_key,
		secondary = excluded.secondary, state = excluded.state, evidence = excluded.evidence, since = excluded.since`,
		l.Account.String(), l.PersonID, l.PersonKey, bit(l.Secondary), l.State, l.Evidence, micros(l.Since))
}

// onlyPrimary refuses a link that would be a second primary one.
func (t *tx) onlyPrimary(ctx context.Context, l state.Link) error {
	if l.Secondary {
		return nil
	}
	others, err := collect(ctx, t.raw, scanText,
		`SELECT account FROM link WHERE person_id = $1 AND secondary = 0 AND account <> $2`, l.PersonID, l.Account.String())
	if err != nil || len(others) == 0 {
		return err
	}
	return fmt.Errorf("%w: %s", state.ErrSecondPrimary, others[0])
}

// RemoveLink takes the link between this person and this account away. That there
// is none is success.
func (s *Store) RemoveLink(ctx context.Context, personID string, account directory.GUID) error {
	return s.write(ctx, "unlinking "+account.String(), func(t *tx) error {
		return t.exec(ctx, `DELETE FROM link WHERE person_id = $1 AND account = $2`, personID, account.String())
	})
}

func scanLink(r row) (l state.Link, err error) {
	err = r.Scan(asGUID{&l.Account}, &l.PersonID, &l.PersonKey, asBit{&l.Secondary}, &l.State, &l.Evidence, asInstant{&l.Since})
	return l, err
}

// SaveDecision keeps an answer of the match queue. A later one about the same
// person and account takes its place.
func (s *Store) SaveDecision(ctx context.Context, d state.Decision) error {
	return s.write(ctx, "saving the answer about "+d.PersonID, func(t *tx) error {
		return t.exec(ctx, `INSERT INTO decision (person_id, account, answer, decided_by, reason, at) VALUES `+places(1, 6)+`
			ON CONFLICT (person_id, account) DO UPDATE SET answer = excluded.answer, decided_by = excluded.decided_by,
			reason = excluded.reason, at = excluded.at`,
			d.PersonID, d.Account.String(), d.Answer, d.By, d.Reason, micros(d.At))
	})
}

// Decisions returns the answers of the match queue, sorted by person and account.
func (s *Store) Decisions(ctx context.Context) ([]state.Decision, error) {
	return list(ctx, s, "listing the answers of the match queue", scanDecision,
		`SELECT person_id, account, answer, decided_by, reason, at FROM decision ORDER BY person_id, account`)
}

func scanDecision(r row) (d state.Decision, err error) {
	err = r.Scan(&d.PersonID, asGUID{&d.Account}, &d.Answer, &d.By, &d.Reason, asInstant{&d.At})
	return d, err
}
