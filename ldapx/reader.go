package ldapx

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/go-ldap/ldap/v3"

	"esrsync/internal/directory"
)

// Accounts returns every user below the scope's bases, sorted by GUID. The bases
// are read side by side, all from one controller. A base that lies within another
// is read with it; that it is there and can be seen is still asked.
func (r *Reader) Accounts(ctx context.Context, scope directory.Scope) ([]directory.Account, error) {
	if len(scope.Bases) == 0 {
		return nil, errors.New("reading accounts: no base to read below")
	}
	var out []directory.Account
	err := r.use(ctx, func(p *pool, c *conn) (err error) {
		out, err = r.accounts(ctx, p, c, scope)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("reading accounts: %w", err)
	}
	slices.SortFunc(out, func(a, b directory.Account) int { return a.GUID.Compare(b.GUID) })
	// Bases may lie within each other.
	return slices.CompactFunc(out, func(a, b directory.Account) bool { return a.GUID == b.GUID }), nil
}

// accounts reads the first base with the connection in hand and the others with
// connections of their own.
func (r *Reader) accounts(ctx context.Context, p *pool, first *conn, scope directory.Scope) ([]directory.Account, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	bases, within := outermost(scope.Bases)
	for _, base := range within {
		if err := first.visible(base); err != nil {
			return nil, err
		}
	}
	l := r.opts.layoutOf(scope.Attributes)
	found := make([][]directory.Account, len(bases))
	errs := make([]error, len(bases))
	var wait sync.WaitGroup
	for i, base := range bases[1:] {
		wait.Go(func() {
			errs[i+1] = p.use(ctx, func(c *conn) (err error) {
				found[i+1], err = r.accountsBelow(ctx, c, base, l)
				return err
			})
			if errs[i+1] != nil {
				cancel()
			}
		})
	}
	if found[0], errs[0] = r.accountsBelow(ctx, first, bases[0], l); errs[0] != nil {
		cancel()
	}
	wait.Wait()
	return slices.Concat(found...), cause(errs)
}

// outermost parts bases into those that lie within no other, and the rest.
func outermost(bases []string) (outer, within []string) {
	for i, base := range bases {
		inside := slices.ContainsFunc(bases[:i], func(other string) bool { return directory.UnderDN(base, other) }) ||
			slices.ContainsFunc(bases[i+1:], func(other string) bool { return directory.UnderDN(base, other) && !directory.SameDN(base, other) })
		if inside {
			within = append(within, base)
		} else {
			outer = append(outer, base)
		}
	}
	return outer, within
}

// cause returns the error that made the others: those say only that they were called off.
func cause(errs []error) error {
	var called error
	for _, err := range errs {
		if err != nil && !errors.Is(err, context.Canceled) {
			return err
		}
		if err != nil {
			called = err
		}
	}
	return called
}

func (r *Reader) accountsBelow(ctx context.Context, c *conn, base string, l layout) ([]directory.Account, error) {
	var out []directory.Account
	var partial []int // accounts of which an attribute came only in part
	lists := map[int][]string{}
	q := query{base, ldap.ScopeWholeSubtree, accountFilter, l.names()}
	err := c.all(ctx, q, r.opts.PageSize, func(page []*ldap.Entry) error {
		for _, entry := range page {
			d, err := l.account(entry)
			if err != nil {
				return err
			}
			if len(d.partial) > 0 {
				partial = append(partial, len(out))
				lists[len(out)] = d.partial
			}
			out = append(out, d.account)
		}
		return nil
	})
	for _, i := range partial {
		if err == nil {
			err = l.finish(ctx, c, &out[i], lists[i])
		}
	}
	return out, err
}

// finish reads the rest of the attributes that came only in part.
func (l layout) finish(ctx context.Context, c *conn, a *directory.Account, attributes []string) error {
	for _, name := range attributes {
		values, err := c.list(ctx, a.GUID, name)
		if err != nil {
			return err
		}
		put := l.fields[name]
		if put == nil || len(values) == 0 {
			continue
		}
		if err := put(a, &ldap.EntryAttribute{Name: name, Values: values}); err != nil {
			return err
		}
	}
	return nil
}

// Account returns one account.
func (r *Reader) Account(ctx context.Context, id directory.GUID, scope directory.Scope) (directory.Account, error) {
	l := r.opts.layoutOf(scope.Attributes)
	var out directory.Account
	err := r.use(ctx, func(_ *pool, c *conn) error {
		stop := context.AfterFunc(ctx, c.drop)
		defer stop()
		entry, err := c.one(address(id), accountFilter, l.names()...)
		if err != nil {
			return err
		}
		d, err := l.account(entry)
		out = d.account
		if err != nil {
			return err
		}
		return l.finish(ctx, c, &out, d.partial)
	})
	if err != nil {
		return directory.Account{}, fmt.Errorf("reading account %s: %w", id, readError(err))
	}
	return out, nil
}

// Groups returns the groups below the bases and those named, with all members.
func (r *Reader) Groups(ctx context.Context, bases, dns []string) ([]directory.Group, error) {
	var out []directory.Group
	err := r.use(ctx, func(_ *pool, c *conn) (err error) {
		out, err = r.groups(ctx, c, bases, dns)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("reading groups: %w", err)
	}
	return out, nil
}

const groupFilter = "(objectClass=group)"

func groupAttributes() []string {
	return []string{"objectGUID", "objectSid", "sAMAccountName", "member"}
}

func (r *Reader) groups(ctx context.Context, c *conn, bases, dns []string) ([]directory.Group, error) {
	stop := context.AfterFunc(ctx, c.drop)
	defer stop()
	var entries []*ldap.Entry
	for _, base := range bases {
		q := query{base, ldap.ScopeWholeSubtree, groupFilter, groupAttributes()}
		err := c.all(ctx, q, r.opts.PageSize, func(page []*ldap.Entry) error {
			entries = append(entries, page...)
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	for _, dn := range dns {
		entry, err := c.one(dn, groupFilter, groupAttributes()...)
		switch {
		case err == nil:
			entries = append(entries, entry)
		case !isKind(err, directory.ErrNotFound):
			return nil, fmt.Errorf("reading a named group: %w", readError(err))
		}
	}
	return decodeGroups(ctx, c, entries)
}

// decodeGroups reads the entries, each group once, sorted by DN.
func decodeGroups(ctx context.Context, c *conn, entries []*ldap.Entry) ([]directory.Group, error) {
	var out []directory.Group
	seen := map[directory.GUID]bool{}
	for _, entry := range entries {
		id, err := visibleGUID(entry)
		if err != nil {
			return nil, err
		}
		if seen[id] {
			continue
		}
		seen[id] = true
		members, p, err := partOf(entry, "member")
		if err == nil && !p.last {
			members, err = c.list(ctx, id, "member")
		}
		if err != nil {
			return nil, err
		}
		slices.Sort(members)
		out = append(out, directory.Group{GUID: id, SID: formatSID(entry.GetEqualFoldRawAttributeValue("objectSid")), DN: entry.DN,
			Name: entry.GetEqualFoldAttributeValue("sAMAccountName"), Members: members})
	}
	slices.SortFunc(out, func(a, b directory.Group) int { return strings.Compare(a.DN, b.DN) })
	return out, nil
}
