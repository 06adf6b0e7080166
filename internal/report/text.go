package report

import (
	"io"
	"strings"
	"unicode/utf8"
)

// width is how wide the text form is at most, but for a word that is longer.
const width = 100

// Text writes the night as plain text: what one needs in two minutes, then every list.
func Text(w io.Writer, n Night) error {
	p := compose(n)
	t := newWriter(w)
	t.head(p)
	for _, s := range p.Sections {
		t.section(s)
	}
	return t.out.Flush()
}

// Summary writes the night in about ten lines, for a person at a terminal.
func Summary(w io.Writer, n Night) error {
	p := compose(n)
	t := newWriter(w)
	t.line("", "", p.Status.Words)
	for _, note := range p.Notes {
		t.line("Note: ", "      ", note)
	}
	for _, f := range p.Facts {
		if f.Brief {
			t.line(labelled(f), strings.Repeat(" ", labelWidth), inOneLine(f.Items))
		}
	}
	for _, i := range p.Todo {
		t.todo(i)
	}
	return t.out.Flush()
}

func inOneLine(items []item) string {
	var parts []string
	for _, i := range items {
		parts = append(parts, i.words())
	}
	return strings.Join(parts, " ")
}

// labelWidth is how much room the labels of the facts take.
const labelWidth = 11

func labelled(f fact) string {
	return f.Label + ":" + strings.Repeat(" ", max(1, labelWidth-len(f.Label)-1))
}

// head writes what one needs in two minutes.
func (t writer) head(p page) {
	t.line("", "", p.Trust+", "+p.Day)
	t.line("", "", p.Status.Words)
	for _, note := range p.Notes {
		t.line("Note: ", "      ", note)
	}
	t.line("", "", "")
	for _, f := range p.Facts {
		label, blank := labelled(f), strings.Repeat(" ", labelWidth)
		for _, i := range f.Items {
			t.line(label, blank, i.words())
			label = blank
		}
	}
	t.line("", "", "")
	if len(p.Todo) == 0 {
		t.line("", "", "Nothing is for you to do.")
		return
	}
	t.line("", "", "For you to do:")
	for _, i := range p.Todo {
		t.todo(i)
	}
}

// todo writes what somebody has to do. A command is never broken: it is to be copied.
func (t writer) todo(i item) {
	oneLine := "  - " + i.words() + "  " + i.Command
	if i.Command != "" && utf8.RuneCountInString(oneLine) <= width {
		t.command("", oneLine)
		return
	}
	t.line("  - ", "    ", i.words())
	if i.Command != "" {
		t.command("      ", i.Command)
	}
}

// section writes one chapter.
func (t writer) section(s section) {
	title := strings.ToUpper(s.Title)
	if s.Count >= 0 {
		title += " (" + number(s.Count) + ")"
	}
	t.line("\n", "", title)
	for _, about := range s.About {
		t.line("", "", about)
	}
	if s.Command != "" {
		t.command("  ", s.Command)
	}
	if len(s.Tables) == 0 {
		t.line("", "", s.Empty)
	}
	if s.Chart != nil {
		t.line("", "", s.Chart.Title+". "+s.Chart.Summary)
	}
	for _, table := range s.Tables {
		t.table(table)
	}
}

// table writes a list: in columns where every row fits on a line, and else an
// entry for each row, its first cell in front.
func (t writer) table(table table) {
	t.line("\n", "", table.Caption)
	for _, about := range table.About {
		t.line("  ", "  ", about)
	}
	if table.Command != "" {
		t.command("  ", table.Command)
	}
	if widths := columnWidths(table); widths != nil {
		t.inColumns(table, widths)
		return
	}
	for _, g := range table.Groups {
		t.group(table.Columns, g)
	}
}

func (t writer) group(columns []string, g group) {
	if g.Title != "" {
		t.line("  ", "  ", g.Title)
	}
	for _, note := range g.Notes {
		t.line("    ", "    ", note)
	}
	for _, r := range g.Rows {
		t.line("  - ", "    ", entry(columns, r))
	}
	for _, command := range g.Commands {
		t.command("    ", command)
	}
}

// entry writes a row in one paragraph, each cell but the first with its column's name.
func entry(columns []string, r row) string {
	parts := []string{r.Cells[0].words()}
	for i, c := range r.Cells[1:] {
		if words := c.words(); words != "" {
			parts = append(parts, strings.ToLower(columns[i+1])+": "+words)
		}
	}
	return strings.Join(parts, " | ")
}

// words returns a cell in one line.
func (c cell) words() string {
	if len(c.Notes) == 0 {
		return c.Text
	}
	return c.Text + " (" + strings.Join(c.Notes, "; ") + ")"
}
