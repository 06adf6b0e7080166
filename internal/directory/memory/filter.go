package memory

import (
	"strconv"
	"strings"
)

// FilterOp is the kind of a [Filter].
type FilterOp int

// The kinds of filters. The zero value takes every object.
const (
	Everything FilterOp = iota
	And
	Or
	Not
	Equal
	AtLeast
	AtMost
	Present
	Substrings
	BitsAnd // 1.2.840.113556.1.4.803
	BitsOr  // 1.2.840.113556.1.4.804
	InChain // 1.2.840.113556.1.4.1941
	Never   // matches nothing, not even when negated
)

// Filter is a search filter.
type Filter struct {
	Op        FilterOp
	Attribute string
	Value     string
	Parts     []string // of Substrings: beginning, middles, end; an empty one is a star at that end
	Of        []Filter // of And, Or, Not
}

// Eq returns a filter for one value of one attribute.
func Eq(attribute, value string) Filter { return Filter{Op: Equal, Attribute: attribute, Value: value} }

// Has returns a filter for the presence of an attribute.
func Has(attribute string) Filter { return Filter{Op: Present, Attribute: attribute} }

// All returns a filter for objects that match every one of several.
func All(of ...Filter) Filter { return Filter{Op: And, Of: of} }

// Any returns a filter for objects that match at least one of several.
func Any(of ...Filter) Filter { return Filter{Op: Or, Of: of} }

// verdict is what a filter says of an object. What the schema does not know is
// neither true nor false, so that its negation does not match everything.
type verdict int

const (
	no verdict = iota
	yes
	undefined
)

func verdictOf(ok bool) verdict {
	if ok {
		return yes
	}
	return no
}

func (d *Domain) judge(f Filter, e *entry) verdict {
	switch f.Op {
	case Everything:
		return yes
	case Never:
		return undefined
	case And, Or:
		return d.judgeSet(f, e)
	case Not:
		return negate(d.judge(f.Of[0], e))
	}
	a, ok := d.schema.lookup(f.Attribute)
	switch {
	case !ok:
		return undefined
	case f.Op == Present:
		return verdictOf(d.present(e, a))
	case f.Op == InChain:
		return verdictOf(d.inChain(e, a, f.Value))
	case f.Op == Equal && a.linked():
		return verdictOf(d.linksTo(e, a, f.Value))
	}
	for _, v := range d.valuesOf(e, a) {
		if d.matches(f, a, v) {
			return yes
		}
	}
	return no
}

func negate(v verdict) verdict {
	switch v {
	case yes:
		return no
	case no:
		return yes
	}
	return undefined
}

func (d *Domain) judgeSet(f Filter, e *entry) verdict {
	decisive := no
	if f.Op == Or {
		decisive = yes
	}
	out := negate(decisive)
	for _, sub := range f.Of {
		switch v := d.judge(sub, e); v {
		case decisive:
			return decisive
		case undefined:
			out = undefined
		}
	}
	return out
}

func (d *Domain) matches(f Filter, a attributeType, value string) bool {
	switch f.Op {
	case Equal:
		return d.equals(a, value, f.Value)
	case AtLeast:
		return compare(a, value, f.Value) >= 0
	case AtMost:
		return compare(a, value, f.Value) <= 0
	case Substrings:
		return matchesParts(strings.ToLower(value), f.Parts)
	case BitsAnd, BitsOr:
		return matchesBits(f.Op, value, f.Value)
	}
	return false
}

// equals compares one value; a category may be asked for by its class.
func (d *Domain) equals(a attributeType, value, asked string) bool {
	if a.key == "objectcategory" && !strings.Contains(asked, "=") {
		if c, ok := d.classes[strings.ToLower(asked)]; ok {
			asked = c.category
		}
		return strings.HasPrefix(strings.ToLower(value), "cn="+strings.ToLower(asked)+",")
	}
	if value == asked {
		return true
	}
	if a.syntax == intSyntax {
		return compare(a, value, asked) == 0
	}
	return a.fold(value) == a.fold(asked)
}

func compare(a attributeType, x, y string) int {
	if a.syntax == intSyntax {
		n, errN := strconv.ParseInt(x, 10, 64)
		m, errM := strconv.ParseInt(y, 10, 64)
		if errN == nil && errM == nil {
			switch {
			case n < m:
				return -1
			case n > m:
				return 1
			}
			return 0
		}
	}
	return strings.Compare(strings.ToLower(x), strings.ToLower(y))
}

func matchesParts(value string, parts []string) bool {
	if len(parts) < 2 {
		return false
	}
	last := len(parts) - 1
	first, end := strings.ToLower(parts[0]), strings.ToLower(parts[last])
	if !strings.HasPrefix(value, first) {
		return false
	}
	value = value[len(first):]
	for _, p := range parts[1:last] {
		i := strings.Index(value, strings.ToLower(p))
		if i < 0 {
			return false
		}
		value = value[i+len(strings.ToLower(p)):]
	}
	return strings.HasSuffix(value, end)
}

func matchesBits(op FilterOp, value, mask string) bool {
	v, errV := strconv.ParseInt(value, 10, 64)
	m, errM := strconv.ParseInt(mask, 10, 64)
	if errV != nil || errM != nil {
		return false
	}
	if op == BitsAnd {
		return v&m == m
	}
	return v&m != 0
}

// linksTo reports whether a link, or a back link, of the entry names an object.
func (d *Domain) linksTo(e *entry, a attributeType, dn string) bool {
	target, err := d.resolve(dn)
	return err == nil && e.linked(a.key).has(target)
}

// inChain follows a link from the entry through everything it names
// (LDAP_MATCHING_RULE_IN_CHAIN).
func (d *Domain) inChain(e *entry, a attributeType, dn string) bool {
	target, err := d.resolve(dn)
	if err != nil {
		return false
	}
	seen := map[*entry]bool{}
	queue := append([]*entry(nil), e.linked(a.key).list...)
	for len(queue) > 0 {
		next := queue[0]
		queue = queue[1:]
		if next == target {
			return true
		}
		if !seen[next] {
			seen[next] = true
			queue = append(queue, next.linked(a.key).list...)
		}
	}
	return false
}
