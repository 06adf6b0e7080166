package report

import (
	"fmt"
	"slices"
	"sort"
	"strings"

	"esrsync/esrmodel"
	"esrsync/internal/directory"
	"esrsync/sync/plan"
)

// never is how an account that does not expire reads.
const never = "never"

// deeds says what the changes do, as orders: "switch off", "take out of GG Ward 7".
// Those of one kind stand together.
func (c *composer) deeds(changes []plan.Change) []string {
	var out, in, outOf []string
	for _, ch := range changes {
		switch ch.Kind {
		case plan.AddMember:
			in = append(in, shortName(ch.After.First(plan.Group)))
		case plan.RemoveMember:
			outOf = append(outOf, shortName(ch.Before.First(plan.Group)))
		default:
			out = append(out, c.deed(ch)...)
		}
	}
	if len(outOf) > 0 {
		out = append(out, "take out of "+strings.Join(outOf, ", "))
	}
	if len(in) > 0 {
		out = append(out, "put into "+strings.Join(in, ", "))
	}
	return out
}

// deed says what one change does that is not a membership.
func (c *composer) deed(ch plan.Change) []string {
	switch ch.Kind {
	case plan.Create:
		return []string{"make the account in " + shortName(ch.After.First(plan.OU))}
	case plan.Enable:
		return []string{"switch on"}
	case plan.Disable:
		return []string{"switch off"}
	case plan.Move:
		return []string{"move to " + shortName(ch.After.First(plan.OU))}
	case plan.Password:
		return []string{"set a new password"}
	case plan.Mark:
		return []string{"mark as ours"}
	case plan.Deletion:
		return []string{"delete the account"}
	}
	return c.edits(ch)
}

// edits says which values a change replaces, by the attributes' names in order.
func (c *composer) edits(ch plan.Change) []string {
	var out, sets []string
	for _, name := range valueNames(ch) {
		before, after := ch.Before[name], ch.After[name]
		switch {
		case name == plan.Token || name == "userAccountControl":
			// How we mark an account says nothing to a reader.
		case name == "accountExpires":
			out = append(out, "let access end by itself: "+c.expiry(after))
		case name == "msExchHideFromAddressLists" && len(after) > 0 && after[0] == "TRUE":
			out = append(out, "hide from the address lists")
		default:
			sets = append(sets, edit(name, before, after))
		}
	}
	if len(sets) > 0 {
		out = append(out, "set "+strings.Join(sets, ", "))
	}
	return out
}

func edit(name string, before, after []string) string {
	old, fresh := readable(name, before), readable(name, after)
	if len(before) == 0 {
		return fmt.Sprintf("%s to “%s”", name, fresh)
	}
	if len(after) == 0 {
		return fmt.Sprintf("%s to nothing (was “%s”)", name, old)
	}
	return fmt.Sprintf("%s to “%s” (was “%s”)", name, fresh, old)
}

// expiry says on which day an accountExpires ends access. The value is the
// midnight that ends the day.
func (c *composer) expiry(values []string) string {
	if len(values) == 0 {
		return never
	}
	at := directory.ParseFileTime(values[0])
	if at.IsZero() {
		return never
	}
	return "after " + esrmodel.DateOf(c.local(at.Add(-1))).Words()
}

// readable writes values for a reader: of a DN only the object's own name.
func readable(name string, values []string) string {
	out := slices.Clone(values)
	if name == "manager" || name == plan.OU {
		for i := range out {
			out[i] = shortName(out[i])
		}
	}
	return strings.Join(out, ", ")
}

// shortName returns the object's own name from a DN, or the text as it is.
func shortName(dn string) string {
	rdns, err := directory.ParseDN(dn)
	if err != nil || len(rdns) == 0 {
		return dn
	}
	return rdns[0].Value
}

// valueNames returns the names that a change touches, sorted.
func valueNames(ch plan.Change) []string {
	var out []string
	for name := range ch.After {
		out = append(out, name)
	}
	for name := range ch.Before {
		if _, both := ch.After[name]; !both {
			out = append(out, name)
		}
	}
	sort.Strings(out)
	return out
}
