package report

import (
	"bufio"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"
)

// writer writes wrapped text. The first error stays with the buffered writer,
// which returns it when it is flushed.
type writer struct{ out *bufio.Writer }

func newWriter(w io.Writer) writer { return writer{bufio.NewWriter(w)} }

// write writes text without what could steer a terminal: a name comes from
// elsewhere, and may hold anything.
func (t writer) write(s string) {
	_, _ = t.out.WriteString(strings.Map(harmless, s)) // the error stays with the buffered writer
}

func harmless(r rune) rune {
	if r != '\n' && unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) {
		return -1
	}
	return r
}

// line writes one paragraph: the first line after first, the others after rest.
func (t writer) line(first, rest, words string) {
	used := utf8.RuneCountInString(first)
	t.write(first)
	for i, word := range strings.Fields(words) {
		n := utf8.RuneCountInString(word)
		switch {
		case i == 0:
		case used+1+n > width:
			t.write("\n" + rest)
			used = utf8.RuneCountInString(rest)
		default:
			t.write(" ")
			used++
		}
		t.write(word)
		used += n
	}
	t.write("\n")
}

// command writes a line that is never broken: it is to be copied.
func (t writer) command(indent, command string) { t.write(indent + command + "\n") }

// columnWidths returns how wide each column of a table has to be, or nil where
// some row would not fit on a line, or stands under a heading.
func columnWidths(table table) []int {
	widths := make([]int, len(table.Columns))
	for i, name := range table.Columns {
		widths[i] = utf8.RuneCountInString(name)
	}
	for _, g := range table.Groups {
		if g.Title != "" {
			return nil
		}
		for _, r := range g.Rows {
			for i, c := range r.Cells {
				widths[i] = max(widths[i], utf8.RuneCountInString(c.words()))
			}
		}
	}
	total := 0
	for _, w := range widths {
		total += w + 2
	}
	if total > width {
		return nil
	}
	return widths
}

// inColumns writes a table whose rows each fit on a line.
func (t writer) inColumns(table table, widths []int) {
	t.columns(table.Columns, widths)
	for _, g := range table.Groups {
		for _, r := range g.Rows {
			words := make([]string, len(r.Cells))
			for i, c := range r.Cells {
				words[i] = c.words()
			}
			t.columns(words, widths)
		}
	}
}

func (t writer) columns(words []string, widths []int) {
	var line strings.Builder
	for i, word := range words {
		line.WriteString("  " + word + strings.Repeat(" ", widths[i]-utf8.RuneCountInString(word)))
	}
	t.write(strings.TrimRight(line.String(), " ") + "\n")
}
