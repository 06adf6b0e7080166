package ldapx

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/go-ldap/ldap/v3"

	"esrsync/internal/directory"
)

// newControl is the control field of every account that is made: normal, and
// switched off. Active Directory would else add "no password required" by itself.
const newControl = directory.NormalAccount | directory.Disabled

// Create adds a disabled user in one operation, with its password where one is
// given, and reads its GUID back on the same connection.
func (d *Directory) Create(ctx context.Context, a directory.NewAccount) (directory.GUID, error) {
	if err := checkNew(a); err != nil {
		return directory.GUID{}, fmt.Errorf("creating an account: %w", refused(err))
	}
	dn := directory.ChildDN(a.CN, a.Parent)
	var id directory.GUID
	err := d.do(ctx, write{
		send: func(c *conn) (err error) {
			if err = c.Add(addRequest(dn, a)); err == nil {
				id, err = guidAt(c, dn)
			}
			return err
		},
		made: func(c *conn) (bool, error) {
			found, same, err := sameAccount(c, dn, a)
			id = found
			return same, err
		},
	})
	if isKind(err, directory.ErrRefused) {
		err = d.upnTaken(ctx, err, directory.GUID{}, a.UPN)
	}
	if err != nil {
		return directory.GUID{}, fmt.Errorf("creating an account: %w", err)
	}
	return id, nil
}

// reserved are the attributes that Create sets itself.
func reserved() []string {
	return []string{"objectclass", "cn", "name", "samaccountname", "userprincipalname", "useraccountcontrol", "unicodepwd"}
}

// checkNew refuses what Active Directory refuses and Samba takes, and what would
// slip past the fields of a new account.
func checkNew(a directory.NewAccount) error {
	if err := directory.ValidCN(a.CN); err != nil {
		return err
	}
	if err := validLogin(a.Login); err != nil {
		return err
	}
	if a.Parent == "" {
		return errors.New("no parent to put it under")
	}
	for _, name := range slices.Sorted(maps.Keys(a.Attributes)) {
		if slices.Contains(reserved(), strings.ToLower(name)) {
			return fmt.Errorf("attribute %s is not for the caller to set", name)
		}
	}
	return nil
}

func addRequest(dn string, a directory.NewAccount) *ldap.AddRequest {
	request := ldap.NewAddRequest(dn, nil)
	request.Attribute("objectClass", []string{"top", "person", "organizationalPerson", "user"})
	request.Attribute("sAMAccountName", []string{a.Login})
	request.Attribute("userAccountControl", []string{newControl.String()})
	if a.UPN != "" {
		request.Attribute("userPrincipalName", []string{a.UPN})
	}
	if a.Password != "" {
		request.Attribute("unicodePwd", []string{encodePassword(a.Password)})
	}
	for _, name := range slices.Sorted(maps.Keys(a.Attributes)) {
		if values := filled(a.Attributes[name]); len(values) > 0 {
			request.Attribute(name, values)
		}
	}
	return request
}

// guidAt reads the GUID of what stands at a distinguished name.
func guidAt(c *conn, dn string) (directory.GUID, error) {
	entry, err := c.one(dn, everything, "objectGUID")
	if err != nil {
		return directory.GUID{}, err
	}
	return visibleGUID(entry)
}

// sameAccount reports whether the account at dn is the one that was to be made,
// value for value: somebody else's of the same name is not ours.
func sameAccount(c *conn, dn string, a directory.NewAccount) (directory.GUID, bool, error) {
	names := append(slices.Sorted(maps.Keys(a.Attributes)), "objectGUID", "sAMAccountName", "userPrincipalName")
	entry, err := c.one(dn, accountFilter, names...)
	if err != nil {
		return directory.GUID{}, false, err
	}
	id, err := visibleGUID(entry)
	same := strings.EqualFold(entry.GetEqualFoldAttributeValue("sAMAccountName"), a.Login) &&
		entry.GetEqualFoldAttributeValue("userPrincipalName") == a.UPN
	for name, values := range a.Attributes {
		for _, v := range filled(values) {
			same = same && holds(entry.GetEqualFoldAttributeValues(name), v)
		}
	}
	return id, same, err
}

// upnTaken looks closer at a refusal of a user principal name. Samba says only that
// some rule forbids the value, which it also says of other faults.
func (d *Directory) upnTaken(ctx context.Context, refusedWith error, id directory.GUID, upn string) error {
	if upn == "" || !isRefusal(refusedWith, ldap.LDAPResultConstraintViolation) {
		return refusedWith
	}
	filter := "(userPrincipalName=" + ldap.EscapeFilter(upn) + ")"
	taken := false
	err := d.use(ctx, func(_ *pool, c *conn) error {
		q := query{d.controllerFacts().base, ldap.ScopeWholeSubtree, filter, []string{"objectGUID"}}
		return c.pages(ctx, q, d.opts.PageSize, func(page []*ldap.Entry) error {
			for _, entry := range page {
				owner, err := visibleGUID(entry)
				taken = taken || err == nil && owner != id
			}
			return nil
		})
	})
	var e *Error
	if err != nil || !taken || !errors.As(refusedWith, &e) {
		return refusedWith
	}
	return &Error{Code: e.Code, Windows: e.Windows, Reason: "another account has the user principal name", kind: directory.ErrExists}
}
