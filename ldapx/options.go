package ldapx

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"os"
	"time"

	"github.com/go-ldap/ldap/v3"
)

// maxPageSize is what Active Directory gives at most (MaxPageSize); asking for
// more gets this many.
const maxPageSize = 1000

// Options say which directory to open and how.
type Options struct {
	// Servers are ldaps:// URLs, tried in this order. Where empty, the controllers
	// of Domain are found by their SRV records.
	Servers []string
	Domain  string
	// GlobalCatalogues are ldaps:// URLs of global catalogues. Where empty, port
	// 3269 of the picked controller and then of the others is tried.
	GlobalCatalogues []string

	CAFile string // PEM; with CAPEM empty too, the system's authorities
	CAPEM  []byte // PEM, added to CAFile's

	Base string // the domain's distinguished name; a controller of another domain is passed over. Empty takes any

	Connections int           // to the controller at once; zero is 4
	Timeout     time.Duration // of each request; zero is 10 s
	DialTimeout time.Duration // of a dial, its handshake and its bind together; zero is Timeout
	Settle      time.Duration // how long a lost answer may take to be settled; zero is three timeouts
	KeepAlive   time.Duration // idle connections are asked for a sign of life this often; zero is 4 minutes
	Backoff     time.Duration // the first pause before trying a busy controller again; zero is 100 ms
	PageSize    int           // entries in a page, at most 1000; zero is 500

	BindUser     string                 // a UPN, DOMAIN\login or distinguished name
	BindPassword func() ([]byte, error) // asked before each bind, so that it may change
	// Authenticate, where set, signs a connection in instead of BindUser and
	// BindPassword: Kerberos, or the service's own Windows account.
	Authenticate Authenticator
	// Circuit remembers across several Opens that our password was refused; nil is
	// one of its own.
	Circuit *Circuit

	PersonKeyAttribute string // into Account.PersonKey; zero is employeeID
	MarkerAttribute    string // into Account.Marker; zero is adminDescription

	Logger Logger // nil logs nothing
	// Dial opens network connections; nil is a [net.Dialer]. Tests put faults here.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
}

// Logger is the part of a logger that this package uses; a logrus.FieldLogger is one.
type Logger interface {
	Infof(format string, args ...any)
	Warnf(format string, args ...any)
}

// Authenticator signs a connection in, once, before anything else is sent on it.
// host is the controller's name as it was dialled. What it returns is the error of
// the bind; result code 49 opens the circuit.
type Authenticator func(c *ldap.Conn, host string) error

type noLogger struct{}

func (noLogger) Infof(string, ...any) {}
func (noLogger) Warnf(string, ...any) {}

// withDefaults fills what is empty, and reports all that is wrong at once.
func (o Options) withDefaults() (Options, error) {
	or(&o.Connections, 4)
	or(&o.Timeout, 10*time.Second)
	or(&o.DialTimeout, o.Timeout)
	or(&o.Settle, 3*o.Timeout)
	or(&o.KeepAlive, 4*time.Minute)
	or(&o.Backoff, 100*time.Millisecond)
	or(&o.PageSize, 500)
	or(&o.PersonKeyAttribute, "employeeID")
	or(&o.MarkerAttribute, "adminDescription")
	if o.Circuit == nil {
		o.Circuit = &Circuit{}
	}
	if o.Logger == nil {
		o.Logger = noLogger{}
	}
	if o.Dial == nil {
		o.Dial = (&net.Dialer{Timeout: o.DialTimeout, KeepAlive: 30 * time.Second}).DialContext
	}
	return o, errors.Join(o.faults()...)
}

func (o Options) faults() []error {
	var out []error
	for _, c := range []struct {
		wrong bool
		text  string
	}{
		{len(o.Servers) == 0 && o.Domain == "", "neither servers nor a domain to find them by"},
		{o.PageSize < 1 || o.PageSize > maxPageSize, fmt.Sprintf("a page size of %d is not between 1 and %d", o.PageSize, maxPageSize)},
		{o.Connections < 1, "fewer than one connection"},
		{o.Timeout < 0 || o.DialTimeout < 0 || o.Settle < 0 || o.Backoff < 0 || o.KeepAlive < 0, "a negative duration"},
		{o.Authenticate == nil && (o.BindUser == "" || o.BindPassword == nil), "no user or password to bind with"},
	} {
		if c.wrong {
			out = append(out, errors.New("directory options: "+c.text))
		}
	}
	return out
}

func or[T comparable](field *T, value T) {
	var zero T
	if *field == zero {
		*field = value
	}
}

// tlsConfig verifies against the given authorities, or the system's where none is given.
func (o Options) tlsConfig() (*tls.Config, error) {
	config := &tls.Config{MinVersion: tls.VersionTLS12}
	pems := [][]byte{o.CAPEM}
	if o.CAFile != "" {
		pem, err := os.ReadFile(o.CAFile)
		if err != nil {
			return nil, fmt.Errorf("reading the directory's certificate authority: %w", err)
		}
		pems = append(pems, pem)
	}
	for _, pem := range pems {
		if len(pem) == 0 {
			continue
		}
		if config.RootCAs == nil {
			config.RootCAs = x509.NewCertPool()
		}
		if !config.RootCAs.AppendCertsFromPEM(pem) {
			return nil, errors.New("reading the directory's certificate authority: no certificate in it")
		}
	}
	return config, nil
}
