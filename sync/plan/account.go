package plan

// The attributes that planning itself writes, by their LDAP names. What the
// configuration lists under [attributes] comes on top.
const (
	attrControl = "userAccountControl"
	attrExpires = "accountExpires"
	attrLogin   = "sAMAccountName"
	attrUPN     = "userPrincipalName"
	attrMail    = "mail"
	attrProxies = "proxyAddresses"
	attrDisplay = "displayName"
	attrGiven   = "givenName"
	attrSurname = "sn"
	attrHide    = "msExchHideFromAddressLists"
)

// ReadAttributes returns the attributes that planning looks at beside those that
// every account is read with, for the directory's reader.
func ReadAttributes(p Policy) []string {
	out := []string{attrDisplay, attrGiven, attrSurname, attrHide}
	for _, a := range p.Attributes {
		out = append(out, a.Name)
	}
	return out
}
