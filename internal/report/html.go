package report

import (
	"bufio"
	"embed"
	"fmt"
	"html/template"
	"io"
)

//go:embed page.gohtml page.css
var files embed.FS

// HTML writes the night as one file that needs nothing else: no script, no
// picture, no font and no request. It opens from a mail, works on a phone, prints
// on A4, and meets WCAG 2.2 AA.
func HTML(w io.Writer, n Night) error {
	t, err := template.New("page.gohtml").Funcs(template.FuncMap{"number": number, "fold": fold, "pair": pair, "chartRow": chartRow}).
		ParseFS(files, "page.gohtml", "page.css")
	if err != nil {
		return fmt.Errorf("reading the report's template: %w", err)
	}
	out := bufio.NewWriter(w)
	if err := t.Execute(out, compose(n)); err != nil {
		return fmt.Errorf("filling in the report: %w", err)
	}
	return out.Flush()
}

// folded is a table cut in two: what stands open and what is folded away.
type folded struct {
	table
	Open   []group
	More   []group
	Hidden int // rows in More
}

// fold cuts a table after the rows that it shows. A few rows more than that are
// shown as well: nobody should have to open a list for two names.
func fold(t table) folded {
	rows := t.rows()
	if t.Show == 0 || rows <= t.Show+t.Show/5 {
		return folded{table: t, Open: t.Groups}
	}
	f := folded{table: t, Hidden: rows - t.Show}
	left := t.Show
	for _, g := range t.Groups {
		switch {
		case left >= len(g.Rows) && left > 0:
			f.Open = append(f.Open, g)
			left -= len(g.Rows)
		case left > 0:
			open, more := g, group{Title: g.Title, Rows: g.Rows[left:]}
			open.Rows = g.Rows[:left]
			if more.Title != "" {
				more.Title += " (continued)"
			}
			f.Open, f.More = append(f.Open, open), append(f.More, more)
			left = 0
		default:
			f.More = append(f.More, g)
		}
	}
	return f
}

// columned is a group with the columns of its table, which its cells repeat on a phone.
type columned struct {
	group
	Columns []string
}

func pair(g group, columns []string) columned { return columned{g, columns} }

// chartRow returns the y of a bar of a chart.
func chartRow(i int) int { return i * 30 }
