package adsim

import (
	"slices"

	"esrsync/internal/directory/memory"

	ber "github.com/go-asn1-ber/asn1-ber"
)

// add answers an AddRequest (RFC 4511, 4.7).
func (c *conn) add(m message) answer {
	if len(m.op.Children) != 2 {
		return answer{err: malformed()}
	}
	var attributes []memory.Attribute
	for _, p := range m.op.Children[1].Children {
		a, ok := decodeAttribute(p)
		if !ok {
			return answer{err: malformed()}
		}
		attributes = append(attributes, a)
	}
	_, err := c.session.Add(text(m.op.Children[0]), attributes)
	return answer{err: err}
}

func decodeAttribute(p *ber.Packet) (memory.Attribute, bool) {
	if len(p.Children) != 2 {
		return memory.Attribute{}, false
	}
	return memory.Attribute{Name: text(p.Children[0]), Values: texts(p.Children[1])}, true
}

// modify answers a ModifyRequest (RFC 4511, 4.6).
func (c *conn) modify(m message) answer {
	if len(m.op.Children) != 2 {
		return answer{err: malformed()}
	}
	mods, ok := decodeMods(m.op.Children[1])
	if !ok {
		return answer{err: malformed()}
	}
	return answer{err: c.session.Modify(text(m.op.Children[0]), mods)}
}

func decodeMods(changes *ber.Packet) ([]memory.Mod, bool) {
	var mods []memory.Mod
	for _, p := range changes.Children {
		if len(p.Children) != 2 {
			return nil, false
		}
		op, isNumber := number(p.Children[0])
		a, ok := decodeAttribute(p.Children[1])
		if !ok || !isNumber || op < 0 || op > 2 {
			return nil, false
		}
		mods = append(mods, memory.Mod{Op: memory.Op(op), Attribute: a.Name, Values: a.Values})
	}
	return mods, true
}

// rename answers a ModifyDNRequest (RFC 4511, 4.9). Keeping the old RDN as a
// value is not possible in Active Directory.
func (c *conn) rename(m message) answer {
	parts := m.op.Children
	if len(parts) < 3 || len(parts) > 4 {
		return answer{err: malformed()}
	}
	if deleteOld, ok := parts[2].Value.(bool); !ok || !deleteOld {
		return answer{err: readOnly()}
	}
	parent := ""
	if len(parts) == 4 {
		parent = text(parts[3])
	}
	return answer{err: c.session.Rename(text(parts[0]), text(parts[1]), parent)}
}

// delete answers a DelRequest (RFC 4511, 4.8): the operation is the name itself.
func (c *conn) delete(m message) answer { return answer{err: c.session.Delete(text(m.op))} }

// compare answers a CompareRequest (RFC 4511, 4.10).
func (c *conn) compare(m message) answer {
	if len(m.op.Children) != 2 || len(m.op.Children[1].Children) != 2 {
		return answer{err: malformed()}
	}
	assertion := m.op.Children[1].Children
	found, err := c.session.Find(memory.Query{Base: text(m.op.Children[0]), Filter: memory.Eq(text(assertion[0]), text(assertion[1]))})
	switch {
	case err != nil:
		return answer{err: err}
	case len(found) == 0:
		return answer{code: compareFalse}
	}
	return answer{code: compareTrue}
}

// The controls that are known (MS-ADTS 3.1.1.3.4.1).
const (
	pagedResults = "1.2.840.113556.1.4.319"
	showDeleted  = "1.2.840.113556.1.4.417"  // there are no tombstones: nothing more to show
	sdFlags      = "1.2.840.113556.1.4.801"  // there are no security descriptors
	domainScope  = "1.2.840.113556.1.4.1339" // no references to other partitions
)

func knownControls() []string { return []string{pagedResults, showDeleted, domainScope, sdFlags} }

// judgeControls refuses a request that insists on what is not known.
func (c *conn) judgeControls(m message) answer {
	for _, ctl := range m.controls {
		if ctl.critical && !slices.Contains(knownControls(), ctl.oid) {
			return answer{err: unknownControl()}
		}
	}
	return answer{}
}
