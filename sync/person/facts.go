package person

import "strings"

// facts is what a rule may ask about a person. The tags are the names that
// stand in configuration files; a field without a value is the empty string.
type facts struct {
	Category         string  `expr:"category"`
	EmployeeCategory string  `expr:"employee_category"`
	StaffGroup       string  `expr:"staff_group"`
	JobRole          string  `expr:"job_role"`
	PositionTitle    string  `expr:"position_title"`
	PositionNumber   string  `expr:"position_number"`
	Organisation     string  `expr:"organisation"`
	OrganisationID   string  `expr:"organisation_id"`
	Location         string  `expr:"location"`
	Status           string  `expr:"status"`
	Title            string  `expr:"title"`
	RegisterCategory string  `expr:"register_category"`
	FTE              float64 `expr:"fte"`
	IsManager        bool    `expr:"is_manager"`
	BankOnly         bool    `expr:"bank_only"`
	External         bool    `expr:"external"`
	// Under answers organisation_under; see [CompileRule].
	Under func(string) bool `expr:"organisation_under"`
}

// factNames are the names that a rule may use, in the order of the documentation.
func factNames() []string {
	return []string{
		"category", "employee_category", "staff_group", "job_role", "position_title", "position_number",
		"organisation", "organisation_id", "location", "status", "title", "register_category",
		"fte", "is_manager", "bank_only", "external", underFunction,
	}
}

// factsOf takes out of a person what rules may ask. All but the flags are of
// the primary assignment.
func factsOf(p *Person) *facts {
	post := &p.Primary
	return &facts{
		Category:         post.Category,
		EmployeeCategory: post.EmployeeCategory,
		StaffGroup:       post.StaffGroup,
		JobRole:          post.JobRole,
		PositionTitle:    post.Title,
		PositionNumber:   post.PositionNumber,
		Organisation:     post.Organisation.Name,
		OrganisationID:   post.Organisation.ID,
		Location:         post.Location,
		Status:           post.Status,
		Title:            p.Title,
		RegisterCategory: p.Register,
		FTE:              post.FTE,
		IsManager:        p.IsManager,
		BankOnly:         p.BankOnly,
		External:         p.External,
		Under:            func(place string) bool { return under(post.Path, place) },
	}
}

// under reports whether an organisation, by "#ID" or by name, is in a path.
func under(path []Place, place string) bool {
	id, byID := strings.CutPrefix(place, "#")
	for i := range path {
		if byID && path[i].ID == id || !byID && path[i].Name == place {
			return true
		}
	}
	return false
}
