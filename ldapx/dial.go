package ldapx

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"

	"github.com/go-ldap/ldap/v3"

	"esrsync/internal/directory"
)

// conn is one signed-in connection. It serves one caller at a time: the library
// would multiplex, but one slow reader stalls every other request on a connection.
type conn struct {
	*ldap.Conn
	wire  *wire
	asked int64 // number of our own requests so far
	// stale is set while the connection was idle and has not answered since: the
	// controller may have closed it without our having noticed.
	stale bool
}

// dialer opens connections to controllers, always inside verified TLS.
type dialer struct {
	opts Options
	tls  *tls.Config
}

func newDialer(o Options) (*dialer, error) {
	config, err := o.tlsConfig()
	if err != nil {
		return nil, err
	}
	return &dialer{opts: o, tls: config}, nil
}

// open dials and signs in. Its error matches [directory.ErrCredentials] where our
// password is refused, and [directory.ErrUnavailable] where the controller does
// not answer or its certificate is not trusted.
func (d *dialer) open(ctx context.Context, s server) (*conn, error) {
	ctx, cancel := context.WithTimeout(ctx, d.opts.DialTimeout)
	defer cancel()
	secured, err := d.secure(ctx, s)
	if err != nil {
		return nil, fmt.Errorf("dialling %s: %w: %w", s.address(), directory.ErrUnavailable, err)
	}
	w := newWire(secured, d.opts.Timeout)
	c := &conn{Conn: ldap.NewConn(w, true), wire: w}
	c.SetTimeout(d.opts.Timeout)
	c.Start()
	stop := context.AfterFunc(ctx, c.drop)
	defer stop()
	if err := d.authenticate(c, s); err != nil {
		c.drop()
		return nil, fmt.Errorf("signing in at %s: %w", s.address(), err)
	}
	return c, nil
}

// secure opens a network connection and completes the TLS handshake on it.
func (d *dialer) secure(ctx context.Context, s server) (net.Conn, error) {
	plain, err := d.opts.Dial(ctx, "tcp", s.address())
	if err != nil {
		return nil, err
	}
	config := d.tls.Clone()
	config.ServerName = s.host
	secured := tls.Client(plain, config)
	if err := secured.HandshakeContext(ctx); err != nil {
		_ = plain.Close() // The handshake's error is the one to tell.
		return nil, err
	}
	return secured, nil
}

// authenticate binds once. A connection is never bound again: after a refused
// second bind Samba stays who it was and Active Directory becomes nobody.
func (d *dialer) authenticate(c *conn, s server) error {
	user, password, bind, err := d.credential(c, s)
	if err != nil {
		return err
	}
	return d.opts.Circuit.bind(user, password, func() error {
		err := bind()
		if refused, ok := refusal(err); ok {
			return refused
		}
		if err != nil {
			return fmt.Errorf("%w: %w", directory.ErrUnavailable, err)
		}
		return nil
	})
}

// credential returns what to bind with, and the bind.
func (d *dialer) credential(c *conn, s server) (user string, password []byte, bind func() error, err error) {
	if d.opts.Authenticate != nil {
		return "", nil, func() error { return d.opts.Authenticate(c.Conn, s.host) }, nil
	}
	password, err = d.opts.BindPassword()
	if err != nil {
		return "", nil, nil, fmt.Errorf("reading the bind password: %w", err)
	}
	if len(password) == 0 {
		// The directory would take it as an anonymous sign-in, and say yes.
		return "", nil, nil, fmt.Errorf("%w: the configured password is empty", directory.ErrCredentials)
	}
	user = d.opts.BindUser
	return user, password, func() error { return c.Bind(user, string(password)) }, nil
}

// drop closes the connection. What the server still had to say is lost, so a
// request under way ends with an error.
func (c *conn) drop() { _ = c.Close() } // Nothing is done with a connection after this.

// usable reports whether the connection was still open a moment ago.
func (c *conn) usable() bool { return !c.IsClosing() }

// errClosed reports use after Close.
var errClosed = errors.New("the directory is closed")
