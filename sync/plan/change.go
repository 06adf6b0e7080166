package plan

import (
	"crypto/sha256"
	"encoding/hex"
	"sort"
	"strings"

	"esrsync/esrmodel"
	"esrsync/internal/directory"
	"esrsync/internal/finding"
)

// Class is what a change is for. The guard has a limit for each.
type Class string

// The classes, in the order in which a run applies them, lockout first.
const (
	Lockout Class = "lockout"
	Release Class = "release"
	Leaver  Class = "leaver"
	Mover   Class = "mover"
	Rename  Class = "rename"
	Joiner  Class = "joiner"
	Link    Class = "link"
	Repair  Class = "repair"
	Delete  Class = "delete"
)

// Classes returns every class in the order in which a run applies them.
func Classes() []Class {
	return []Class{Lockout, Release, Leaver, Mover, Rename, Joiner, Link, Repair, Delete}
}

// Kind is what a change does.
type Kind string

// The kinds of change.
const (
	Create       Kind = "create"
	Enable       Kind = "enable"
	Disable      Kind = "disable"
	Set          Kind = "set"
	Renaming     Kind = "rename"
	Move         Kind = "move"
	AddMember    Kind = "add_member"
	RemoveMember Kind = "remove_member"
	Password     Kind = "password"
	Mark         Kind = "mark"
	Deletion     Kind = "delete"
)

// Names in [Values] that are not attributes of the directory.
const (
	// OU is the parent of the object, a DN.
	OU = "ou"
	// CN is the object's common name, unescaped.
	CN = "cn"
	// Group is the DN of a group.
	Group = "group"
	// Token is what the sealed token says: a state, as [State] names them.
	Token = "token"
	// PersonKey stands for the attribute of directory.person_key_attribute.
	PersonKey = "person_key"
)

// Values maps attribute names to values. It is written with its names in order.
// A name that is missing in Before had no value; one that is in Before and
// missing in After goes. For proxyAddresses only the values that go and come are
// named. accountExpires is missing where the account never expires, however the
// directory spells that; to take a date out, After says "0".
type Values map[string][]string

// Change is one intended edit to one account. It records the values that we
// expect to find, so that apply can notice that somebody else got there first.
//
// A change of kind create, set, enable, disable, rename or mark is one atomic
// operation on one object, but for the token of a new account, which is sealed
// over the GUID and so follows it.
type Change struct {
	ID       string         `json:"id"`
	Class    Class          `json:"class"`
	Kind     Kind           `json:"kind"`
	Person   string         `json:"person,omitempty"` // the person key: employee number, or X and the reference
	Account  directory.GUID `json:"account,omitzero"` // zero for a new account and for what follows its creation
	DN       string         `json:"dn,omitempty"`     // as read; for a new account the one that it will have
	Before   Values         `json:"before,omitempty"`
	After    Values         `json:"after,omitempty"`
	Rule     string         `json:"rule"`               // the key of the configuration, or the ruling, that asks for it
	Reason   string         `json:"reason"`             // one sentence that a person can read
	Evidence []string       `json:"evidence,omitempty"` // records and dates that it rests on

	PersonID string         `json:"person_id,omitempty"` // ESR person ID, or the same as Person for the register
	Group    directory.GUID `json:"group,omitzero"`      // for memberships
	Slice    string         `json:"slice,omitempty"`     // organisation by name, for limits per organisation
	SliceID  string         `json:"slice_id,omitempty"`  // the same by ID
	// Effective is the first day on which the change is felt: a known leaving date
	// that is written ahead is felt on the day after that date.
	Effective esrmodel.Date `json:"effective,omitzero"`
	// Urgent marks a dismissal or a date that has passed: quiet hours do not delay it.
	Urgent bool `json:"urgent,omitempty"`
	// RemovesAccess marks a change that ends somebody's access, now or on a date.
	RemovesAccess bool `json:"removes_access,omitempty"`
	// Review marks a change that waits for a person whatever its number: a rename
	// where naming.rename is "review".
	Review bool `json:"review,omitempty"`
	// ManagerID is the person ID of whom a manager attribute in After names. After
	// has the DN as read, or the one that an account of this plan will have. An
	// account that the same run renames or moves first has to be followed: whether
	// it does is the guard's to say, and so not known here.
	ManagerID string `json:"manager_id,omitempty"`
	// Marker is the account's sealed token as read, which the write expects to find.
	// It is empty where there is none, and where the account is made in the same
	// plan: then the token of Before, sealed for the new account, is expected.
	Marker string `json:"-"`
}

// Subject returns what limits count: the account, or the person where there is none yet.
func (c Change) Subject() string {
	if c.Account.IsZero() {
		return c.Person
	}
	return c.Account.String()
}

// Identify returns the change with its ID: a hash of class, kind, account or
// person, and its before and after. Reasons may be worded anew without moving it.
func (c Change) Identify() Change {
	h := sha256.New()
	subject := c.Account.String()
	if c.Account.IsZero() {
		subject = "person:" + c.Person
	}
	for _, part := range []string{string(c.Class), string(c.Kind), subject, c.Before.canonical(), c.After.canonical()} {
		h.Write([]byte(part))
		h.Write([]byte{0})
	}
	c.ID = hex.EncodeToString(h.Sum(nil)[:8])
	return c
}

// canonical returns a form that is equal for equal values, whatever order
// several values of one attribute stand in.
func (v Values) canonical() string {
	names := make([]string, 0, len(v))
	for n := range v {
		names = append(names, n)
	}
	sort.Strings(names)
	var b strings.Builder
	for _, n := range names {
		values := append([]string(nil), v[n]...)
		sort.Strings(values)
		b.WriteString(n)
		for _, s := range values {
			b.WriteByte(1)
			b.WriteString(s)
		}
		b.WriteByte(2)
	}
	return b.String()
}

// First returns the only value of a name, or nothing.
func (v Values) First(name string) string {
	if len(v[name]) == 0 {
		return ""
	}
	return v[name][0]
}

// Plan is what would have to change, in order. The same inputs give the same bytes.
type Plan struct {
	ID       string            `json:"plan_id"`
	AsOf     esrmodel.Date     `json:"as_of"`
	Inputs   []Fingerprint     `json:"inputs"`
	Counts   map[Class]int     `json:"counts"` // changes by class
	Changes  []Change          `json:"changes"`
	Verdict  *Verdict          `json:"verdict,omitempty"` // the guard's; nil until it has judged
	Findings []finding.Finding `json:"findings"`

	// LeftAlone are the memberships of leavers and of people who do bank work only
	// that are not ours to take away, in order of person, account and group.
	LeftAlone []Membership `json:"memberships_left_alone,omitempty"`
	// Waits are the things that are due and deliberately not done yet, in order of person.
	Waits []Wait `json:"waits,omitempty"`
}

// Membership is one account's place in one group.
type Membership struct {
	Person  string         `json:"person"` // person key
	Account directory.GUID `json:"account"`
	Group   string         `json:"group"` // DN
	Reason  string         `json:"reason"`
}

// Wait is something that would be done for a person but for a reason.
type Wait struct {
	Person   string        `json:"person"` // person key
	PersonID string        `json:"person_id"`
	Until    esrmodel.Date `json:"until,omitzero"` // the last day of waiting, where there is one
	Reason   string        `json:"reason"`
}

// Fingerprint names something that a plan was made from, and its hash.
type Fingerprint struct {
	Name string `json:"name"`
	Hash string `json:"hash"`
}

// Seal returns the plan with its identity: a hash of its changes' IDs in order,
// so that it does not move when nothing that matters moved; and with its counts.
func (p Plan) Seal() Plan {
	h := sha256.New()
	p.Counts = map[Class]int{}
	for _, c := range p.Changes {
		h.Write([]byte(c.ID))
		p.Counts[c.Class]++
	}
	p.ID = hex.EncodeToString(h.Sum(nil)[:8])
	return p
}

// State is what a sealed token says of an account: who switched it off last.
type State string

// The states of an account that we manage.
const (
	Managed     State = "managed"    // on, or switched off by somebody else
	Precreated  State = "precreated" // made ahead of a start and not enabled yet
	SwitchedOff State = "leaver"     // disabled by us because the person left
)
