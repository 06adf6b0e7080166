package directory

import (
	"cmp"
	"context"
	"time"
)

// Locker is one controller as a lockout sees it. What it says is what that
// controller knows, which may not be what the others know yet.
type Locker interface {
	// LockOut switches the account off and gives it the marker in one operation,
	// whatever its marker was: a lockout wins over whoever else is writing. All
	// else stays. Already so is success, and writes nothing. An empty marker
	// leaves the marker as it is. It needs no managed base: rights alone decide.
	LockOut(ctx context.Context, id GUID, marker string) error
	// Sights looks at these accounts, sorted by GUID. One that is gone, or hidden
	// from us, is left out.
	Sights(ctx context.Context, ids []GUID) ([]Sight, error)
	// PasswordVersion says who wrote the account's password last.
	PasswordVersion(ctx context.Context, id GUID) (Stamp, error)
}

// Finder finds accounts in the whole domain.
type Finder interface {
	// Find returns the accounts that any part of the query names, sorted by GUID.
	// A query that names nothing finds nobody; one that finds more than
	// [MaxFound] accounts is refused with [ErrRefused].
	Find(ctx context.Context, query Query) ([]Account, error)
}

// MaxFound is the most accounts that one [Query] may find: it is asked for the
// accounts of one person.
const MaxFound = 200

// Query names accounts by what somebody knows of them. Case does not matter, and
// no letter is a wildcard.
type Query struct {
	PersonKeys []string // as in [Account.PersonKey]
	Logins     []string // sAMAccountName or user principal name
	Addresses  []string // mail, any of proxyAddresses (without prefix), or user principal name
	Accounts   []GUID
}

// IsEmpty reports whether the query names nothing.
func (q Query) IsEmpty() bool {
	return len(q.PersonKeys)+len(q.Logins)+len(q.Addresses)+len(q.Accounts) == 0
}

// Sight is an account as one controller shows it at this moment, read without
// further attributes.
type Sight struct {
	Account
	Password Stamp
}

// Stamp is the replication metadata of one attribute (MS-ADTS 3.1.1.1.9): the
// write that made its value. It travels with the value, so it is the same on
// every controller that the write has reached. The zero Stamp is of an attribute
// that was never written.
type Stamp struct {
	Version uint32    // one more with each write
	At      time.Time // on the clock of the controller that was written to; whole seconds, UTC
	Origin  GUID      // invocation id of that controller's database
}

// IsZero reports whether the attribute was never written.
func (s Stamp) IsZero() bool { return s == Stamp{} }

// Compare is negative where replication lets other replace s, positive where s
// replaces other, zero where both are the same write: the higher version wins,
// then the later write, then the greater origin.
func (s Stamp) Compare(other Stamp) int {
	return cmp.Or(cmp.Compare(s.Version, other.Version), s.At.Compare(other.At), s.Origin.Compare(other.Origin))
}
