package memory

import (
	"crypto/sha256"
	"crypto/subtle"
	"strings"
	"time"
	"unicode"
	"unicode/utf16"

	"esrsync/internal/directory"
)

// Policy is the domain's password and lockout policy. The zero value is
// Microsoft's default: 7 characters, complex, the previous password good for one
// more hour, no lockout.
type Policy struct {
	MinLength     int           // 7 when zero
	Simple        bool          // no demands on the kinds of characters, none on name tokens
	PreviousGrace time.Duration // how long a password still signs in after a reset; 60 minutes when zero, never when negative
	LockoutAfter  int           // wrong passwords until the account is locked; zero is never
}

func (p Policy) withDefaults() Policy {
	if p.MinLength == 0 {
		p.MinLength = 7
	}
	if p.PreviousGrace == 0 {
		p.PreviousGrace = time.Hour
	}
	return p
}

// credentials are an account's passwords, as digests only.
type credentials struct {
	current, previous digest
	replaced          time.Time // when previous stopped being current
}

type digest [sha256.Size]byte

func (d digest) isZero() bool { return d == digest{} }

func (d digest) matches(password string) bool {
	other := digestOf(password)
	return !d.isZero() && subtle.ConstantTimeCompare(d[:], other[:]) == 1
}

func digestOf(password string) digest { return sha256.Sum256([]byte("unicodePwd\x00" + password)) }

// passwordChange is what a request does to unicodePwd.
type passwordChange struct {
	old, next string
	reset     bool // without knowing the old one
}

// applyPassword reads a change of unicodePwd: Replace is a reset; Delete of the
// old with Add of the new is a change (MS-ADTS 3.1.1.3.1.5.1).
func (f *draft) applyPassword(m Mod) error {
	if len(m.Values) != 1 {
		return svcErr(0x2077)
	}
	text, ok := DecodePassword(m.Values[0])
	if !ok {
		return svcErr(0x2035)
	}
	if f.password == nil {
		f.password = &passwordChange{reset: true}
	}
	f.touch("unicodepwd")
	if m.Op == DeleteValues {
		f.password.old, f.password.reset = text, false
		return nil
	}
	f.password.next = text
	return nil
}

// EncodePassword returns a password as unicodePwd wants it: quoted, in UTF-16LE.
func EncodePassword(password string) string {
	var b strings.Builder
	for _, u := range utf16.Encode([]rune(`"` + password + `"`)) {
		b.WriteByte(byte(u))
		b.WriteByte(byte(u >> 8))
	}
	return b.String()
}

// DecodePassword reads a value of unicodePwd, and whether it is one.
func DecodePassword(raw string) (string, bool) {
	if len(raw)%2 != 0 {
		return "", false
	}
	units := make([]uint16, 0, len(raw)/2)
	for i := 0; i < len(raw); i += 2 {
		units = append(units, uint16(raw[i])|uint16(raw[i+1])<<8)
	}
	s := string(utf16.Decode(units))
	if len(s) < 2 || s[0] != '"' || s[len(s)-1] != '"' {
		return "", false
	}
	return s[1 : len(s)-1], true
}

func (f *draft) hasPassword() bool {
	return f.password != nil && f.password.next != "" || !f.e.secret.current.isZero()
}

// checkPassword judges a new password. A reset that the policy refuses is
// "unwilling to perform", a change is a "constraint violation".
func (f *draft) checkPassword() error {
	p := f.password
	if p == nil {
		return nil
	}
	if !p.reset && !f.e.secret.current.matches(p.old) {
		return atrErr(ConstraintViolation, 0x56, constraintProblem, "unicodePwd")
	}
	if f.d.opts.Policy.accepts(p.next, f.first("samaccountname"), f.first("displayname")) {
		return nil
	}
	if p.reset {
		return svcErr(0x52D)
	}
	return atrErr(ConstraintViolation, 0x52D, constraintProblem, "unicodePwd")
}

// accepts follows Microsoft's complexity rule: three of five kinds of
// characters, and neither the login nor a part of the display name inside.
func (p Policy) accepts(password, login, displayName string) bool {
	if len([]rune(password)) < p.MinLength {
		return false
	}
	return p.Simple || kindsOf(password) >= 3 && !holdsName(password, login, displayName)
}

func kindsOf(password string) int {
	var kinds [5]int
	for _, r := range password {
		switch {
		case unicode.IsUpper(r):
			kinds[0] = 1
		case unicode.IsLower(r):
			kinds[1] = 1
		case r >= '0' && r <= '9':
			kinds[2] = 1
		case unicode.IsLetter(r):
			kinds[3] = 1
		default:
			kinds[4] = 1
		}
	}
	return kinds[0] + kinds[1] + kinds[2] + kinds[3] + kinds[4]
}

// holdsName looks for the whole login, and for each part of the display name
// that has three characters or more.
func holdsName(password, login, displayName string) bool {
	folded := strings.ToLower(password)
	tokens := strings.FieldsFunc(strings.ToLower(displayName), func(r rune) bool { return strings.ContainsRune(",.-_ #\t", r) })
	for _, token := range append(tokens, strings.ToLower(login)) {
		if len([]rune(token)) >= 3 && strings.Contains(folded, token) {
			return true
		}
	}
	return false
}

// commitPassword stores the new password, and when it was set unless the same
// request says otherwise.
func (d *Domain) commitPassword(f *draft) {
	now := d.Now()
	f.e.secret = credentials{current: digestOf(f.password.next), previous: f.e.secret.current, replaced: now}
	if !f.touched("pwdlastset") {
		f.set("pwdlastset", directory.FileTime(now))
	}
}
