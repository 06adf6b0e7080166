package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"esrsync/internal/directory"
	"esrsync/internal/state"
)

const holdColumns = `id, person_id, person_key, ticket, category, requester, confirmed_by, review, placed, state,
	accounts, release_ticket, released_by, released`

// SaveHold keeps a hold whole; one with the same ID is replaced. A released hold
// stays released: [state.ErrHoldReleased] for any other state of it. Released
// accounts are held no more from the same instant on.
//
// Who knows only a part of what there is to say uses [Store.UpdateHold].
func (s *Store) SaveHold(ctx context.Context, h state.Hold) error {
	return s.write(ctx, "saving hold "+h.ID, func(t *tx) error { return t.saveHold(ctx, h) })
}

// UpdateHold changes the hold with this whole ID, and returns what was kept. While
// change runs nobody else changes the hold, so that two who each learn something
// of it, as a run, the watch and a release may, lose nothing. It may run several
// times, each time on what is kept by then; its error is returned and nothing is
// kept. [state.ErrNotFound] where there is no such hold.
func (s *Store) UpdateHold(ctx context.Context, id string, change func(*state.Hold) error) (state.Hold, error) {
	var kept state.Hold
	err := s.write(ctx, "changing hold "+id, func(t *tx) error {
		h, err := only(ctx, t.raw, scanHold, `UPDATE hold SET state = state WHERE id = $1 RETURNING `+holdColumns, id)
		if err != nil {
			return err
		}
		if err := change(&h); err != nil {
			return err
		}
		if h.ID != id {
			return errors.New("a hold keeps its ID")
		}
		if err := t.saveHold(ctx, h); err != nil {
			return err
		}
		kept, err = only(ctx, t.raw, scanHold, `SELECT `+holdColumns+` FROM hold WHERE id = $1`, id)
		return err
	})
	return kept, err
}

func (t *tx) saveHold(ctx context.Context, h state.Hold) error {
	if err := sound(h); err != nil {
		return err
	}
	accounts, err := json.Marshal(cut(h.Accounts))
	if err != nil {
		return fmt.Errorf("writing its accounts: %w", err)
	}
	n, err := t.changed(ctx, `INSERT INTO hold (`+holdColumns+`) VALUES `+places(1, 14)+`
		ON CONFLICT (id) DO UPDATE SET person_id = excluded.person_id, person_key = excluded.person_key,
		ticket = excluded.ticket, category = excluded.category, requester = excluded.requester,
		confirmed_by = excluded.confirmed_by, review = excluded.review, placed = excluded.placed, state = excluded.state,
		accounts = excluded.accounts, release_ticket = excluded.release_ticket, released_by = excluded.released_by,
		released = excluded.released WHERE hold.state <> $15 OR excluded.state = $15`,
		h.ID, h.PersonID, h.PersonKey, h.Ticket, h.Category, h.Requester, h.Second, int64(h.Review), micros(h.Placed), h.State,
		string(accounts), h.ReleaseTicket, h.ReleasedBy, micros(h.Released), state.HoldReleased)
	if err != nil {
		return err
	}
	if n == 0 {
		return fmt.Errorf("%w and cannot become %s", state.ErrHoldReleased, h.State)
	}
	return t.holdAccounts(ctx, h)
}

// sound refuses a hold that nobody could find again, or that would be taken for
// something else.
func sound(h state.Hold) error {
	if h.ID == "" {
		return errors.New("a hold needs an ID")
	}
	states := []string{state.HoldPlacing, state.HoldInForce, state.HoldReleasing, state.HoldReleased}
	if !slices.Contains(states, h.State) {
		return fmt.Errorf("%q is no state of a hold", h.State)
	}
	return nil
}

// cut returns the accounts with every instant as package state promises it.
func cut(accounts []state.HeldAccount) []state.HeldAccount {
	all := slices.Clone(accounts)
	for i := range all {
		all[i].Reached = slices.Clone(all[i].Reached)
		for j := range all[i].Reached {
			r := &all[i].Reached[j]
			r.Disabled, r.Reset, r.Tried = instant(micros(r.Disabled)), instant(micros(r.Reset)), instant(micros(r.Tried))
		}
	}
	return all
}

// holdAccounts makes exactly the accounts of the hold held by it, and none once
// it is released.
func (t *tx) holdAccounts(ctx context.Context, h state.Hold) error {
	if err := t.exec(ctx, `DELETE FROM held_account WHERE hold_id = $1`, h.ID); err != nil || h.State == state.HoldReleased {
		return err
	}
	var rows [][]any
	for _, a := range h.Accounts {
		if !a.Account.IsZero() {
			rows = append(rows, []any{a.Account.String(), h.ID})
		}
	}
	return t.insert(ctx, `INSERT INTO held_account (account, hold_id)`, `ON CONFLICT (account, hold_id) DO NOTHING`, rows)
}

// Hold returns the hold with this ID, or the only one whose ID begins so.
// [state.ErrNotFound] for none, [state.ErrAmbiguous] for several.
func (s *Store) Hold(ctx context.Context, id string) (state.Hold, error) {
	var found state.Hold
	err := s.read(ctx, "reading hold "+id, func(db asker) error {
		whole, err := completed(ctx, db, "hold", id)
		if err != nil {
			return err
		}
		found, err = only(ctx, db, scanHold, `SELECT `+holdColumns+` FROM hold WHERE id = $1`, whole)
		return err
	})
	return found, err
}

// Holds returns the holds that are not released, or with all also those that
// are, behind them; each part oldest first.
func (s *Store) Holds(ctx context.Context, all bool) ([]state.Hold, error) {
	query := `SELECT ` + holdColumns + ` FROM hold`
	if !all {
		return list(ctx, s, "listing the holds", scanHold, query+` WHERE state <> 'released' ORDER BY placed, id`)
	}
	return list(ctx, s, "listing all holds", scanHold,
		query+` ORDER BY CASE WHEN state = 'released' THEN 1 ELSE 0 END, placed, id`)
}

// HeldPersons returns the hold of each person who has one that is not released;
// of several the one that was placed first.
func (s *Store) HeldPersons(ctx context.Context) (map[string]string, error) {
	holds, err := list(ctx, s, "listing who is held", scanPair,
		`SELECT person_id, id FROM hold WHERE state <> 'released' AND person_id <> '' ORDER BY placed, id`)
	if err != nil {
		return nil, err
	}
	held := make(map[string]string, len(holds))
	for _, h := range holds {
		if _, is := held[h[0]]; !is {
			held[h[0]] = h[1]
		}
	}
	return held, nil
}

func scanPair(r row) (pair [2]string, err error) {
	err = r.Scan(&pair[0], &pair[1])
	return pair, err
}

// IsHeld reports whether a hold that is not released is on the person or on the
// account. Either may be missing. It is cheap, since it is asked before each write.
func (s *Store) IsHeld(ctx context.Context, personID string, account directory.GUID) (bool, error) {
	// No hold is on the person "" or on the account "": see holdAccounts.
	found, err := list(ctx, s, "asking whether an account is held", scanText,
		`SELECT id FROM hold WHERE person_id = $1 AND person_id <> '' AND state <> 'released'
		UNION ALL SELECT hold_id FROM held_account WHERE account = $2 LIMIT 1`, personID, account.String())
	return len(found) > 0, err
}

// LockoutsSince returns how many holds the requester placed from the instant on,
// released ones too. A login name is the same in capitals.
func (s *Store) LockoutsSince(ctx context.Context, requester string, since time.Time) (int, error) {
	requesters, err := list(ctx, s, "counting lockouts", scanText, `SELECT requester FROM hold WHERE placed >= $1`, micros(since))
	n := 0
	for _, other := range requesters {
		if strings.EqualFold(other, requester) {
			n++
		}
	}
	return n, err
}

// eraseHolds takes away what is kept of a person's released holds. A hold that is
// not released stays whole: to forget it would be to lift it.
func (t *tx) eraseHolds(ctx context.Context, personID string) error {
	if personID == "" {
		return nil // These are holds on accounts that are nobody's.
	}
	if err := t.exec(ctx, `DELETE FROM hook_run WHERE hold_id IN
		(SELECT id FROM hold WHERE person_id = $1 AND state = 'released')`, personID); err != nil {
		return err
	}
	return t.exec(ctx, `DELETE FROM hold WHERE person_id = $1 AND state = 'released'`, personID)
}

func scanHold(r row) (h state.Hold, err error) {
	err = r.Scan(&h.ID, &h.PersonID, &h.PersonKey, &h.Ticket, &h.Category, &h.Requester, &h.Second, asDay{&h.Review},
		asInstant{&h.Placed}, &h.State, asJSON{&h.Accounts}, &h.ReleaseTicket, &h.ReleasedBy, asInstant{&h.Released})
	return h, err
}
