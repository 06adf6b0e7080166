package config

import (
	"errors"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func london(t *testing.T) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("Europe/London")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

func TestNext(t *testing.T) {
	t.Parallel()
	zone := london(t)
	tests := []struct {
		name, cron, after, want string
	}{
		{"every day at six", "0 6 * * *", "2026-01-10 06:00", "2026-01-11 06:00"},
		{"the same minute is not after itself", "* * * * *", "2026-01-10 06:00", "2026-01-10 06:01"},
		{"the first of the month", "0 8 1 * *", "2026-01-01 08:01", "2026-02-01 08:00"},
		{"a step", "*/20 * * * *", "2026-01-10 06:25", "2026-01-10 06:40"},
		{"a step from a number on", "10/20 * * * *", "2026-01-10 06:31", "2026-01-10 06:50"},
		{"a range with a step", "0 8-18/5 * * *", "2026-01-10 13:30", "2026-01-10 18:00"},
		{"a list", "5,35 7 * * *", "2026-01-10 07:06", "2026-01-10 07:35"},
		{"named days", "0 6 * * mon-fri", "2026-01-09 07:00", "2026-01-12 06:00"},
		{"seven is Sunday", "0 6 * * 7", "2026-01-09 07:00", "2026-01-11 06:00"},
		{"a named month", "0 6 1 Aug *", "2026-01-09 07:00", "2026-08-01 06:00"},
		{"either kind of day is enough", "0 6 13 * FRI", "2026-01-09 07:00", "2026-01-13 06:00"},
		{"the leap day", "0 6 29 2 *", "2026-01-09 07:00", "2028-02-29 06:00"},
		{"an hour that the clocks skip does not come", "30 1 * * *", "2026-03-28 02:00", "2026-03-30 01:30"},
		{"a year ends", "0 0 1 1 *", "2026-12-31 23:59", "2027-01-01 00:00"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			cron, err := ParseCron(test.cron)
			if err != nil {
				t.Fatal(err)
			}
			after, err := time.ParseInLocation("2006-01-02 15:04", test.after, zone)
			if err != nil {
				t.Fatal(err)
			}
			if got := cron.Next(after).Format("2006-01-02 15:04"); got != test.want {
				t.Errorf("after %s comes %s, want %s", test.after, got, test.want)
			}
		})
	}
}

func TestADayThatNeverComes(t *testing.T) {
	t.Parallel()
	cron, err := ParseCron("0 6 30 2 *")
	if err != nil {
		t.Fatal(err)
	}
	if got := cron.Next(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)); !got.IsZero() {
		t.Errorf("the 30th of February is %v", got)
	}
	if (Cron{}).Matches(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)) {
		t.Error("the zero value comes")
	}
}

func TestParseCronRefuses(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"", "* * * *", "* * * * * *", "60 * * * *", "* 24 * * *", "* * 0 * *", "* * 32 * *", "* * * 13 *", "* * * * 8",
		"*/0 * * * *", "*/x * * * *", "5-1 * * * *", "a * * * *", "1,,2 * * * *", "-1 * * * *", "+1 * * * *", "* * * ANJ *", "@daily", "1- * * * *",
	} {
		if cron, err := ParseCron(text); !errors.Is(err, ErrCron) {
			t.Errorf("%q is %v, %v", text, cron, err)
		}
	}
}

// What Next finds comes, is later, and nothing in between comes.
func TestNextIsTheFirst(t *testing.T) {
	t.Parallel()
	zone := london(t)
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.SampledFrom([]string{"0 6 * * *", "*/7 3 * * *", "15 */6 * * 1-5", "0 0 1,15 * *", "30 1 * * *"}).Draw(t, "cron")
		cron, err := ParseCron(text)
		if err != nil {
			t.Fatal(err)
		}
		after := time.Unix(rapid.Int64Range(1767225600, 1798761600).Draw(t, "after"), 0).In(zone)
		next := cron.Next(after)
		if !next.After(after) || !cron.Matches(next) {
			t.Fatalf("%s after %s gave %s", text, after, next)
		}
		at := rapid.Int64Range(after.Unix()/60+1, next.Unix()/60).Draw(t, "between")
		if between := time.Unix(at*60, 0).In(zone); between.Before(next) && cron.Matches(between) {
			t.Fatalf("%s after %s gave %s, but %s comes before", text, after, next, between)
		}
	})
}
