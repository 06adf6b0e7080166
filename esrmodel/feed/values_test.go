package feed_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"esrsync/esrmodel"
	"esrsync/esrmodel/feed"
)

// changesFile writes a changes file by hand.
func changesFile(t testing.TB, body func(*feed.Writer)) []byte {
	t.Helper()
	var out bytes.Buffer
	w := feed.NewWriter(&out, header(changesName), "")
	body(w)
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// changed examines the changes file of a trust of 300, with bytes replaced.
func changed(t *testing.T, replace ...string) feed.Result {
	t.Helper()
	content := string(write(t, changesName, staff(300)))
	for i := 0; i < len(replace); i += 2 {
		if !strings.Contains(content, replace[i]) {
			t.Fatalf("nothing to replace: %q", replace[i])
		}
		content = strings.Replace(content, replace[i], replace[i+1], 1)
	}
	return examine(t, changesName, []byte(content), policy(), feed.Before{Chain: yesterday()})
}

func TestValuesThatCannotBe(t *testing.T) {
	t.Parallel()
	const start = "PRA~100007~20190401~47121231~20000007~Mx~Madeup7~"
	for _, c := range []struct {
		claim, from, to string
		field, found    string
		placed          bool // the row still yields a slice
	}{
		{"ruling: 20260230 holds that person", "~19700508~QQ000007A~~20190401", "~19700508~QQ000007A~~20260230", "hire date", "20260230", true},
		{"ruling: an end before a start holds that person", start, "PRA~100007~20190401~20180401~20000007~Mx~Madeup7~", "effective end", "2018-04-01", false},
		{"ruling: a value too long holds that person", start, "PRA~100007~20190401~47121231~20000007~Mx~" + strings.Repeat("x", 151) + "~", "last name", "151 characters", true},
		{"a start that cannot be holds that person", start, "PRA~100007~20191301~47121231~20000007~Mx~Madeup7~", "effective start", "20191301", false},
		{"no start at all holds that person", start, "PRA~100007~~47121231~20000007~Mx~Madeup7~", "effective start", "nothing", false},
		{"a date of birth that cannot be is not shown", "~19700508~QQ000007A", "~19709908~QQ000007A", "date of birth", "", true},
	} {
		t.Run(c.claim, func(t *testing.T) {
			t.Parallel()
			r := changed(t, c.from, c.to)
			if r.Verdict != feed.Accepted {
				t.Fatal(r.Reasons)
			}
			want := []esrmodel.Fault{{
				Kind: esrmodel.KindPerson, ID: "100007", PersonID: "100007", Feed: changesName, Line: 8, Field: c.field, Found: c.found,
				Expected: r.Batch.Faults[0].Expected,
			}}
			if diff := cmp.Diff(want, r.Batch.Faults); diff != "" {
				t.Error(diff)
			}
			if n := len(r.Batch.People); (n == 300) != c.placed {
				t.Errorf("%d people in the batch", n)
			}
		})
	}
}

func TestAssignmentFaultHoldsItsPerson(t *testing.T) {
	t.Parallel()
	for field, replace := range map[string][2]string{
		"FTE":              {"~Permanent~Y~~~~1~", "~Permanent~Y~~~~many~"},
		"FTE ":             {"~Permanent~Y~~~~1~", "~Permanent~Y~~~~10.5~"},
		"primary flag":     {"~Permanent~Y~", "~Permanent~maybe~"},
		"last working day": {"~20261101 101500~~~N~", "~20261101 101500~20260931~~N~"},
	} {
		r := changed(t, replace[0], replace[1])
		if len(r.Batch.Faults) != 1 || r.Batch.Faults[0].PersonID != "100001" || r.Batch.Faults[0].Field != strings.TrimSpace(field) {
			t.Errorf("%s: %+v", field, r.Batch.Faults)
		}
	}
}

func TestOneSliceThatCannotBePlacedKeepsTheWholeRecord(t *testing.T) {
	t.Parallel()
	earlier, later := person(7), person(7)
	earlier.Span = esrmodel.Span{From: day(time.January, 1), To: day(time.May, 31)}
	later.Span = esrmodel.Span{From: day(time.June, 1), To: day(time.May, 1)}
	mirror := staff(10)
	r := examine(t, fullName, write(t, fullName, esrmodel.Staff{People: []esrmodel.Person{person(1), earlier, later}}), lenient(), feed.Before{Mirror: mirror})
	if r.Verdict != feed.Accepted || len(r.Batch.People) != 1 || len(r.Batch.Faults) != 1 {
		t.Fatal(r.Verdict, r.Batch)
	}
	after := feed.Apply(mirror, *r.Batch)
	if diff := cmp.Diff(mirror.People, after.People); diff != "" {
		t.Error("days were lost:", diff)
	}
	if absent := len(after.Absent); absent != 8 {
		t.Errorf("%d people counted as absent; whose row is faulty is there", absent)
	}
}

func TestAssignmentOfNobodyIsNotTaken(t *testing.T) {
	t.Parallel()
	for _, nobody := range []string{"", strings.Repeat("1", 31)} {
		r := changed(t, "ASA~100007~", "ASA~"+nobody+"~")
		if r.Verdict != feed.Accepted || len(r.Batch.Assignments) != 299 || len(r.Batch.Faults) == 0 || r.Batch.Faults[0].ID != "700007" {
			t.Error(r.Verdict, len(r.Batch.Assignments), r.Batch.Faults)
		}
	}
}

func TestFeedDates(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ claim, text, want string }{
		{"YYYYMMDD", "20200229", "2020-02-29"},
		{"a stamp is its day", "20200229 101500", "2020-02-29"},
		{"29 February of another year cannot be", "20190229", "fault"},
		{"a month 13 cannot be", "20191301", "fault"},
		{"a year before ESR's calendar cannot be", "18991231", "fault"},
		{"letters cannot be", "2019O401", "fault"},
		{"seven digits cannot be", "2019041", "fault"},
		{"a stamp with letters cannot be", "20200229 10l500", "fault"},
		{"open is none", "47121231", ""},
	} {
		t.Run(c.claim, func(t *testing.T) {
			t.Parallel()
			r := changed(t, "~19700508~QQ000007A~~20190401", "~19700508~QQ000007A~~"+c.text)
			got := r.Batch.People[6].HireDate.String()
			if len(r.Batch.Faults) > 0 {
				got = "fault"
			}
			if got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestFaultLeavesTheRecordAsTheMirrorHasIt(t *testing.T) {
	t.Parallel()
	mirror := staff(300)
	r := changed(t, "PRA~100007~20190401~47121231", "PRA~100007~20190401~20180401", "Madeup8", "Renamed8")
	after := feed.Apply(mirror, *r.Batch)
	if diff := cmp.Diff(mirror.People[6], after.People[6]); diff != "" {
		t.Error(diff)
	}
	if after.People[7].LastName != "Renamed8" {
		t.Error("the others are taken:", after.People[7].LastName)
	}
	if len(after.Faults) != 1 {
		t.Fatal(after.Faults)
	}
	mended, _ := take(t, changesName, after, staff(300))
	if len(mended.Faults) != 0 {
		t.Error("a record that comes whole sheds its faults:", mended.Faults)
	}
}

func TestFaultsQuarantineAboveHalfAPerCent(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		claim  string
		rows   int
		faults int
		want   feed.Verdict
	}{
		{"ruling: half a per cent of the rows is held, person by person", 400, 2, feed.Accepted},
		{"ruling: above half a per cent the file is quarantined", 400, 3, feed.Quarantined},
		{"ruling: half a per cent is counted in whole rows", 1000, 6, feed.Quarantined},
		{"one slip in a small file holds one person, not the feed", 4, 1, feed.Accepted},
		{"two slips in a small file quarantine it", 4, 2, feed.Quarantined},
	} {
		t.Run(c.claim, func(t *testing.T) {
			t.Parallel()
			content := changesFile(t, func(w *feed.Writer) {
				for n := 1; n <= c.rows; n++ {
					p := person(n)
					if n <= c.faults {
						p.LastName = strings.Repeat("x", 151)
					}
					w.Person(p)
				}
			})
			r := examine(t, changesName, content, policy(), feed.Before{Chain: yesterday()})
			if r.Verdict != c.want || r.Faults != c.faults {
				t.Error(r.Verdict, r.Faults, r.Reasons)
			}
		})
	}
}

func TestDuplicates(t *testing.T) {
	t.Parallel()
	other := person(1)
	other.LastName = "Otherwise"
	file := func(extra ...esrmodel.Person) []byte {
		return changesFile(t, func(w *feed.Writer) {
			for n := 1; n <= 300; n++ {
				w.Person(person(n))
			}
			for _, p := range extra {
				w.Person(p)
			}
		})
	}
	t.Run("ruling: the same ID and start twice with different content holds that person; the last counts", func(t *testing.T) {
		t.Parallel()
		r := examine(t, changesName, file(other), policy(), feed.Before{Chain: yesterday()})
		if r.Verdict != feed.Accepted || len(r.Batch.Faults) != 1 || r.Batch.Faults[0].PersonID != "100001" || r.Batch.Faults[0].Line != 302 {
			t.Fatal(r.Verdict, r.Reasons)
		}
		if len(r.Batch.People) != 300 || r.Batch.People[0].LastName != "Otherwise" {
			t.Error(len(r.Batch.People), r.Batch.People[0].LastName)
		}
	})
	t.Run("the same row twice is no fault", func(t *testing.T) {
		t.Parallel()
		r := examine(t, changesName, file(person(1), person(2), person(3)), policy(), feed.Before{Chain: yesterday()})
		if r.Verdict != feed.Accepted || r.Faults != 0 || len(r.Batch.People) != 300 {
			t.Error(r.Verdict, r.Faults, len(r.Batch.People))
		}
	})
	t.Run("ruling: above half a per cent they quarantine the file", func(t *testing.T) {
		t.Parallel()
		a, b := person(2), person(3)
		a.LastName, b.LastName = "Otherwise", "Otherwise"
		r := examine(t, changesName, file(other, a, b), policy(), feed.Before{Chain: yesterday()})
		if diff := cmp.Diff([]feed.Check{feed.CheckDuplicates}, checksOf(r)[:1]); diff != "" {
			t.Error(diff, r.Reasons)
		}
	})
}

func TestOpenEnds(t *testing.T) {
	t.Parallel()
	for claim, end := range map[string]string{"blank": "", "the end of Oracle's calendar": "47121231", "1900-01-01": "19000101"} {
		t.Run("ruling: open is "+claim, func(t *testing.T) {
			t.Parallel()
			r := changed(t, "PRA~100007~20190401~47121231", "PRA~100007~20190401~"+end)
			if p := r.Batch.People[6]; !p.Span.To.IsZero() || r.Faults != 0 {
				t.Error(p.Span, r.Faults)
			}
		})
	}
}

func TestNothingOfAQuarantinedFileIsUsed(t *testing.T) {
	t.Parallel()
	r := changed(t, "TRL~602", "TRL~603")
	if r.Verdict != feed.Quarantined || r.Batch != nil || r.Next != yesterday() {
		t.Errorf("%s %v %+v", r.Verdict, r.Batch, r.Next)
	}
}

func TestLawSecretsNeverReachAReason(t *testing.T) {
	t.Parallel()
	content := changesFile(t, func(w *feed.Writer) {
		for n := 1; n <= 40; n++ {
			fields := make([]string, 44)
			fields[0], fields[1], fields[2] = "PRA", fmt.Sprint(n), "20190401"
			fields[13], fields[14] = fmt.Sprintf("1970023%d", n%10), strings.Repeat("QQ123456A", 9)
			w.Raw(fields...)
		}
	})
	r := examine(t, changesName, content, policy(), feed.Before{Chain: yesterday()})
	if r.Verdict != feed.Quarantined || r.Faults < 20 {
		t.Fatal(r.Verdict, r.Faults)
	}
	if all := fmt.Sprintf("%+v", r); strings.Contains(all, "QQ12") || strings.Contains(all, "197002") {
		t.Error("a NI number or a date of birth is shown")
	}
}

// Not parallel: allocations are counted for the whole process.
func TestMemoryDoesNotGrowWithWhatIsSkipped(t *testing.T) {
	file := func(skipped int) []byte {
		return changesFile(t, func(w *feed.Writer) {
			w.Person(person(1))
			for range skipped {
				w.Raw("ABA", "1", "20261101", "Made-up absence", strings.Repeat("x", 200))
			}
		})
	}
	pol, before := policy(), feed.Before{Chain: yesterday()}
	allocations := func(content []byte) float64 {
		return testing.AllocsPerRun(5, func() {
			if _, err := feed.Examine(bytes.NewReader(content), changesName, pol, before, nil); err != nil {
				t.Error(err)
			}
		})
	}
	few, many := allocations(file(10)), allocations(file(10_000))
	if many > few+10 {
		t.Errorf("%v allocations for 10 skipped records, %v for 10,000", few, many)
	}
}

func TestFutureIsByTheTrustsOwnClock(t *testing.T) {
	t.Parallel()
	london, err := time.LoadLocation("Europe/London")
	if err != nil {
		t.Fatal(err)
	}
	// Made at 07:20 in British Summer Time, looked at ten minutes later by a machine whose clock shows UTC.
	name := "GO_277_GDW_GOF_20260701_00000102.DAT"
	h := feed.Header{File: name, VPD: "277", Created: time.Date(2026, 7, 1, 7, 20, 0, 0, london), Run: time.Date(2026, 7, 1, 0, 0, 0, 0, london)}
	var out bytes.Buffer
	w := feed.NewWriter(&out, h, "")
	w.Person(person(1))
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	pol := lenient()
	pol.Now = time.Date(2026, 7, 1, 6, 30, 0, 0, time.UTC).In(london)
	if r := examine(t, name, out.Bytes(), pol, feed.Before{}); r.Verdict != feed.Accepted {
		t.Error(r.Reasons)
	}
}
