package directory

import (
	"strings"
	"time"
)

// Account is a user object of the directory, as one complete read saw it.
type Account struct {
	GUID           GUID
	SID            string // S-1-5-21-…
	DN             string // as the server wrote it; compare with [SameDN], never as text
	Login          string // sAMAccountName
	UPN            string // userPrincipalName
	CN             string // the RDN's value, unescaped
	Control        Control
	Expires        time.Time // accountExpires; zero is never
	PasswordSet    time.Time // pwdLastSet; zero means it must be changed at the next sign-in
	LastSignIn     time.Time // lastLogonTimestamp: 9 to 14 days stale by design
	Created        time.Time // whenCreated
	PersonKey      string    // the attribute of directory.person_key_attribute: employee number, or X and a reference
	Marker         string    // the attribute of directory.marker_attribute, sealed; empty where we never marked it
	Mail           string
	ProxyAddresses []string // with their prefixes; exactly one SMTP: is the primary
	Manager        string   // DN
	MemberOf       []string // DNs of the groups that this controller knows, without the primary group
	AdminCount     bool     // adminCount=1: the account is, or was, privileged
	Critical       bool     // isCriticalSystemObject
	PrimaryGroup   int      // primaryGroupID, a RID
	// Attributes holds every other single-valued attribute that was asked for, by
	// the name it was asked for. One that the account lacks has no entry.
	Attributes map[string]string
}

// Value returns an attribute of Attributes whatever the case of its name.
func (a Account) Value(name string) string {
	if v, ok := a.Attributes[name]; ok {
		return v
	}
	for k, v := range a.Attributes {
		if strings.EqualFold(k, name) {
			return v
		}
	}
	return ""
}

// Enabled reports whether the account's control field lets it sign in.
func (a Account) Enabled() bool { return a.Control.Enabled() }

// Addresses returns every SMTP address of the account, lower case, without
// prefix: mail first, then proxyAddresses, none twice.
func (a Account) Addresses() []string {
	var out []string
	seen := map[string]bool{}
	add := func(s string) {
		if s = strings.ToLower(strings.TrimSpace(s)); s != "" && !seen[s] {
			seen[s] = true
			out = append(out, s)
		}
	}
	add(a.Mail)
	for _, p := range a.ProxyAddresses {
		if len(p) > 5 && strings.EqualFold(p[:5], "smtp:") {
			add(p[5:])
		}
	}
	return out
}

// Group is a group whose members we may read or change.
type Group struct {
	GUID    GUID
	SID     string
	DN      string
	Name    string   // sAMAccountName
	Members []string // DNs, all of them, read by ranges where there are more than the server sends at once
}

// Name is one login name or address that some object of the forest has: user,
// group, contact, computer, public folder.
type Name struct {
	Kind  NameKind
	Value string // lower case, without prefix
	Owner GUID   // zero where only the global catalogue knows it
	DN    string
}

// NameKind says what a name is used as. A UPN and an address share one space,
// since either may be typed where the other is meant.
type NameKind string

// The kinds of name.
const (
	LoginName NameKind = "login"   // sAMAccountName: unique in the domain
	UPNName   NameKind = "upn"     // userPrincipalName: unique in the forest
	Address   NameKind = "address" // mail and proxyAddresses: unique in the forest, though Active Directory does not check
)
