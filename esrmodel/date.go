package esrmodel

import (
	"fmt"
	"math"
	"time"
)

// Date is a day of the calendar, without a time or a zone: the days since
// 1 January 1900. The zero Date means "no date", and as the end of a [Span] it
// means "open": ESR itself reads a blank date as 1900-01-01.
//
// Dates of employment are days, not instants; only the daemon's clock knows
// what day it is, and passes it down.
type Date int32

// EndOfTime is the later of all dates; spans that are open compare as ending there.
const EndOfTime Date = math.MaxInt32

var epoch = time.Date(1900, time.January, 1, 0, 0, 0, 0, time.UTC)

// NewDate returns the day of the given year, month and day. Values outside
// their usual ranges are normalised as [time.Date] does.
func NewDate(year int, month time.Month, day int) Date {
	return DateOf(time.Date(year, month, day, 0, 0, 0, 0, time.UTC))
}

// DateOf returns the day that t shows on the wall clock of its own location.
func DateOf(t time.Time) Date {
	y, m, d := t.Date()
	// Unix seconds, not Sub: a Duration ends after 292 years, ESR's open end is in 4712.
	return Date((time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() - epoch.Unix()) / 86400)
}

// ParseDate reads an ISO date, 2026-11-22. The empty string is the zero Date.
func ParseDate(s string) (Date, error) {
	if s == "" {
		return 0, nil
	}
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return 0, fmt.Errorf("%q is not a date like 2026-11-22", s)
	}
	return DateOf(t), nil
}

// IsZero reports whether d is no date at all.
func (d Date) IsZero() bool { return d == 0 }

// Time returns midnight at the beginning of the day in loc.
func (d Date) Time(loc *time.Location) time.Time {
	u := d.utc()
	return time.Date(u.Year(), u.Month(), u.Day(), 0, 0, 0, 0, loc)
}

// AddDays returns the day n days later, or earlier where n is negative.
// It keeps no date and the end of time as they are.
func (d Date) AddDays(n int) Date {
	if d == 0 || d == EndOfTime {
		return d
	}
	return d + Date(n)
}

// Weekday returns the day of the week.
func (d Date) Weekday() time.Weekday { return d.utc().Weekday() }

// String returns the ISO form, 2026-11-22, and nothing for the zero Date.
func (d Date) String() string {
	if d == 0 || d == EndOfTime {
		return ""
	}
	return d.utc().Format(time.DateOnly)
}

// Words returns the form that people read: 22 November 2026.
func (d Date) Words() string {
	if d == 0 || d == EndOfTime {
		return "no date"
	}
	return d.utc().Format("2 January 2006")
}

// MarshalText writes the ISO form.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads the ISO form.
func (d *Date) UnmarshalText(b []byte) (err error) {
	*d, err = ParseDate(string(b))
	return err
}

func (d Date) utc() time.Time { return time.Unix(epoch.Unix()+int64(d)*86400, 0).UTC() }

// Span is a run of days, both ends included. A zero To is open: the span has no
// end that anyone knows of. A zero From is open to the past.
type Span struct {
	From Date `json:"from"`
	To   Date `json:"to"`
}

// Covers reports whether day lies in the span.
func (s Span) Covers(day Date) bool { return s.From <= day && day <= s.End() }

// End returns the last day, or [EndOfTime] where the span is open.
func (s Span) End() Date {
	if s.To == 0 {
		return EndOfTime
	}
	return s.To
}

// IsEmpty reports whether the span holds no day at all: it ends before it starts.
func (s Span) IsEmpty() bool { return s.End() < s.From }

// Overlaps reports whether the two spans share a day.
func (s Span) Overlaps(o Span) bool { return s.From <= o.End() && o.From <= s.End() }
