package memory

import (
	"fmt"
	"slices"

	"esrsync/internal/directory"
)

// seedBuiltIns makes what a domain has from its first day.
func (d *Domain) seedBuiltIns() error {
	d.byDN[""] = d.root
	var err error
	if d.base, err = d.partition(d.baseName(), "domainDNS"); err != nil {
		return err
	}
	if d.config, err = d.partition("CN=Configuration,"+d.baseName(), "configuration"); err != nil {
		return err
	}
	d.base.values["objectsid"] = []string{string(encodeSID(d.sid))}
	d.indexValues(d.base, "objectsid", d.base.values["objectsid"])
	if _, err := d.Load(d.builtInObjects()); err != nil {
		return err
	}
	// The first controller is the PDC emulator: the domain names its settings object.
	d.setValues(d.base, "fsmoroleowner", []string{"CN=NTDS Settings," + d.serverName(d.opts.Controllers[0])})
	return d.seedPrivileges()
}

// partition makes the head of a naming context.
func (d *Domain) partition(dn, class string) (*entry, error) {
	guid, err := d.newGUID()
	if err != nil {
		return nil, err
	}
	rdns, err := directory.ParseDN(dn)
	if err != nil {
		return nil, err
	}
	e := newEntry(guid, rdns[0])
	if e.values["objectclass"], err = d.expandClasses([]string{class}); err != nil {
		return nil, err
	}
	e.values["objectcategory"] = []string{d.category(e)}
	d.attach(e, d.root)
	delete(d.byDN, e.folded)
	e.dn, e.folded = dn, directory.FoldDN(dn)
	d.byDN[e.folded] = e
	d.touch(e)
	e.created, e.usnCreated = e.changed, e.usnChanged
	return e, nil
}

// builtInObjects are what every domain has, parents first.
func (d *Domain) builtInObjects() []Object {
	base := d.baseName()
	return slices.Concat([]Object{
		object("CN=Users,"+base, attr("objectClass", "container")),
		object("CN=Computers,"+base, attr("objectClass", "container")),
		object("CN=Builtin,"+base, attr("objectClass", "builtinDomain")),
		object("OU=Domain Controllers,"+base, attr("objectClass", "organizationalUnit")),
		object("CN=System,"+base, attr("objectClass", "container")),
		object("CN=AdminSDHolder,CN=System,"+base, attr("objectClass", "container")),
	}, d.builtInGroups(), d.builtInAccounts(), d.topology())
}

// The types of groups (MS-ADTS 2.2.12), all of them security groups.
const (
	builtInLocalGroup = "-2147483643"
	globalGroup       = "-2147483646"
	universalGroup    = "-2147483640"
)

// builtInGroups returns the groups that have well-known SIDs (MS-DTYP 2.4.2.4).
func (d *Domain) builtInGroups() []Object {
	var out []Object
	add := func(name, container, sid, groupType string) {
		out = append(out, object("CN="+name+",CN="+container+","+d.baseName(),
			attr("objectClass", "group"), attr("sAMAccountName", name), attr("groupType", groupType),
			attr("objectSid", string(encodeSID(sid))), attr("isCriticalSystemObject", "TRUE")))
	}
	for _, g := range []struct{ name, rid string }{
		{"Administrators", "544"}, {"Users", "545"}, {"Guests", "546"}, {"Account Operators", "548"},
		{"Server Operators", "549"}, {"Print Operators", "550"}, {"Backup Operators", "551"}, {"Replicator", "552"},
	} {
		add(g.name, "Builtin", "S-1-5-32-"+g.rid, builtInLocalGroup)
	}
	for _, g := range []struct{ name, rid, groupType string }{
		{"Enterprise Read-only Domain Controllers", "498", universalGroup}, {"Domain Admins", "512", globalGroup},
		{"Domain Users", "513", globalGroup}, {"Domain Guests", "514", globalGroup}, {"Domain Computers", "515", globalGroup},
		{"Domain Controllers", "516", globalGroup}, {"Schema Admins", "518", universalGroup},
		{"Enterprise Admins", "519", universalGroup}, {"Group Policy Creator Owners", "520", globalGroup},
		{"Read-only Domain Controllers", "521", globalGroup}, {"Protected Users", "525", globalGroup},
		{"Key Admins", "526", globalGroup}, {"Enterprise Key Admins", "527", universalGroup},
	} {
		add(g.name, "Users", d.sid+"-"+g.rid, g.groupType)
	}
	return out
}

func (d *Domain) builtInAccounts() []Object {
	var out []Object
	for _, a := range []struct{ name, rid, control string }{
		{"Administrator", "500", "66082"}, {"Guest", "501", "66082"}, {"krbtgt", "502", "514"},
	} {
		out = append(out, object("CN="+a.name+",CN=Users,"+d.baseName(),
			attr("objectClass", "user"), attr("sAMAccountName", a.name), attr("userAccountControl", a.control),
			attr("objectSid", string(encodeSID(d.sid+"-"+a.rid))), attr("isCriticalSystemObject", "TRUE")))
	}
	return out
}

// adminGroups are the groups whose members may write everything.
func adminGroups() []string { return []string{"Administrators", "Domain Admins", "Enterprise Admins"} }

// protectedGroups are the groups whose members AdminSDHolder protects.
func protectedGroups() []string {
	return append(adminGroups(), "Schema Admins", "Account Operators", "Server Operators", "Print Operators",
		"Backup Operators", "Replicator", "Domain Controllers", "Read-only Domain Controllers")
}

// seedPrivileges puts Administrator where it belongs, and marks what
// AdminSDHolder protects.
func (d *Domain) seedPrivileges() error {
	for _, name := range protectedGroups() {
		g := d.find("samaccountname", name, nil)
		d.protected = append(d.protected, g)
		d.setValues(g, "admincount", []string{"1"})
	}
	for _, name := range adminGroups() {
		d.admins = append(d.admins, d.find("samaccountname", name, nil))
	}
	d.setValues(d.find("samaccountname", "krbtgt", nil), "admincount", []string{"1"})
	for _, m := range [][2]string{
		{"Domain Admins", "Administrator"}, {"Schema Admins", "Administrator"}, {"Enterprise Admins", "Administrator"},
		{"Administrators", "Administrator"}, {"Administrators", "Domain Admins"}, {"Administrators", "Enterprise Admins"},
	} {
		group, member := d.find("samaccountname", m[0], nil), d.find("samaccountname", m[1], nil)
		mod := Mod{Op: AddValues, Attribute: "member", Values: []string{member.dn}}
		if err := d.System().Modify(group.dn, []Mod{mod}); err != nil {
			return fmt.Errorf("adding %s to %s: %w", m[1], m[0], err)
		}
	}
	return nil
}
