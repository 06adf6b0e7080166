package esrmodel

// Staff is the mirror of ESR as the store holds it: every slice of every record
// that was ever accepted and not deleted, past and future ones included.
//
// Within a kind, slices are sorted by ID and then by first day.
type Staff struct {
	People        []Person
	Assignments   []Assignment
	Positions     []Position
	Organisations []Organisation
	Locations     []Location
	Externals     []External // the newest register of people who are not in ESR, sorted by reference
	Absent        []Absence  // people whom full feeds lack, sorted by person ID
	Deleted       []Deletion // records that ESR purged, sorted by kind and ID
	Faults        []Fault    // values that cannot be, in rows that were accepted; sorted by person ID, then line
}

// Absence counts the complete full feeds in a row that did not have a person
// whom the mirror still has. Absence is not departure.
type Absence struct {
	PersonID  string
	FullFeeds int
}

// Deletion is a record that ESR purged (a code that ends in D). A purge removes
// every slice of the ID; it is not a person leaving.
type Deletion struct {
	Kind     Kind
	ID       string
	PersonID string // of an assignment: whose it was, where the mirror still knew it
	Feed     string // file name
}

// Fault is a value that cannot be, in a row that was otherwise accepted. It
// holds the person it belongs to. It never carries the value where that is a
// NI number or a date of birth.
type Fault struct {
	Kind     Kind
	ID       string // the record's ID
	PersonID string // empty for a record that belongs to no person
	Feed     string // file name
	Line     int    // in that file, from 1
	Field    string
	Found    string // empty where it must not be shown
	Expected string
}
