package adsim

import (
	"strconv"

	"esrsync/internal/directory"
	"esrsync/internal/directory/memory"

	ber "github.com/go-asn1-ber/asn1-ber"
)

// request is a SearchRequest (RFC 4511, 4.5.1).
type request struct {
	query      memory.Query
	sizeLimit  int
	typesOnly  bool
	attributes []string
}

func decodeSearch(p *ber.Packet) (request, bool) {
	if len(p.Children) != 8 {
		return request{}, false
	}
	scope, okScope := number(p.Children[1])
	limit, okLimit := number(p.Children[3])
	types, okTypes := p.Children[5].Value.(bool)
	filter, okFilter := decodeFilter(p.Children[6])
	if !okScope || !okLimit || !okTypes || !okFilter || scope < 0 || scope > 2 || limit < 0 {
		return request{}, false
	}
	return request{
		query:     memory.Query{Base: text(p.Children[0]), Scope: memory.Scope(scope), Filter: filter},
		sizeLimit: int(limit), typesOnly: types, attributes: texts(p.Children[7]),
	}, true
}

// cursor is a paged search that is not at its end.
type cursor struct {
	rest []directory.GUID
	page int // the number of pages sent
}

// search answers a SearchRequest.
func (c *conn) search(m message) answer {
	r, ok := decodeSearch(m.op)
	if !ok {
		return answer{err: malformed()}
	}
	if r.query.Base == "" && r.query.Scope == memory.BaseOnly {
		return c.searchRoot(m.id, r)
	}
	if c.server.faults.denies(r.query.Base) {
		return answer{err: noRight()}
	}
	paging, paged, err := pagingOf(m)
	if err != nil {
		return answer{err: err}
	}
	at, err := c.cursorFor(r, paging)
	if err != nil {
		return answer{err: err}
	}
	if c.server.faults.limits(r.query.Base) {
		at.rest = at.rest[:min(len(at.rest), 3)]
		return c.finish(m.id, r, at, answer{err: sizeLimit()})
	}
	if paged {
		return c.sendPage(m.id, r, at, paging)
	}
	return c.sendAll(m, r, at)
}

// cursorFor begins a search, or goes on with one of this connection: a cookie is
// worth nothing on another.
func (c *conn) cursorFor(r request, paging pagingControl) (*cursor, error) {
	if paging.cookie != "" {
		at, ok := c.cursors[paging.cookie]
		if !ok {
			return nil, unknownControl()
		}
		delete(c.cursors, paging.cookie)
		return at, nil
	}
	if r.query.Base == "" && !c.catalogue {
		return nil, &memory.Fault{Result: memory.NoSuchObject, Win: 0x208D,
			Text: "0000208D: NameErr: DSID-0310028B, problem 2001 (NO_OBJECT), data 0, best match of:\n\t''\n"}
	}
	found, err := c.session.Find(r.query)
	if err != nil {
		return nil, err
	}
	return &cursor{rest: c.visible(found)}, nil
}

// visible leaves out what is hidden by [Faults.HideBase].
func (c *conn) visible(found []directory.GUID) []directory.GUID {
	hidden := c.server.faults.hides()
	if len(hidden) == 0 {
		return found
	}
	var out []directory.GUID
	for _, id := range found {
		if o, ok := c.session.Show(id, memory.Selection{Names: []string{"1.1"}}); ok && !directory.UnderAny(o.DN, hidden) {
			out = append(out, id)
		}
	}
	return out
}

// sendAll answers a search without paging: a controller sends its limit of
// objects and then says that there are more.
func (c *conn) sendAll(m message, r request, at *cursor) answer {
	limit := c.server.opts.MaxPageSize
	if r.sizeLimit > 0 {
		limit = min(limit, r.sizeLimit)
	}
	var end answer
	if len(at.rest) > limit {
		at.rest, end.err = at.rest[:limit], sizeLimit()
	}
	end = c.finish(m.id, r, at, end)
	if end.err == nil && !end.cut {
		c.refer(m, r)
	}
	return end
}

// sendPage answers one page, and says whether there are more.
func (c *conn) sendPage(id int64, r request, at *cursor, paging pagingControl) answer {
	if paging.size == 0 { // the client gives the search up
		return answer{controls: paging.answer("")}
	}
	at.page++
	size := min(paging.size, c.server.opts.MaxPageSize, len(at.rest))
	page := &cursor{rest: at.rest[:size], page: at.page}
	at.rest = at.rest[size:]
	var end answer
	if r.sizeLimit > 0 && size > r.sizeLimit {
		page.rest, end.err = page.rest[:r.sizeLimit], sizeLimit()
	}
	if c.server.faults.takeCut(at.page) {
		page.rest, end.cut = page.rest[:size/2], true
	}
	end = c.finish(id, r, page, end)
	if end.cut {
		_ = c.out.Flush() // the half page is to arrive; the connection ends anyway
		return end
	}
	if len(at.rest) > 0 && c.server.faults.takeLostCookie() {
		return end
	}
	end.controls = paging.answer(c.keep(at))
	return end
}

// keep stores a search that goes on and returns its cookie; none is the end.
func (c *conn) keep(at *cursor) string {
	if len(at.rest) == 0 {
		return ""
	}
	c.nextID++
	cookie := "page-" + strconv.Itoa(c.nextID)
	c.cursors[cookie] = at
	return cookie
}

// finish writes the objects of one answer.
func (c *conn) finish(id int64, r request, at *cursor, end answer) answer {
	want := memory.Selection{Names: r.attributes, MaxRange: c.server.opts.MaxValRange}
	for _, guid := range at.rest {
		o, ok := c.session.Show(guid, want)
		if !ok {
			continue // deleted between two pages
		}
		if err := c.write(id, encodeEntry(o, r.typesOnly), nil); err != nil {
			return answer{cut: true}
		}
	}
	return end
}

func encodeEntry(o memory.Object, typesOnly bool) []byte {
	attributes := make([][]byte, 0, len(o.Attributes))
	for _, a := range o.Attributes {
		var values [][]byte
		for _, v := range a.Values {
			if !typesOnly {
				values = append(values, octets(v))
			}
		}
		attributes = append(attributes, tlv(berSequence, octets(a.Name), tlv(berSet, values...)))
	}
	return tlv(application(tagSearchEntry), octets(o.DN), tlv(berSequence, attributes...))
}

// refer names the configuration partition at the end of a search of the whole
// domain, as a controller does unless it is told not to.
func (c *conn) refer(m message, r request) {
	for _, ctl := range m.controls {
		if ctl.oid == domainScope {
			return
		}
	}
	domain := c.server.domain
	if c.catalogue || r.query.Scope != memory.Subtree || !directory.SameDN(r.query.Base, domain.Base()) {
		return
	}
	url := octets("ldaps://" + domain.Name() + "/" + domain.Configuration())
	_ = c.write(m.id, tlv(application(tagSearchReference), url), nil) // a broken connection shows at the end of the answer
}
