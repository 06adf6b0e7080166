package config

// Lockout says what an urgent removal of access reaches.
type Lockout struct {
	// Bases are the DNs under which accounts are looked for and locked. Empty, the default: directory.base.
	Bases []string `toml:"bases"`
	// IncludeProtected says whether protected accounts are reached too. Default true.
	IncludeProtected bool `toml:"include_protected"`
	// Never are login names that no lockout touches; * and ? stand for any letters and any letter. Default krbtgt.
	Never []string `toml:"never"`
	// StripGroups says whether memberships are taken too; a release puts them back. Default false.
	StripGroups bool `toml:"strip_groups"`
	// MaxPerHour is how many lockouts one requester has at once in an hour; more need a second person. Default 10.
	MaxPerHour int `toml:"max_per_hour" range:"1..1000"`
	// TwoPersonRelease says whether a release needs somebody other than the requester. Default true.
	TwoPersonRelease bool `toml:"two_person_release"`
	// Categories are the reasons to choose from.
	Categories []string `toml:"categories"`
	// Watch says whether held accounts are looked at all the time and put back. Default true.
	Watch bool `toml:"watch"`
	// Hooks end sessions elsewhere. They run in the order of the file.
	Hooks []Hook `toml:"hooks"`
}

// Hook is a command or an HTTPS call that ends sessions elsewhere. It learns the account, and never the reason.
type Hook struct {
	// Name is unique among hooks. Required.
	Name string `toml:"name"`
	// Command is a program and its arguments, run without a shell. Either this or URL.
	Command []string `toml:"command"`
	// URL is called over HTTPS with a body that is signed with Secret.
	URL string `toml:"url"`
	// Secret is the HMAC key, for URL.
	Secret Secret `toml:"secret"`
	// Timeout is how long it may take. Default 20 seconds.
	Timeout Duration `toml:"timeout"`
}

func (h *Hook) setDefaults() { h.Timeout = 20 * Second }

// URP says how responsibilities in ESR are judged.
type URP struct {
	// ElevatedExcept are the responsibilities, without VPD, that everybody may have; any other is elevated.
	ElevatedExcept []string `toml:"elevated_except"`
	// SmartcardRequired are the responsibilities that need a smartcard.
	SmartcardRequired []string `toml:"smartcard_required"`
	// Conflicts are pairs that nobody may have both of.
	Conflicts [][]string `toml:"conflicts"`
	// UnusedAfter is when an elevated responsibility that nobody used is reported. Default 60 days.
	UnusedAfter Duration `toml:"unused_after"`
	// GenericNames are patterns of user names that are nobody's; * and ? stand for any letters and any letter.
	GenericNames []string `toml:"generic_names"`
	// Exceptions is the path of the CSV file of exceptions. A file that is not there holds none.
	Exceptions string `toml:"exceptions"`
	// ExceptionApprovers are the employee numbers of those who may approve one. Empty: no exception counts.
	ExceptionApprovers []string `toml:"exception_approvers"`
	// AuditDue is the day of the first audit; later ones follow from what is recorded. Zero: not set.
	AuditDue Date `toml:"audit_due"`
	// AuditEveryMonths is the number of months from one audit to the next. Default 6.
	AuditEveryMonths int `toml:"audit_every_months" range:"1..60"`
}
