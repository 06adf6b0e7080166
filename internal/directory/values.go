package directory

import (
	"strconv"
	"strings"
)

// Values returns the values that the account has for an attribute, by its LDAP
// name in any case, as the directory writes them; nil where it has none. Beside
// the attributes of [Account].Attributes it knows those with fields of their own,
// but for the person key and the marker, whose names each trust chooses.
func (a Account) Values(attribute string) []string {
	one := func(s string) []string {
		if s == "" {
			return nil
		}
		return []string{s}
	}
	switch strings.ToLower(attribute) {
	case "useraccountcontrol":
		return one(a.Control.String())
	case "accountexpires":
		if a.Expires.IsZero() {
			return nil
		}
		return one(FileTime(a.Expires))
	case "samaccountname":
		return one(a.Login)
	case "userprincipalname":
		return one(a.UPN)
	case "cn":
		return one(a.CN)
	case "mail":
		return one(a.Mail)
	case "proxyaddresses":
		return a.ProxyAddresses
	case "manager":
		return one(a.Manager)
	case "memberof":
		return a.MemberOf
	case "primarygroupid":
		return one(strconv.Itoa(a.PrimaryGroup))
	}
	return one(a.Value(attribute))
}
