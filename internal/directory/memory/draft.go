package memory

import (
	"slices"

	"esrsync/internal/directory"
)

// Op says what a [Mod] does to the values of its attribute.
type Op int

// The three operations of an LDAP modify, numbered as there (RFC 4511, 4.6).
const (
	AddValues     Op = 0
	DeleteValues  Op = 1 // without values: the whole attribute
	ReplaceValues Op = 2
)

// Mod is one change of a modify request.
type Mod struct {
	Op        Op
	Attribute string
	Values    []string
}

// Attribute is a name and its values, as they travel.
type Attribute struct {
	Name   string
	Values []string
}

// draft collects the changes of one request apart from the entry, so that a
// refusal half way leaves nothing behind.
type draft struct {
	d      *Domain
	e      *entry
	isNew  bool
	system bool // [Domain.System] asks: what only the directory writes may be written

	keys     []string // attributes touched, in order, none twice
	values   map[string][]string
	joins    map[string][]*entry // links that come
	parts    map[string][]*entry // links that go
	password *passwordChange
}

func newDraft(d *Domain, e *entry) *draft {
	return &draft{d: d, e: e, values: map[string][]string{}, joins: map[string][]*entry{}, parts: map[string][]*entry{}}
}

func (f *draft) touched(key string) bool { return slices.Contains(f.keys, key) }

func (f *draft) touch(key string) {
	if !f.touched(key) {
		f.keys = append(f.keys, key)
	}
}

// get returns the values as they would be after the changes so far.
func (f *draft) get(key string) []string {
	if v, ok := f.values[key]; ok {
		return v
	}
	return f.e.values[key]
}

func (f *draft) first(key string) string {
	if v := f.get(key); len(v) > 0 {
		return v[0]
	}
	return ""
}

func (f *draft) set(key string, values ...string) {
	f.touch(key)
	f.values[key] = values
}

func (f *draft) control() directory.Control { return parseControl(f.first("useraccountcontrol")) }

// apply adds one change to the draft.
func (f *draft) apply(m Mod) error {
	a, ok := f.d.schema.lookup(m.Attribute)
	if !ok {
		return unknownAttribute()
	}
	if err := f.permits(a); err != nil {
		return err
	}
	switch {
	case a.secret:
		return f.applyPassword(m)
	case a.backLink != "":
		return f.applyLink(a, m)
	case a.rdn, a.key == "objectclass":
		return nil // of a new object: the name is the DN's, and the class is read before
	}
	next, err := nextValues(a, f.get(a.key), m)
	if err != nil {
		return err
	}
	f.set(a.key, next...)
	return nil
}

// permits refuses attributes that nobody writes this way.
func (f *draft) permits(a attributeType) error {
	switch {
	case a.key == "distinguishedname":
		return atrErr(ConstraintViolation, 0x20B1, constraintProblem, a.name)
	case a.rdn && !f.isNew:
		return updErr(NotAllowedOnRDN, 0x2016, "problem 6004 (CANT_ON_RDN)")
	case a.back:
		return svcErr(0x209A)
	case (a.system || a.virtual) && !f.system:
		return atrErr(ConstraintViolation, 0x20B1, constraintProblem, a.name)
	case a.group && !f.e.is("group"), a.key == "objectclass" && !f.isNew:
		return updErr(ObjectClassViolation, 0x207D, "problem 6002 (OBJ_CLASS_VIOLATION)")
	}
	return nil
}

// nextValues works one change out on the values of an attribute without links.
func nextValues(a attributeType, current []string, m Mod) ([]string, error) {
	switch m.Op {
	case AddValues:
		return addValues(a, slices.Clone(current), m.Values)
	case DeleteValues:
		return deleteValues(a, slices.Clone(current), m.Values)
	default:
		return addValues(a, nil, m.Values)
	}
}

func addValues(a attributeType, current, values []string) ([]string, error) {
	if a.single && len(current) > 0 && len(values) > 0 {
		return nil, valueExists(a.name)
	}
	for _, v := range values {
		if err := a.checkValue(v); err != nil {
			return nil, err
		}
		if a.position(current, v) >= 0 {
			return nil, valueExists(a.name)
		}
		current = append(current, v)
	}
	if a.single && len(current) > 1 {
		return nil, atrErr(ConstraintViolation, 0x2081, constraintProblem, a.name)
	}
	return current, nil
}

func deleteValues(a attributeType, current, values []string) ([]string, error) {
	if len(current) == 0 {
		return nil, noSuchValue(a.name)
	}
	if len(values) == 0 {
		return nil, nil
	}
	for _, v := range values {
		i := a.position(current, v)
		if i < 0 {
			return nil, noSuchValue(a.name)
		}
		current = slices.Delete(current, i, i+1)
	}
	return current, nil
}

// position returns where a value stands among others, or -1.
func (a attributeType) position(values []string, value string) int {
	folded := a.fold(value)
	return slices.IndexFunc(values, func(v string) bool { return v == value || a.fold(v) == folded })
}
