package memory

import (
	"strconv"
	"strings"
	"time"

	"esrsync/internal/directory"
)

// entry is one object of the tree. Links are kept as pointers, so that they
// follow whatever happens to the names of either end.
type entry struct {
	guid     directory.GUID
	rdn      directory.RDN
	parent   *entry
	children *set
	names    map[string]*entry // children by folded RDN
	dn       string
	folded   string

	values map[string][]string // by attribute key; never the links
	links  map[string]*set     // by attribute key: forward links and back links
	secret credentials

	created, changed       time.Time
	usnCreated, usnChanged int64
	stamps                 map[string]stamp
}

// stamp is the replication metadata of one attribute: how often it was written, and when last.
type stamp struct {
	version int
	at      time.Time
	usn     int64
}

func newEntry(guid directory.GUID, rdn directory.RDN) *entry {
	return &entry{guid: guid, rdn: rdn, children: &set{}, names: map[string]*entry{},
		values: map[string][]string{}, links: map[string]*set{}, stamps: map[string]stamp{}}
}

// value returns the only value of an attribute, or nothing.
func (e *entry) value(key string) string {
	if v := e.values[key]; len(v) > 0 {
		return v[0]
	}
	return ""
}

// number returns an integer attribute; absent is zero.
func (e *entry) number(key string) int64 {
	n, err := strconv.ParseInt(e.value(key), 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// is reports whether the entry has an object class, superclasses included.
func (e *entry) is(class string) bool {
	for _, c := range e.values["objectclass"] {
		if strings.EqualFold(c, class) {
			return true
		}
	}
	return false
}

// isPerson reports whether the entry is a user as people understand it: computers
// and managed service accounts derive from user, but are none.
func (e *entry) isPerson() bool { return e.is("user") && !e.is("computer") }

func (e *entry) control() directory.Control {
	return directory.Control(e.number("useraccountcontrol"))
}

func (e *entry) linked(key string) *set {
	if s := e.links[key]; s != nil {
		return s
	}
	return &set{}
}

func (e *entry) link(key string) *set {
	s := e.links[key]
	if s == nil {
		s = &set{}
		e.links[key] = s
	}
	return s
}

// under reports whether the entry is base or lies below it.
func (e *entry) under(base *entry) bool {
	for ; e != nil; e = e.parent {
		if e == base {
			return true
		}
	}
	return false
}

// place gives the entry, and all below it, the names that follow from its parent.
func (e *entry) place(parent *entry) {
	e.parent = parent
	e.dn = e.rdn.Attribute + "=" + directory.EscapeRDN(e.rdn.Value)
	e.folded = foldRDN(e.rdn)
	if parent != nil && parent.dn != "" {
		e.dn += "," + parent.dn
		e.folded += "," + parent.folded
	}
}

// foldRDN returns what equal names below one parent have in common.
func foldRDN(r directory.RDN) string {
	return directory.FoldDN(r.Attribute + "=" + directory.EscapeRDN(r.Value))
}

// set is entries in the order in which they came; leaving moves the last one into
// the gap, so that neither costs more in a big set.
type set struct {
	list []*entry
	at   map[*entry]int
}

func (s *set) has(e *entry) bool {
	_, ok := s.at[e]
	return ok
}

func (s *set) add(e *entry) {
	if s.has(e) {
		return
	}
	if s.at == nil {
		s.at = map[*entry]int{}
	}
	s.at[e] = len(s.list)
	s.list = append(s.list, e)
}

func (s *set) remove(e *entry) {
	i, ok := s.at[e]
	if !ok {
		return
	}
	last := len(s.list) - 1
	s.list[i] = s.list[last]
	s.at[s.list[i]] = i
	s.list = s.list[:last]
	delete(s.at, e)
}

func (s *set) size() int { return len(s.list) }

// index finds entries by the folded values of one attribute.
type index map[string]*set

func (x index) add(value string, e *entry) {
	s := x[value]
	if s == nil {
		s = &set{}
		x[value] = s
	}
	s.add(e)
}

func (x index) remove(value string, e *entry) {
	if s := x[value]; s != nil {
		s.remove(e)
		if s.size() == 0 {
			delete(x, value)
		}
	}
}
