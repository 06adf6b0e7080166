package directory

import (
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
)

// RDN is one part of a distinguished name: its attribute and its value, unescaped.
type RDN struct {
	Attribute string
	Value     string
}

// ParseDN takes a distinguished name apart, leaf first (RFC 4514). Names with
// several attributes in one part (a+b) are refused: Active Directory has none.
func ParseDN(s string) ([]RDN, error) {
	if strings.TrimSpace(s) == "" {
		return nil, nil
	}
	var out []RDN
	for _, part := range splitDN(s) {
		attr, raw, ok := strings.Cut(part, "=")
		attr = strings.TrimSpace(attr)
		if !ok || attr == "" {
			return nil, fmt.Errorf("%q is not a distinguished name: %q lacks attribute=value", s, part)
		}
		value, err := unescapeDN(raw)
		if err != nil {
			return nil, fmt.Errorf("%q is not a distinguished name: %w", s, err)
		}
		out = append(out, RDN{Attribute: attr, Value: value})
	}
	return out, nil
}

// splitDN cuts at commas and semicolons that are neither escaped nor quoted.
func splitDN(s string) []string {
	var parts []string
	start, quoted := 0, false
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '\\':
			i++
		case s[i] == '"':
			quoted = !quoted
		case (s[i] == ',' || s[i] == ';') && !quoted:
			parts = append(parts, s[start:i])
			start = i + 1
		}
	}
	return append(parts, s[start:])
}

func unescapeDN(raw string) (string, error) {
	raw = trimUnescaped(raw)
	quoted := len(raw) >= 2 && raw[0] == '"' && raw[len(raw)-1] == '"'
	if quoted {
		raw = raw[1 : len(raw)-1]
	}
	var b strings.Builder
	for i := 0; i < len(raw); i++ {
		if raw[i] == '+' && !quoted {
			return "", errors.New("it has several attributes in one part")
		}
		if raw[i] != '\\' {
			b.WriteByte(raw[i])
			continue
		}
		if i+1 == len(raw) {
			return "", errors.New("it ends in a lone backslash")
		}
		if v, err := hex.DecodeString(raw[i+1 : min(i+3, len(raw))]); err == nil && len(v) == 1 {
			b.WriteByte(v[0])
			i += 2
			continue
		}
		i++
		b.WriteByte(raw[i])
	}
	return b.String(), nil
}

// trimUnescaped removes surrounding spaces, but not a trailing one that is escaped.
func trimUnescaped(s string) string {
	s = strings.TrimLeft(s, " ")
	for strings.HasSuffix(s, " ") && !endsEscaped(s[:len(s)-1]) {
		s = s[:len(s)-1]
	}
	return s
}

// endsEscaped reports whether what follows s is escaped: an even number of
// backslashes escapes itself.
func endsEscaped(s string) bool {
	return (len(s)-len(strings.TrimRight(s, `\`)))%2 == 1
}

// EscapeRDN returns a value so that it can stand in a distinguished name. It
// escapes more than RFC 4514 asks for, since Active Directory refuses a bare
// equals sign. Control characters are refused by [ValidCN], not here.
func EscapeRDN(value string) string {
	var b strings.Builder
	for i := 0; i < len(value); i++ {
		c := value[i]
		switch {
		case c == '=' || c < 0x20:
			fmt.Fprintf(&b, `\%02X`, c)
		case strings.IndexByte(`,+"\<>;`, c) >= 0,
			c == '#' && i == 0,
			c == ' ' && (i == 0 || i == len(value)-1):
			b.WriteByte('\\')
			b.WriteByte(c)
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

// ChildDN returns the name of an object called cn under parent.
func ChildDN(cn, parent string) string { return "CN=" + EscapeRDN(cn) + "," + parent }

// FoldDN returns a form of a distinguished name that is equal for equal names:
// lower case, one spelling of escapes, no spaces between the parts. A string that
// is no distinguished name folds to itself in lower case.
func FoldDN(s string) string {
	rdns, err := ParseDN(s)
	if err != nil {
		return strings.ToLower(s)
	}
	parts := make([]string, len(rdns))
	for i, r := range rdns {
		// An escaped comma is written in hex, so that what follows it can never be
		// mistaken for the parent: [UnderDN] compares endings.
		value := strings.ReplaceAll(EscapeRDN(r.Value), `\,`, `\2c`)
		parts[i] = strings.ToLower(r.Attribute + "=" + value)
	}
	return strings.Join(parts, ",")
}

// SameDN reports whether two distinguished names name the same object.
func SameDN(a, b string) bool { return a == b || FoldDN(a) == FoldDN(b) }

// ParentDN returns the name of the parent, as it is spelled in dn.
func ParentDN(dn string) string {
	parts := splitDN(dn)
	if len(parts) < 2 {
		return ""
	}
	return strings.TrimLeft(dn[len(parts[0])+1:], " ")
}

// UnderDN reports whether dn is base itself or lies below it.
func UnderDN(dn, base string) bool {
	d, b := FoldDN(dn), FoldDN(base)
	return d == b || strings.HasSuffix(d, ","+b)
}

// UnderAny reports whether dn is one of the bases or lies below one.
func UnderAny(dn string, bases []string) bool {
	for _, b := range bases {
		if UnderDN(dn, b) {
			return true
		}
	}
	return false
}

// ValidCN says why a common name cannot be used, or nil. 64 characters are
// Active Directory's bound; Samba does not enforce it.
func ValidCN(cn string) error {
	switch {
	case strings.TrimSpace(cn) == "":
		return errors.New("a common name cannot be blank")
	case len([]rune(cn)) > 64:
		return fmt.Errorf("a common name has at most 64 characters, this one %d", len([]rune(cn)))
	case strings.ContainsFunc(cn, func(r rune) bool { return r < 0x20 || r == 0x7f }):
		return errors.New("a common name cannot have control characters")
	}
	return nil
}
