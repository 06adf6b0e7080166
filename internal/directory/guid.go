package directory

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"strings"
)

// GUID is an account's objectGUID: the only name of an object that survives
// renames and moves. The bytes are in the order in which the directory sends
// them (the first three groups little-endian). The zero GUID names nothing.
type GUID [16]byte

// ParseGUID reads the dashed form, 8a39c0f8-b219-4cce-a9e0-6701d2238875.
func ParseGUID(s string) (GUID, error) {
	var g GUID
	raw, err := hex.DecodeString(strings.ReplaceAll(s, "-", ""))
	if err != nil || len(raw) != len(g) || len(s) != 36 {
		return g, fmt.Errorf("%q is not an objectGUID like 8a39c0f8-b219-4cce-a9e0-6701d2238875", s)
	}
	copy(g[:], raw)
	return g.swapped(), nil
}

// GUIDOf takes the 16 bytes of an objectGUID value as read from the directory.
func GUIDOf(raw []byte) (GUID, error) {
	var g GUID
	if len(raw) != len(g) {
		return g, fmt.Errorf("an objectGUID has 16 bytes, this one %d", len(raw))
	}
	copy(g[:], raw)
	return g, nil
}

// IsZero reports whether g names nothing.
func (g GUID) IsZero() bool { return g == GUID{} }

// String returns the dashed, lower-case form, and nothing for the zero GUID.
func (g GUID) String() string {
	if g.IsZero() {
		return ""
	}
	s := g.swapped()
	return fmt.Sprintf("%x-%x-%x-%x-%x", s[0:4], s[4:6], s[6:8], s[8:10], s[10:16])
}

// MarshalText writes the dashed form.
func (g GUID) MarshalText() ([]byte, error) { return []byte(g.String()), nil }

// UnmarshalText reads the dashed form; the empty text is the zero GUID.
func (g *GUID) UnmarshalText(b []byte) (err error) {
	if len(b) == 0 {
		*g = GUID{}
		return nil
	}
	*g, err = ParseGUID(string(b))
	return err
}

// swapped turns directory order into reading order and back.
func (g GUID) swapped() GUID {
	binary.BigEndian.PutUint32(g[0:4], binary.LittleEndian.Uint32(g[0:4]))
	binary.BigEndian.PutUint16(g[4:6], binary.LittleEndian.Uint16(g[4:6]))
	binary.BigEndian.PutUint16(g[6:8], binary.LittleEndian.Uint16(g[6:8]))
	return g
}

// Compare orders GUIDs by their bytes in directory order: the order in which
// readers return accounts.
func (g GUID) Compare(other GUID) int { return bytes.Compare(g[:], other[:]) }
