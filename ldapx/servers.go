package ldapx

import (
	"context"
	"fmt"
	"net"
	"net/url"
	"strings"

	"esrsync/internal/directory"
)

// The ports of a controller and of a global catalogue, both inside TLS.
const (
	ldapsPort     = "636"
	cataloguePort = "3269"
)

// server is one controller that may be dialled.
type server struct {
	host string // as written, which the certificate must name
	port string
}

func (s server) address() string { return net.JoinHostPort(s.host, s.port) }

// parseServer takes an ldaps URL apart. Anything but LDAPS is refused: a password
// would cross the network in clear, or be refused by a controller that asks for signing.
func parseServer(raw, defaultPort string) (server, error) {
	u, err := url.Parse(raw)
	if err != nil {
		return server{}, fmt.Errorf("%q is not a URL like ldaps://dc1.example.nhs.uk", raw)
	}
	switch {
	case !strings.EqualFold(u.Scheme, "ldaps"):
		return server{}, fmt.Errorf("%q does not begin with ldaps://: only LDAP inside TLS is spoken", raw)
	case u.Hostname() == "":
		return server{}, fmt.Errorf("%q names no host", raw)
	case strings.Trim(u.Path, "/") != "" || u.User != nil || u.RawQuery != "":
		return server{}, fmt.Errorf("%q holds more than a host and a port", raw)
	}
	s := server{host: u.Hostname(), port: u.Port()}
	or(&s.port, defaultPort)
	return s, nil
}

func parseServers(raw []string, defaultPort string) ([]server, error) {
	var out []server
	for _, r := range raw {
		s, err := parseServer(r, defaultPort)
		if err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	return out, nil
}

// servers returns the controllers in the order in which they are to be tried.
func (o Options) servers(ctx context.Context) ([]server, error) {
	if len(o.Servers) > 0 {
		return parseServers(o.Servers, ldapsPort)
	}
	return discover(ctx, o.Domain, net.DefaultResolver.LookupSRV)
}

// lookupSRV is [net.Resolver.LookupSRV].
type lookupSRV func(ctx context.Context, service, proto, name string) (string, []*net.SRV, error)

// discover finds a domain's controllers by their SRV records, in the order of
// priority and weight that the resolver gives. The records name the clear port;
// LDAPS has the same number everywhere.
func discover(ctx context.Context, domain string, lookup lookupSRV) ([]server, error) {
	_, records, err := lookup(ctx, "ldap", "tcp", "dc._msdcs."+domain)
	if err != nil {
		return nil, fmt.Errorf("finding the controllers of %s by DNS: %w: %w", domain, directory.ErrUnavailable, err)
	}
	var out []server
	for _, r := range records {
		out = append(out, server{host: strings.TrimSuffix(r.Target, "."), port: ldapsPort})
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("finding the controllers of %s by DNS: %w: no record", domain, directory.ErrUnavailable)
	}
	return out, nil
}

// catalogues returns the global catalogues to try: the given ones, or port 3269 of
// the controllers, the picked one first.
func (o Options) catalogues(picked server, others []server) ([]server, error) {
	if len(o.GlobalCatalogues) > 0 {
		return parseServers(o.GlobalCatalogues, cataloguePort)
	}
	out := []server{{host: picked.host, port: cataloguePort}}
	for _, s := range others {
		if s != picked {
			out = append(out, server{host: s.host, port: cataloguePort})
		}
	}
	return out, nil
}
