package madeup

import "esrsync/esrmodel"

// EventKind names something that happens in the files.
type EventKind string

// What happens. Events of night 0 stand in the first full file already.
const (
	OfferAhead         EventKind = "offer accepted, start ahead"
	OfferStarted       EventKind = "starter's assignment becomes active"
	NoShow             EventKind = "offer whose start has passed"
	PromotionAhead     EventKind = "promotion dated three weeks ahead"
	Move               EventKind = "move to another organisation"
	LeavingAhead       EventKind = "leaver with a date ahead"
	LeavingLate        EventKind = "leaver recorded after the date"
	LeavingReversed    EventKind = "date of leaving taken back"
	Dismissal          EventKind = "dismissal"
	DeathInService     EventKind = "death in service"
	NameChange         EventKind = "change of name"
	SubstantiveToBank  EventKind = "from a post to bank work only"
	Retirement         EventKind = "retirement before a return"
	Return             EventKind = "return under a new record"
	Rehire             EventKind = "return under the old record"
	MaternityStarts    EventKind = "maternity leave starts"
	CareerBreakStarts  EventKind = "career break starts"
	Suspension         EventKind = "suspension in ESR"
	UnknownStatus      EventKind = "status that nobody has explained"
	Gap                EventKind = "gap between slices"
	LostTail           EventKind = "last slice ends without a date of leaving"
	ImpossibleDates    EventKind = "assignment that ends before it starts"
	AssignmentDeleted  EventKind = "assignment deleted"
	PersonDeleted      EventKind = "person deleted"
	HonoraryEnds       EventKind = "honorary assignment ends, the post goes on"
	EmailArrives       EventKind = "address entered in ESR"
	MissingFromFull    EventKind = "missing from the later full files"
	TwoPrimaries       EventKind = "two assignments flagged primary"
	PositionEliminated EventKind = "ended position with a holder"
	SupervisorLeft     EventKind = "supervisor has left"
	SupervisorRing     EventKind = "two people supervise each other"
	SamePersonTwice    EventKind = "two current records of one human being"

	RegisterWithoutEnd  EventKind = "register line without an end"
	RegisterOver        EventKind = "register line whose end has passed"
	RegisterSponsorLeft EventKind = "register line whose sponsor has left"
	RegisterNew         EventKind = "new register line"
)

// Event is one thing that happens to one person in one night's changes.
type Event struct {
	Night          int // 0 to Nights
	Kind           EventKind
	EmployeeNumber string        // empty for the register of people who are not in ESR
	PersonID       string        // of the register: X and the reference
	On             esrmodel.Date // when it takes effect: the last day of who leaves, the first of what is new
}

// night is what one changes file says.
type night struct {
	people      []esrmodel.Person
	assignments []esrmodel.Assignment
	deleted     []esrmodel.Deletion
	impossible  []esrmodel.Assignment // rows that the reader refuses; no mirror ever has them
}

// note writes an event down.
func (b *builder) note(night int, kind EventKind, e *employee, on esrmodel.Date) {
	b.events = append(b.events, Event{Night: night, Kind: kind, EmployeeNumber: e.number(), PersonID: e.id(), On: on})
}

// day returns the day of a night's file.
func (b *builder) day(night int) esrmodel.Date { return b.opts.Day.AddDays(night) }

// keyed returns the stamp of what stands in a night's file: keyed the afternoon before.
func (b *builder) keyed(night int) string { return stamp(b.day(night).AddDays(-1)) }

// sendPerson puts slices of a person into a night's file.
func (b *builder) sendPerson(night int, slices ...esrmodel.Person) {
	for _, p := range slices {
		p.Updated = b.keyed(night)
		b.nights[night].people = append(b.nights[night].people, p)
	}
}

// send puts slices of assignments into a night's file.
func (b *builder) send(night int, slices ...esrmodel.Assignment) {
	for _, a := range slices {
		a.Updated = b.keyed(night)
		b.nights[night].assignments = append(b.nights[night].assignments, a)
	}
}
