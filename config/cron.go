package config

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Cron is a parsed cron expression of five fields: minute, hour, day of the month, month, day of the week.
// Each is *, a number, a range, a step (*/15, 8-18/2) or several of these with commas; months and days of the
// week may be named by three letters. The zero value never comes.
//
// As in cron, where both kinds of day are restricted, either is enough.
type Cron struct {
	minutes, hours, days, months, weekdays uint64
	eitherDay                              bool
}

// ErrCron reports a text that is not a cron expression of five fields.
var ErrCron = errors.New("not a cron expression of five fields")

// cronField is what one of the five fields may say.
type cronField struct {
	name     string
	min, max int
	names    string // three letters for each value from min on
}

// ParseCron returns what text says, or an error that matches [ErrCron].
func ParseCron(text string) (Cron, error) {
	fields := strings.Fields(text)
	if len(fields) != 5 {
		return Cron{}, fmt.Errorf("%q: %w: it has %d", text, ErrCron, len(fields))
	}
	var sets [5]uint64
	for i, field := range []cronField{
		{name: "minute", max: 59},
		{name: "hour", max: 23},
		{name: "day of the month", min: 1, max: 31},
		{name: "month", min: 1, max: 12, names: "JANFEBMARAPRMAYJUNJULAUGSEPOCTNOVDEC"},
		{name: "day of the week", max: 7, names: "SUNMONTUEWEDTHUFRISAT"},
	} {
		set, err := field.parse(fields[i])
		if err != nil {
			return Cron{}, fmt.Errorf("%q: %w: %s %q", text, ErrCron, field.name, fields[i])
		}
		sets[i] = set
	}
	if sets[4]&(1<<7) != 0 { // Sunday is both 0 and 7
		sets[4] |= 1
	}
	return Cron{
		minutes: sets[0], hours: sets[1], days: sets[2], months: sets[3], weekdays: sets[4],
		eitherDay: fields[2][0] != '*' && fields[4][0] != '*',
	}, nil
}

// parse returns the set of values as bits.
func (f cronField) parse(text string) (uint64, error) {
	var set uint64
	for _, item := range strings.Split(text, ",") {
		bounds, stepText, stepped := strings.Cut(item, "/")
		step := 1
		if stepped {
			var err error
			if step, err = strconv.Atoi(stepText); err != nil || step < 1 {
				return 0, ErrCron
			}
		}
		from, to, err := f.bounds(bounds, stepped)
		if err != nil {
			return 0, err
		}
		for value := from; value <= to; value += step {
			set |= 1 << value
		}
	}
	return set, nil
}

// bounds returns the first and last value of a range. A single number with a step goes on to the end.
func (f cronField) bounds(text string, stepped bool) (from, to int, err error) {
	if text == "*" {
		return f.min, f.max, nil
	}
	first, last, ranged := strings.Cut(text, "-")
	if from, err = f.value(first); err != nil {
		return 0, 0, err
	}
	switch {
	case ranged:
		if to, err = f.value(last); err != nil || to < from {
			return 0, 0, ErrCron
		}
	case stepped:
		to = f.max
	default:
		to = from
	}
	return from, to, nil
}

func (f cronField) value(text string) (int, error) {
	if at := strings.Index(f.names, strings.ToUpper(text)); len(text) == 3 && at >= 0 && at%3 == 0 {
		return f.min + at/3, nil
	}
	value, err := strconv.Atoi(text)
	if err != nil || value < f.min || value > f.max || text[0] == '+' {
		return 0, ErrCron
	}
	return value, nil
}

// Matches reports whether the expression comes in the minute of at, in at's own zone.
func (c Cron) Matches(at time.Time) bool {
	return c.minutes&(1<<at.Minute()) != 0 && c.hours&(1<<at.Hour()) != 0 && c.onDay(at)
}

func (c Cron) onDay(at time.Time) bool {
	if c.months&(1<<at.Month()) == 0 {
		return false
	}
	day, weekday := c.days&(1<<at.Day()) != 0, c.weekdays&(1<<at.Weekday()) != 0
	if c.eitherDay {
		return day || weekday
	}
	return day && weekday
}

// Next returns the first minute after a time in which the expression comes, in that time's zone, or the zero time
// where none does within five years (the 30th of February). A minute that the clocks skip in spring does not come;
// one that they repeat in autumn comes twice.
func (c Cron) Next(after time.Time) time.Time {
	at := after.Truncate(time.Minute).Add(time.Minute)
	for limit := after.AddDate(5, 0, 0); at.Before(limit); {
		switch {
		case !c.onDay(at):
			at = time.Date(at.Year(), at.Month(), at.Day()+1, 0, 0, 0, 0, at.Location())
		case c.Matches(at):
			return at
		default:
			at = at.Add(time.Minute)
		}
	}
	return time.Time{}
}

// inHour reports whether the expression comes in that hour of some day.
func (c Cron) inHour(hour int) bool { return c.hours&(1<<hour) != 0 }
