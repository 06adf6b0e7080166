package config

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestParseDuration(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, text string
		want       time.Duration
	}{
		{"seconds", "90s", 90 * time.Second},
		{"minutes", "15m", 15 * time.Minute},
		{"hours beyond a day", "26h", 26 * time.Hour},
		{"a day is 24 hours", "14d", 14 * 24 * time.Hour},
		{"several units, the larger first", "1d2h3m4s", 26*time.Hour + 3*time.Minute + 4*time.Second},
		{"nothing at all of a unit", "0s", 0},
		{"the longest that there is", "106751d", 106751 * 24 * time.Hour},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got, err := ParseDuration(test.text)
			if err != nil || got.Std() != test.want {
				t.Errorf("got %v, %v", got, err)
			}
		})
	}
	for _, text := range []string{
		"", "90", "s", "-5s", "+5s", "1.5h", "5 s", "5S", "5ms", "1m1h", "1h1h", "1w", "106752d", "99999999999999999999s", "1d9999999999s",
	} {
		t.Run(fmt.Sprintf("%q is refused", text), func(t *testing.T) {
			t.Parallel()
			if got, err := ParseDuration(text); !errors.Is(err, ErrDuration) {
				t.Errorf("got %v, %v", got, err)
			}
		})
	}
}

func TestADurationIsReadAsItIsWritten(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		want := Duration(rapid.Int64Range(0, 1<<33).Draw(t, "seconds")) * Second
		got, err := ParseDuration(want.String())
		if err != nil || got != want {
			t.Fatalf("%s was read as %v, %v", want, got, err)
		}
	})
}

func TestOrNever(t *testing.T) {
	t.Parallel()
	var delete OrNever
	if !delete.Never() || delete.String() != "never" {
		t.Errorf("the zero value is %v, and has to be never", delete)
	}
	if err := delete.UnmarshalText([]byte("90d")); err != nil || delete.Never() || delete.Duration() != 90*Day || delete.String() != "90d" {
		t.Errorf("90d is %v, %v", delete, err)
	}
	for _, text := range []string{"0s", "0d", "", "Never", "always"} {
		if err := delete.UnmarshalText([]byte(text)); err == nil {
			t.Errorf("%q is taken", text)
		}
	}
	if err := delete.UnmarshalText([]byte("never")); err != nil || !delete.Never() {
		t.Errorf("never is %v, %v", delete, err)
	}
}

func TestTimeOfDay(t *testing.T) {
	t.Parallel()
	for text, minutes := range map[string]int{"00:00": 0, "06:05": 365, "23:59": 1439} {
		if got, err := ParseTimeOfDay(text); err != nil || got.Minutes() != minutes || got.String() != text {
			t.Errorf("%s is %v, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "24:00", "23:60", "6:00", "06:00:00", "06.00", " 06:00", "-1:00"} {
		if got, err := ParseTimeOfDay(text); !errors.Is(err, ErrTimeOfDay) {
			t.Errorf("%q is %v, %v", text, got, err)
		}
	}
}

func TestDate(t *testing.T) {
	t.Parallel()
	leap, err := ParseDate("2028-02-29")
	if err != nil || leap != (Date{2028, time.February, 29}) || leap.String() != "2028-02-29" {
		t.Errorf("got %v, %v", leap, err)
	}
	for _, text := range []string{"", "2026-02-30", "2026-2-3", "03/02/2026", "20260203"} {
		if got, err := ParseDate(text); !errors.Is(err, ErrDate) {
			t.Errorf("%q is %v, %v", text, got, err)
		}
	}
	order := []Date{{2025, 12, 31}, {2026, 1, 1}, {2026, 1, 2}, {2026, 2, 1}, {2027, 1, 1}}
	for i, a := range order {
		for j, b := range order {
			if a.Before(b) != (i < j) {
				t.Errorf("%v before %v is %v", a, b, a.Before(b))
			}
		}
	}
}

func TestQuietHoursCover(t *testing.T) {
	t.Parallel()
	weekend, err := ParseQuietHours("Fri 16:00 - Mon 07:00")
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name   string
		day    time.Weekday
		minute int
		want   bool
	}{
		{"the minute before is not quiet", time.Friday, 16*60 - 1, false},
		{"the first minute is quiet", time.Friday, 16 * 60, true},
		{"all of a day between is quiet", time.Saturday, 12 * 60, true},
		{"the end of the week is in the middle", time.Saturday, 1439, true},
		{"the beginning of the week is in the middle", time.Sunday, 0, true},
		{"the last minute is quiet", time.Monday, 7*60 - 1, true},
		{"the minute of the end is not quiet", time.Monday, 7 * 60, false},
		{"a day outside is not quiet", time.Wednesday, 12 * 60, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if got := weekend.Covers(test.day, test.minute); got != test.want {
				t.Errorf("got %v", got)
			}
		})
	}
	if (QuietHours{}).Covers(time.Sunday, 0) {
		t.Error("the zero value is quiet")
	}
}

func TestQuietHoursAreReadInFullAndInShort(t *testing.T) {
	t.Parallel()
	got, err := ParseQuietHours("friday 16:00-MON 07:00")
	if err != nil || got.String() != "Fri 16:00 - Mon 07:00" {
		t.Errorf("got %v, %v", got, err)
	}
}

// A stretch and the one from its end to its beginning share no minute, and together are the week.
func TestQuietHoursAndTheRestAreTheWeek(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		minutes := rapid.IntRange(0, 7*1440-1)
		from, to := minutes.Draw(t, "from"), minutes.Draw(t, "to")
		if from == to {
			t.Skip("is refused when read")
		}
		at := minutes.Draw(t, "at")
		quiet := QuietHours{From: weekTime(from), To: weekTime(to)}
		rest := QuietHours{From: weekTime(to), To: weekTime(from)}
		day, minute := time.Weekday(at/1440), at%1440
		if quiet.Covers(day, minute) == rest.Covers(day, minute) {
			t.Fatalf("%v %d is in both or in none of %v and %v", day, minute, quiet, rest)
		}
	})
}

func weekTime(minute int) WeekTime {
	return WeekTime{Day: time.Weekday(minute / 1440), At: TimeOfDay{Hour: minute % 1440 / 60, Minute: minute % 60}}
}

func TestTemplateFields(t *testing.T) {
	t.Parallel()
	fields, err := TemplateFields("a{b}{c} {d}")
	if err != nil || fmt.Sprint(fields) != "[b c d]" {
		t.Errorf("got %v, %v", fields, err)
	}
	for _, template := range []string{"{", "}", "{a", "a}", "{{a}}", "}{", "{a}}"} {
		if fields, err := TemplateFields(template); !errors.Is(err, ErrTemplate) {
			t.Errorf("%q is %v, %v", template, fields, err)
		}
	}
}

func TestHooksLearnWhoAndNeverWhy(t *testing.T) {
	t.Parallel()
	if got := fmt.Sprint(Placeholders(PlaceHook)); got != "[email login upn]" {
		t.Errorf("a hook may be given %s", got)
	}
}

func TestNamesOfTheDirectory(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, dn, base string
		want           bool
	}{
		{"a name is under itself", "dc=moor,dc=example", "dc=moor,dc=example", true},
		{"letter case and spaces do not matter", "OU=Staff, DC=Moor, DC=Example", "dc=moor,dc=example", true},
		{"the end of a part is not a base", "ou=x,dc=notmoor,dc=example", "dc=moor,dc=example", false},
		{"the base is not under what is under it", "dc=moor,dc=example", "ou=staff,dc=moor,dc=example", false},
		{"an escaped comma does not begin a part", `ou=Staff\,dc=moor,dc=example`, "dc=moor,dc=example", false},
		{"an escaped comma is part of a name", `ou=Staff\, all,dc=moor,dc=example`, "dc=moor,dc=example", true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if got := isUnder(test.dn, test.base); got != test.want {
				t.Errorf("got %v", got)
			}
		})
	}
	for _, name := range []string{"", "moor", "ou=", "=x", "ou=a,", ",ou=a", "o u=a", "1ou=a", "ou=a,,dc=b"} {
		if folded, err := foldDN(name); err == nil {
			t.Errorf("%q is taken as %q", name, folded)
		}
	}
}
