package config

// Directory says which Active Directory is kept, by which way it is reached, and what may be touched in it.
type Directory struct {
	// Servers are the controllers to work with, the first that answers wins. Each is ldaps://name or
	// ldaps://name:port. Either this or Domain is required.
	Servers []string `toml:"servers"`
	// Domain is the DNS name whose SRV records name the controllers. It is used only where Servers is empty.
	Domain string `toml:"domain"`
	// Controllers are all the writable controllers, for lockouts. Empty, the default: they are found in the
	// directory.
	Controllers []string `toml:"controllers"`
	// CAFile is the PEM file of the authorities that may vouch for a controller. Empty means the system's own.
	CAFile string `toml:"ca_file"`
	// Base is the DN of the domain. Required.
	Base string `toml:"base"`
	// ManagedBases are the DNs under which users are written. Required.
	ManagedBases []string `toml:"managed_bases"`
	// GroupBases are the DNs under which memberships may be stripped or changed. Empty: only the groups that
	// [[groups]] names.
	GroupBases []string `toml:"group_bases"`
	// LeaversOU is the DN that leavers are moved to, under a managed base. Empty, the default: they are disabled
	// in place. An OU outside Entra Connect's scope would delete mailboxes.
	LeaversOU string `toml:"leavers_ou"`
	// LeaversOUSynchronised says that somebody checked that LeaversOU is in Entra Connect's scope. Until it is
	// true, doctor warns.
	LeaversOUSynchronised bool `toml:"leavers_ou_synchronised"`
	// Connections is how many connections to one controller a run may use. Default 4.
	Connections int `toml:"connections" range:"1..64"`
	// Timeout is how long one request may take. Default 10 seconds.
	Timeout Duration `toml:"timeout"`
	// PageSize is how many entries one page of a search holds. Default 500; Active Directory stops at 1000.
	PageSize int `toml:"page_size" range:"1..1000"`
	// SecondaryAccounts are templates of the login names of a person's other accounts.
	SecondaryAccounts []string `toml:"secondary_accounts"`
	// PersonKeyAttribute holds the employee number. Default employeeID.
	PersonKeyAttribute string `toml:"person_key_attribute"`
	// MarkerAttribute holds the sealed token of an account that we manage. Default adminDescription.
	MarkerAttribute string `toml:"marker_attribute"`
	// Bind is the account that writes. Required.
	Bind Bind `toml:"bind"`
	// ReadBind is the account that reads and plans. The zero value means that Bind does that too.
	ReadBind Bind `toml:"read_bind"`
	// Protected is what no run ever writes.
	Protected Protected `toml:"protected"`
}

// BindMethod is a way to sign in to the directory.
type BindMethod string

// The ways to sign in.
const (
	// BindSimple sends User and Password over TLS.
	BindSimple BindMethod = "simple"
	// BindKerberos uses Principal, Realm and Keytab.
	BindKerberos BindMethod = "kerberos"
	// BindIntegrated is the service's own account (also a gMSA). Windows only.
	BindIntegrated BindMethod = "integrated"
)

// Bind is one account to sign in to the directory with.
type Bind struct {
	// Method is simple, kerberos or integrated. Empty means that this account is not configured.
	Method BindMethod `toml:"method" oneof:"simple kerberos integrated"`
	// User is a UPN, DOMAIN\name or DN, for simple.
	User string `toml:"user"`
	// Password is for simple.
	Password Secret `toml:"password"`
	// Principal is the name in Realm without the realm, for kerberos.
	Principal string `toml:"principal"`
	// Realm is the Kerberos realm, in capitals, for kerberos.
	Realm string `toml:"realm"`
	// Keytab is the path of the keytab file, for kerberos.
	Keytab string `toml:"keytab"`
}

// IsZero reports whether no account is configured.
func (b Bind) IsZero() bool { return b == Bind{} }

// Reader returns the account to read and plan with: ReadBind, or Bind where there is none.
func (d Directory) Reader() Bind {
	if d.ReadBind.IsZero() {
		return d.Bind
	}
	return d.ReadBind
}

// Protected lists what no run ever writes, besides what is protected by its nature (adminCount, privileged
// groups by SID, built-in accounts). Only a lockout reaches these.
type Protected struct {
	// Groups are DNs whose members are protected.
	Groups []string `toml:"groups"`
	// Accounts are login names; * and ? stand for any letters and any letter.
	Accounts []string `toml:"accounts"`
}

// Naming holds the templates for new accounts and accepted renames. Existing accounts keep what they have.
type Naming struct {
	// Login are templates of sAMAccountName, the first that is free wins. One must hold {n}.
	Login []string `toml:"login"`
	// LoginMax is the most letters of a login name, 1 to 20. Default 20, Active Directory's limit.
	LoginMax int `toml:"login_max" range:"1..20"`
	// UPN is the template of userPrincipalName. Default {email}.
	UPN string `toml:"upn"`
	// Email are templates of what stands before the @, the first that is free wins. One must hold {n}.
	Email []string `toml:"email"`
	// DisplayName is the template of displayName.
	DisplayName string `toml:"display_name"`
	// CN is the template of the entry's own name. It must differ for two people in one OU, so it holds {login}.
	CN string `toml:"cn"`
	// Rename is automatic, review (the default) or never. The old address always stays as an alias.
	Rename RenamePolicy `toml:"rename" oneof:"automatic review never"`
}

// RenamePolicy says what happens when a person's name changes in ESR.
type RenamePolicy string

// The rename policies.
const (
	// RenameAutomatic applies renames like any other change.
	RenameAutomatic RenamePolicy = "automatic"
	// RenameReview holds each rename until a person approves it. The default.
	RenameReview RenamePolicy = "review"
	// RenameNever plans none.
	RenameNever RenamePolicy = "never"
)
