// Package directory holds the directory's nouns: account, group, GUID,
// distinguished name, account control and the edits that can be made to them;
// and the contract that every directory behind them keeps: Active Directory and
// Samba through package ldapx, the simulator ldapx/adsim, and the one in memory
// here. The suite that states the contract as tests is directorytest.
//
// It imports only the standard library, and no other package's types leak into it.
package directory

import (
	"context"
	"errors"
	"time"
)

// Kinds of error, chosen by what the caller will do. Match with [errors.Is].
var (
	// ErrIncomplete reports a read that ended without the server's word that it
	// was complete. The whole read is unusable: what is missing is not absent.
	ErrIncomplete = errors.New("the read is not complete")
	// ErrConflict reports that an entry no longer holds the expected old value;
	// nothing of the edit was made.
	ErrConflict = errors.New("the entry changed meanwhile")
	// ErrExists reports that a name is taken: a DN, a login or a UPN.
	ErrExists = errors.New("the name is taken")
	// ErrNotFound reports that the object is not there.
	ErrNotFound = errors.New("no such object")
	// ErrDenied reports a missing right.
	ErrDenied = errors.New("the directory refuses: no right")
	// ErrRefused reports data that the directory will not take: schema, length, password policy.
	ErrRefused = errors.New("the directory refuses the data")
	// ErrUnavailable reports that no controller can be reached, or that it is too
	// busy; nothing was changed and a later try may go through.
	ErrUnavailable = errors.New("the directory cannot be reached")
	// ErrCredentials reports that our own name or password was refused. Callers
	// must not try again: that would lock our own account out.
	ErrCredentials = errors.New("the directory refuses our own password")
	// ErrUnknownOutcome reports a write that was sent and whose answer never came,
	// and which reading back could not settle either.
	ErrUnknownOutcome = errors.New("it is unknown whether the change was made")
)

// Scope says what a read covers.
type Scope struct {
	Bases      []string // users below these; at least one
	Attributes []string // further single-valued attributes, into [Account].Attributes
}

// Reader reads a directory. Every method either gives all there is or an error;
// what it gives beside an error must not be used.
type Reader interface {
	// Accounts returns every user object below the scope's bases, sorted by GUID.
	Accounts(ctx context.Context, scope Scope) ([]Account, error)
	// Account returns one account with the same attributes, read from the
	// controller that writes go to. [ErrNotFound] where it is gone.
	Account(ctx context.Context, id GUID, scope Scope) (Account, error)
	// Groups returns the groups below the bases, and those named by DN, sorted by
	// DN, with all their members. A named group that is not there is left out.
	Groups(ctx context.Context, bases, dns []string) ([]Group, error)
	// Names returns every login, UPN and address in use in the whole forest, by
	// objects of every class, sorted by kind and value. Where all accounts of the
	// domain were read already, seen are they: their names are taken from them and
	// not asked for again. Nil asks for everything.
	Names(ctx context.Context, seen []Account) ([]Name, error)
	// Facts returns what the directory says of itself.
	Facts(ctx context.Context) (Facts, error)
}

// Facts is what a directory says of itself.
type Facts struct {
	Base       string // the default naming context
	Controller string // the controller that answers, as host name
	DomainSID  string
	Time       time.Time       // the controller's clock
	Schema     map[string]bool // lower-cased names of the attributes that users may have
}

// Writer changes a directory, one object at a time, addressed by GUID. Each
// method makes the whole edit or none of it. A write whose answer was lost is
// settled by reading back on the same controller before the method returns.
type Writer interface {
	// Create adds a disabled user and returns its GUID. [ErrExists] where the DN,
	// login or UPN is taken.
	Create(ctx context.Context, account NewAccount) (GUID, error)
	// Modify makes all edits in one operation. [ErrConflict] where an expected old
	// value is not there.
	Modify(ctx context.Context, id GUID, edits []Edit) error
	// Move renames the object or puts it under another parent, or both. An empty
	// parent keeps the parent; an empty cn keeps the name. Already there is success.
	Move(ctx context.Context, id GUID, cn, parent string) error
	// AddMember and RemoveMember change one membership. Already so is success.
	AddMember(ctx context.Context, group, member GUID) error
	RemoveMember(ctx context.Context, group, member GUID) error
	// SetPassword resets the password; with mustChange the user must choose
	// another at the next sign-in.
	SetPassword(ctx context.Context, id GUID, password string, mustChange bool) error
	// Delete removes the object. Already gone is success. Objects with children are refused.
	Delete(ctx context.Context, id GUID) error
}

// NewAccount is an account to be made. It is made disabled, with a password that
// nobody knows: enabling and the first password are edits of their own.
type NewAccount struct {
	CN         string
	Parent     string // DN of the OU
	Login      string
	UPN        string
	Attributes map[string][]string // everything else, by LDAP name, values as the directory writes them
	Password   string              // random and thrown away; a directory that demands one to enable later has it
}

// Edit replaces the values of one attribute, expecting the old ones: the write
// fails with [ErrConflict] when any of Old is gone. For multi-valued attributes
// Old and New may name only the values that go and come; others stay. Empty
// strings are no values; an edit without any does nothing.
//
// Of accountExpires no value is "never", however the directory writes that: an
// edit without Old expects an account that never expires, one without New makes it so.
type Edit struct {
	Attribute string
	Old       []string
	New       []string
}
