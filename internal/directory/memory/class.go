package memory

import (
	"strings"
)

// class is an object class: its chain from top, and the category it is filed under.
type class struct {
	chain    string
	category string
}

// classes returns the object classes that the domain takes.
func classes() map[string]class {
	const person = "top person organizationalPerson"
	return map[string]class{
		"user":                            {person + " user", "Person"},
		"inetorgperson":                   {person + " user inetOrgPerson", "Person"},
		"computer":                        {person + " user computer", "Computer"},
		"msds-groupmanagedserviceaccount": {person + " user computer msDS-GroupManagedServiceAccount", "ms-DS-Group-Managed-Service-Account"},
		"contact":                         {person + " contact", "Person"},
		"group":                           {"top group", "Group"},
		"organizationalunit":              {"top organizationalUnit", "Organizational-Unit"},
		"container":                       {"top container", "Container"},
		"domaindns":                       {"top domain domainDNS", "Domain-DNS"},
		"builtindomain":                   {"top builtinDomain", "Builtin-Domain"},
		"configuration":                   {"top configuration", "Configuration"},
		"crossrefcontainer":               {"top crossRefContainer", "Cross-Ref-Container"},
		"crossref":                        {"top crossRef", "Cross-Ref"},
		"sitescontainer":                  {"top sitesContainer", "Sites-Container"},
		"site":                            {"top site", "Site"},
		"serverscontainer":                {"top serversContainer", "Servers-Container"},
		"server":                          {"top server", "Server"},
		"ntdsdsa":                         {"top applicationSettings nTDSDSA", "NTDS-DSA"},
		"classstore":                      {"top classStore", "Class-Store"},
		"publicfolder":                    {"top publicFolder", "ms-Exch-Public-Folder"},
	}
}

// expandClasses returns the whole chain of the most special class given.
func (d *Domain) expandClasses(given []string) ([]string, error) {
	var best []string
	for _, name := range given {
		chain := d.superiorChain(name)
		if chain == nil {
			return nil, atrErr(InvalidAttributeSyntax, 0x207B, "problem 1002 (INVALID_ATT_SYNTAX)", "objectClass")
		}
		if len(chain) > len(best) {
			best = chain
		}
	}
	return best, nil
}

// superiorChain returns the chain of a class, also of one that is only a superclass here.
func (d *Domain) superiorChain(name string) []string {
	if c, ok := d.classes[strings.ToLower(name)]; ok {
		return strings.Fields(c.chain)
	}
	for _, abstract := range []string{"top", "person", "organizationalPerson", "domain", "applicationSettings"} {
		if strings.EqualFold(name, abstract) {
			return []string{}
		}
	}
	return nil
}

// category returns the objectCategory of an entry.
func (d *Domain) category(e *entry) string {
	chain := e.values["objectclass"]
	c := d.classes[strings.ToLower(chain[len(chain)-1])]
	return "CN=" + c.category + ",CN=Schema,CN=Configuration," + d.baseName()
}

// baseName returns the domain's distinguished name, from its DNS name.
func (d *Domain) baseName() string {
	return "DC=" + strings.ReplaceAll(d.opts.Name, ".", ",DC=")
}
