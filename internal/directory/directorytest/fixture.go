package directorytest

import (
	"crypto/rand"
	"encoding/hex"
	"slices"
	"strings"
	"testing"

	"esrsync/internal/directory"
)

// Fixture is a directory to be tested. Each call of the function given to [Run]
// returns one whose organisational units are empty and nobody else's.
type Fixture struct {
	// Reader and Writer use the writer's identity: one that may create, change,
	// move and delete users below Staff, and change members of groups below
	// Groups, and nothing else.
	Reader directory.Reader
	Writer directory.Writer
	// Locker and Finder are the same directory, with the same identity.
	Locker directory.Locker
	Finder directory.Finder

	Staff  string // DN of an empty OU below which the suite works
	Groups string // DN of an empty OU for groups
	Closed string // DN of an OU in which the writer has no rights
	Suffix string // what follows the @ of UPNs and addresses

	// Add makes an object as an administrator: what writers never make, such as
	// groups, OUs and contacts.
	Add func(t *testing.T, dn string, attributes map[string][]string)
	// AddMembers adds users to a group as an administrator, fast.
	AddMembers func(t *testing.T, group string, members []string)
	// SignIn tries a login and a password; nil is success.
	SignIn func(login, password string) error

	Differences Differences
}

// Differences are the points in which a directory falls short of Active
// Directory. The zero value is Active Directory.
type Differences struct {
	TakesLongLogins        bool // logins of users with more than 20 characters
	TakesLongNames         bool // common names with more than 64 characters
	EnablesWithoutPassword bool // accounts that never had a password can be enabled
	TakesNameInPassword    bool // a password may have the login in it
	NeverProtects          bool // members of privileged groups do not get adminCount=1
	// LargeGroup is the number of members in the test of a group that is longer
	// than one answer; zero is 1,600, one more range than 1,500.
	LargeGroup int
}

// Password is one that every policy takes.
const Password = "Wobble-Lantern-47-Quartz"

// unique returns a login that no other test has: directories are shared.
func unique(t *testing.T) string {
	t.Helper()
	var raw [5]byte
	if _, err := rand.Read(raw[:]); err != nil {
		t.Fatalf("drawing a login: %v", err)
	}
	return "t" + hex.EncodeToString(raw[:])
}

// person returns an account to be made, with a login of its own.
func (f Fixture) person(t *testing.T) directory.NewAccount {
	t.Helper()
	login := unique(t)
	return directory.NewAccount{CN: "Ann Other (" + login + ")", Parent: f.Staff, Login: login, UPN: login + "@" + f.Suffix,
		Attributes: map[string][]string{"givenName": {"Ann"}, "sn": {"Other"}}, Password: Password}
}

// create makes an account and returns it as read back.
func (f Fixture) create(t *testing.T, account directory.NewAccount) directory.Account {
	t.Helper()
	id, err := f.Writer.Create(t.Context(), account)
	if err != nil {
		t.Fatalf("creating %s: %v", account.CN, err)
	}
	return f.read(t, id)
}

// newcomer makes an account like any other and returns it.
func (f Fixture) newcomer(t *testing.T) directory.Account {
	t.Helper()
	return f.create(t, f.person(t))
}

// asked are the further attributes that the suite reads.
func asked() []string { return []string{"givenName", "sn", "title", "department", "displayName"} }

func (f Fixture) scope(bases ...string) directory.Scope {
	if len(bases) == 0 {
		bases = []string{f.Staff}
	}
	return directory.Scope{Bases: bases, Attributes: asked()}
}

// read returns an account as the directory has it now.
func (f Fixture) read(t *testing.T, id directory.GUID) directory.Account {
	t.Helper()
	a, err := f.Reader.Account(t.Context(), id, f.scope())
	if err != nil {
		t.Fatalf("reading account %s: %v", id, err)
	}
	return a
}

// group makes an empty group and returns it.
func (f Fixture) group(t *testing.T) directory.Group {
	t.Helper()
	name := unique(t)
	dn := directory.ChildDN("Group "+name, f.Groups)
	f.Add(t, dn, map[string][]string{"objectClass": {"group"}, "sAMAccountName": {name}})
	return f.readGroup(t, dn)
}

func (f Fixture) readGroup(t *testing.T, dn string) directory.Group {
	t.Helper()
	groups, err := f.Reader.Groups(t.Context(), nil, []string{dn})
	if err != nil {
		t.Fatalf("reading group %s: %v", dn, err)
	}
	if len(groups) != 1 {
		t.Fatalf("reading group %s: got %d groups, want 1", dn, len(groups))
	}
	return groups[0]
}

// unit makes an OU below Staff and returns its DN.
func (f Fixture) unit(t *testing.T, name string) string {
	t.Helper()
	dn := "OU=" + directory.EscapeRDN(name) + "," + f.Staff
	f.Add(t, dn, map[string][]string{"objectClass": {"organizationalUnit"}})
	return dn
}

// set makes one edit that must go through.
func (f Fixture) set(t *testing.T, id directory.GUID, edits ...directory.Edit) {
	t.Helper()
	if err := f.Writer.Modify(t.Context(), id, edits); err != nil {
		t.Fatalf("changing %s: %v", id, err)
	}
}

// hasDN reports whether a list of DNs names an object.
func hasDN(list []string, dn string) bool {
	return slices.ContainsFunc(list, func(s string) bool { return directory.SameDN(s, dn) })
}

// sameText compares sets of values whatever their order and case.
func sameText(a, b []string) bool {
	fold := func(in []string) []string {
		var out []string
		for _, s := range in {
			out = append(out, strings.ToLower(s))
		}
		slices.Sort(out)
		return out
	}
	return slices.Equal(fold(a), fold(b))
}
