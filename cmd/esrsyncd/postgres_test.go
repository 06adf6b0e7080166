package main

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"esrsync/esrmodel"
	"esrsync/internal/directory"
	"esrsync/internal/testbed"
	"esrsync/sync/plan"
)

// inPostgres keeps what the site remembers in a database of the test's own.
func (s *site) inPostgres(t testing.TB) {
	t.Helper()
	s.write("store.dsn", testbed.Postgres(t))
	dir := s.values["Dir"]
	s.places = strings.NewReplacer(
		fmt.Sprintf("path = %q", dir+"/esrsync.db"), fmt.Sprintf("driver = %q\ndsn = %q", "postgres", "file:"+dir+"/store.dsn"))
	if !strings.Contains(s.rendered(), `driver = "postgres"`) {
		t.Fatal("the configuration does not name its store as this test expects")
	}
}

// week is what a store has to do with: everybody's first night, one with a
// leaver, a mover and a starter, one on which an approval is waited for, and
// what the commands say of it afterwards.
func (s *site) week() []string {
	s.t.Helper()
	var told []string
	tell := func(p plan.Plan) { told = append(told, counts(p)) }
	s.extra = unlimited
	s.hire(60)
	s.full()
	s.must([]int{exitDone}, "sync")
	tell(s.plan())

	s.day(1)
	leaver, mover := s.people[3], s.people[7]
	leaver.post.EndDate, leaver.person.TerminationDate = esrmodel.NewDate(2026, 11, 16), esrmodel.NewDate(2026, 11, 16)
	mover.post.PositionName = "Nursing|Ward Manager"
	s.hire(1)
	s.changes(leaver, mover, s.people[60])
	s.must([]int{exitDone}, "sync")
	tell(s.plan())

	s.extra = ""
	s.day(2)
	s.changes(end(s.people[20:32], esrmodel.NewDate(2026, 11, 17))...)
	s.must([]int{exitHeld}, "sync")
	held := s.plan()
	tell(held)
	s.must([]int{exitDone}, "approve", held.ID, "--class", "leaver", "--reason", "checked by HR")
	s.must([]int{exitDone}, "sync")
	tell(s.plan())
	for _, command := range [][]string{{"tasks"}, {"feed", "list"}, {"match", "list"}} {
		told = append(told, s.must([]int{exitDone}, command...).out)
	}
	return told
}

func TestPostgresEndsAsSQLiteDoes(t *testing.T) {
	t.Parallel()
	lite, postgres := newSite(t), newSite(t)
	postgres.inPostgres(t)
	want, got := lite.week(), postgres.week()
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("over PostgreSQL a command said\n%s\nand over SQLite\n%s", got[i], want[i])
		}
	}
	if postgres.off() != 13 || postgres.writes() != lite.writes() {
		t.Errorf("%d accounts are off after %d writes, want 13 after %d", postgres.off(), postgres.writes(), lite.writes())
	}
	if diff := differ(postgres.shape(), lite.shape()); diff != "" {
		t.Error(diff)
	}
	before := postgres.writes()
	postgres.must([]int{exitDone}, "sync")
	if postgres.writes() != before {
		t.Errorf("a second run wrote %d times", postgres.writes()-before)
	}
	postgres.stands()
}

// differ returns the first account that is not the same in two directories.
func differ(got, want map[string]directory.Account) string {
	if len(got) != len(want) {
		return fmt.Sprintf("%d accounts, want %d", len(got), len(want))
	}
	for key, a := range want {
		b := got[key]
		if a.Login != b.Login || a.Mail != b.Mail || a.DN != b.DN || a.Enabled() != b.Enabled() || !a.Expires.Equal(b.Expires) ||
			fmt.Sprint(a.MemberOf, a.Attributes) != fmt.Sprint(b.MemberOf, b.Attributes) {
			return fmt.Sprintf("the account of %s is\n%+v, want\n%+v", key, b, a)
		}
	}
	return ""
}

// stands asks whether the ledger is as it was written.
func (s *site) stands() {
	s.t.Helper()
	if verdict := s.must([]int{exitDone}, "ledger", "verify").out; !strings.Contains(verdict, "as they were written") {
		s.t.Errorf("the ledger: %s", verdict)
	}
}

func TestASecondRunDuringTheFirstIsRefusedAndHarmsNothing(t *testing.T) {
	t.Parallel()
	stores := map[string]func(s *site, t *testing.T){
		"in SQLite":     func(*site, *testing.T) {},
		"in PostgreSQL": func(s *site, t *testing.T) { s.inPostgres(t) },
	}
	for where, keep := range stores {
		t.Run(where, func(t *testing.T) {
			t.Parallel()
			s := newSite(t)
			keep(s, t)
			s.extra = unlimited
			s.hire(80)
			s.full()
			first := s.start("sync")
			s.waitForWrites(t)
			s.server.Faults().Freeze()
			second := s.must([]int{exitBusy}, "sync")
			if !strings.Contains(second.err, fmt.Sprintf("process %d", first.Process.Pid)) {
				t.Errorf("the second run does not say who runs: %s", second.err)
			}
			s.server.Faults().Thaw()
			if err := first.Wait(); err != nil {
				t.Errorf("the first run ended with %v", err)
			}
			if n := len(s.accounts()); n != 80 || s.off() != 0 {
				t.Errorf("%d accounts, %d of them off; want 80 and none", n, s.off())
			}
			if p := s.plan(); len(p.Changes) != 0 {
				t.Errorf("%d changes are left, the first %+v", len(p.Changes), p.Changes[0])
			}
			s.stands()
		})
	}
}

// waitForWrites waits until a run that was started has begun to write.
func (s *site) waitForWrites(t *testing.T) {
	t.Helper()
	for s.writes() == 0 {
		if t.Context().Err() != nil {
			t.Fatal("the run never wrote")
		}
		time.Sleep(200 * time.Microsecond) // the directory has no word for "now it was written"
	}
}
