package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"esrsync/esrmodel"
	"esrsync/internal/finding"
	"esrsync/internal/state"
)

// tasks lists what only people can do, by the team that does it.
func (c *composer) tasks() section {
	s := section{Title: "Tasks", Count: len(c.n.Tasks), Empty: "No task is open."}
	if len(c.n.Tasks) == 0 {
		return s
	}
	t := table{Caption: "Open tasks, by team, the oldest first", Show: shown, Columns: []string{"About", "What to do", "Open for", "Settle it with"}}
	ordered := slices.Clone(c.n.Tasks)
	slices.SortStableFunc(ordered, func(a, b state.Task) int {
		return cmp.Or(strings.Compare(ownerWords(a.Owner), ownerWords(b.Owner)), a.Opened.Compare(b.Opened), strings.Compare(a.ID, b.ID))
	})
	for _, task := range ordered {
		title := ownerWords(task.Owner)
		if len(t.Groups) == 0 || t.Groups[len(t.Groups)-1].Title != title {
			t.Groups = append(t.Groups, group{Title: title})
		}
		g := &t.Groups[len(t.Groups)-1]
		g.Rows = append(g.Rows, row{Cells: []cell{
			c.taskSubject(task.Subject), text(sentence(task.Text)), text(c.taskAge(task)), {Text: taskCommand(task), Code: true},
		}})
	}
	s.Tables = []table{t}
	return s
}

// taskCommand is what settles a task: the answer to "left or lost?", or the word
// of who did what it asks for.
func taskCommand(t state.Task) string {
	if finding.Code(t.Kind) == finding.LeftOrLost {
		return fmt.Sprintf(`esrsyncd leaver confirm %s --date DATE --reason "…"`, argument(t.Subject, "KEY"))
	}
	return fmt.Sprintf(`esrsyncd tasks close %s --evidence "…"`, argument(t.ID, "ID"))
}

func (c *composer) taskSubject(key string) cell {
	if a, known := c.n.Accounts[key]; known {
		return cell{Text: a.Login, Notes: []string{a.DN}}
	}
	if key == "" {
		return text("General")
	}
	return c.person(key)
}

func (c *composer) taskAge(t state.Task) string {
	days := c.daysSince(esrmodel.DateOf(c.local(t.Opened)))
	if days == 0 {
		return "Since today"
	}
	return several(days, "day")
}

// waits lists what is due and deliberately not done yet.
func (c *composer) waits() section {
	s := section{Title: "Waiting on purpose", Count: len(c.n.Plan.Waits), Empty: "Nothing waits."}
	if s.Count == 0 {
		return s
	}
	t := table{Caption: "What is due and not done yet, with the reason", Show: shown, Columns: []string{"Person", "Why", "Until"}, Groups: []group{{}}}
	for _, w := range c.n.Plan.Waits {
		until := text("Until it is settled")
		if !w.Until.IsZero() {
			until = text(w.Until.Words())
		}
		t.Groups[0].Rows = append(t.Groups[0].Rows, row{Cells: []cell{c.person(w.Person), text(sentence(w.Reason)), until}})
	}
	s.Tables = []table{t}
	return s
}

// leftAlone lists the memberships that are not ours to take away.
func (c *composer) leftAlone() section {
	s := section{Title: "Memberships left alone", Count: len(c.n.Plan.LeftAlone), Empty: "No leaver keeps a membership that is not ours to take away."}
	if s.Count == 0 {
		return s
	}
	t := table{Caption: "Groups of leavers and bank staff that esrsync does not manage", Show: shown, Columns: []string{"Person", "Group", "Why"}, Groups: []group{{}}}
	for _, m := range c.n.Plan.LeftAlone {
		t.Groups[0].Rows = append(t.Groups[0].Rows, row{Cells: []cell{
			c.person(m.Person), {Text: shortName(m.Group), Notes: []string{m.Group}}, text(sentence(m.Reason)),
		}})
	}
	s.Tables = []table{t}
	return s
}

// about says which run this was and what it rests on.
func (c *composer) about() section {
	r := c.n.Run
	lines := [][2]string{
		{"Run", r.ID}, {"Asked for by", r.Trigger}, {"Mode", r.Mode}, {"Began", c.instant(r.Started)},
		{"Ended", c.instant(r.Ended)}, {"Plan", c.n.Plan.ID}, {"Decided for", c.day().Words()},
	}
	for _, in := range c.n.Plan.Inputs {
		lines = append(lines, [2]string{"Made from " + in.Name, in.Hash})
	}
	t := table{Caption: "Where these figures come from", Columns: []string{"What", "Value"}, Groups: []group{{}}}
	for _, line := range lines {
		if line[1] != "" {
			t.Groups[0].Rows = append(t.Groups[0].Rows, row{Cells: []cell{text(line[0]), text(line[1])}})
		}
	}
	return section{Title: "About this run", Count: -1, Tables: []table{t}}
}

// numbers sets the figures beside the last run's, and lists what closed since.
func (c *composer) numbers() section {
	s := section{Title: "What changed since the last run", Count: -1}
	t := table{Caption: "Figures of this run", Columns: []string{"Figure", "Now"}, Groups: []group{{}}}
	if c.n.Before != nil {
		t.Caption, t.Columns = "Figures of this run and of the one before", append(t.Columns, "Before", "Difference")
	} else {
		s.About = []string{"There is no earlier run to compare with."}
	}
	for _, f := range figures(c.n.Numbers, c.n.Before) {
		cells := []cell{{Text: f.name, Link: f.link}, text(number(f.now))}
		if c.n.Before != nil {
			cells = append(cells, text(number(f.before)), text(difference(f.now-f.before)))
		}
		t.Groups[0].Rows = append(t.Groups[0].Rows, row{Cells: cells})
	}
	s.Tables = []table{t}
	if len(c.n.Closed) > 0 {
		s.Tables = append(s.Tables, c.closedTable())
	}
	return s
}

func difference(n int) string {
	switch {
	case n > 0:
		return "+" + number(n)
	case n < 0:
		return "−" + number(-n)
	}
	return "same"
}

// closedTable lists the findings that are gone.
func (c *composer) closedTable() table {
	t := table{
		Caption: fmt.Sprintf("Findings that closed since the last run (%s)", number(len(c.n.Closed))), Show: shownFindings,
		Columns: []string{"About", "What had been found", "Code"}, Groups: []group{{}},
	}
	for _, f := range c.n.Closed {
		t.Groups[0].Rows = append(t.Groups[0].Rows, row{Cells: []cell{c.subject(f.Subject), text(sentence(f.Text)), text(string(f.Code))}})
	}
	return t
}

// figure is one of [Numbers] with its name and the section that has the names behind it.
type figure struct {
	name        string
	link        string
	now, before int
}

// figures returns every number in order. Without a run before, before is now.
func figures(now Numbers, last *Numbers) []figure {
	before := now
	if last != nil {
		before = *last
	}
	return []figure{
		{"People who are current", "", now.People, before.People},
		{"Accounts", "", now.Accounts, before.Accounts},
		{"Accounts that are somebody's", "", now.Linked, before.Linked},
		{"Of these, switched on", "", now.Enabled, before.Enabled},
		{"Changes made", "", now.Done, before.Done},
		{"Changes that failed", failuresID, now.Failed, before.Failed},
		{"Changes that were skipped", failuresID, now.Skipped, before.Skipped},
		{"Changes that are held", heldID, now.Held, before.Held},
		{"Joiners", joinersID, now.Joiners, before.Joiners},
		{"Movers", moversID, now.Movers, before.Movers},
		{"Leavers", leaversID, now.Leavers, before.Leavers},
		{"People in the match queue", queueID, now.Queue, before.Queue},
		{"Lockouts in force", "", now.Holds, before.Holds},
		{"Open findings", findingsID, now.Findings, before.Findings},
		{"Of these, critical", findingsID, now.Critical, before.Critical},
		{"Open tasks", tasksID, now.OpenTasks, before.OpenTasks},
	}
}
