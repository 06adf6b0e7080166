package report

import (
	"fmt"
	"strings"
)

// page is a night in the words and the order in which people read it. The text
// form and the HTML form are both made from it, so that they say the same.
type page struct {
	Trust    string
	Day      string
	Status   status
	Notes    []string
	Todo     []item
	Facts    []fact
	Sections []section
}

// status says in a sentence whether all is well.
type status struct {
	Tone  tone
	Words string
}

// tone is how urgent something looks. It never says anything that the words
// beside it do not.
type tone string

const (
	plain tone = ""
	good  tone = "good"
	warn  tone = "warn"
	bad   tone = "bad"
	fresh tone = "fresh" // new since the last run
)

// item is one line of the head.
type item struct {
	Lead    string // what the link is on; empty: there is none, or it is on the whole text
	Text    string
	Link    string // ID of the section that has the names; empty for none
	Command string // what to type, exactly; empty for nothing
	Tone    tone
}

// words returns an item in one line.
func (i item) words() string { return i.Lead + i.Text }

// fact answers one question of the first two minutes.
type fact struct {
	Label string
	Brief bool // told at the terminal too
	Items []item
}

// section is one chapter of the report.
type section struct {
	ID      string
	Title   string
	Count   int // what stands beside the title; -1 for none
	About   []string
	Command string // after About; empty for none
	Empty   string // said in place of tables where there are none
	Chart   *chart
	Tables  []table
}

// table is a list with a caption. Rows stand in groups; a group without a title
// is just its rows.
type table struct {
	Caption string
	About   []string
	Command string
	Columns []string
	Groups  []group
	Show    int // rows before the rest is folded away; 0 folds nothing
}

// group is a part of a table with a heading of its own.
type group struct {
	Title    string
	Notes    []string
	Commands []string
	Rows     []row
}

// row is one line of a table. Its first cell is its heading.
type row struct {
	ID    string // anchor; empty for none
	Cells []cell
}

// cell is one field of a row.
type cell struct {
	Text  string
	Link  string // anchor of the person or the section; empty for none
	Tone  tone
	Code  bool // something to type
	Notes []string
}

func text(s string) cell { return cell{Text: s} }

// rows returns how many rows a table has.
func (t table) rows() int {
	n := 0
	for _, g := range t.Groups {
		n += len(g.Rows)
	}
	return n
}

// number writes a count with its thousands apart: 12,345.
func number(n int) string {
	s := fmt.Sprint(n)
	sign := ""
	if n < 0 {
		sign, s = "-", s[1:]
	}
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return sign + s
}

// several says "1 change", "12 changes", or another plural where it has one.
func several(n int, one string, many ...string) string {
	switch {
	case n == 1:
		return "1 " + one
	case len(many) > 0:
		return number(n) + " " + many[0]
	}
	return number(n) + " " + one + "s"
}

// sentence returns the text with a full stop, where it has no end yet.
func sentence(s string) string {
	s = strings.TrimSpace(s)
	if s == "" || strings.HasSuffix(s, ".") || strings.HasSuffix(s, "?") || strings.HasSuffix(s, "!") {
		return s
	}
	return s + "."
}

// capital returns the text with its first letter large.
func capital(s string) string {
	for i, r := range s {
		return strings.ToUpper(string(r)) + s[i+len(string(r)):]
	}
	return s
}
