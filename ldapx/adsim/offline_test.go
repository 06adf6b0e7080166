package adsim

import (
	"bufio"
	"bytes"
	"testing"

	"esrsync/internal/directory/memory"
)

// offline returns a connection of an administrator that writes into memory.
func offline(t testing.TB) (*conn, *bytes.Buffer) {
	t.Helper()
	d, err := memory.New(memory.Options{})
	if err != nil {
		t.Fatal(err)
	}
	s := &Server{domain: d, faults: newFaults(), done: make(chan struct{}), requests: map[Op]int{}, arrival: make(chan struct{})}
	s.setDefaults()
	session, err := d.As("Administrator")
	if err != nil {
		t.Fatal(err)
	}
	out := &bytes.Buffer{}
	return &conn{server: s, out: bufio.NewWriter(out), session: session, cursors: map[string]*cursor{}}, out
}

// requests are one well-formed request of each kind, in bytes.
func requests() [][]byte {
	message := func(op []byte, controls ...[]byte) []byte {
		return tlv(berSequence, append([][]byte{integer(berInteger, 1), op}, controls...)...)
	}
	admin := octets("CN=Administrator,CN=Users,DC=example,DC=nhs,DC=uk")
	equal := tlv(0xA3, octets("cn"), octets("krbtgt"))
	present := tlv(0x87, []byte("objectClass"))
	substrings := tlv(0xA4, octets("cn"), tlv(berSequence, tlv(0x80, []byte("k")), tlv(0x81, []byte("b")), tlv(0x82, []byte("t"))))
	bits := tlv(0xA9, tlv(0x81, []byte("1.2.840.113556.1.4.803")), tlv(0x82, []byte("userAccountControl")), tlv(0x83, []byte("2")))
	search := func(filter []byte) []byte {
		return tlv(application(3), octets("DC=example,DC=nhs,DC=uk"), integer(berEnumerated, 2), integer(berEnumerated, 0),
			integer(berInteger, 0), integer(berInteger, 0), tlv(0x01, []byte{0}), filter, tlv(berSequence, octets("member;range=0-*")))
	}
	values := tlv(berSequence, octets("title"), tlv(berSet, octets("x")))
	return [][]byte{
		message(tlv(application(0), integer(berInteger, 3), octets("krbtgt"), tlv(0x80, []byte("x")))),
		message(search(equal)), message(search(present)), message(search(substrings)), message(search(bits)),
		message(search(tlv(0xA0, equal, tlv(0xA1, present), tlv(0xA2, equal))), pagingControl{}.answer("x")),
		message(search(present), pagingControl{}.answer("")),
		message(tlv(application(6), admin, tlv(berSequence, tlv(berSequence, integer(berEnumerated, 2), values)))),
		message(tlv(application(8), octets("CN=x,DC=example,DC=nhs,DC=uk"), tlv(berSequence, values))),
		message(tlv(0x4A, []byte("CN=x"))),
		message(tlv(application(12), admin, octets("CN=y"), tlv(0x01, []byte{0xff}), tlv(0x80, []byte("CN=Users")))),
		message(tlv(application(14), admin, tlv(berSequence, octets("cn"), octets("x")))),
		message(tlv(application(23), tlv(0x80, []byte(whoAmI)))),
	}
}

func TestEveryRequestIsUnderstood(t *testing.T) {
	t.Parallel()
	for _, raw := range requests() {
		m, err := decodeMessage(raw)
		if err != nil {
			t.Fatalf("decoding %x: %v", raw, err)
		}
		c, out := offline(t)
		if err := c.handle(handlers()[m.op.Tag], m); err != nil || bytes.Contains(out.Bytes(), []byte("Error decoding")) {
			t.Errorf("%x: got %q (%v)", raw, out.String(), err)
		}
	}
}

func TestNumbersAreEncodedShortest(t *testing.T) {
	t.Parallel()
	for n, want := range map[int64][]byte{0: {2, 1, 0}, 127: {2, 1, 127}, 128: {2, 2, 0, 128}, 256: {2, 2, 1, 0}, 65535: {2, 3, 0, 255, 255}} {
		if got := integer(berInteger, n); !bytes.Equal(got, want) {
			t.Errorf("%d is %x, want %x", n, got, want)
		}
	}
}

func TestLengthsAreEncoded(t *testing.T) {
	t.Parallel()
	for _, n := range []int{0, 127, 128, 255, 256, 65535, 65536, 70000} {
		frame, err := readFrame(bytes.NewReader(tlv(berOctets, make([]byte, n))))
		if err != nil || len(frame) < n {
			t.Errorf("%d bytes came back as %d (%v)", n, len(frame), err)
		}
	}
}
