package config

// Feeds says where files of ESR arrive and what they must look like.
type Feeds struct {
	// Inbox is the folder that is watched by polling. A file that has stopped growing starts a run.
	Inbox string `toml:"inbox"`
	// Archive is the folder that files go to once they were taken or refused.
	Archive string `toml:"archive"`
	// ArchiveKeep is how long a file stays in the archive. Default 90 days.
	ArchiveKeep Duration `toml:"archive_keep"`
	// MaxAge is how old the newest staff feed may be before an alarm. Leavers with a date in the store go on
	// meanwhile. Default 26 hours.
	MaxAge Duration `toml:"max_age"`

	SFTP      SFTP        `toml:"sftp"`
	Staff     StaffFeed   `toml:"staff"`
	URP       URPFeed     `toml:"urp"`
	OneForms  OneFormFeed `toml:"oneforms"`
	ASNumbers ASFeed      `toml:"as_numbers"`
	NonESR    NonESRFeed  `toml:"non_esr"`
}

// SFTP fetches files into the inbox.
type SFTP struct {
	// Host is the server's name. Empty, the default, means that something else puts files into the inbox.
	Host string `toml:"host"`
	// Port is the server's TCP port. Default 22.
	Port int `toml:"port" range:"1..65535"`
	// User is the name to sign in with.
	User string `toml:"user"`
	// Key is the private key to sign in with, in OpenSSH form.
	Key Secret `toml:"key"`
	// HostKey is the fingerprint that the server's key must have, as SHA256:… of ssh-keygen -l.
	HostKey string `toml:"host_key"`
	// Folder is the folder on the server that files are fetched from. Empty is the one that signing in leads to.
	Folder string `toml:"folder"`
	// Every is how often to look. Default 10 minutes.
	Every Duration `toml:"every"`
}

// StaffFormat is the form of the staff feed.
type StaffFormat string

// The forms of the staff feed.
const (
	// StaffGO is ESR's Generic Outbound file. The default.
	StaffGO StaffFormat = "go"
	// StaffCSV is an export with one row per assignment.
	StaffCSV StaffFormat = "csv"
)

// TrailerCounts says what the number in a GO file's trailer counts.
type TrailerCounts string

// What a trailer may count.
const (
	// TrailerAllLines counts every line that is not blank, header and trailer too. The default.
	TrailerAllLines TrailerCounts = "all_lines"
	// TrailerDataLines counts the lines between header and trailer.
	TrailerDataLines TrailerCounts = "data_lines"
)

// StaffFeed is the feed of people and their assignments.
type StaffFeed struct {
	// Format is go (the default) or csv.
	Format StaffFormat `toml:"format" oneof:"go csv"`
	// TestCanaries are employee numbers that exist in the test environment only. One of them in a file refuses
	// it where environment is live. Empty checks nothing.
	TestCanaries []string `toml:"test_canaries"`
	// TrailerCounts is all_lines (the default) or data_lines.
	TrailerCounts TrailerCounts `toml:"trailer_counts" oneof:"all_lines data_lines"`
	// Canaries are employee numbers that every full file must have. Empty checks nothing.
	Canaries []string `toml:"canaries"`
	// MaxShrinkPercent is the share of people, 0 to 100, by which a full file may be smaller than the last full
	// file that was accepted. Default 3; zero refuses any file that is smaller at all.
	MaxShrinkPercent float64 `toml:"max_shrink_percent" range:"0..100"`
	// MaxShrinkPercentPerOrganisation is the same, 0 to 100, for one organisation of 25 people or more. It holds
	// that organisation's leavers and not the file. Default 20; zero holds them whenever it is smaller at all.
	MaxShrinkPercentPerOrganisation float64 `toml:"max_shrink_percent_per_organisation" range:"0..100"`
	// File is the pattern of file names, for csv only. The newest file that fits is the register.
	File string `toml:"file"`
	// Columns names the headings, for csv only.
	Columns StaffColumns `toml:"columns"`
}

// StaffColumns names the heading of each column of a staff CSV. An empty one says that the export has no such
// column. The defaults are the headings that ESR's reports use most.
type StaffColumns struct {
	PersonID           string `toml:"person_id"`
	EmployeeNumber     string `toml:"employee_number"`
	Title              string `toml:"title"`
	LastName           string `toml:"last_name"`
	FirstName          string `toml:"first_name"`
	MiddleName         string `toml:"middle_name"`
	PreferredName      string `toml:"preferred_name"`
	DateOfBirth        string `toml:"date_of_birth"`
	NINumber           string `toml:"ni_number"`
	SmartcardUUID      string `toml:"smartcard_uuid"`
	Email              string `toml:"email"`
	HireDate           string `toml:"hire_date"`
	TerminationDate    string `toml:"termination_date"`
	TerminationReason  string `toml:"termination_reason"`
	AssignmentNumber   string `toml:"assignment_number"`
	AssignmentStatus   string `toml:"assignment_status"`
	AssignmentCategory string `toml:"assignment_category"`
	Primary            string `toml:"primary"`
	AssignmentStart    string `toml:"assignment_start"`
	AssignmentEnd      string `toml:"assignment_end"`
	LastWorkingDay     string `toml:"last_working_day"`
	PositionNumber     string `toml:"position_number"`
	PositionTitle      string `toml:"position_title"`
	StaffGroup         string `toml:"staff_group"`
	JobRole            string `toml:"job_role"`
	Organisation       string `toml:"organisation"`
	OrganisationPath   string `toml:"organisation_path"`
	Location           string `toml:"location"`
	Supervisor         string `toml:"supervisor"`
	FTE                string `toml:"fte"`
}

// Map returns the headings by key, without those that are empty.
func (c StaffColumns) Map() map[string]string { return headings(c) }

// URPFeed is the export of ESR's users and their responsibilities (URPs).
type URPFeed struct {
	// File is the pattern of file names. Empty: there is no such export, and no URP is judged.
	File string `toml:"file"`
	// MaxAge is how old the newest export may be before an alarm. Default 8 days.
	MaxAge Duration `toml:"max_age"`
	// Columns names the headings.
	Columns URPColumns `toml:"columns"`
}

// URPColumns names the heading of each column of the URP export.
type URPColumns struct {
	UserName       string `toml:"user_name"`
	EmployeeNumber string `toml:"employee_number"`
	PersonName     string `toml:"person_name"`
	URP            string `toml:"urp"`
	Start          string `toml:"start"`
	End            string `toml:"end"`
	LastLogon      string `toml:"last_logon"`
}

// Map returns the headings by key, without those that are empty.
func (c URPColumns) Map() map[string]string { return headings(c) }

// OneFormFeed is the register of authorised requests for elevated access.
type OneFormFeed struct {
	// File is the pattern of file names. Empty: there is no such register.
	File string `toml:"file"`
	// Columns names the headings.
	Columns OneFormColumns `toml:"columns"`
}

// OneFormColumns names the heading of each column of the OneForm register.
type OneFormColumns struct {
	Reference      string `toml:"reference"`
	EmployeeNumber string `toml:"employee_number"`
	URP            string `toml:"urp"`
	AuthorisedBy   string `toml:"authorised_by"`
	AuthorisedOn   string `toml:"authorised_on"`
}

// Map returns the headings by key, without those that are empty.
func (c OneFormColumns) Map() map[string]string { return headings(c) }

// ASFeed is Finance's register of AS Numbers.
type ASFeed struct {
	// File is the pattern of file names. Empty: there is no such register.
	File string `toml:"file"`
	// Columns names the headings.
	Columns ASColumns `toml:"columns"`
}

// ASColumns names the heading of each column of the AS Number register.
type ASColumns struct {
	EmployeeNumber string `toml:"employee_number"`
	ASNumber       string `toml:"as_number"`
	Start          string `toml:"start"`
	End            string `toml:"end"`
}

// Map returns the headings by key, without those that are empty.
func (c ASColumns) Map() map[string]string { return headings(c) }

// NonESRFeed is the register of people who are not in ESR: students, agency staff, contractors.
type NonESRFeed struct {
	// File is the pattern of file names. Empty: there is no such register.
	File string `toml:"file"`
	// Columns names the headings.
	Columns NonESRColumns `toml:"columns"`
}

// NonESRColumns names the heading of each column of the register of people who are not in ESR.
type NonESRColumns struct {
	Reference string `toml:"reference"`
	Surname   string `toml:"surname"`
	Forename  string `toml:"forename"`
	Category  string `toml:"category"`
	Sponsor   string `toml:"sponsor"`
	Start     string `toml:"start"`
	End       string `toml:"end"`
}

// Map returns the headings by key, without those that are empty.
func (c NonESRColumns) Map() map[string]string { return headings(c) }
