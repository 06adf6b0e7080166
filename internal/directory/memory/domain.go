package memory

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"esrsync/internal/directory"
)

// Options describe a domain. The zero value is example.nhs.uk with one
// controller, random GUIDs, the machine's clock and Microsoft's default policy.
type Options struct {
	Name        string           // DNS name; "example.nhs.uk" when empty
	NetBIOS     string           // "EXAMPLE" when empty
	Controllers []string         // host names of the writable controllers; "dc1" when empty
	NoExchange  bool             // the forest never had the Exchange schema
	Policy      Policy           // of passwords
	Now         func() time.Time // the controllers' clock; time.Now when nil
	Rand        io.Reader        // where GUIDs come from; crypto/rand when nil
}

// Domain is an Active Directory domain and its configuration partition. It is
// safe for use by several goroutines.
type Domain struct {
	opts    Options
	schema  schema
	classes map[string]class
	sid     string

	mu        sync.RWMutex
	root      *entry // of every partition; it has no name itself
	base      *entry // the default naming context
	config    *entry // the configuration partition
	byGUID    map[directory.GUID]*entry
	byDN      map[string]*entry
	indexes   map[string]index
	grants    map[directory.GUID][]grant
	usn       int64
	nextRID   uint32
	writes    Writes
	change    chan struct{} // closed at the next change, and replaced
	protected []*entry      // groups whose members get adminCount=1
	admins    []*entry      // groups whose members may write everything
}

// Writes counts what was applied on request of any identity but [Domain.System].
type Writes struct {
	Add, Modify, Password, Rename, Delete int
}

// Total returns the number of all writes.
func (w Writes) Total() int { return w.Add + w.Modify + w.Password + w.Rename + w.Delete }

// New returns a domain with what every domain has: Administrator, krbtgt, the
// privileged groups, the controllers and the configuration that names them.
func New(opts Options) (*Domain, error) {
	opts = opts.withDefaults()
	s, err := newSchema(!opts.NoExchange)
	if err != nil {
		return nil, err
	}
	d := &Domain{opts: opts, schema: s, classes: classes(), sid: "S-1-5-21-1004336348-1177238915-682003330",
		byGUID: map[directory.GUID]*entry{}, byDN: map[string]*entry{}, indexes: map[string]index{},
		grants: map[directory.GUID][]grant{}, nextRID: 1103, usn: 8192, change: make(chan struct{})}
	for _, a := range s {
		if a.indexed {
			d.indexes[a.key] = index{}
		}
	}
	d.root = newEntry(directory.GUID{}, directory.RDN{})
	if err := d.seedBuiltIns(); err != nil {
		return nil, fmt.Errorf("making the domain %s: %w", opts.Name, err)
	}
	return d, nil
}

func (o Options) withDefaults() Options {
	if o.Name == "" {
		o.Name = "example.nhs.uk"
	}
	if o.NetBIOS == "" {
		o.NetBIOS = strings.ToUpper(strings.SplitN(o.Name, ".", 2)[0])
	}
	if len(o.Controllers) == 0 {
		o.Controllers = []string{"dc1"}
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Rand == nil {
		o.Rand = rand.Reader
	}
	o.Policy = o.Policy.withDefaults()
	return o
}

// Name returns the domain's DNS name.
func (d *Domain) Name() string { return d.opts.Name }

// NetBIOS returns the domain's short name, as in EXAMPLE\login.
func (d *Domain) NetBIOS() string { return d.opts.NetBIOS }

// Base returns the default naming context.
func (d *Domain) Base() string { return d.base.dn }

// Configuration returns the name of the configuration partition.
func (d *Domain) Configuration() string { return d.config.dn }

// SID returns the domain's SID.
func (d *Domain) SID() string { return d.sid }

// Now returns the controllers' clock.
func (d *Domain) Now() time.Time { return d.opts.Now() }

// Controllers returns the host names of the writable controllers, as the
// configuration partition has them.
func (d *Domain) Controllers() []string {
	out := make([]string, len(d.opts.Controllers))
	for i, c := range d.opts.Controllers {
		out[i] = d.hostName(c)
	}
	return out
}

func (d *Domain) hostName(controller string) string {
	if strings.Contains(controller, ".") {
		return controller
	}
	return controller + "." + d.opts.Name
}

// HighestUSN returns the number of the latest change.
func (d *Domain) HighestUSN() int64 {
	d.mu.RLock()
	defer d.mu.RUnlock()
	return d.usn
}

// Writes returns what was applied so far.
func (d *Domain) Writes() Writes {
	d.mu.RLock()
	defer d.mu.RUnlock()
	return d.writes
}

// Wait returns when a condition holds. It looks at the beginning and after every
// change; the condition may ask the domain.
func (d *Domain) Wait(ctx context.Context, until func() bool) error {
	for {
		d.mu.RLock()
		next := d.change
		d.mu.RUnlock()
		if until() {
			return nil
		}
		select {
		case <-next:
		case <-ctx.Done():
			return fmt.Errorf("waiting for a change: %w", ctx.Err())
		}
	}
}

// announce wakes who waits; the caller holds the lock for writing.
func (d *Domain) announce() {
	d.usn++
	close(d.change)
	d.change = make(chan struct{})
}

// Attributes returns the lower-cased names of the attributes that users may have.
func (d *Domain) Attributes() map[string]bool {
	out := map[string]bool{}
	for key, a := range d.schema {
		if !a.group && !a.virtual {
			out[key] = true
		}
	}
	return out
}

// newGUID returns a version 4 GUID.
func (d *Domain) newGUID() (directory.GUID, error) {
	var g directory.GUID
	if _, err := io.ReadFull(d.opts.Rand, g[:]); err != nil {
		return g, fmt.Errorf("drawing a GUID: %w", err)
	}
	g[7] = g[7]&0x0f | 0x40
	g[8] = g[8]&0x3f | 0x80
	return g, nil
}
