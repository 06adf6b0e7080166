package report

import (
	"bufio"
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
	t := newWriter(w)
	t.head(compose(n))
	return t.out.Flush()
}

// writer writes wrapped text. The first error stays with the buffered writer,
// which returns it when it is flushed.
type writer struct{ out *bufio.Writer }

func newWriter(w io.Writer) writer { return writer{bufio.NewWriter(w)} }

// line writes one paragraph: the first line after first, the others after rest.
func (t writer) line(first, rest, words string) {
	used := utf8.RuneCountInString(first)
	_, _ = t.out.WriteString(first) // the error stays with the buffered writer
	for i, word := range strings.Fields(words) {
		n := utf8.RuneCountInString(word)
		switch {
		case i == 0:
		case used+1+n > width:
			_, _ = t.out.WriteString("\n" + rest)
			used = utf8.RuneCountInString(rest)
		default:
			_ = t.out.WriteByte(' ')
			used++
		}
		_, _ = t.out.WriteString(word)
		used += n
	}
	_ = t.out.WriteByte('\n')
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
		label := f.Label + ":"
		label += strings.Repeat(" ", max(1, 11-len(label)))
		for _, i := range f.Items {
			t.line(label, strings.Repeat(" ", 11), i.Text)
			label = strings.Repeat(" ", 11)
		}
	}
	t.line("", "", "")
	if len(p.Todo) == 0 {
		t.line("", "", "Nothing is for you to do.")
		return
	}
	t.line("", "", "For you to do:")
	for _, i := range p.Todo {
		t.line("  - ", "    ", i.Text)
		if i.Command != "" {
			t.line("      ", "        ", i.Command)
		}
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

// table writes a list: an entry for each row, its first cell in front.
func (t writer) table(table table) {
	t.line("\n", "", table.Caption)
	for _, about := range table.About {
		t.line("  ", "  ", about)
	}
	if table.Command != "" {
		t.line("  ", "    ", table.Command)
	}
	for _, g := range table.Groups {
		if g.Title != "" {
			t.line("  ", "  ", g.Title)
		}
		for _, note := range g.Notes {
			t.line("    ", "    ", note)
		}
		for _, r := range g.Rows {
			t.line("  - ", "    ", entry(table.Columns, r))
		}
		for _, command := range g.Commands {
			t.line("    ", "      ", command)
		}
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
