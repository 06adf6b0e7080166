package adsim

import (
	"esrsync/internal/directory/memory"

	ber "github.com/go-asn1-ber/asn1-ber"
)

// The kinds of filters on the wire (RFC 4511, 4.5.1).
const (
	filterAnd        ber.Tag = 0
	filterOr         ber.Tag = 1
	filterNot        ber.Tag = 2
	filterEqual      ber.Tag = 3
	filterSubstrings ber.Tag = 4
	filterAtLeast    ber.Tag = 5
	filterAtMost     ber.Tag = 6
	filterPresent    ber.Tag = 7
	filterApprox     ber.Tag = 8
	filterExtensible ber.Tag = 9
)

// decodeFilter reads a filter, and whether it is one.
func decodeFilter(p *ber.Packet) (memory.Filter, bool) {
	if p.ClassType != ber.ClassContext {
		return memory.Filter{}, false
	}
	switch p.Tag {
	case filterAnd:
		return decodeFilterSet(memory.And, p)
	case filterOr:
		return decodeFilterSet(memory.Or, p)
	case filterNot:
		if len(p.Children) != 1 {
			return memory.Filter{}, false
		}
		return decodeFilterSet(memory.Not, p)
	case filterEqual, filterApprox:
		return decodeAssertion(memory.Equal, p)
	case filterAtLeast:
		return decodeAssertion(memory.AtLeast, p)
	case filterAtMost:
		return decodeAssertion(memory.AtMost, p)
	case filterPresent:
		return memory.Has(text(p)), true
	case filterSubstrings:
		return decodeSubstrings(p)
	case filterExtensible:
		return decodeExtensible(p)
	}
	return memory.Filter{}, false
}

func decodeFilterSet(op memory.FilterOp, p *ber.Packet) (memory.Filter, bool) {
	f := memory.Filter{Op: op}
	for _, child := range p.Children {
		sub, ok := decodeFilter(child)
		if !ok {
			return memory.Filter{}, false
		}
		f.Of = append(f.Of, sub)
	}
	return f, true
}

func decodeAssertion(op memory.FilterOp, p *ber.Packet) (memory.Filter, bool) {
	if len(p.Children) != 2 {
		return memory.Filter{}, false
	}
	return memory.Filter{Op: op, Attribute: text(p.Children[0]), Value: text(p.Children[1])}, true
}

// decodeSubstrings reads initial [0], any [1] and final [2] parts.
func decodeSubstrings(p *ber.Packet) (memory.Filter, bool) {
	if len(p.Children) != 2 || len(p.Children[1].Children) == 0 {
		return memory.Filter{}, false
	}
	var first, last string
	var middle []string
	for _, part := range p.Children[1].Children {
		switch part.Tag {
		case 0:
			first = text(part)
		case 1:
			middle = append(middle, text(part))
		case 2:
			last = text(part)
		default:
			return memory.Filter{}, false
		}
	}
	parts := append([]string{first}, append(middle, last)...)
	return memory.Filter{Op: memory.Substrings, Attribute: text(p.Children[0]), Parts: parts}, true
}

// matchingRules are the rules that filters may name (MS-ADTS 3.1.1.3.4.4).
func matchingRules() map[string]memory.FilterOp {
	return map[string]memory.FilterOp{
		"1.2.840.113556.1.4.803":  memory.BitsAnd,
		"1.2.840.113556.1.4.804":  memory.BitsOr,
		"1.2.840.113556.1.4.1941": memory.InChain,
	}
}

// decodeExtensible reads a rule [1], an attribute [2] and a value [3]. A rule
// that is not known makes a filter that nothing fits, as on a controller.
func decodeExtensible(p *ber.Packet) (memory.Filter, bool) {
	var rule string
	f := memory.Filter{Op: memory.Never}
	for _, part := range p.Children {
		switch part.Tag {
		case 1:
			rule = text(part)
		case 2:
			f.Attribute = text(part)
		case 3:
			f.Value = text(part)
		}
	}
	if op, ok := matchingRules()[rule]; ok {
		f.Op = op
	}
	return f, f.Attribute != ""
}
