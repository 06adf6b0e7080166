package ldapx

import (
	"context"
	"fmt"
	"sync"
	"time"

	"esrsync/internal/directory"
)

// pool holds the connections to one controller: at most so many, opened when they
// are first needed, kept warm while they are idle.
type pool struct {
	server server
	open   func(context.Context) (*conn, error)
	slots  chan struct{} // a token for each connection in use
	warm   int           // so many are kept open, in use or idle

	mu     sync.Mutex
	idle   []*conn
	closed bool

	stop context.CancelFunc
	done chan struct{} // closed when the keeper has ended
}

func newPool(s server, o Options, warm int, open func(context.Context) (*conn, error)) *pool {
	ctx, stop := context.WithCancel(context.Background())
	p := &pool{server: s, open: open, slots: make(chan struct{}, o.Connections), warm: warm, stop: stop, done: make(chan struct{})}
	go p.keepWarm(ctx, o.KeepAlive)
	return p
}

// get returns a connection that the caller alone uses until it calls put or discard.
func (p *pool) get(ctx context.Context) (*conn, error) {
	if err := p.occupy(ctx); err != nil {
		return nil, fmt.Errorf("waiting for a connection to %s: %w", p.server.host, err)
	}
	c, err := p.take()
	if c == nil && err == nil {
		c, err = p.open(ctx)
	}
	if err != nil {
		<-p.slots
		return nil, err
	}
	return c, nil
}

// occupy waits for a token. A context that has ended gets none, even when one is free.
func (p *pool) occupy(ctx context.Context) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	select {
	case p.slots <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// take returns an idle connection, or nil where there is none that still lives.
// The one used last comes first: it is the least likely to have been dropped.
func (p *pool) take() (*conn, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return nil, fmt.Errorf("%w: %w", directory.ErrUnavailable, errClosed)
	}
	for len(p.idle) > 0 {
		last := len(p.idle) - 1
		c := p.idle[last]
		p.idle = p.idle[:last]
		if c.usable() {
			c.stale = true
			return c, nil
		}
		c.drop()
	}
	return nil, nil
}

// put gives a connection back; one that is no longer usable is dropped.
func (p *pool) put(c *conn) {
	p.mu.Lock()
	keep := !p.closed && c.usable()
	if keep {
		p.idle = append(p.idle, c)
	}
	p.mu.Unlock()
	if !keep {
		c.drop()
	}
	<-p.slots
}

// discard gives a connection up: what is still to come on it is not known.
func (p *pool) discard(c *conn) {
	c.drop()
	<-p.slots
}

// use runs f, which only reads, with a connection.
func (p *pool) use(ctx context.Context, f func(*conn) error) error {
	for {
		c, err := p.get(ctx)
		if err != nil {
			return err
		}
		if err = p.finish(c, f(c)); !p.wasDead(c, err) {
			return err
		}
	}
}

// wasDead reports that f never had a chance: its connection had died while it was
// idle. The other idle ones are dropped with it, so that the next one is new.
func (p *pool) wasDead(c *conn, err error) bool {
	if answered(err) || !c.stale {
		return false
	}
	p.mu.Lock()
	idle := p.idle
	p.idle = nil
	p.mu.Unlock()
	for _, other := range idle {
		other.drop()
	}
	return true
}

// finish gives a connection back after a request that ended with err, and returns
// err. The connection is kept only where the controller gave a whole answer, be it
// a refusal: on any other a late answer might still come.
func (p *pool) finish(c *conn, err error) error {
	if answered(err) {
		p.put(c)
	} else {
		p.discard(c)
	}
	return err
}

// answered reports whether the controller's whole answer came: success or refusal.
// A timeout, a closed connection and an answer that makes no sense are none; the
// library gives these as errors of several types, so what is not known to be an
// answer is not one.
func answered(err error) bool {
	if err == nil {
		return true
	}
	_, ok := refusal(err)
	return ok
}

// keepWarm asks idle connections for a sign of life, since controllers drop those
// that were silent for a quarter of an hour (MaxConnIdleTime) and firewalls sooner.
func (p *pool) keepWarm(ctx context.Context, every time.Duration) {
	defer close(p.done)
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		p.fill(ctx)
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			p.ping(ctx)
		}
	}
}

// ping reads the root entry on each connection that is idle now, one after the
// other, so that a caller finds the rest.
func (p *pool) ping(ctx context.Context) {
	p.mu.Lock()
	n := len(p.idle)
	p.mu.Unlock()
	for range n {
		if c := p.oldest(ctx); c != nil {
			if _, err := rootEntry(c, "dnsHostName"); answered(err) {
				p.put(c)
			} else {
				p.discard(c)
			}
		}
	}
}

// fill opens connections until as many are open as are to be kept warm. Where that
// fails, whoever needs one hears of it.
func (p *pool) fill(ctx context.Context) {
	p.mu.Lock()
	missing := p.warm - len(p.idle) - len(p.slots)
	p.mu.Unlock()
	for range missing {
		if p.occupy(ctx) != nil {
			return
		}
		c, err := p.open(ctx)
		if err != nil {
			<-p.slots
			return
		}
		p.put(c)
	}
}

// oldest takes the connection that was idle for longest, or nil.
func (p *pool) oldest(ctx context.Context) *conn {
	if p.occupy(ctx) != nil {
		return nil
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.idle) == 0 {
		<-p.slots
		return nil
	}
	c := p.idle[0]
	p.idle = p.idle[1:]
	return c
}

// close drops the idle connections; those in use are dropped when they come back.
func (p *pool) close() {
	p.stop()
	<-p.done
	p.mu.Lock()
	idle := p.idle
	p.idle, p.closed = nil, true
	p.mu.Unlock()
	for _, c := range idle {
		c.drop()
	}
}
