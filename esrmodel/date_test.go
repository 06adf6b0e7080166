package esrmodel_test

import (
	"encoding/json"
	"testing"
	"time"

	"pgregory.net/rapid"

	"esrsync/esrmodel"
)

// anyDay generates days from 1900 to 4712, the years of ESR's calendar.
func anyDay() *rapid.Generator[esrmodel.Date] {
	last := esrmodel.NewDate(4712, time.December, 31)
	return rapid.Custom(func(t *rapid.T) esrmodel.Date {
		return esrmodel.Date(rapid.Int32Range(1, int32(last)).Draw(t, "days"))
	})
}

func TestParseDate(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		claim, text, want string
		fails             bool
	}{
		{claim: "an ISO day is read", text: "2026-11-22", want: "2026-11-22"},
		{claim: "blank is no date", text: "", want: ""},
		{claim: "29 February is a day in a leap year", text: "2024-02-29", want: "2024-02-29"},
		{claim: "29 February is no day in other years", text: "2026-02-29", fails: true},
		{claim: "30 February is no day", text: "2026-02-30", fails: true},
		{claim: "the end of Oracle's calendar is a day", text: "4712-12-31", want: "4712-12-31"},
		{claim: "a time of day is refused", text: "2026-11-22T00:00:00Z", fails: true},
		{claim: "words are refused", text: "tomorrow", fails: true},
	} {
		t.Run(c.claim, func(t *testing.T) {
			t.Parallel()
			got, err := esrmodel.ParseDate(c.text)
			if (err != nil) != c.fails {
				t.Fatalf("error %v", err)
			}
			if got.String() != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestDateText(t *testing.T) {
	t.Parallel()
	day := esrmodel.NewDate(2026, time.November, 22)
	if got := day.Words(); got != "22 November 2026" {
		t.Errorf("words: %q", got)
	}
	if got := esrmodel.Date(0).Words(); got != "no date" {
		t.Errorf("words of no date: %q", got)
	}
	if got := esrmodel.EndOfTime.String(); got != "" {
		t.Errorf("the end of time prints %q", got)
	}
	if day.Weekday() != time.Sunday {
		t.Errorf("weekday %v", day.Weekday())
	}
	b, err := json.Marshal(esrmodel.Span{From: day})
	if err != nil || string(b) != `{"from":"2026-11-22","to":""}` {
		t.Errorf("an open span in JSON: %s, %v", b, err)
	}
}

func TestDateKeepsNoDate(t *testing.T) {
	t.Parallel()
	if got := esrmodel.Date(0).AddDays(7); got != 0 {
		t.Errorf("no date and a week is %v", got)
	}
	if got := esrmodel.EndOfTime.AddDays(7); got != esrmodel.EndOfTime {
		t.Errorf("the end of time and a week is %v", int32(got))
	}
}

func TestDateOfTakesTheWallClock(t *testing.T) {
	t.Parallel()
	london, err := time.LoadLocation("Europe/London")
	if err != nil {
		t.Fatal(err)
	}
	// Half past midnight in British Summer Time is still the day before in UTC.
	night := time.Date(2026, time.July, 1, 0, 30, 0, 0, london)
	if got := esrmodel.DateOf(night).String(); got != "2026-07-01" {
		t.Errorf("in London: %s", got)
	}
	if got := esrmodel.DateOf(night.UTC()).String(); got != "2026-06-30" {
		t.Errorf("in UTC: %s", got)
	}
	if got := esrmodel.NewDate(2026, time.July, 1).Time(london); !got.Equal(night.Add(-30 * time.Minute)) {
		t.Errorf("midnight in London: %v", got)
	}
}

func TestDateLaws(t *testing.T) {
	t.Parallel()
	t.Run("text and back is the same day", rapid.MakeCheck(func(t *rapid.T) {
		day := anyDay().Draw(t, "day")
		text, err := day.MarshalText()
		if err != nil {
			t.Fatal(err)
		}
		var back esrmodel.Date
		if err := back.UnmarshalText(text); err != nil || back != day {
			t.Fatalf("%s came back as %v (%v)", text, back, err)
		}
	}))
	t.Run("days are counted as the calendar counts them", rapid.MakeCheck(func(t *rapid.T) {
		day, n := anyDay().Draw(t, "day"), rapid.IntRange(0, 5000).Draw(t, "n")
		want := day.Time(time.UTC).AddDate(0, 0, n)
		if got := day.AddDays(n).Time(time.UTC); !got.Equal(want) {
			t.Fatalf("%v and %d days is %v, want %v", day, n, got, want)
		}
	}))
	t.Run("earlier days compare less", rapid.MakeCheck(func(t *rapid.T) {
		a, b := anyDay().Draw(t, "a"), anyDay().Draw(t, "b")
		if (a < b) != (a.String() < b.String()) {
			t.Fatalf("%v and %v compare the wrong way", a, b)
		}
	}))
}

func TestSpan(t *testing.T) {
	t.Parallel()
	day := func(d int) esrmodel.Date { return esrmodel.NewDate(2026, time.March, d) }
	t.Run("both ends are covered", func(t *testing.T) {
		t.Parallel()
		s := esrmodel.Span{From: day(3), To: day(5)}
		for d, want := range map[int]bool{2: false, 3: true, 5: true, 6: false} {
			if got := s.Covers(day(d)); got != want {
				t.Errorf("day %d: %v", d, got)
			}
		}
	})
	t.Run("an open span covers every later day", func(t *testing.T) {
		t.Parallel()
		if s := (esrmodel.Span{From: day(3)}); !s.Covers(esrmodel.NewDate(4000, 1, 1)) || s.IsEmpty() {
			t.Errorf("%v", s)
		}
	})
	t.Run("a span that ends before it starts is empty", func(t *testing.T) {
		t.Parallel()
		if s := (esrmodel.Span{From: day(3), To: day(2)}); !s.IsEmpty() {
			t.Errorf("%v", s)
		}
	})
}

// anySpan generates spans of up to a fortnight in a short window, some of them open.
func anySpan() *rapid.Generator[esrmodel.Span] {
	base := esrmodel.NewDate(2026, time.January, 1)
	return rapid.Custom(func(t *rapid.T) esrmodel.Span {
		from := base.AddDays(rapid.IntRange(0, 30).Draw(t, "from"))
		if rapid.IntRange(0, 4).Draw(t, "open") == 0 {
			return esrmodel.Span{From: from}
		}
		return esrmodel.Span{From: from, To: from.AddDays(rapid.IntRange(0, 14).Draw(t, "length"))}
	})
}

func TestSpansOverlapWhereTheyShareADay(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a, b := anySpan().Draw(t, "a"), anySpan().Draw(t, "b")
		shared := false
		for d := range 60 {
			day := esrmodel.NewDate(2026, time.January, 1+d)
			shared = shared || (a.Covers(day) && b.Covers(day))
		}
		if a.Overlaps(b) != shared || b.Overlaps(a) != shared {
			t.Fatalf("%v and %v", a, b)
		}
	})
}
