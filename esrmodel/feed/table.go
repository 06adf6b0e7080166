package feed

import (
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"esrsync/esrmodel"
)

// Table is a CSV file with a column map: a register, a URP export, an answer of
// the mailbox service. Only mapped columns are kept.
type Table struct {
	Rows    []TableRow
	Reasons []Reason // what keeps the whole file out; with any, Rows must not be used
	SHA256  string   // of the file, in hex
}

// TableRow is one row of a [Table].
type TableRow struct {
	Line   int // in the file, from 1
	values map[string]string
}

// Text returns the value of one of our keys, with blanks and line ends inside
// made one space; empty where it is blank or not mapped.
func (r TableRow) Text(key string) string { return r.values[key] }

// Date returns the value of one of our keys as a date; see [ParseDate].
func (r TableRow) Date(key string) (esrmodel.Date, error) { return ParseDate(r.values[key]) }

// ReadTable reads a CSV file. Columns maps our keys to the headers of the file;
// a key with an empty header is not mapped. Headers are compared without regard
// to case. Each mapped header must be there, and once: a column that went missing
// must not read as a column of blanks.
//
// The text is UTF-8 with or without mark, UTF-16 with mark, else Windows-1252.
// Fields are separated by commas; by tabs or semicolons where the first line has no comma.
//
// The error is that of r; what is wrong with the file is in Reasons.
func ReadTable(r io.Reader, columns map[string]string) (Table, error) {
	raw, err := io.ReadAll(r)
	if err != nil {
		return Table{}, fmt.Errorf("reading a table: %w", err)
	}
	sum := sha256.Sum256(raw)
	t := &tableReader{columns: columns}
	t.read(raw)
	return Table{Rows: t.rows, Reasons: t.bad.list(nil), SHA256: hex.EncodeToString(sum[:])}, nil
}

// tableReader reads one CSV file.
type tableReader struct {
	columns map[string]string
	at      map[string]int // our key to the index of its column
	width   int            // number of columns
	comma   rune
	rows    []TableRow
	bad     collector
}

func (t *tableReader) read(raw []byte) {
	text, err := decodeText(raw)
	if err != nil {
		t.bad.add(Reason{Check: CheckEncoding, Found: "bytes that cannot be read", Expected: err.Error()})
		return
	}
	if line, r := badRune(text); line > 0 {
		t.bad.add(Reason{Check: CheckEncoding, Line: line, Found: fmt.Sprintf("character U+%04X", r), Expected: "text without control characters"})
		return
	}
	c := csv.NewReader(strings.NewReader(text))
	t.comma = separator(text)
	c.Comma, c.LazyQuotes, c.FieldsPerRecord, c.ReuseRecord = t.comma, true, -1, true
	if !t.readHeader(c) {
		return
	}
	for t.readRow(c) {
	}
}

// separator guesses from the first line; Excel writes its "Unicode text" with tabs.
func separator(text string) rune {
	line, _, _ := strings.Cut(text, "\n")
	for _, c := range []rune{',', '\t', ';'} {
		if strings.ContainsRune(line, c) {
			return c
		}
	}
	return ','
}

// readHeader finds each mapped column; it reports whether rows can be read.
func (t *tableReader) readHeader(c *csv.Reader) bool {
	header, err := c.Read()
	if err != nil {
		t.bad.add(Reason{Check: CheckColumns, Line: 1, Found: "an empty file", Expected: "a line of headers"})
		return false
	}
	found := map[string][]int{}
	for i, h := range header {
		found[fold(h)] = append(found[fold(h)], i)
	}
	t.width, t.at = len(header), map[string]int{}
	for _, key := range slices.Sorted(maps.Keys(t.columns)) {
		if t.columns[key] == "" {
			continue
		}
		t.locate(key, found[fold(t.columns[key])])
	}
	return !t.bad.has(CheckColumns)
}

func (t *tableReader) locate(key string, places []int) {
	header := fmt.Sprintf("%q (%s)", t.columns[key], key)
	switch len(places) {
	case 0:
		t.bad.add(Reason{Check: CheckColumns, Line: 1, Field: header, Found: "no such column", Expected: "one"})
	case 1:
		t.at[key] = places[0]
	default:
		t.bad.add(Reason{
			Check: CheckColumns, Line: 1, Field: header,
			Found: fmt.Sprintf("the same header %d times, first in columns %d and %d", len(places), places[0]+1, places[1]+1), Expected: "once",
		})
	}
}

// readRow reads one row; it reports whether there may be another.
func (t *tableReader) readRow(c *csv.Reader) bool {
	fields, err := c.Read()
	if errors.Is(err, io.EOF) {
		return false
	}
	if err != nil {
		t.bad.add(Reason{Check: CheckFields, Found: clip(err.Error()), Expected: "a row of CSV"})
		return false
	}
	line, _ := c.FieldPos(0)
	if blank(fields) {
		return true
	}
	if n := len(fields); n < t.width || !blank(fields[t.width:]) {
		t.bad.add(Reason{Check: CheckFields, Line: line, Found: fmt.Sprintf("%d fields", n), Expected: fmt.Sprintf("%d, as the first line has", t.width)})
		return true
	}
	if t.swallowed(fields) {
		t.bad.add(Reason{Check: CheckFields, Line: line, Found: "a quote that is never closed", Expected: "quotes in pairs"})
		return true
	}
	t.keep(line, fields)
	return true
}

func blank(fields []string) bool {
	return !slices.ContainsFunc(fields, func(f string) bool { return strings.TrimSpace(f) != "" })
}

// swallowed reports whether a value holds what looks like whole rows: the quote
// in front of it was never closed.
func (t *tableReader) swallowed(fields []string) bool {
	for _, f := range fields {
		if t.width < 2 || !strings.Contains(f, "\n") {
			continue
		}
		for _, line := range strings.Split(f, "\n") {
			if strings.Count(line, string(t.comma)) >= t.width-1 {
				return true
			}
		}
	}
	return false
}

func (t *tableReader) keep(line int, fields []string) {
	values := make(map[string]string, len(t.at))
	for key, i := range t.at {
		if v := strings.Join(strings.Fields(fields[i]), " "); v != "" {
			values[key] = v
		}
	}
	t.rows = append(t.rows, TableRow{Line: line, values: values})
}

// fold makes headers comparable.
func fold(s string) string { return strings.ToLower(strings.Join(strings.Fields(s), " ")) }
