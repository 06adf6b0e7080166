package main

import (
	"bytes"
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"text/template"
	"time"

	"esrsync/config"
	"esrsync/internal/directory"
	"esrsync/internal/directory/memory"
	"esrsync/internal/madeup"
	"esrsync/ldapx/adsim"
)

//go:embed demo.toml.tmpl
var demoConfiguration string

// world is a made-up trust with a directory that answers over TLS.
type world struct {
	trust    *madeup.Trust
	server   *adsim.Server
	dir      string
	zone     *time.Location
	accounts int

	mu     sync.Mutex
	latest time.Time // where the demo's clock has got to
}

// newWorld makes the trust, its directory as it is found, and the demo's files.
func newWorld(ctx context.Context, opts madeup.Options, dir string) (*world, error) {
	zone, err := time.LoadLocation("Europe/London")
	if err != nil {
		return nil, fmt.Errorf("loading the time zone: %w", err)
	}
	dir, err = exampleFolder(dir)
	if err != nil {
		return nil, err
	}
	w := &world{trust: madeup.New(opts), dir: filepath.ToSlash(dir), zone: zone}
	domain, err := memory.New(memory.Options{Name: domainName(w.trust.Options().Base), Now: w.now})
	if err != nil {
		return nil, err
	}
	if err := w.seed(ctx, domain); err != nil {
		return nil, err
	}
	if w.server, err = adsim.Start(adsim.Options{Domain: domain}); err != nil {
		return nil, err
	}
	return w, w.files()
}

func (w *world) close() { _ = w.server.Close() } // its listeners go with the process

// domainName returns the DNS name of a domain by its distinguished name.
func domainName(base string) string {
	rdns, err := directory.ParseDN(base)
	if err != nil {
		return ""
	}
	parts := make([]string, len(rdns))
	for i, r := range rdns {
		parts[i] = r.Value
	}
	return strings.Join(parts, ".")
}

// now is the directory's clock: the demo's.
func (w *world) now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.latest.IsZero() {
		return w.trust.Day(0).Time(w.zone).Add(9 * time.Hour)
	}
	return w.latest
}

// clock stands at nine in the morning of a night's day, or where the clock has
// got to already, and goes on from there.
func (w *world) clock(night int) func() time.Time {
	began := time.Now()
	start := w.trust.Day(night).Time(w.zone).Add(9 * time.Hour)
	if now := w.now(); start.Before(now) {
		start = now
	}
	return func() time.Time {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.latest = start.Add(time.Since(began))
		return w.latest
	}
}

// seed loads the directory as it is found, and the two accounts that we use.
func (w *world) seed(ctx context.Context, domain *memory.Domain) error {
	found := w.trust.Directory()
	w.accounts = len(found.Users)
	if err := load(ctx, domain, found, w.zone); err != nil {
		return err
	}
	base := w.trust.Options().Base
	for login, file := range map[string]string{"svc-esrsync": "directory.secret", "svc-esrsync-ro": "directory-ro.secret"} {
		secret, err := addService(domain, base, login)
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(w.dir, file), []byte(secret), 0o600); err != nil {
			return fmt.Errorf("writing the demo's secrets: %w", err)
		}
	}
	return errors.Join(
		domain.Grant("svc-esrsync", memory.Right{Base: "OU=Staff," + base, Users: true}),
		domain.Grant("svc-esrsync", memory.Right{Base: "OU=Groups," + base, Groups: true}),
	)
}

// files writes the authority, the keys and the configuration.
func (w *world) files() error {
	doc, err := w.text("enforce", "")
	if err != nil {
		return err
	}
	return errors.Join(
		os.WriteFile(filepath.Join(w.dir, "ca.pem"), w.server.CA(), 0o644),
		writeKey(filepath.Join(w.dir, "ledger.key")),
		writeKey(filepath.Join(w.dir, "token.key")),
		os.WriteFile(filepath.Join(w.dir, "esrsync.toml"), doc, 0o640),
		os.MkdirAll(filepath.Join(w.dir, "inbox"), 0o750),
	)
}

// text renders the demo's configuration.
func (w *world) text(mode, classes string) ([]byte, error) {
	o := w.trust.Options()
	t, err := template.New("demo").Parse(demoConfiguration)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	err = t.Execute(&b, map[string]string{
		"Mode": mode, "Classes": classes, "Trust": o.Name, "VPD": o.VPD, "EmailDomain": o.EmailDomain,
		"Dir": w.dir, "URL": w.server.URL(), "Base": o.Base, "Domain": domainName(w.trust.Options().Base),
	})
	return b.Bytes(), err
}

// configuration reads the demo's configuration as any other is read.
func (w *world) configuration(mode, classes string) (config.Document, error) {
	text, err := w.text(mode, classes)
	if err != nil {
		return config.Document{}, err
	}
	return config.ParseDocument(text, "the demo's configuration")
}

// deliver puts a night's files into the inbox.
func (w *world) deliver(night int) error {
	name, write := w.trust.ChangesFile(night)
	if night == 0 {
		name, write = w.trust.FullFile(night)
	}
	if err := w.put(name, write); err != nil {
		return err
	}
	name, write = w.trust.RegisterFile(night)
	return w.put(name, write)
}

func (w *world) put(name string, write func(io.Writer) error) error {
	f, err := os.Create(filepath.Join(w.dir, "inbox", name))
	if err != nil {
		return fmt.Errorf("delivering %s: %w", name, err)
	}
	if err := errors.Join(write(f), f.Close()); err != nil {
		return fmt.Errorf("delivering %s: %w", name, err)
	}
	return nil
}
