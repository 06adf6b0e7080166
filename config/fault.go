package config

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Fault is one thing that is wrong with a configuration: where, what, and how to mend it.
type Fault struct {
	// File is the name that the text was read under.
	File string `json:"file"`
	// Key is the path of the key, such as guard.leaver.max; elements of a list are counted from 0. It is empty
	// where the text is not TOML at all.
	Key string `json:"key"`
	// Line counts from 1. Zero where it is not known; for a key that is missing, it is the line of its table.
	Line int `json:"line"`
	// Column counts from 1. Zero where it is not known.
	Column int `json:"column"`
	// Message says what is wrong. It never holds a secret.
	Message string `json:"message"`
	// Mend says what to do about it.
	Mend string `json:"mend"`
}

// Error returns the fault in one line.
func (f Fault) Error() string {
	var text strings.Builder
	text.WriteString(f.File)
	if f.Line > 0 {
		fmt.Fprintf(&text, ":%d", f.Line)
		if f.Column > 0 {
			fmt.Fprintf(&text, ":%d", f.Column)
		}
	}
	if f.Key != "" {
		fmt.Fprintf(&text, ": %s", f.Key)
	}
	fmt.Fprintf(&text, ": %s", f.Message)
	if f.Mend != "" {
		fmt.Fprintf(&text, "; %s", f.Mend)
	}
	return strings.TrimPrefix(text.String(), ": ")
}

// Faults are all the faults of one file, by line and then by key.
type Faults []Fault

// Error returns one line for each fault.
func (f Faults) Error() string {
	lines := make([]string, len(f))
	for i, fault := range f {
		lines[i] = fault.Error()
	}
	return strings.Join(lines, "\n")
}

// Unwrap returns each fault as an error of its own.
func (f Faults) Unwrap() []error {
	errs := make([]error, len(f))
	for i, fault := range f {
		errs[i] = fault
	}
	return errs
}

// sort puts the faults in the order of the file.
func (f Faults) sort() {
	slices.SortStableFunc(f, func(a, b Fault) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Key, b.Key), cmp.Compare(a.Message, b.Message))
	})
}

// about reports whether a fault is about key itself, a table that holds it, or something inside it. What is
// missing or odd there is then only an echo.
func (f Faults) about(key string) bool {
	for _, fault := range f {
		if inside(key, fault.Key) || inside(fault.Key, key) {
			return true
		}
	}
	return false
}

// inside reports whether key is outer or is held by it.
func inside(key, outer string) bool {
	rest, found := strings.CutPrefix(key, outer)
	return found && (rest == "" || rest[0] == '.' || rest[0] == '[')
}
