package ldapx

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/go-ldap/ldap/v3"

	"esrsync/internal/directory"
)

// termsAtOnce is how many values one search asks for: controllers take long
// filters, but not endless ones.
const termsAtOnce = 100

// Find returns the accounts in the whole domain that any part of the query names.
func (r *Reader) Find(ctx context.Context, q directory.Query) ([]directory.Account, error) {
	l := r.opts.layoutOf(nil)
	found, err := r.search(ctx, r.opts.terms(q), l, l.names())
	if err == nil {
		err = tooMany(len(found))
	}
	if err != nil {
		return nil, fmt.Errorf("finding accounts: %w", err)
	}
	out := make([]directory.Account, len(found))
	for i, f := range found {
		out[i] = f.account
	}
	return out, nil
}

// tooMany refuses more accounts than one person can have.
func tooMany(n int) error {
	if n > directory.MaxFound {
		return fmt.Errorf("%w: more than %d accounts fit", directory.ErrRefused, directory.MaxFound)
	}
	return nil
}

// Sights looks at these accounts.
func (r *Reader) Sights(ctx context.Context, ids []directory.GUID) ([]directory.Sight, error) {
	l := r.opts.layoutOf(nil)
	found, err := r.search(ctx, terms("objectGUID", "", guidTexts(ids)), l, append(l.names(), metadataVector))
	if err != nil {
		return nil, fmt.Errorf("looking at %d accounts: %w", len(ids), err)
	}
	out := make([]directory.Sight, len(found))
	for i, f := range found {
		stamp, err := r.stampOf(ctx, f)
		if err != nil {
			return nil, fmt.Errorf("looking at account %s: %w", f.account.GUID, err)
		}
		out[i] = directory.Sight{Account: f.account, Password: stamp}
	}
	return out, nil
}

// PasswordVersion says who wrote the account's password last.
func (r *Reader) PasswordVersion(ctx context.Context, id directory.GUID) (directory.Stamp, error) {
	var out directory.Stamp
	err := r.use(ctx, func(_ *pool, c *conn) error {
		stop := context.AfterFunc(ctx, c.drop)
		defer stop()
		entry, err := c.one(address(id), accountFilter, metadataVector, metadataText)
		if err == nil {
			out, err = passwordStamp(entry)
		}
		return err
	})
	if err != nil {
		return directory.Stamp{}, fmt.Errorf("reading who wrote the password of %s: %w", id, readError(err))
	}
	return out, nil
}

// stampOf reads the password's stamp out of an entry, or asks for the text form
// where the entry does not show the vector.
func (r *Reader) stampOf(ctx context.Context, f foundAccount) (directory.Stamp, error) {
	if len(f.entry.GetEqualFoldRawAttributeValue(metadataVector)) > 0 {
		return passwordStamp(f.entry)
	}
	return r.PasswordVersion(ctx, f.account.GUID)
}

// terms are the parts of a filter, any of which is enough.
func (o Options) terms(q directory.Query) []string {
	return slices.Concat(
		terms(o.PersonKeyAttribute, "", q.PersonKeys),
		terms("sAMAccountName", "", q.Logins), terms("userPrincipalName", "", q.Logins),
		terms("mail", "", q.Addresses), terms("proxyAddresses", "smtp:", q.Addresses), terms("userPrincipalName", "", q.Addresses),
		terms("objectGUID", "", guidTexts(q.Accounts)),
	)
}

// terms asks for each value of an attribute. Blank ones are left out: a filter
// that looks for nothing is refused.
func terms(attribute, prefix string, values []string) []string {
	var out []string
	for _, v := range values {
		if strings.TrimSpace(v) != "" {
			out = append(out, "("+attribute+"="+ldap.EscapeFilter(prefix+v)+")")
		}
	}
	return out
}

// guidTexts are the bytes of GUIDs, as filters hold them.
func guidTexts(ids []directory.GUID) []string {
	var out []string
	for _, id := range ids {
		if !id.IsZero() {
			out = append(out, string(id[:]))
		}
	}
	return out
}

// foundAccount is an account with the entry that it was read from.
type foundAccount struct {
	account directory.Account
	entry   *ldap.Entry
}

// search returns the accounts of the domain that fit any of the terms, sorted by
// GUID, each once.
func (r *Reader) search(ctx context.Context, terms []string, l layout, names []string) ([]foundAccount, error) {
	var out []foundAccount
	err := r.use(ctx, func(_ *pool, c *conn) error {
		out = nil // A read that is made again begins anew.
		for some := range slices.Chunk(terms, termsAtOnce) {
			filter := "(&" + accountFilter + "(|" + strings.Join(some, "") + "))"
			found, err := r.searchOne(ctx, c, query{r.controllerFacts().base, ldap.ScopeWholeSubtree, filter, names}, l)
			if err != nil {
				return err
			}
			out = append(out, found...)
		}
		return nil
	})
	slices.SortFunc(out, func(a, b foundAccount) int { return a.account.GUID.Compare(b.account.GUID) })
	return slices.CompactFunc(out, func(a, b foundAccount) bool { return a.account.GUID == b.account.GUID }), err
}

func (r *Reader) searchOne(ctx context.Context, c *conn, q query, l layout) ([]foundAccount, error) {
	var out []foundAccount
	var partial [][]string
	err := c.pages(ctx, q, r.opts.PageSize, func(page []*ldap.Entry) error {
		for _, entry := range page {
			d, err := l.account(entry)
			if err != nil {
				return err
			}
			out, partial = append(out, foundAccount{d.account, entry}), append(partial, d.partial)
		}
		return tooMany(len(out))
	})
	for i := range out {
		if err == nil && len(partial[i]) > 0 {
			err = l.finish(ctx, c, &out[i].account, partial[i])
		}
	}
	return out, err
}
