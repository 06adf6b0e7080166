package ldapx

import (
	"context"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"

	"github.com/go-ldap/ldap/v3"

	"esrsync/internal/directory"
)

// Facts returns what the directory says of itself.
func (r *Reader) Facts(ctx context.Context) (directory.Facts, error) {
	var out directory.Facts
	err := r.use(ctx, func(_ *pool, c *conn) (err error) {
		out, err = r.readFacts(ctx, c)
		return err
	})
	if err != nil {
		return directory.Facts{}, fmt.Errorf("reading what the directory says of itself: %w", readError(err))
	}
	return out, nil
}

func (r *Reader) readFacts(ctx context.Context, c *conn) (directory.Facts, error) {
	stop := context.AfterFunc(ctx, c.drop)
	defer stop()
	f, err := r.fit(c)
	if err != nil {
		return directory.Facts{}, err
	}
	root, err := c.one(f.base, everything, "objectSid")
	if err != nil {
		return directory.Facts{}, fmt.Errorf("reading the domain's own object: %w", err)
	}
	sid := root.GetEqualFoldRawAttributeValue("objectSid")
	schema, err := r.userAttributes(c, f.base, sid)
	if err != nil {
		return directory.Facts{}, fmt.Errorf("reading the schema: %w", err)
	}
	return directory.Facts{Base: f.base, Controller: f.host, DomainSID: formatSID(sid), Time: f.clock, Schema: schema}, nil
}

// administratorRID is the relative identifier of the built-in administrator, the
// one user that every domain has and cannot lose (MS-SAMR 2.2.1.14).
const administratorRID = 500

// userAttributes returns the attributes that a user may have, in lower case. The
// directory works them out for any object (allowedAttributes), all classes and
// schema extensions counted; the built-in administrator is a user that is there.
func (r *Reader) userAttributes(c *conn, base string, domainSID []byte) (map[string]bool, error) {
	filter := "(objectSid=" + ldap.EscapeFilter(string(childSID(domainSID, administratorRID))) + ")"
	result, err := c.search(query{base, ldap.ScopeWholeSubtree, filter, []string{"allowedAttributes"}})
	if err != nil {
		return nil, err
	}
	out := map[string]bool{}
	for _, entry := range result.Entries {
		for _, name := range entry.GetEqualFoldAttributeValues("allowedAttributes") {
			out[strings.ToLower(name)] = true
		}
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("%w: no user shows which attributes it may have", directory.ErrIncomplete)
	}
	return out, nil
}

// childSID returns the SID of a member of the domain, in bytes.
func childSID(domain []byte, rid uint32) []byte {
	if len(domain) < 2 {
		return nil
	}
	out := binary.LittleEndian.AppendUint32(slices.Clone(domain), rid)
	out[1]++
	return out
}

// Controllers returns the host names of the domain's writable controllers, as the
// configuration partition has them, sorted.
func (r *Reader) Controllers(ctx context.Context) ([]string, error) {
	var out []string
	err := r.use(ctx, func(_ *pool, c *conn) (err error) {
		out, err = r.controllers(ctx, c)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("listing the controllers: %w", readError(err))
	}
	return out, nil
}

func (r *Reader) controllers(ctx context.Context, c *conn) ([]string, error) {
	f := r.controllerFacts()
	hosts := map[string]string{} // of server objects, by folded name
	sites := "CN=Sites," + f.configuration
	err := c.all(ctx, query{sites, ldap.ScopeWholeSubtree, "(objectClass=server)", []string{"objectGUID", "dNSHostName"}}, r.opts.PageSize,
		func(page []*ldap.Entry) error {
			for _, entry := range page {
				hosts[directory.FoldDN(entry.DN)] = entry.GetEqualFoldAttributeValue("dNSHostName")
			}
			return nil
		})
	if err != nil {
		return nil, err
	}
	var out []string
	// A read-only controller's settings are of the class nTDSDSARO as well, and name
	// no partition that it masters.
	settings := query{sites, ldap.ScopeWholeSubtree, "(objectClass=nTDSDSA)", []string{"hasMasterNCs", "msDS-hasMasterNCs"}}
	err = c.pages(ctx, settings, r.opts.PageSize, func(page []*ldap.Entry) error {
		for _, entry := range page {
			host := hosts[directory.FoldDN(directory.ParentDN(entry.DN))]
			if host != "" && masters(entry, f.base) {
				out = append(out, host)
			}
		}
		return nil
	})
	slices.Sort(out)
	return out, err
}

// masters reports whether a controller's settings say that it holds a writable
// copy of the domain. hasMasterNCs is the older of the two lists.
func masters(settings *ldap.Entry, base string) bool {
	partitions := slices.Concat(settings.GetEqualFoldAttributeValues("msDS-hasMasterNCs"), settings.GetEqualFoldAttributeValues("hasMasterNCs"))
	return slices.ContainsFunc(partitions, func(nc string) bool { return directory.SameDN(nc, base) })
}

// PDCEmulator returns the host name of the controller that holds the role of PDC
// emulator, to which password changes are forwarded at once.
func (r *Reader) PDCEmulator(ctx context.Context) (string, error) {
	var host string
	err := r.use(ctx, func(_ *pool, c *conn) (err error) {
		stop := context.AfterFunc(ctx, c.drop)
		defer stop()
		host, err = roleHolder(c, r.controllerFacts().base)
		return err
	})
	if err != nil {
		return "", fmt.Errorf("finding the PDC emulator: %w", readError(err))
	}
	return host, nil
}

// roleHolder follows the domain's link to the settings of a controller, which lie
// below the object that has its host name.
func roleHolder(c *conn, base string) (string, error) {
	domain, err := c.one(base, everything, "fSMORoleOwner")
	if err != nil {
		return "", err
	}
	settings := domain.GetEqualFoldAttributeValue("fSMORoleOwner")
	if settings == "" {
		return "", fmt.Errorf("%w: the domain does not show who holds the role", directory.ErrIncomplete)
	}
	server, err := c.one(directory.ParentDN(settings), everything, "dNSHostName")
	if err != nil {
		return "", err
	}
	return server.GetEqualFoldAttributeValue("dNSHostName"), nil
}
