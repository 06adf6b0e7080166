package apply

import (
	"context"
	"fmt"
	"sort"

	"esrsync/internal/directory"
	"esrsync/internal/token"
	"esrsync/sync/plan"
)

// Encoder turns what a change says into what the directory stores.
type Encoder struct {
	PersonKeyAttribute string
	MarkerAttribute    string
	Sealer             *token.Sealer
	// Password returns a new random password that holds no part of the names, for an
	// account that nobody can sign in to yet.
	Password func(names ...string) (string, error)
}

// write makes one change and returns the account's GUID where it made the account.
func (r *run) write(ctx context.Context, c plan.Change, id directory.GUID) (directory.GUID, error) {
	none := directory.GUID{}
	switch c.Kind {
	case plan.Create:
		return r.create(ctx, c)
	case plan.Set, plan.Enable, plan.Disable, plan.Mark:
		return none, r.modify(ctx, c, id)
	case plan.Renaming:
		if err := r.modify(ctx, c, id); err != nil {
			return none, err
		}
		return none, r.Writer.Move(ctx, id, c.After.First(plan.CN), "")
	case plan.Move:
		return none, r.Writer.Move(ctx, id, "", c.After.First(plan.OU))
	case plan.AddMember:
		return none, r.Writer.AddMember(ctx, c.Group, id)
	case plan.RemoveMember:
		return none, r.Writer.RemoveMember(ctx, c.Group, id)
	case plan.Deletion:
		return none, r.Writer.Delete(ctx, id)
	}
	return none, fmt.Errorf("a run makes no change of kind %q", c.Kind)
}

// create adds the account and then marks it: the token is sealed over the GUID,
// which the directory gives. Killed in between, the next run finds the person key
// on the account and an open intent of ours, and marks it.
func (r *run) create(ctx context.Context, c plan.Change) (directory.GUID, error) {
	password, err := r.Encoder.Password(c.After.First("sAMAccountName"), c.After.First("displayName"), c.After.First(plan.CN))
	if err != nil {
		return directory.GUID{}, err
	}
	id, err := r.Writer.Create(ctx, directory.NewAccount{
		CN:         c.After.First(plan.CN),
		Parent:     c.After.First(plan.OU),
		Login:      c.After.First("sAMAccountName"),
		UPN:        c.After.First("userPrincipalName"),
		Attributes: r.Encoder.newAttributes(c),
		Password:   password,
	})
	if err != nil {
		return directory.GUID{}, err
	}
	edit, err := r.Encoder.mark(c, id)
	if err != nil {
		return id, err
	}
	return id, r.Writer.Modify(ctx, id, []directory.Edit{edit})
}

// newAttributes returns what a new account gets beside its names.
func (e Encoder) newAttributes(c plan.Change) map[string][]string {
	out := map[string][]string{}
	for name, values := range c.After {
		switch name {
		case plan.CN, plan.OU, plan.Token, "sAMAccountName", "userPrincipalName", "userAccountControl":
		case plan.PersonKey:
			out[e.PersonKeyAttribute] = values
		default:
			out[name] = values
		}
	}
	return out
}

// modify makes all attribute edits of a change in one operation.
func (r *run) modify(ctx context.Context, c plan.Change, id directory.GUID) error {
	edits, err := r.Encoder.edits(c, id)
	if err != nil {
		return err
	}
	if len(edits) == 0 {
		return nil
	}
	return r.Writer.Modify(ctx, id, edits)
}

// edits returns the attribute edits of a change, in the order of their names.
func (e Encoder) edits(c plan.Change, id directory.GUID) ([]directory.Edit, error) {
	names := map[string]bool{}
	for n := range c.Before {
		names[n] = true
	}
	for n := range c.After {
		names[n] = true
	}
	var out []directory.Edit
	for _, n := range sorted(names) {
		switch n {
		case plan.CN, plan.OU, plan.Group:
		case plan.Token:
			edit, err := e.mark(c, id)
			if err != nil {
				return nil, err
			}
			out = append(out, edit)
		default:
			out = append(out, directory.Edit{Attribute: e.attribute(n), Old: c.Before[n], New: c.After[n]})
		}
	}
	return out, nil
}

func (e Encoder) attribute(name string) string {
	if name == plan.PersonKey {
		return e.PersonKeyAttribute
	}
	return name
}

// mark returns the edit that puts the change's token on the account, in the
// place of the one that was read. An account that was made in this run was never
// read: its token is the one that creating it sealed, and sealing is repeatable.
func (e Encoder) mark(c plan.Change, id directory.GUID) (directory.Edit, error) {
	sealed, err := e.seal(c, id, c.After.First(plan.Token))
	if err != nil {
		return directory.Edit{}, err
	}
	edit := directory.Edit{Attribute: e.MarkerAttribute, New: []string{sealed}}
	old := c.Marker
	if before := c.Before.First(plan.Token); c.Account.IsZero() && before != "" {
		if old, err = e.seal(c, id, before); err != nil {
			return directory.Edit{}, err
		}
	}
	if old != "" {
		edit.Old = []string{old}
	}
	return edit, nil
}

func (e Encoder) seal(c plan.Change, id directory.GUID, said string) (string, error) {
	sealed, err := e.Sealer.Seal(id, token.Statement{PersonID: c.PersonID, PersonKey: c.Person, State: said})
	if err != nil {
		return "", fmt.Errorf("sealing the token of %s: %w", id, err)
	}
	return sealed, nil
}

func sorted(set map[string]bool) []string {
	out := make([]string, 0, len(set))
	for n := range set {
		out = append(out, n)
	}
	sort.Strings(out)
	return out
}
