package state

import (
	"fmt"
	"io"
)

// Format prints the hold without its category, whatever the verb: a log, an error
// or a page that prints a hold must not say why somebody is locked out.
func (h Hold) Format(to fmt.State, _ rune) {
	type bare Hold // has no Format
	h.Category = ""
	// Safe to ignore: the state belongs to package fmt, which reports its own errors.
	_, _ = io.WriteString(to, fmt.Sprintf("%+v", bare(h)))
}
