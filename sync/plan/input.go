package plan

import (
	"time"

	"esrsync/esrmodel"
	"esrsync/internal/directory"
	"esrsync/internal/state"
	"esrsync/sync/match"
	"esrsync/sync/person"
)

// Input is everything that a plan is made from. Nothing else can move it.
type Input struct {
	At      person.Moment
	Zone    *time.Location // for the midnight that accountExpires names
	People  []person.Person
	Matches match.Result

	// Accounts are all user objects below the managed bases, and every account
	// that a link or an employee number leads to, sorted by GUID.
	Accounts []directory.Account
	// Groups are the groups under group_bases and those named in rules, with their members.
	Groups []directory.Group
	// Tokens is what the sealed token of each marked account says.
	Tokens map[directory.GUID]match.Token
	Links  []state.Link
	// Names are the logins, UPNs and addresses in use in the forest; Given those
	// that were ever given or imported. Neither may go to another person.
	Names []directory.Name
	Given []state.Name
	// Held are the person IDs that are locked out: nothing is planned for them.
	Held map[string]bool
	// HeldAccounts are the accounts that a lockout holds, whoever's they are: no
	// change of them is planned.
	HeldAccounts map[directory.GUID]bool
	// Keeps are the person IDs whose leaving is stopped for now, with the last day of that.
	Keeps map[string]esrmodel.Date
	// HeldOrganisations are the IDs of organisations that a full feed shrank. Their
	// leavers are planned as ever; it is the guard, to which this goes on, that holds them.
	HeldOrganisations map[string]bool
	// OurExpiry is the accountExpires that we wrote last, by account. A date that
	// somebody else wrote is never taken out or moved back.
	OurExpiry map[directory.GUID]time.Time
	// SwitchedOff is the day on which we switched an account off last. An account
	// without one is never deleted.
	SwitchedOff map[directory.GUID]esrmodel.Date
	// Addresses are the addresses that another service gave, by person ID, where
	// Policy.EmailFromFile.
	Addresses map[string]string
	// Schema has the lower-cased names of the attributes that users may have.
	Schema map[string]bool

	Policy Policy
	Inputs []Fingerprint // copied into the plan
}

// Policy is what a trust decides about its directory.
type Policy struct {
	Trust       string
	EmailDomain string
	// ManagedBases are where users are written, GroupBases where memberships are.
	ManagedBases []string
	GroupBases   []string
	LeaversOU    string // empty: disabled in place

	LoginTemplates []string
	LoginMax       int
	UPNTemplate    string // "{email}", or a template for the part before the @ and the domain
	EmailTemplates []string
	DisplayName    string // template
	CommonName     string // template
	Rename         string // automatic, review or never
	EmailFromFile  bool   // another service gives addresses: none is made here

	CreateBefore   int  // days
	AccountExpires bool // a known leaving date is also written as accountExpires
	DeleteAfter    int  // days after leaving; 0 is never
	UnusedAfter    int  // days; 0 is never

	Placement  []Placement
	Groups     []GroupRule
	Attributes []Attribute // sorted by name

	ProtectedGroups []string // DNs; with the privileged groups by SID, always
	Protected       []string // patterns of logins
	Secondary       []string // patterns of a person's other accounts
	Generic         []string // patterns of shared accounts

	// PersonKeyAttribute and MarkerAttribute are LDAP names, for reasons and texts.
	PersonKeyAttribute string
	MarkerAttribute    string
}

// Placement is one rule of where an account belongs; the first that fits counts.
type Placement struct {
	Name   string // placement[0], as the configuration counts
	When   person.Rule
	OU     string
	Always bool // binds existing accounts too; otherwise new ones only
}

// GroupRule gives a membership to everybody who fits.
type GroupRule struct {
	Name      string // groups[0]
	When      person.Rule
	Group     string // DN
	Exclusive bool   // members whom esrsync does not manage are removed as well
}

// Attribute is one attribute and the template of its value.
type Attribute struct {
	Name      string
	Template  string
	Authority Authority
}

// Authority says whose value of an attribute wins.
type Authority string

// The authorities.
const (
	Always    Authority = "always" // ESR's value wins
	OnCreate  Authority = "create" // written once, with the account
	WhenEmpty Authority = "empty"  // written where there is nothing
)
