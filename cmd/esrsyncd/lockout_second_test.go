package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"esrsync/internal/directory"
	"esrsync/internal/directory/memory"
	"esrsync/ldapx/adsim"
	"esrsync/sync/hold"
)

func TestBeyondTheLimitOfAnHourASecondPersonSignsIn(t *testing.T) {
	t.Parallel()
	s := withTwo(t, staffed(t, 4))
	s.with("max_per_hour = 2")
	s.lock("20000001")
	s.lock("20000002")
	third := []string{"lockout", "20000003", "--ticket", "INC3", "--category", "other", "--yes"}
	for _, c := range []struct {
		claim string
		input string
		more  []string
		code  int
		says  string
	}{
		{"alone", "", nil, exitUsage, "--second"},
		{"as oneself", "x\n", []string{"--second", callerName()}, exitUsage, "somebody else"},
		{"with a wrong password", "wrong\n", []string{"--second", "svc-esrsync-ro"}, exitUsage, "refuses the name or the password"},
		{"with an empty password", "\n", []string{"--second", "svc-esrsync-ro"}, exitUsage, "no password"},
		{"with nobody", "x\n", []string{"--second", "nobody-at-all"}, exitUsage, "refuses the name or the password"},
		{"with another person", s.secret("directory-ro.secret") + "\n", []string{"--second", "svc-esrsync-ro@trust.example"}, exitDone, ""},
	} {
		got := s.fed(c.input, append(third, c.more...)...)
		if got.code != c.code || !strings.Contains(got.err+got.out, c.says) {
			t.Errorf("%s: code %d\n%s%s", c.claim, got.code, got.out, got.err)
		}
		if off := !s.accounts()["20000003"].Enabled(); off != (c.code == exitDone) {
			t.Errorf("%s: the account is off: %t", c.claim, off)
		}
	}
}

func (s *site) secret(name string) string {
	s.t.Helper()
	text, err := os.ReadFile(filepath.Join(s.dir, name))
	if err != nil {
		s.t.Fatal(err)
	}
	return string(text)
}

func TestTheSecondPersonNeedsARoleWhereRolesAreConfigured(t *testing.T) {
	t.Parallel()
	s := withTwo(t, staffed(t, 2))
	groups := "OU=Groups," + siteBase
	if _, err := s.server.Domain().Load([]memory.Object{memory.Group("CN=HR Out of Hours,"+groups, "HR Out of Hours"), memory.Group("CN=HR Nested,"+groups, "HR Nested")}); err != nil {
		t.Fatal(err)
	}
	s.extra = "\n[console.roles]\nhr = \"CN=HR Out of Hours," + groups + "\"\n"
	h := s.lock("20000001")
	release := []string{"release", h.Hold, "--ticket", "INC2", "--second", "svc-esrsync-ro", "--second-password-file", s.dir + "/directory-ro.secret"}
	if got := s.esrsyncd(release...); got.code != exitUsage || !strings.Contains(got.err, "none of the roles") {
		t.Errorf("without a role: code %d\n%s", got.code, got.err)
	}
	d := memory.NewDirectory(s.server.Domain().System())
	all, err := d.Groups(t.Context(), []string{groups}, nil)
	if err != nil {
		t.Fatal(err)
	}
	ids := map[string]directory.GUID{}
	for _, g := range all {
		ids[g.Name] = g.GUID
	}
	// In a group in the group.
	for group, member := range map[string]directory.GUID{"HR Out of Hours": ids["HR Nested"], "HR Nested": s.account("svc-esrsync-ro").GUID} {
		if err := d.AddMember(t.Context(), ids[group], member); err != nil {
			t.Fatal(err)
		}
	}
	s.must([]int{exitDone}, release...)
}

func TestLockoutIsNotMadeWithoutItsAnswers(t *testing.T) {
	t.Parallel()
	s := withTwo(t, staffed(t, 2))
	for _, c := range []struct {
		claim, input string
		args         []string
		says         string
	}{
		{"without a ticket", "", []string{"20000001", "--category", "other", "--yes"}, "--ticket"},
		{"without a category", "", []string{"20000001", "--ticket", "INC1", "--yes"}, "--category"},
		{"with a category that nobody configured", "", []string{"20000001", "--ticket", "INC1", "--category", "zebrafinch", "--yes"}, "lockout.categories"},
		{"with a review date in the past", "", []string{"20000001", "--ticket", "INC1", "--category", "other", "--review", "2026-11-01", "--yes"}, "--review"},
		{"of nobody", "", []string{"99999999", "--ticket", "INC1", "--category", "other", "--yes"}, "nobody has"},
		{"with another answer than yes", "no\n", []string{"20000001", "--ticket", "INC1", "--category", "other"}, "nothing was done"},
		{"with no answer", "", []string{"20000001", "--ticket", "INC1", "--category", "other"}, "nothing was done"},
		{"of our own account", "", []string{"svc-esrsync", "--ticket", "INC1", "--category", "other", "--yes"}, "esrsync's own"},
	} {
		w := s.writes()
		got := s.fed(c.input, append([]string{"lockout"}, c.args...)...)
		if got.code != exitUsage || !strings.Contains(got.err, c.says) || s.writes() != w {
			t.Errorf("%s: code %d, %d writes\n%s", c.claim, got.code, s.writes()-w, got.err)
		}
		if strings.Contains(got.err, "zebrafinch") {
			t.Errorf("%s: what was typed as a category is told:\n%s", c.claim, got.err)
		}
	}
}

func TestASlowControllerKeepsNobodyWaiting(t *testing.T) {
	t.Parallel()
	s := withTwo(t, staffed(t, 2))
	s.second.Faults().Freeze()
	t.Cleanup(s.second.Faults().Thaw)
	login := s.accounts()["20000001"].Login
	config := s.configure()
	ended := make(chan typed, 1)
	go func() {
		ended <- s.typedWith(config, "lockout", login, "--ticket", "INC1", "--category", "other", "--yes")
	}()
	if err := s.server.Await(t.Context(), adsim.Modify, s.server.Requests(adsim.Modify)+1); err != nil {
		t.Fatal(err)
	}
	select {
	case got := <-ended:
		t.Fatalf("it ended before the slow controller was given up: %d\n%s", got.code, got.out)
	default:
	}
	if got := <-ended; got.code != exitPartly || !strings.Contains(got.out, "STILL OPEN") {
		t.Errorf("it ended with %d\n%s%s", got.code, got.out, got.err)
	}
	s.wantOff(login)
}

func TestTheWatchPutsBackWithinTwoSecondsOfTheEnabling(t *testing.T) {
	t.Parallel()
	s := withTwo(t, staffed(t, 2))
	login := s.accounts()["20000001"].Login
	s.lock("20000001")
	session, err := (&app{streams: streams{In: strings.NewReader(""), Out: os.Stderr, Err: os.Stderr}, configFile: s.configure(), now: s.clock}).open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	told, ended := make(chan hold.Incident, 100), make(chan struct{})
	watch := &hold.Watch{Locker: session.locker, Incident: func(i hold.Incident) { told <- i }}
	ctx := t.Context()
	go func() {
		defer close(ended)
		_ = watch.Run(ctx) // It ends with the test.
	}()
	t.Cleanup(func() {
		<-ended
		session.close()
	})
	for range 2 {
		a := s.account(login)
		edit := directory.Edit{Attribute: "userAccountControl", Old: []string{a.Control.String()}, New: []string{"512"}}
		if err := memory.NewDirectory(s.server.Domain().System()).Modify(ctx, a.GUID, []directory.Edit{edit}); err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		for s.account(login).Enabled() {
			if time.Since(began) > 2*time.Second {
				t.Fatal("after two seconds it is still on")
			}
		}
	}
	if i := <-told; i.What != hold.FoundEnabled || i.Err != nil {
		t.Errorf("told %+v", i)
	}
}
