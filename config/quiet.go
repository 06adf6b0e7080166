package config

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// WeekTime is a time of the week, to the minute.
type WeekTime struct {
	Day time.Weekday
	At  TimeOfDay
}

// minutes returns the minutes since Sunday's midnight.
func (w WeekTime) minutes() int { return int(w.Day)*24*60 + w.At.Minutes() }

// String returns it as "Fri 16:00".
func (w WeekTime) String() string { return w.Day.String()[:3] + " " + w.At.String() }

// QuietHours is a stretch of every week, from From until just before To: "Fri 16:00 - Mon 07:00". It may run over
// the end of the week. The zero value covers nothing.
type QuietHours struct {
	From, To WeekTime
}

// ErrQuietHours reports a text that is not [QuietHours].
var ErrQuietHours = errors.New(`not quiet hours such as "Fri 16:00 - Mon 07:00"`)

// ParseQuietHours returns the stretch that text says, or an error that matches [ErrQuietHours]. Days are English,
// in full or in three letters.
func ParseQuietHours(text string) (QuietHours, error) {
	from, to, found := strings.Cut(text, "-")
	if !found {
		return QuietHours{}, fmt.Errorf("%q: %w", text, ErrQuietHours)
	}
	begin, beginErr := parseWeekTime(from)
	end, endErr := parseWeekTime(to)
	if err := errors.Join(beginErr, endErr); err != nil {
		return QuietHours{}, fmt.Errorf("%q: %w", text, ErrQuietHours)
	}
	if begin == end {
		return QuietHours{}, fmt.Errorf("%q: %w: it ends when it begins", text, ErrQuietHours)
	}
	return QuietHours{From: begin, To: end}, nil
}

func parseWeekTime(text string) (WeekTime, error) {
	words := strings.Fields(text)
	if len(words) != 2 {
		return WeekTime{}, ErrQuietHours
	}
	at, err := ParseTimeOfDay(words[1])
	if err != nil {
		return WeekTime{}, err
	}
	for day := time.Sunday; day <= time.Saturday; day++ {
		if name := day.String(); strings.EqualFold(words[0], name) || strings.EqualFold(words[0], name[:3]) {
			return WeekTime{Day: day, At: at}, nil
		}
	}
	return WeekTime{}, ErrQuietHours
}

// Covers reports whether that minute of the day, 0 to 1439, is quiet. It knows no zone: give it local time.
func (q QuietHours) Covers(day time.Weekday, minute int) bool {
	at, from, to := int(day)*24*60+minute, q.From.minutes(), q.To.minutes()
	if from <= to {
		return from <= at && at < to
	}
	return from <= at || at < to
}

// String returns it as "Fri 16:00 - Mon 07:00".
func (q QuietHours) String() string { return q.From.String() + " - " + q.To.String() }

// MarshalText returns [QuietHours.String].
func (q QuietHours) MarshalText() ([]byte, error) { return []byte(q.String()), nil }

// UnmarshalText takes what [ParseQuietHours] does.
func (q *QuietHours) UnmarshalText(text []byte) (err error) {
	*q, err = ParseQuietHours(string(text))
	return err
}
