package feed

import "esrsync/esrmodel"

// column is one field of a record that is used. Reader and writer share it.
type column[T any] struct {
	at    int    // position in the line; 1 is the record code
	name  string // for reasons, in words
	width int    // longest value in characters; zero where the type limits it
	often bool   // values repeat from row to row and are kept once
	of    func(*T) any
}

// layout is one record type of the feed: the fields that are used, of all that a line has.
type layout[T any] struct {
	code    string // first two letters of the record code
	fields  int    // how many a line has at least, the code included
	dated   bool   // a first day is required
	columns []column[T]
	owner   func(*T) string // the person whom a fault holds; empty for none
}

// Widths of the feed, in characters.
const (
	idWidth     = 30
	nameWidth   = 150
	labelWidth  = 240
	statusWidth = 80
	stampWidth  = 30
)

func personLayout() layout[esrmodel.Person] {
	type T = esrmodel.Person
	return layout[T]{code: "PR", fields: 44, dated: true, owner: func(p *T) string { return p.ID }, columns: []column[T]{
		{2, "person ID", idWidth, false, func(p *T) any { return &p.ID }},
		{3, "effective start", 0, false, func(p *T) any { return &p.Span.From }},
		{4, "effective end", 0, false, func(p *T) any { return &p.Span.To }},
		{5, "employee number", idWidth, false, func(p *T) any { return &p.EmployeeNumber }},
		{6, "title", 30, true, func(p *T) any { return &p.Title }},
		{7, "last name", nameWidth, true, func(p *T) any { return &p.LastName }},
		{8, "first name", nameWidth, true, func(p *T) any { return &p.FirstName }},
		{9, "middle name", 60, true, func(p *T) any { return &p.MiddleName }},
		{11, "preferred name", 80, true, func(p *T) any { return &p.PreferredName }},
		{12, "previous last name", nameWidth, true, func(p *T) any { return &p.PreviousLastName }},
		{14, "date of birth", 0, false, func(p *T) any { return &p.DateOfBirth }},
		{15, "NI number", 30, false, func(p *T) any { return &p.NINumber }},
		{16, "NHS unique ID", 15, false, func(p *T) any { return &p.NHSUniqueID }},
		{17, "hire date", 0, false, func(p *T) any { return &p.HireDate }},
		{18, "actual termination date", 0, false, func(p *T) any { return &p.TerminationDate }},
		{19, "termination reason", statusWidth, true, func(p *T) any { return &p.TerminationReason }},
		{30, "smartcard UUID", 12, false, func(p *T) any { return &p.SmartcardUUID }},
		{34, "system person type", statusWidth, true, func(p *T) any { return &p.SystemPersonType }},
		{35, "user person type", labelWidth, true, func(p *T) any { return &p.UserPersonType }},
		{36, "office email address", 240, false, func(p *T) any { return &p.Email }},
		{39, "last update", stampWidth, true, func(p *T) any { return &p.Updated }},
	}}
}

func assignmentLayout() layout[esrmodel.Assignment] {
	type T = esrmodel.Assignment
	return layout[T]{code: "AS", fields: 51, dated: true, owner: func(a *T) string { return a.PersonID }, columns: []column[T]{
		{2, "person ID", idWidth, false, func(a *T) any { return &a.PersonID }},
		{3, "assignment ID", idWidth, false, func(a *T) any { return &a.ID }},
		{4, "effective start", 0, false, func(a *T) any { return &a.Span.From }},
		{5, "effective end", 0, false, func(a *T) any { return &a.Span.To }},
		{7, "assignment type", 30, true, func(a *T) any { return &a.Type }},
		{8, "assignment number", 30, false, func(a *T) any { return &a.Number }},
		{9, "system status", statusWidth, true, func(a *T) any { return &a.SystemStatus }},
		{10, "user status", statusWidth, true, func(a *T) any { return &a.Status }},
		{14, "location ID", idWidth, true, func(a *T) any { return &a.LocationID }},
		{16, "supervisor person ID", idWidth, true, func(a *T) any { return &a.SupervisorPersonID }},
		{18, "supervisor assignment number", 30, true, func(a *T) any { return &a.SupervisorNumber }},
		{19, "department manager person ID", idWidth, true, func(a *T) any { return &a.DeptManagerPersonID }},
		{20, "employee category", statusWidth, true, func(a *T) any { return &a.EmployeeCategory }},
		{21, "assignment category", statusWidth, true, func(a *T) any { return &a.Category }},
		{22, "primary flag", 0, false, func(a *T) any { return &a.Primary }},
		{26, "FTE", 0, false, func(a *T) any { return &a.FTE }},
		{28, "organisation ID", idWidth, true, func(a *T) any { return &a.OrganisationID }},
		{29, "position ID", idWidth, true, func(a *T) any { return &a.PositionID }},
		{30, "position name", labelWidth, true, func(a *T) any { return &a.PositionName }},
		{35, "job name", labelWidth, true, func(a *T) any { return &a.JobName }},
		{39, "projected hire date", 0, false, func(a *T) any { return &a.ProjectedHireDate }},
		{41, "contract end date", 0, false, func(a *T) any { return &a.ContractEndDate }},
		{45, "last update", stampWidth, true, func(a *T) any { return &a.Updated }},
		{46, "last working day", 0, false, func(a *T) any { return &a.LastWorkingDay }},
		{48, "manager flag", 0, false, func(a *T) any { return &a.IsManager }},
		{49, "assignment end date", 0, false, func(a *T) any { return &a.EndDate }},
	}}
}

func positionLayout() layout[esrmodel.Position] {
	type T = esrmodel.Position
	return layout[T]{code: "PO", fields: 24, owner: func(*T) string { return "" }, columns: []column[T]{
		{2, "position ID", idWidth, false, func(p *T) any { return &p.ID }},
		{3, "effective start", 0, false, func(p *T) any { return &p.Span.From }},
		{4, "effective end", 0, false, func(p *T) any { return &p.Span.To }},
		{5, "position number", idWidth, false, func(p *T) any { return &p.Number }},
		{6, "position name", labelWidth, true, func(p *T) any { return &p.Name }},
		{9, "staff group", nameWidth, true, func(p *T) any { return &p.StaffGroup }},
		{10, "job role", nameWidth, true, func(p *T) any { return &p.JobRole }},
		{11, "occupation code", idWidth, true, func(p *T) any { return &p.OccupationCode }},
		{15, "organisation ID", idWidth, true, func(p *T) any { return &p.OrganisationID }},
		{16, "hiring status", statusWidth, true, func(p *T) any { return &p.HiringStatus }},
		{17, "position type", statusWidth, true, func(p *T) any { return &p.Type }},
		{22, "workplace code", idWidth, true, func(p *T) any { return &p.WorkplaceCode }},
		{23, "last update", stampWidth, true, func(p *T) any { return &p.Updated }},
	}}
}

func organisationLayout() layout[esrmodel.Organisation] {
	type T = esrmodel.Organisation
	return layout[T]{code: "OR", fields: 16, owner: func(*T) string { return "" }, columns: []column[T]{
		{2, "organisation ID", idWidth, false, func(o *T) any { return &o.ID }},
		{3, "organisation name", labelWidth, false, func(o *T) any { return &o.Name }},
		{4, "organisation type", statusWidth, true, func(o *T) any { return &o.Type }},
		{5, "effective start", 0, false, func(o *T) any { return &o.Span.From }},
		{6, "effective end", 0, false, func(o *T) any { return &o.Span.To }},
		{10, "default cost centre", idWidth, true, func(o *T) any { return &o.CostCentre }},
		{11, "parent organisation ID", idWidth, true, func(o *T) any { return &o.ParentID }},
		{12, "ODS code", idWidth, true, func(o *T) any { return &o.ODSCode }},
		{13, "location ID", idWidth, true, func(o *T) any { return &o.LocationID }},
		{14, "last update", stampWidth, true, func(o *T) any { return &o.Updated }},
	}}
}

func locationLayout() layout[esrmodel.Location] {
	type T = esrmodel.Location
	return layout[T]{code: "LC", fields: 22, owner: func(*T) string { return "" }, columns: []column[T]{
		{2, "location ID", idWidth, false, func(l *T) any { return &l.ID }},
		{3, "location code", labelWidth, false, func(l *T) any { return &l.Code }},
		{4, "description", labelWidth, false, func(l *T) any { return &l.Name }},
		{5, "inactive date", 0, false, func(l *T) any { return &l.Span.To }},
		{9, "town", nameWidth, true, func(l *T) any { return &l.Town }},
		{11, "postcode", idWidth, true, func(l *T) any { return &l.Postcode }},
		{16, "site code", idWidth, true, func(l *T) any { return &l.SiteCode }},
	}}
}
