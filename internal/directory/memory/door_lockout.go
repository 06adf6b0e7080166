package memory

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"esrsync/internal/directory"
)

var (
	_ directory.Locker = (*Directory)(nil)
	_ directory.Finder = (*Directory)(nil)
)

// Name returns the host name of the controller that the directory stands for.
func (d *Directory) Name() string {
	if d.Host != "" {
		return d.Host
	}
	return d.s.d.Controllers()[0]
}

// Close does nothing: there is no connection.
func (d *Directory) Close() error { return nil }

// LockOut switches the account off and gives it the marker.
func (d *Directory) LockOut(ctx context.Context, id directory.GUID, marker string) error {
	for {
		now, err := d.Account(ctx, id, directory.Scope{})
		if err != nil {
			return fmt.Errorf("locking %s out: %w", id, err)
		}
		mods := d.lockOut(now, marker)
		if len(mods) == 0 {
			return nil
		}
		// Whoever wrote in between has changed the control field; what else they set is kept.
		if err = d.s.Modify(nameOf(id), mods); err == nil {
			return nil
		}
		if !errors.Is(err, directory.ErrConflict) {
			return fmt.Errorf("locking %s out: %w", id, err)
		}
	}
}

func (d *Directory) lockOut(now directory.Account, marker string) []Mod {
	var mods []Mod
	if now.Enabled() {
		mods = append(mods,
			Mod{Op: DeleteValues, Attribute: "userAccountControl", Values: []string{controlText(now.Control)}},
			Mod{Op: AddValues, Attribute: "userAccountControl", Values: []string{controlText(now.Control.WithDisabled())}})
	}
	if marker != "" && marker != now.Marker {
		mods = append(mods, Mod{Op: ReplaceValues, Attribute: d.Marker, Values: []string{marker}})
	}
	return mods
}

// Sights looks at these accounts.
func (d *Directory) Sights(ctx context.Context, ids []directory.GUID) ([]directory.Sight, error) {
	var out []directory.Sight
	for _, id := range slices.Compact(slices.SortedFunc(slices.Values(ids), directory.GUID.Compare)) {
		if id.IsZero() {
			continue
		}
		account, err := d.Account(ctx, id, directory.Scope{})
		if errors.Is(err, directory.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		out = append(out, directory.Sight{Account: account, Password: d.s.d.passwordStamp(id)})
	}
	return out, nil
}

// PasswordVersion says who wrote the account's password last.
func (d *Directory) PasswordVersion(ctx context.Context, id directory.GUID) (directory.Stamp, error) {
	if _, err := d.Account(ctx, id, directory.Scope{}); err != nil {
		return directory.Stamp{}, err
	}
	return d.s.d.passwordStamp(id), nil
}

// Find returns the accounts of the domain that any part of the query names.
func (d *Directory) Find(ctx context.Context, q directory.Query) ([]directory.Account, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	wanted := d.wanted(q)
	if len(wanted) == 0 {
		return nil, nil
	}
	ids, err := d.below([]string{d.s.d.Base()}, All(people(), Any(wanted...)))
	if err == nil && len(ids) > directory.MaxFound {
		err = fmt.Errorf("%w: more than %d accounts fit", directory.ErrRefused, directory.MaxFound)
	}
	if err != nil {
		return nil, fmt.Errorf("finding accounts: %w", err)
	}
	var out []directory.Account
	for _, id := range ids {
		if o, ok := d.s.Show(id, d.selection(directory.Scope{})); ok {
			out = append(out, d.account(o, directory.Scope{}))
		}
	}
	return out, nil
}

// wanted are the conditions of a query, any of which is enough.
func (d *Directory) wanted(q directory.Query) []Filter {
	var out []Filter
	add := func(attribute, prefix string, values []string) {
		for _, v := range values {
			if strings.TrimSpace(v) != "" {
				out = append(out, Eq(attribute, prefix+v))
			}
		}
	}
	add(d.PersonKey, "", q.PersonKeys)
	add("sAMAccountName", "", q.Logins)
	add("userPrincipalName", "", q.Logins)
	add("mail", "", q.Addresses)
	add("proxyAddresses", "smtp:", q.Addresses)
	add("userPrincipalName", "", q.Addresses)
	for _, id := range q.Accounts {
		out = append(out, Eq("objectGUID", string(id[:])))
	}
	return out
}
