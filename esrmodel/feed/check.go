package feed

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Check is the stable name of one of the gate's checks, as an administrator
// names it in an override.
type Check string

// The checks, in the order in which their reasons are told.
const (
	CheckName        Check = "name"
	CheckVPD         Check = "vpd"
	CheckEnvironment Check = "environment"
	CheckHeader      Check = "header"
	CheckEncoding    Check = "encoding"
	CheckFields      Check = "fields"
	CheckTrailer     Check = "trailer"
	CheckColumns     Check = "columns"
	CheckUTF8        Check = "utf8"
	CheckFuture      Check = "future"
	CheckChain       Check = "chain"
	CheckCanaries    Check = "canaries"
	CheckShrinkage   Check = "shrinkage"
	CheckValues      Check = "values"
	CheckDuplicates  Check = "duplicates"
)

// Checks lists every check in the order in which its reasons are told.
func Checks() []Check {
	return []Check{
		CheckName, CheckVPD, CheckEnvironment, CheckHeader, CheckEncoding, CheckFields, CheckTrailer, CheckColumns,
		CheckUTF8, CheckFuture, CheckChain, CheckCanaries, CheckShrinkage, CheckValues, CheckDuplicates,
	}
}

// Overridable reports whether an administrator may override the check with a
// reason. VPD, environment, format and count cannot be overridden.
func (c Check) Overridable() bool {
	i := slices.Index(Checks(), c)
	return i >= slices.Index(Checks(), CheckUTF8)
}

// Reason is one thing that is wrong with a file. NI numbers and dates of birth
// never stand in it.
type Reason struct {
	Check      Check  `json:"check"`
	Line       int    `json:"line,omitempty"`  // in the file, from 1; zero where the reason belongs to no line
	Field      string `json:"field,omitempty"` // the field or column, in words
	Found      string `json:"found,omitempty"`
	Expected   string `json:"expected,omitempty"`
	Overridden string `json:"overridden,omitempty"` // who overrode it and why; empty: it stands
}

// Stands reports whether the reason still keeps the file out.
func (r Reason) Stands() bool { return r.Overridden == "" }

// String returns the reason as one line of text.
func (r Reason) String() string {
	var b strings.Builder
	b.WriteString(string(r.Check))
	if r.Line > 0 {
		fmt.Fprintf(&b, ": line %d", r.Line)
	}
	for _, part := range []struct{ word, text string }{{"", r.Field}, {"found ", r.Found}, {"expected ", r.Expected}, {"overridden ", r.Overridden}} {
		if part.text != "" {
			b.WriteString(": " + part.word + part.text)
		}
	}
	return b.String()
}

// Override is an administrator's word that a file is to be taken although a
// check speaks against it.
type Override struct {
	Check  Check
	By     string // who
	Reason string // why; required
}

// ErrOverride reports an override that cannot be: an unknown check, one that
// may not be overridden, or no reason given.
var ErrOverride = errors.New("override refused")

// checkOverrides returns an error matching [ErrOverride] for the first override that cannot be.
func checkOverrides(overrides []Override) error {
	for _, o := range overrides {
		switch {
		case !slices.Contains(Checks(), o.Check):
			return fmt.Errorf("%w: there is no check %q", ErrOverride, o.Check)
		case !o.Check.Overridable():
			return fmt.Errorf("%w: the check %q cannot be overridden", ErrOverride, o.Check)
		case strings.TrimSpace(o.Reason) == "":
			return fmt.Errorf("%w: overriding %q needs a reason", ErrOverride, o.Check)
		}
	}
	return nil
}

// maxReasons is how many reasons of one check are told one by one; the rest are counted.
const maxReasons = 20

// collector gathers reasons, the first few of each check in full.
type collector struct {
	reasons []Reason
	count   map[Check]int
}

// add notes a reason, or only counts it where its check has said enough.
func (c *collector) add(r Reason) {
	if c.count == nil {
		c.count = map[Check]int{}
	}
	c.count[r.Check]++
	if c.count[r.Check] <= maxReasons {
		c.reasons = append(c.reasons, r)
	}
}

// has reports whether the check has any reason.
func (c *collector) has(check Check) bool { return c.count[check] > 0 }

// list returns the reasons in the order of [Checks] and by line, each check closed by a
// count of the reasons left out, with the overrides entered.
func (c *collector) list(overrides []Override) []Reason {
	var out []Reason
	for _, check := range Checks() {
		told := slices.DeleteFunc(slices.Clone(c.reasons), func(r Reason) bool { return r.Check != check })
		slices.SortStableFunc(told, func(a, b Reason) int { return cmp.Compare(a.Line, b.Line) })
		out = append(out, told...)
		if more := c.count[check] - maxReasons; more > 0 {
			out = append(out, Reason{Check: check, Found: fmt.Sprintf("and %d more", more)})
		}
	}
	for i := range out {
		out[i].Overridden = overriding(out[i].Check, overrides)
	}
	return out
}

// overriding returns who overrode the check and why, or nothing.
func overriding(check Check, overrides []Override) string {
	for _, o := range overrides {
		if o.Check != check {
			continue
		}
		if o.By == "" {
			return o.Reason
		}
		return o.By + ": " + o.Reason
	}
	return ""
}
