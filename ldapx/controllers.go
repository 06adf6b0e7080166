package ldapx

import (
	"context"
	"fmt"
	"net/url"
	"time"

	"esrsync/internal/directory"
)

// Controller is one named controller of the domain and never another. A lockout
// holds one for each writable controller, since what is switched off on one can
// still sign in on the others until they hear of it.
//
// It differs from a [Directory] in this: it never moves to another controller; it
// is used while the controller has not caught up with the others, since it lets
// people in all the same; it gives up sooner; and it keeps its connections open, so
// that a lockout does not begin with a handshake. A controller that went away is
// dialled again with the next call, so that a Controller outlives its restarts.
type Controller struct {
	*Directory
	name string
}

var (
	_ directory.Locker = (*Controller)(nil)
	_ directory.Finder = (*Controller)(nil)
)

// What a Controller takes where its Options say nothing.
const (
	controllerConnections = 2
	controllerDialTimeout = 2 * time.Second
	controllerTimeout     = 5 * time.Second
	controllerKeepAlive   = 30 * time.Second
)

// OpenController connects to the controller with this host name, as
// [Reader.Controllers] gives it; a port other than 636 may follow a colon. Of the
// options, Servers and Domain do not count; Connections is 2, DialTimeout 2 s,
// Timeout and Settle 5 s and KeepAlive 30 s where they are zero.
//
// The error matches [directory.ErrUnavailable] where the controller does not answer
// within DialTimeout, and [directory.ErrCredentials] where our password is refused.
func OpenController(ctx context.Context, o Options, host string) (*Controller, error) {
	o.Servers = []string{(&url.URL{Scheme: "ldaps", Host: host}).String()}
	or(&o.Connections, controllerConnections)
	or(&o.DialTimeout, controllerDialTimeout)
	or(&o.Timeout, controllerTimeout)
	or(&o.Settle, o.Timeout)
	or(&o.KeepAlive, controllerKeepAlive)
	r, err := openReader(ctx, o, true)
	if err != nil {
		return nil, fmt.Errorf("opening controller %s: %w", host, err)
	}
	return &Controller{Directory: &Directory{r}, name: host}, nil
}

// Name returns the host name that the controller was opened by.
func (c *Controller) Name() string { return c.name }
