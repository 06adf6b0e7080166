// Package esrmodel holds ESR's nouns: person, assignment, position,
// organisation and location as they stand in the feed, the date slices in which
// they come, and the people who are known from elsewhere.
//
// It knows nothing of files, directories or databases and imports only the
// standard library. Field names are those of ESR's Generic Outbound interface.
package esrmodel

// Kind names the sort of record; it is the first two letters of the feed's record code.
type Kind string

// The kinds of record that are read. All others in a feed are skipped unread.
const (
	KindPerson       Kind = "PR"
	KindAssignment   Kind = "AS"
	KindPosition     Kind = "PO"
	KindOrganisation Kind = "OR"
	KindLocation     Kind = "LC"
)

// Kinds lists every kind that is read, in the order in which they are stored and reported.
func Kinds() []Kind {
	return []Kind{KindPerson, KindAssignment, KindPosition, KindOrganisation, KindLocation}
}

// Slice is one dated version of a record. The same ID comes in several slices,
// one after the other; the key of a slice is its ID and its first day.
type Slice interface {
	// Kind returns the sort of record.
	Kind() Kind
	// RecordID returns ESR's technical ID of the record.
	RecordID() string
	// Dates returns the days for which this version holds.
	Dates() Span
}

// Person is one slice of a person record (PRA).
//
// Absence, disability, ethnicity and pay are in the feed beside it; they are
// never read. NI number and date of birth are used for one purpose only, to
// recognise a person who comes back under a new record, and print as a placeholder.
type Person struct {
	ID                string
	Span              Span
	EmployeeNumber    string
	Title             string
	LastName          string
	FirstName         string
	MiddleName        string
	PreferredName     string
	PreviousLastName  string
	DateOfBirth       BirthDate
	NINumber          NINumber
	NHSUniqueID       string
	HireDate          Date
	TerminationDate   Date // actual termination date: ends every assignment of the person
	TerminationReason string
	SmartcardUUID     string
	SystemPersonType  string // EMP…, EX_EMP…
	UserPersonType    string // a dotted compound, Employee.Ex-Applicant
	Email             string // the office email address, as ESR has it
	Updated           string // last update, as in the feed
}

// Assignment is one slice of an assignment record (ASA): a person's holding of a position.
type Assignment struct {
	ID                  string
	Span                Span
	PersonID            string
	Type                string // E for employee
	Number              string // 20123456-2
	SystemStatus        string // ACTIVE_ASSIGN
	Status              string // the user status, free text that each trust words in its own way
	LocationID          string
	SupervisorPersonID  string
	SupervisorNumber    string // supervisor's assignment number
	DeptManagerPersonID string
	EmployeeCategory    string
	Category            string // assignment category: Permanent, Bank, Honorary…
	Primary             bool
	FTE                 float64
	OrganisationID      string
	PositionID          string
	PositionName        string
	JobName             string
	ProjectedHireDate   Date
	ContractEndDate     Date
	LastWorkingDay      Date
	IsManager           bool
	EndDate             Date // assignment end date: the last day of paid service
	Updated             string
}

// Position is one slice of a position record (POA).
type Position struct {
	ID             string
	Span           Span
	Number         string
	Name           string // pipe-joined; see [PositionTitle]
	StaffGroup     string
	JobRole        string
	OccupationCode string
	OrganisationID string
	HiringStatus   string // Active, Eliminated
	Type           string
	WorkplaceCode  string
	Updated        string
}

// Organisation is one slice of an organisation record (ORA).
type Organisation struct {
	ID         string
	Span       Span
	Name       string
	Type       string
	CostCentre string
	ParentID   string
	ODSCode    string
	LocationID string
	Updated    string
}

// Location is a location record (LCA). It has no slices: its span ends on the inactive date.
type Location struct {
	ID       string
	Span     Span
	Code     string
	Name     string // the description
	Town     string
	Postcode string
	SiteCode string
}

// External is one line of the register of people who are not in ESR: students,
// agency staff, contractors. Each has a sponsor and an end.
type External struct {
	Reference string
	Surname   string
	Forename  string
	Category  string
	Sponsor   string // employee number of the sponsor, who stands where the line manager stands
	Span      Span   // To is required
}

// Kind implements [Slice].
func (Person) Kind() Kind { return KindPerson }

// Kind implements [Slice].
func (Assignment) Kind() Kind { return KindAssignment }

// Kind implements [Slice].
func (Position) Kind() Kind { return KindPosition }

// Kind implements [Slice].
func (Organisation) Kind() Kind { return KindOrganisation }

// Kind implements [Slice].
func (Location) Kind() Kind { return KindLocation }

// RecordID implements [Slice].
func (p Person) RecordID() string { return p.ID }

// RecordID implements [Slice].
func (a Assignment) RecordID() string { return a.ID }

// RecordID implements [Slice].
func (p Position) RecordID() string { return p.ID }

// RecordID implements [Slice].
func (o Organisation) RecordID() string { return o.ID }

// RecordID implements [Slice].
func (l Location) RecordID() string { return l.ID }

// Dates implements [Slice].
func (p Person) Dates() Span { return p.Span }

// Dates implements [Slice].
func (a Assignment) Dates() Span { return a.Span }

// Dates implements [Slice].
func (p Position) Dates() Span { return p.Span }

// Dates implements [Slice].
func (o Organisation) Dates() Span { return o.Span }

// Dates implements [Slice].
func (l Location) Dates() Span { return l.Span }
