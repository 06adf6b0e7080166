package store

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"esrsync/internal/directory"
	"esrsync/internal/state"
)

// Names returns every name that was ever given, sorted by kind and value.
func (s *Store) Names(ctx context.Context) ([]state.Name, error) {
	return list(ctx, s, "listing the names", scanName, `SELECT `+nameColumns+` FROM name ORDER BY kind, value`)
}

const nameColumns = `kind, value, person_id, source, since`

// ReserveNames reserves all of the names or, with [state.ErrTaken] and the names
// in the way, none. A name is in the way when another person ever had it or when
// history does not know who had it. The same person may reserve a name again.
func (s *Store) ReserveNames(ctx context.Context, names []state.Name) error {
	return s.write(ctx, "reserving names", func(t *tx) error {
		known, err := t.knownNames(ctx, names)
		if err != nil {
			return err
		}
		var taken []string
		for _, n := range names {
			if fault := known.fault(n); fault != "" {
				taken = append(taken, fault)
			}
			known.give(n)
		}
		if len(taken) > 0 {
			return fmt.Errorf("%s: %w", strings.Join(taken, "; "), state.ErrTaken)
		}
		return t.insertNames(ctx, known.given)
	})
}

// ImportNames takes in names of the past, or names that were read in the
// directory, and returns how many were not known yet. A name that is known stays
// whose it is; where nobody knew whose, the import may say so.
func (s *Store) ImportNames(ctx context.Context, names []state.Name) (added int, err error) {
	err = s.write(ctx, "importing names", func(t *tx) error {
		known, err := t.knownNames(ctx, names)
		if err != nil {
			return err
		}
		added = 0
		for _, n := range names {
			owner, isKnown := known.owner(n)
			if !isKnown {
				added++
			}
			if owner.PersonID == "" || owner.PersonID == n.PersonID {
				known.give(n)
			}
		}
		return t.insertNames(ctx, known.given)
	})
	return added, err
}

// insertNames adds the names. One that is there already was history without an
// owner, or is the same person's: it learns the owner and keeps the rest.
func (t *tx) insertNames(ctx context.Context, names []state.Name) error {
	rows := make([][]any, len(names))
	for i, n := range names {
		rows[i] = []any{string(n.Kind), n.Value, n.PersonID, n.Source, micros(n.Since)}
	}
	return t.insert(ctx, `INSERT INTO name (`+nameColumns+`)`,
		`ON CONFLICT (kind, value) DO UPDATE SET person_id = excluded.person_id`, rows)
}

// book is what is known of some names, and what is to be added to it.
type book struct {
	owners map[place]state.Name // by the space in which a name must be unique
	rows   map[place]string     // by kind: whose the row in the table is
	given  []state.Name         // each row once
	at     map[place]int        // where in given, by kind
}

// place is a name in a space, or of a kind.
type place struct{ in, value string }

// space returns where a kind of name must be unique: a UPN and an address share one.
func space(kind directory.NameKind) string {
	if kind == directory.LoginName {
		return "login"
	}
	return "address"
}

// knownNames reads what is known of the names, and lets nobody else reserve or
// import until the transaction ends.
func (t *tx) knownNames(ctx context.Context, names []state.Name) (*book, error) {
	b := &book{owners: make(map[place]state.Name), rows: make(map[place]string), at: make(map[place]int)}
	if err := t.latch(ctx, "name"); err != nil {
		return nil, err
	}
	values := make([]string, len(names))
	for i, n := range names {
		values[i] = strings.ToLower(n.Value)
	}
	return b, inChunks(values, 0, func(some string, keys []any) error {
		return each(ctx, t.raw, func(r row) error {
			n, err := scanName(r)
			b.note(n)
			return err
		}, `SELECT `+nameColumns+` FROM name WHERE value IN `+some+` ORDER BY kind, value`, keys...)
	})
}

// note adds what stands in the table.
func (b *book) note(n state.Name) {
	b.rows[place{string(n.Kind), n.Value}] = n.PersonID
	b.own(n)
}

// own makes the name its person's in its space. Where one of a UPN and an equal
// address has no known owner, the owner of the other one counts.
func (b *book) own(n state.Name) {
	at := place{space(n.Kind), n.Value}
	if b.owners[at].PersonID == "" {
		b.owners[at] = n
	}
}

// owner returns who has the name in its space.
func (b *book) owner(n state.Name) (state.Name, bool) {
	found, is := b.owners[place{space(n.Kind), strings.ToLower(n.Value)}]
	return found, is
}

// fault says what is in the way of a name, or nothing.
func (b *book) fault(n state.Name) string {
	owner, is := b.owner(n)
	if !is || owner.PersonID != "" && owner.PersonID == n.PersonID {
		return ""
	}
	return fmt.Sprintf("the %s %s is that of %s (%s, %s)", n.Kind, strings.ToLower(n.Value),
		cmp.Or(owner.PersonID, "somebody unknown"), owner.Kind, owner.Source)
}

// give notes that the name is to be the person's from now on.
func (b *book) give(n state.Name) {
	n.Value = strings.ToLower(n.Value)
	b.own(n)
	row := place{string(n.Kind), n.Value}
	if owner, is := b.rows[row]; is && (owner != "" || n.PersonID == "") {
		return
	}
	i, is := b.at[row]
	if !is {
		b.at[row] = len(b.given)
		b.given = append(b.given, n)
	} else if b.given[i].PersonID == "" {
		b.given[i].PersonID = n.PersonID
	}
}

func scanName(r row) (n state.Name, err error) {
	err = r.Scan(&n.Kind, &n.Value, &n.PersonID, &n.Source, asInstant{&n.Since})
	return n, err
}
