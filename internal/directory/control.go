package directory

import (
	"strconv"
	"time"
)

// Control is userAccountControl, the bit field that says whether an account may
// sign in. Bits that we do not know are kept as they are.
type Control uint32

// The bits that matter here (MS-ADTS 2.2.16, userAccountControl).
const (
	Disabled            Control = 0x2
	PasswordNotRequired Control = 0x20
	NormalAccount       Control = 0x200
	PasswordNeverEnds   Control = 0x10000
	SmartcardRequired   Control = 0x40000
)

// Has reports whether every bit of b is set.
func (c Control) Has(b Control) bool { return c&b == b }

// Enabled reports whether the account may sign in as far as this field says.
func (c Control) Enabled() bool { return c&Disabled == 0 }

// WithDisabled returns the field with the account switched off, all else kept.
func (c Control) WithDisabled() Control { return c | Disabled }

// WithEnabled returns the field with the account switched on and a password
// required, all else kept.
func (c Control) WithEnabled() Control { return c &^ (Disabled | PasswordNotRequired) }

// String returns the decimal form that the directory stores.
func (c Control) String() string { return strconv.FormatUint(uint64(c), 10) }

// fileTimeEpoch is 1 January 1601 in Unix seconds: FILETIME counts from there, in 100 ns.
const fileTimeEpoch = -11644473600

// neverExpires is the larger of the two values that mean "never" in accountExpires.
const neverExpires = 9223372036854775807

// FileTime returns t as the directory writes instants: 100 ns since 1601.
// The zero time is "0", which accountExpires reads as never.
func FileTime(t time.Time) string {
	if t.IsZero() {
		return "0"
	}
	return strconv.FormatInt((t.Unix()-fileTimeEpoch)*10_000_000+int64(t.Nanosecond()/100), 10)
}

// ParseFileTime reads an instant; never, 0 and whatever is not a number give the zero time.
func ParseFileTime(s string) time.Time {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n <= 0 || n == neverExpires {
		return time.Time{}
	}
	return time.Unix(n/10_000_000+fileTimeEpoch, n%10_000_000*100).UTC()
}
