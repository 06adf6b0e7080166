package ldapx

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/go-ldap/ldap/v3"

	"esrsync/internal/directory"
)

// nameFilter is every object of any class that has a login, a UPN or an address,
// and othersFilter those of them that are no accounts.
const (
	nameFilter   = "(|(sAMAccountName=*)(userPrincipalName=*)(mail=*)(proxyAddresses=*))"
	othersFilter = "(&" + nameFilter + "(!" + accountFilter + "))"
)

func nameAttributes() []string {
	return []string{"objectGUID", "sAMAccountName", "userPrincipalName", "mail", "proxyAddresses"}
}

// Names returns every login, UPN and address in use in the forest, by objects of
// every class. What our controller holds itself, the domain and the configuration,
// is read from it, since it knows those best. Other domains are read from a global
// catalogue, which is left out only where the forest's list of domains shows that
// ours is the only one.
func (r *Reader) Names(ctx context.Context, seen []directory.Account) ([]directory.Name, error) {
	n := nameSet{names: map[directory.Name]bool{}, owners: map[directory.GUID]bool{}}
	filter := nameFilter
	if len(seen) > 0 {
		filter = othersFilter
	}
	for _, a := range seen {
		n.addAccount(a)
	}
	var alone bool
	err := r.use(ctx, func(_ *pool, c *conn) (err error) {
		f := r.controllerFacts()
		if err = r.ownNames(ctx, c, f.base, filter, n); err == nil {
			err = r.ownNames(ctx, c, f.configuration, filter, n)
		}
		if err == nil {
			alone, err = r.onlyDomain(ctx, c, f)
		}
		return err
	})
	if err == nil && !alone {
		err = r.forestNames(ctx, n)
	}
	if err != nil {
		return nil, fmt.Errorf("reading the names in use: %w", err)
	}
	return slices.SortedFunc(maps.Keys(n.names), compareNames), nil
}

func compareNames(a, b directory.Name) int {
	return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Value, b.Value), cmp.Compare(a.DN, b.DN))
}

// nameSet gathers names, each once, and the objects that they were found on.
type nameSet struct {
	names  map[directory.Name]bool
	owners map[directory.GUID]bool
}

func (n nameSet) add(kind directory.NameKind, owner directory.GUID, dn string, values ...string) {
	for _, v := range values {
		if v = strings.ToLower(strings.TrimSpace(v)); v != "" {
			n.names[directory.Name{Kind: kind, Value: v, Owner: owner, DN: dn}] = true
		}
	}
}

// addAccount takes the names of an account that was read before.
func (n nameSet) addAccount(a directory.Account) {
	n.owners[a.GUID] = true
	n.add(directory.LoginName, a.GUID, a.DN, a.Login)
	n.add(directory.UPNName, a.GUID, a.DN, a.UPN)
	n.add(directory.Address, a.GUID, a.DN, a.Mail)
	for _, p := range a.ProxyAddresses {
		n.add(directory.Address, a.GUID, a.DN, addressOf(p))
	}
}

// addEntry takes the UPN and the addresses of an object.
func (n nameSet) addEntry(entry *ldap.Entry, owner directory.GUID, proxies []string) {
	n.add(directory.UPNName, owner, entry.DN, entry.GetEqualFoldAttributeValues("userPrincipalName")...)
	n.add(directory.Address, owner, entry.DN, entry.GetEqualFoldAttributeValues("mail")...)
	for _, p := range proxies {
		n.add(directory.Address, owner, entry.DN, addressOf(p))
	}
}

// addressOf returns what a proxy address reserves: the part behind smtp: or sip:,
// which share one space of names. X400, X500 and the like are no mail addresses.
func addressOf(proxy string) string {
	kind, value, prefixed := strings.Cut(proxy, ":")
	switch {
	case !prefixed:
		return proxy
	case strings.EqualFold(kind, "smtp"), strings.EqualFold(kind, "sip"):
		return value
	}
	return ""
}

// ownNames reads the names below a base that our controller holds.
func (r *Reader) ownNames(ctx context.Context, c *conn, base, filter string, n nameSet) error {
	q := query{base, ldap.ScopeWholeSubtree, filter, nameAttributes()}
	var long []*ldap.Entry
	err := c.all(ctx, q, r.opts.PageSize, func(page []*ldap.Entry) error {
		for _, entry := range page {
			owner, err := visibleGUID(entry)
			if err != nil {
				return err
			}
			proxies, p, err := partOf(entry, "proxyAddresses")
			if err != nil {
				return err
			}
			if !p.last {
				long = append(long, entry)
			}
			n.owners[owner] = true
			n.add(directory.LoginName, owner, entry.DN, entry.GetEqualFoldAttributeValues("sAMAccountName")...)
			n.addEntry(entry, owner, proxies)
		}
		return nil
	})
	for _, entry := range long {
		owner, _ := visibleGUID(entry) // It was visible above.
		if err == nil {
			err = addLong(ctx, c, entry, owner, n)
		}
	}
	return err
}

// addLong reads the addresses of an object that has more of them than one answer holds.
func addLong(ctx context.Context, c *conn, entry *ldap.Entry, owner directory.GUID, n nameSet) error {
	proxies, err := c.list(ctx, owner, "proxyAddresses")
	n.addEntry(entry, owner, proxies)
	return err
}

// visibleGUID returns the GUID of an entry. One that hides it hides more from us.
func visibleGUID(entry *ldap.Entry) (directory.GUID, error) {
	id, err := directory.GUIDOf(entry.GetEqualFoldRawAttributeValue("objectGUID"))
	if err != nil {
		return id, fmt.Errorf("%w: an object does not show its objectGUID: our account lacks the right to read it", directory.ErrIncomplete)
	}
	return id, nil
}

// domainFilter is the partitions that are domains (FLAG_CR_NTDS_NC and
// FLAG_CR_NTDS_DOMAIN, MS-ADTS 2.2.10).
const domainFilter = "(&(objectClass=crossRef)(systemFlags:1.2.840.113556.1.4.803:=3))"

// onlyDomain reports whether the forest's list of domains names ours and no other.
func (r *Reader) onlyDomain(ctx context.Context, c *conn, f controllerFacts) (bool, error) {
	ours, others := 0, 0
	q := query{f.configuration, ldap.ScopeWholeSubtree, domainFilter, []string{"nCName"}}
	err := c.pages(ctx, q, r.opts.PageSize, func(page []*ldap.Entry) error {
		for _, entry := range page {
			if directory.SameDN(f.base, entry.GetEqualFoldAttributeValue("nCName")) {
				ours++
			} else {
				others++
			}
		}
		return nil
	})
	if err != nil {
		return false, fmt.Errorf("reading the forest's domains: %w", err)
	}
	return ours == 1 && others == 0, nil
}

// forestNames reads the names of the whole forest from the first global catalogue
// that can be reached. Objects that our controller told of already are skipped: the
// catalogue may be behind.
func (r *Reader) forestNames(ctx context.Context, n nameSet) error {
	p, err := r.current()
	if err != nil {
		return err
	}
	catalogues, err := r.opts.catalogues(p.server, r.servers)
	if err != nil {
		return err
	}
	var reasons []error
	for _, s := range catalogues {
		c, err := r.dialer.open(ctx, s)
		if err == nil {
			defer c.drop()
			return r.catalogueNames(ctx, c, n)
		}
		if isKind(err, directory.ErrCredentials) || ctx.Err() != nil {
			return err
		}
		reasons = append(reasons, err)
	}
	return fmt.Errorf("reaching a global catalogue: %w: %w", directory.ErrUnavailable, errors.Join(reasons...))
}

func (r *Reader) catalogueNames(ctx context.Context, c *conn, n nameSet) error {
	// The empty base is the whole forest, in a global catalogue alone.
	q := query{"", ldap.ScopeWholeSubtree, nameFilter, nameAttributes()}
	err := c.pages(ctx, q, r.opts.PageSize, func(page []*ldap.Entry) error {
		for _, entry := range page {
			id, err := visibleGUID(entry)
			if err != nil {
				return err
			}
			proxies, p, err := partOf(entry, "proxyAddresses")
			switch {
			case err != nil:
				return err
			case !p.last:
				return fmt.Errorf("%w: an object of another domain has more addresses than one answer holds", directory.ErrIncomplete)
			}
			if !n.owners[id] {
				n.addEntry(entry, directory.GUID{}, proxies)
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("reading the global catalogue: %w", err)
	}
	return nil
}
