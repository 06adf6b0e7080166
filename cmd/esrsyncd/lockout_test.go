package main

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"esrsync/internal/directory"
	"esrsync/internal/directory/memory"
	"esrsync/ldapx/adsim"
)

// lockSite is a site whose directory has two controllers, and whose account may
// lock out in the whole domain.
type lockSite struct {
	*site
	second *adsim.Server
}

// withTwo gives a site a second controller of the same domain.
func withTwo(t testing.TB, s *site) *lockSite {
	t.Helper()
	second, err := adsim.Start(adsim.Options{Domain: s.server.Domain(), Controller: "dc2"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = second.Close() })
	s.write("ca.pem", string(s.server.CA())+string(second.CA()))
	ls := &lockSite{site: s, second: second}
	ls.with("")
	if err := s.server.Domain().Grant("svc-esrsync", memory.Right{Base: siteBase, Users: true, Protected: true}); err != nil {
		t.Fatal(err)
	}
	return ls
}

// with adds lines to the section of lockouts.
func (s *lockSite) with(lockout string) {
	s.places = strings.NewReplacer(
		"secondary_accounts =", `controllers = ["`+s.server.URL()+`", "`+s.second.URL()+`"]`+"\nsecondary_accounts =",
		"[lockout]\n", "[lockout]\n"+lockout+"\n")
}

// fed types a command with something to read.
func (s *lockSite) fed(input string, args ...string) typed {
	s.t.Helper()
	var out, err bytes.Buffer
	a := &app{streams: streams{In: strings.NewReader(input), Out: &out, Err: &err}, now: s.clock}
	code := a.run(s.t.Context(), append([]string{"--config", s.configure()}, args...))
	return typed{code, out.String(), err.String()}
}

// wantOff wants an account off, whatever a run has done since.
func (s *lockSite) wantOff(login string) {
	s.t.Helper()
	if s.account(login).Enabled() {
		s.t.Errorf("%s is on", login)
	}
}

// administrator gives somebody a second account outside the managed bases, which
// was privileged once.
func (s *lockSite) administrator(login string) directory.GUID {
	s.t.Helper()
	domain := s.server.Domain()
	d := memory.NewDirectory(domain.System())
	id, err := d.Create(s.t.Context(), directory.NewAccount{CN: login, Parent: "CN=Users," + siteBase, Login: login, Password: "Quince-Lantern-4711"})
	if err != nil {
		s.t.Fatal(err)
	}
	err = d.Modify(s.t.Context(), id, []directory.Edit{
		{Attribute: "userAccountControl", Old: []string{"514"}, New: []string{"512"}},
		{Attribute: "adminCount", New: []string{"1"}},
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return id
}

// account returns any account of the domain.
func (s *lockSite) account(login string) directory.Account {
	s.t.Helper()
	found, err := memory.NewDirectory(s.server.Domain().System()).Find(s.t.Context(), directory.Query{Logins: []string{login}})
	if err != nil || len(found) != 1 {
		s.t.Fatalf("found %d accounts %q: %v", len(found), login, err)
	}
	return found[0]
}

// lock types a lockout and returns the hold.
func (s *lockSite) lock(key string, more ...string) shownHold {
	s.t.Helper()
	args := append([]string{"lockout", key, "--ticket", "INC0012345", "--category", "disciplinary", "--yes", "--json"}, more...)
	got := s.must([]int{exitDone, exitPartly}, args...)
	var h shownHold
	if err := json.Unmarshal([]byte(got.out), &h); err != nil {
		s.t.Fatalf("%v printed %q: %v", args, got.out, err)
	}
	return h
}

func TestLockoutReachesEveryAccountOnEveryControllerAndReleasePutsThemBack(t *testing.T) {
	t.Parallel()
	s := withTwo(t, staffed(t, 3))
	primary := s.accounts()["20000002"]
	s.administrator("adm-" + primary.Login)
	before := []directory.Account{s.account(primary.Login), s.account("adm-" + primary.Login)}

	h := s.lock("20000002")
	if h.State != "in_force" || len(h.Accounts) != 2 || len(h.StillOpen) != 0 {
		t.Fatalf("the lockout says %+v", h)
	}
	for _, a := range h.Accounts {
		if len(a.Controllers) != 2 {
			t.Errorf("%s was tried on %d controllers, want 2", a.Login, len(a.Controllers))
		}
		if s.account(a.Login).Enabled() {
			t.Errorf("%s is on", a.Login)
		}
	}
	s.must([]int{exitDone}, "sync")
	if s.account(primary.Login).Enabled() {
		t.Error("the nightly run switched a held account on")
	}

	got := s.esrsyncd("release", h.Hold, "--ticket", "INC0012399")
	if got.code != exitUsage {
		t.Errorf("the requester alone released the hold: code %d\n%s%s", got.code, got.out, got.err)
	}
	s.must([]int{exitDone}, "release", h.Hold, "--ticket", "INC0012399", "--second", "svc-esrsync-ro", "--second-password-file", s.dir+"/directory-ro.secret")
	for _, a := range before {
		now := s.account(a.Login)
		if !now.Enabled() || strings.Join(now.MemberOf, ";") != strings.Join(a.MemberOf, ";") || now.Control != a.Control {
			t.Errorf("%s is not as before: %+v", a.Login, now)
		}
	}
	w := s.writes()
	s.must([]int{exitDone}, "sync")
	if s.writes() != w {
		t.Errorf("the run after the release wrote %d times", s.writes()-w)
	}
}
