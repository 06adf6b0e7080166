package config

// LeaverDate says which of ESR's dates ends a person's access.
type LeaverDate string

// The dates of leaving.
const (
	// LeaverLastWorkingDay is the last working day, else the assignment's end, else the termination date. The
	// default.
	LeaverLastWorkingDay LeaverDate = "last_working_day"
	// LeaverTermination is the actual termination date.
	LeaverTermination LeaverDate = "termination"
	// LeaverEarliest is the earliest of them.
	LeaverEarliest LeaverDate = "earliest"
)

// Lifecycle says when accounts are made, switched off and deleted.
type Lifecycle struct {
	// CreateBeforeStart is how long before the start an account is made, disabled; it is enabled on the day.
	// Default 14 days; zero makes it on the day.
	CreateBeforeStart Duration `toml:"create_before_start"`
	// LeaverDate is last_working_day (the default), termination or earliest.
	LeaverDate LeaverDate `toml:"leaver_date" oneof:"last_working_day termination earliest"`
	// LeaverAt is the time of that day at which access ends. Default 23:59.
	LeaverAt TimeOfDay `toml:"leaver_at"`
	// AccountExpires says whether a known date of leaving is also written as accountExpires, so that access ends
	// even while the service is down. Default true.
	AccountExpires bool `toml:"account_expires"`
	// AbsentFullFeeds is how many complete full feeds a person must be missing from before a person is asked
	// whether they left. Default 3.
	AbsentFullFeeds int `toml:"absent_full_feeds" range:"1..100"`
	// UnusedAccountAfter is when an account that nobody signed in to is reported; it is never disabled for that.
	// Default 40 days; zero reports none.
	UnusedAccountAfter Duration `toml:"unused_account_after"`
	// DeleteAfter is how long a leaver's account stays disabled before its deletion is proposed, which always
	// needs an approval. The default, also the zero value, is never.
	DeleteAfter OrNever `toml:"delete_after"`
	// InitialPassword lists who may ask for a starter's first password from the enable day: manager,
	// service_desk. Empty: nobody.
	InitialPassword []string `toml:"initial_password" oneof:"manager service_desk"`
	// Statuses changes the built-in table of assignment statuses, as ESR words them: current, disabled (current
	// without access), starting (an accepted offer), suspended (current, and reported), ended or ignored.
	Statuses map[string]string `toml:"statuses" oneof:"current disabled starting suspended ended ignored"`
	// Categories changes the built-in table of assignment categories, as ESR words them: bank, honorary or
	// substantive.
	Categories map[string]string `toml:"categories" oneof:"bank honorary substantive"`
}

// Apply says whether a rule binds accounts that exist.
type Apply string

// The reaches of a placement rule.
const (
	// ApplyCreate is for new accounts only. The default.
	ApplyCreate Apply = "create"
	// ApplyAlways moves existing accounts too.
	ApplyAlways Apply = "always"
)

// Placement is one rule that says in which OU an account is. The first that fits a person counts.
type Placement struct {
	// When is an expression over the person. Required; `true` fits everybody.
	When string `toml:"when"`
	// OU is a DN under a managed base. Required.
	OU string `toml:"ou"`
	// Apply is create (the default) or always.
	Apply Apply `toml:"apply" oneof:"create always"`
}

func (p *Placement) setDefaults() { p.Apply = ApplyCreate }

// Group is one rule that gives a membership. Every rule that fits a person counts.
type Group struct {
	// When is an expression over the person. Required; `true` fits everybody.
	When string `toml:"when"`
	// Group is the group's DN. Required.
	Group string `toml:"group"`
	// Exclusive says that members whom we do not manage are removed too. Default false.
	Exclusive bool `toml:"exclusive"`
}

// Authority says when an attribute is written.
type Authority string

// The authorities.
const (
	// AuthorityAlways: ESR's value wins. The default.
	AuthorityAlways Authority = "always"
	// AuthorityCreate: written once, with the account.
	AuthorityCreate Authority = "create"
	// AuthorityEmpty: written where there is nothing.
	AuthorityEmpty Authority = "empty"
)

// AttributeRule gives one directory attribute its value. In the file it is a template, or {value, authority}.
type AttributeRule struct {
	// Value is the template. Required.
	Value string `toml:"value"`
	// Authority is always (the default), create or empty.
	Authority Authority `toml:"authority" oneof:"always create empty"`
}

func (r *AttributeRule) setDefaults() { r.Authority = AuthorityAlways }

// setShort takes the short form, a template alone.
func (r *AttributeRule) setShort(template string) { r.Value = template }
