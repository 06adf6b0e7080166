package config

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// Duration is a length of time as the file writes it: "90s", "15m", "26h", "14d" or several of these, the larger
// unit first ("1h30m"). A day is 24 hours. It is never negative.
type Duration time.Duration

// The units.
const (
	Second = Duration(time.Second)
	Minute = Duration(time.Minute)
	Hour   = Duration(time.Hour)
	Day    = 24 * Hour
)

// ErrDuration reports a text that is not a [Duration].
var ErrDuration = errors.New(`not a duration such as "90s", "15m", "26h" or "14d"`)

// units lists the units from the largest, which is the order that they are written in.
func units() []struct {
	letter byte
	size   Duration
} {
	return []struct {
		letter byte
		size   Duration
	}{{'d', Day}, {'h', Hour}, {'m', Minute}, {'s', Second}}
}

// ParseDuration returns the duration that text says, or an error that matches [ErrDuration].
func ParseDuration(text string) (Duration, error) {
	var total Duration
	rest := text
	for _, unit := range units() {
		number, after, found := cutUnit(rest, unit.letter)
		if !found {
			continue
		}
		if number > int64((math.MaxInt64-total)/unit.size) {
			return 0, fmt.Errorf("%q: %w: too long", text, ErrDuration)
		}
		total += Duration(number) * unit.size
		rest = after
	}
	if rest != "" || text == "" {
		return 0, fmt.Errorf("%q: %w", text, ErrDuration)
	}
	return total, nil
}

// cutUnit takes a number with this unit from the front of text.
func cutUnit(text string, letter byte) (number int64, after string, found bool) {
	digits := strings.TrimLeft(text, "0123456789")
	length := len(text) - len(digits)
	if length == 0 || digits == "" || digits[0] != letter {
		return 0, text, false
	}
	number, err := strconv.ParseInt(text[:length], 10, 64)
	if err != nil {
		return 0, text, false
	}
	return number, digits[1:], true
}

// Std returns d as the standard library has it.
func (d Duration) Std() time.Duration { return time.Duration(d) }

// String returns d in the largest unit that it is a whole number of: 26 hours are "26h", 48 are "2d".
func (d Duration) String() string {
	if d == 0 {
		return "0s"
	}
	for _, unit := range units() {
		if d%unit.size == 0 {
			return strconv.FormatInt(int64(d/unit.size), 10) + string(unit.letter)
		}
	}
	return time.Duration(d).String()
}

// MarshalText returns [Duration.String].
func (d Duration) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText takes what [ParseDuration] does.
func (d *Duration) UnmarshalText(text []byte) (err error) {
	*d, err = ParseDuration(string(text))
	return err
}

// OrNever is a [Duration] that may also be "never", which is its zero value.
type OrNever Duration

const never = "never"

// Never reports whether it is never.
func (o OrNever) Never() bool { return o == 0 }

// Duration returns the length of time. It means nothing where [OrNever.Never] is true.
func (o OrNever) Duration() Duration { return Duration(o) }

// String returns "never" or the duration.
func (o OrNever) String() string {
	if o.Never() {
		return never
	}
	return Duration(o).String()
}

// MarshalText returns [OrNever.String].
func (o OrNever) MarshalText() ([]byte, error) { return []byte(o.String()), nil }

// UnmarshalText takes "never" or a duration above zero. Zero is refused, as it reads like "at once".
func (o *OrNever) UnmarshalText(text []byte) error {
	if string(text) == never {
		*o = 0
		return nil
	}
	length, err := ParseDuration(string(text))
	if err != nil {
		return fmt.Errorf(`%w, nor "never"`, err)
	}
	if length == 0 {
		return fmt.Errorf(`%q means at once: write "never" or a longer time`, text)
	}
	*o = OrNever(length)
	return nil
}
