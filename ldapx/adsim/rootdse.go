package adsim

import (
	"strconv"
	"strings"

	"esrsync/internal/directory/memory"
)

// searchRoot answers who asks what the server is; no identity is needed for it.
func (c *conn) searchRoot(id int64, r request) answer {
	o := memory.Object{}
	for _, a := range c.server.rootDSE() {
		if wanted(r.attributes, a.Name) {
			o.Attributes = append(o.Attributes, a)
		}
	}
	if err := c.write(id, encodeEntry(o, r.typesOnly), nil); err != nil {
		return answer{cut: true}
	}
	return answer{}
}

func wanted(asked []string, name string) bool {
	for _, a := range asked {
		if a == "*" || a == "+" || strings.EqualFold(a, name) {
			return true
		}
	}
	return len(asked) == 0
}

// rootDSE is what the server says of itself (MS-ADTS 3.1.1.3.2).
func (s *Server) rootDSE() []memory.Attribute {
	base, config := s.domain.Base(), s.domain.Configuration()
	host := s.opts.Controller
	short := strings.ToUpper(strings.SplitN(host, ".", 2)[0])
	server := "CN=" + short + ",CN=Servers,CN=Default-First-Site-Name,CN=Sites," + config
	one := func(name, value string) memory.Attribute {
		return memory.Attribute{Name: name, Values: []string{value}}
	}
	return []memory.Attribute{
		one("configurationNamingContext", config),
		one("currentTime", memory.GeneralizedTime(s.domain.Now())),
		one("defaultNamingContext", base),
		one("dnsHostName", host),
		one("domainControllerFunctionality", "7"),
		one("domainFunctionality", "7"),
		one("dsServiceName", "CN=NTDS Settings,"+server),
		one("forestFunctionality", "7"),
		one("highestCommittedUSN", strconv.FormatInt(s.domain.HighestUSN(), 10)),
		one("isGlobalCatalogReady", "TRUE"),
		one("isSynchronized", "TRUE"),
		one("ldapServiceName", s.domain.Name()+":"+strings.ToLower(short)+"$@"+strings.ToUpper(s.domain.Name())),
		{Name: "namingContexts", Values: []string{base, config}},
		one("rootDomainNamingContext", base),
		one("schemaNamingContext", "CN=Schema,"+config),
		one("serverName", server),
		{Name: "supportedCapabilities", Values: []string{
			"1.2.840.113556.1.4.800",  // Active Directory
			"1.2.840.113556.1.4.1670", // of Windows Server 2003 and later
			"1.2.840.113556.1.4.1791", // signing and sealing
			"1.2.840.113556.1.4.1935", // of Windows Server 2008 and later
			"1.2.840.113556.1.4.2080", // 2008 R2
			"1.2.840.113556.1.4.2237", // 2012
		}},
		{Name: "supportedControl", Values: knownControls()},
		{Name: "supportedExtension", Values: []string{whoAmI}},
		{Name: "supportedLDAPVersion", Values: []string{"3"}},
	}
}
