package feed_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"esrsync/esrmodel/feed"
)

func TestEveryByte(t *testing.T) {
	t.Parallel()
	meaningless := []byte{0x81, 0x8d, 0x8f, 0x90, 0x9d}
	for c := range 256 {
		if c == '\n' || c == '~' {
			continue
		}
		for at := range 9 { // at each place of a machine word, and behind the last whole one
			line := []byte("ABA~1234567890123")
			line[4+at] = byte(c)
			content := []byte(header(changesName).String() + "01\n" + string(line) + "\nTRL~3\n")
			r := examine(t, changesName, content, policy(), feed.Before{Chain: yesterday()})
			refused := c < 0x20 || c == 0x7f || bytes.IndexByte(meaningless, byte(c)) >= 0
			if (r.Verdict == feed.Quarantined) != refused {
				t.Fatalf("byte 0x%02X at %d: %s %v", c, at, r.Verdict, r.Reasons)
			}
		}
	}
}

func TestText(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ claim, from, to, want string }{
		{"ISO-8859-1 accents are read", "Madeup7~", "Ma\xf0e\xfcp7~", "Maðeüp7"},
		{"stray Windows-1252 quotes and dashes are read as such", "Madeup7~", "O\x92Made\x96up~", "O’Made–up"},
		{"a bare quote is data", "Madeup7~", `Made"up7~`, `Made"up7`},
		{"a quote at either end is data", "Madeup7~", `"Madeup7"~`, `"Madeup7"`},
		{"blanks around a value go", "Madeup7~", "  Madeup7 ~", "Madeup7"},
		{"a no-break space is kept inside", "Madeup7~", "Made\xa0up~", "Made\u00a0up"},
	} {
		t.Run(c.claim, func(t *testing.T) {
			t.Parallel()
			r := changed(t, c.from, c.to)
			if r.Verdict != feed.Accepted || r.Batch.People[6].LastName != c.want {
				t.Errorf("%v %q", r.Reasons, r.Batch.People[6].LastName)
			}
		})
	}
}

func TestUnknownCodesAreSkippedCountedAndTold(t *testing.T) {
	t.Parallel()
	content := changesFile(t, func(w *feed.Writer) {
		w.Person(person(1))
		w.Raw("ABA", "1", "absence")
		w.Raw("ABA", "2", "absence")
		w.Raw("QQA", "what is this")
		w.Raw("PRX", "neither added nor deleted")
	})
	r := examine(t, changesName, content, policy(), feed.Before{Chain: yesterday()})
	want := []feed.Count{{Code: "ABA", Lines: 2, Skipped: true}, {Code: "PRA", Lines: 1}, {Code: "PRX", Lines: 1, Skipped: true}, {Code: "QQA", Lines: 1, Skipped: true}}
	if diff := cmp.Diff(want, r.Counts); diff != "" || r.Verdict != feed.Accepted || r.Rows != 1 {
		t.Error(diff, r.Reasons, r.Rows)
	}
}

func TestManyReasonsAreCountedNotAllTold(t *testing.T) {
	t.Parallel()
	content := changesFile(t, func(w *feed.Writer) {
		for n := range 100 {
			w.Raw("PRA", fmt.Sprint(n))
		}
		w.Raw("POA", "also short\x01")
	})
	r := examine(t, changesName, content, policy(), feed.Before{Chain: yesterday()})
	if len(r.Reasons) != 22 { // one of encoding, twenty of fields and their count
		t.Fatal(len(r.Reasons))
	}
	if last := r.Reasons[21]; last.Check != feed.CheckFields || last.Found != "and 81 more" {
		t.Error(last)
	}
}

func TestLongLineIsAReasonNotACrash(t *testing.T) {
	t.Parallel()
	r := changed(t, "PRA~100007~", "PRA~100007~"+strings.Repeat("x", 1<<20)+"~")
	if diff := cmp.Diff([]feed.Check{feed.CheckFields}, checksOf(r)); diff != "" {
		t.Error(diff)
	}
}

func TestLineEnds(t *testing.T) {
	t.Parallel()
	content := string(write(t, changesName, staff(3)))
	crlf := strings.ReplaceAll(content, "\n", "\r\n")
	for _, c := range []struct{ claim, content string }{
		{"ruling: LF", content},
		{"ruling: CRLF", crlf},
		{"ruling: a missing last LF is fine", strings.TrimSuffix(content, "\n")},
		{"ruling: a missing last CRLF is fine", strings.TrimSuffix(crlf, "\r\n")},
		{"half of the last CRLF is fine", strings.TrimSuffix(crlf, "\n")},
		{"blank lines are not counted", strings.Replace(content, "\nTRL", "\n\n  \nTRL", 1)},
	} {
		t.Run(c.claim, func(t *testing.T) {
			t.Parallel()
			r := examine(t, changesName, []byte(c.content), policy(), feed.Before{Chain: yesterday()})
			if r.Verdict != feed.Accepted || len(r.Batch.People) != 3 || r.Batch.Assignments[2].Updated != "20261101 101500" {
				t.Error(r.Verdict, r.Reasons)
			}
		})
	}
	t.Run("ruling: a carriage return inside a line is a control character", func(t *testing.T) {
		t.Parallel()
		r := examine(t, changesName, []byte(strings.Replace(content, "Madeup2", "Made\rup2", 1)), policy(), feed.Before{Chain: yesterday()})
		if diff := cmp.Diff([]feed.Check{feed.CheckEncoding}, checksOf(r)); diff != "" {
			t.Error(diff)
		}
	})
}
