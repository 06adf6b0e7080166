package ldapx

import (
	"context"
	"errors"
	"fmt"

	"github.com/go-ldap/ldap/v3"

	"esrsync/internal/directory"
)

// query is one search. It is a value: each request to a server is built from it
// anew, since the library leaves its last cookie in a request that was used.
type query struct {
	base       string
	scope      int
	filter     string
	attributes []string
}

func (q query) request(controls ...ldap.Control) *ldap.SearchRequest {
	return ldap.NewSearchRequest(q.base, q.scope, ldap.NeverDerefAliases, 0, 0, false, q.filter, q.attributes, controls)
}

// everything is the filter that every object fits.
const everything = "(objectClass=*)"

// search asks once. The answer shows that the connection lives.
func (c *conn) search(q query, controls ...ldap.Control) (*ldap.SearchResult, error) {
	result, err := c.Search(q.request(controls...))
	if answered(err) {
		c.stale = false
	}
	return result, err
}

// one reads the single object that base names. [directory.ErrNotFound] where it is
// not there, or does not fit the filter.
func (c *conn) one(base, filter string, attributes ...string) (*ldap.Entry, error) {
	result, err := c.search(query{base, ldap.ScopeBaseObject, filter, attributes})
	if refused, ok := refusal(err); ok {
		return nil, refused
	}
	if err != nil {
		return nil, err
	}
	if len(result.Entries) != 1 {
		// A base that does not fit the filter gives success and no entry.
		return nil, classify(ldap.LDAPResultNoSuchObject, "")
	}
	return result.Entries[0], nil
}

// rootEntry reads the controller's root entry (rootDSE).
func rootEntry(c *conn, attributes ...string) (*ldap.Entry, error) {
	return c.one("", everything, attributes...)
}

// pages runs a search to its end, page by page, and gives each page to take while
// the next one is on its way. It returns nil only when the server itself said that
// there is no further page.
func (c *conn) pages(ctx context.Context, q query, size int, take func([]*ldap.Entry) error) error {
	stop := context.AfterFunc(ctx, c.drop)
	defer stop()
	ready := make(chan []*ldap.Entry, 1)
	taken := make(chan error, 1)
	go func() { taken <- consume(ready, take) }()
	err := c.sendPages(q, size, ready)
	close(ready)
	takeErr := <-taken
	if ctx.Err() != nil {
		return fmt.Errorf("%w: %w", directory.ErrIncomplete, ctx.Err())
	}
	if err != nil {
		return err
	}
	return takeErr
}

// consume gives all pages to take. After an error it still empties the channel, so
// that the sender is never stuck.
func consume(ready <-chan []*ldap.Entry, take func([]*ldap.Entry) error) (err error) {
	for page := range ready {
		if err == nil {
			err = take(page)
		}
	}
	return err
}

func (c *conn) sendPages(q query, size int, ready chan<- []*ldap.Entry) error {
	var cookie []byte
	for n := 1; ; n++ {
		control := ldap.NewControlPaging(uint32(size))
		control.SetCookie(cookie)
		result, err := c.search(q, control)
		if err != nil {
			return fmt.Errorf("reading page %d: %w", n, readError(err))
		}
		ready <- result.Entries
		if cookie, err = nextCookie(result, c.usable()); err != nil {
			return fmt.Errorf("reading page %d: %w", n, err)
		}
		if len(cookie) == 0 {
			return nil
		}
	}
}

// nextCookie takes the server's word on what follows a page: a cookie, or an empty
// one for the end. Without that word the read is not complete, however many entries
// came: a server that knows no paging cuts the answer off in silence.
func nextCookie(result *ldap.SearchResult, open bool) ([]byte, error) {
	control, ok := ldap.FindControl(result.Controls, ldap.ControlTypePaging).(*ldap.ControlPaging)
	switch {
	case !ok:
		return nil, fmt.Errorf("%w: the server did not say whether more follows", directory.ErrIncomplete)
	case !open && len(control.Cookie) > 0:
		return nil, fmt.Errorf("%w: the connection closed", directory.ErrIncomplete)
	}
	return control.Cookie, nil
}

// all reads every entry below a base. The base itself is read first: where it is
// hidden from us or gone, the search would end well and empty.
func (c *conn) all(ctx context.Context, q query, size int, take func([]*ldap.Entry) error) error {
	if _, err := c.one(q.base, everything, "objectGUID"); err != nil {
		return fmt.Errorf("reading %s: %w", q.base, unreadable(readError(err)))
	}
	if err := c.pages(ctx, q, size, take); err != nil {
		return fmt.Errorf("reading below %s: %w", q.base, err)
	}
	return nil
}

// unreadable turns "not there" into "not complete": somebody asked for this base,
// so its absence must not pass for an empty one. The kind stays visible too.
func unreadable(err error) error {
	if errors.Is(err, directory.ErrNotFound) {
		return fmt.Errorf("%w: %w", directory.ErrIncomplete, err)
	}
	return err
}
