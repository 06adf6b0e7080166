package main

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"esrsync/internal/directory"
)

// The test binary is esrsyncd itself where these are set: a process of its own
// that can be killed.
const (
	asCommand = "ESRSYNCD_TEST_COMMAND" // its words, one a line
	atInstant = "ESRSYNCD_TEST_NOW"     // what its clock says
)

func TestMain(m *testing.M) {
	words, is := os.LookupEnv(asCommand)
	if !is {
		os.Exit(m.Run())
	}
	now, err := time.Parse(time.RFC3339, os.Getenv(atInstant))
	if err != nil {
		panic(err)
	}
	began := time.Now()
	a := &app{streams: streams{In: os.Stdin, Out: os.Stdout, Err: os.Stderr}, now: func() time.Time { return now.Add(time.Since(began)) }}
	os.Exit(a.run(context.Background(), strings.Split(words, "\n")))
}

// start begins a command in a process of its own.
func (s *site) start(args ...string) *exec.Cmd {
	s.t.Helper()
	self, err := os.Executable()
	if err != nil {
		s.t.Fatal(err)
	}
	c := exec.Command(self)
	words := append([]string{"--config", s.configure()}, args...)
	c.Env = append(os.Environ(), asCommand+"="+strings.Join(words, "\n"), atInstant+"="+s.clock().Format(time.RFC3339))
	if err := c.Start(); err != nil {
		s.t.Fatal(err)
	}
	return c
}

// killAfter starts a run and kills it once the directory was written so often.
// It reports whether the run was still going on.
func (s *site) killAfter(writes int) bool {
	s.t.Helper()
	start := s.writes()
	c := s.start("sync")
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = c.Wait() // how it ended is not asked: it is killed, or was too quick
	}()
	for {
		select {
		case <-done:
			return false
		default:
		}
		if s.writes()-start >= writes {
			if err := c.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
				s.t.Fatal(err)
			}
			<-done
			return true
		}
		time.Sleep(200 * time.Microsecond) // the directory has no word for "now so many were written"
	}
}

// shape is what a directory comes to, without what differs from one making to the next.
func (s *site) shape() map[string]directory.Account {
	out := map[string]directory.Account{}
	for key, a := range s.accounts() {
		a.GUID, a.SID, a.Created, a.PasswordSet, a.Marker = directory.GUID{}, "", time.Time{}, time.Time{}, ""
		out[key] = a
	}
	return out
}

func TestAKilledRunIsFinishedByTheNextWithNothingTwice(t *testing.T) {
	t.Parallel()
	const people = 170 // each with a creation, a mark, an enabling and a membership: about 700 writes
	unbroken := staffed(t, people)
	want, total := unbroken.shape(), unbroken.writes()

	for _, at := range []int{1, 2, 3, 40, 111, 200, 333, 444, 555, 650} {
		s := newSite(t)
		s.extra = unlimited
		s.hire(people)
		s.full()
		killed := s.killAfter(at)
		// The killed run's lease ends by itself.
		s.mu.Lock()
		s.now = s.now.Add(time.Minute)
		s.mu.Unlock()
		s.must([]int{exitDone}, "sync")
		got := s.shape()
		if len(got) != len(want) {
			t.Fatalf("killed after %d writes (%v): %d accounts, want %d", at, killed, len(got), len(want))
		}
		for key, a := range got {
			if a.Login != want[key].Login || a.Mail != want[key].Mail || a.Enabled() != want[key].Enabled() || a.DN != want[key].DN || len(a.MemberOf) != len(want[key].MemberOf) {
				t.Fatalf("killed after %d writes: the account of %s is\n%+v, want\n%+v", at, key, a, want[key])
			}
		}
		if s.writes() > total {
			t.Errorf("killed after %d writes: %d writes in all, an unbroken run makes %d", at, s.writes(), total)
		}
		if p := s.plan(); len(p.Changes) != 0 {
			t.Errorf("killed after %d writes: %d changes are left, the first %+v", at, len(p.Changes), p.Changes[0])
		}
		if verdict := s.must([]int{exitDone}, "ledger", "verify").out; !strings.Contains(verdict, "as they were written") {
			t.Errorf("the ledger after a kill: %s", verdict)
		}
	}
}
