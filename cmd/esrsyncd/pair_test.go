package main

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"esrsync/internal/testbed"
	"esrsync/sync/hold"
)

// pairSite is an installation over two real controllers of one domain.
type pairSite struct {
	*sambaSite
	pair *testbed.Controllers
}

const pairPassword = "Quince-Lantern-4711"

// newPairSite returns an installation with two people who have accounts and known
// passwords. The first also has an administrator's account, outside the managed
// bases and protected. Which controllers there are, it finds in the directory.
func newPairSite(t testing.TB) (s *pairSite, primary, second string) {
	t.Helper()
	p := testbed.Pair(t)
	s = &pairSite{sambaSite: &sambaSite{site: bareSite(t), bed: p.North}, pair: p}
	s.places = strings.NewReplacer(siteStaff, p.Staff, "OU=Groups,"+siteBase, p.Groups, "[lockout]\n", "[lockout]\nstrip_groups = true\n")
	authority, err := os.ReadFile(p.CAFile)
	if err != nil {
		t.Fatal(err)
	}
	s.write("ca.pem", string(authority))
	s.write("directory.secret", p.Service.Password)
	s.write("directory-ro.secret", p.Reader.Password)
	s.values["URL"] = p.North.URL
	s.at(int(time.Since(time.Date(2026, time.November, 16, 0, 0, 0, 0, time.UTC)).Hours()/24), time.Now().UTC().Hour())
	s.furnish()
	p.Sync(t)
	s.extra = unlimited
	s.hire(2, func(i int, r *record) { r.person.LastName += uniqueLetters() })
	s.full()
	s.must([]int{exitDone}, "sync")
	primary = s.dnOf("20000001")
	login := p.North.Entry(t, primary)["sAMAccountName"][0]
	second = "CN=adm-" + login + "," + p.Elsewhere
	p.North.Add(t, second, map[string][]string{"objectClass": {"user"}, "sAMAccountName": {"adm-" + login},
		"userPrincipalName": {"adm-" + login + "@trust.example"}, "unicodePwd": {pairPassword}, "userAccountControl": {"512"}})
	p.Protect(t, second)
	for _, dn := range []string{primary, second} {
		p.North.Set(t, dn, "unicodePwd", pairPassword+"-older")
		p.North.Set(t, dn, "unicodePwd", pairPassword)
	}
	p.Sync(t)
	return s, primary, second
}

// uniqueLetters keeps tests that share the domain from wanting the same logins.
func uniqueLetters() string {
	n, out := time.Now().UnixNano(), ""
	for range 6 {
		out += string(rune('a' + n/1000%26))
		n /= 26
	}
	return out
}

// dnOf returns the DN of the account with an employee number.
func (s *pairSite) dnOf(number string) string {
	s.t.Helper()
	for dn, entry := range s.bed.Tree(s.t, s.pair.Staff) {
		if slices.Equal(entry["employeeID"], []string{number}) {
			return dn
		}
	}
	s.t.Fatalf("nobody has the number %s", number)
	return ""
}

// control returns an account's control field as one controller has it.
func (s *pairSite) control(at *testbed.Domain, dn string) string {
	s.t.Helper()
	return strings.Join(at.Entry(s.t, dn)["userAccountControl"], "")
}

func (s *pairSite) lock(codes ...int) shownHold {
	s.t.Helper()
	got := s.must(codes, "lockout", "20000001", "--ticket", "INC1", "--category", "other", "--yes", "--json")
	var h shownHold
	if err := json.Unmarshal([]byte(got.out), &h); err != nil {
		s.t.Fatalf("%q: %v", got.out, err)
	}
	return h
}

func TestPairALockoutReachesBothControllersWhileReplicationIsStopped(t *testing.T) {
	t.Parallel()
	s, primary, second := newPairSite(t)
	p := s.pair
	members := p.North.Entry(t, primary)["memberOf"]
	if len(members) == 0 {
		t.Fatal("the account is in no group, and there is nothing to put back")
	}
	p.Freeze(t)
	h := s.lock(exitDone)
	if h.State != "in_force" || len(h.Accounts) != 2 || len(h.Accounts[0].Controllers) != 2 {
		t.Fatalf("the lockout says %+v", h)
	}
	for _, at := range []*testbed.Domain{p.North, p.South} {
		for _, dn := range []string{primary, second} {
			if c := s.control(at, dn); c != "514" {
				t.Errorf("%s on %s has control %s", dn, at.Host(), c)
			}
		}
	}
	p.Thaw(t)
	s.wantPasswordsGone(primary, second)
	if got := p.North.Entry(t, primary)["memberOf"]; len(got) != 0 {
		t.Errorf("it is still in %v", got)
	}
	s.must([]int{exitDone}, "release", h.Hold, "--ticket", "INC2", "--second", s.pair.Reader.User, "--second-password-file", s.dir+"/directory-ro.secret")
	p.Sync(t)
	for _, at := range []*testbed.Domain{p.North, p.South} {
		for _, dn := range []string{primary, second} {
			if c := s.control(at, dn); c != "512" {
				t.Errorf("after the release %s on %s has control %s", dn, at.Host(), c)
			}
		}
		got := at.Entry(t, primary)["memberOf"]
		slices.Sort(got)
		slices.Sort(members)
		if !slices.Equal(got, members) {
			t.Errorf("after the release it is in %v on %s, was in %v", got, at.Host(), members)
		}
		if len(at.Entry(t, second)["adminDescription"]) != 0 {
			t.Errorf("the administrator's account was not ours, and is marked on %s", at.Host())
		}
	}
}

// wantPasswordsGone enables accounts by hand and wants their last password, and
// the one before it, to be good for nothing on either controller.
func (s *pairSite) wantPasswordsGone(dns ...string) {
	s.t.Helper()
	p := s.pair
	for _, dn := range dns {
		p.North.Set(s.t, dn, "userAccountControl", "512")
	}
	p.Sync(s.t)
	for _, at := range []*testbed.Domain{p.North, p.South} {
		for _, dn := range dns {
			for _, old := range []string{pairPassword, pairPassword + "-older"} {
				who := testbed.Account{User: at.Entry(s.t, dn)["sAMAccountName"][0] + "@trust.example", Password: old}
				if at.CanBind(s.t, who) || at.CanKerberos(s.t, who) {
					s.t.Errorf("an old password of %s still works on %s", dn, at.Host())
				}
			}
		}
	}
	for _, dn := range dns {
		p.North.Set(s.t, dn, "userAccountControl", "514")
	}
	p.Sync(s.t)
}

func TestPairADeadControllerIsDoneWhenItComesBack(t *testing.T) {
	t.Parallel()
	s, primary, second := newPairSite(t)
	p := s.pair
	p.Kill(t, p.South)
	began := time.Now()
	h := s.lock(exitPartly)
	t.Logf("with one controller dead the command took %s", time.Since(began))
	if len(h.StillOpen) == 0 || s.control(p.North, primary) != "514" || s.control(p.North, second) != "514" {
		t.Errorf("the living controller is not done: %+v", h)
	}
	p.Start(t, p.South)
	s.must([]int{exitDone}, "sync")
	p.Sync(t)
	if got := s.must([]int{exitDone}, "holds"); !strings.Contains(got.out, "in force") || strings.Contains(got.out, "STILL OPEN") {
		t.Errorf("it came back, and the hold is\n%s", got.out)
	}
	for _, dn := range []string{primary, second} {
		if c := s.control(p.South, dn); c != "514" {
			t.Errorf("%s on the one that came back has control %s", dn, c)
		}
	}
	s.wantPasswordsGone(primary, second)
}

func TestPairTheWatchPutsBackWithinTwoSeconds(t *testing.T) {
	t.Parallel()
	s, primary, _ := newPairSite(t)
	h := s.lock(exitDone)
	told := make(chan hold.Incident, 100)
	s.watched(t, told)
	p := s.pair
	for _, at := range []*testbed.Domain{p.South, p.North} {
		at.Set(t, primary, "userAccountControl", "512")
		if took := s.offAgain(at, primary); took > 2*time.Second {
			t.Errorf("on %s it was put back after %s", at.Host(), took)
		} else {
			t.Logf("on %s it was put back after %s", at.Host(), took)
		}
	}
	p.Sync(t)
	first := <-told
	if first.Hold != h.Hold || first.What != hold.FoundEnabled {
		t.Errorf("told %+v", first)
	}
	close(told)
	for i := range told {
		if i.What == hold.FoundPassword {
			t.Errorf("our own reset was taken for a foreign one: %+v", i)
		}
	}
}

// watched runs the watch until the test ends.
func (s *pairSite) watched(t *testing.T, told chan<- hold.Incident) {
	t.Helper()
	session, err := (&app{streams: streams{In: strings.NewReader(""), Out: os.Stderr, Err: os.Stderr}, configFile: s.configure(), now: s.clock}).open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	watch := &hold.Watch{Locker: session.locker, Incident: func(i hold.Incident) { told <- i }}
	ended := make(chan struct{})
	ctx := t.Context()
	go func() {
		defer close(ended)
		_ = watch.Run(ctx) // It ends with the test.
	}()
	t.Cleanup(func() {
		<-ended
		session.close()
	})
}

// offAgain waits until an account is off on a controller, and says how long it took.
func (s *pairSite) offAgain(at *testbed.Domain, dn string) time.Duration {
	s.t.Helper()
	began := time.Now()
	for time.Since(began) < 20*time.Second {
		if s.control(at, dn) == "514" {
			return time.Since(began)
		}
	}
	s.t.Fatalf("%s is on on %s", dn, at.Host())
	return 0
}
