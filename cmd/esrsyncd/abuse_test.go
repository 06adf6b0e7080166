package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"esrsync/esrmodel"
	"esrsync/internal/directory"
	"esrsync/internal/directory/memory"
	"esrsync/internal/state"
	"esrsync/ldapx/adsim"
)

func TestAccountsThatCannotBeMadeForWantOfAnOUAreFailures(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.extra = unlimited
	s.hire(3)
	s.full()
	path := s.configure()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	s.write("missing.toml", strings.ReplaceAll(string(text), "OU=General,", "OU=Nowhere,"))
	got := s.must([]int{exitPartly}, "--config", filepath.Join(s.dir, "missing.toml"), "sync")
	if !strings.Contains(got.out, "3 changes failed") {
		t.Errorf("it said:\n%s", got.out)
	}
}

func TestNoHintDeniesTheChangesThatWereMadeBeforeTheDirectoryOrTheStoreWentAway(t *testing.T) {
	t.Parallel()
	for _, gone := range []error{directory.ErrUnavailable, directory.ErrCredentials, state.ErrUnavailable} {
		var told bytes.Buffer
		code := exitCode(fmt.Errorf("applying the plan: %w", gone), false, &told)
		if code != exitUnreachable || strings.Contains(told.String(), "Nothing was changed") {
			t.Errorf("code %d, and it said %q", code, told.String())
		}
	}
}

func TestAFileThatLiesElsewhereIsRefusedWithItsReasons(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.write("elsewhere.DAT", "junk")
	got := s.must([]int{exitQuarantined}, "feed", "accept", filepath.Join(s.dir, "elsewhere.DAT"))
	if !strings.Contains(got.out, "trailer") {
		t.Errorf("it said %q", got.out)
	}
}

func TestAFileThatIsStillBeingUploadedIsLeftAlone(t *testing.T) {
	t.Parallel()
	s := staffed(t, 3)
	for _, name := range []string{"GO_277_GDW_GOC_20261117_00001942.DAT.part", "GO_277_GDW_GOC_20261117_00001942.DAT.filepart", "GO_277_GDW_GOC_20261117_00001942.DAT.tmp"} {
		s.write("inbox/"+name, "HDR~")
		s.must([]int{exitDone}, "sync")
		if _, err := os.Stat(filepath.Join(s.dir, "inbox", name)); err != nil {
			t.Errorf("%s was moved: %v", name, err)
		}
	}
}

func TestNamesOfFilesReachNoTerminalRaw(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.write("inbox/GO_\n\x1b[31mred.DAT", "x")
	for _, args := range [][]string{{"sync"}, {"feed", "list"}, {"report"}} {
		got := s.esrsyncd(args...)
		if strings.Contains(got.out+got.err, "\x1b") || strings.Contains(got.out, "GO_\n") {
			t.Errorf("%v printed %q", args, got.out)
		}
	}
}

func TestWhatTheDirectoryLacksIsSaid(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.extra = "[[groups]]\nwhen = 'true'\ngroup = \"CN=Missing,OU=Groups," + siteBase + "\"\n\n[attributes.noSuchAttribute]\nvalue = \"{trust}\"\n" + unlimited
	s.hire(3)
	s.full()
	got := s.must([]int{exitDone}, "sync")
	for _, what := range []string{"CN=Missing,OU=Groups", "noSuchAttribute"} {
		if !strings.Contains(got.out, what) {
			t.Errorf("nothing was said of %s:\n%s", what, got.out)
		}
	}
}

func TestAFlagThatIsGivenAndEmptyIsRefused(t *testing.T) {
	t.Parallel()
	s := staffed(t, 3)
	for _, args := range [][]string{
		{"sync", "--person", ""},
		{"plan", "--person="},
		{"approve", s.plan().ID, "--person", "", "--reason", "checked"},
		{"approve", s.plan().ID, "--class", "", "--reason", "checked"},
	} {
		got := s.must([]int{exitUsage}, args...)
		if !strings.Contains(got.err, "is empty") {
			t.Errorf("%v was refused with %q", args, got.err)
		}
	}
}

func TestAFirstPasswordIsForAStartersOwnAccountAndNoOther(t *testing.T) {
	t.Parallel()
	cases := map[string]func(s *site, hand *memory.Directory, a directory.Account) error{
		"a protected account": func(s *site, hand *memory.Directory, a directory.Account) error {
			admins, err := hand.Groups(s.t.Context(), nil, []string{"CN=Domain Admins,CN=Users," + siteBase})
			if err != nil {
				return err
			}
			return hand.AddMember(s.t.Context(), admins[0].GUID, a.GUID)
		},
		"an account outside the managed bases": func(s *site, hand *memory.Directory, a directory.Account) error {
			return hand.Move(s.t.Context(), a.GUID, "", "CN=Users,"+siteBase)
		},
	}
	for name, change := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := staffed(t, 3)
			// The rights of our account do not keep it from this.
			if err := s.server.Domain().Grant("svc-esrsync", memory.Right{Base: siteBase, Users: true}); err != nil {
				t.Fatal(err)
			}
			before := s.writes()
			if err := change(s, memory.NewDirectory(s.server.Domain().System()), s.accounts()["20000001"]); err != nil {
				t.Fatal(err)
			}
			got := s.must([]int{exitUsage}, "initial-password", "20000001")
			if s.writes() != before {
				t.Errorf("the password was reset: %s%s", got.out, got.err)
			}
			if log := s.must([]int{exitDone}, "ledger", "export"); strings.Contains(log.out, "password.reset") {
				t.Error("the ledger has a reset that never was")
			}
		})
	}
}

func TestOnlySomebodyWhoIsLeftOrLostIsConfirmedAsALeaver(t *testing.T) {
	t.Parallel()
	s := staffed(t, 3)
	got := s.must([]int{exitUsage}, "leaver", "confirm", "20000001", "--date", "2026-11-10", "--reason", "mistyped")
	if !strings.Contains(got.err, "current") {
		t.Errorf("it was refused with %q", got.err)
	}
	s.day(1)
	gone := s.people[1]
	gone.post.Span.To = esrmodel.NewDate(2026, 11, 10)
	s.changes(gone)
	s.must([]int{exitDone}, "sync")
	s.must([]int{exitDone}, "leaver", "confirm", "20000002", "--date", "2026-11-10", "--reason", "HR said so")
}

func TestAccessEndsAtLeaverAtAlsoOnDaysOnWhichTheClocksChange(t *testing.T) {
	t.Parallel()
	s := staffed(t, 30)
	s.people[0].post.EndDate, s.people[1].post.EndDate = esrmodel.NewDate(2027, 3, 28), esrmodel.NewDate(2027, 10, 31)
	s.day(1)
	s.changes(s.people[:2]...)
	s.must([]int{exitDone}, "sync")
	for _, step := range []struct {
		at   time.Time
		key  string
		want bool
	}{
		{time.Date(2027, 3, 28, 22, 58, 0, 0, time.UTC), "20000001", true},  // 23:58 in London
		{time.Date(2027, 3, 28, 22, 59, 0, 0, time.UTC), "20000001", false}, // 23:59
		{time.Date(2027, 10, 31, 23, 58, 0, 0, time.UTC), "20000002", true},
		{time.Date(2027, 10, 31, 23, 59, 0, 0, time.UTC), "20000002", false},
	} {
		s.mu.Lock()
		s.now = step.at
		s.mu.Unlock()
		s.must([]int{exitDone}, "sync")
		if on := s.accounts()[step.key].Enabled(); on != step.want {
			t.Errorf("at %s %s has access: %v", step.at, step.key, on)
		}
	}
}

func TestALinkThatCouldHaveNoEffectIsRefused(t *testing.T) {
	t.Parallel()
	s := staffed(t, 4)
	mine, others := s.accounts()["20000001"].Login, s.accounts()["20000002"].Login
	for _, account := range []string{"Administrator", others} {
		got := s.must([]int{exitUsage}, "match", "link", "20000001", account, "--reason", "asked the ward")
		if !strings.Contains(got.err, "match unlink 20000001 "+mine) {
			t.Errorf("%s: it was refused with %q", account, got.err)
		}
	}
	s.must([]int{exitDone}, "match", "unlink", "20000001", mine, "--reason", "asked the ward")
	got := s.must([]int{exitUsage}, "match", "link", "20000001", others, "--reason", "asked the ward")
	if !strings.Contains(got.err, "20000002") {
		t.Errorf("somebody else's account was refused with %q", got.err)
	}
	got = s.must([]int{exitDone}, "match", "link", "20000001", "Administrator", "--reason", "asked the ward")
	if !strings.Contains(got.out, "No run writes to it") {
		t.Errorf("of a protected account it said %q", got.out)
	}
}

func TestEmptyListsAreListsInJSON(t *testing.T) {
	t.Parallel()
	s := staffed(t, 3)
	for _, args := range [][]string{{"tasks"}, {"match", "list"}} {
		got := s.must([]int{exitDone}, append([]string{"--json"}, args...)...)
		if strings.TrimSpace(got.out) != "[]" {
			t.Errorf("%v printed %q", args, got.out)
		}
	}
	fresh := newSite(t)
	for _, args := range [][]string{{"runs"}, {"feed", "list"}} {
		got := fresh.must([]int{exitDone}, append([]string{"--json"}, args...)...)
		if strings.TrimSpace(got.out) != "[]" {
			t.Errorf("%v printed %q", args, got.out)
		}
	}
}

func TestFaultsOfTheConfigurationHaveNamesAsAllJSONHas(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.extra = "bogus = 1\n"
	got := s.must([]int{exitUsage}, "--json", "config", "check")
	var said struct {
		Faults   []map[string]any `json:"faults"`
		Warnings []map[string]any `json:"warnings"`
	}
	if err := json.Unmarshal([]byte(got.out), &said); err != nil || len(said.Faults) != 1 || said.Warnings == nil {
		t.Fatalf("it printed %s: %v", got.out, err)
	}
	for _, key := range []string{"file", "key", "line", "column", "message", "mend"} {
		if _, there := said.Faults[0][key]; !there {
			t.Errorf("a fault has no %q: %v", key, said.Faults[0])
		}
	}
}

func TestAStoppedRunSaysThatItWasStopped(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.extra = unlimited
	s.hire(40)
	s.full()
	got := s.interrupted("sync")
	if got.code != exitFailed || !strings.Contains(got.err, "stopped") {
		t.Errorf("code %d, and it said:\n%s", got.code, got.err)
	}
	s.server.Faults().Clear()
	s.must([]int{exitDone}, "sync")
	if p := s.plan(); len(p.Changes) != 0 || len(s.accounts()) != 40 {
		t.Errorf("the next run left %+v and %d accounts", p.Changes, len(s.accounts()))
	}
}

// interrupted types a command and stops it, as Ctrl-C does, once it has begun to write.
func (s *site) interrupted(args ...string) typed {
	s.t.Helper()
	s.server.Faults().Delay(adsim.Modify, 20*time.Millisecond)
	ctx, stop := context.WithCancel(s.t.Context())
	defer stop()
	var out, err bytes.Buffer
	a := &app{streams: streams{In: strings.NewReader(""), Out: &out, Err: &err}, now: s.clock}
	line := append([]string{"--config", s.configure()}, args...)
	ended := make(chan int)
	go func() { ended <- a.run(ctx, line) }()
	if err := s.server.Await(ctx, adsim.Modify, s.server.Requests(adsim.Modify)+3); err != nil {
		s.t.Fatal(err)
	}
	stop()
	return typed{<-ended, out.String(), err.String()}
}
