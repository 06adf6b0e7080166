package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"esrsync/internal/directory"
	"esrsync/internal/testbed"
)

// sambaStaffed returns a site whose n people wait in the inbox for their accounts.
func sambaStaffed(t *testing.T, n int) *sambaSite {
	s := newSambaSite(t)
	s.furnish()
	s.extra = unlimited
	s.hire(n)
	s.full()
	return s
}

// account returns what the directory shows of a person's account.
func (l look) account(t *testing.T, number string) entry {
	t.Helper()
	e := l.find("employeeID", number)
	if e == nil {
		t.Fatalf("%s has no account", number)
	}
	return e
}

// aStrangersHandShows keeps the look from being one that finds everything as planned.
func aStrangersHandShows(t *testing.T) {
	s := sambaStaffed(t, 4)
	before := s.look()
	n := s.sync(exitDone)
	after := s.look()
	if got := faults(before, after, n); len(got) > 0 {
		t.Fatalf("before anybody touched it: %v", got)
	}
	if got := faults(before, before, n); len(got) == 0 {
		t.Error("a night of which nothing was made is found as planned")
	}
	first, second := after.account(t, "20000001"), after.account(t, "20000002")
	group := "CN=All Staff," + s.bed.Groups
	hands := map[string]func(dn string){
		"a title that nobody planned":       func(dn string) { s.bed.Set(t, dn, "title", "Astronaut") },
		"a telephone that we know not of":   func(dn string) { s.bed.Set(t, dn, "telephoneNumber", "01632 960001") },
		"a membership that is gone":         func(string) { s.bed.Set(t, group, "member") },
		"an account that is off":            func(dn string) { s.bed.Set(t, dn, "userAccountControl", "514") },
		"a password that was set":           func(dn string) { s.bed.Set(t, dn, "unicodePwd", "Correct-Horse-42") },
		"a date that ends access":           func(dn string) { s.bed.Set(t, dn, "accountExpires", "134116992000000000") },
		"a token of another account":        func(dn string) { s.bed.Set(t, dn, "adminDescription", s.rawToken(second)) },
		"an account that nobody planned":    func(string) { s.stranger() },
		"a manager that nobody gave anyone": func(dn string) { s.bed.Set(t, dn, "manager", "CN=Administrator,CN=Users,"+s.bed.Base) },
	}
	quiet := s.sync(exitDone)
	for what, hand := range hands {
		before := s.look()
		hand(first.first("dn"))
		if len(faults(before, s.look(), quiet)) == 0 {
			t.Errorf("%s is not seen", what)
		}
	}
}

// rawToken is an account's token as it stands in the directory.
func (s *sambaSite) rawToken(e entry) string {
	return s.bed.Entry(s.t, e.first("dn"))["adminDescription"][0]
}

// stranger makes an account that nobody asked for.
func (s *sambaSite) stranger() {
	s.bed.Add(s.t, "CN=Stranger,"+s.bed.Staff, map[string][]string{
		"objectClass": {"user"}, "sAMAccountName": {"stranger" + filepath.Base(s.dir)}, "userAccountControl": {"514"},
	})
}

// theFirstPasswordMustBeChanged gives a starter a password and tries it.
func theFirstPasswordMustBeChanged(t *testing.T) {
	s := sambaStaffed(t, 2)
	s.sync(exitDone)
	before := s.look()
	upn := before.account(t, "20000001").first("userPrincipalName")
	var shown struct{ Login, Password string }
	got := s.must([]int{exitDone}, "--json", "initial-password", "20000001")
	if err := json.Unmarshal([]byte(got.out), &shown); err != nil || shown.Password == "" {
		t.Fatalf("it printed %q: %v", got.out, err)
	}
	if why := s.bed.Refusal(t, testbed.Account{User: upn, Password: shown.Password}); why != testbed.MustChange {
		t.Errorf("the first password is answered with %q, want %s: it must be changed", why, testbed.MustChange)
	}
	if why := s.bed.Refusal(t, testbed.Account{User: upn, Password: shown.Password + "x"}); why != testbed.WrongPassword {
		t.Errorf("another password is answered with %q, want %s", why, testbed.WrongPassword)
	}
	after := s.look()
	for guid, e := range after {
		delete(e, "pwdLastSet")
		delete(before[guid], "pwdLastSet")
		delete(e, "badPwdCount") // we guessed wrong, just now
		delete(before[guid], "badPwdCount")
		delete(e, "badPasswordTime")
		delete(before[guid], "badPasswordTime")
	}
	if fmt.Sprint(after) != fmt.Sprint(before) {
		t.Error("something else than the password changed")
	}
	s.nowhere(shown.Password)
}

// nowhere looks for a secret in every file of the installation.
func (s *sambaSite) nowhere(secret string) {
	s.t.Helper()
	err := filepath.WalkDir(s.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		if bytes.Contains(content, []byte(secret)) {
			s.t.Errorf("the password stands in %s", filepath.Base(path))
		}
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
}

// killedRunsAreFinished kills a run at three points, and holds what the next one
// leaves to an unbroken run over the directory in this process.
func killedRunsAreFinished(t *testing.T) {
	const people = 15 // each an account, a token, an enabling and a membership: sixty changes
	unbroken := staffed(t, people).shape()
	points := map[string]func(made, on, in int) bool{
		"when the first account is made":      func(made, _, _ int) bool { return made >= 1 },
		"when half of the accounts are on":    func(_, on, _ int) bool { return on >= people/2 },
		"when two thirds are in their groups": func(_, _, in int) bool { return in >= people*2/3 },
	}
	for when, reached := range points {
		t.Run(when, func(t *testing.T) {
			s := sambaStaffed(t, people)
			if !s.killWhen(reached) {
				t.Error("the run ended before it was killed")
			}
			s.landed()
			s.mu.Lock()
			s.now = s.now.Add(time.Minute) // the killed run's lease ends by itself
			s.mu.Unlock()
			n := s.sync(exitDone)
			t.Logf("the next run made %d changes", n.Numbers.Done)
			s.endedLike(unbroken)
			s.wroteNothing("a run after that", func() { s.sync(exitDone) })
			if verdict := s.must([]int{exitDone}, "ledger", "verify").out; !strings.Contains(verdict, "as they were written") {
				t.Errorf("the ledger after a kill: %s", verdict)
			}
		})
	}
}

// endedLike holds the accounts to those of an unbroken run elsewhere.
func (s *sambaSite) endedLike(unbroken map[string]directory.Account) {
	s.t.Helper()
	now := s.look()
	all := now[now.byDN("CN=All Staff,"+s.bed.Groups)]["member"]
	if made, _, in := s.progress(); made != len(unbroken) || in != len(unbroken) {
		s.t.Errorf("%d accounts with %d memberships, want %d of each", made, in, len(unbroken))
	}
	for number, want := range unbroken {
		e := now.find("employeeID", number)
		said := fmt.Sprintf("managed of %d, %s", 500000+slices.IndexFunc(s.people, func(r record) bool { return r.person.EmployeeNumber == number }), number)
		switch {
		case e == nil:
			s.t.Errorf("%s has no account", number)
		case e.first("sAMAccountName") != want.Login, e.first("mail") != want.Mail, !e.enabled(), e.first("adminDescription") != said,
			e.first("dn") != fold(s.places.Replace(want.DN)), !slices.Contains(all, now.byDN(e.first("dn"))):
			s.t.Errorf("the account of %s is\n%v, want\n%+v", number, e, want)
		}
	}
}

// killWhen starts a run and kills it once the directory shows that it has come
// to a point: so many accounts made, switched on, and put into groups. It reports
// whether the run was still going on.
func (s *sambaSite) killWhen(reached func(made, on, in int) bool) bool {
	s.t.Helper()
	c := s.start("sync")
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = c.Wait() // killed: it says so
	}()
	for {
		select {
		case <-done:
			return false
		default: // looking takes its time, so this does not spin
		}
		if reached(s.progress()) {
			if err := c.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
				s.t.Fatal(err)
			}
			<-done
			return true
		}
	}
}

// landed waits until the controller has carried out what a killed run had sent,
// as the rest of its lease does in life: until it writes no more for a while.
func (s *sambaSite) landed() {
	s.t.Helper()
	for before := s.usn(); ; {
		time.Sleep(300 * time.Millisecond) // a write takes some 25
		now := s.usn()
		if maps.Equal(before, now) {
			return
		}
		before = now
	}
}

// progress counts what a run has done so far.
func (s *sambaSite) progress() (made, on, in int) {
	for _, e := range s.bed.Tree(s.t, s.bed.Staff) {
		if len(e["employeeID"]) > 0 {
			made++
			if e["userAccountControl"][0] == directory.NormalAccount.String() {
				on++
			}
		}
	}
	for _, e := range s.bed.Tree(s.t, s.bed.Groups) {
		in += len(e["member"])
	}
	return made, on, in
}
