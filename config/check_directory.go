package config

import (
	"fmt"
	"net/url"
	"runtime"
	"strings"
)

func (c *checker) directory(d *Directory) {
	c.controllers(d)
	c.required("directory.base", d.Base, `write the domain's DN, such as "dc=example,dc=org"`)
	c.dn("directory.base", d.Base)
	if len(d.ManagedBases) == 0 {
		c.fault("directory.managed_bases", "is missing", "name the OUs whose users are kept; nothing else is written")
	}
	base := []string{d.Base}
	c.dns("directory.managed_bases", d.ManagedBases, base, "directory.base")
	c.dns("directory.group_bases", d.GroupBases, base, "directory.base")
	c.dns("directory.protected.groups", d.Protected.Groups, base, "directory.base")
	c.globs("directory.protected.accounts", d.Protected.Accounts)
	c.leaversOU(d)
	c.positive(map[string]Duration{"directory.timeout": d.Timeout})
	for i, template := range d.SecondaryAccounts {
		key := elementKey("directory.secondary_accounts", i)
		c.template(key, template, PlaceSecondary)
		if fields, err := TemplateFields(template); err == nil && len(fields) == 0 && template != "" {
			c.fault(key, fmt.Sprintf("%q would be everybody's account", template), "put {login} into it")
		}
	}
	c.ourAttributes(d)
	c.binds(d)
}

// ourAttributes checks the two attributes that the service keeps for itself.
func (c *checker) ourAttributes(d *Directory) {
	c.attribute("directory.person_key_attribute", d.PersonKeyAttribute)
	c.attribute("directory.marker_attribute", d.MarkerAttribute)
	if strings.EqualFold(d.PersonKeyAttribute, d.MarkerAttribute) {
		c.fault("directory.marker_attribute", "is the same as person_key_attribute", "give each an attribute of its own")
	}
}

// controllers checks how controllers are found.
func (c *checker) controllers(d *Directory) {
	switch {
	case len(d.Servers) == 0 && d.Domain == "":
		c.fault("directory.servers", "is missing", `write servers = ["ldaps://dc1.example.org"] or domain = "example.org"`)
	case len(d.Servers) > 0 && d.Domain != "":
		c.warn("directory.domain", "is not used, as servers says which controllers to use", "take one of the two out")
	}
	if d.Domain != "" && !isDomain(d.Domain) {
		c.fault("directory.domain", fmt.Sprintf("%q is not a DNS name", d.Domain), `write it as "example.org"`)
	}
	for i, server := range d.Servers {
		c.server(elementKey("directory.servers", i), server)
	}
	for i, server := range d.Controllers {
		c.server(elementKey("directory.controllers", i), server)
	}
}

// server checks the address of one controller. Only TLS from the first byte will do: passwords travel on it.
func (c *checker) server(key, address string) {
	parsed, err := url.Parse(address)
	switch {
	case err == nil && parsed.Scheme == "ldap":
		c.fault(key, fmt.Sprintf("%q is not encrypted, and passwords would travel on it", parsed.Redacted()),
			"write ldaps:// and give the controller a certificate")
	case err != nil || parsed.Scheme != "ldaps" || parsed.Hostname() == "" || parsed.User != nil ||
		strings.Trim(parsed.Path, "/") != "":
		c.fault(key, "is not the address of a controller", `write it as "ldaps://dc1.example.org" or "ldaps://dc1.example.org:636"`)
	}
}

func (c *checker) leaversOU(d *Directory) {
	const key = "directory.leavers_ou"
	if d.LeaversOU == "" {
		return
	}
	c.dn(key, d.LeaversOU)
	c.under(key, d.LeaversOU, d.ManagedBases, "directory.managed_bases")
	if !d.LeaversOUSynchronised {
		c.warn(key, "mailboxes of leavers are deleted if Entra Connect does not synchronise this OU",
			"check its scope, and then set leavers_ou_synchronised = true")
	}
}

func (c *checker) binds(d *Directory) {
	if d.Bind.IsZero() {
		c.fault("directory.bind", "is missing", `write bind = { method = "simple", user = "…", password = "credential:directory" }`)
	} else {
		c.bind("directory.bind", d.Bind)
	}
	if d.ReadBind.IsZero() {
		c.warn("directory.read_bind", "is missing: planning uses the account that may write", "make a read-only account and name it")
		return
	}
	c.bind("directory.read_bind", d.ReadBind)
}

// bind checks that an account says what its method needs.
func (c *checker) bind(key string, bind Bind) {
	switch bind.Method {
	case BindSimple:
		c.required(key+".user", bind.User, "write a UPN, DOMAIN\\name or DN")
		c.requiredSecret(key+".password", bind.Password)
	case BindKerberos:
		c.required(key+".principal", bind.Principal, "write the account's name without the realm")
		c.required(key+".realm", bind.Realm, `write the realm in capitals, such as "EXAMPLE.ORG"`)
		c.required(key+".keytab", bind.Keytab, "write the path of the keytab file")
	case BindIntegrated:
		if runtime.GOOS != "windows" {
			c.warn(key+".method", "integrated works on Windows only", "use kerberos or simple on this machine")
		}
	case "":
		c.fault(key+".method", "is missing", "write simple, kerberos or integrated")
	}
}

func (c *checker) naming(n *Naming) {
	c.numbered("naming.login", n.Login, PlaceLogin)
	c.numbered("naming.email", n.Email, PlaceEmail)
	for i, template := range n.Email {
		if strings.Contains(template, "@") {
			c.fault(elementKey("naming.email", i), "holds an @", "write what stands before it; trust.email_domain follows")
		}
	}
	c.template("naming.upn", n.UPN, PlaceUPN)
	c.template("naming.display_name", n.DisplayName, PlaceDisplayName)
	c.template("naming.cn", n.CN, PlaceCN)
	if fields, err := TemplateFields(n.CN); err == nil && !strings.Contains(strings.Join(fields, " "), "login") {
		c.warn("naming.cn", "may be the same for two people in one OU", "put {login} into it")
	}
}

// numbered checks templates of names that only one may have: the last resort counts.
func (c *checker) numbered(key string, templates []string, place Place) {
	counted := false
	for i, template := range templates {
		c.template(elementKey(key, i), template, place)
		counted = counted || strings.Contains(template, "{n}")
	}
	if !counted {
		c.fault(key, "has no template with {n}, so namesakes could not be told apart", "add one, such as {initial}{surname}{n}")
	}
}
