package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"esrsync/internal/directory"
	"esrsync/internal/madeup"
	"esrsync/internal/report"
	"esrsync/internal/testbed"
)

// sambaSite is an installation whose directory is a real domain controller, in
// organisational units that nobody else writes to.
type sambaSite struct {
	*site
	bed *testbed.Domain
}

// newSambaSite returns an installation over a real domain, whose units are there
// and empty: the first use of each is the caller's.
func newSambaSite(t testing.TB) *sambaSite {
	t.Helper()
	s := &sambaSite{site: bareSite(t), bed: testbed.Samba(t)}
	if s.bed.Base != siteBase {
		t.Fatalf("the domain is %s, and these tests are of %s", s.bed.Base, siteBase)
	}
	pairs := []string{siteStaff, s.bed.Staff, "OU=Groups," + siteBase, s.bed.Groups}
	// What we do not manage stands where the service account could write all the
	// same, so that it is we who leave it alone and not the controller.
	for _, name := range []string{"Application Groups", "Admins", "Service", "Contacts"} {
		pairs = append(pairs, "OU="+name+","+siteBase, "OU="+name+","+s.bed.Leavers)
	}
	s.places = strings.NewReplacer(pairs...)
	authority, err := os.ReadFile(s.bed.CAFile)
	if err != nil {
		t.Fatal(err)
	}
	s.write("ca.pem", string(authority))
	s.write("directory.secret", s.bed.Service.Password)
	s.write("directory-ro.secret", s.bed.Reader.Password)
	s.values["URL"] = s.bed.URL
	return s
}

// furnish makes the units and the groups of the configuration.
func (s *sambaSite) furnish() {
	s.t.Helper()
	for _, name := range []string{"General", "Bank", "Medical"} {
		s.bed.Add(s.t, "OU="+name+","+s.bed.Staff, map[string][]string{"objectClass": {"organizationalUnit"}})
	}
	for _, name := range []string{"All Staff", "Community Nursing", "Line Managers", "Bank Staff"} {
		s.bed.Add(s.t, "CN="+name+","+s.bed.Groups, map[string][]string{"objectClass": {"group"}})
	}
}

// load puts a made-up directory into the domain, as it is found. Accounts have
// no password, which this controller takes and makes fast.
func (s *sambaSite) load(seed madeup.Seed) {
	s.t.Helper()
	there := map[string]bool{s.bed.Staff: true, s.bed.Groups: true}
	for _, unit := range seed.Units {
		if dn := s.places.Replace(unit); !there[dn] {
			s.bed.Add(s.t, dn, map[string][]string{"objectClass": {"organizationalUnit"}})
		}
	}
	for _, u := range seed.Users {
		entry := attributes(u.Entry())
		entry["userAccountControl"] = []string{u.Control().String()}
		s.bed.Add(s.t, s.places.Replace(u.DN), entry)
	}
	for _, u := range seed.Users {
		if !u.LastSignIn.IsZero() {
			s.bed.Set(s.t, s.places.Replace(u.DN), "lastLogonTimestamp", directory.FileTime(u.LastSignIn.Time(time.UTC)))
		}
		if u.Manager != "" {
			s.bed.Set(s.t, s.places.Replace(u.DN), "manager", s.places.Replace(u.Manager))
		}
	}
	for _, c := range seed.Contacts {
		s.bed.Add(s.t, s.places.Replace(c.DN), attributes(c.Entry()))
	}
	for _, g := range seed.Groups {
		s.loadGroup(g)
	}
}

// loadGroup makes a group under a login of the controller's choice, since every
// test's groups are called the same, and puts its members in.
func (s *sambaSite) loadGroup(g madeup.Group) {
	s.t.Helper()
	dn := s.places.Replace(g.DN)
	if !g.BuiltIn {
		s.bed.Add(s.t, dn, map[string][]string{"objectClass": {"group"}})
	}
	var members []string
	for _, m := range g.Members {
		members = append(members, s.places.Replace(m))
	}
	s.bed.Put(s.t, dn, "member", members...)
}

func attributes(list []madeup.Attribute) map[string][]string {
	out := map[string][]string{}
	for _, a := range list {
		out[a.Name] = a.Values
	}
	return out
}

// deliverNight puts a night's files into the inbox: the full one on the first.
func (s *sambaSite) deliverNight(trust *madeup.Trust, night int) {
	s.t.Helper()
	name, write := trust.ChangesFile(night)
	if night == 0 {
		name, write = trust.FullFile(night)
	}
	s.put(name, write)
	name, write = trust.RegisterFile(night)
	s.put(name, write)
}

func (s *sambaSite) put(name string, write func(io.Writer) error) {
	s.t.Helper()
	f, err := os.Create(filepath.Join(s.dir, "inbox", name))
	if err != nil {
		s.t.Fatal(err)
	}
	if err := errors.Join(write(f), f.Close()); err != nil {
		s.t.Fatal(err)
	}
}

// enforce sets which classes a run may make.
func (s *sambaSite) enforce(mode, classes string) {
	s.values["Mode"], s.values["Classes"] = mode, classes
}

// sync makes one run, which has to end with one of the codes, and returns its report.
func (s *sambaSite) sync(codes ...int) report.Night {
	s.t.Helper()
	got := s.must(codes, "sync", "--json")
	var n report.Night
	if err := json.Unmarshal([]byte(got.out), &n); err != nil {
		s.t.Fatalf("sync --json printed %q: %v", got.out, err)
	}
	return n
}

// usn returns when each object of the test was last written, by DN, as the
// controller counts: also a write that changes nothing moves it.
func (s *sambaSite) usn() map[string]string {
	s.t.Helper()
	out := map[string]string{}
	for _, dn := range []string{s.bed.Staff, s.bed.Leavers, s.bed.Groups} {
		for name, entry := range s.bed.Tree(s.t, dn, "uSNChanged") {
			out[name] = fmt.Sprint(entry["uSNChanged"])
		}
	}
	return out
}

// wroteNothing does something and reports every object that was written meanwhile.
func (s *sambaSite) wroteNothing(what string, do func()) {
	s.t.Helper()
	before := s.usn()
	do()
	after := s.usn()
	for dn, n := range after {
		if before[dn] != n {
			s.t.Errorf("%s: %s was written", what, dn)
		}
	}
	if len(before) != len(after) {
		s.t.Errorf("%s: %d objects became %d", what, len(before), len(after))
	}
}
