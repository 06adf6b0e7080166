package feed_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"esrsync/esrmodel"
	"esrsync/esrmodel/feed"
)

func TestParseName(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		claim, name   string
		full, changes bool
		fails         bool
	}{
		{claim: "a changes file ends its type in C", name: "GO_277_GDW_GOC_20210409_00001945.DAT", changes: true},
		{claim: "a full file ends its type in F", name: "GO_277_EXP_GOF_20210409_00001945.DAT", full: true},
		{claim: "the list of streams is not fixed", name: "GO_277_NEW1_GOF_20210409_00001945.DAT", full: true},
		{claim: "a request is neither", name: "GO_277_GDW_GDR_20210409_00001945.DAT"},
		{claim: "a day that the calendar lacks is refused", name: "GO_277_GDW_GOC_20210229_00001945.DAT", fails: true},
		{claim: "a VPD of two digits is refused", name: "GO_27_GDW_GOC_20210409_00001945.DAT", fails: true},
		{claim: "a short sequence is refused", name: "GO_277_GDW_GOC_20210409_1945.DAT", fails: true},
		{claim: "a browser's copy is refused", name: "GO_277_GDW_GOC_20210409_00001945 (1).DAT", fails: true},
		{claim: "a file still being written is refused", name: "GO_277_GDW_GOC_20210409_00001945.DAT.part", fails: true},
		{claim: "a folder is not part of the name", name: "in/GO_277_GDW_GOC_20210409_00001945.DAT", fails: true},
		{claim: "nothing is refused", name: "", fails: true},
	} {
		t.Run(c.claim, func(t *testing.T) {
			t.Parallel()
			n, err := feed.ParseName(c.name)
			if (err != nil) != c.fails {
				t.Fatalf("error %v", err)
			}
			if err == nil && (n.String() != c.name || n.Full() != c.full || n.Changes() != c.changes) {
				t.Errorf("%+v: full %v, changes %v", n, n.Full(), n.Changes())
			}
		})
	}
}

func TestNameRoundTrip(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		want := feed.Name{
			VPD: rapid.StringMatching(`[0-9]{3}`).Draw(t, "vpd"), Stream: rapid.StringMatching(`[A-Z0-9]{1,8}`).Draw(t, "stream"),
			Type: rapid.StringMatching(`[A-Z]{3}`).Draw(t, "type"), Sequence: rapid.IntRange(0, 99999999).Draw(t, "sequence"),
			Date: esrmodel.NewDate(2000, time.January, 1).AddDays(rapid.IntRange(0, 36500).Draw(t, "date")),
		}
		got, err := feed.ParseName(want.String())
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Fatal(diff, err)
		}
	})
}

func TestParseHeader(t *testing.T) {
	t.Parallel()
	const good = "HDR~GO_277_GDW_GOC_20210409_00001945.DAT~20210409 072050~277~20210408 000000~20210409 000000~01"
	for _, c := range []struct {
		claim, line, complaint string
	}{
		{claim: "seven fields are a header", line: good},
		{claim: "more fields are a grown layout", line: good + "~new"},
		{claim: "a full file's previous run may be zeros", line: strings.Replace(good, "20210408 000000", "00000000 000000", 1)},
		{claim: "six fields are refused", line: strings.TrimSuffix(good, "~01"), complaint: "6 fields"},
		{claim: "another first line is refused", line: "PRA~1", complaint: "HDR"},
		{claim: "a stamp that cannot be is refused", line: strings.Replace(good, "072050", "257050", 1), complaint: "created"},
		{claim: "a blank run is refused", line: strings.Replace(good, "20210409 000000", "", 1), complaint: "which run"},
		{claim: "a previous run after this run is refused", line: strings.Replace(good, "20210408", "20210410", 1), complaint: "later"},
	} {
		t.Run(c.claim, func(t *testing.T) {
			t.Parallel()
			_, err := feed.ParseHeader(c.line, time.UTC)
			if (err == nil) != (c.complaint == "") || (err != nil && !strings.Contains(err.Error(), c.complaint)) {
				t.Errorf("error %v, want one about %q", err, c.complaint)
			}
		})
	}
}

func TestParseDate(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		claim, text, want string
		fails             bool
	}{
		{claim: "ruling: DD-MON-YYYY", text: "22-NOV-2026", want: "2026-11-22"},
		{claim: "months in any case", text: "22-nov-2026", want: "2026-11-22"},
		{claim: "ruling: YYYY-MM-DD", text: "2026-11-22", want: "2026-11-22"},
		{claim: "ruling: DD/MM/YYYY, never the American way", text: "03/11/2026", want: "2026-11-03"},
		{claim: "a time of day is ignored", text: "22-NOV-2026 09:15:00", want: "2026-11-22"},
		{claim: "so is one behind a T", text: "2026-11-22T09:15:00", want: "2026-11-22"},
		{claim: "blank is none", text: "  ", want: ""},
		{claim: "the end of Oracle's calendar is open", text: "31-DEC-4712", want: ""},
		{claim: "1900-01-01 is a blank that was read back", text: "01/01/1900", want: ""},
		{claim: "13/25/2026 is refused", text: "13/25/2026", fails: true},
		{claim: "30 February is refused", text: "30-FEB-2026", fails: true},
		{claim: "two-digit years are refused", text: "22/11/26", fails: true},
		{claim: "words are refused", text: "soon", fails: true},
	} {
		t.Run(c.claim, func(t *testing.T) {
			t.Parallel()
			got, err := feed.ParseDate(c.text)
			if (err != nil) != c.fails || got.String() != c.want {
				t.Errorf("%q, error %v", got, err)
			}
			if err != nil && strings.Contains(err.Error(), c.text) {
				t.Errorf("the error shows the value: %v", err)
			}
		})
	}
}

func TestEachCheckIsDocumented(t *testing.T) {
	t.Parallel()
	doc, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	var checks []feed.Check
	for _, m := range regexp.MustCompile(`(?m)^//\t(\w+) +(yes|no) `).FindAllStringSubmatch(string(doc), -1) {
		check := feed.Check(m[1])
		checks = append(checks, check)
		if overridable := m[2] == "yes"; overridable != check.Overridable() {
			t.Errorf("%s: documented as %s, is %v", check, m[2], check.Overridable())
		}
	}
	slices.Sort(checks)
	want := feed.Checks()
	slices.Sort(want)
	if diff := cmp.Diff(want, checks); diff != "" {
		t.Error(diff)
	}
}
