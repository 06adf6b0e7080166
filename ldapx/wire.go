package ldapx

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"time"
)

// wire is the network connection under the library. It does two things that the
// library does not.
//
// It gives every send a time limit: a controller that stopped reading would else
// hold a request, and with it the connection, for ever.
//
// And it keeps the answers to our paged searches from the library, which would take
// each entry apart before it looks at the next. The word that there is a further
// page comes behind the last entry of a page; here it is seen at once, so that the
// controller works on the next page while this one is decoded. See [conn.pages].
type wire struct {
	net.Conn
	limit time.Duration
	in    *bufio.Reader
	rest  []byte       // of a message that the library has begun to read
	own   chan message // answers to our own requests
	gone  chan struct{}
	once  sync.Once
}

// firstOwn is the first number of our own requests. The library counts from 1 and
// will not come this far on one connection; the protocol's bound is 2^31-1.
const firstOwn = 1 << 30

func newWire(c net.Conn, limit time.Duration) *wire {
	return &wire{Conn: c, limit: limit, in: bufio.NewReaderSize(c, 64<<10), own: make(chan message, 64), gone: make(chan struct{})}
}

// Write sends within the limit.
func (w *wire) Write(p []byte) (int, error) {
	if err := w.SetWriteDeadline(time.Now().Add(w.limit)); err != nil {
		return 0, err
	}
	return w.Conn.Write(p)
}

// Read gives the library what is for it. It is called by the library's own reader,
// which so carries our messages to us as well.
func (w *wire) Read(p []byte) (int, error) {
	for len(w.rest) == 0 {
		m, err := readMessage(w.in)
		if err != nil {
			w.shut()
			return 0, err
		}
		if m.id < firstOwn {
			w.rest = m.bytes
			continue
		}
		select {
		case w.own <- m:
		case <-w.gone:
			return 0, net.ErrClosed
		}
	}
	n := copy(p, w.rest)
	w.rest = w.rest[n:]
	return n, nil
}

// Close ends the connection and whoever waits for a message of ours.
func (w *wire) Close() error {
	w.shut()
	return w.Conn.Close()
}

func (w *wire) shut() { w.once.Do(func() { close(w.gone) }) }

// errSilent reports an answer that did not come in time.
var errSilent = errors.New("the controller did not answer in time")

// receive waits for the next message of ours. What arrived before the connection
// closed is still given.
func (w *wire) receive(deadline <-chan time.Time) (message, error) {
	select {
	case m := <-w.own:
		return m, nil
	case <-deadline:
		return message{}, errSilent
	case <-w.gone:
	}
	select {
	case m := <-w.own:
		return m, nil
	default:
		return message{}, errors.New("the connection closed")
	}
}

// message is one LDAP message: its number, its bytes, and what follows the number.
type message struct {
	id    int64
	bytes []byte
	body  []byte
}

// maxMessage is the longest message that is taken, 64 MiB. Active Directory's own
// bound for what it takes is 10 MB.
const maxMessage = 64 << 20

// The tags of the protocol that are met here (RFC 4511 and X.690).
const (
	tagInteger   = 0x02
	tagOctets    = 0x04
	tagSequence  = 0x30
	tagSet       = 0x31
	tagEntry     = 0x64
	tagDone      = 0x65
	tagReference = 0x73
)

// readMessage reads one whole message.
func readMessage(in *bufio.Reader) (message, error) {
	head := make([]byte, 2, 6)
	if _, err := io.ReadFull(in, head); err != nil {
		return message{}, err
	}
	if more := lengthBytes(head[1]); more > 0 {
		head = head[:2+more]
		if _, err := io.ReadFull(in, head[2:]); err != nil {
			return message{}, err
		}
	}
	size, ok := length(head[1:])
	if head[0] != tagSequence || !ok || size > maxMessage {
		return message{}, errMalformed
	}
	all := make([]byte, len(head)+size)
	copy(all, head)
	if _, err := io.ReadFull(in, all[len(head):]); err != nil {
		return message{}, fmt.Errorf("reading a message: %w", err)
	}
	return parseMessage(all, len(head))
}

func parseMessage(all []byte, head int) (message, error) {
	body := cursor(all[head:])
	number, ok := body.take(tagInteger)
	if !ok || len(number) == 0 || len(number) > 4 {
		return message{}, errMalformed
	}
	var id int64
	for _, b := range number {
		id = id<<8 | int64(b)
	}
	return message{id: id, bytes: all, body: body}, nil
}
