package adsim

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"strings"
	"sync"

	"esrsync/internal/directory/memory"
)

// Options describe a server. The zero value is a domain of its own on free
// loopback ports.
type Options struct {
	// Domain is what the server serves; several servers of one domain are several
	// controllers without any replication delay. Nil makes a new one.
	Domain *memory.Domain
	// Controller is the host name that the server gives as its own; the domain's
	// first controller when empty.
	Controller string
	// Listen and Catalogue are the addresses of the directory and of the global
	// catalogue; a free loopback port when empty.
	Listen, Catalogue string
	// Hosts are further names and addresses that the certificate is good for,
	// besides 127.0.0.1, ::1, localhost and the controllers.
	Hosts []string
	// MaxPageSize and MaxValRange are the limits on one answer: 1,000 objects and
	// 1,500 values of one attribute when zero, as on a controller.
	MaxPageSize, MaxValRange int
}

// Server is a running controller. Close it when done.
type Server struct {
	opts    Options
	domain  *memory.Domain
	faults  *Faults
	caPEM   []byte
	tls     *tls.Config
	ldap    net.Listener
	gc      net.Listener
	done    chan struct{}
	running sync.WaitGroup

	mu       sync.Mutex
	closed   bool
	conns    map[net.Conn]bool
	requests map[Op]int
	arrival  chan struct{} // closed at the next request, and replaced
}

// Start returns a server that already answers.
func Start(opts Options) (*Server, error) {
	s := &Server{opts: opts, domain: opts.Domain, faults: newFaults(), done: make(chan struct{}),
		conns: map[net.Conn]bool{}, requests: map[Op]int{}, arrival: make(chan struct{})}
	if s.domain == nil {
		domain, err := memory.New(memory.Options{})
		if err != nil {
			return nil, err
		}
		s.domain = domain
	}
	s.setDefaults()
	var err error
	if s.tls, s.caPEM, err = newIdentity(s.certifiedNames(), s.domain.Now()); err != nil {
		return nil, fmt.Errorf("making the server's certificate: %w", err)
	}
	// Listening on an address of this machine waits for nobody, so that there is nothing to cancel.
	var listen net.ListenConfig
	if s.ldap, err = listen.Listen(context.Background(), "tcp", s.opts.Listen); err != nil {
		return nil, fmt.Errorf("listening for the directory: %w", err)
	}
	if s.gc, err = listen.Listen(context.Background(), "tcp", s.opts.Catalogue); err != nil {
		return nil, errors.Join(fmt.Errorf("listening for the global catalogue: %w", err), s.ldap.Close())
	}
	s.running.Add(2)
	go s.accept(s.ldap, false)
	go s.accept(s.gc, true)
	return s, nil
}

func (s *Server) setDefaults() {
	const anyLoopbackPort = "127.0.0.1:0"
	if s.opts.Listen == "" {
		s.opts.Listen = anyLoopbackPort
	}
	if s.opts.Catalogue == "" {
		s.opts.Catalogue = anyLoopbackPort
	}
	if s.opts.Controller == "" {
		s.opts.Controller = s.domain.Controllers()[0]
	}
	if !strings.Contains(s.opts.Controller, ".") {
		s.opts.Controller += "." + s.domain.Name()
	}
	if s.opts.MaxPageSize == 0 {
		s.opts.MaxPageSize = 1000
	}
	if s.opts.MaxValRange == 0 {
		s.opts.MaxValRange = 1500
	}
}

func (s *Server) certifiedNames() []string {
	names := append([]string{"127.0.0.1", "::1", "localhost", s.opts.Controller}, s.domain.Controllers()...)
	return append(names, s.opts.Hosts...)
}

// URL returns the directory's address, as in ldaps://127.0.0.1:40001.
func (s *Server) URL() string { return "ldaps://" + s.ldap.Addr().String() }

// CatalogueURL returns the global catalogue's address.
func (s *Server) CatalogueURL() string { return "ldaps://" + s.gc.Addr().String() }

// CA returns the certificate, in PEM, that clients must trust.
func (s *Server) CA() []byte { return append([]byte(nil), s.caPEM...) }

// Domain returns what the server serves: seed it, look into it, count its writes.
func (s *Server) Domain() *memory.Domain { return s.domain }

// Faults returns what makes the server misbehave.
func (s *Server) Faults() *Faults { return s.faults }

// Requests returns how many requests of a kind came in, refused ones included.
func (s *Server) Requests(op Op) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.requests[op]
}

// DropConnections cuts every connection, as a controller that restarts does.
func (s *Server) DropConnections() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := range s.conns {
		_ = c.Close() // the connection is given up either way
	}
}

// Close stops the server and waits until nothing of it runs.
func (s *Server) Close() error {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return nil
	}
	s.closed = true
	close(s.done)
	s.mu.Unlock()
	err := errors.Join(s.ldap.Close(), s.gc.Close())
	s.DropConnections()
	s.running.Wait()
	return err
}

// accept serves a listener until it is closed.
func (s *Server) accept(l net.Listener, catalogue bool) {
	defer s.running.Done()
	for {
		raw, err := l.Accept()
		if err != nil {
			return
		}
		if !s.adopt(raw) {
			_ = raw.Close() // the server stops; nobody waits for this client
			return
		}
		go s.serve(raw, catalogue)
	}
}

// adopt takes a connection into account, unless the server is stopping.
func (s *Server) adopt(c net.Conn) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return false
	}
	s.conns[c] = true
	s.running.Add(1)
	return true
}

func (s *Server) release(c net.Conn) {
	_ = c.Close() // already broken, or the client is gone
	s.mu.Lock()
	delete(s.conns, c)
	s.mu.Unlock()
	s.running.Done()
}

func (s *Server) noteRequest(op Op) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests[op]++
	close(s.arrival)
	s.arrival = make(chan struct{})
}

// Await waits until at least n requests of a kind came in since the server
// started, whether they were answered or not.
func (s *Server) Await(ctx context.Context, op Op, n int) error {
	for {
		s.mu.Lock()
		enough, next := s.requests[op] >= n, s.arrival
		s.mu.Unlock()
		if enough {
			return nil
		}
		select {
		case <-next:
		case <-ctx.Done():
			return fmt.Errorf("waiting for %d requests of kind %s: %w", n, op, ctx.Err())
		}
	}
}
