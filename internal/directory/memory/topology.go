package memory

import "strings"

// siteName is the one site of the domain.
func (d *Domain) siteName() string {
	return "CN=Default-First-Site-Name,CN=Sites,CN=Configuration," + d.baseName()
}

// serverName is where the configuration partition has a controller.
func (d *Domain) serverName(controller string) string {
	return "CN=" + shortName(controller) + ",CN=Servers," + d.siteName()
}

func shortName(controller string) string {
	return strings.ToUpper(strings.SplitN(controller, ".", 2)[0])
}

// topology returns the part of the configuration partition that names the
// partitions and the writable controllers.
func (d *Domain) topology() []Object {
	config := "CN=Configuration," + d.baseName()
	out := []Object{
		object("CN=Partitions,"+config, attr("objectClass", "crossRefContainer")),
		object("CN="+d.opts.NetBIOS+",CN=Partitions,"+config, attr("objectClass", "crossRef"), attr("nCName", d.baseName()),
			attr("dnsRoot", d.opts.Name), attr("nETBIOSName", d.opts.NetBIOS), attr("systemFlags", "3")),
		object("CN=Sites,"+config, attr("objectClass", "sitesContainer")),
		object(d.siteName(), attr("objectClass", "site")),
		object("CN=Servers,"+d.siteName(), attr("objectClass", "serversContainer")),
	}
	for _, c := range d.opts.Controllers {
		out = append(out, d.controller(c)...)
	}
	return out
}

// controller returns a controller's computer account, its server object, and the
// settings object whose presence makes it a controller.
func (d *Domain) controller(host string) []Object {
	short := shortName(host)
	account := "CN=" + short + ",OU=Domain Controllers," + d.baseName()
	partitions := []string{d.baseName(), "CN=Configuration," + d.baseName()}
	return []Object{
		object(account, attr("objectClass", "computer"), attr("sAMAccountName", short+"$"), attr("userAccountControl", "532480"),
			attr("primaryGroupID", "516"), attr("dNSHostName", d.hostName(host)), attr("isCriticalSystemObject", "TRUE")),
		object(d.serverName(host), attr("objectClass", "server"), attr("dNSHostName", d.hostName(host)), attr("serverReference", account)),
		object("CN=NTDS Settings,"+d.serverName(host), attr("objectClass", "nTDSDSA"), attr("options", "1"),
			attr("hasMasterNCs", partitions...), attr("msDS-hasMasterNCs", partitions...)),
	}
}
