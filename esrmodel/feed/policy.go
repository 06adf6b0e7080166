package feed

import (
	"time"

	"esrsync/esrmodel"
)

// The environments. Only a file for the test environment may hold people from there.
const (
	Live = "live"
	Test = "test"
)

// The formats in which staff may come.
const (
	FormatGO  = "go"
	FormatCSV = "csv"
)

// The two ways in which a trailer counts lines.
const (
	AllLines  = "all_lines"  // every line that is not blank, header and trailer too
	DataLines = "data_lines" // without header and trailer
)

// Policy is what the trust configured, and the time. The zero Policy refuses
// every GO file, since no VPD fits.
type Policy struct {
	Format        string   // FormatGO or FormatCSV; empty means GO
	VPD           string   // three digits
	Environment   string   // Live or Test; empty means Live
	TestCanaries  []string // employee numbers that exist only in the test environment; looked for unless this is Test
	Canaries      []string // employee numbers that every full file must have
	TrailerCounts string   // AllLines or DataLines; empty means AllLines

	// MaxShrinkPercent is the share, 0 to 100, of the mirror's current people whom
	// a full file may lack. Zero means none.
	MaxShrinkPercent float64
	// MaxShrinkPercentPerOrganisation is the same for one organisation of 25
	// people or more. Above it that organisation's leavers are held, not the file.
	MaxShrinkPercentPerOrganisation float64

	Columns map[string]string // CSV: our key to the header that the trust's export has

	// Now is the time of the examination, in the trust's time zone: the stamps in
	// the file are read on the same wall clock.
	Now time.Time
}

// Chain is where the accepted GO files have got to. The zero Chain means that none was accepted yet.
type Chain struct {
	File     string    `json:"file"` // name of the last accepted file
	Sequence int       `json:"sequence"`
	Run      time.Time `json:"run"` // its run
	// GapAt names the first changes file that did not follow; empty while the
	// chain is whole. Until the missing file or a full one is accepted, no changes are.
	GapAt string `json:"gap_at,omitempty"`
}

// Started reports whether any file was accepted.
func (c Chain) Started() bool { return c.File != "" }

// Before is what the store knows before a file is read.
type Before struct {
	Chain  Chain
	Taken  map[string]string // SHA-256 in hex of each accepted file, and its name
	Mirror esrmodel.Staff    // what was accepted so far, sorted as [esrmodel.Staff] says
}
