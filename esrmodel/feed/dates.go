package feed

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"esrsync/esrmodel"
)

// openEnd is how ESR writes an end that nobody knows: the last day of Oracle's calendar.
const openEnd = "47121231"

// blankDate is how ESR reads a blank date back.
const blankDate = "19000101"

// stampLayout is a stamp of the feed, YYYYMMDD HHMMSS, on the wall clock of the trust.
const stampLayout = "20060102 150405"

// zeroStamp stands in a full file for "there was no run before".
const zeroStamp = "00000000 000000"

// parseDay reads YYYYMMDD. Blank, 19000101 and 47121231 are the zero Date: none,
// or open. It reports false for what is no day of the calendar. A stamp's time is ignored.
func parseDay(b []byte) (esrmodel.Date, bool) {
	if len(b) == len(stampLayout) && b[8] == ' ' {
		if !digits(b[9:]) {
			return 0, false
		}
		b = b[:8]
	}
	if len(b) == 0 || string(b) == openEnd || string(b) == blankDate {
		return 0, true
	}
	if len(b) != 8 || !digits(b) {
		return 0, false
	}
	return calendarDay(number(b[:4]), number(b[4:6]), number(b[6:8]))
}

// calendarDay returns the day, or false where the calendar does not have it.
// ESR's own calendar runs from 1900 to 4712.
func calendarDay(year, month, day int) (esrmodel.Date, bool) {
	if year < 1900 || year > 4712 || month < 1 || month > 12 || day < 1 || day > 31 {
		return 0, false
	}
	if day > 28 && time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC).Day() != day {
		return 0, false
	}
	return esrmodel.NewDate(year, time.Month(month), day), true
}

func digits(b []byte) bool {
	for _, c := range b {
		if c < '0' || c > '9' {
			return false
		}
	}
	return true
}

func number(b []byte) int {
	n := 0
	for _, c := range b {
		n = n*10 + int(c-'0')
	}
	return n
}

// formatDay writes YYYYMMDD, and nothing for no date.
func formatDay(d esrmodel.Date) string { return strings.ReplaceAll(d.String(), "-", "") }

// parseStamp reads a stamp of a header. Zeros are the zero time.
func parseStamp(s string, loc *time.Location) (time.Time, error) {
	if s == "" || s == zeroStamp {
		return time.Time{}, nil
	}
	t, err := time.ParseInLocation(stampLayout, s, loc)
	if err != nil {
		return time.Time{}, fmt.Errorf("%q is not a stamp like 20210409 072050", clip(s))
	}
	return t, nil
}

func formatStamp(t time.Time) string {
	if t.IsZero() {
		return zeroStamp
	}
	return t.Format(stampLayout)
}

// errDate carries no value: the caller decides whether the value may be shown.
var errDate = errors.New("not a date like 22-NOV-2026, 2026-11-22 or 22/11/2026")

// ParseDate reads a date of a CSV export: 22-NOV-2026, 2026-11-22 or 22/11/2026,
// with or without a time of day behind it, which is ignored. Blank, 1900-01-01
// and 31 December 4712 are the zero Date. The error never holds the value, which
// may be a date of birth.
func ParseDate(s string) (esrmodel.Date, error) {
	s = withoutTime(strings.TrimSpace(s))
	if s == "" {
		return 0, nil
	}
	for _, layout := range []string{"02-Jan-2006", time.DateOnly, "02/01/2006"} {
		t, err := time.Parse(layout, s)
		if err != nil {
			continue
		}
		return plausibleDay(t)
	}
	return 0, errDate
}

// withoutTime cuts a time of day from behind a date of eleven or ten characters.
func withoutTime(s string) string {
	for _, n := range []int{len("22-NOV-2026"), len(time.DateOnly)} {
		if len(s) > n && (s[n] == ' ' || s[n] == 'T') {
			return s[:n]
		}
	}
	return s
}

func plausibleDay(t time.Time) (esrmodel.Date, error) {
	day, ok := calendarDay(t.Year(), int(t.Month()), t.Day())
	if !ok {
		return 0, errDate
	}
	if text := formatDay(day); text == openEnd || day.IsZero() {
		return 0, nil
	}
	return day, nil
}
