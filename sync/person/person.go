// Package person says who somebody is on a given day: it resolves ESR's date
// slices, and the register of people who are not in ESR, into one [Person] each,
// with their standing, their primary assignment, the dates between which they
// may sign in, and everything about them that does not fit.
//
// The package is pure: the day is an argument, and the same records give the
// same people in the same order, whatever order they came in.
package person

import "esrsync/esrmodel"

// Moment is the instant for which people are resolved.
type Moment struct {
	Day    esrmodel.Date
	Closed bool // the time of lifecycle.leaver_at has passed on Day: who leaves today is out
}

// Standing says where a person is in their employment.
type Standing string

// The standings. Only Left takes access away, and only a dated end makes it.
const (
	Starting Standing = "starting" // nothing is current yet; a start is ahead, or an offer is accepted
	Current  Standing = "current"  // at least one assignment is current
	Left     Standing = "left"     // every assignment has ended, each on a date
	Nobody   Standing = "nobody"   // nothing to provide for: only ignored assignments, or none at all
)

// The dates that [Person].LeavingBy names.
const (
	ByLastWorkingDay = "last working day"
	ByAssignmentEnd  = "assignment end"
	ByTermination    = "termination"
	ByStatus         = "status" // the day before an ended status began, where ESR has no date
	ByRegister       = "register"
	ByConfirmation   = "confirmation" // the answer to "left or lost?"
)

// Person is one person on one day.
type Person struct {
	ID       string // ESR person ID, or "X" and the register's reference
	Key      string // what accounts carry: the employee number, or the same as ID for the register
	External bool   // from the register of people who are not in ESR

	Title        string
	First        string
	Middle       string
	Last         string
	PreviousLast string
	Preferred    string // the name they go by: preferred, else first, else last
	DateOfBirth  esrmodel.BirthDate
	NINumber     esrmodel.NINumber
	ESREmail     string // the address that ESR shows, as ESR spells it
	Smartcard    string

	Standing Standing
	Access   bool          // may sign in at the moment
	Start    esrmodel.Date // first day of the present or coming employment
	// Leaving is the last day with access, past or ahead; zero where none is known.
	// Between two employments it is the end of the one that is over.
	Leaving   esrmodel.Date
	LeavingBy string // which date that is; one of the By constants
	Ending    string // ESR's reason for leaving, as ESR words it
	Dismissed bool   // the reason is a dismissal: no grace, no quiet hours
	Died      bool   // the reason is death in service: no mail to anyone
	Suspended bool   // ESR says suspended: reported, never acted on
	NoShow    bool   // an accepted offer whose start is more than a week past: a task, for it never became current
	Why       string // the standing in a sentence

	Primary  Post   // the zero Post where nothing is or was held
	Posts    []Post // all that are live, the primary first
	BankOnly bool   // every live post is bank work
	Manager  string // person ID of the supervisor, else of the department manager; empty where neither can be
	// DepartmentManager is the person ID of the department manager where they can
	// be the manager too: for where the supervisor has no account.
	DepartmentManager string
	IsManager         bool // a current person has them as supervisor

	// Same holds the IDs of other records of the same human being (NI number,
	// date of birth and surname agree), oldest first.
	Same []string
	// ReturnsAs is the ID of a newer record of the same human being that starts
	// ahead or has started; the account goes there and nothing is taken away meanwhile.
	ReturnsAs string

	Held     []string // why nothing may be written for this person but a lockout; empty: not held
	Register string   // category in the register, for External
}

// IsHeld reports whether nothing may be written for this person but a lockout.
func (p Person) IsHeld() bool { return len(p.Held) > 0 }

// Post is one assignment as it stands on the day, with its position and its place.
type Post struct {
	AssignmentID     string
	Number           string // assignment number, 20123456-2
	Status           string // as ESR words it
	Category         string // assignment category: Permanent, Bank, Honorary…
	EmployeeCategory string
	PositionID       string
	PositionNumber   string
	Title            string // the job title in the position's name
	StaffGroup       string
	JobRole          string
	Organisation     Place   // where the person works
	Path             []Place // Organisation, its parent, and so on to the top
	Location         string  // the location's name
	Start            esrmodel.Date
	End              esrmodel.Date // zero where open
	FTE              float64
	Primary          bool // flagged so in ESR
}

// Place is an organisation by its ID and its name on the day.
type Place struct {
	ID   string
	Name string
}

// Effect is what an assignment status means for access.
type Effect string

// The effects that lifecycle.statuses may give a status.
const (
	EffectCurrent   Effect = "current"
	EffectDisabled  Effect = "disabled"  // current, but without access while it lasts
	EffectStarting  Effect = "starting"  // an accepted offer
	EffectSuspended Effect = "suspended" // current, and reported
	EffectEnded     Effect = "ended"
	EffectIgnored   Effect = "ignored"
	EffectHeld      Effect = "held" // holds the person, as a status that the table does not have
)

// Policy is what a trust decides about reading its own records.
type Policy struct {
	// LeaverDate is "last_working_day", "termination" or "earliest".
	LeaverDate string
	// CreateBefore is how many days ahead of a start an account is made.
	CreateBefore int
	// AbsentFullFeeds is after how many complete full feeds without a person the
	// question "left or lost?" is asked; 0 means never.
	AbsentFullFeeds int
	// Statuses changes the built-in table: a status as ESR words it → its effect.
	// Case, punctuation and "&" against "and" do not matter.
	Statuses map[string]Effect
	// Categories changes which assignment categories are bank work or honorary:
	// a category as ESR words it → "bank", "honorary" or "substantive".
	Categories map[string]string
	// Confirmed holds dates of leaving that a person gave as the answer to
	// "left or lost?", by person ID.
	Confirmed map[string]esrmodel.Date
}
