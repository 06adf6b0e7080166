package store

import "esrsync/esrmodel"

// The fields of each kind in the order in which they stand in a body. See pack.go
// before changing anything here.

func walkSpan(w walker, s *esrmodel.Span) {
	w.day(&s.From)
	w.day(&s.To)
}

func walkPerson(w walker, p *esrmodel.Person) {
	w.text(&p.ID)
	walkSpan(w, &p.Span)
	w.text(&p.EmployeeNumber)
	w.text(&p.Title)
	w.text(&p.LastName)
	w.text(&p.FirstName)
	w.text(&p.MiddleName)
	w.text(&p.PreferredName)
	w.text(&p.PreviousLastName)
	w.day((*esrmodel.Date)(&p.DateOfBirth))
	w.text((*string)(&p.NINumber))
	w.text(&p.NHSUniqueID)
	w.day(&p.HireDate)
	w.day(&p.TerminationDate)
	w.text(&p.TerminationReason)
	w.text(&p.SmartcardUUID)
	w.text(&p.SystemPersonType)
	w.text(&p.UserPersonType)
	w.text(&p.Email)
	w.text(&p.Updated)
}

func walkAssignment(w walker, a *esrmodel.Assignment) {
	w.text(&a.ID)
	walkSpan(w, &a.Span)
	w.text(&a.PersonID)
	w.text(&a.Type)
	w.text(&a.Number)
	w.text(&a.SystemStatus)
	w.text(&a.Status)
	w.text(&a.LocationID)
	w.text(&a.SupervisorPersonID)
	w.text(&a.SupervisorNumber)
	w.text(&a.DeptManagerPersonID)
	w.text(&a.EmployeeCategory)
	w.text(&a.Category)
	w.bit(&a.Primary)
	w.number(&a.FTE)
	w.text(&a.OrganisationID)
	w.text(&a.PositionID)
	w.text(&a.PositionName)
	w.text(&a.JobName)
	w.day(&a.ProjectedHireDate)
	w.day(&a.ContractEndDate)
	w.day(&a.LastWorkingDay)
	w.bit(&a.IsManager)
	w.day(&a.EndDate)
	w.text(&a.Updated)
}

func walkPosition(w walker, p *esrmodel.Position) {
	w.text(&p.ID)
	walkSpan(w, &p.Span)
	w.text(&p.Number)
	w.text(&p.Name)
	w.text(&p.StaffGroup)
	w.text(&p.JobRole)
	w.text(&p.OccupationCode)
	w.text(&p.OrganisationID)
	w.text(&p.HiringStatus)
	w.text(&p.Type)
	w.text(&p.WorkplaceCode)
	w.text(&p.Updated)
}

func walkOrganisation(w walker, o *esrmodel.Organisation) {
	w.text(&o.ID)
	walkSpan(w, &o.Span)
	w.text(&o.Name)
	w.text(&o.Type)
	w.text(&o.CostCentre)
	w.text(&o.ParentID)
	w.text(&o.ODSCode)
	w.text(&o.LocationID)
	w.text(&o.Updated)
}

func walkLocation(w walker, l *esrmodel.Location) {
	w.text(&l.ID)
	walkSpan(w, &l.Span)
	w.text(&l.Code)
	w.text(&l.Name)
	w.text(&l.Town)
	w.text(&l.Postcode)
	w.text(&l.SiteCode)
}
