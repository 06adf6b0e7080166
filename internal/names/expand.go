package names

import (
	"iter"
	"strconv"
	"strings"
)

// lastNumber is where {n} stops counting: nobody is the ten-thousandth of a name.
const lastNumber = 9999

// AddressMax is the longest that the part of an address before the @ may be (RFC 5321).
const AddressMax = 64

// Expand yields names made from the templates, in the order in which they should
// be tried. A template without {n} gives one; one with {n} counts from 2. value
// gives what stands for a placeholder; it is cleaned for the kind.
//
// A name longer than limit is cut before its number; limit 0 is no limit. What is
// behind an @ in a template of an address stays as it is, and is not counted. A
// name without any letter is left out, and none comes twice in a row of templates
// that lack a value, such as that of a middle initial.
func Expand(templates []string, value func(placeholder string) string, limit int, kind Kind) iter.Seq[string] {
	return func(yield func(string) bool) {
		tried := map[string]bool{}
		for _, text := range templates {
			t := parse(text, value, kind)
			if !hasLetter(t.head) && !hasLetter(t.tail) {
				continue // no number will make a name of it
			}
			first, last := 0, 0
			if t.numbered {
				first, last = 2, lastNumber
			}
			for n := first; n <= last; n++ {
				name := t.name(n, limit)
				if tried[name] || !hasLetter(name) {
					continue
				}
				if !t.numbered {
					tried[name] = true
				}
				if !yield(name + t.domain) {
					return
				}
			}
		}
	}
}

// template is one template with everything filled in but the number.
type template struct {
	head, tail string // before and behind {n}
	numbered   bool
	domain     string // with its @
	kind       Kind
}

func parse(text string, value func(string) string, kind Kind) template {
	t := template{kind: kind}
	if kind == Address {
		if at := strings.LastIndexByte(text, '@'); at >= 0 {
			text, t.domain = text[:at], strings.ToLower(text[at:])
		}
	}
	var b strings.Builder
	for text != "" {
		before, after, found := strings.Cut(text, "{")
		b.WriteString(literal(before, kind))
		if !found {
			break
		}
		var name string
		name, text, _ = strings.Cut(after, "}")
		if name == "n" && !t.numbered {
			t.numbered, t.head = true, b.String()
			b.Reset()
			continue
		}
		b.WriteString(Clean(value(name), kind))
	}
	if t.tail = b.String(); !t.numbered {
		t.head, t.tail = t.tail, ""
	}
	return t
}

// literal cleans what a template says itself. Unlike a value it may bring dots
// and underscores into an address; a login keeps neither.
func literal(s string, kind Kind) string {
	return strings.Map(func(r rune) rune {
		if isAlphanumeric(r) || kind == Address && (r == '.' || r == '-' || r == '_') {
			return r
		}
		return -1
	}, ASCII(s))
}

// name returns the name with a number, or without one for 0.
func (t template) name(n, limit int) string {
	number := ""
	if t.numbered {
		number = strconv.Itoa(n)
	}
	head, tail := t.head, t.tail
	if over := len(head) + len(number) + len(tail) - limit; limit > 0 && over > 0 {
		cut := min(over, len(head))
		head = head[:len(head)-cut]
		tail = tail[:max(0, len(tail)-(over-cut))]
	}
	if t.kind == Login {
		return head + number + tail
	}
	return tidy(tidy(head) + number + tail)
}

// tidy drops what an empty value leaves behind: dots and hyphens at either end,
// and two dots in a row, which an address may not have.
func tidy(s string) string {
	for strings.Contains(s, "..") {
		s = strings.ReplaceAll(s, "..", ".")
	}
	return strings.Trim(s, ".-_")
}

func hasLetter(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return r >= 'a' && r <= 'z' })
}
