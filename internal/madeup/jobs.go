package madeup

// job is a kind of work that several people in a unit may do.
type job struct {
	title  string
	role   string // ESR's job role
	group  string // staff group
	code   string // occupation code
	weight int    // how many of the unit do it, beside the others
}

// kind is a kind of unit.
type kind struct {
	directorate   int    // place in directorates
	parent        string // an organisation between directorate and unit; empty for none
	name          string // of the unit; its own word comes after it
	ward          bool   // its own word is a number and a flower, not a place
	manager, lead job
	jobs          []job
	bank          bool // people here hold nothing but bank work
}

// The staff groups, as ESR words them.
const (
	nursing   = "Nursing and Midwifery Registered"
	medical   = "Medical and Dental"
	clerical  = "Administrative and Clerical"
	estates   = "Estates and Ancillary"
	clinical  = "Additional Clinical Services"
	allied    = "Allied Health Professionals"
	scientist = "Healthcare Scientists"
)

// directorates stand right below the trust; each has a director.
func directorates() []string {
	return []string{"Community Services", "Acute Medicine", "Surgery and Critical Care", "Mental Health", "Women and Children",
		"Corporate Services", "Estates and Facilities", "Temporary Staffing"}
}

// communityNursing is the organisation that rules about community nurses name.
const communityNursing = "Community Nursing"

// kinds are all kinds of unit; every trust has at least one of each. Their order
// is that of mixture.
func kinds() []kind { return append(wards(), offices()...) }

// head returns a job of which a unit has one holder, or a few leads.
func head(title, role, group, code string) job { return job{title, role, group, code, 0} }

// wards are the kinds whose people see patients.
func wards() []kind {
	assistant := job{"Healthcare Assistant", "Healthcare Assistant", clinical, "H1A", 4}
	sister, deputy := head("Ward Manager", "Sister/Charge Nurse", nursing, "N6A"), head("Deputy Ward Manager", "Sister/Charge Nurse", nursing, "N6A")
	ward := []job{
		{"Staff Nurse", "Staff Nurse", nursing, "N6A", 6}, assistant, {"Ward Clerk", "Clerical Worker", clerical, "G2A", 1},
		{"Senior Staff Nurse", "Staff Nurse", nursing, "N6A", 2}, {"Housekeeper", "Support Worker", estates, "H2R", 1},
	}
	return []kind{
		{directorate: 0, parent: communityNursing, name: "Community Nursing Team",
			manager: head("Community Team Leader", "Community Practitioner", nursing, "N6H"),
			lead:    head("District Nurse Team Lead", "Community Nurse", nursing, "N6H"),
			jobs: []job{{"District Nurse", "Community Nurse", nursing, "N6H", 4},
				{"Community Staff Nurse", "Community Nurse", nursing, "N7H", 4}, assistant}},
		{directorate: 1, name: "Ward", ward: true, manager: sister, lead: deputy, jobs: ward},
		{directorate: 2, name: "Surgical Ward", ward: true, manager: sister, lead: deputy, jobs: ward},
		{directorate: 1, name: "Medical Staffing",
			manager: head("Clinical Director", "Consultant", medical, "001"),
			lead:    head("Lead Consultant", "Consultant", medical, "001"),
			jobs: []job{{"Consultant", "Consultant", medical, "001", 3}, {"Specialty Registrar", "Specialty Registrar", medical, "011", 4},
				{"Foundation Doctor", "Foundation Year 1", medical, "011", 3}}},
		{directorate: 0, name: "Therapies",
			manager: head("Therapies Manager", "Allied Health Manager", allied, "S0A"),
			lead:    head("Senior Physiotherapist", "Physiotherapist Specialist", allied, "S0E"),
			jobs: []job{{"Physiotherapist", "Physiotherapist", allied, "S2E", 4},
				{"Occupational Therapist", "Occupational Therapist", allied, "S2C", 3}, {"Therapy Assistant", "Technical Instructor", clinical, "H1B", 2}}},
		{directorate: 3, name: "Mental Health Team",
			manager: head("Mental Health Team Manager", "Manager", nursing, "N6D"),
			lead:    head("Community Psychiatric Nurse Lead", "Community Nurse", nursing, "N6D"),
			jobs: []job{{"Community Psychiatric Nurse", "Community Nurse", nursing, "N6D", 4},
				{"Support Time and Recovery Worker", "Support Worker", clinical, "H1D", 3}}},
		{directorate: 4, name: "Maternity Unit",
			manager: head("Maternity Matron", "Modern Matron", nursing, "N2C"),
			lead:    head("Lead Midwife", "Midwife - Manager", nursing, "N2C"),
			jobs:    []job{{"Midwife", "Midwife", nursing, "N2C", 6}, {"Maternity Support Worker", "Healthcare Assistant", clinical, "H1C", 3}}},
	}
}

// offices are the kinds whose people keep the others going.
func offices() []kind {
	return []kind{
		{directorate: 5, name: "Digital and Data",
			manager: head("Digital Services Manager", "Manager", clerical, "G0A"),
			lead:    head("Infrastructure Lead", "Technician", clerical, "G1A"),
			jobs: []job{{"Service Desk Analyst", "Technician", clerical, "G2A", 3}, {"Systems Engineer", "Technician", clerical, "G1A", 2},
				{"Information Analyst", "Analyst", clerical, "G1A", 2}}},
		{directorate: 5, name: "Workforce and Finance",
			manager: head("Head of Workforce Information", "Senior Manager", clerical, "G0A"),
			lead:    head("Payroll Lead", "Officer", clerical, "G1A"),
			jobs: []job{{"Workforce Information Officer", "Officer", clerical, "G2A", 2}, {"HR Adviser", "Adviser", clerical, "G2A", 3},
				{"Finance Assistant", "Clerical Worker", clerical, "G2A", 3}}},
		{directorate: 6, name: "Facilities",
			manager: head("Facilities Manager", "Manager", estates, "G0D"),
			lead:    head("Domestic Supervisor", "Housekeeper", estates, "H2R"),
			jobs: []job{{"Domestic Assistant", "Housekeeper", estates, "H2R", 5}, {"Porter", "Porter", estates, "H2R", 3},
				{"Catering Assistant", "Cook", estates, "H2R", 2}}},
		{directorate: 2, name: "Pathology",
			manager: head("Pathology Manager", "Manager", scientist, "U0J"),
			lead:    head("Lead Biomedical Scientist", "Biomedical Scientist", scientist, "U2J"),
			jobs:    []job{{"Biomedical Scientist", "Biomedical Scientist", scientist, "U2J", 4}, {"Phlebotomist", "Phlebotomist", clinical, "H1J", 3}}},
		{directorate: 7, name: "Staff Bank", bank: true,
			manager: head("Staff Bank Manager", "Manager", clerical, "G0A"),
			lead:    head("Staff Bank Coordinator", "Officer", clerical, "G1A"),
			jobs: []job{{"Bank Staff Nurse", "Staff Nurse", nursing, "N6A", 5}, {"Bank Healthcare Assistant", "Healthcare Assistant", clinical, "H1A", 4},
				{"Bank Administrator", "Clerical Worker", clerical, "G2A", 1}}},
	}
}

// mixture is the order in which kinds come as a trust grows: all of them, then
// more of what trusts have many of.
func mixture() []int {
	return []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 0, 1, 2, 1, 2, 0, 5, 4, 9, 3}
}
