package feed

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"esrsync/esrmodel"
)

// records gathers the slices of one kind.
type records[T Noun[T]] struct {
	layout  layout[T]
	kind    esrmodel.Kind
	current T // the row in hand; here so that a row costs no allocation
	rows    chunks[T]
	lines   []int           // of each of rows
	purged  map[string]int  // ID to the line of its last deletion
	broken  map[string]bool // IDs with a row whose days cannot be placed
	log     *faultLog
	issues  []problem
}

func newRecords[T Noun[T]](l layout[T], log *faultLog) *records[T] {
	return &records[T]{layout: l, kind: esrmodel.Kind(l.code), log: log, purged: map[string]int{}, broken: map[string]bool{}}
}

// fields returns how many fields a line of this kind has at least.
func (t *records[T]) fields() int { return t.layout.fields }

// purge notes a deletion: what came before it in the file is gone too.
func (t *records[T]) purge(id string, line int) { t.purged[id] = line }

// read takes in one line that has all its fields.
func (t *records[T]) read(r *row, d *decoder) {
	var blank T
	t.current = blank
	t.issues = t.issues[:0]
	for i := range t.layout.columns {
		c := &t.layout.columns[i]
		raw := r.field(c.at)
		if len(raw) == 0 {
			continue
		}
		if p := set(c.of(&t.current), raw, d, c.width, c.often, r.number); p.expected != "" {
			p.field = c.name
			t.issues = append(t.issues, p)
		}
	}
	t.take(&t.current, r.number, t.issues)
}

// take adds a copy of one slice, with the problems that its row had, and looks at
// its days. A slice whose days cannot be placed leaves its whole record as the mirror has it.
func (t *records[T]) take(v *T, line int, issues []problem) {
	placed := true
	for _, p := range issues {
		placed = placed && p.field != "effective start" && p.field != "effective end" && p.field != "inactive date"
	}
	if placed {
		if p := t.misplaced(v); p.expected != "" {
			issues, placed = append(issues, p), false
		}
	}
	t.log.add(CheckValues, t.fault(v, line), issues)
	if !placed {
		t.broken[(*v).RecordID()] = true
		return
	}
	t.rows.add(v)
	t.lines = append(t.lines, line)
}

// misplaced tells why a slice has no place among those of its record.
func (t *records[T]) misplaced(v *T) problem {
	days := (*v).Dates()
	switch {
	case (*v).RecordID() == "":
		return problem{"ID", "nothing", "an ID"}
	case t.kind == esrmodel.KindAssignment && t.layout.owner(v) == "":
		return problem{"person ID", "nothing", "the ID of a person"}
	case t.layout.dated && days.From.IsZero():
		return problem{"effective start", "nothing", "a date"}
	case days.IsEmpty():
		return problem{"effective end", days.To.String(), "no day before the start, " + days.From.String()}
	}
	return problem{}
}

// fault returns the frame of a fault in a row.
func (t *records[T]) fault(v *T, line int) esrmodel.Fault {
	return esrmodel.Fault{Kind: t.kind, ID: (*v).RecordID(), PersonID: t.layout.owner(v), Line: line}
}

// finish returns the slices sorted by ID and first day, each such pair once, and notes duplicates.
func (t *records[T]) finish() []T {
	order := t.order()
	out := make([]T, 0, len(order))
	for _, key := range order {
		v := t.rows.at(key.row)
		last := len(out) - 1
		if last < 0 || out[last].RecordID() != key.id || out[last].Dates().From != key.from {
			out = append(out, *v)
			continue
		}
		if out[last] != *v {
			t.log.add(CheckDuplicates, t.fault(v, t.lines[key.row]), []problem{{
				"ID and effective start", "a second row with other content", "each start of a record once",
			}})
		}
		out[last] = *v // what ESR said last
	}
	return out
}

// sliceKey is what slices are sorted by.
type sliceKey struct {
	id   string
	from esrmodel.Date
	row  int // as they came
}

func (k sliceKey) compare(o sliceKey) int {
	return cmp.Or(cmp.Compare(k.id, o.id), cmp.Compare(k.from, o.from), cmp.Compare(k.row, o.row))
}

// order returns the rows that count, sorted.
func (t *records[T]) order() []sliceKey {
	order := make([]sliceKey, 0, len(t.lines))
	for i, line := range t.lines {
		v := t.rows.at(i)
		id := (*v).RecordID()
		if (len(t.purged) > 0 && line < t.purged[id]) || (len(t.broken) > 0 && t.broken[id]) {
			continue
		}
		order = append(order, sliceKey{id, (*v).Dates().From, i})
	}
	if !slices.IsSortedFunc(order, sliceKey.compare) {
		slices.SortFunc(order, sliceKey.compare)
	}
	return order
}

// deletions returns what the file purges of this kind, sorted by ID.
func (t *records[T]) deletions(feed string) []esrmodel.Deletion {
	out := make([]esrmodel.Deletion, 0, len(t.purged))
	for id := range t.purged {
		out = append(out, esrmodel.Deletion{Kind: t.kind, ID: id, Feed: feed})
	}
	sortDeletions(out)
	return out
}

// set reads a value that is not blank into the field of a noun. It returns a
// problem, of which expected is empty where there is none.
func set(to any, raw []byte, d *decoder, width int, often bool, line int) problem {
	if width > 0 && len(raw) > width {
		if n := runes(raw); n > width {
			return problem{found: strconv.Itoa(n) + " characters", expected: fmt.Sprintf("at most %d", width)}
		}
	}
	switch to := to.(type) {
	case *string:
		*to = d.text(raw, often, line)
		return problem{}
	case *esrmodel.NINumber:
		*to = esrmodel.NINumber(d.text(raw, false, line))
		return problem{}
	case *esrmodel.BirthDate:
		return setBirth(to, raw)
	case *esrmodel.Date:
		return setDay(to, raw)
	case *bool:
		return setFlag(to, raw)
	case *float64:
		return setFTE(to, raw)
	}
	panic(fmt.Sprintf("a layout names a field of type %T", to)) // a mistake in layout.go
}

// runes counts characters: those of UTF-8 where it is whole, else bytes.
func runes(raw []byte) int {
	if utf8.Valid(raw) {
		return utf8.RuneCount(raw)
	}
	return len(raw)
}

const expectedDay = "a day of the calendar, YYYYMMDD"

func setDay(to *esrmodel.Date, raw []byte) problem {
	day, ok := parseDay(raw)
	if !ok {
		return problem{found: clip(string(raw)), expected: expectedDay}
	}
	*to = day
	return problem{}
}

// setBirth says nothing of what it found.
func setBirth(to *esrmodel.BirthDate, raw []byte) problem {
	day, ok := parseDay(raw)
	if !ok {
		return problem{expected: expectedDay}
	}
	*to = esrmodel.BirthDate(day)
	return problem{}
}

func setFlag(to *bool, raw []byte) problem {
	switch text := string(raw); {
	case strings.EqualFold(text, "Y"), strings.EqualFold(text, "Yes"):
		*to = true
	case strings.EqualFold(text, "N"), strings.EqualFold(text, "No"):
		*to = false
	default:
		return problem{found: clip(string(raw)), expected: "Y or N"}
	}
	return problem{}
}

// maxFTE is far above what one assignment can be, and far below a misplaced decimal point.
const maxFTE = 10

func setFTE(to *float64, raw []byte) problem {
	n, err := strconv.ParseFloat(string(raw), 64)
	if err != nil || math.IsNaN(n) || n < 0 || n > maxFTE {
		return problem{found: clip(string(raw)), expected: "a number from 0 to 10"}
	}
	*to = n
	return problem{}
}
