package adsim

import (
	"testing"

	"esrsync/internal/directory/memory"
)

// TestMalformedRequestsAreRefused: what is LDAP but makes no sense is answered,
// not acted upon.
func TestMalformedRequestsAreRefused(t *testing.T) {
	t.Parallel()
	base := octets("DC=example,DC=nhs,DC=uk")
	search := func(scope int64, filter []byte) []byte {
		return tlv(application(3), base, integer(berEnumerated, scope), integer(berEnumerated, 0),
			integer(berInteger, 0), integer(berInteger, 0), tlv(0x01, []byte{0}), filter, tlv(berSequence))
	}
	present := tlv(0x87, []byte("objectClass"))
	for _, tt := range []struct {
		name string
		op   []byte
	}{
		{"a bind without a method", tlv(application(0), integer(berInteger, 3), octets("x"))},
		{"a search in a scope that is none", search(7, present)},
		{"a search with an assertion without a value", search(2, tlv(0xA3, octets("cn")))},
		{"a search that negates two filters", search(2, tlv(0xA2, present, present))},
		{"a search for substrings without any", search(2, tlv(0xA4, octets("cn"), tlv(berSequence)))},
		{"a search with a filter of no kind", search(2, tlv(0xAF, present))},
		{"a modify with an operation that is none", tlv(application(6), base, tlv(berSequence,
			tlv(berSequence, integer(berEnumerated, 9), tlv(berSequence, octets("title"), tlv(berSet, octets("x"))))))},
		{"a modify of half an attribute", tlv(application(6), base, tlv(berSequence,
			tlv(berSequence, integer(berEnumerated, 2), tlv(berSequence, octets("title")))))},
		{"an add of half an attribute", tlv(application(8), base, tlv(berSequence, tlv(berSequence, octets("title"))))},
		{"a rename without a name", tlv(application(12), base)},
		{"a compare without a value", tlv(application(14), base, tlv(berSequence, octets("cn")))},
	} {
		t.Run(tt.name, func(t *testing.T) {
			m, err := decodeMessage(tlv(berSequence, integer(berInteger, 1), tt.op))
			if err != nil {
				t.Fatal(err)
			}
			c, _ := offline(t)
			got := handlers()[m.op.Tag].run(c, m)
			if memory.ResultOf(got.err) != memory.ProtocolError {
				t.Errorf("got %v, want a protocol error", got.err)
			}
		})
	}
}

// TestNoRequest: what is no LDAP at all ends the connection.
func TestNoRequest(t *testing.T) {
	t.Parallel()
	for name, raw := range map[string][]byte{
		"nothing":                    {},
		"no sequence":                octets("x"),
		"no operation":               tlv(berSequence, integer(berInteger, 1)),
		"an identifier that is text": tlv(berSequence, octets("1"), tlv(application(10))),
		"an operation of no class":   tlv(berSequence, integer(berInteger, 1), octets("x")),
		"controls of no class":       tlv(berSequence, integer(berInteger, 1), tlv(0x4A, []byte("x")), octets("x")),
		"an empty control":           tlv(berSequence, integer(berInteger, 1), tlv(0x4A, []byte("x")), tlv(berControls, tlv(berSequence))),
	} {
		t.Run(name, func(t *testing.T) {
			if m, err := decodeMessage(raw); err == nil {
				t.Errorf("%x was taken as %+v", raw, m)
			}
		})
	}
}
