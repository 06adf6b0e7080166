package main

import (
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"os"
	"os/user"
	"path/filepath"
	"strings"
	"time"

	"github.com/sirupsen/logrus"

	"esrsync/config"
	"esrsync/internal/directory"
	"esrsync/internal/inbox"
	"esrsync/internal/password"
	"esrsync/internal/store"
	"esrsync/internal/token"
	"esrsync/ldapx"
	"esrsync/sync/engine"
	"esrsync/sync/hold"
)

// session is an opened configuration with everything that a command needs.
type session struct {
	app    *app
	doc    config.Document
	cfg    config.Config
	store  *store.Store
	engine *engine.Engine
	locker *hold.Locker
	single *controllers // that lockouts reach, opened when first needed
	log    logrus.FieldLogger
	actor  string // the system's name for who called
}

// open reads the configuration and opens the store. The caller closes it.
func (a *app) open(ctx context.Context) (*session, error) {
	doc, err := config.Read(a.configFile)
	if err != nil {
		return nil, usageError{err}
	}
	return a.openWith(ctx, doc)
}

func (a *app) openWith(ctx context.Context, doc config.Document) (*session, error) {
	cfg := doc.Config
	sealer, err := sealerOf(cfg)
	if err != nil {
		return nil, err
	}
	st, err := openStore(ctx, cfg, a.now)
	if err != nil {
		return nil, err
	}
	s := &session{app: a, doc: doc, cfg: cfg, store: st, log: a.logger(cfg), actor: callerName()}
	settings, err := s.settings()
	if err != nil {
		_ = st.Close() // the settings' error is the one that matters
		return nil, err
	}
	s.engine = &engine.Engine{
		Store: st, Directory: &domain{cfg: cfg.Directory, log: s.log}, Settings: settings, Sealer: sealer,
		Password: password.Hidden, Now: a.now, Log: s.log, Progress: a.progress(),
	}
	s.single = s.controllers("", nil)
	s.locker = s.newLocker()
	s.engine.Holds = s.locker
	return s, nil
}

// close ends the connections and closes the store.
func (s *session) close() {
	s.single.close()
	if s.store == nil {
		return
	}
	if err := s.store.Close(); err != nil {
		s.log.WithError(err).Warn("closing the store")
	}
}

// with opens a session, does the work and closes it again.
func (a *app) with(ctx context.Context, work func(*session) error) error {
	s, err := a.open(ctx)
	if err != nil {
		return err
	}
	defer s.close()
	return work(s)
}

func openStore(ctx context.Context, cfg config.Config, now func() time.Time) (*store.Store, error) {
	dsn, err := cfg.Store.DSN.Resolve()
	if err != nil {
		return nil, err
	}
	if cfg.Store.Driver == config.StoreSQLite {
		if err := os.MkdirAll(filepath.Dir(cfg.Store.Path), 0o750); err != nil {
			return nil, fmt.Errorf("making the store's folder: %w", err)
		}
	}
	return store.Open(ctx, store.Options{
		Driver: string(cfg.Store.Driver), Path: cfg.Store.Path, DSN: string(dsn), VPD: cfg.Trust.VPD, Now: now,
	})
}

// sealerOf reads the key that seals the tokens on accounts.
func sealerOf(cfg config.Config) (*token.Sealer, error) {
	key, err := keyOf(cfg.Ledger.TokenKey)
	if err != nil {
		return nil, fmt.Errorf("ledger.token_key: %w", err)
	}
	return token.New(key)
}

// keyOf reads 32 random bytes in base64.
func keyOf(s config.Secret) ([]byte, error) {
	text, err := s.Resolve()
	if err != nil {
		return nil, err
	}
	key, err := base64.StdEncoding.DecodeString(strings.TrimSpace(string(text)))
	if err != nil || len(key) != token.KeySize {
		return nil, fmt.Errorf("%s does not hold %d bytes in base64; esrsyncd init makes such keys", s.Reference(), token.KeySize)
	}
	return key, nil
}

// logger writes to standard error: warnings, or everything with --verbose.
func (a *app) logger(cfg config.Config) logrus.FieldLogger {
	l := logrus.New()
	l.SetOutput(a.Err)
	l.SetLevel(logrus.WarnLevel)
	if a.verbose {
		l.SetLevel(logrus.InfoLevel)
	}
	if cfg.Log.Format == "json" {
		l.SetFormatter(&logrus.JSONFormatter{})
	}
	return l
}

// callerName returns the system's name for whoever runs the command.
func callerName() string {
	if u, err := user.Current(); err == nil {
		return u.Username
	}
	return fmt.Sprintf("uid %d", os.Getuid())
}

// domain opens the directory with the configured names and passwords. Reading
// uses the read-only account where there is one: planning cannot write.
type domain struct {
	cfg   config.Directory
	log   logrus.FieldLogger
	read  ldapx.Circuit // of the read-only account
	write ldapx.Circuit
}

// circuitOf returns what remembers that an account's password was refused.
func (d *domain) circuitOf(bind config.Bind) *ldapx.Circuit {
	if bind == d.cfg.Bind {
		return &d.write
	}
	return &d.read
}

// Reader implements [engine.Directory].
func (d *domain) Reader(ctx context.Context) (directory.Reader, func(), error) {
	o, err := d.options(d.cfg.Reader())
	if err != nil {
		return nil, nil, err
	}
	r, err := ldapx.OpenReader(ctx, o)
	if err != nil {
		return nil, nil, err
	}
	return r, closing(r), nil
}

// Writer implements [engine.Directory].
func (d *domain) Writer(ctx context.Context) (directory.Writer, func(), error) {
	o, err := d.options(d.cfg.Bind)
	if err != nil {
		return nil, nil, err
	}
	w, err := ldapx.Open(ctx, o)
	if err != nil {
		return nil, nil, err
	}
	return w, closing(w), nil
}

func closing(c io.Closer) func() {
	return func() { _ = c.Close() } // nothing is lost: every write was answered
}

// feedFolder returns the inbox and its archive.
func feedFolder(cfg config.Config) inbox.Folder {
	return inbox.Folder{Inbox: cfg.Feeds.Inbox, Archive: cfg.Feeds.Archive}
}
