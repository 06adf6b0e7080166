package report

import (
	"fmt"

	"esrsync/sync/plan"
)

// heldChanges lists what waits for a person, each part with its limit, its reason,
// its names and what releases it. What only the mode keeps from being made is told
// in a sentence: its names stand in the sections of their classes.
func (c *composer) heldChanges() section {
	s := section{Title: "Held changes", Empty: "Nothing is held."}
	byMode := 0
	for _, h := range c.verdict() {
		if h.ByMode() {
			byMode += len(h.Changes)
			continue
		}
		s.Count += len(h.Changes)
		s.Tables = append(s.Tables, c.heldTable(h))
	}
	if byMode > 0 {
		s.About = append(s.About, several(byMode, "change is", "changes are")+
			" not made because of the mode alone (observe, or a class that is not in enforce_classes). They stand under Leavers, Joiners and so on.")
	}
	if len(s.Tables) > 0 {
		s.About = append(s.About, "An approval lets through exactly the changes that this plan names, and no others. To drop them instead:")
		s.Command = "esrsyncd reject " + argument(c.n.Plan.ID, "PLAN") + ` --reason "…"`
	}
	return s
}

func (c *composer) heldTable(h plan.Held) table {
	t := table{
		Caption: heldTitle(h) + ": " + several(len(h.Changes), "change") + " for " + several(len(h.People), "person", "people"),
		About:   []string{sentence(h.Reason), fmt.Sprintf("Limit: %s. Counted: %s.", h.Limit, number(h.Count))},
		Columns: []string{"Person", "Changes", "Felt from"}, Groups: []group{{}}, Show: shown,
	}
	if releasable(h) {
		t.Command = c.approval(h.Class)
		if c.slices(h.Class) > 1 {
			t.About = append(t.About, fmt.Sprintf("This command lets through every held %s of the plan; for one person alone use --person KEY.", h.Class))
		}
	}
	for _, d := range c.heldDossiers(h) {
		t.Groups[0].Rows = append(t.Groups[0].Rows, row{Cells: []cell{
			c.person(d.Person), text(c.did(d)), text(d.Changes[0].Effective.Words()),
		}})
	}
	return t
}

// heldDossiers gathers the changes of one held part by person, in the order of names.
func (c *composer) heldDossiers(h plan.Held) []dossier {
	changes := make([]plan.Change, 0, len(h.Changes))
	for _, id := range h.Changes {
		if ch, known := c.changes[id]; known {
			changes = append(changes, ch)
		}
	}
	return c.byName(c.file(changes))
}

// heldTitle names what is held: "Leavers of Ward 7".
func heldTitle(h plan.Held) string {
	title := capital(classWords(h.Class))
	if h.Slice != "" {
		title += " of " + h.Slice
	}
	return title
}

// classWords is a class in the plural.
func classWords(class plan.Class) string {
	switch class {
	case plan.Repair:
		return "repairs"
	case plan.Rename:
		return "changes of name"
	case plan.Delete:
		return "deletions"
	}
	return string(class) + "s"
}

// releasable reports whether an approval would let it through: something waits
// for a person, and neither the mode nor a rejection stands against it.
func releasable(h plan.Held) bool {
	any := false
	for _, cause := range h.Causes {
		switch cause {
		case plan.Observing, plan.NotEnforced, plan.Rejected:
			return false
		case plan.OverLimit, plan.OverSlice, plan.Shrunk, plan.UnderReview:
			any = true
		}
	}
	return any || len(h.Causes) == 0
}

// slices counts the parts of a class that can be released.
func (c *composer) slices(class plan.Class) int {
	n := 0
	for _, h := range c.verdict() {
		if h.Class == class && releasable(h) {
			n++
		}
	}
	return n
}

// approval is the command that lets through what is held of a class.
func (c *composer) approval(class plan.Class) string {
	return fmt.Sprintf(`esrsyncd approve %s --class %s --reason "…"`, argument(c.n.Plan.ID, "PLAN"), class)
}
