package memory

import (
	"errors"
	"fmt"

	"esrsync/internal/directory"
)

// Result is an LDAP result code (RFC 4511, appendix A).
type Result int

// The result codes that the domain gives.
const (
	Success                Result = 0
	OperationsError        Result = 1
	ProtocolError          Result = 2
	SizeLimitExceeded      Result = 4
	UnavailableExtension   Result = 12
	NoSuchAttribute        Result = 16
	ConstraintViolation    Result = 19
	AttributeOrValueExists Result = 20
	InvalidAttributeSyntax Result = 21
	NoSuchObject           Result = 32
	InvalidDNSyntax        Result = 34
	InvalidCredentials     Result = 49
	InsufficientAccess     Result = 50
	Busy                   Result = 51
	UnwillingToPerform     Result = 53
	NamingViolation        Result = 64
	ObjectClassViolation   Result = 65
	NotAllowedOnNonLeaf    Result = 66
	NotAllowedOnRDN        Result = 67
	EntryAlreadyExists     Result = 68
	Other                  Result = 80
)

// Fault is a refusal in Active Directory's own words: an LDAP result code, the
// Windows error behind it, and the text that a controller sends.
type Fault struct {
	Result Result
	Win    uint32 // Windows error code, the eight hex digits that begin the text
	Text   string
	Best   string // the nearest ancestor that is there, for NoSuchObject
}

// Error returns the text that a controller sends.
func (f *Fault) Error() string { return f.Text }

// Is matches the kind of error that package directory gives such a refusal.
func (f *Fault) Is(target error) bool { return f.kind() == target }

func (f *Fault) kind() error {
	switch {
	case f.Result == EntryAlreadyExists, f.Win == 0x21C8:
		return directory.ErrExists
	case f.Result == NoSuchAttribute && f.Win == 0x2085, f.Result == AttributeOrValueExists:
		return directory.ErrConflict
	case f.Result == NoSuchObject:
		return directory.ErrNotFound
	case f.Result == InsufficientAccess:
		return directory.ErrDenied
	case f.Result == InvalidCredentials:
		return directory.ErrCredentials
	case f.Result == Busy:
		return directory.ErrUnavailable
	case f.Result == SizeLimitExceeded:
		return directory.ErrIncomplete
	}
	return directory.ErrRefused
}

// ResultOf returns the result code of an error of this package; any other error
// is an operations error.
func ResultOf(err error) Result {
	var f *Fault
	switch {
	case err == nil:
		return Success
	case errors.As(err, &f):
		return f.Result
	}
	return OperationsError
}

const constraintProblem = "problem 1005 (CONSTRAINT_ATT_TYPE)"

// The texts below are shaped as Windows shapes them: callers that read the hex
// code or the data field out of the text must be tested on the same shape.

func atrErr(r Result, win uint32, problem, attribute string) *Fault {
	return &Fault{Result: r, Win: win, Text: fmt.Sprintf(
		"%08X: AtrErr: DSID-03191083, #1:\n\t0: %08X: DSID-03191083, %s, data 0, Att 0 (%s)\n", win, win, problem, attribute)}
}

func svcErr(win uint32) *Fault {
	return &Fault{Result: UnwillingToPerform, Win: win,
		Text: fmt.Sprintf("%08X: SvcErr: DSID-031A1262, problem 5003 (WILL_NOT_PERFORM), data 0", win)}
}

func updErr(r Result, win uint32, problem string) *Fault {
	return &Fault{Result: r, Win: win, Text: fmt.Sprintf("%08X: UpdErr: DSID-031A11EC, %s, data 0", win, problem)}
}

func ldapErr(r Result, win uint32, comment string) *Fault {
	return &Fault{Result: r, Win: win, Text: fmt.Sprintf("%08X: LdapErr: DSID-0C090D8A, comment: %s, data 0, v4563", win, comment)}
}

func noObject(best string) *Fault {
	return &Fault{Result: NoSuchObject, Win: 0x208D, Best: best, Text: fmt.Sprintf(
		"0000208D: NameErr: DSID-03100288, problem 2001 (NO_OBJECT), data 0, best match of:\n\t'%s'\n", best)}
}

func badDN(dn string) *Fault {
	return &Fault{Result: InvalidDNSyntax, Win: 0x208F, Text: fmt.Sprintf(
		"0000208F: NameErr: DSID-03100234, problem 2006 (BAD_NAME), data 8350, best match of:\n\t'%s'\n", dn)}
}

func denied() *Fault {
	return &Fault{Result: InsufficientAccess, Win: 0x2098,
		Text: "00002098: SecErr: DSID-031514A0, problem 4003 (INSUFF_ACCESS_RIGHTS), data 0"}
}

func notBound() *Fault {
	return ldapErr(OperationsError, 0x4DC, "In order to perform this operation a successful bind must be completed on the connection.")
}

func bindErr(data uint32) *Fault {
	return &Fault{Result: InvalidCredentials, Win: data, Text: fmt.Sprintf(
		"80090308: LdapErr: DSID-0C090439, comment: AcceptSecurityContext error, data %x, v4563", data)}
}

func unknownAttribute() *Fault {
	return ldapErr(NoSuchAttribute, 0x57, "Error in attribute conversion operation")
}

func noSuchValue(attribute string) *Fault {
	return atrErr(NoSuchAttribute, 0x2085, "problem 1001 (NO_ATTRIBUTE_OR_VAL)", attribute)
}

func valueExists(attribute string) *Fault {
	return atrErr(AttributeOrValueExists, 0x2083, "problem 1006 (ATT_OR_VALUE_EXISTS)", attribute)
}

func dnTaken() *Fault { return updErr(EntryAlreadyExists, 0x2071, "problem 6005 (ENTRY_EXISTS)") }

func loginTaken() *Fault { return updErr(EntryAlreadyExists, 0x524, "problem 6005 (ENTRY_EXISTS)") }

func upnTaken() *Fault {
	return atrErr(ConstraintViolation, 0x21C8, constraintProblem, "userPrincipalName")
}

// badLogin is what the account manager says of a login it cannot take.
func badLogin() *Fault {
	return &Fault{Result: Other, Win: 0x523, Text: "00000523: SysErr: DSID-031A1256, problem 22 (Invalid argument), data 0"}
}
