package person

import "unicode/utf8"

// Value returns what stands for a placeholder of a template, and whether it is
// one that a person answers: first, middle, preferred, surname, initial (of the
// preferred name), middle_initial, title, employee_number, and of the primary
// assignment category, employee_category, staff_group, job_role, position_title,
// position_number, organisation, organisation_id and location. For somebody from
// the register category is that of the register.
func (p *Person) Value(placeholder string) (string, bool) {
	switch placeholder {
	case "first":
		return p.First, true
	case "middle":
		return p.Middle, true
	case "preferred":
		return p.Preferred, true
	case "surname":
		return p.Last, true
	case "initial":
		return initial(p.Preferred), true
	case "middle_initial":
		return initial(p.Middle), true
	case "title":
		return p.Title, true
	case "employee_number":
		return p.Key, true
	}
	return p.postValue(placeholder)
}

func (p *Person) postValue(placeholder string) (string, bool) {
	post := &p.Primary
	switch placeholder {
	case "category":
		if p.External {
			return p.Register, true
		}
		return post.Category, true
	case "employee_category":
		return post.EmployeeCategory, true
	case "staff_group":
		return post.StaffGroup, true
	case "job_role":
		return post.JobRole, true
	case "position_title":
		return post.Title, true
	case "position_number":
		return post.PositionNumber, true
	case "organisation":
		return post.Organisation.Name, true
	case "organisation_id":
		return post.Organisation.ID, true
	case "location":
		return post.Location, true
	}
	return "", false
}

// Placeholders returns every placeholder that a person answers.
func Placeholders() []string {
	return []string{
		"category", "employee_category", "employee_number", "first", "initial", "job_role", "location", "middle",
		"middle_initial", "organisation", "organisation_id", "position_number", "position_title", "preferred",
		"staff_group", "surname", "title",
	}
}

// Values returns all of a person's placeholders with the trust's name, and those
// of extra, which win. For many people [Person.Value] is the cheaper way.
func Values(p Person, trust string, extra map[string]string) map[string]string {
	values := make(map[string]string, len(Placeholders())+1+len(extra))
	for _, name := range Placeholders() {
		values[name], _ = p.Value(name)
	}
	values["trust"] = trust
	for name, value := range extra {
		values[name] = value
	}
	return values
}

// initial returns the first character of a name.
func initial(name string) string {
	_, size := utf8.DecodeRuneInString(name)
	return name[:size]
}
