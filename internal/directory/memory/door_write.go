package memory

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"esrsync/internal/directory"
)

// Create adds a disabled user.
func (d *Directory) Create(ctx context.Context, account directory.NewAccount) (directory.GUID, error) {
	if err := ctx.Err(); err != nil {
		return directory.GUID{}, err
	}
	attributes := []Attribute{attr("objectClass", "user"), attr("sAMAccountName", account.Login),
		attr("userAccountControl", controlText(directory.NormalAccount.WithDisabled()))}
	if account.UPN != "" {
		attributes = append(attributes, attr("userPrincipalName", account.UPN))
	}
	if account.Password != "" {
		attributes = append(attributes, attr("unicodePwd", EncodePassword(account.Password)))
	}
	for _, name := range slices.Sorted(maps.Keys(account.Attributes)) {
		attributes = append(attributes, attr(name, account.Attributes[name]...))
	}
	dn := directory.ChildDN(account.CN, account.Parent)
	id, err := d.s.Add(dn, attributes)
	if err != nil {
		return id, fmt.Errorf("creating %s: %w", dn, err)
	}
	return id, nil
}

// Modify makes all edits in one operation.
func (d *Directory) Modify(ctx context.Context, id directory.GUID, edits []directory.Edit) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	var mods []Mod
	for _, e := range edits {
		e.Old, e.New = filled(e.Old), filled(e.New)
		if strings.EqualFold(e.Attribute, "accountExpires") {
			e = d.expiryEdit(id, e)
		}
		if len(e.Old) > 0 {
			mods = append(mods, Mod{Op: DeleteValues, Attribute: e.Attribute, Values: e.Old})
		}
		if len(e.New) > 0 {
			mods = append(mods, Mod{Op: AddValues, Attribute: e.Attribute, Values: e.New})
		}
	}
	if len(mods) == 0 {
		return nil
	}
	if err := d.s.Modify(nameOf(id), mods); err != nil {
		return fmt.Errorf("changing %s: %w", id, err)
	}
	return nil
}

// filled leaves out empty values: no directory has them.
func filled(values []string) []string {
	return slices.DeleteFunc(slices.Clone(values), func(v string) bool { return v == "" })
}

// expiryEdit turns "no expiry" into what the directory writes for never: one of
// two numbers, or nothing.
func (d *Directory) expiryEdit(id directory.GUID, e directory.Edit) directory.Edit {
	o, err := d.s.Lookup(nameOf(id), e.Attribute)
	written := o.Values(e.Attribute)
	if err == nil && len(e.Old) == 0 && len(written) > 0 && directory.ParseFileTime(written[0]).IsZero() {
		e.Old = written
	}
	if len(e.New) == 0 {
		e.New = []string{directory.FileTime(time.Time{})}
	}
	return e
}

// Move renames the object, or puts it under another parent, or both.
func (d *Directory) Move(ctx context.Context, id directory.GUID, cn, parent string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if cn == "" {
		o, err := d.s.Lookup(nameOf(id), "name")
		if err != nil {
			return fmt.Errorf("moving %s: %w", id, err)
		}
		cn = o.Value("name")
	}
	if err := d.s.Rename(nameOf(id), "CN="+directory.EscapeRDN(cn), parent); err != nil {
		return fmt.Errorf("moving %s: %w", id, err)
	}
	return nil
}

// AddMember makes one membership; already so is success.
func (d *Directory) AddMember(ctx context.Context, group, member directory.GUID) error {
	return d.setMember(ctx, group, member, AddValues, EntryAlreadyExists)
}

// RemoveMember ends one membership; already so is success.
func (d *Directory) RemoveMember(ctx context.Context, group, member directory.GUID) error {
	return d.setMember(ctx, group, member, DeleteValues, UnwillingToPerform)
}

func (d *Directory) setMember(ctx context.Context, group, member directory.GUID, op Op, already Result) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	err := d.s.Modify(nameOf(group), []Mod{{Op: op, Attribute: "member", Values: []string{nameOf(member)}}})
	if err == nil || ResultOf(err) == already && d.isMember(group, member) == (op == AddValues) {
		return nil
	}
	return fmt.Errorf("changing the members of %s: %w", group, err)
}

// isMember reads back what a refusal meant: the code for "already so" is also
// given for other reasons.
func (d *Directory) isMember(group, member directory.GUID) bool {
	found, err := d.s.Find(Query{Base: nameOf(group), Filter: Eq("member", nameOf(member))})
	return err == nil && len(found) > 0
}

// SetPassword resets the password.
func (d *Directory) SetPassword(ctx context.Context, id directory.GUID, password string, mustChange bool) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	mods := []Mod{{Op: ReplaceValues, Attribute: "unicodePwd", Values: []string{EncodePassword(password)}}}
	if mustChange {
		mods = append(mods, Mod{Op: ReplaceValues, Attribute: "pwdLastSet", Values: []string{"0"}})
	}
	if err := d.s.Modify(nameOf(id), mods); err != nil {
		return fmt.Errorf("setting the password of %s: %w", id, err)
	}
	return nil
}

// Delete removes the object; already gone is success.
func (d *Directory) Delete(ctx context.Context, id directory.GUID) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := d.s.Delete(nameOf(id)); err != nil && !errors.Is(err, directory.ErrNotFound) {
		return fmt.Errorf("deleting %s: %w", id, err)
	}
	return nil
}
