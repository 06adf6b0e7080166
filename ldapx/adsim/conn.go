package adsim

import (
	"bufio"
	"crypto/tls"
	"errors"
	"net"

	"esrsync/internal/directory/memory"

	ber "github.com/go-asn1-ber/asn1-ber"
)

// Op is a kind of request.
type Op string

// The kinds of requests.
const (
	Bind     Op = "bind"
	Search   Op = "search"
	Add      Op = "add"
	Modify   Op = "modify"
	Rename   Op = "rename"
	Delete   Op = "delete"
	Compare  Op = "compare"
	Extended Op = "extended"
)

// changes reports whether requests of the kind write.
func (o Op) changes() bool { return o == Add || o == Modify || o == Rename || o == Delete }

// errCut ends a connection on purpose.
var errCut = errors.New("the connection is cut")

// conn is one client's connection. Its requests are carried out in turn.
type conn struct {
	server    *Server
	catalogue bool
	in        *bufio.Reader
	out       *bufio.Writer
	session   *memory.Session
	cursors   map[string]*cursor
	nextID    int
}

// handler carries out one kind of request and writes its answer.
type handler struct {
	op    Op
	reply byte
	run   func(*conn, message) answer
}

func handlers() map[ber.Tag]handler {
	return map[ber.Tag]handler{
		tagBindRequest:     {Bind, 1, (*conn).bind},
		tagModifyRequest:   {Modify, 7, (*conn).modify},
		tagAddRequest:      {Add, 9, (*conn).add},
		tagDelRequest:      {Delete, 11, (*conn).delete},
		tagModifyDNRequest: {Rename, 13, (*conn).rename},
		tagCompareRequest:  {Compare, 15, (*conn).compare},
		tagSearchRequest:   {Search, tagSearchDone, (*conn).search},
		tagExtendedRequest: {Extended, tagExtendedResponse, (*conn).extended},
	}
}

// serve answers one client until it goes, sends nonsense, or is cut off.
func (s *Server) serve(raw net.Conn, catalogue bool) {
	defer s.release(raw)
	nc := tls.Server(raw, s.tls)
	c := &conn{server: s, catalogue: catalogue, in: bufio.NewReader(nc), out: bufio.NewWriterSize(nc, 64<<10),
		session: s.domain.Anonymous(), cursors: map[string]*cursor{}}
	known := handlers()
	for {
		frame, err := readFrame(c.in)
		if err != nil {
			return
		}
		m, err := decodeMessage(frame)
		if err != nil || m.op.Tag == tagUnbindRequest {
			return
		}
		if m.op.Tag == tagAbandonRequest {
			continue // requests are carried out in turn: there is nothing left to abandon
		}
		h, ok := known[m.op.Tag]
		if !ok || c.handle(h, m) != nil {
			return
		}
	}
}

// handle carries one request out, with the faults that were asked for.
func (c *conn) handle(h handler, m message) error {
	s := c.server
	s.noteRequest(h.op)
	fault := s.faults.next(h.op)
	if !fault.wait(s.done) || fault.dropBefore {
		return errCut
	}
	var a answer
	switch {
	case fault.busy:
		a = answer{err: busy()}
	case c.catalogue && h.op.changes():
		a = answer{err: readOnly()}
	default:
		a = c.judgeControls(m)
		if a.err == nil {
			a = h.run(c, m)
		}
	}
	if a.cut || a.err == nil && h.op.changes() && s.faults.takeDropAfter() {
		return errCut
	}
	if err := c.send(m.id, h.reply, a); err != nil {
		return err
	}
	return c.out.Flush()
}

// answer is the end of an operation.
type answer struct {
	err      error
	code     memory.Result // where err is nil: Success, or true and false of a compare
	controls []byte        // encoded already
	extra    []byte        // what an extended operation adds
	cut      bool          // the connection ends without a word
}

// send writes an LDAPResult (RFC 4511, 4.1.9).
func (c *conn) send(id int64, tag byte, a answer) error {
	code, matched, diagnostic := a.code, "", ""
	if a.err != nil {
		code, diagnostic = memory.ResultOf(a.err), a.err.Error()
		var f *memory.Fault
		if errors.As(a.err, &f) {
			matched = f.Best
		}
	}
	body := tlv(application(tag), integer(berEnumerated, int64(code)), octets(matched), octets(diagnostic), a.extra)
	return c.write(id, body, a.controls)
}

func (c *conn) write(id int64, body, controls []byte) error {
	_, err := c.out.Write(tlv(berSequence, integer(berInteger, id), body, controls))
	return err
}
