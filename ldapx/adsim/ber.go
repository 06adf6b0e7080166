package adsim

import (
	"errors"
	"fmt"
	"io"

	ber "github.com/go-asn1-ber/asn1-ber"
)

// maxRequest is the most bytes of one request; a controller cuts the connection
// of who sends more (MaxReceiveBuffer).
const maxRequest = 10 << 20

// The application tags of LDAP (RFC 4511, 4.2 to 4.12).
const (
	tagBindRequest      ber.Tag = 0
	tagUnbindRequest    ber.Tag = 2
	tagSearchRequest    ber.Tag = 3
	tagModifyRequest    ber.Tag = 6
	tagAddRequest       ber.Tag = 8
	tagDelRequest       ber.Tag = 10
	tagModifyDNRequest  ber.Tag = 12
	tagCompareRequest   ber.Tag = 14
	tagAbandonRequest   ber.Tag = 16
	tagExtendedRequest  ber.Tag = 23
	tagSearchEntry      byte    = 4
	tagSearchDone       byte    = 5
	tagSearchReference  byte    = 19
	tagExtendedResponse byte    = 24
)

// errMalformed reports bytes that are no LDAP request; the connection ends.
var errMalformed = errors.New("the request is malformed")

// message is one request as it came.
type message struct {
	id       int64
	op       *ber.Packet
	controls []control
}

type control struct {
	oid      string
	critical bool
	value    string
}

// readFrame reads the bytes of one request. Only definite lengths of up to
// maxRequest are taken: LDAP knows no others (RFC 4511, 5.1).
func readFrame(r io.Reader) ([]byte, error) {
	head := make([]byte, 2, 6)
	if _, err := io.ReadFull(r, head); err != nil {
		return nil, err
	}
	length := int(head[1])
	if length >= 0x80 {
		octets := length - 0x80
		if octets == 0 || octets > 4 {
			return nil, errMalformed
		}
		head = head[:2+octets]
		if _, err := io.ReadFull(r, head[2:]); err != nil {
			return nil, err
		}
		length = 0
		for _, b := range head[2:] {
			length = length<<8 | int(b)
		}
	}
	if length > maxRequest {
		return nil, fmt.Errorf("%w: it has %d bytes", errMalformed, length)
	}
	frame := make([]byte, len(head)+length)
	copy(frame, head)
	_, err := io.ReadFull(r, frame[len(head):])
	return frame, err
}

// decodeMessage reads one request; it never panics, whatever the bytes.
func decodeMessage(frame []byte) (message, error) {
	p, err := ber.DecodePacketErr(frame)
	if err != nil {
		return message{}, fmt.Errorf("%w: %w", errMalformed, err)
	}
	if p.ClassType != ber.ClassUniversal || p.Tag != ber.TagSequence || len(p.Children) < 2 || len(p.Children) > 3 {
		return message{}, errMalformed
	}
	id, ok := p.Children[0].Value.(int64)
	if !ok || id < 0 || p.Children[1].ClassType != ber.ClassApplication {
		return message{}, errMalformed
	}
	m := message{id: id, op: p.Children[1]}
	if len(p.Children) == 3 {
		m.controls, err = decodeControls(p.Children[2])
	}
	return m, err
}

func decodeControls(p *ber.Packet) ([]control, error) {
	if p.ClassType != ber.ClassContext || p.Tag != 0 {
		return nil, errMalformed
	}
	var out []control
	for _, c := range p.Children {
		if len(c.Children) < 1 || len(c.Children) > 3 {
			return nil, errMalformed
		}
		found := control{oid: text(c.Children[0])}
		for _, part := range c.Children[1:] {
			if critical, isBool := part.Value.(bool); isBool {
				found.critical = critical
			} else {
				found.value = text(part)
			}
		}
		out = append(out, found)
	}
	return out, nil
}

// text returns the content of a primitive element.
func text(p *ber.Packet) string { return p.Data.String() }

// number returns an integer, an enumeration, or a boolean as 0 or 1.
func number(p *ber.Packet) (int64, bool) {
	n, ok := p.Value.(int64)
	return n, ok
}

// texts returns the contents of the elements of a sequence or set.
func texts(p *ber.Packet) []string {
	out := make([]string, 0, len(p.Children))
	for _, c := range p.Children {
		out = append(out, text(c))
	}
	return out
}

// The tags of what is written.
const (
	berInteger    byte = 0x02
	berOctets     byte = 0x04
	berEnumerated byte = 0x0A
	berSequence   byte = 0x30
	berSet        byte = 0x31
	berControls   byte = 0xA0
)

// application returns the tag of a constructed protocol operation.
func application(tag byte) byte { return 0x60 | tag }

// tlv encodes one element around parts that are encoded already. Answers are
// built this way rather than as trees: a paged read makes millions of elements.
func tlv(tag byte, parts ...[]byte) []byte {
	n := 0
	for _, p := range parts {
		n += len(p)
	}
	out := append(make([]byte, 0, n+6), tag)
	switch {
	case n < 0x80:
		out = append(out, byte(n))
	case n < 0x100:
		out = append(out, 0x81, byte(n))
	case n < 0x10000:
		out = append(out, 0x82, byte(n>>8), byte(n))
	default:
		out = append(out, 0x84, byte(n>>24), byte(n>>16), byte(n>>8), byte(n))
	}
	for _, p := range parts {
		out = append(out, p...)
	}
	return out
}

func octets(s string) []byte { return tlv(berOctets, []byte(s)) }

// integer encodes a number of zero or more.
func integer(tag byte, n int64) []byte {
	content := []byte{byte(n)}
	for n >>= 8; n > 0; n >>= 8 {
		content = append([]byte{byte(n)}, content...)
	}
	if content[0] >= 0x80 {
		content = append([]byte{0}, content...)
	}
	return tlv(tag, content)
}
