package plan

import (
	"slices"
	"strings"
	"unicode/utf16"

	"esrsync/internal/directory"
	"esrsync/sync/person"
)

// attribute is one attribute of the configuration, ready to be filled.
type attribute struct {
	Attribute
	template template
	limit    int  // UTF-16 units; 0 is none that we know
	late     bool // names another account, and so waits until every account is made
	name     bool // belongs to class rename: sn, givenName, displayName
}

// limitOf returns the greatest length that Active Directory takes for an
// attribute (rangeUpper in its schema). ESR's own are longer: an organisation's
// name has up to 150 characters and department takes 64.
func limitOf(name string) int {
	switch strings.ToLower(name) {
	case "givenname", "sn", "department", "company", "telephonenumber", "mobile", "facsimiletelephonenumber":
		return 64
	case "title", "physicaldeliveryofficename", "l", "st":
		return 128
	case "displayname", "employeetype":
		return 256
	case "initials":
		return 6
	case "employeeid":
		return 16
	case "postalcode":
		return 40
	case "description", "streetaddress", "info":
		return 1024
	case "employeenumber":
		return 512
	}
	return 0
}

// isOwnAttribute reports whether an attribute is written by planning itself and
// so cannot be had from a template.
func (pl *planner) isOwnAttribute(name string) bool {
	own := []string{
		attrControl, attrExpires, attrLogin, attrUPN, attrMail, attrProxies, attrHide,
		"cn", "name", "member", "memberOf", "unicodePwd", "objectGUID", "objectSid", "adminCount", "primaryGroupID",
		pl.in.Policy.MarkerAttribute, pl.in.Policy.PersonKeyAttribute,
	}
	return slices.ContainsFunc(own, func(o string) bool { return strings.EqualFold(o, name) })
}

// compileAttributes prepares the attributes of the configuration that the schema
// has, sorted by name. Those that it lacks are told once, when the daemon starts.
func (pl *planner) compileAttributes() []attribute {
	var out []attribute
	for _, a := range pl.in.Policy.Attributes {
		if !pl.inSchema(a.Name) || pl.isOwnAttribute(a.Name) {
			continue
		}
		one := attribute{Attribute: a, template: newTemplate(a.Template), limit: limitOf(a.Name)}
		one.late = one.template.uses("manager_dn") || one.template.uses("department_manager") || strings.EqualFold(a.Name, attrManager)
		one.name = strings.EqualFold(a.Name, attrSurname) || strings.EqualFold(a.Name, attrGiven) || strings.EqualFold(a.Name, attrDisplay)
		out = append(out, one)
	}
	slices.SortFunc(out, func(a, b attribute) int { return strings.Compare(a.Name, b.Name) })
	return out
}

// inSchema reports whether users may have the attribute. Nothing known means yes.
func (pl *planner) inSchema(name string) bool {
	return len(pl.in.Schema) == 0 || pl.in.Schema[strings.ToLower(name)]
}

// find returns a configured attribute by name, or nil.
func (pl *planner) attribute(name string) *attribute {
	for i := range pl.attributes {
		if strings.EqualFold(pl.attributes[i].Name, name) {
			return &pl.attributes[i]
		}
	}
	return nil
}

// valueFor returns what an attribute should be for the values, cut to what the
// directory takes.
func (a *attribute) valueFor(values func(string) string) string {
	return cut(a.template.fill(values), a.limit)
}

// cut shortens a text to a number of UTF-16 units, as Active Directory counts
// them, without leaving half a character or a space at the end.
func cut(s string, limit int) string {
	if limit == 0 || len(s) <= limit {
		return s
	}
	n := 0
	for i, r := range s {
		n += utf16.RuneLen(r)
		if n > limit {
			return strings.TrimRight(s[:i], " ")
		}
	}
	return s
}

// bringInLine plans one change with every attribute of an account that differs
// from what its rule gives. A value that ESR does not have leaves what is there:
// an empty field of a feed must not wipe a directory.
func (pl *planner) bringInLine(p *person.Person, a *directory.Account) {
	c := pl.begin(Mover, Set, p, a)
	var values func(string) string
	for i := range pl.attributes {
		attr := &pl.attributes[i]
		if attr.late || attr.name || attr.Authority == OnCreate {
			continue
		}
		have := a.Value(attr.Name)
		if attr.Authority == WhenEmpty && have != "" {
			continue
		}
		if values == nil {
			values = pl.values(p, a)
		}
		want := attr.valueFor(values)
		if want == "" || want == have {
			continue
		}
		c.setValue(attr.Name, have, want)
	}
	pl.givenAddress(p, a, &c)
	if len(c.After) == 0 {
		return
	}
	c.Rule = "attributes." + strings.Join(c.names(), ", ")
	c.Reason = "ESR's record is not what the directory shows in " + strings.Join(c.names(), ", ") + "."
	c.Evidence = evidence(p)
	pl.add(c)
}

// setValue notes that an attribute goes from one value to another; empty is none.
func (c *Change) setValue(name, before, after string) {
	if c.After == nil {
		c.After = Values{}
	}
	if c.Before == nil {
		c.Before = Values{}
	}
	if before != "" {
		c.Before[name] = []string{before}
	}
	if after != "" {
		c.After[name] = []string{after}
	}
}

// names returns the names of the attributes that the change sets, in order.
func (c *Change) names() []string {
	out := make([]string, 0, len(c.After))
	for n := range c.After {
		out = append(out, n)
	}
	slices.Sort(out)
	return out
}

// givenAddress fills in the address that another service gave to an account that has none.
func (pl *planner) givenAddress(p *person.Person, a *directory.Account, c *Change) {
	address := strings.ToLower(strings.TrimSpace(pl.in.Addresses[p.ID]))
	if !pl.in.Policy.EmailFromFile || address == "" || a.Mail != "" {
		return
	}
	c.setValue(attrMail, "", address)
	if !slices.Contains(a.Addresses(), address) {
		c.setValue(attrProxies, "", primaryAddress+address)
	}
}
