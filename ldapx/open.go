package ldapx

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"esrsync/internal/directory"
)

// Reader reads a directory through one controller. It has no method that writes.
// It may be used by several goroutines at once. Close it after use.
type Reader struct {
	opts    Options
	dialer  *dialer
	servers []server
	pinned  bool // the one server is meant, and no other will do: see [Controller]

	mu     sync.Mutex
	pool   *pool
	facts  controllerFacts
	wrote  bool // something was sent to be written: the controller stays
	closed bool
}

// Directory reads and writes a directory through one controller.
type Directory struct {
	*Reader
}

var (
	_ directory.Reader = (*Reader)(nil)
	_ directory.Writer = (*Directory)(nil)
)

// OpenReader connects to the first controller that answers and is fit: not
// read-only, and in step with the others. It is what planning gets.
//
// The error matches [directory.ErrUnavailable] where no controller can be used and
// [directory.ErrCredentials] where our password is refused.
func OpenReader(ctx context.Context, o Options) (*Reader, error) { return openReader(ctx, o, false) }

func openReader(ctx context.Context, o Options, pinned bool) (*Reader, error) {
	o, err := o.withDefaults()
	if err != nil {
		return nil, err
	}
	d, err := newDialer(o)
	if err != nil {
		return nil, err
	}
	servers, err := o.servers(ctx)
	if err != nil {
		return nil, err
	}
	r := &Reader{opts: o, dialer: d, servers: servers, pinned: pinned}
	if err := r.pick(ctx, servers); err != nil {
		return nil, err
	}
	return r, nil
}

// Open is [OpenReader] for a directory that is to be written too.
func Open(ctx context.Context, o Options) (*Directory, error) {
	r, err := OpenReader(ctx, o)
	if err != nil {
		return nil, err
	}
	return &Directory{r}, nil
}

// Close ends all connections. Calls under way fail.
func (r *Reader) Close() error {
	r.mu.Lock()
	p := r.pool
	r.closed = true
	r.mu.Unlock()
	p.close()
	return nil
}

// Controller returns the host name of the controller in use, as it was dialled.
func (r *Reader) Controller() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.pool.server.host
}

// pick makes the first fit one of the servers ours. Callers other than OpenReader
// hold the lock.
func (r *Reader) pick(ctx context.Context, servers []server) error {
	var reasons []error
	for _, s := range servers {
		p, facts, err := r.try(ctx, s)
		if err == nil {
			r.pool, r.facts = p, facts
			return nil
		}
		if isKind(err, directory.ErrCredentials) || ctx.Err() != nil {
			return err // Another controller would count the same wrong password again.
		}
		r.opts.Logger.Warnf("controller passed over: %v", err)
		reasons = append(reasons, err)
	}
	return fmt.Errorf("opening the directory: %w: %w", directory.ErrUnavailable, errors.Join(reasons...))
}

// try opens a pool at a server and looks whether the server is fit.
func (r *Reader) try(ctx context.Context, s server) (*pool, controllerFacts, error) {
	warm := 0
	if r.pinned {
		warm = r.opts.Connections
	}
	p := newPool(s, r.opts, warm, func(ctx context.Context) (*conn, error) { return r.dialer.open(ctx, s) })
	var facts controllerFacts
	err := p.use(ctx, func(c *conn) (err error) {
		facts, err = r.fit(c)
		return err
	})
	if err != nil {
		p.close()
		return nil, facts, err
	}
	return p, facts, nil
}

// fit returns what the controller says of itself, or why it is of no use. One that
// is not synchronised does not know what the others know, so that a run cannot
// trust it.
func (r *Reader) fit(c *conn) (controllerFacts, error) {
	f, err := readControllerFacts(c, r.opts.Base)
	if err == nil && f.behind && !r.pinned {
		err = unfit(f.host, "it has not caught up with the other controllers yet")
	}
	return f, err
}

// current returns the pool of the controller in use.
func (r *Reader) current() (*pool, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return nil, fmt.Errorf("%w: %w", directory.ErrUnavailable, errClosed)
	}
	return r.pool, nil
}

// get returns a connection and the pool that it is from; the rest of the same
// operation must use that pool. Where the controller is gone and nothing was
// written, another one becomes ours.
func (r *Reader) get(ctx context.Context) (*pool, *conn, error) {
	p, err := r.current()
	if err != nil {
		return nil, nil, err
	}
	c, err := p.get(ctx)
	if isKind(err, directory.ErrUnavailable) && ctx.Err() == nil {
		if p, err = r.replace(ctx, p, err); err == nil {
			c, err = p.get(ctx)
		}
	}
	return p, c, err
}

// replace picks another controller for one that is gone. It gives back the reason
// that it was handed where there is none or it is too late to change.
func (r *Reader) replace(ctx context.Context, gone *pool, reason error) (*pool, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.pool != gone && !r.closed {
		return r.pool, nil // Somebody else has replaced it meanwhile.
	}
	others := slices.DeleteFunc(slices.Clone(r.servers), func(s server) bool { return s == gone.server })
	if r.wrote || r.closed || len(others) == 0 {
		return nil, reason
	}
	r.opts.Logger.Warnf("controller lost before anything was written, trying the others: %v", reason)
	if err := r.pick(ctx, others); err != nil {
		return nil, err
	}
	gone.close()
	return r.pool, nil
}

// use runs f, which only reads, with a connection to the controller in use, and
// again while the controller says that it is busy.
func (r *Reader) use(ctx context.Context, f func(*pool, *conn) error) error {
	return whileBusy(ctx, r.opts.Backoff, func() error {
		for {
			p, c, err := r.get(ctx)
			if err != nil {
				return err
			}
			if err = p.finish(c, f(p, c)); !p.wasDead(c, err) {
				return err
			}
		}
	})
}

// stay makes the controller of a pool the only one from here on. It is false where
// another controller has taken its place.
func (r *Reader) stay(p *pool) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.pool != p {
		return false
	}
	r.wrote = true
	return true
}

// controllerFacts returns what the controller in use said of itself.
func (r *Reader) controllerFacts() controllerFacts {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.facts
}

// controllerFacts is what the root entry says.
type controllerFacts struct {
	base          string
	configuration string
	host          string
	clock         time.Time
	behind        bool // it says of itself that it has not caught up with the others
}

// readOnlyController is the capability that only read-only controllers announce
// (LDAP_CAP_ACTIVE_DIRECTORY_PARTIAL_SECRETS_OID, MS-ADTS 3.1.1.3.4.3).
const readOnlyController = "1.2.840.113556.1.4.1920"

// readControllerFacts reads the root entry and refuses a controller that is of no
// use: a read-only one refers every write elsewhere.
func readControllerFacts(c *conn, base string) (controllerFacts, error) {
	root, err := rootEntry(c, "defaultNamingContext", "configurationNamingContext", "dnsHostName",
		"currentTime", "isSynchronized", "supportedCapabilities")
	if err != nil {
		return controllerFacts{}, fmt.Errorf("reading the root entry: %w", err)
	}
	f := controllerFacts{
		base:          root.GetEqualFoldAttributeValue("defaultNamingContext"),
		configuration: root.GetEqualFoldAttributeValue("configurationNamingContext"),
		host:          root.GetEqualFoldAttributeValue("dnsHostName"),
		clock:         generalizedTime(root.GetEqualFoldAttributeValue("currentTime")),
	}
	synchronized := root.GetEqualFoldAttributeValue("isSynchronized")
	f.behind = synchronized != "" && !strings.EqualFold(synchronized, "TRUE")
	switch {
	case slices.Contains(root.GetEqualFoldAttributeValues("supportedCapabilities"), readOnlyController):
		return f, unfit(f.host, "it is a read-only controller")
	case f.base == "":
		return f, unfit(f.host, "it names no domain")
	case base != "" && !directory.SameDN(base, f.base):
		return f, unfit(f.host, fmt.Sprintf("it holds %s, not %s", f.base, base))
	}
	return f, nil
}

func unfit(host, reason string) error {
	return fmt.Errorf("controller %s is not fit: %w: %s", host, directory.ErrUnavailable, reason)
}
