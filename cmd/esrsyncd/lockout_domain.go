package main

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"time"

	"esrsync/internal/directory"
	"esrsync/ldapx"
	"esrsync/sync/hold"
)

// controllers opens single controllers for lockouts and keeps them open. Close it
// after use.
type controllers struct {
	options func() (ldapx.Options, error) // of the account that locks out
	listed  []string                      // directory.controllers; empty: found in the directory
	now     func() time.Time

	mu    sync.Mutex
	hosts []string // as found; empty: not asked yet
	open  map[string]*controller
}

// controller is one connection, or why there is none.
type controller struct {
	mu    sync.Mutex
	c     *ldapx.Controller
	err   error
	tried time.Time
}

// deadFor is how long a controller that did not answer is not dialled again: the
// accounts of one person must not wait for it one after the other.
const deadFor = 2 * time.Second

// Controllers implements [hold.Domain].
func (d *controllers) Controllers(ctx context.Context) ([]string, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.hosts) > 0 {
		return d.hosts, nil
	}
	o, err := d.options()
	if err != nil {
		return nil, err
	}
	hosts := hostsOf(d.listed)
	o.Connections = 1
	r, err := ldapx.OpenReader(ctx, o)
	if err == nil {
		defer closing(r)()
		if len(hosts) == 0 {
			hosts, err = r.Controllers(ctx)
		}
		if pdc, lost := r.PDCEmulator(ctx); lost == nil {
			hosts = first(hosts, pdc)
		}
	}
	switch {
	case errors.Is(err, directory.ErrCredentials):
		return nil, err // no controller would take it, and each would count it
	case len(hosts) > 0 && err == nil:
		d.hosts = hosts
	case len(hosts) == 0:
		// Nobody says which controllers there are: those of the configuration are tried.
		hosts = hostsOf(o.Servers)
	}
	if len(hosts) == 0 {
		return nil, err
	}
	return hosts, nil
}

// hostsOf returns addresses without what stands before the host.
func hostsOf(urls []string) []string {
	var out []string
	for _, u := range urls {
		out = append(out, strings.TrimSuffix(strings.TrimPrefix(strings.ToLower(u), "ldaps://"), "/"))
	}
	return out
}

// first puts one host before the others, where it is among them.
func first(hosts []string, host string) []string {
	at := slices.IndexFunc(hosts, func(h string) bool {
		name, _, _ := strings.Cut(h, ":")
		return strings.EqualFold(name, host)
	})
	if at < 0 {
		return hosts
	}
	return append([]string{hosts[at]}, slices.Delete(slices.Clone(hosts), at, at+1)...)
}

// Open implements [hold.Domain]. The connection stays open for the next call.
func (d *controllers) Open(ctx context.Context, host string) (hold.Controller, func(), error) {
	d.mu.Lock()
	if d.open == nil {
		d.open = map[string]*controller{}
	}
	one := d.open[host]
	if one == nil {
		one = &controller{}
		d.open[host] = one
	}
	d.mu.Unlock()
	one.mu.Lock()
	defer one.mu.Unlock()
	if one.c == nil && (one.err == nil || d.now().Sub(one.tried) >= deadFor) {
		one.c, one.err = d.dial(ctx, host)
		one.tried = d.now()
	}
	if one.err != nil {
		return nil, nil, one.err
	}
	return one.c, func() {}, nil
}

func (d *controllers) dial(ctx context.Context, host string) (*ldapx.Controller, error) {
	o, err := d.options()
	if err != nil {
		return nil, err
	}
	return ldapx.OpenController(ctx, o, host)
}

// close ends every connection.
func (d *controllers) close() {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, one := range d.open {
		if one.c != nil {
			closing(one.c)()
		}
	}
}
