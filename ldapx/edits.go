package ldapx

import (
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/go-ldap/ldap/v3"

	"esrsync/internal/directory"
)

// modifyRequest removes the expected values and adds the new ones. A value that is
// both old and new stays, and is proof that the object is still what we think.
func modifyRequest(id directory.GUID, edits []directory.Edit) *ldap.ModifyRequest {
	request := ldap.NewModifyRequest(address(id), nil)
	for _, e := range edits {
		if len(e.Old) > 0 {
			request.Delete(e.Attribute, e.Old)
		}
		if len(e.New) > 0 {
			request.Add(e.Attribute, e.New)
		}
	}
	return request
}

// asStored reads what an edit is about to change, for two attributes, and returns
// the edits in the directory's own values, or a conflict.
//
// The account control: Active Directory refuses a stale old value by itself, but
// Samba works the new one out first and forgets to look at the old. The expiry:
// "never" is written in several ways, and the edit expects any of them.
func asStored(c *conn, id directory.GUID, edits []directory.Edit) ([]directory.Edit, error) {
	special := func(e directory.Edit) bool { return isControl(e) || isExpiry(e) }
	if !slices.ContainsFunc(edits, special) {
		return edits, nil
	}
	entry, err := c.one(address(id), everything, "userAccountControl", "accountExpires")
	if err != nil {
		return nil, err
	}
	out := slices.Clone(edits)
	for i, e := range out {
		now := entry.GetEqualFoldAttributeValue(e.Attribute)
		switch {
		case isControl(e) && now != e.Old[0], isExpiry(e) && isNever(e.Old) && !isNever([]string{now}):
			return nil, classify(ldap.LDAPResultNoSuchAttribute, "")
		case isExpiry(e):
			out[i] = expiryEdit(e, now)
		}
	}
	return out, nil
}

func isControl(e directory.Edit) bool { return strings.EqualFold(e.Attribute, "userAccountControl") }

func isExpiry(e directory.Edit) bool { return strings.EqualFold(e.Attribute, "accountExpires") }

// isNever reports whether the values of accountExpires say that there is no end:
// none, 0, or the largest number there is.
func isNever(values []string) bool {
	return len(values) == 0 || directory.ParseFileTime(values[0]).IsZero()
}

// expiryEdit spells "never" as the directory does.
func expiryEdit(e directory.Edit, now string) directory.Edit {
	if isNever(e.Old) {
		e.Old = filled([]string{now})
	}
	if isNever(e.New) {
		e.New = []string{directory.FileTime(time.Time{})}
	}
	return e
}

// withoutEmpty leaves out empty values, which no directory takes: to set an
// attribute to nothing is to remove it.
func withoutEmpty(edits []directory.Edit) []directory.Edit {
	var out []directory.Edit
	for _, e := range edits {
		e.Old, e.New = filled(e.Old), filled(e.New)
		if len(e.Old) > 0 || len(e.New) > 0 {
			out = append(out, e)
		}
	}
	return out
}

func filled(values []string) []string {
	return slices.DeleteFunc(slices.Clone(values), func(v string) bool { return v == "" })
}

// editsMade reads back whether every new value is there and every old one gone.
func editsMade(c *conn, id directory.GUID, edits []directory.Edit) (bool, error) {
	names := make([]string, len(edits))
	for i, e := range edits {
		names[i] = e.Attribute
	}
	entry, err := c.one(address(id), everything, names...)
	if err != nil {
		return false, err
	}
	for _, e := range edits {
		if !editMade(e, entry.GetEqualFoldAttributeValues(e.Attribute)) {
			return false, nil
		}
	}
	return true, nil
}

// editMade reports whether the values of an attribute are as an edit leaves them.
func editMade(e directory.Edit, now []string) bool {
	if isExpiry(e) && isNever(e.New) {
		return isNever(now)
	}
	missing := func(v string) bool { return !holds(now, v) }
	left := func(v string) bool { return !holds(e.New, v) && holds(now, v) }
	return !slices.ContainsFunc(e.New, missing) && !slices.ContainsFunc(e.Old, left)
}

// holds reports whether a value is among others. Distinguished names are compared
// as such, since servers spell them their own way.
func holds(values []string, value string) bool {
	return slices.ContainsFunc(values, func(v string) bool {
		return v == value || strings.Contains(value, "=") && strings.Contains(value, ",") && directory.SameDN(v, value)
	})
}

// newUPN returns the user principal name that edits set, if any.
func newUPN(edits []directory.Edit) string {
	for _, e := range edits {
		if strings.EqualFold(e.Attribute, "userPrincipalName") && len(e.New) == 1 {
			return e.New[0]
		}
	}
	return ""
}

// checkEdits refuses edits that a directory might take and nobody should make.
func checkEdits(edits []directory.Edit) error {
	for _, e := range edits {
		var err error
		switch strings.ToLower(e.Attribute) {
		case "unicodepwd", "userpassword":
			err = errors.New("a password is set by itself, not among other edits")
		case "useraccountcontrol":
			err = checkControl(e)
		case "samaccountname":
			if len(e.New) == 1 {
				err = validLogin(e.New[0])
			}
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// checkControl asks for the control field as it was read, so that bits that we do
// not know are kept, and never lets an edit switch the need for a password off.
func checkControl(e directory.Edit) error {
	if len(e.Old) != 1 || len(e.New) != 1 {
		return errors.New("the account control is changed from one value to one other")
	}
	was, err := parseControl(e.Old[0])
	if err != nil {
		return err
	}
	will, err := parseControl(e.New[0])
	if err != nil {
		return err
	}
	if will.Has(directory.PasswordNotRequired) && !was.Has(directory.PasswordNotRequired) {
		return errors.New("an account without a password is never made")
	}
	return nil
}
