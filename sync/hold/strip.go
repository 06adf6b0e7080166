package hold

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"esrsync/internal/directory"
	"esrsync/internal/state"
)

// strip takes the memberships that the configuration says, on the first controller
// that answers, and returns the hold as it then stands. What is about to be taken
// is written down before it is: a release must find it.
func (l *Locker) strip(ctx context.Context, h state.Hold, told func(Step)) (state.Hold, error) {
	if !l.Policy.StripGroups {
		return h, nil
	}
	var failed error
	for i := range h.Accounts {
		login := h.Accounts[i].Login
		err := l.on(ctx, func(ctx context.Context, c Controller) (err error) {
			h, err = l.stripOne(ctx, c, h, h.Accounts[i].Account)
			return err
		})
		if err != nil {
			failed = fmt.Errorf("taking the memberships of %s: %w", login, err)
		}
		if told != nil {
			told(Step{Login: login, What: WhatStripped, At: l.Now().UTC(), Err: err})
		}
	}
	return h, failed
}

func (l *Locker) stripOne(ctx context.Context, c Controller, h state.Hold, id directory.GUID) (state.Hold, error) {
	a, err := c.Account(ctx, id, directory.Scope{Bases: l.Policy.Bases})
	if errors.Is(err, directory.ErrNotFound) {
		return h, nil // it is in no group any more
	}
	if err != nil {
		return h, err
	}
	groups, err := c.Groups(ctx, nil, a.MemberOf)
	if err != nil {
		return h, err
	}
	groups = slices.DeleteFunc(groups, func(g directory.Group) bool { return !l.Policy.mayTake(g) })
	kept, err := l.keep(ctx, h.ID, func(h *state.Hold) error {
		noteTaken(h, id, groups)
		return nil
	})
	if err != nil {
		return h, err
	}
	for _, g := range groups {
		if err := c.RemoveMember(ctx, g.GUID, id); err != nil {
			return kept, err
		}
	}
	return kept, nil
}

// noteTaken adds the groups to those that a release gives back.
func noteTaken(h *state.Hold, id directory.GUID, groups []directory.Group) {
	for i := range h.Accounts {
		a := &h.Accounts[i]
		if a.Account != id {
			continue
		}
		if a.Groups == nil {
			a.Groups = []directory.GUID{}
		}
		for _, g := range groups {
			if !slices.Contains(a.Groups, g.GUID) {
				a.Groups = append(a.Groups, g.GUID)
			}
		}
	}
}
