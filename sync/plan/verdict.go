package plan

// Verdict says which changes may be made now, and why the others may not. Package
// guard gives it; it stands here because a plan carries it.
type Verdict struct {
	Allowed []string `json:"allowed"` // change IDs, in the plan's order
	Held    []Held   `json:"held"`
}

// Held is a class, or one organisation's part of it, that waits for a person.
// Every held change is in exactly one Held, which has every reason that holds it.
type Held struct {
	Class   Class    `json:"class"`
	Slice   string   `json:"slice,omitempty"` // organisation; empty for the whole class
	Limit   string   `json:"limit"`           // the limits in words
	Count   int      `json:"count"`           // accounts, applied and planned; the highest where there are several limits
	Reason  string   `json:"reason"`          // every reason, as sentences
	Causes  []Cause  `json:"causes"`          // the same by kind, in order
	Changes []string `json:"changes"`         // IDs, in the plan's order
	People  []string `json:"people"`          // person keys, sorted, each once
}

// Cause is a sort of reason to hold a change.
type Cause string

// The causes, in the order in which they are told.
const (
	Observing    Cause = "observe"      // mode = "observe": nothing is written but lockouts
	NotEnforced  Cause = "class"        // enforce_classes does not have the class
	Rejected     Cause = "rejected"     // somebody said no
	OverLimit    Cause = "limit"        // above the number or the share of its class, or of an expected event
	OverSlice    Cause = "organisation" // above the limit of one organisation
	Shrunk       Cause = "feed"         // a full feed shrank the organisation
	UnderReview  Cause = "review"       // naming.rename = "review"
	QuietHours   Cause = "quiet"        // approved, and applied when the quiet hours are over
	DependsOnOne Cause = "depends"      // what it follows is held
)

// ByMode reports whether the configuration's mode keeps the changes from being
// made, whatever else does too: that is how a new installation runs, and there is
// nothing that an approval could release.
func (h Held) ByMode() bool {
	for _, c := range h.Causes {
		if c == Observing || c == NotEnforced {
			return true
		}
	}
	return false
}

// Waiting reports whether anything waits for a person: the verdict holds changes
// for another reason than the configuration's mode.
func (v Verdict) Waiting() bool {
	for _, h := range v.Held {
		if !h.ByMode() {
			return true
		}
	}
	return false
}
