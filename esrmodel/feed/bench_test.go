package feed_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"esrsync/esrmodel"
	"esrsync/esrmodel/feed"
)

// nightly returns a full file of a trust as large as they come, with the
// records that are skipped in about the share in which ESR sends them.
func nightly(b *testing.B, people int) ([]byte, esrmodel.Staff) {
	b.Helper()
	s := staff(people)
	var out bytes.Buffer
	w := feed.NewWriter(&out, header(fullName), "")
	for i := range s.People {
		w.Raw(filled(b, "PRA", func(w *feed.Writer) { w.Person(s.People[i]) })...)
		w.Raw(filled(b, "ASA", func(w *feed.Writer) { w.Assignment(s.Assignments[i]) })...)
		for n := range 2 {
			w.Raw("ABA", fmt.Sprint(i), fmt.Sprint(n), "20261101", "20261103", "Made-up absence", "", "", "", "24", "20261103 101500")
		}
	}
	if err := w.Close(); err != nil {
		b.Fatal(err)
	}
	return out.Bytes(), s
}

// unused returns fields that a real row has and that are never read.
func unused(code string) []int {
	return map[string][]int{
		"PRA": {10, 13, 20, 21, 22, 23, 25, 26, 28, 31, 32, 33, 37, 40, 41, 42},
		"ASA": {6, 11, 12, 13, 15, 17, 23, 24, 25, 27, 31, 32, 33, 34, 36, 37, 42, 43, 47},
	}[code]
}

// filled returns the fields of a record with something in those that are not read.
func filled(b *testing.B, code string, write func(*feed.Writer)) []string {
	b.Helper()
	var out bytes.Buffer
	w := feed.NewWriter(&out, header(fullName), "")
	write(w)
	if err := w.Close(); err != nil {
		b.Fatal(err)
	}
	// The writer's bytes are ISO-8859-1; back to UTF-8 for Raw.
	line := strings.ReplaceAll(strings.Split(out.String(), "\n")[1], "\xeb", "ë")
	fields := strings.Split(line, "~")
	for _, n := range unused(code) {
		fields[n-1] = "not used"
	}
	return fields
}

// BenchmarkExamine is the bar of parsing and gating: 100 MB/s on one core.
func BenchmarkExamine(b *testing.B) {
	content, mirror := nightly(b, 10_000)
	for _, c := range []struct {
		name   string
		before feed.Before
	}{{"first full file", feed.Before{}}, {"full file against the mirror", feed.Before{Mirror: mirror, Chain: yesterday()}}} {
		b.Run(c.name, func(b *testing.B) {
			b.SetBytes(int64(len(content)))
			b.ReportAllocs()
			for b.Loop() {
				r, err := feed.Examine(bytes.NewReader(content), fullName, policy(), c.before, nil)
				if err != nil || r.Verdict != feed.Accepted {
					b.Fatal(r.Verdict, r.Reasons, err)
				}
			}
		})
	}
}

// BenchmarkSkipped reads records that are not used: the speed of the rest of the feed.
func BenchmarkSkipped(b *testing.B) {
	var out bytes.Buffer
	w := feed.NewWriter(&out, header(changesName), "")
	for i := range 100_000 {
		w.Raw("ABA", fmt.Sprint(i), "20261101", "20261103", "Made-up absence", "", "", "", "24", "20261103 101500")
	}
	if err := w.Close(); err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(out.Len()))
	b.ReportAllocs()
	for b.Loop() {
		r, err := feed.Examine(bytes.NewReader(out.Bytes()), changesName, policy(), feed.Before{Chain: yesterday()}, nil)
		if err != nil || r.Verdict != feed.Accepted {
			b.Fatal(r.Verdict, r.Reasons, err)
		}
	}
}
