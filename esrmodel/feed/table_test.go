package feed_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"

	"esrsync/esrmodel/feed"
)

// utf16le returns a text in UTF-16, little-endian, with its mark.
func utf16le(s string) []byte {
	out := []byte{0xff, 0xfe}
	for _, u := range utf16.Encode([]rune(s)) {
		out = append(out, byte(u), byte(u>>8))
	}
	return out
}

// readTable reads a table of two columns.
func readTable(t testing.TB, content []byte) feed.Table {
	t.Helper()
	table, err := feed.ReadTable(bytes.NewReader(content), map[string]string{"name": "Full Name", "when": "Start Date", "unused": ""})
	if err != nil {
		t.Fatal(err)
	}
	return table
}

func TestTableText(t *testing.T) {
	t.Parallel()
	const plain = "Start Date,Full Name\n2026-11-22,Zoë O’Madeup\n"
	swapped := func(s string) []byte {
		b := utf16le(s)
		for i := 0; i < len(b); i += 2 {
			b[i], b[i+1] = b[i+1], b[i]
		}
		return b
	}
	for claim, content := range map[string][]byte{
		"ruling: UTF-8":                            []byte(plain),
		"ruling: UTF-8 with its mark":              []byte("\xef\xbb\xbf" + plain),
		"ruling: UTF-16 with its mark":             utf16le(plain),
		"ruling: UTF-16 the other way round":       swapped(plain),
		"ruling: else Windows-1252":                []byte("Start Date,Full Name\n2026-11-22,Zo\xeb O\x92Madeup\n"),
		"CRLF":                                     []byte(strings.ReplaceAll(plain, "\n", "\r\n")),
		"no last line end":                         []byte(strings.TrimSpace(plain)),
		"headers in another case and spacing":      []byte(strings.Replace(plain, "Start Date,Full Name", " START  date ,full name", 1)),
		"other columns, also of the same name":     []byte("x,Start Date,x,Full Name\n1,2026-11-22,2,Zoë O’Madeup\n"),
		"a value in quotes with blanks in it":      []byte("Start Date,Full Name\n2026-11-22,\"Zoë \n O’Madeup\"\n"),
		"blank lines and rows of separators alone": []byte(strings.Replace(plain, "\n", "\n\n,\n", 1)),
		"tabs, as Excel's Unicode text has":        utf16le(strings.ReplaceAll(plain, ",", "\t")),
		"semicolons":                               []byte(strings.ReplaceAll(plain, ",", ";")),
		"empty columns at the end of a row":        []byte(strings.Replace(plain, "Madeup\n", "Madeup,,\n", 1)),
	} {
		t.Run(claim, func(t *testing.T) {
			t.Parallel()
			table := readTable(t, content)
			if len(table.Reasons) > 0 || len(table.Rows) != 1 {
				t.Fatal(table.Reasons, len(table.Rows))
			}
			when, err := table.Rows[0].Date("when")
			if table.Rows[0].Text("name") != "Zoë O’Madeup" || err != nil || when.String() != "2026-11-22" {
				t.Error(table.Rows[0], err)
			}
		})
	}
}

func TestTableQuotes(t *testing.T) {
	t.Parallel()
	table := readTable(t, []byte("Full Name,Start Date\n\"Madeup, Zoë \"\"Zo\"\"\",2026-11-22\nZoë \"Zo\" Madeup,2026-11-23\n"))
	var got []string
	for _, row := range table.Rows {
		got = append(got, row.Text("name"))
	}
	if diff := cmp.Diff([]string{`Madeup, Zoë "Zo"`, `Zoë "Zo" Madeup`}, got); diff != "" || len(table.Reasons) > 0 {
		t.Error(diff, table.Reasons)
	}
}

func TestTableLines(t *testing.T) {
	t.Parallel()
	table := readTable(t, []byte("Full Name,Start Date\n\n\"two\nlines\",2026-11-22\nlast,2026-11-22\n"))
	if len(table.Rows) != 2 || table.Rows[0].Line != 3 || table.Rows[1].Line != 5 {
		t.Error(table.Rows)
	}
}

func TestTableMistakes(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		claim, content string
		check          feed.Check
		line           int
		field, found   string
	}{
		{"a missing column has a word of its own", "Full Name,Began\n", feed.CheckColumns, 1, `"Start Date" (when)`, "no such column"},
		{"a mapped header that stands twice is not guessed", "Full Name,Start Date,Start date\n", feed.CheckColumns, 1, `"Start Date" (when)`, "the same header 2 times, first in columns 2 and 3"},
		{"an empty file has no headers", "", feed.CheckColumns, 1, "", "an empty file"},
		{"a row too short", "Full Name,Start Date\nZoë\n", feed.CheckFields, 2, "", "1 fields"},
		{"a row too long", "Full Name,Start Date\nMadeup,Zoë,2026-11-22\n", feed.CheckFields, 2, "", "3 fields"},
		{"a quote never closed does not swallow the rest", "Start Date,Full Name\n2026-11-22,\"Zoë\n2026-11-22,Yan\n2026-11-22,Xia\n", feed.CheckFields, 2, "", "a quote that is never closed"},
		{"a NUL is no text", "Full Name,Start Date\nZo\x00,2026-11-22\n", feed.CheckEncoding, 2, "", "character U+0000"},
		{"UTF-16 without its mark is no text", string(utf16le("Full Name,Start Date\n")[2:]), feed.CheckEncoding, 1, "", "character U+0000"},
		{"half a character of UTF-16 is no text", "\xff\xfeF\x00u", feed.CheckEncoding, 0, "", "bytes that cannot be read"},
	} {
		t.Run(c.claim, func(t *testing.T) {
			t.Parallel()
			table := readTable(t, []byte(c.content))
			if len(table.Reasons) != 1 {
				t.Fatal(table.Reasons)
			}
			want := feed.Reason{Check: c.check, Line: c.line, Field: c.field, Found: c.found, Expected: table.Reasons[0].Expected}
			if diff := cmp.Diff(want, table.Reasons[0]); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestTableTellsAllColumnsAtOnce(t *testing.T) {
	t.Parallel()
	table := readTable(t, []byte("nothing,that fits\n"))
	var fields []string
	for _, r := range table.Reasons {
		fields = append(fields, r.Field)
	}
	if diff := cmp.Diff([]string{`"Full Name" (name)`, `"Start Date" (when)`}, fields); diff != "" {
		t.Error(diff)
	}
}

func TestStaffColumnsAreOnce(t *testing.T) {
	t.Parallel()
	for _, keys := range [][]string{feed.StaffColumns(), feed.RegisterColumns()} {
		slices.Sort(keys)
		if n := len(slices.Compact(slices.Clone(keys))); n != len(keys) {
			t.Errorf("%v", keys)
		}
	}
}
