package feed

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"

	"golang.org/x/text/encoding/charmap"

	"esrsync/esrmodel"
)

// Writer writes a GO file as ESR does: header, records, trailer, in ISO-8859-1.
// The first error stays, and Close returns it.
type Writer struct {
	out    *bufio.Writer
	counts string
	lines  int // written, the header too
	err    error
}

// NewWriter writes the header. TrailerCounts is [AllLines] or [DataLines]; empty means AllLines.
func NewWriter(w io.Writer, h Header, trailerCounts string) *Writer {
	if h.Version == "" {
		h.Version = knownVersion
	}
	fw := &Writer{out: bufio.NewWriter(w), counts: trailerCounts}
	fw.line(h.String())
	return fw
}

// Person writes a person slice.
func (w *Writer) Person(p esrmodel.Person) { writeRecord(w, personLayout(), &p) }

// Assignment writes an assignment slice.
func (w *Writer) Assignment(a esrmodel.Assignment) { writeRecord(w, assignmentLayout(), &a) }

// Position writes a position slice.
func (w *Writer) Position(p esrmodel.Position) { writeRecord(w, positionLayout(), &p) }

// Organisation writes an organisation slice.
func (w *Writer) Organisation(o esrmodel.Organisation) { writeRecord(w, organisationLayout(), &o) }

// Location writes a location.
func (w *Writer) Location(l esrmodel.Location) { writeRecord(w, locationLayout(), &l) }

// Delete writes the deletion of a record: the code and the ID alone.
func (w *Writer) Delete(kind esrmodel.Kind, id string) { w.Raw(string(kind)+"D", id) }

// Raw writes one line of the given fields, for the records that this package
// does not read. A tilde or a line end in a field is an error: the format has no
// way to write one.
func (w *Writer) Raw(fields ...string) {
	for _, f := range fields {
		if strings.ContainsAny(f, "~\r\n") && w.err == nil {
			w.err = fmt.Errorf("writing line %d: a field holds a tilde or a line end", w.lines+1)
		}
	}
	w.line(strings.Join(fields, "~"))
}

// Close writes the trailer and returns the first error of all.
func (w *Writer) Close() error {
	n := w.lines + 1
	if w.counts == DataLines {
		n = w.lines - 1
	}
	w.line("TRL~" + strconv.Itoa(n))
	if w.err != nil {
		return w.err
	}
	if err := w.out.Flush(); err != nil {
		return fmt.Errorf("writing a feed: %w", err)
	}
	return nil
}

func (w *Writer) line(s string) {
	if w.err != nil {
		return
	}
	w.lines++
	raw, err := charmap.Windows1252.NewEncoder().String(s)
	if err != nil {
		w.err = fmt.Errorf("writing line %d in ISO-8859-1: %w", w.lines, err)
		return
	}
	if _, err := w.out.WriteString(raw + "\n"); err != nil {
		w.err = fmt.Errorf("writing line %d: %w", w.lines, err)
	}
}

// writeRecord writes one noun by the layout that the reader reads it with.
func writeRecord[T any](w *Writer, l layout[T], v *T) {
	fields := make([]string, l.fields)
	fields[0] = l.code + "A"
	for _, c := range l.columns {
		fields[c.at-1] = format(c.of(v), c.name)
	}
	w.Raw(fields...)
}

// format writes the value of a field; an open end is written as ESR writes it.
func format(v any, name string) string {
	switch v := v.(type) {
	case *string:
		return *v
	case *esrmodel.NINumber:
		return string(*v)
	case *esrmodel.BirthDate:
		return formatDay(esrmodel.Date(*v))
	case *esrmodel.Date:
		if v.IsZero() && name == "effective end" {
			return openEnd
		}
		return formatDay(*v)
	case *bool:
		if *v {
			return "Y"
		}
		return "N"
	case *float64:
		return strconv.FormatFloat(*v, 'f', -1, 64)
	}
	panic(fmt.Sprintf("a layout names a field of type %T", v)) // a mistake in layout.go
}
