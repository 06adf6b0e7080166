package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"golang.org/x/term"

	"esrsync/config"
	"esrsync/esrmodel"
	"esrsync/internal/directory"
	"esrsync/internal/password"
	"esrsync/internal/spool"
	"esrsync/internal/state"
	"esrsync/ldapx"
	"esrsync/sync/engine"
	"esrsync/sync/hold"
	"esrsync/sync/person"
)

// wards is what lockouts and releases work with. Close it after use.
type wards struct {
	*session
	away error // why the store is away; nil: it is there
}

// wards opens everything that a lockout needs, and goes on without what can be
// done without: the store, its keys, the configured password.
func (a *app) wards(ctx context.Context, bindUser string) (*wards, error) {
	doc, err := config.Read(a.configFile)
	if err != nil {
		return nil, usageError{err}
	}
	s, err := a.openWith(ctx, doc)
	if errors.Is(err, state.ErrNewer) || errors.Is(err, state.ErrOtherVPD) {
		return nil, err
	}
	w := &wards{session: s, away: err}
	if err != nil {
		if w.session, err = a.withoutStore(doc); err != nil {
			return nil, err
		}
	}
	if err := w.as(bindUser); err != nil {
		w.close()
		return nil, err
	}
	return w, nil
}

// withoutStore returns a session that has the configuration and the directory only.
func (a *app) withoutStore(doc config.Document) (*session, error) {
	s := &session{app: a, doc: doc, cfg: doc.Config, log: a.logger(doc.Config), actor: callerName()}
	settings, err := s.settings()
	if err != nil {
		return nil, err
	}
	sealer, err := sealerOf(s.cfg)
	if err != nil {
		s.log.WithError(err).Error("the token key cannot be read: accounts are switched off now, and marked once the service takes this in")
	}
	s.engine = &engine.Engine{Settings: settings, Sealer: sealer, Now: a.now, Log: s.log}
	s.single = s.controllers("", nil)
	s.locker = s.newLocker()
	s.locker.Record, s.locker.Spool, s.locker.Hooks, s.locker.Standing = &emergency{folder: s.spool(), log: s.log}, nil, nil, nil
	return s, nil
}

// as makes sure that there is a name and a password for the directory: the
// configured ones, or those of the user who is asked.
func (w *wards) as(user string) error {
	if user != "" {
		secret, err := w.app.askPassword("Password of " + user + ": ")
		w.single = w.controllers(user, secret)
		w.locker.Domain = w.single
		return err
	}
	if _, err := w.cfg.Directory.Bind.Password.Resolve(); err != nil {
		return usage("the configured password cannot be read here: %w; give --bind-user USER, and you are asked for that user's password", err)
	}
	return nil
}

// controllers returns the controllers, to be opened as the configured account or,
// where one is given, as a user.
func (s *session) controllers(user string, secret []byte) *controllers {
	d := &domain{cfg: s.cfg.Directory, log: s.log}
	return &controllers{listed: s.cfg.Directory.Controllers, now: time.Now, options: func() (ldapx.Options, error) {
		bind := d.cfg.Bind
		if user != "" {
			bind = config.Bind{Method: config.BindSimple, User: user}
		}
		o, err := d.options(bind)
		// A controller that does not answer must not keep the others waiting.
		o.Connections, o.Timeout, o.DialTimeout = 0, 0, dialWait
		if user != "" {
			o.BindPassword = func() ([]byte, error) { return secret, nil }
		}
		return o, err
	}}
}

// dialWait is how long a controller may take to answer at all.
const dialWait = 2 * time.Second

// newLocker returns what places and lifts holds, with the store's record.
func (s *session) newLocker() *hold.Locker {
	l := &hold.Locker{
		Domain: s.single, Record: careful{s.store, &emergency{folder: s.spool(), log: s.log}}, Sealer: s.engine.Sealer, Password: password.Hidden, Policy: lockoutPolicy(s.cfg),
		Standing: s.standing, Spool: spooled{s.spool()}, Now: s.app.now, Log: s.log,
	}
	if len(s.cfg.Lockout.Hooks) > 0 {
		l.Hooks = hookRunner{configured: s.cfg.Lockout.Hooks}
	}
	return l
}

// spool is where lockouts are kept while the store is away: beside the keys and
// the data of this machine, whatever drives the store.
func (s *session) spool() spool.Folder {
	return spool.Folder{Path: filepath.Join(filepath.Dir(s.cfg.Store.Path), "lockouts"), Now: s.app.now}
}

func lockoutPolicy(cfg config.Config) hold.Policy {
	l, d := cfg.Lockout, cfg.Directory
	p := hold.Policy{
		MarkerAttribute: d.MarkerAttribute, Bases: l.Bases, Never: l.Never, Ours: []string{d.Bind.User, d.ReadBind.User},
		IncludeProtected: l.IncludeProtected, Secondary: d.SecondaryAccounts, StripGroups: l.StripGroups,
		GroupBases: d.GroupBases, ProtectedGroups: d.Protected.Groups, MaxPerHour: l.MaxPerHour, TwoPersonRelease: l.TwoPersonRelease,
	}
	if len(p.Bases) == 0 {
		p.Bases = []string{d.Base}
	}
	for _, g := range cfg.Groups {
		p.Groups = append(p.Groups, g.Group)
	}
	return p
}

// askPassword reads a password without showing it, or a line where the input is no terminal.
func (a *app) askPassword(prompt string) ([]byte, error) {
	fmt.Fprint(a.Err, prompt)
	defer fmt.Fprintln(a.Err)
	if f, is := a.In.(*os.File); is && term.IsTerminal(int(f.Fd())) {
		secret, err := term.ReadPassword(int(f.Fd()))
		if err != nil {
			return nil, fmt.Errorf("reading the password: %w", err)
		}
		return secret, nil
	}
	line, err := a.line()
	if line == "" {
		return nil, usage("no password was given: %w", err)
	}
	return []byte(line), nil
}

// line reads one line of the input.
func (a *app) line() (string, error) {
	if a.lines == nil {
		a.lines = bufio.NewReader(a.In)
	}
	text, err := a.lines.ReadString('\n')
	return strings.TrimRight(text, "\r\n"), err
}

// standing says whether a person may sign in, by the store. Of a record that cannot
// be right, only that the person has left is believed.
func (s *session) standing(ctx context.Context, personID string) (hold.Standing, error) {
	all, err := s.people(ctx)
	if err != nil {
		return hold.Standing{}, err
	}
	for _, p := range all {
		if p.ID == personID && (p.Standing == person.Left || !p.IsHeld()) {
			return hold.Standing{Known: true, May: p.Access || s.isBack(p, all), Why: p.Why}, nil
		}
	}
	return hold.Standing{}, nil
}

// isBack reports whether the same human being may sign in under another record.
func (s *session) isBack(p person.Person, all []person.Person) bool {
	for _, other := range all {
		for _, id := range p.Same {
			if other.ID == id && other.Access {
				return true
			}
		}
	}
	return false
}

// who says whom a key means: a person of the store, or else the key alone, which
// is also all there is where the store cannot be read. Several people are refused,
// unless they are records of one human being.
func (w *wards) who(ctx context.Context, key string) (hold.Who, error) {
	who := hold.Who{Key: key}
	if !w.hasStore() {
		return who, nil
	}
	found, lost := w.peopleOf(ctx, key)
	links, unlinked := w.store.Links(ctx)
	if err := errors.Join(lost, unlinked); err != nil {
		w.log.WithError(err).Error("the store cannot say who that is: the directory is asked alone")
		found = nil
	}
	if len(found) == 0 {
		return who, nil
	}
	p := found[0]
	theirs := append([]string{p.ID}, p.Same...)
	for _, other := range found {
		if !slices.Contains(theirs, other.ID) {
			return who, severalPeople(key, found)
		}
	}
	who.PersonID, who.PersonKey, who.Name, who.Others = p.ID, p.Key, nameOf(p), map[directory.GUID]bool{}
	for _, l := range links {
		if slices.Contains(theirs, l.PersonID) {
			who.Links = append(who.Links, l)
		} else {
			who.Others[l.Account] = true
		}
	}
	return who, nil
}

// hasStore reports whether the store is there.
func (w *wards) hasStore() bool { return w.away == nil }

// reviewDay reads --review, which has to be ahead.
func (w *wards) reviewDay(text string) (esrmodel.Date, error) {
	if text == "" {
		return 0, nil
	}
	day, err := esrmodel.ParseDate(text)
	today := esrmodel.DateOf(w.app.now().In(w.engine.Settings.Zone))
	if err != nil || day.IsZero() || day < today {
		return 0, usage("--review needs a day ahead like 2026-12-05")
	}
	return day, nil
}
