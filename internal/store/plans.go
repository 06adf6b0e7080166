package store

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"esrsync/esrmodel"
	"esrsync/internal/state"
)

// SavePlan keeps a plan. A plan with the same ID has the same changes; the later
// one takes its place, with its newer reasons and findings.
func (s *Store) SavePlan(ctx context.Context, id string, asOf esrmodel.Date, body json.RawMessage, at time.Time) error {
	return s.write(ctx, "saving plan "+id, func(t *tx) error {
		return t.exec(ctx, `INSERT INTO plan (id, as_of, at, body) VALUES ($1, $2, $3, $4)
			ON CONFLICT (id) DO UPDATE SET as_of = excluded.as_of, at = excluded.at, body = excluded.body`,
			id, int64(asOf), micros(at), string(body))
	})
}

// Plan returns the plan with this ID, or the only one whose ID begins so.
// [state.ErrNotFound] for none, [state.ErrAmbiguous] for several.
func (s *Store) Plan(ctx context.Context, id string) (json.RawMessage, error) {
	var body json.RawMessage
	err := s.read(ctx, "reading plan "+id, func(db asker) error {
		whole, err := completed(ctx, db, "plan", id)
		if err != nil {
			return err
		}
		body, err = only(ctx, db, scanBody, `SELECT body FROM plan WHERE id = $1`, whole)
		return err
	})
	return body, err
}

// LatestPlan returns the plan that was saved last; [state.ErrNotFound] for none.
func (s *Store) LatestPlan(ctx context.Context) (json.RawMessage, error) {
	var body json.RawMessage
	err := s.read(ctx, "reading the latest plan", func(db asker) (err error) {
		body, err = only(ctx, db, scanBody, `SELECT body FROM plan ORDER BY at DESC, id LIMIT 1`)
		return err
	})
	return body, err
}

func scanBody(r row) (body json.RawMessage, err error) {
	err = r.Scan(asRaw{&body})
	return body, err
}

// shown is how many IDs an ambiguous beginning is told to fit.
const shown = 5

// completed returns the ID in the table that is, or alone begins with, the given text.
func completed(ctx context.Context, db asker, table, begin string) (string, error) {
	if begin == "" {
		return "", state.ErrNotFound
	}
	fitting, err := collect(ctx, db, scanText, `SELECT id FROM `+table+`
		WHERE substr(id, 1, $1) = $2 ORDER BY id`, len([]rune(begin)), begin)
	switch {
	case err != nil:
		return "", err
	case len(fitting) == 0:
		return "", state.ErrNotFound
	case len(fitting) == 1 || fitting[0] == begin: // the shortest comes first
		return fitting[0], nil
	}
	return "", fmt.Errorf("%w: %s", state.ErrAmbiguous, strings.Join(fitting[:min(shown, len(fitting))], ", "))
}

// SaveApproval keeps an approval or a rejection.
func (s *Store) SaveApproval(ctx context.Context, a state.Approval) error {
	return s.write(ctx, "saving approval "+a.ID, func(t *tx) error {
		return t.exec(ctx, `INSERT INTO approval (id, plan_id, change_ids, rejected, decided_by, reason, at, expires)
			VALUES `+places(1, 8)+` ON CONFLICT (id) DO UPDATE SET plan_id = excluded.plan_id,
			change_ids = excluded.change_ids, rejected = excluded.rejected, decided_by = excluded.decided_by,
			reason = excluded.reason, at = excluded.at, expires = excluded.expires`,
			a.ID, a.PlanID, listed(a.ChangeIDs), bit(a.Rejected), a.By, a.Reason, micros(a.At), micros(a.Expires))
	})
}

// Approvals returns the approvals and rejections that have not expired at the
// instant, oldest first.
func (s *Store) Approvals(ctx context.Context, at time.Time) ([]state.Approval, error) {
	return list(ctx, s, "listing the approvals", scanApproval, `SELECT id, plan_id, change_ids, rejected, decided_by, reason,
		at, expires FROM approval WHERE expires > $1 ORDER BY at, id`, micros(at))
}

func scanApproval(r row) (a state.Approval, err error) {
	err = r.Scan(&a.ID, &a.PlanID, asJSON{&a.ChangeIDs}, asBit{&a.Rejected}, &a.By, &a.Reason, asInstant{&a.At}, asInstant{&a.Expires})
	return a, err
}
