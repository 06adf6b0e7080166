package memory

import (
	"fmt"
	"strconv"
	"strings"

	"esrsync/internal/directory"
)

// object is one object to be seeded.
type object struct {
	dn         string
	attributes []Attribute
}

func attr(name string, values ...string) Attribute { return Attribute{Name: name, Values: values} }

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
	var objects []object
	objects = append(objects, d.containers()...)
	objects = append(objects, d.groups()...)
	objects = append(objects, d.accounts()...)
	objects = append(objects, d.topology()...)
	for _, o := range objects {
		if _, err := d.System().Add(o.dn, o.attributes); err != nil {
			return fmt.Errorf("seeding %s: %w", o.dn, err)
		}
	}
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
	if e.values["objectclass"], err = expandClasses([]string{class}); err != nil {
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

func (d *Domain) containers() []object {
	base := d.baseName()
	class := func(c string) []Attribute { return []Attribute{attr("objectClass", c)} }
	return []object{
		{"CN=Users," + base, class("container")},
		{"CN=Computers," + base, class("container")},
		{"CN=Builtin," + base, class("builtinDomain")},
		{"OU=Domain Controllers," + base, class("organizationalUnit")},
		{"CN=System," + base, class("container")},
		{"CN=AdminSDHolder,CN=System," + base, class("container")},
	}
}

// groups returns the built-in groups by their well-known SIDs (MS-DTYP 2.4.2.4).
func (d *Domain) groups() []object {
	var out []object
	add := func(name, sid, container string, groupType int) {
		out = append(out, object{"CN=" + name + "," + container + "," + d.baseName(), []Attribute{
			attr("objectClass", "group"), attr("sAMAccountName", name), attr("groupType", strconv.Itoa(groupType)),
			attr("objectSid", string(encodeSID(sid))), attr("isCriticalSystemObject", "TRUE")}})
	}
	const builtInLocal, global, universal = -2147483643, -2147483646, -2147483640
	for _, g := range []struct {
		name string
		rid  int
	}{{"Administrators", 544}, {"Users", 545}, {"Guests", 546}, {"Account Operators", 548},
		{"Server Operators", 549}, {"Print Operators", 550}, {"Backup Operators", 551}, {"Replicator", 552}} {
		add(g.name, "S-1-5-32-"+strconv.Itoa(g.rid), "CN=Builtin", builtInLocal)
	}
	for _, g := range []struct {
		name      string
		rid, kind int
	}{{"Enterprise Read-only Domain Controllers", 498, universal}, {"Domain Admins", 512, global}, {"Domain Users", 513, global},
		{"Domain Guests", 514, global}, {"Domain Computers", 515, global}, {"Domain Controllers", 516, global},
		{"Schema Admins", 518, universal}, {"Enterprise Admins", 519, universal}, {"Group Policy Creator Owners", 520, global},
		{"Read-only Domain Controllers", 521, global}, {"Protected Users", 525, global}, {"Key Admins", 526, global},
		{"Enterprise Key Admins", 527, universal}} {
		add(g.name, d.sid+"-"+strconv.Itoa(g.rid), "CN=Users", g.kind)
	}
	return out
}

func (d *Domain) accounts() []object {
	var out []object
	add := func(name string, rid, control int) {
		out = append(out, object{"CN=" + name + ",CN=Users," + d.baseName(), []Attribute{
			attr("objectClass", "user"), attr("sAMAccountName", name), attr("userAccountControl", strconv.Itoa(control)),
			attr("objectSid", string(encodeSID(d.sid+"-"+strconv.Itoa(rid)))), attr("isCriticalSystemObject", "TRUE")}})
	}
	add("Administrator", 500, 66082)
	add("Guest", 501, 66082)
	add("krbtgt", 502, 514)
	return out
}

// seedPrivileges puts Administrator where it belongs and marks what is protected
// by AdminSDHolder.
func (d *Domain) seedPrivileges() error {
	for _, name := range []string{"Administrators", "Domain Admins", "Enterprise Admins", "Schema Admins", "Account Operators",
		"Server Operators", "Print Operators", "Backup Operators", "Replicator", "Domain Controllers", "Read-only Domain Controllers"} {
		g := d.find("samaccountname", name, nil)
		d.protected = append(d.protected, g)
		d.setValues(g, "admincount", []string{"1"})
	}
	d.setValues(d.find("samaccountname", "krbtgt", nil), "admincount", []string{"1"})
	base := d.baseName()
	// The first controller is the PDC emulator: the domain names its settings object.
	short := strings.ToUpper(strings.SplitN(d.opts.Controllers[0], ".", 2)[0])
	d.setValues(d.base, "fsmoroleowner", []string{"CN=NTDS Settings,CN=" + short + ",CN=Servers,CN=Default-First-Site-Name,CN=Sites," + d.config.dn})
	for _, g := range []string{"CN=Domain Admins,CN=Users,", "CN=Schema Admins,CN=Users,", "CN=Enterprise Admins,CN=Users,", "CN=Administrators,CN=Builtin,"} {
		mod := Mod{Op: AddValues, Attribute: "member", Values: []string{"CN=Administrator,CN=Users," + base}}
		if err := d.System().Modify(g+base, []Mod{mod}); err != nil {
			return fmt.Errorf("seeding %s: %w", g+base, err)
		}
	}
	mod := Mod{Op: AddValues, Attribute: "member", Values: []string{"CN=Domain Admins,CN=Users," + base}}
	return d.System().Modify("CN=Administrators,CN=Builtin,"+base, []Mod{mod})
}

// topology returns the part of the configuration partition that names the
// partitions and the writable controllers.
func (d *Domain) topology() []object {
	config := "CN=Configuration," + d.baseName()
	site := "CN=Default-First-Site-Name,CN=Sites," + config
	out := []object{
		{"CN=Partitions," + config, []Attribute{attr("objectClass", "crossRefContainer")}},
		{"CN=" + d.opts.NetBIOS + ",CN=Partitions," + config, []Attribute{attr("objectClass", "crossRef"),
			attr("nCName", d.baseName()), attr("dnsRoot", d.opts.Name), attr("nETBIOSName", d.opts.NetBIOS), attr("systemFlags", "3")}},
		{"CN=Sites," + config, []Attribute{attr("objectClass", "sitesContainer")}},
		{site, []Attribute{attr("objectClass", "site")}},
		{"CN=Servers," + site, []Attribute{attr("objectClass", "serversContainer")}},
	}
	for _, c := range d.opts.Controllers {
		out = append(out, d.controller(c, site)...)
	}
	return out
}

func (d *Domain) controller(host, site string) []object {
	short := strings.ToUpper(strings.SplitN(host, ".", 2)[0])
	account := "CN=" + short + ",OU=Domain Controllers," + d.baseName()
	server := "CN=" + short + ",CN=Servers," + site
	return []object{
		{account, []Attribute{attr("objectClass", "computer"), attr("sAMAccountName", short+"$"), attr("userAccountControl", "532480"),
			attr("primaryGroupID", "516"), attr("dNSHostName", d.hostName(host)), attr("isCriticalSystemObject", "TRUE")}},
		{server, []Attribute{attr("objectClass", "server"), attr("dNSHostName", d.hostName(host)), attr("serverReference", account)}},
		{"CN=NTDS Settings," + server, []Attribute{attr("objectClass", "nTDSDSA"), attr("options", "1"),
			attr("hasMasterNCs", d.baseName(), "CN=Configuration,"+d.baseName()),
			attr("msDS-hasMasterNCs", d.baseName(), "CN=Configuration,"+d.baseName())}},
	}
}
