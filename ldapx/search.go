package ldapx

import (
	"context"
	"errors"
	"fmt"
	"time"

	ber "github.com/go-asn1-ber/asn1-ber"
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
// the controller works on the next one. It returns nil only when the server itself
// said that there is no further page.
func (c *conn) pages(ctx context.Context, q query, size int, take func([]*ldap.Entry) error) error {
	stop := context.AfterFunc(ctx, c.drop)
	defer stop()
	ready := make(chan [][]byte, 1)
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

// consume decodes all pages and gives them to take. After an error it still empties
// the channel, so that the sender is never stuck.
func consume(ready <-chan [][]byte, take func([]*ldap.Entry) error) (err error) {
	d := decoder{names: map[string]string{}}
	for page := range ready {
		if err != nil {
			continue
		}
		entries := make([]*ldap.Entry, len(page))
		for i, raw := range page {
			if entries[i], err = d.entry(raw); err != nil {
				err = fmt.Errorf("%w: %w", directory.ErrIncomplete, err)
				break
			}
		}
		if err == nil {
			err = take(entries)
		}
	}
	return err
}

func (c *conn) sendPages(q query, size int, ready chan<- [][]byte) error {
	var cookie []byte
	for n := 1; ; n++ {
		control := ldap.NewControlPaging(uint32(size))
		control.SetCookie(cookie)
		page, next, err := c.page(q, control)
		if err != nil {
			return fmt.Errorf("reading page %d: %w", n, readError(err))
		}
		ready <- page
		if cookie = next; len(cookie) == 0 {
			return nil
		}
	}
}

// page asks for one page and waits for all of it: the entries, still encoded, and
// the cookie of the page that follows, empty where none does.
func (c *conn) page(q query, control ldap.Control) (entries [][]byte, cookie []byte, err error) {
	c.asked++
	id := firstOwn + c.asked
	packet, err := q.encode(id, control)
	if err != nil {
		return nil, nil, err
	}
	if _, err := c.wire.Write(packet); err != nil {
		return nil, nil, err
	}
	timer := time.NewTimer(c.wire.limit)
	defer timer.Stop()
	for {
		m, err := c.wire.receive(timer.C)
		if err != nil {
			return nil, nil, err
		}
		c.stale = false
		body := cursor(m.body)
		tag, op, ok := body.next()
		switch {
		case !ok || m.id != id:
			return nil, nil, errMalformed
		case tag == tagEntry:
			entries = append(entries, op)
		case tag == tagDone:
			cookie, err := nextCookie(m.bytes)
			return entries, cookie, err
		case tag != tagReference: // A reference leads to another partition, which was not asked for.
			return nil, nil, errMalformed
		}
	}
}

// encode builds the request. The library can, but keeps that to itself.
func (q query) encode(id int64, control ldap.Control) ([]byte, error) {
	filter, err := ldap.CompileFilter(q.filter)
	if err != nil {
		return nil, err
	}
	integer := func(tag ber.Tag, n int64) *ber.Packet {
		return ber.NewInteger(ber.ClassUniversal, ber.TypePrimitive, tag, n, "")
	}
	octets := func(s string) *ber.Packet {
		return ber.NewString(ber.ClassUniversal, ber.TypePrimitive, ber.TagOctetString, s, "")
	}
	names := ber.NewSequence("")
	for _, a := range q.attributes {
		names.AppendChild(octets(a))
	}
	search := ber.Encode(ber.ClassApplication, ber.TypeConstructed, ldap.ApplicationSearchRequest, nil, "")
	for _, part := range []*ber.Packet{octets(q.base), integer(ber.TagEnumerated, int64(q.scope)),
		integer(ber.TagEnumerated, ldap.NeverDerefAliases), integer(ber.TagInteger, 0), integer(ber.TagInteger, 0),
		ber.NewLDAPBoolean(ber.ClassUniversal, ber.TypePrimitive, ber.TagBoolean, false, ""), filter, names} {
		search.AppendChild(part)
	}
	controls := ber.Encode(ber.ClassContext, ber.TypeConstructed, 0, nil, "")
	controls.AppendChild(control.Encode())
	all := ber.NewSequence("")
	all.AppendChild(integer(ber.TagInteger, id))
	all.AppendChild(search)
	all.AppendChild(controls)
	return all.Bytes(), nil
}

// nextCookie takes the server's word on what follows a page: a cookie, or an empty
// one for the end. Without that word the read is not complete, however many entries
// came: a server that knows no paging cuts the answer off in silence.
func nextCookie(done []byte) ([]byte, error) {
	packet, err := ber.DecodePacketErr(done)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errMalformed, err)
	}
	if err := ldap.GetLDAPError(packet); err != nil {
		return nil, err
	}
	if len(packet.Children) > 2 {
		for _, child := range packet.Children[2].Children {
			control, err := ldap.DecodeControl(child)
			if err != nil {
				return nil, fmt.Errorf("%w: %w", errMalformed, err)
			}
			if paging, ok := control.(*ldap.ControlPaging); ok {
				return paging.Cookie, nil
			}
		}
	}
	return nil, fmt.Errorf("%w: the server did not say whether more follows", directory.ErrIncomplete)
}

// all reads every entry below a base. The base itself is read first: where it is
// hidden from us or gone, the search would end well and empty.
func (c *conn) all(ctx context.Context, q query, size int, take func([]*ldap.Entry) error) error {
	if err := c.visible(q.base); err != nil {
		return err
	}
	if err := c.pages(ctx, q, size, take); err != nil {
		return fmt.Errorf("reading below %s: %w", q.base, err)
	}
	return nil
}

// visible reports that a base is not there or cannot be seen.
func (c *conn) visible(base string) error {
	if _, err := c.one(base, everything, "objectGUID"); err != nil {
		return fmt.Errorf("reading %s: %w", base, unreadable(readError(err)))
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
