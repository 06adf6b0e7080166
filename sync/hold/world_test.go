package hold_test

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sirupsen/logrus"

	"esrsync/internal/directory"
	"esrsync/internal/directory/memory"
	"esrsync/internal/password"
	"esrsync/internal/state"
	"esrsync/internal/token"
	"esrsync/sync/hold"
)

const (
	base  = "DC=trust,DC=example"
	staff = "OU=Staff," + base
	admin = "OU=Admin," + base
	// old is every account's password before.
	old = "Quince-Lantern-4711"
)

// world is a domain with three controllers, of which each may be dead, slow or
// missing a right; a record in memory; and a life that may end after any call.
type world struct {
	t      testing.TB
	domain *memory.Domain
	sealer *token.Sealer
	record *record
	hosts  []string
	log    *bytes.Buffer

	mu    sync.Mutex
	now   time.Time
	dead  map[string]bool
	calls []string // what was asked of which controller
	left  int      // calls until the process dies; negative: it lives
}

// errKilled is what a process that was killed gets: nothing happens any more.
var errKilled = errors.New("the process was killed")

func newWorld(t testing.TB) *world {
	t.Helper()
	w := &world{t: t, hosts: []string{"dc1", "dc2", "dc3"}, dead: map[string]bool{}, left: -1, log: &bytes.Buffer{},
		now: time.Date(2026, time.November, 23, 2, 0, 0, 0, time.UTC)}
	var err error
	if w.domain, err = memory.New(memory.Options{Name: "trust.example", Now: w.clock}); err != nil {
		t.Fatal(err)
	}
	groups := "OU=Groups," + base
	objects := []memory.Object{memory.Unit(staff), memory.Unit(admin), memory.Unit(groups)}
	for _, name := range []string{"All Staff", "Ward 12", "Choir"} {
		objects = append(objects, memory.Group("CN="+name+","+groups, name))
	}
	if _, err := w.domain.Load(objects); err != nil {
		t.Fatal(err)
	}
	if w.sealer, err = token.New(bytes.Repeat([]byte{7}, token.KeySize)); err != nil {
		t.Fatal(err)
	}
	w.record = &record{w: w, holds: map[string]state.Hold{}, tasks: map[string]state.Task{}}
	return w
}

func (w *world) clock() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now
}

func (w *world) later(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = w.now.Add(d)
}

// spend counts a call to the outside, and fails it where the process is dead.
func (w *world) spend(host, what string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.left == 0 {
		return errKilled
	}
	if w.left > 0 {
		w.left--
	}
	w.calls = append(w.calls, host+" "+what)
	if w.dead[host] {
		return directory.ErrUnavailable
	}
	return nil
}

func (w *world) kill(after int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.left = after
}

func (w *world) isDead() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.left == 0
}

func (w *world) set(host string, dead bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.dead[host] = dead
}

func (w *world) did(what string) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	n := 0
	for _, c := range w.calls {
		if strings.HasSuffix(c, " "+what) {
			n++
		}
	}
	return n
}

// direct is the directory without faults, as its owner sees it.
func (w *world) direct() *memory.Directory { return memory.NewDirectory(w.domain.System()) }

// person makes an enabled account with a password, in two groups, marked as ours.
func (w *world) person(login, parent, key string) directory.Account {
	w.t.Helper()
	ctx, d := w.t.Context(), w.direct()
	id, err := d.Create(ctx, directory.NewAccount{CN: login, Parent: parent, Login: login, UPN: login + "@trust.example", Password: old,
		Attributes: map[string][]string{"mail": {login + "@trust.example"}}})
	if err != nil {
		w.t.Fatal(err)
	}
	edits := []directory.Edit{{Attribute: "userAccountControl", Old: []string{"514"}, New: []string{"512"}}}
	if key != "" {
		marker, err := w.sealer.Seal(id, token.Statement{PersonID: "P" + key, PersonKey: key, State: "managed"})
		if err != nil {
			w.t.Fatal(err)
		}
		edits = append(edits, directory.Edit{Attribute: "adminDescription", New: []string{marker}}, directory.Edit{Attribute: "employeeID", New: []string{key}})
	}
	if err := d.Modify(ctx, id, edits); err != nil {
		w.t.Fatal(err)
	}
	for _, g := range w.groups() {
		if err := d.AddMember(ctx, g.GUID, id); err != nil {
			w.t.Fatal(err)
		}
	}
	return w.account(id)
}

func (w *world) groups() []directory.Group {
	w.t.Helper()
	all, err := w.direct().Groups(w.t.Context(), []string{"OU=Groups," + base}, nil)
	if err != nil {
		w.t.Fatal(err)
	}
	return all
}

func (w *world) account(id directory.GUID) directory.Account {
	w.t.Helper()
	a, err := w.direct().Account(w.t.Context(), id, directory.Scope{Bases: []string{base}})
	if err != nil {
		w.t.Fatal(err)
	}
	return a
}

// letsIn reports whether a password would sign in, were the account enabled.
func (w *world) letsIn(id directory.GUID, secret string) bool {
	w.t.Helper()
	a := w.account(id)
	ctx, d := w.t.Context(), w.direct()
	if !a.Enabled() {
		on := []directory.Edit{{Attribute: "userAccountControl", Old: []string{a.Control.String()}, New: []string{(a.Control &^ directory.Disabled).String()}}}
		off := []directory.Edit{{Attribute: "userAccountControl", Old: on[0].New, New: on[0].Old}}
		if err := d.Modify(ctx, id, on); err != nil {
			w.t.Fatal(err)
		}
		defer func() {
			if err := d.Modify(ctx, id, off); err != nil {
				w.t.Fatal(err)
			}
		}()
	}
	_, err := w.domain.SignIn(a.Login, secret)
	return err == nil
}

// locker returns a process that is started now.
func (w *world) locker() *hold.Locker {
	log := logrus.New()
	log.SetOutput(w.log)
	return &hold.Locker{
		Domain: w, Record: w.record, Sealer: w.sealer, Password: password.Hidden, Now: w.clock, Log: log, Attempt: 5 * time.Second,
		Policy: hold.Policy{
			MarkerAttribute: "adminDescription", Bases: []string{base}, Never: []string{"krbtgt", "breakglass-*"}, Ours: []string{"svc-esrsync@trust.example"},
			IncludeProtected: true, Secondary: []string{"adm-{login}", "{login}-a"}, StripGroups: true, GroupBases: []string{"OU=Groups," + base},
			MaxPerHour: 3, TwoPersonRelease: true,
		},
	}
}

func (w *world) find(who hold.Who) hold.Subject {
	w.t.Helper()
	s, err := w.locker().Find(w.t.Context(), who)
	if err != nil {
		w.t.Fatal(err)
	}
	return s
}

// lock locks out whoever a key names.
func (w *world) lock(key string) state.Hold {
	w.t.Helper()
	h, err := w.locker().Lock(w.t.Context(), w.find(hold.Who{Key: key}), order(), nil)
	if err != nil {
		w.t.Fatal(err)
	}
	return h
}

func order() hold.Order {
	return hold.Order{Ticket: "INC1", Category: "a planted reason", Requester: "desk1"}
}

func (w *world) release(h state.Hold) hold.Released {
	w.t.Helper()
	out, err := w.locker().Release(w.t.Context(), w.record.hold(h.ID), hold.ReleaseOrder{Ticket: "INC2", By: "desk2"})
	if err != nil {
		w.t.Fatal(err)
	}
	return out
}

// Controllers implements [hold.Domain].
func (w *world) Controllers(context.Context) ([]string, error) { return w.hosts, nil }

// Open implements [hold.Domain].
func (w *world) Open(_ context.Context, host string) (hold.Controller, func(), error) {
	if err := w.spend(host, "open"); err != nil {
		return nil, nil, err
	}
	d := w.direct()
	d.Host = host
	return &faulty{d, w, host}, func() {}, nil
}

// faulty is a controller that counts what is asked of it.
type faulty struct {
	*memory.Directory
	w    *world
	host string
}

// call spends a call and, where the process and the controller live, makes it.
func (f *faulty) call(what string, do func() error) error {
	if err := f.w.spend(f.host, what); err != nil {
		return err
	}
	return do()
}

func (f *faulty) LockOut(ctx context.Context, id directory.GUID, marker string) error {
	return f.call("lock out", func() error { return f.Directory.LockOut(ctx, id, marker) })
}

func (f *faulty) SetPassword(ctx context.Context, id directory.GUID, secret string, must bool) error {
	return f.call("reset", func() error { return f.Directory.SetPassword(ctx, id, secret, must) })
}

func (f *faulty) Modify(ctx context.Context, id directory.GUID, edits []directory.Edit) error {
	return f.call("modify", func() error { return f.Directory.Modify(ctx, id, edits) })
}

func (f *faulty) AddMember(ctx context.Context, group, id directory.GUID) error {
	return f.call("join", func() error { return f.Directory.AddMember(ctx, group, id) })
}

func (f *faulty) RemoveMember(ctx context.Context, group, id directory.GUID) error {
	return f.call("leave", func() error { return f.Directory.RemoveMember(ctx, group, id) })
}

func (f *faulty) Account(ctx context.Context, id directory.GUID, scope directory.Scope) (a directory.Account, err error) {
	err = f.call("read", func() error {
		a, err = f.Directory.Account(ctx, id, scope)
		return err
	})
	return a, err
}
