package madeup

import (
	"cmp"
	"slices"

	"esrsync/esrmodel"
	"esrsync/internal/directory"
)

// Seed is a directory as it is found, in a form that any directory can be filled
// from. Make things in the order of the fields; parents stand before their
// children.
type Seed struct {
	Units    []string  // DNs of the organisational units
	Users    []User    // in no order that matters
	Contacts []Contact // addresses of people elsewhere
	Groups   []Group   // to be made, or built in; their members are users of this seed
	Planted  []Plant   // the faults, by kind and DN
}

// User is an account. Who loads it sets a password where Enabled asks for one,
// and Manager only when every user is there.
type User struct {
	DN         string
	Login      string
	UPN        string
	PersonKey  string // for employeeID, or whatever attribute the trust keeps it in; often empty
	Enabled    bool
	AdminCount bool          // adminCount=1: it was privileged once
	Manager    string        // DN; empty for none
	LastSignIn esrmodel.Date // for lastLogonTimestamp, where the loader can write it; zero is never
	Attributes []Attribute   // everything else, sorted by name
}

// Attribute is an LDAP name and its values.
type Attribute struct {
	Name   string
	Values []string
}

// Entry returns what an LDAP add of the user sends, but for the password, the
// manager and the control field: the account is made disabled, and enabled last.
func (u User) Entry() []Attribute {
	entry := append([]Attribute{
		{"objectClass", []string{"top", "person", "organizationalPerson", "user"}},
		{"sAMAccountName", []string{u.Login}}, {"userPrincipalName", []string{u.UPN}},
	}, u.Attributes...)
	if u.PersonKey != "" {
		entry = append(entry, Attribute{"employeeID", []string{u.PersonKey}})
	}
	if u.AdminCount {
		entry = append(entry, Attribute{"adminCount", []string{"1"}})
	}
	return entry
}

// Control returns the user's control field.
func (u User) Control() directory.Control {
	if u.Enabled {
		return directory.NormalAccount
	}
	return directory.NormalAccount.WithDisabled()
}

// Contact is an address without an account.
type Contact struct {
	DN   string
	Name string
	Mail string
}

// Entry returns what an LDAP add of the contact sends.
func (c Contact) Entry() []Attribute {
	return []Attribute{
		{"objectClass", []string{"top", "person", "organizationalPerson", "contact"}}, {"displayName", []string{c.Name}},
		{"mail", []string{c.Mail}}, {"proxyAddresses", []string{"SMTP:" + c.Mail}},
	}
}

// Group is a group and its members.
type Group struct {
	DN      string
	Name    string   // sAMAccountName
	BuiltIn bool     // every domain has it: only the members are to be added
	Members []string // DNs, sorted
}

// Entry returns what an LDAP add of the group sends, but for its members.
func (g Group) Entry() []Attribute {
	return []Attribute{{"objectClass", []string{"top", "group"}}, {"sAMAccountName", []string{g.Name}}}
}

// Fault names a fault of the directory.
type Fault string

// The faults. What is no fault of the directory but of ESR's files is an [Event].
const (
	LeaverEnabled      Fault = "account of a leaver still enabled"
	LeaverWithGroups   Fault = "disabled account of a leaver still in groups"
	LeaverTwice        Fault = "leaver with two enabled accounts"
	LeaverProtected    Fault = "enabled account of a leaver with adminCount"
	LeaverAdmin        Fault = "enabled administrator account of a leaver"
	ExternalOver       Fault = "account of a register entry whose end has passed"
	Unowned            Fault = "account nobody owns"
	NumberTwice        Fault = "two accounts with the number of one current person"
	OldNumber          Fault = "account of a returner with the number of the old record"
	Renamed            Fault = "account under a former surname"
	WrongManager       Fault = "manager is somebody else"
	GoneManager        Fault = "manager has left"
	MissingGroup       Fault = "membership that a rule gives is missing"
	StaleAttributes    Fault = "department and title of an earlier post"
	DisabledByHand     Fault = "account of a current person disabled by somebody"
	Unused             Fault = "account of a current person unused for months"
	NoAccount          Fault = "current person without an account"
	OnlyAddress        Fault = "no number, the address equals ESR's"
	OnlyName           Fault = "no number and no address in ESR"
	AddressClash       Fault = "address of another account among the aliases"
	ContactHasAddress  Fault = "contact with the address that a starter would get"
	GenericAccount     Fault = "shared account"
	ServiceAccount     Fault = "service account"
	AdministratorExtra Fault = "administrator account of a current person"
)

// Plant is one fault and where it is.
type Plant struct {
	Fault  Fault
	DN     string // of the account; empty where the fault is that there is none
	Login  string
	Person string // employee number, or X and the register's reference; empty where nobody's
	Other  string // what it clashes with: another account's DN, an address, an old number
}

// Of returns the planted faults of one kind.
func (s Seed) Of(fault Fault) []Plant {
	var out []Plant
	for _, p := range s.Planted {
		if p.Fault == fault {
			out = append(out, p)
		}
	}
	return out
}

// attributes returns those that have a value, sorted by name.
func attributes(list ...Attribute) []Attribute {
	list = slices.DeleteFunc(list, func(a Attribute) bool { return len(a.Values) == 0 || a.Values[0] == "" })
	slices.SortFunc(list, func(a, b Attribute) int { return cmp.Compare(a.Name, b.Name) })
	return list
}

func one(name, value string) Attribute { return Attribute{name, []string{value}} }
