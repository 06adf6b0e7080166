package feed

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Header is the first line of a GO file.
type Header struct {
	File     string    `json:"file"` // the name that the file gives itself
	Created  time.Time `json:"created"`
	VPD      string    `json:"vpd"`
	Previous time.Time `json:"previous"` // the run before; zero in a full file
	Run      time.Time `json:"run"`      // this run: what was keyed before it is in the file
	Version  string    `json:"version"`  // of the interface
}

// The numbers of fields of the first and the last line.
const (
	headerFields  = 7
	trailerFields = 2
)

// knownVersion is the interface version whose layout this package knows.
const knownVersion = "01"

// ParseHeader reads a header line. Stamps are read on the wall clock of loc.
// Fields behind the seventh are ignored: layouts grow.
func ParseHeader(line string, loc *time.Location) (Header, error) {
	f := strings.Split(strings.TrimRight(line, "\r\n"), "~")
	if f[0] != "HDR" {
		return Header{}, fmt.Errorf("the line does not begin HDR~")
	}
	if len(f) < headerFields {
		return Header{}, fmt.Errorf("the header has %d fields, not %d", len(f), headerFields)
	}
	h := Header{File: f[1], VPD: f[3], Version: f[6]}
	for _, stamp := range []struct {
		name string
		text string
		to   *time.Time
	}{{"created", f[2], &h.Created}, {"previous run", f[4], &h.Previous}, {"this run", f[5], &h.Run}} {
		t, err := parseStamp(strings.TrimSpace(stamp.text), loc)
		if err != nil {
			return Header{}, fmt.Errorf("reading %s: %w", stamp.name, err)
		}
		*stamp.to = t
	}
	return h, h.possible()
}

// possible reports what of the header contradicts itself.
func (h Header) possible() error {
	switch {
	case h.Created.IsZero():
		return fmt.Errorf("the header does not say when the file was created")
	case h.Run.IsZero():
		return fmt.Errorf("the header does not say which run this is")
	case h.Previous.After(h.Run):
		return fmt.Errorf("the previous run %s is later than this run %s", formatStamp(h.Previous), formatStamp(h.Run))
	}
	return nil
}

// String returns the header's line, without a line end.
func (h Header) String() string {
	return strings.Join([]string{
		"HDR", h.File, formatStamp(h.Created), h.VPD, formatStamp(h.Previous), formatStamp(h.Run), h.Version,
	}, "~")
}

// parseTrailer reads the count of a trailer line.
func parseTrailer(line string) (int, error) {
	f := strings.Split(line, "~")
	if len(f) < trailerFields {
		return 0, fmt.Errorf("the trailer has no count")
	}
	n, err := strconv.Atoi(strings.TrimSpace(f[1]))
	if err != nil || n < 0 {
		return 0, fmt.Errorf("the trailer's count %q is not a number", clip(f[1]))
	}
	return n, nil
}

// clip shortens a value for a reason, and shows what cannot be printed as an escape.
func clip(s string) string {
	const limit = 60
	r := []rune(s)
	if len(r) > limit {
		s = string(r[:limit]) + "…"
	}
	q := strconv.Quote(s)
	return strings.ReplaceAll(q[1:len(q)-1], `\"`, `"`)
}
