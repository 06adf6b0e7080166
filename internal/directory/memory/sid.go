package memory

import (
	"encoding/binary"
	"strconv"
	"strings"
)

// encodeSID returns a SID as the directory sends it (MS-DTYP 2.4.2.2); text that
// is no SID gives nothing.
func encodeSID(s string) []byte {
	parts := strings.Split(s, "-")
	if len(parts) < 4 || !strings.EqualFold(parts[0], "S") || parts[1] != "1" {
		return nil
	}
	authority, err := strconv.ParseUint(parts[2], 10, 48)
	if err != nil {
		return nil
	}
	var eight [8]byte
	binary.BigEndian.PutUint64(eight[:], authority)
	raw := append([]byte{1, byte(len(parts) - 3)}, eight[2:]...)
	for _, p := range parts[3:] {
		n, err := strconv.ParseUint(p, 10, 32)
		if err != nil {
			return nil
		}
		raw = binary.LittleEndian.AppendUint32(raw, uint32(n))
	}
	return raw
}

// decodeSID returns the text of a SID; bytes that are no SID give nothing.
func decodeSID(raw string) string {
	if len(raw) < 8 || raw[0] != 1 || len(raw) != 8+4*int(raw[1]) {
		return ""
	}
	var authority uint64
	for i := 2; i < 8; i++ {
		authority = authority<<8 | uint64(raw[i])
	}
	out := "S-1-" + strconv.FormatUint(authority, 10)
	for i := 8; i < len(raw); i += 4 {
		out += "-" + strconv.FormatUint(uint64(binary.LittleEndian.Uint32([]byte(raw[i:i+4]))), 10)
	}
	return out
}

// ridOf returns the last part of a SID, which names the object in its domain.
func ridOf(raw string) uint32 {
	if len(raw) < 12 {
		return 0
	}
	return binary.LittleEndian.Uint32([]byte(raw[len(raw)-4:]))
}
