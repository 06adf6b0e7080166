package ldapx

import (
	"errors"

	"github.com/go-ldap/ldap/v3"
)

// errMalformed reports bytes that are no LDAP message.
var errMalformed = errors.New("the server sent what is no LDAP message")

// cursor reads BER elements (X.690) one after the other. It knows what LDAP uses:
// tags of one byte, lengths that are told.
type cursor []byte

// next takes the element in front.
func (c *cursor) next() (tag byte, body []byte, ok bool) {
	if len(*c) < 2 {
		return 0, nil, false
	}
	tag = (*c)[0]
	head := 2 + lengthBytes((*c)[1])
	if tag&0x1f == 0x1f || len(*c) < head {
		return 0, nil, false
	}
	size, ok := length((*c)[1:head])
	if !ok || size > len(*c)-head {
		return 0, nil, false
	}
	body = (*c)[head : head+size : head+size]
	*c = (*c)[head+size:]
	return tag, body, true
}

// take takes the element in front, which must have this tag.
func (c *cursor) take(want byte) ([]byte, bool) {
	tag, body, ok := c.next()
	return body, ok && tag == want
}

// lengthBytes is how many bytes of length follow the first.
func lengthBytes(first byte) int {
	if first < 0x80 {
		return 0
	}
	// More than four are no length of ours; length refuses them.
	return min(int(first&0x7f), 4)
}

// length reads a length, its first byte included. An untold length (0x80) is not
// allowed in LDAP.
func length(b []byte) (int, bool) {
	if b[0] < 0x80 {
		return int(b[0]), true
	}
	if n := int(b[0] & 0x7f); n == 0 || n > 4 || len(b) < 1+n {
		return 0, false
	}
	size := 0
	for _, x := range b[1:] {
		size = size<<8 | int(x)
	}
	return size, true
}

// decoder takes the entries of one search apart. It keeps the names of attributes,
// which come again with every entry.
type decoder struct {
	names map[string]string
}

// entry takes an entry apart. Its raw values share the message's memory.
func (d *decoder) entry(body []byte) (*ldap.Entry, error) {
	c := cursor(body)
	dn, ok := c.take(tagOctets)
	list, listed := c.take(tagSequence)
	if !ok || !listed {
		return nil, errMalformed
	}
	out := &ldap.Entry{DN: string(dn)}
	for c = list; len(c) > 0; {
		attribute, ok := c.take(tagSequence)
		if !ok {
			return nil, errMalformed
		}
		a, err := d.attribute(attribute)
		if err != nil {
			return nil, err
		}
		out.Attributes = append(out.Attributes, a)
	}
	return out, nil
}

func (d *decoder) attribute(body []byte) (*ldap.EntryAttribute, error) {
	c := cursor(body)
	name, ok := c.take(tagOctets)
	values, listed := c.take(tagSet)
	if !ok || !listed {
		return nil, errMalformed
	}
	a := &ldap.EntryAttribute{Name: d.name(name)}
	for c = values; len(c) > 0; {
		value, ok := c.take(tagOctets)
		if !ok {
			return nil, errMalformed
		}
		a.ByteValues = append(a.ByteValues, value)
		a.Values = append(a.Values, string(value))
	}
	return a, nil
}

func (d *decoder) name(raw []byte) string {
	if name, ok := d.names[string(raw)]; ok {
		return name
	}
	name := string(raw)
	d.names[name] = name
	return name
}
