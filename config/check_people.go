package config

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// basics checks the keys outside tables, and the trust.
func (c *checker) basics(config *Config) {
	if _, err := time.LoadLocation(config.TimeZone); err != nil || config.TimeZone == "" || config.TimeZone == "Local" {
		c.fault("time_zone", fmt.Sprintf("%q is not a time zone", config.TimeZone), `write its IANA name, such as "Europe/London"`)
	}
	if config.Mode == ModeObserve && len(config.EnforceClasses) > 0 {
		c.warn("enforce_classes", "has no effect in observe", `set mode = "enforce", or take it out`)
	}
	c.texts("enforce_classes", config.EnforceClasses)

	c.required("trust.name", config.Trust.Name, "write the trust's full name")
	if vpd := config.Trust.VPD; len(vpd) != 3 || strings.Trim(vpd, "0123456789") != "" {
		c.fault("trust.vpd", fmt.Sprintf("%q is not three digits", vpd), `write the trust's VPD in quotes, such as "277"`)
	}
	if domain := config.Trust.EmailDomain; !isDomain(domain) || !strings.Contains(domain, ".") {
		c.fault("trust.email_domain", fmt.Sprintf("%q is not a domain", domain), `write what follows the @, such as "example.nhs.uk"`)
	}
}

func (c *checker) lifecycle(config *Config) {
	c.texts("lifecycle.initial_password", config.Lifecycle.InitialPassword)
}

// rules checks placement, groups and attributes. Expressions are compiled by those who evaluate them.
func (c *checker) rules(config *Config) {
	for i, rule := range config.Placement {
		key := elementKey("placement", i)
		c.when(key, rule.When)
		c.required(key+".ou", rule.OU, "write the OU's DN")
		c.dn(key+".ou", rule.OU)
		c.under(key+".ou", rule.OU, config.Directory.ManagedBases, "directory.managed_bases")
		if last := len(config.Placement) - 1; catchesAll(rule.When) && i < last {
			c.warn(key, "fits everybody, so the rules after it never count", "move it to the end")
		} else if i == last && !catchesAll(rule.When) {
			c.warn(key, "people whom no rule fits get no account", "add a last rule with when = 'true'")
		}
	}
	if len(config.Placement) == 0 {
		c.warn("placement", "there is no rule, so nobody gets an account", "add [[placement]] with when = 'true' and an OU")
	}
	c.groups(config)
	c.attributes(config)
}

// when checks that a rule has a condition.
func (c *checker) when(key, expression string) {
	c.required(key+".when", expression, "write an expression over the person; 'true' fits everybody")
}

func catchesAll(expression string) bool { return strings.TrimSpace(expression) == "true" }

func (c *checker) groups(config *Config) {
	for i, rule := range config.Groups {
		key := elementKey("groups", i)
		c.when(key, rule.When)
		c.required(key+".group", rule.Group, "write the group's DN")
		c.dn(key+".group", rule.Group)
		c.under(key+".group", rule.Group, []string{config.Directory.Base}, "directory.base")
		for _, group := range config.Directory.Protected.Groups {
			if rule.Group != "" && group != "" && sameDN(rule.Group, group) {
				c.fault(key+".group", fmt.Sprintf("%q is in directory.protected.groups", rule.Group),
					"take it out of one of them: nobody is put into a privileged group")
			}
		}
	}
}

func sameDN(a, b string) bool {
	left, err := foldDN(a)
	right, rightErr := foldDN(b)
	return err == nil && rightErr == nil && slices.Equal(left, right)
}

func (c *checker) attributes(config *Config) {
	kept := keptAttributes(config)
	seen := map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(config.Attributes)) {
		key, folded := joinKey("attributes", name), strings.ToLower(name)
		c.attribute(key, name)
		c.template(key, config.Attributes[name].Value, PlaceAttribute)
		if by, found := kept[folded]; found {
			c.fault(key, fmt.Sprintf("%s is kept by %s", name, by), "take it out here")
		}
		if twin, twice := seen[folded]; twice {
			c.fault(key, fmt.Sprintf("is the same attribute as %s", twin), "keep one of them")
		}
		seen[folded] = name
	}
}

// keptAttributes returns the attributes that no rule may give, in lower case, and what they belong to.
func keptAttributes(config *Config) map[string]string {
	kept := map[string]string{
		"samaccountname": "naming.login", "userprincipalname": "naming.upn", "mail": "naming.email",
		"proxyaddresses": "naming.email", "displayname": "naming.display_name", "cn": "naming.cn", "name": "naming.cn",
		"accountexpires": "lifecycle.account_expires", "member": "groups", "memberof": "groups",
	}
	for _, name := range []string{
		"admincount", "altsecurityidentities", "distinguishedname", "dnshostname", "lockouttime",
		"msds-allowedtoactonbehalfofotheridentity", "msds-allowedtodelegateto", "msds-keycredentiallink",
		"ntsecuritydescriptor", "objectcategory", "objectclass", "objectguid", "objectsid", "primarygroupid",
		"pwdlastset", "scriptpath", "serviceprincipalname", "sidhistory", "unicodepwd", "useraccountcontrol",
		"userpassword",
	} {
		kept[name] = "the directory itself"
	}
	kept[strings.ToLower(config.Directory.PersonKeyAttribute)] = "directory.person_key_attribute"
	kept[strings.ToLower(config.Directory.MarkerAttribute)] = "directory.marker_attribute"
	return kept
}

func (c *checker) guard(g *Guard) {
	c.positive(map[string]Duration{"guard.approval_ttl": g.ApprovalTTL})
	names := map[string]bool{}
	for i, event := range g.Expected {
		key := elementKey("guard.expected", i)
		c.required(key+".name", event.Name, "name the event, such as \"August rotation\"")
		c.when(key, event.When)
		if names[event.Name] {
			c.fault(key+".name", fmt.Sprintf("%q is there twice", event.Name), "give each event a name of its own")
		}
		names[event.Name] = true
		c.eventDays(key, event)
		if len(event.Limits()) == 0 {
			c.fault(key, "sets no limit", "add one, such as leaver = { max = 400 }")
		}
		for class, limit := range event.Limits() {
			if limit.Max == NoNumber && limit.MaxPercent == 100 {
				c.fault(key+"."+class, "has neither max nor max_percent", "write at least one of them")
			}
		}
	}
}

func (c *checker) eventDays(key string, event Expected) {
	switch {
	case event.From.IsZero():
		c.fault(key+".from", "is missing", "write the first day, such as 2026-08-05")
	case event.To.IsZero():
		c.fault(key+".to", "is missing", "write the last day, such as 2026-08-07")
	case event.To.Before(event.From):
		c.fault(key+".to", fmt.Sprintf("%s is before from, %s", event.To, event.From), "write the last day of the event")
	}
}
