package memory

import (
	"encoding/hex"
	"strings"

	"esrsync/internal/directory"
)

// resolve finds an object by distinguished name, <GUID=…> or <SID=…>.
func (d *Domain) resolve(dn string) (*entry, error) {
	if strings.HasPrefix(dn, "<") {
		return d.resolveAlternative(dn)
	}
	if e := d.byDN[directory.FoldDN(dn)]; e != nil {
		return e, nil
	}
	if _, err := directory.ParseDN(dn); err != nil {
		return nil, badDN(dn)
	}
	return nil, noObject(d.nearest(dn))
}

// resolveAlternative reads the names that survive a rename (MS-ADTS 3.1.1.3.1.2.4):
// a GUID dashed or as hex of its bytes, a SID as text or as hex.
func (d *Domain) resolveAlternative(dn string) (*entry, error) {
	kind, value, ok := strings.Cut(strings.TrimSuffix(strings.TrimPrefix(dn, "<"), ">"), "=")
	if !ok {
		return nil, badDN(dn)
	}
	switch strings.ToUpper(kind) {
	case "GUID":
		id, err := parseAnyGUID(value)
		if err != nil {
			return nil, badDN(dn)
		}
		if e := d.byGUID[id]; e != nil {
			return e, nil
		}
	case "SID":
		if e := d.bySID(value); e != nil {
			return e, nil
		}
	default:
		return nil, badDN(dn)
	}
	return nil, noObject("")
}

func parseAnyGUID(s string) (directory.GUID, error) {
	if raw, err := hex.DecodeString(s); err == nil {
		return directory.GUIDOf(raw)
	}
	return directory.ParseGUID(s)
}

func (d *Domain) bySID(value string) *entry {
	raw := string(encodeSID(value))
	if b, err := hex.DecodeString(value); err == nil {
		raw = string(b)
	}
	if s := d.indexes["objectsid"][raw]; s != nil && s.size() > 0 {
		return s.list[0]
	}
	return nil
}

// nearest returns the closest ancestor of a missing object that is there.
func (d *Domain) nearest(dn string) string {
	for dn = directory.ParentDN(dn); dn != ""; dn = directory.ParentDN(dn) {
		if e := d.byDN[directory.FoldDN(dn)]; e != nil {
			return e.dn
		}
	}
	return ""
}

// attach puts an entry below a parent and into every index.
func (d *Domain) attach(e, parent *entry) {
	e.place(parent)
	parent.children.add(e)
	parent.names[foldRDN(e.rdn)] = e
	d.byDN[e.folded] = e
	d.byGUID[e.guid] = e
	for key, values := range e.values {
		d.indexValues(e, key, values)
	}
}

// detach takes an entry without children out of the tree, its links with it.
func (d *Domain) detach(e *entry) {
	for key := range e.links {
		a := d.schema[key]
		for _, other := range append([]*entry(nil), e.links[key].list...) {
			if a.back {
				d.unlinkAll(other, e, key)
			} else {
				other.link(a.backLink).remove(e)
			}
		}
	}
	for key, values := range e.values {
		d.unindexValues(e, key, values)
	}
	e.parent.children.remove(e)
	delete(e.parent.names, foldRDN(e.rdn))
	delete(d.byDN, e.folded)
	delete(d.byGUID, e.guid)
	delete(d.grants, e.guid)
}

// unlinkAll removes every forward link from one entry to another that shows at
// the other end as the back link of that key.
func (d *Domain) unlinkAll(from, to *entry, backLink string) {
	for key, s := range from.links {
		if d.schema[key].backLink == backLink {
			s.remove(to)
		}
	}
}

// reattach moves an entry, and with it all that is below, to a new name.
func (d *Domain) reattach(e *entry, rdn directory.RDN, parent *entry) {
	e.parent.children.remove(e)
	delete(e.parent.names, foldRDN(e.rdn))
	e.rdn = rdn
	parent.children.add(e)
	parent.names[foldRDN(rdn)] = e
	d.rename(e, parent)
}

func (d *Domain) rename(e, parent *entry) {
	delete(d.byDN, e.folded)
	e.place(parent)
	d.byDN[e.folded] = e
	for _, child := range e.children.list {
		d.rename(child, e)
	}
}

func (d *Domain) indexValues(e *entry, key string, values []string) {
	if x := d.indexes[key]; x != nil {
		for _, v := range values {
			x.add(d.schema[key].fold(v), e)
		}
	}
}

func (d *Domain) unindexValues(e *entry, key string, values []string) {
	if x := d.indexes[key]; x != nil {
		for _, v := range values {
			x.remove(d.schema[key].fold(v), e)
		}
	}
}

// find returns an entry other than the given one that has a value of an indexed attribute.
func (d *Domain) find(key, value string, other *entry) *entry {
	s := d.indexes[key][d.schema[key].fold(value)]
	if s == nil {
		return nil
	}
	for _, e := range s.list {
		if e != other {
			return e
		}
	}
	return nil
}

// touch stamps an entry as changed, and each of its changed attributes.
func (d *Domain) touch(e *entry, keys ...string) {
	d.announce()
	e.usnChanged, e.changed = d.usn, d.opts.Now().UTC()
	for _, key := range keys {
		e.stamps[key] = stamp{version: e.stamps[key].version + 1, at: e.changed, usn: d.usn}
	}
}
