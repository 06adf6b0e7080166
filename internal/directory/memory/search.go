package memory

import (
	"esrsync/internal/directory"
)

// Scope is how deep a search goes, numbered as in LDAP (RFC 4511, 4.5.1.2).
type Scope int

// The scopes.
const (
	BaseOnly Scope = 0
	OneLevel Scope = 1
	Subtree  Scope = 2
)

// Query is a search.
type Query struct {
	Base   string // DN, <GUID=…> or <SID=…>; empty with Subtree is every partition, as on a global catalogue
	Scope  Scope
	Filter Filter
}

// Find returns the objects that match, in the order in which the tree has them.
func (s *Session) Find(q Query) ([]directory.GUID, error) {
	s.d.mu.RLock()
	defer s.d.mu.RUnlock()
	base, err := s.resolve(q.Base)
	if err != nil {
		return nil, err
	}
	var out []directory.GUID
	take := func(e *entry) {
		if s.d.judge(q.Filter, e) == yes {
			out = append(out, e.guid)
		}
	}
	if few, ok := s.d.candidates(q.Filter); ok {
		for _, e := range few {
			if inScope(e, base, q.Scope) {
				take(e)
			}
		}
		return out, nil
	}
	walk(base, q.Scope, take)
	return out, nil
}

func inScope(e, base *entry, scope Scope) bool {
	switch scope {
	case BaseOnly:
		return e == base
	case OneLevel:
		return e.parent == base
	}
	return e.under(base)
}

func walk(base *entry, scope Scope, visit func(*entry)) {
	if scope != OneLevel && base.dn != "" {
		visit(base)
	}
	if scope == BaseOnly {
		return
	}
	for _, child := range base.children.list {
		if scope == OneLevel {
			visit(child)
		} else {
			walk(child, scope, visit)
		}
	}
}

// candidates returns the few objects that an index allows for a filter, and
// whether one could be used at all.
func (d *Domain) candidates(f Filter) ([]*entry, bool) {
	switch f.Op {
	case Equal:
		return d.byIndex(f)
	case And:
		for _, sub := range f.Of {
			if few, ok := d.candidates(sub); ok {
				return few, true
			}
		}
	case Or:
		return d.anyCandidates(f.Of)
	}
	return nil, false
}

func (d *Domain) byIndex(f Filter) ([]*entry, bool) {
	a, ok := d.schema.lookup(f.Attribute)
	if !ok {
		return nil, false
	}
	if a.key == "objectguid" {
		return d.byRawGUID(f.Value), true
	}
	x, ok := d.indexes[a.key]
	if !ok {
		return nil, false
	}
	if s := x[a.fold(f.Value)]; s != nil {
		return s.list, true
	}
	return nil, true
}

func (d *Domain) byRawGUID(raw string) []*entry {
	id, err := directory.GUIDOf([]byte(raw))
	if err != nil {
		return nil
	}
	if e := d.byGUID[id]; e != nil {
		return []*entry{e}
	}
	return nil
}

// anyCandidates unites the candidates of several filters, if each has an index.
func (d *Domain) anyCandidates(of []Filter) ([]*entry, bool) {
	var union set
	for _, sub := range of {
		few, ok := d.candidates(sub)
		if !ok {
			return nil, false
		}
		for _, e := range few {
			union.add(e)
		}
	}
	return union.list, true
}
