package config

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// errDN reports a text that is not a distinguished name.
var errDN = errors.New("not a distinguished name")

// foldDN returns the parts of a distinguished name in a form that is equal for equal names: in lower case without
// spaces around them. It judges the form alone; whether there is such an entry is for doctor to say. Escapes stay
// as they are written.
func foldDN(name string) ([]string, error) {
	var parts []string
	for _, part := range splitDN(name) {
		attribute, value, found := strings.Cut(part, "=")
		attribute, value = strings.TrimSpace(attribute), trimValue(value)
		if !found || !isAttribute(attribute) || value == "" {
			return nil, fmt.Errorf("%q: %w", name, errDN)
		}
		parts = append(parts, strings.ToLower(attribute+"="+value))
	}
	return parts, nil
}

// splitDN cuts at the commas that no backslash escapes.
func splitDN(name string) []string {
	var parts []string
	start := 0
	for i := 0; i < len(name); i++ {
		switch name[i] {
		case '\\':
			i++
		case ',':
			parts = append(parts, name[start:i])
			start = i + 1
		}
	}
	return append(parts, name[start:])
}

// trimValue cuts the spaces around a value, but not one that is escaped.
func trimValue(value string) string {
	value = strings.TrimLeft(value, " ")
	for strings.HasSuffix(value, " ") && !strings.HasSuffix(value, `\ `) {
		value = value[:len(value)-1]
	}
	return value
}

// isUnder reports whether a name is base or lies below it. It is true where either is not a name: that is a fault
// of its own.
func isUnder(name, base string) bool {
	folded, err := foldDN(name)
	above, baseErr := foldDN(base)
	if err != nil || baseErr != nil {
		return true
	}
	// Part by part: as texts, an escaped comma would look like the beginning of the base.
	return len(folded) >= len(above) && slices.Equal(folded[len(folded)-len(above):], above)
}

func isUnderAny(name string, bases []string) bool {
	for _, base := range bases {
		if isUnder(name, base) {
			return true
		}
	}
	return len(bases) == 0
}

// isAttribute reports whether name is written as LDAP writes a name of an attribute.
func isAttribute(name string) bool {
	for i, r := range name {
		letter := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
		if !letter && (i == 0 || !(r >= '0' && r <= '9' || r == '-')) {
			return false
		}
	}
	return name != ""
}
