package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"text/template"
	"time"

	"esrsync/esrmodel"
	"esrsync/esrmodel/feed"
	"esrsync/internal/directory"
	"esrsync/internal/directory/memory"
	"esrsync/ldapx/adsim"
	"esrsync/sync/plan"
)

// site is a trust's installation as its users meet it: a configuration, an
// inbox, and a directory that answers over TLS. Commands are typed as text.
type site struct {
	t      testing.TB
	dir    string
	values map[string]string // of the configuration's template
	extra  string            // more TOML
	places *strings.Replacer // of the template's words to those of the test; nil: they are the same
	server *adsim.Server     // nil where the directory is a real one

	mu  sync.Mutex
	now time.Time

	people   []record // as ESR has them
	sequence int
	lastRun  time.Time
}

// record is one person with one assignment, as ESR has them.
type record struct {
	person esrmodel.Person
	post   esrmodel.Assignment
}

const (
	siteBase  = "DC=trust,DC=example"
	siteStaff = "OU=Staff," + siteBase
)

// newSite returns an installation whose directory is in this process, on
// 16 November 2026 at nine in the morning.
func newSite(t testing.TB) *site {
	t.Helper()
	s := bareSite(t)
	domain, err := memory.New(memory.Options{Name: "trust.example", Now: s.clock})
	if err != nil {
		t.Fatal(err)
	}
	objects := []memory.Object{
		memory.Unit(siteStaff), memory.Unit("OU=General," + siteStaff), memory.Unit("OU=Bank," + siteStaff), memory.Unit("OU=Medical," + siteStaff),
		memory.Unit("OU=Groups," + siteBase),
	}
	for _, name := range []string{"All Staff", "Community Nursing", "Line Managers", "Bank Staff"} {
		objects = append(objects, memory.Group("CN="+name+",OU=Groups,"+siteBase, name))
	}
	if _, err := domain.Load(objects); err != nil {
		t.Fatal(err)
	}
	for login, file := range map[string]string{"svc-esrsync": "directory.secret", "svc-esrsync-ro": "directory-ro.secret"} {
		secret, err := addService(domain, siteBase, login)
		if err != nil {
			t.Fatal(err)
		}
		s.write(file, secret)
	}
	for _, right := range []memory.Right{{Base: siteStaff, Users: true}, {Base: "OU=Groups," + siteBase, Groups: true}} {
		if err := domain.Grant("svc-esrsync", right); err != nil {
			t.Fatal(err)
		}
	}
	if s.server, err = adsim.Start(adsim.Options{Domain: domain}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.server.Close() })
	s.write("ca.pem", string(s.server.CA()))
	s.values["URL"] = s.server.URL()
	return s
}

// bareSite returns an installation without a directory.
func bareSite(t testing.TB) *site {
	t.Helper()
	s := &site{t: t, dir: t.TempDir(), sequence: 1940, now: time.Date(2026, time.November, 16, 9, 0, 0, 0, time.UTC)}
	s.values = map[string]string{
		"Mode": "enforce", "Classes": "", "Trust": "Madeup Vale NHS Foundation Trust", "VPD": "277", "EmailDomain": "trust.example",
		"Dir": filepath.ToSlash(s.dir), "Base": siteBase, "Domain": "trust.example",
	}
	for _, key := range []string{"ledger.key", "token.key"} {
		if err := writeKey(filepath.Join(s.dir, key)); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.MkdirAll(filepath.Join(s.dir, "inbox"), 0o750); err != nil {
		t.Fatal(err)
	}
	return s
}

func (s *site) write(name, content string) {
	s.t.Helper()
	if err := os.WriteFile(filepath.Join(s.dir, name), []byte(content), 0o600); err != nil {
		s.t.Fatal(err)
	}
}

// clock is the trust's clock.
func (s *site) clock() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now
}

// day puts the clock to nine in the morning, n days after the first.
func (s *site) day(n int) { s.at(n, 9) }

// at puts the clock to an hour, n days after the first.
func (s *site) at(n, hour int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now = time.Date(2026, time.November, 16+n, hour, 0, 0, 0, time.UTC)
}

func (s *site) today() esrmodel.Date { return esrmodel.DateOf(s.clock()) }

// configure writes the configuration and returns its path.
func (s *site) configure() string {
	s.t.Helper()
	s.write("esrsync.toml", s.rendered()+"\n"+s.extra)
	return filepath.Join(s.dir, "esrsync.toml")
}

// rendered returns the configuration's template, filled in.
func (s *site) rendered() string {
	s.t.Helper()
	var b bytes.Buffer
	if err := template.Must(template.New("site").Parse(demoConfiguration)).Execute(&b, s.values); err != nil {
		s.t.Fatal(err)
	}
	if s.places == nil {
		return b.String()
	}
	return s.places.Replace(b.String())
}

// typed is what came of a command.
type typed struct {
	code     int
	out, err string
}

// esrsyncd types a command.
func (s *site) esrsyncd(args ...string) typed {
	s.t.Helper()
	var out, err bytes.Buffer
	a := &app{streams: streams{In: strings.NewReader(""), Out: &out, Err: &err}, now: s.clock}
	code := a.run(s.t.Context(), append([]string{"--config", s.configure()}, args...))
	return typed{code, out.String(), err.String()}
}

// must types a command that has to end with one of the codes.
func (s *site) must(codes []int, args ...string) typed {
	s.t.Helper()
	got := s.esrsyncd(args...)
	if !slices.Contains(codes, got.code) {
		s.t.Fatalf("esrsyncd %s ended with code %d, want one of %v\n%s%s", strings.Join(args, " "), got.code, codes, got.out, got.err)
	}
	return got
}

// plan returns what a run would do.
func (s *site) plan() plan.Plan {
	s.t.Helper()
	got := s.must([]int{exitDone, exitChanges, exitHeld}, "plan", "--json")
	var p plan.Plan
	if err := json.Unmarshal([]byte(got.out), &p); err != nil {
		s.t.Fatalf("plan --json printed %q: %v", got.out, err)
	}
	return p
}

// hire adds people to ESR, each with one open assignment since some years.
func (s *site) hire(n int, change ...func(i int, r *record)) {
	for range n {
		i := len(s.people)
		r := record{
			person: esrmodel.Person{
				ID: fmt.Sprint(500000 + i), EmployeeNumber: fmt.Sprint(20000001 + i), Title: "Ms", LastName: surname(i), FirstName: forename(i),
				DateOfBirth: esrmodel.BirthDate(esrmodel.NewDate(1970, 1, 1+i)), NINumber: esrmodel.NINumber(fmt.Sprintf("QQ%06dA", i)),
				Span: esrmodel.Span{From: esrmodel.NewDate(2020, 1, 1)}, HireDate: esrmodel.NewDate(2020, 1, 1), SystemPersonType: "EMP",
			},
			post: esrmodel.Assignment{
				ID: fmt.Sprint(700000 + i), PersonID: fmt.Sprint(500000 + i), Type: "E", Number: fmt.Sprintf("%d-1", 20000001+i), SystemStatus: "ACTIVE_ASSIGN",
				Status: "Active Assignment", Category: "Permanent", Primary: true, FTE: 1, OrganisationID: orgID(i), PositionID: "900001",
				PositionName: "Nursing|Staff Nurse|" + orgID(i), Span: esrmodel.Span{From: esrmodel.NewDate(2020, 1, 1)},
			},
		}
		for _, c := range change {
			c(i, &r)
		}
		s.people = append(s.people, r)
	}
}

// orgID spreads people over organisations of about forty.
func orgID(i int) string { return fmt.Sprint(300001 + i/40) }

// forename and surname make names that are nobody's and differ for each i.
func forename(i int) string {
	return []string{"Agnetha", "Bertil", "Clodagh", "Dafydd", "Eilidh", "Fergus", "Gwenllian", "Hamish", "Isolde", "Jocasta"}[i%10]
}

func surname(i int) string {
	parts := []string{"Tea", "Lamp", "Moor", "Pebble", "Quill", "Ribbon", "Saddle", "Thimble", "Umbrella", "Velvet", "Whistle", "Yarn"}
	return parts[i/10%12] + strings.ToLower(parts[i/120%12]) + strings.Repeat("a", i/1440)
}

// full puts a full file of everybody into the inbox.
func (s *site) full() string {
	return s.deliver("GOF", s.people)
}

// changes puts a changes file with some people into the inbox.
func (s *site) changes(people ...record) string {
	return s.deliver("GOC", people)
}

func (s *site) deliver(kind string, people []record) string {
	s.t.Helper()
	name, content := s.file(kind, people, nil)
	s.write("inbox/"+name, content)
	return name
}

// file returns the next file of the chain, with more records where those are given.
func (s *site) file(kind string, people []record, more func(*feed.Writer)) (name, content string) {
	s.t.Helper()
	now := s.clock()
	h := feed.Header{
		VPD: "277", Created: now.Add(-100 * time.Minute), Run: time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, time.UTC), Version: "01",
	}
	if kind == "GOC" {
		h.Previous = s.lastRun
	}
	s.sequence++
	s.lastRun = h.Run
	h.File = feed.Name{VPD: "277", Stream: "GDW", Type: kind, Date: s.today(), Sequence: s.sequence}.String()
	var b bytes.Buffer
	w := feed.NewWriter(&b, h, feed.AllLines)
	writeEstate(w, kind, people)
	for _, r := range people {
		w.Person(r.person)
		w.Assignment(r.post)
	}
	if more != nil {
		more(w)
	}
	if err := w.Close(); err != nil {
		s.t.Fatal(err)
	}
	return h.File, b.String()
}

// writeEstate writes the organisations and the position that people refer to.
func writeEstate(w *feed.Writer, kind string, people []record) {
	if kind != "GOF" {
		return
	}
	since := esrmodel.Span{From: esrmodel.NewDate(2010, 1, 1)}
	w.Organisation(esrmodel.Organisation{ID: "300000", Name: "Madeup Vale", Span: since})
	w.Organisation(esrmodel.Organisation{ID: "300900", Name: "Community Nursing", ParentID: "300000", Span: since})
	seen := map[string]bool{"300900": true}
	for _, r := range people {
		if id := r.post.OrganisationID; !seen[id] {
			seen[id] = true
			w.Organisation(esrmodel.Organisation{ID: id, Name: "Ward " + id, ParentID: "300000", Span: since})
		}
	}
	w.Position(esrmodel.Position{ID: "900001", Number: "900001", Name: "Nursing|Staff Nurse", StaffGroup: "Nursing and Midwifery Registered", HiringStatus: "Active", Span: since})
	w.Position(esrmodel.Position{ID: "900002", Number: "900002", Name: "Medicine|Resident Doctor", StaffGroup: "Medical and Dental", HiringStatus: "Active", Span: since})
}

// accounts returns the staff's accounts as the directory has them, by employee number.
func (s *site) accounts() map[string]directory.Account {
	s.t.Helper()
	list, err := memory.NewDirectory(s.server.Domain().System()).Accounts(s.t.Context(), directory.Scope{
		Bases: []string{siteStaff}, Attributes: []string{"title", "department", "sn", "givenName", "displayName"},
	})
	if err != nil {
		s.t.Fatal(err)
	}
	out := map[string]directory.Account{}
	for _, a := range list {
		out[a.PersonKey] = a
	}
	return out
}

// writes counts what was written to the directory so far.
func (s *site) writes() int { return s.server.Domain().Writes().Total() }

// unlimited lifts the guard's limits, for tests of something else.
const unlimited = `
[guard]
leaver = { max = 100000, max_percent = 100.0 }
mover = { max = 100000, max_percent = 100.0 }
joiner = { max = 100000, max_percent = 100.0 }
rename = { max = 100000, max_percent = 100.0 }
repair = { max = 100000, max_percent = 100.0 }
link = { max = 100000, max_percent = 100.0 }
per_organisation = { max = 100000, max_percent = 100.0 }
`

// staffed returns a site whose people all have accounts that esrsync made.
func staffed(t testing.TB, n int) *site {
	t.Helper()
	s := newSite(t)
	s.extra = unlimited
	s.hire(n)
	s.full()
	s.must([]int{exitDone}, "sync")
	if got := len(s.accounts()); got != n {
		t.Fatalf("%d people have %d accounts", n, got)
	}
	s.extra = ""
	return s
}
