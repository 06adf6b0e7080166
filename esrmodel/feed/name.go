package feed

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"esrsync/esrmodel"
)

// Name is the name of a Generic Outbound file, taken apart.
type Name struct {
	VPD      string        // three digits
	Stream   string        // GDW, EXP…; the list is not fixed
	Type     string        // GOF, GOC…; the last letter says full or changes
	Date     esrmodel.Date // when ESR made it
	Sequence int           // one more with each file of the stream
}

var namePattern = regexp.MustCompile(`^GO_([0-9]{3})_([A-Z0-9]{1,8})_([A-Z0-9]{3})_([0-9]{8})_([0-9]{8})\.DAT$`)

// RequestType is the type of the file that asks ESR for a full snapshot.
const RequestType = "GDR"

// ParseName reads the name of a GO file, without its folder.
func ParseName(s string) (Name, error) {
	m := namePattern.FindStringSubmatch(s)
	if m == nil {
		return Name{}, fmt.Errorf("%q is not a name like GO_277_GDW_GOC_20210409_00001945.DAT", s)
	}
	date, ok := parseDay([]byte(m[4]))
	if !ok || date.IsZero() {
		return Name{}, fmt.Errorf("the date %s in %q is no day of the calendar", m[4], s)
	}
	sequence, err := strconv.Atoi(m[5])
	if err != nil {
		return Name{}, fmt.Errorf("reading the sequence of %q: %w", s, err)
	}
	return Name{VPD: m[1], Stream: m[2], Type: m[3], Date: date, Sequence: sequence}, nil
}

// Full reports whether the file holds everybody: its type ends in F.
func (n Name) Full() bool { return strings.HasSuffix(n.Type, "F") }

// Changes reports whether the file holds what changed since the last run: its type ends in C.
func (n Name) Changes() bool { return strings.HasSuffix(n.Type, "C") }

// String returns the file name.
func (n Name) String() string {
	return fmt.Sprintf("GO_%s_%s_%s_%s_%08d.DAT", n.VPD, n.Stream, n.Type, formatDay(n.Date), n.Sequence)
}
