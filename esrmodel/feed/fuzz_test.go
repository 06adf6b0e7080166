package feed_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"
	"unicode/utf8"

	"esrsync/esrmodel"
	"esrsync/esrmodel/feed"
)

// seed adds every scenario's file of the given ending.
func seed(f *testing.F, ending string) {
	f.Helper()
	files, err := filepath.Glob("testdata/mistakes/*/*" + ending)
	if err != nil || len(files) == 0 {
		f.Fatal("no seeds", err)
	}
	for _, name := range files {
		content, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(content)
	}
}

// sound holds what is true of every verdict on every file.
func sound(t *testing.T, r feed.Result, before feed.Before) {
	t.Helper()
	if (r.Verdict == feed.Accepted) != (r.Batch != nil) || (r.Verdict == feed.Quarantined) != (len(r.Standing()) > 0) {
		t.Fatalf("%s with %d reasons and batch %v", r.Verdict, len(r.Standing()), r.Batch != nil)
	}
	for _, reason := range r.Reasons {
		if !utf8.ValidString(reason.String()) {
			t.Fatalf("a reason is no text: %q", reason)
		}
	}
	if r.Batch == nil {
		return
	}
	after := feed.Apply(before.Mirror, *r.Batch)
	for i, p := range after.People {
		if !utf8.ValidString(p.LastName) || p.Span.IsEmpty() || (i > 0 && after.People[i-1].ID > p.ID) {
			t.Fatalf("%q %v", p.LastName, p.Span)
		}
	}
	if len(r.Batch.Deletions) == 0 && len(after.People) < len(before.Mirror.People) {
		t.Fatal("somebody is gone")
	}
}

func FuzzExamine(f *testing.F) {
	seed(f, ".DAT")
	f.Fuzz(func(t *testing.T, content []byte) {
		for _, name := range []string{fullName, changesName} {
			before := feed.Before{Chain: yesterday(), Mirror: staff(3)}
			sound(t, examine(t, name, content, policy(), before), before)
		}
	})
}

// FuzzLine puts one line between a header and a trailer that fit.
func FuzzLine(f *testing.F) {
	content := write(f, changesName, staff(1))
	for _, line := range bytes.Split(content, []byte("\n")) {
		f.Add(line)
	}
	f.Add([]byte("PRD~100001"))
	f.Add([]byte("~~~~"))
	f.Fuzz(func(t *testing.T, line []byte) {
		file := []byte(header(changesName).String() + "01\n")
		file = append(append(file, line...), "\nTRL~3\n"...)
		before := feed.Before{Chain: yesterday(), Mirror: staff(3)}
		sound(t, examine(t, changesName, file, policy(), before), before)
	})
}

func FuzzStaffCSV(f *testing.F) {
	seed(f, ".csv")
	f.Fuzz(func(t *testing.T, content []byte) {
		pol, before := policy(), feed.Before{Mirror: staff(3)}
		pol.Format, pol.Columns = feed.FormatCSV, csvColumns()
		sound(t, examine(t, "staff.csv", content, pol, before), before)
	})
}

func FuzzTable(f *testing.F) {
	seed(f, ".csv")
	f.Add([]byte("Full Name,Start Date\n\"a\"b,\n"))
	f.Fuzz(func(t *testing.T, content []byte) {
		for _, row := range readTable(t, content).Rows {
			if !utf8.ValidString(row.Text("name")) {
				t.Fatalf("%q", row.Text("name"))
			}
		}
	})
}

func FuzzName(f *testing.F) {
	f.Add(fullName)
	f.Add("GO_277_GDW_GOC_20210229_00001945.DAT")
	f.Fuzz(func(t *testing.T, s string) {
		if n, err := feed.ParseName(s); err == nil && n.String() != s {
			t.Fatalf("%q came back as %q", s, n)
		}
	})
}

func FuzzHeader(f *testing.F) {
	f.Add(header(fullName).String() + "01")
	f.Add("HDR~~~~~~")
	f.Fuzz(func(t *testing.T, s string) {
		h, err := feed.ParseHeader(s, time.UTC)
		if err == nil && (h.Created.IsZero() || h.Run.Before(h.Previous)) {
			t.Fatalf("%+v", h)
		}
	})
}

func FuzzDate(f *testing.F) {
	for _, s := range []string{"22-NOV-2026", "2026-11-22", "22/11/2026", "31-DEC-4712", "01/01/1900", "", "2026-11-22T00:00"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		day, err := feed.ParseDate(s)
		if err != nil || day.IsZero() {
			return
		}
		if back, err := esrmodel.ParseDate(day.String()); err != nil || back != day {
			t.Fatalf("%q is %v and comes back as %v", s, day, back)
		}
	})
}
