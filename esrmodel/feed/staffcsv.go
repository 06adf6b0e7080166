package feed

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"slices"
	"strings"

	"esrsync/esrmodel"
)

// StaffColumns lists our keys for the columns of a staff export, one row per
// assignment. A person is keyed by person_id, or by employee_number where the
// export has no person ID; last_name and assignment_start are required.
func StaffColumns() []string {
	return []string{
		"person_id", "employee_number", "title", "last_name", "first_name", "middle_name", "preferred_name", "previous_last_name",
		"date_of_birth", "ni_number", "nhs_unique_id", "smartcard_uuid", "email", "hire_date", "termination_date", "termination_reason",
		"assignment_number", "assignment_status", "assignment_category", "employee_category", "primary", "assignment_start",
		"assignment_end", "last_working_day", "position_number", "position_title", "staff_group", "job_role", "organisation",
		"organisation_path", "location", "supervisor", "fte",
	}
}

// readCSV reads a staff export into the nouns that a full GO file has.
func (e *examination) readCSV(r io.Reader) error {
	e.numbers, e.result.Full = e.watch(), true
	t, err := ReadTable(r, e.pol.Columns)
	if err != nil {
		return err
	}
	e.result.SHA256 = t.SHA256
	for _, reason := range t.Reasons {
		e.bad.add(reason)
	}
	if e.mapFaults() || len(t.Reasons) > 0 {
		e.unread = true
		return nil
	}
	e.result.Rows = len(t.Rows)
	e.result.Counts = []Count{{Code: "CSV", Lines: len(t.Rows)}}
	s := &staffCSV{e: e, people: map[string]*csvPerson{}, byNumber: map[string]string{}, seen: map[string]bool{}}
	for _, row := range t.Rows {
		s.take(row)
	}
	s.finish()
	return nil
}

// mapFaults tells what the column map itself lacks.
func (e *examination) mapFaults() bool {
	mapped := func(key string) bool { return e.pol.Columns[key] != "" }
	if !mapped("person_id") && !mapped("employee_number") {
		e.bad.add(Reason{Check: CheckColumns, Field: "column map", Found: "neither person_id nor employee_number", Expected: "one of them, as the key of a person"})
	}
	for _, key := range []string{"last_name", "assignment_start"} {
		if !mapped(key) {
			e.bad.add(Reason{Check: CheckColumns, Field: "column map", Found: "no " + key, Expected: "a header for it"})
		}
	}
	return e.bad.has(CheckColumns)
}

// staffCSV builds nouns from the rows of a staff export.
type staffCSV struct {
	e           *examination
	people      map[string]*csvPerson
	order       []string // person IDs as they came
	assignments []csvAssignment
	byNumber    map[string]string // employee number to person ID
	seen        map[string]bool   // positions, organisations and locations made so far
}

type csvPerson struct {
	person   esrmodel.Person
	earliest esrmodel.Date // first day of any assignment
	line     int
	problems []problem
}

type csvAssignment struct {
	assignment esrmodel.Assignment
	line       int
	problems   []problem
}

// cells reads values of one row and gathers what cannot be.
type cells struct {
	row      TableRow
	problems []problem
}

func (c *cells) day(key string) esrmodel.Date {
	day, err := c.row.Date(key)
	if err != nil {
		c.problems = append(c.problems, problem{csvField(key), clip(c.row.Text(key)), "a date like 22-NOV-2026, 2026-11-22 or 22/11/2026"})
	}
	return day
}

// birth says nothing of what it found.
func (c *cells) birth(key string) esrmodel.BirthDate {
	day, err := c.row.Date(key)
	if err != nil {
		c.problems = append(c.problems, problem{csvField(key), "", "a date like 22-NOV-2026, 2026-11-22 or 22/11/2026"})
	}
	return esrmodel.BirthDate(day)
}

func (c *cells) flag(key string) (yes bool) {
	if text := c.row.Text(key); text != "" {
		c.note(key, setFlag(&yes, []byte(text)))
	}
	return yes
}

func (c *cells) share(key string) (n float64) {
	if text := c.row.Text(key); text != "" {
		c.note(key, setFTE(&n, []byte(text)))
	}
	return n
}

func (c *cells) note(key string, p problem) {
	if p.expected != "" {
		p.field = csvField(key)
		c.problems = append(c.problems, p)
	}
}

// csvField names a column as the GO layout names the field, where that decides
// whether the days of a row can be placed.
func csvField(key string) string {
	switch key {
	case "assignment_start":
		return "effective start"
	case "assignment_end":
		return "effective end"
	}
	return strings.ReplaceAll(key, "_", " ")
}

func (s *staffCSV) take(row TableRow) {
	number := row.Text("employee_number")
	if _, watched := s.e.numbers[number]; watched {
		s.e.numbers[number] = true
	}
	id := row.Text("person_id")
	if id == "" {
		id = number
	}
	if number != "" {
		s.byNumber[number] = id
	}
	a := s.takeAssignment(id, row)
	s.takePerson(id, a.Span.From, row)
}

// takePerson keeps what the first row of a person says; other rows must agree.
func (s *staffCSV) takePerson(id string, start esrmodel.Date, row TableRow) {
	c := &cells{row: row}
	p := esrmodel.Person{
		ID: id, EmployeeNumber: row.Text("employee_number"), Title: row.Text("title"), LastName: row.Text("last_name"),
		FirstName: row.Text("first_name"), MiddleName: row.Text("middle_name"), PreferredName: row.Text("preferred_name"),
		PreviousLastName: row.Text("previous_last_name"), DateOfBirth: c.birth("date_of_birth"),
		NINumber: esrmodel.NINumber(row.Text("ni_number")), NHSUniqueID: row.Text("nhs_unique_id"), HireDate: c.day("hire_date"),
		TerminationDate: c.day("termination_date"), TerminationReason: row.Text("termination_reason"),
		SmartcardUUID: row.Text("smartcard_uuid"), Email: row.Text("email"),
	}
	problems := append(c.problems, tooLong(s.e.staff.people.layout, &p)...)
	if p.LastName == "" {
		problems = append(problems, problem{"last name", "nothing", "a name"})
	}
	known := s.people[id]
	if known == nil {
		s.order = append(s.order, id)
		s.people[id] = &csvPerson{person: p, earliest: start, line: row.Line, problems: problems}
		return
	}
	if known.person != p {
		s.e.staff.log.add(CheckDuplicates, s.e.staff.people.fault(&p, row.Line), []problem{{
			"the person's own columns", "another content than in line " + fmt.Sprint(known.line), "the same in every row of a person",
		}})
	}
	if !start.IsZero() && (known.earliest.IsZero() || start < known.earliest) {
		known.earliest = start
	}
}

func (s *staffCSV) takeAssignment(person string, row TableRow) esrmodel.Assignment {
	c := &cells{row: row}
	end := c.day("assignment_end")
	a := esrmodel.Assignment{
		PersonID: person, Span: esrmodel.Span{From: c.day("assignment_start"), To: end}, EndDate: end,
		Number: row.Text("assignment_number"), Type: "E", Status: row.Text("assignment_status"), Category: row.Text("assignment_category"),
		EmployeeCategory: row.Text("employee_category"), Primary: c.flag("primary"), FTE: c.share("fte"),
		LastWorkingDay: c.day("last_working_day"), SupervisorPersonID: row.Text("supervisor"),
		PositionName: row.Text("position_title"), JobName: row.Text("job_role"),
	}
	a.OrganisationID = s.organisation(row)
	a.LocationID = s.location(row)
	a.PositionID = s.position(row, a.OrganisationID)
	a.ID = a.Number
	if a.ID == "" {
		a.ID = madeID("assignment", person, a.PositionID, a.Span.From.String())
	}
	problems := append(c.problems, tooLong(s.e.staff.assignments.layout, &a)...)
	s.assignments = append(s.assignments, csvAssignment{a, row.Line, problems})
	return a
}

// finish hands over what needed all rows: whom a supervisor's employee number
// belongs to, and the first day of a person.
func (s *staffCSV) finish() {
	for _, a := range s.assignments {
		if id, known := s.byNumber[a.assignment.SupervisorPersonID]; known {
			a.assignment.SupervisorPersonID = id
		}
		s.e.staff.assignments.take(&a.assignment, a.line, a.problems)
	}
	for _, id := range s.order {
		p := s.people[id]
		p.person.Span.From = p.person.HireDate
		if p.person.Span.From.IsZero() || (!p.earliest.IsZero() && p.earliest < p.person.Span.From) {
			p.person.Span.From = p.earliest
		}
		s.e.staff.people.take(&p.person, p.line, p.problems)
	}
}

// organisation makes the organisations of the row's path, top first, and returns the ID of the last.
func (s *staffCSV) organisation(row TableRow) string {
	path := splitPath(row.Text("organisation_path"))
	if name := row.Text("organisation"); name != "" && (len(path) == 0 || !strings.EqualFold(path[len(path)-1], name)) {
		path = append(path, name)
	}
	parent := ""
	for i, name := range path {
		id := madeID(append([]string{"organisation"}, path[:i+1]...)...)
		if !s.seen[id] {
			s.seen[id] = true
			o := esrmodel.Organisation{ID: id, Name: name, ParentID: parent}
			s.e.staff.organisations.take(&o, row.Line, tooLong(s.e.staff.organisations.layout, &o))
		}
		parent = id
	}
	return parent
}

// splitPath splits Trust | Directorate | Ward, or the same with >.
func splitPath(s string) []string {
	parts := strings.FieldsFunc(s, func(r rune) bool { return r == '|' || r == '>' })
	for i := range parts {
		parts[i] = strings.TrimSpace(parts[i])
	}
	return slices.DeleteFunc(parts, func(p string) bool { return p == "" })
}

func (s *staffCSV) location(row TableRow) string {
	name := row.Text("location")
	if name == "" {
		return ""
	}
	id := madeID("location", name)
	if !s.seen[id] {
		s.seen[id] = true
		l := esrmodel.Location{ID: id, Name: name}
		s.e.staff.locations.take(&l, row.Line, tooLong(s.e.staff.locations.layout, &l))
	}
	return id
}

// position makes the row's position; of several rows with one number the first one's words count.
func (s *staffCSV) position(row TableRow, organisation string) string {
	number, title := row.Text("position_number"), row.Text("position_title")
	id := number
	if number == "" && title == "" {
		return ""
	}
	if number == "" {
		id = madeID("position", title, row.Text("staff_group"), row.Text("job_role"), organisation)
	}
	if key := "position " + id; !s.seen[key] {
		s.seen[key] = true
		p := esrmodel.Position{
			ID: id, Number: number, Name: title, StaffGroup: row.Text("staff_group"),
			JobRole: row.Text("job_role"), OrganisationID: organisation,
		}
		s.e.staff.positions.take(&p, row.Line, tooLong(s.e.staff.positions.layout, &p))
	}
	return id
}

// madeID returns the ID of a record that the export only describes: the same for
// the same words, whatever their case, from file to file.
func madeID(words ...string) string {
	sum := sha256.Sum256([]byte(strings.ToLower(strings.Join(words, "\x00"))))
	return words[0][:1] + "-" + hex.EncodeToString(sum[:8])
}

// tooLong returns the texts of a noun that are longer than ESR has them.
func tooLong[T any](l layout[T], v *T) []problem {
	var out []problem
	for _, c := range l.columns {
		n := 0
		switch text := c.of(v).(type) {
		case *string:
			n = runes([]byte(*text))
		case *esrmodel.NINumber:
			n = runes([]byte(*text))
		}
		if c.width > 0 && n > c.width {
			out = append(out, problem{c.name, fmt.Sprintf("%d characters", n), fmt.Sprintf("at most %d", c.width)})
		}
	}
	return out
}
