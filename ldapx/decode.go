package ldapx

import (
	"fmt"
	"slices"
	"strings"

	"github.com/go-ldap/ldap/v3"

	"esrsync/internal/directory"
)

// accountFilter is every person's account: users, but not computers, trusts and
// managed service accounts, which are users too by class.
const accountFilter = "(&(objectCategory=person)(objectClass=user))"

// A field puts one attribute of an answer into an account.
type field func(*directory.Account, *ldap.EntryAttribute) error

// layout says where each attribute of an account goes. It is made once for a read,
// since ten thousand accounts go through it.
type layout struct {
	fields map[string]field  // by lower-cased attribute
	extra  map[string]string // lower-cased attribute to the name it was asked by
}

// layoutOf returns the layout of accounts with these further attributes.
func (o Options) layoutOf(attributes []string) layout {
	l := layout{fields: accountFields(), extra: map[string]string{}}
	l.fields[strings.ToLower(o.PersonKeyAttribute)] = text(func(a *directory.Account) *string { return &a.PersonKey })
	l.fields[strings.ToLower(o.MarkerAttribute)] = text(func(a *directory.Account) *string { return &a.Marker })
	for _, name := range attributes {
		l.extra[strings.ToLower(name)] = name
	}
	return l
}

// names returns the attributes to ask for, sorted.
func (l layout) names() []string {
	var out []string
	for name := range l.fields {
		out = append(out, name)
	}
	for name := range l.extra {
		if l.fields[name] == nil {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}

// text stores the first value.
func text(of func(*directory.Account) *string) field {
	return func(a *directory.Account, v *ldap.EntryAttribute) error {
		*of(a) = v.Values[0]
		return nil
	}
}

// accountFields are the attributes that every account is read with.
func accountFields() map[string]field {
	return map[string]field{
		"objectguid": func(a *directory.Account, v *ldap.EntryAttribute) (err error) {
			a.GUID, err = directory.GUIDOf(v.ByteValues[0])
			return err
		},
		"objectsid": func(a *directory.Account, v *ldap.EntryAttribute) error {
			a.SID = formatSID(v.ByteValues[0])
			return nil
		},
		"useraccountcontrol": func(a *directory.Account, v *ldap.EntryAttribute) (err error) {
			a.Control, err = parseControl(v.Values[0])
			return err
		},
		"samaccountname":    text(func(a *directory.Account) *string { return &a.Login }),
		"userprincipalname": text(func(a *directory.Account) *string { return &a.UPN }),
		"mail":              text(func(a *directory.Account) *string { return &a.Mail }),
		"manager":           text(func(a *directory.Account) *string { return &a.Manager }),
		"proxyaddresses":    func(a *directory.Account, v *ldap.EntryAttribute) error { a.ProxyAddresses = v.Values; return nil },
		"memberof":          func(a *directory.Account, v *ldap.EntryAttribute) error { a.MemberOf = v.Values; return nil },
		"accountexpires":    instant(func(a *directory.Account, s string) { a.Expires = directory.ParseFileTime(s) }),
		"pwdlastset":        instant(func(a *directory.Account, s string) { a.PasswordSet = directory.ParseFileTime(s) }),
		"lastlogontimestamp": instant(func(a *directory.Account, s string) {
			a.LastSignIn = directory.ParseFileTime(s)
		}),
		"whencreated": instant(func(a *directory.Account, s string) { a.Created = generalizedTime(s) }),
		"admincount":  instant(func(a *directory.Account, s string) { a.AdminCount = s == "1" }),
		"iscriticalsystemobject": instant(func(a *directory.Account, s string) {
			a.Critical = strings.EqualFold(s, "TRUE")
		}),
		"primarygroupid": instant(func(a *directory.Account, s string) { a.PrimaryGroup = relativeID(s) }),
	}
}

// instant gives the first value to a setter that cannot fail.
func instant(set func(*directory.Account, string)) field {
	return func(a *directory.Account, v *ldap.EntryAttribute) error {
		set(a, v.Values[0])
		return nil
	}
}

// decoded is an account, and those of its attributes that came only in part.
type decoded struct {
	account directory.Account
	partial []string
}

// account reads one entry. An account that does not show its GUID or its control
// field is one that we may not read: the whole read is then not complete, since
// what else is hidden from us nobody can tell.
func (l layout) account(entry *ldap.Entry) (decoded, error) {
	d := decoded{account: directory.Account{DN: entry.DN, Attributes: map[string]string{}}}
	controlled := false
	for _, v := range entry.Attributes {
		p, err := parseRange(v.Name)
		if err != nil {
			return d, err
		}
		if len(v.Values) == 0 {
			continue
		}
		name := strings.ToLower(p.attribute)
		if !p.last {
			d.partial = append(d.partial, name)
		}
		if asked, ok := l.extra[name]; ok {
			d.account.Attributes[asked] = v.Values[0]
		}
		if put := l.fields[name]; put != nil {
			if err := put(&d.account, v); err != nil {
				return d, fmt.Errorf("%w: reading %s of an account: %w", directory.ErrIncomplete, p.attribute, err)
			}
		}
		controlled = controlled || name == "useraccountcontrol"
	}
	if rdns, err := directory.ParseDN(entry.DN); err == nil && len(rdns) > 0 {
		d.account.CN = rdns[0].Value
	}
	switch {
	case d.account.GUID.IsZero():
		return d, fmt.Errorf("%w: an account does not show its objectGUID: our account lacks the right to read it", directory.ErrIncomplete)
	case !controlled:
		return d, fmt.Errorf("%w: account %s does not show userAccountControl: our account lacks the right to read it",
			directory.ErrIncomplete, d.account.GUID)
	}
	return d, nil
}
