package config

import (
	"errors"
	"fmt"
	"time"

	"github.com/pelletier/go-toml/v2"
)

// TimeOfDay is a time of day in time_zone, to the minute: "23:59". The zero value is midnight.
type TimeOfDay struct {
	Hour, Minute int
}

// ErrTimeOfDay reports a text that is not a [TimeOfDay].
var ErrTimeOfDay = errors.New(`not a time of day such as "06:00" or "23:59"`)

// ParseTimeOfDay returns the time of day that text says, or an error that matches [ErrTimeOfDay].
func ParseTimeOfDay(text string) (TimeOfDay, error) {
	at, err := time.Parse("15:04", text)
	if err != nil || len(text) != len("15:04") {
		return TimeOfDay{}, fmt.Errorf("%q: %w", text, ErrTimeOfDay)
	}
	return TimeOfDay{Hour: at.Hour(), Minute: at.Minute()}, nil
}

// Minutes returns the minutes since midnight.
func (t TimeOfDay) Minutes() int { return t.Hour*60 + t.Minute }

// String returns it as "23:59".
func (t TimeOfDay) String() string { return fmt.Sprintf("%02d:%02d", t.Hour, t.Minute) }

// MarshalText returns [TimeOfDay.String].
func (t TimeOfDay) MarshalText() ([]byte, error) { return []byte(t.String()), nil }

// UnmarshalText takes what [ParseTimeOfDay] does.
func (t *TimeOfDay) UnmarshalText(text []byte) (err error) {
	*t, err = ParseTimeOfDay(string(text))
	return err
}

// Date is a day. The zero value is no day.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// ErrDate reports a text that is not a [Date].
var ErrDate = errors.New("not a date such as 2026-08-05")

// ParseDate returns the day that text says, as 2026-08-05, or an error that matches [ErrDate].
func ParseDate(text string) (Date, error) {
	day, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return Date{}, fmt.Errorf("%q: %w", text, ErrDate)
	}
	return Date{Year: day.Year(), Month: day.Month(), Day: day.Day()}, nil
}

// IsZero reports whether it is no day.
func (d Date) IsZero() bool { return d == Date{} }

// Before reports whether d is an earlier day than other.
func (d Date) Before(other Date) bool {
	if d.Year != other.Year {
		return d.Year < other.Year
	}
	if d.Month != other.Month {
		return d.Month < other.Month
	}
	return d.Day < other.Day
}

// String returns it as 2026-08-05, and no day as nothing.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.Year, int(d.Month), d.Day)
}

// MarshalText returns [Date.String].
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText takes what [ParseDate] does; nothing is no day.
func (d *Date) UnmarshalText(text []byte) (err error) {
	if len(text) == 0 {
		*d = Date{}
		return nil
	}
	*d, err = ParseDate(string(text))
	return err
}

// dateOf returns the day of a TOML date. The TOML reader has checked that there is such a day.
func dateOf(day toml.LocalDate) Date {
	return Date{Year: day.Year, Month: time.Month(day.Month), Day: day.Day}
}
