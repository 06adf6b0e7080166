package engine_test

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/sirupsen/logrus"

	"esrsync/esrmodel"
	"esrsync/internal/directory"
	"esrsync/internal/directory/memory"
	"esrsync/internal/state"
	"esrsync/internal/store"
	"esrsync/internal/token"
	"esrsync/sync/engine"
	"esrsync/sync/guard"
	"esrsync/sync/person"
	"esrsync/sync/plan"
)

const (
	base  = "DC=example,DC=nhs,DC=uk"
	staff = "OU=Staff," + base
	lease = time.Minute
)

// world is an engine with a real store and a directory in this process.
type world struct {
	t      *testing.T
	engine *engine.Engine
	store  *store.Store
	domain *memory.Domain
	door   *door

	mu  sync.Mutex
	now time.Time
}

// newWorld returns an engine whose trust has n people and no account yet, on 22
// November 2026 at six in the morning.
func newWorld(t *testing.T, n int) *world {
	t.Helper()
	w := &world{t: t, now: time.Date(2026, time.November, 22, 6, 0, 0, 0, time.UTC)}
	var err error
	w.store, err = store.Open(t.Context(), store.Options{Driver: "sqlite", Path: filepath.Join(t.TempDir(), "esrsync.db"), VPD: "277", Now: w.clock})
	w.check(err)
	t.Cleanup(func() { w.check(w.store.Close()) })
	w.domain, err = memory.New(memory.Options{Now: w.clock})
	w.check(err)
	_, err = w.domain.Load([]memory.Object{memory.Unit(staff)})
	w.check(err)
	w.door = &door{directory: memory.NewDirectory(w.domain.System())}
	sealer, err := token.New(make([]byte, token.KeySize))
	w.check(err)
	log := logrus.New()
	log.SetOutput(io.Discard)
	w.engine = &engine.Engine{
		Store: w.store, Directory: w.door, Settings: w.settings(), Sealer: sealer, Now: w.clock, Log: log,
		Password: func(...string) (string, error) { return "Somewhat-Complex-47!", nil },
	}
	w.employ(n)
	return w
}

func (w *world) settings() engine.Settings {
	return engine.Settings{
		Mode: "enforce", Zone: time.UTC, Base: base, Bases: []string{staff}, Workers: 1, Lease: lease, Machine: "a test",
		People: person.Policy{LeaverDate: "earliest"},
		Policies: func(esrmodel.Staff, esrmodel.Date) (plan.Policy, guard.Policy, error) {
			anybody, err := person.CompileRule("true", nil)
			limit := guard.Limit{Max: 1000, MaxPercent: 100}
			limits := map[plan.Class]guard.Limit{}
			for _, class := range plan.Classes() {
				limits[class] = limit
			}
			return plan.Policy{
				Trust: "Example NHS Foundation Trust", EmailDomain: "example.nhs.uk", ManagedBases: []string{staff},
				LoginTemplates: []string{"{surname}{n}"}, LoginMax: 20, UPNTemplate: "{email}", EmailTemplates: []string{"{surname}{n}"},
				DisplayName: "{surname}", CommonName: "{surname}", Rename: "never",
				Placement:          []plan.Placement{{Name: "placement[0]", When: anybody, OU: staff}},
				PersonKeyAttribute: "employeeID", MarkerAttribute: "adminDescription",
			}, guard.Policy{Limits: limits, PerOrganisation: limit}, err
		},
	}
}

// employ tells the store of people, each with one open assignment.
func (w *world) employ(n int) {
	w.t.Helper()
	if n == 0 {
		return
	}
	since := esrmodel.Span{From: esrmodel.NewDate(2020, 1, 1)}
	b := esrmodel.Batch{Full: true, Organisations: []esrmodel.Organisation{{ID: "300001", Name: "Ward 1", Span: since}}}
	for i := range n {
		id := fmt.Sprint(500001 + i)
		b.People = append(b.People, esrmodel.Person{
			ID: id, EmployeeNumber: fmt.Sprint(20000001 + i), FirstName: "Testina", LastName: "Madeup" + string(rune('a'+i%26)) + string(rune('a'+i/26)),
			Span: since, HireDate: since.From, SystemPersonType: "EMP",
		})
		b.Assignments = append(b.Assignments, esrmodel.Assignment{
			ID: fmt.Sprint(700001 + i), PersonID: id, Type: "E", Number: fmt.Sprint(20000001+i, "-1"), SystemStatus: "ACTIVE_ASSIGN",
			Status: "Active Assignment", Category: "Permanent", Primary: true, OrganisationID: "300001", Span: since,
		})
	}
	w.check(w.store.ApplyFeed(w.t.Context(), state.Feed{
		Name: "made up", SHA256: "made up", Source: engine.SourceStaff, Full: true, Judged: w.clock(), Verdict: state.Accepted, Details: []byte(`{}`),
	}, b))
}

func (w *world) clock() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now
}

func (w *world) pass(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = w.now.Add(d)
}

func (w *world) check(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// sync makes a run that has to go well.
func (w *world) sync() engine.Outcome {
	w.t.Helper()
	out, err := w.engine.Sync(w.t.Context(), engine.Request{Trigger: "test"})
	w.check(err)
	return out
}

// accounts returns the staff's accounts by login.
func (w *world) accounts() map[string]directory.Account {
	w.t.Helper()
	list, err := w.door.directory.Accounts(w.t.Context(), directory.Scope{Bases: []string{staff}})
	w.check(err)
	out := map[string]directory.Account{}
	for _, a := range list {
		out[a.Login] = a
	}
	return out
}

// run returns how a run was written down.
func (w *world) run(id string) state.Run {
	w.t.Helper()
	r, err := w.store.Run(w.t.Context(), id)
	w.check(err)
	return r
}

// leaseIsFree reports whether another process could begin a run.
func (w *world) leaseIsFree() bool {
	w.t.Helper()
	fence, err := w.store.Acquire(w.t.Context(), "run", "another test", lease)
	if err != nil {
		return false
	}
	w.check(w.store.Release(w.t.Context(), "run", fence))
	return true
}

// door opens the directory, counts who writes, and can be told to fail.
type door struct {
	directory *memory.Directory
	writers   int
	unread    error  // what reading ends with
	blind     bool   // reading goes well and finds no account
	created   func() // called after each account that is made
}

func (d *door) Reader(context.Context) (directory.Reader, func(), error) {
	return reader{d.directory, d}, func() {}, nil
}

func (d *door) Writer(context.Context) (directory.Writer, func(), error) {
	d.writers++
	return writer{d.directory, d}, func() {}, nil
}

type reader struct {
	directory.Reader
	door *door
}

// Accounts implements [directory.Reader].
func (r reader) Accounts(ctx context.Context, scope directory.Scope) ([]directory.Account, error) {
	if r.door.unread != nil {
		return nil, r.door.unread
	}
	if r.door.blind {
		return nil, nil
	}
	return r.Reader.Accounts(ctx, scope)
}

type writer struct {
	directory.Writer
	door *door
}

// Create implements [directory.Writer].
func (w writer) Create(ctx context.Context, a directory.NewAccount) (directory.GUID, error) {
	id, err := w.Writer.Create(ctx, a)
	if w.door.created != nil {
		w.door.created()
	}
	return id, err
}
