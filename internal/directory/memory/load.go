package memory

import (
	"fmt"
	"maps"
	"slices"

	"esrsync/internal/directory"
)

// Load adds objects in order, as the directory itself: parents first. It also
// takes what nobody may write (lastLogonTimestamp, pwdLastSet, whenCreated), and
// does not count as writes. It returns the GUIDs in the same order.
func (d *Domain) Load(objects []Object) ([]directory.GUID, error) {
	system := d.System()
	out := make([]directory.GUID, 0, len(objects))
	for _, o := range objects {
		id, err := system.Add(o.DN, o.Attributes)
		if err != nil {
			return out, fmt.Errorf("loading %s: %w", o.DN, err)
		}
		out = append(out, id)
	}
	return out, nil
}

// Unit returns an organisational unit to be loaded.
func Unit(dn string) Object { return object(dn, attr("objectClass", "organizationalUnit")) }

// User returns a user to be loaded. Without userAccountControl it is disabled;
// an enabled one needs a unicodePwd, see [EncodePassword].
func User(dn, login string, attributes map[string][]string) Object {
	o := object(dn, attr("objectClass", "user"), attr("sAMAccountName", login))
	if len(attributes["userAccountControl"]) == 0 {
		o.Attributes = append(o.Attributes, attr("userAccountControl", controlText(directory.NormalAccount.WithDisabled())))
	}
	for _, name := range slices.Sorted(maps.Keys(attributes)) {
		o.Attributes = append(o.Attributes, attr(name, attributes[name]...))
	}
	return o
}

// Group returns a group to be loaded, with members by DN.
func Group(dn, login string, members ...string) Object {
	o := object(dn, attr("objectClass", "group"), attr("sAMAccountName", login))
	if len(members) > 0 {
		o.Attributes = append(o.Attributes, attr("member", members...))
	}
	return o
}

func object(dn string, attributes ...Attribute) Object { return Object{DN: dn, Attributes: attributes} }

func attr(name string, values ...string) Attribute { return Attribute{Name: name, Values: values} }
