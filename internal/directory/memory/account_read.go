package memory

import (
	"slices"
	"strconv"
	"time"

	"esrsync/internal/directory"
)

// selection returns the attributes that an account is made of.
func (d *Directory) selection(scope directory.Scope) Selection {
	names := []string{"objectSid", "sAMAccountName", "userPrincipalName", "cn", "userAccountControl", "accountExpires",
		"pwdLastSet", "lastLogonTimestamp", "whenCreated", "mail", "proxyAddresses", "manager", "memberOf", "adminCount",
		"isCriticalSystemObject", "primaryGroupID", d.PersonKey, d.Marker}
	return Selection{Names: append(names, scope.Attributes...)}
}

func (d *Directory) account(o Object, scope directory.Scope) directory.Account {
	a := directory.Account{
		GUID: o.GUID, SID: decodeSID(o.Value("objectSid")), DN: o.DN,
		Login: o.Value("sAMAccountName"), UPN: o.Value("userPrincipalName"), CN: o.Value("cn"),
		Control:     parseControl(o.Value("userAccountControl")),
		Expires:     directory.ParseFileTime(o.Value("accountExpires")),
		PasswordSet: directory.ParseFileTime(o.Value("pwdLastSet")),
		LastSignIn:  directory.ParseFileTime(o.Value("lastLogonTimestamp")),
		Created:     parseGeneralizedTime(o.Value("whenCreated")),
		PersonKey:   o.Value(d.PersonKey), Marker: o.Value(d.Marker), Mail: o.Value("mail"),
		ProxyAddresses: slices.Clone(o.Values("proxyAddresses")), Manager: o.Value("manager"), MemberOf: o.Values("memberOf"),
		AdminCount: o.Value("adminCount") == "1", Critical: o.Value("isCriticalSystemObject") == "TRUE",
		PrimaryGroup: wholeNumber(o.Value("primaryGroupID")), Attributes: map[string]string{},
	}
	for _, name := range scope.Attributes {
		if v := o.Values(name); len(v) > 0 {
			a.Attributes[name] = v[0]
		}
	}
	return a
}

// parseGeneralizedTime reads an instant; whatever is none gives the zero time.
func parseGeneralizedTime(s string) time.Time {
	t, err := time.Parse("20060102150405.0Z", s)
	if err != nil {
		return time.Time{}
	}
	return t.UTC()
}

// wholeNumber reads a number; whatever is none is zero.
func wholeNumber(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0
	}
	return n
}
