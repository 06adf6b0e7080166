package feed

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"slices"
)

// goReader reads the lines of one GO file into an examination.
type goReader struct {
	e       *examination
	text    *decoder
	row     row
	classes [256]byte
	kinds   map[string]lineReader // by the first two letters of the code
	codes   map[string]*code
	lines   int // that are not blank
	trailer int // line of the trailer; zero: none yet
	total   int // the trailer's count
	grown   map[string]bool
}

// lineReader takes in the lines of one kind of record.
type lineReader interface {
	fields() int
	read(*row, *decoder)
	purge(id string, line int)
}

// readGO reads the file and notes all that its own bytes have against it.
func (e *examination) readGO(r io.Reader) error {
	e.numbers = e.watch()
	g := &goReader{e: e, text: newDecoder(), classes: byteClasses(), codes: map[string]*code{}, grown: map[string]bool{}}
	g.kinds = map[string]lineReader{
		"PR": e.staff.people, "AS": e.staff.assignments, "PO": e.staff.positions, "OR": e.staff.organisations, "LC": e.staff.locations,
	}
	e.judgeName()
	in := newLines(r)
	for {
		line, whole, err := in.next()
		if ended(err) {
			break
		}
		if err != nil {
			return err
		}
		g.take(in.number, line, whole)
	}
	g.end(in.number)
	e.result.SHA256 = in.hash()
	e.judgeHeader()
	e.judgeChain()
	return nil
}

// take looks at one line.
func (g *goReader) take(number int, line []byte, whole bool) {
	g.checkBytes(number, line)
	if len(trim(line)) == 0 {
		return
	}
	g.lines++
	if !whole {
		g.e.bad.add(Reason{Check: CheckFields, Line: number, Found: "a line without an end", Expected: fmt.Sprintf("at most %d bytes", maxLine)})
		return
	}
	code, _, _ := bytes.Cut(line, []byte{'~'})
	switch {
	case g.lines == 1 || string(code) == "HDR":
		g.takeHeader(number, line)
	case string(code) == "TRL":
		g.takeTrailer(number, line)
	case g.trailer > 0:
		g.e.bad.add(Reason{Check: CheckTrailer, Line: number, Found: "a line behind the trailer", Expected: "the trailer last"})
	default:
		g.takeRecord(number, code, line)
	}
}

// checkBytes looks for what no text has, in every line, also in those that are skipped.
func (g *goReader) checkBytes(number int, line []byte) {
	if number == 1 && hasMark(line) {
		g.e.bad.add(Reason{Check: CheckEncoding, Line: 1, Found: "a byte order mark", Expected: "ISO-8859-1 without one"})
	}
	if clean(line) {
		return
	}
	at := slices.IndexFunc(line, func(c byte) bool { return g.classes[c] == control })
	if at < 0 {
		return
	}
	field := 1 + bytes.Count(line[:at], []byte{'~'})
	g.e.bad.add(Reason{
		Check: CheckEncoding, Line: number, Field: fmt.Sprintf("field %d", field),
		Found: fmt.Sprintf("byte 0x%02X", line[at]), Expected: "ISO-8859-1 without control characters",
	})
}

// hasMark reports whether a file begins with a byte order mark.
func hasMark(b []byte) bool {
	return bytes.HasPrefix(b, []byte("\xef\xbb\xbf")) || bytes.HasPrefix(b, []byte("\xff\xfe")) || bytes.HasPrefix(b, []byte("\xfe\xff"))
}

func (g *goReader) takeHeader(number int, line []byte) {
	if g.lines > 1 {
		g.e.bad.add(Reason{Check: CheckHeader, Line: number, Found: "a header", Expected: "one header, in the first line"})
		return
	}
	h, err := ParseHeader(string(bytes.TrimPrefix(line, []byte("\xef\xbb\xbf"))), g.e.pol.Now.Location())
	g.e.result.Header = h
	if err != nil {
		g.e.bad.add(Reason{Check: CheckHeader, Line: number, Found: err.Error(), Expected: "HDR~name~created~VPD~previous run~this run~version"})
		return
	}
	g.row.split(number, line)
	if len(g.row.ends) > headerFields {
		g.warnGrown("HDR", headerFields)
	}
}

func (g *goReader) takeTrailer(number int, line []byte) {
	if g.trailer > 0 {
		g.e.bad.add(Reason{Check: CheckTrailer, Line: number, Found: "a second trailer", Expected: "one, in the last line"})
		return
	}
	g.trailer = number
	n, err := parseTrailer(string(line))
	if err != nil {
		g.e.bad.add(Reason{Check: CheckTrailer, Line: number, Found: err.Error(), Expected: "TRL~count"})
		n = -1
	}
	g.total = n
}

// end compares the trailer with what was read.
func (g *goReader) end(last int) {
	if g.lines == 0 {
		g.e.unread = true
		g.e.bad.add(Reason{Check: CheckHeader, Line: 1, Found: "an empty file", Expected: "a header"})
	}
	want := g.lines
	if g.e.pol.TrailerCounts == DataLines {
		want -= 2
	}
	switch {
	case g.trailer == 0:
		g.e.bad.add(Reason{Check: CheckTrailer, Line: last, Found: "no trailer: the file is cut off", Expected: "TRL~count"})
	case g.total >= 0 && g.total != want:
		g.e.bad.add(Reason{Check: CheckTrailer, Line: g.trailer, Field: "count", Found: fmt.Sprintf("%d lines", want), Expected: fmt.Sprintf("%d, by the trailer", g.total)})
	}
	g.warnText()
	for _, c := range g.codes {
		g.e.result.Counts = append(g.e.result.Counts, c.Count)
	}
	slices.SortFunc(g.e.result.Counts, func(a, b Count) int { return cmp.Compare(a.Code, b.Code) })
}

// warnText says what kind of text it was. Several values that are whole UTF-8,
// and none that cannot be, mean that somebody converted the file on its way.
func (g *goReader) warnText() {
	t := g.text
	if t.utf8 > 0 && t.latin == 0 {
		g.e.bad.add(Reason{Check: CheckUTF8, Line: t.utf8At, Found: fmt.Sprintf("%d values in UTF-8, none in ISO-8859-1", t.utf8), Expected: "ISO-8859-1"})
	} else if t.utf8 > 0 {
		g.e.odd.add(Reason{Check: CheckUTF8, Line: t.utf8At, Found: fmt.Sprintf("%d values that look like UTF-8", t.utf8), Expected: "ISO-8859-1"})
	}
	if t.stray > 0 {
		g.e.odd.add(Reason{Check: CheckEncoding, Found: fmt.Sprintf("%d values with a Windows-1252 character, read as such", t.stray), Expected: "ISO-8859-1"})
	}
}

// takeRecord counts a record, and reads it where its kind is used.
func (g *goReader) takeRecord(number int, name, line []byte) {
	if !isCode(name) {
		g.e.bad.add(Reason{Check: CheckFields, Line: number, Field: "record code", Found: clip(string(name)), Expected: "three capital letters or digits"})
		return
	}
	code := g.countCode(name)
	if code.kind == nil {
		return
	}
	g.row.split(number, line)
	n, want := len(g.row.ends), code.kind.fields()
	switch {
	case name[2] == 'D':
		g.takeDeletion(code.kind)
	case n < want:
		g.e.bad.add(Reason{Check: CheckFields, Line: number, Field: code.Code, Found: fmt.Sprintf("%d fields", n), Expected: fmt.Sprint(want)})
	default:
		if n > want {
			g.warnGrown(code.Code, want)
		}
		if code.kind == lineReader(g.e.staff.people) {
			g.noteNumber(g.row.field(employeeNumberField))
		}
		g.e.result.Rows++
		code.kind.read(&g.row, g.text)
	}
}

// employeeNumberField is the position of the employee number in a person row.
const employeeNumberField = 5

// noteNumber ticks off a canary.
func (g *goReader) noteNumber(number []byte) {
	if _, watched := g.e.numbers[string(number)]; watched {
		g.e.numbers[string(number)] = true
	}
}

func (g *goReader) takeDeletion(kind lineReader) {
	if len(g.row.ends) < 2 || len(g.row.field(2)) == 0 {
		g.e.bad.add(Reason{Check: CheckFields, Line: g.row.number, Field: "ID", Found: "nothing", Expected: "the ID to delete"})
		return
	}
	g.e.result.Rows++
	kind.purge(g.text.text(g.row.field(2), false, g.row.number), g.row.number)
}

// isCode reports whether a record code can be one.
func isCode(b []byte) bool {
	if len(b) != 3 {
		return false
	}
	for _, c := range b {
		if (c < 'A' || c > 'Z') && (c < '0' || c > '9') {
			return false
		}
	}
	return true
}

// code is one record code of the file: how often it came, and who reads it.
type code struct {
	Count
	kind lineReader // nil where it is skipped
}

// countCode counts a line of a record code.
func (g *goReader) countCode(name []byte) *code {
	c := g.codes[string(name)]
	if c == nil {
		c = &code{Count: Count{Code: string(name)}}
		if name[2] == 'A' || name[2] == 'D' {
			c.kind = g.kinds[string(name[:2])]
		}
		c.Skipped = c.kind == nil
		g.codes[c.Code] = c
	}
	c.Lines++
	return c
}

func (g *goReader) warnGrown(code string, known int) {
	if g.grown[code] {
		return
	}
	g.grown[code] = true
	g.e.odd.add(Reason{
		Check: CheckFields, Line: g.row.number, Field: code,
		Found: fmt.Sprintf("%d fields: the layout has grown", len(g.row.ends)), Expected: fmt.Sprintf("%d", known),
	})
}
