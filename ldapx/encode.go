package ldapx

import (
	"encoding/binary"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"

	"esrsync/internal/directory"
)

// address names an object by its GUID, wherever a distinguished name is asked for
// (MS-ADTS 3.1.1.3.1.2.4). A rename by somebody else cannot lead it to another object.
func address(id directory.GUID) string { return "<GUID=" + id.String() + ">" }

// encodePassword returns a password as unicodePwd wants it: in quotes, UTF-16
// little-endian (MS-ADTS 3.1.1.3.1.5.1).
func encodePassword(password string) string {
	units := utf16.Encode([]rune(`"` + password + `"`))
	out := make([]byte, 0, 2*len(units))
	for _, u := range units {
		out = binary.LittleEndian.AppendUint16(out, u)
	}
	return string(out)
}

// formatSID returns the text of a binary security identifier (MS-DTYP 2.4.2.2), or
// nothing where the bytes are none.
func formatSID(raw []byte) string {
	if len(raw) < 8 || len(raw) != 8+4*int(raw[1]) {
		return ""
	}
	var authority uint64
	for _, b := range raw[2:8] {
		authority = authority<<8 | uint64(b)
	}
	out := "S-" + strconv.Itoa(int(raw[0])) + "-" + strconv.FormatUint(authority, 10)
	for i := 8; i < len(raw); i += 4 {
		out += "-" + strconv.FormatUint(uint64(binary.LittleEndian.Uint32(raw[i:])), 10)
	}
	return out
}

// generalizedTime reads 20260120083000.0Z; anything else is the zero time.
func generalizedTime(s string) time.Time {
	t, err := time.Parse("20060102150405Z", s)
	if err != nil {
		return time.Time{}
	}
	return t.UTC()
}

// parseControl reads userAccountControl, which the directory writes as a signed number.
func parseControl(s string) (directory.Control, error) {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n < -1<<31 || n > 1<<32-1 {
		return 0, fmt.Errorf("%q is no account control", s)
	}
	return directory.Control(uint32(n)), nil
}

// maxLogin is the longest login name of a user (MS-SAMR 3.1.1.6); Samba does not enforce it.
const maxLogin = 20

// validLogin says why a login name cannot be used, or nil. A blank and an at sign
// are legal in Active Directory, but not in what people type.
func validLogin(login string) error {
	switch {
	case login == "":
		return errors.New("a login name cannot be empty")
	case len([]rune(login)) > maxLogin:
		return fmt.Errorf("a login name has at most %d characters, this one %d", maxLogin, len([]rune(login)))
	case strings.ContainsAny(login, `"/\[]:;|=,+*?<>@ `), strings.HasSuffix(login, "."):
		return errors.New("a login name cannot have such a character")
	case strings.ContainsFunc(login, func(r rune) bool { return r < 0x20 || r == 0x7f }):
		return errors.New("a login name cannot have control characters")
	}
	return nil
}

// refused makes an error of our own check look like the directory's refusal.
func refused(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%w: %w", directory.ErrRefused, err)
}

// relativeID reads a number such as primaryGroupID; anything else is 0.
func relativeID(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0
	}
	return n
}
