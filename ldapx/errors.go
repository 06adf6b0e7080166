package ldapx

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/go-ldap/ldap/v3"

	"esrsync/internal/directory"
)

// Error is a refusal in the controller's own numbers. It never holds the
// controller's text, which may name people and values; the numbers are enough to
// look the reason up. It matches one kind of error of package directory.
type Error struct {
	Code    uint16 // LDAP result code (RFC 4511, appendix A)
	Windows string // the eight hex digits of the Windows error that caused it; may be empty
	Data    string // sub-code of a refused sign-in, e.g. 52e; empty otherwise
	Reason  string // what it means, in words
	kind    error
}

// Error says the kind, the meaning and the numbers.
func (e *Error) Error() string {
	numbers := fmt.Sprintf("result %d", e.Code)
	if e.Windows != "" {
		numbers += ", code " + e.Windows
	}
	if e.Data != "" {
		numbers += ", data " + e.Data
	}
	return fmt.Sprintf("%v: %s (%s)", e.kind, e.Reason, numbers)
}

// Unwrap returns the kind: one of package directory's errors.
func (e *Error) Unwrap() error { return e.kind }

// busy reports a refusal that a later try may overcome: nothing was changed.
func (e *Error) busy() bool {
	switch e.Code {
	case ldap.LDAPResultTimeLimitExceeded, ldap.LDAPResultAdminLimitExceeded, ldap.LDAPResultBusy, ldap.LDAPResultUnavailable:
		return true
	}
	return false
}

// A rule says what a result means: the first rule that fits counts. An empty
// windows fits any code, and code anyCode any result. A windows that is no code is
// a phrase of the controller's text, for a refusal that Samba gives without a code.
type rule struct {
	code    uint16
	windows string
	kind    error
	reason  string
}

func (r rule) fits(code uint16, windows, text string) bool {
	return (r.code == anyCode || r.code == code) &&
		(r.windows == "" || r.windows == windows || strings.Contains(r.windows, " ") && strings.Contains(text, r.windows))
}

const anyCode = 0

// rules is the one table from results to kinds (MS-ADTS 3.1.1.3 and 5.1; the codes
// of Samba where they differ). The Windows code decides before the result does,
// since Samba and Windows give the same refusal different results.
func rules() []rule {
	return []rule{
		{anyCode, "0000052D", directory.ErrRefused, "the password does not meet the policy"},
		{anyCode, "000021C8", directory.ErrExists, "another account has the user principal name"},
		{anyCode, "000021C7", directory.ErrExists, "another account has the service principal name"},
		{ldap.LDAPResultEntryAlreadyExists, "00000524", directory.ErrExists, "another object has the login name"},
		{ldap.LDAPResultEntryAlreadyExists, "", directory.ErrExists, "another object has it"},
		{ldap.LDAPResultNoSuchAttribute, "00000057", directory.ErrRefused, "the schema has no such attribute"},
		{ldap.LDAPResultNoSuchAttribute, "0000200A", directory.ErrRefused, "the schema has no such attribute"},
		{ldap.LDAPResultNoSuchAttribute, "was not found in the schema", directory.ErrRefused, "the schema has no such attribute"},
		{ldap.LDAPResultUndefinedAttributeType, "", directory.ErrRefused, "the schema has no such attribute"},
		{ldap.LDAPResultNoSuchAttribute, "", directory.ErrConflict, "the expected value is not there"},
		{ldap.LDAPResultAttributeOrValueExists, "", directory.ErrConflict, "there is a value already"},
		{ldap.LDAPResultNoSuchObject, "", directory.ErrNotFound, "the object, or the parent it is to have, is not there"},
		{ldap.LDAPResultOther, "00002095", directory.ErrNotFound, "the new parent is not there"},
		{ldap.LDAPResultInsufficientAccessRights, "", directory.ErrDenied, "our account lacks the right"},
		{ldap.LDAPResultInvalidCredentials, "", directory.ErrCredentials, "the sign-in was refused"},
		{ldap.LDAPResultStrongAuthRequired, "", directory.ErrDenied, "the controller asks for a stronger sign-in"},
		{ldap.LDAPResultOperationsError, "000004DC", directory.ErrUnavailable, "the connection is no longer signed in"},
		{ldap.LDAPResultOperationsError, "00002020", directory.ErrUnavailable, "the connection is no longer signed in"},
		{ldap.LDAPResultBusy, "", directory.ErrUnavailable, "the controller is busy"},
		{ldap.LDAPResultUnavailable, "", directory.ErrUnavailable, "the controller is shutting down or starting"},
		{ldap.LDAPResultTimeLimitExceeded, "", directory.ErrUnavailable, "the controller ran out of time"},
		{ldap.LDAPResultAdminLimitExceeded, "", directory.ErrUnavailable, "the controller's own limit was met"},
		{ldap.LDAPResultSizeLimitExceeded, "", directory.ErrIncomplete, "the controller gave only a part"},
		{ldap.LDAPResultReferral, "", directory.ErrRefused, "the controller refers to another one"},
		{ldap.LDAPResultNotAllowedOnNonLeaf, "", directory.ErrRefused, "there are objects below it"},
		{ldap.LDAPResultConstraintViolation, "", directory.ErrRefused, "a rule of the schema forbids the value"},
		{ldap.LDAPResultInvalidAttributeSyntax, "", directory.ErrRefused, "the value has the wrong form"},
		{ldap.LDAPResultUnwillingToPerform, "", directory.ErrRefused, "the controller is unwilling"},
		{anyCode, "", directory.ErrRefused, "the controller refuses the request"},
	}
}

// bindReasons are the sub-codes of a refused sign-in (MS-ADTS 5.1.1, winerror.h).
func bindReasons(data string) string {
	switch data {
	case "525":
		return "there is no such user"
	case "52e":
		return "the name or the password is wrong"
	case "530":
		return "not at this hour"
	case "531":
		return "not from this machine"
	case "532":
		return "the password has expired"
	case "533":
		return "the account is disabled"
	case "701":
		return "the account has expired"
	case "773":
		return "the password must be changed first"
	case "775":
		return "the account is locked"
	case "80090346":
		return "the controller demands channel binding"
	}
	return ""
}

var (
	windowsCode = regexp.MustCompile(`^([0-9A-Fa-f]{8}):`)
	dataCode    = regexp.MustCompile(`\bdata ([0-9a-f]+),`)
)

// refusal turns the answer of a controller into an Error. ok is false where err is
// no answer of a controller at all: a broken or silent connection.
func refusal(err error) (refused *Error, ok bool) {
	if errors.As(err, &refused) {
		return refused, true
	}
	var answer *ldap.Error
	// From 200 on the codes are the library's own, for what it met on our side.
	if !errors.As(err, &answer) || answer.ResultCode >= ldap.ErrorNetwork {
		return nil, false
	}
	return classify(answer.ResultCode, fmt.Sprint(answer.Err)), true
}

// classify looks a result up in the table; text is what the controller said.
func classify(code uint16, text string) *Error {
	e := &Error{Code: code}
	if m := windowsCode.FindStringSubmatch(text); m != nil {
		e.Windows = strings.ToUpper(m[1])
	}
	for _, r := range rules() {
		if r.fits(code, e.Windows, text) {
			e.kind, e.Reason = r.kind, r.reason
			break
		}
	}
	if code != ldap.LDAPResultInvalidCredentials {
		return e
	}
	if m := dataCode.FindStringSubmatch(text); m != nil {
		e.Data = m[1]
	}
	if reason := bindReasons(e.Data); reason != "" {
		e.Reason = reason
	}
	return e
}

// readError gives a failed read its kind: the controller's refusal, or
// [directory.ErrIncomplete] where the connection broke while the answer came.
func readError(err error) error {
	var known *Error
	if errors.As(err, &known) || isKind(err, directory.ErrIncomplete) || isKind(err, directory.ErrUnavailable) {
		return err
	}
	if refused, ok := refusal(err); ok {
		return refused
	}
	return fmt.Errorf("%w: %w", directory.ErrIncomplete, err)
}

func isKind(err, kind error) bool { return errors.Is(err, kind) }

// isRefusal reports whether a controller answered with this result.
func isRefusal(err error, code uint16) bool {
	refused, ok := refusal(err)
	return ok && refused.Code == code
}
