package ldapx

import (
	"bufio"
	"bytes"
	"testing"

	ber "github.com/go-asn1-ber/asn1-ber"
	"github.com/go-ldap/ldap/v3"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// encodeEntry is an entry as a server sends it, by the library's own encoder.
func encodeEntry(id int64, e *ldap.Entry) []byte {
	octets := func(b []byte) *ber.Packet {
		return ber.NewString(ber.ClassUniversal, ber.TypePrimitive, ber.TagOctetString, string(b), "")
	}
	list := ber.NewSequence("")
	for _, a := range e.Attributes {
		set := ber.Encode(ber.ClassUniversal, ber.TypeConstructed, ber.TagSet, nil, "")
		for _, v := range a.ByteValues {
			set.AppendChild(octets(v))
		}
		attribute := ber.NewSequence("")
		attribute.AppendChild(octets([]byte(a.Name)))
		attribute.AppendChild(set)
		list.AppendChild(attribute)
	}
	body := ber.Encode(ber.ClassApplication, ber.TypeConstructed, ldap.ApplicationSearchResultEntry, nil, "")
	body.AppendChild(octets([]byte(e.DN)))
	body.AppendChild(list)
	all := ber.NewSequence("")
	all.AppendChild(ber.NewInteger(ber.ClassUniversal, ber.TypePrimitive, ber.TagInteger, id, ""))
	all.AppendChild(body)
	return all.Bytes()
}

func drawEntry(t *rapid.T) *ldap.Entry {
	e := &ldap.Entry{DN: rapid.String().Draw(t, "dn")}
	for range rapid.IntRange(0, 5).Draw(t, "attributes") {
		var values []string
		for _, v := range rapid.SliceOfN(rapid.SliceOfN(rapid.Byte(), 0, 300), 1, 4).Draw(t, "values") {
			values = append(values, string(v))
		}
		e.Attributes = append(e.Attributes, ldap.NewEntryAttribute(rapid.StringMatching(`[a-zA-Z;=0-9-]{1,20}`).Draw(t, "name"), values))
	}
	return e
}

func TestAnEntryIsDecodedAsItWasEncoded(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		want := drawEntry(t)
		id := rapid.Int64Range(1, 1<<31-1).Draw(t, "id")
		in := encodeEntry(id, want)
		m, err := readMessage(bufio.NewReader(bytes.NewReader(in)))
		if err != nil || m.id != id || !bytes.Equal(m.bytes, in) {
			t.Fatalf("got message %d (%v), want %d, whole", m.id, err, id)
		}
		body := cursor(m.body)
		op, ok := body.take(tagEntry)
		if !ok {
			t.Fatal("the message holds no entry")
		}
		d := decoder{names: map[string]string{}}
		got, err := d.entry(op)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got, cmp.AllowUnexported(ldap.Entry{})); diff != "" {
			t.Error(diff)
		}
	})
}

// FuzzMessage holds that no bytes break the reader, and that a message ends where
// it says.
func FuzzMessage(f *testing.F) {
	f.Add(encodeEntry(1<<30+1, &ldap.Entry{DN: "CN=made up", Attributes: []*ldap.EntryAttribute{ldap.NewEntryAttribute("sn", []string{"Up"})}}))
	f.Add([]byte{0x30, 0x80, 0, 0})
	f.Add([]byte{0x30, 0x84, 0xff, 0xff, 0xff, 0xff})
	f.Add([]byte{0x30, 0x89, 1, 2, 3, 4, 5, 6, 7, 8, 9})
	f.Add([]byte{0x30, 0x05, 0x02, 0x01, 0x07, 0x64, 0x00})
	f.Fuzz(func(t *testing.T, in []byte) {
		m, err := readMessage(bufio.NewReader(bytes.NewReader(in)))
		if err != nil {
			return
		}
		if !bytes.HasPrefix(in, m.bytes) {
			t.Fatal("a message that is not what came in")
		}
		for body := cursor(m.body); ; {
			_, op, ok := body.next()
			if !ok {
				return
			}
			d := decoder{names: map[string]string{}}
			_, _ = d.entry(op) // Whatever it says, it must come back.
		}
	})
}

func TestWhatIsNoMessageIsRefused(t *testing.T) {
	t.Parallel()
	for name, in := range map[string][]byte{
		"an untold length":                {0x30, 0x80, 0, 0},
		"a length of nine bytes":          {0x30, 0x89, 1, 2, 3, 4, 5, 6, 7, 8, 9},
		"a length beyond the bound":       {0x30, 0x84, 0xff, 0xff, 0xff, 0xff},
		"no sequence":                     {0x04, 0x00},
		"a number of five bytes":          {0x30, 0x07, 0x02, 0x05, 1, 2, 3, 4, 5},
		"an end before the told length":   {0x30, 0x10, 0x02, 0x01, 0x01},
		"nothing":                         {},
		"a message without a number":      {0x30, 0x00},
		"a text where the number belongs": {0x30, 0x03, 0x04, 0x01, 0x41},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if m, err := readMessage(bufio.NewReader(bytes.NewReader(in))); err == nil {
				t.Errorf("got message %+v", m)
			}
		})
	}
}
