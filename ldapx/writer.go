package ldapx

import (
	"context"
	"errors"
	"fmt"

	"github.com/go-ldap/ldap/v3"

	"esrsync/internal/directory"
)

// Modify makes all edits in one operation, each expecting its old values.
func (d *Directory) Modify(ctx context.Context, id directory.GUID, edits []directory.Edit) error {
	edits = withoutEmpty(edits)
	if err := checkEdits(edits); err != nil {
		return fmt.Errorf("modifying %s: %w", id, refused(err))
	}
	if len(edits) == 0 {
		return nil
	}
	err := d.do(ctx, write{
		send: func(c *conn) error {
			stored, err := asStored(c, id, edits)
			if err != nil {
				return err
			}
			return c.Modify(modifyRequest(id, stored))
		},
		made: func(c *conn) (bool, error) { return editsMade(c, id, edits) },
	})
	if isKind(err, directory.ErrRefused) {
		err = d.upnTaken(ctx, err, id, newUPN(edits))
	}
	if err != nil {
		return fmt.Errorf("modifying %s: %w", id, err)
	}
	return nil
}

// Move renames the object, or puts it under another parent, or both.
func (d *Directory) Move(ctx context.Context, id directory.GUID, cn, parent string) error {
	if cn != "" {
		if err := directory.ValidCN(cn); err != nil {
			return fmt.Errorf("moving %s: %w", id, refused(err))
		}
	}
	var at place
	err := d.use(ctx, func(_ *pool, c *conn) (err error) {
		at, err = placeOf(c, id)
		return err
	})
	if err != nil {
		return fmt.Errorf("moving %s: finding it: %w", id, readError(err))
	}
	to := at.moved(cn, parent)
	if at.same(to) {
		return nil
	}
	err = d.do(ctx, write{
		send: func(c *conn) error { return sendMove(c, id, at, to) },
		made: func(c *conn) (bool, error) {
			now, err := placeOf(c, id)
			return now.same(to), err
		},
	})
	if err != nil {
		return fmt.Errorf("moving %s: %w", id, err)
	}
	return nil
}

// place is where an object is in the tree.
type place struct {
	cn     string
	parent string
}

func placeOf(c *conn, id directory.GUID) (place, error) {
	entry, err := c.one(address(id), everything, "objectGUID")
	if err != nil {
		return place{}, err
	}
	rdns, err := directory.ParseDN(entry.DN)
	if err != nil || len(rdns) == 0 {
		return place{}, fmt.Errorf("%w: object %s has no name that can be read", directory.ErrRefused, id)
	}
	return place{rdns[0].Value, directory.ParentDN(entry.DN)}, nil
}

func (p place) moved(cn, parent string) place {
	or(&cn, p.cn)
	or(&parent, p.parent)
	return place{cn, parent}
}

// same compares the name by its letters, since a change of case is a rename too.
func (p place) same(q place) bool { return p.cn == q.cn && directory.SameDN(p.parent, q.parent) }

// sendMove renames, or moves. A rename names no parent, so that it needs no right
// to create or delete. Samba looks for the parent in the address then, finds none
// in a GUID and says that there is no such object; it is told the parent.
func sendMove(c *conn, id directory.GUID, from, to place) error {
	name := "CN=" + directory.EscapeRDN(to.cn)
	if directory.SameDN(from.parent, to.parent) {
		err := c.ModifyDN(ldap.NewModifyDNRequest(address(id), name, true, ""))
		if !isRefusal(err, ldap.LDAPResultNoSuchObject) {
			return err
		}
	}
	return c.ModifyDN(ldap.NewModifyDNRequest(address(id), name, true, to.parent))
}

// AddMember puts the member into the group.
func (d *Directory) AddMember(ctx context.Context, group, member directory.GUID) error {
	return d.member(ctx, group, member, true)
}

// RemoveMember takes the member out of the group.
func (d *Directory) RemoveMember(ctx context.Context, group, member directory.GUID) error {
	return d.member(ctx, group, member, false)
}

// member changes one membership.
func (d *Directory) member(ctx context.Context, group, member directory.GUID, wanted bool) error {
	request := func() *ldap.ModifyRequest {
		r := ldap.NewModifyRequest(address(group), nil)
		if wanted {
			r.Add("member", []string{address(member)})
		} else {
			r.Delete("member", []string{address(member)})
		}
		return r
	}
	made := func(c *conn) (bool, error) {
		is, err := isMember(c, group, member)
		return is == wanted, err
	}
	err := d.do(ctx, write{
		made: made,
		send: func(c *conn) error { return memberRefusal(c, c.Modify(request()), made) },
	})
	if err != nil {
		return fmt.Errorf("changing whether %s is in group %s: %w", member, group, err)
	}
	return nil
}

// memberRefusal looks behind a refusal. "Already a member" (68) and "not a member"
// (53) come with codes that mean other things too, and a member that is not there
// may pass for a value of the wrong form (21): only reading tells.
func memberRefusal(c *conn, err error, made func(*conn) (bool, error)) error {
	refused, ok := refusal(err)
	if !ok {
		return err
	}
	switch refused.Code {
	case ldap.LDAPResultEntryAlreadyExists, ldap.LDAPResultAttributeOrValueExists, ldap.LDAPResultUnwillingToPerform,
		ldap.LDAPResultNoSuchAttribute, ldap.LDAPResultInvalidAttributeSyntax:
	default:
		return err
	}
	so, readErr := made(c)
	switch {
	case isKind(readErr, directory.ErrNotFound):
		return readErr
	case readErr == nil && so:
		return nil
	}
	return err
}

// isMember reads whether the group lists the member. The group is asked about one
// value, so that its length does not matter.
func isMember(c *conn, group, member directory.GUID) (bool, error) {
	entry, err := c.one(address(member), everything, "objectGUID")
	if err != nil {
		return false, err
	}
	_, err = c.one(address(group), "(member="+ldap.EscapeFilter(entry.DN)+")", "objectGUID")
	if isKind(err, directory.ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}

// SetPassword resets the password, in an operation of its own: it needs a right of
// its own, and is refused for reasons of its own.
func (d *Directory) SetPassword(ctx context.Context, id directory.GUID, password string, mustChange bool) error {
	if password == "" {
		return fmt.Errorf("setting the password of %s: %w", id, refused(errors.New("an empty password")))
	}
	err := d.do(ctx, write{
		send: func(c *conn) error { return c.Modify(passwordRequest(id, password, mustChange)) },
		// A password cannot be read back. Setting the same one again changes nothing
		// and brings an answer, so a lost one is settled by that.
		made: func(c *conn) (bool, error) {
			_, err := c.one(address(id), everything, "objectGUID")
			return false, err
		},
	})
	if err != nil {
		return fmt.Errorf("setting the password of %s: %w", id, err)
	}
	return nil
}

// passwordRequest resets the password. The directory notes the instant by itself;
// pwdLastSet is written only to 0, "must be changed at the next sign-in", and left
// alone otherwise, since writing it needs a further right.
func passwordRequest(id directory.GUID, password string, mustChange bool) *ldap.ModifyRequest {
	request := ldap.NewModifyRequest(address(id), nil)
	request.Replace("unicodePwd", []string{encodePassword(password)})
	if mustChange {
		request.Replace("pwdLastSet", []string{"0"})
	}
	return request
}

// Delete removes the object.
func (d *Directory) Delete(ctx context.Context, id directory.GUID) error {
	err := d.do(ctx, write{
		send: func(c *conn) error {
			err := c.Del(ldap.NewDelRequest(address(id), nil))
			if isRefusal(err, ldap.LDAPResultNoSuchObject) {
				return nil
			}
			return err
		},
		made: func(c *conn) (bool, error) {
			_, err := c.one(address(id), everything, "objectGUID")
			if isKind(err, directory.ErrNotFound) {
				return true, nil
			}
			return false, err
		},
	})
	if err != nil {
		return fmt.Errorf("deleting %s: %w", id, err)
	}
	return nil
}
