package main

import (
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"esrsync/ldapx/adsim"
)

func TestLockoutWorksWithNoFeedEverTaken(t *testing.T) {
	t.Parallel()
	s := withTwo(t, newSite(t))
	s.administrator("adm-nobody")
	if h := s.lock("adm-nobody"); h.State != "in_force" || h.Person != "" {
		t.Errorf("the lockout says %+v", h)
	}
	s.wantOff("adm-nobody")
}

func TestLockoutGoesOnWithoutTheStoreAndIsTakenIn(t *testing.T) {
	t.Parallel()
	s := withTwo(t, staffed(t, 2))
	login := s.accounts()["20000001"].Login
	aside := filepath.Join(s.dir, "aside")
	moveStore(t, s.dir, aside)
	if err := os.MkdirAll(filepath.Join(s.dir, "esrsync.db"), 0o700); err != nil { // nothing can be opened there
		t.Fatal(err)
	}
	h := s.lock(login)
	if h.State != "in_force" || h.Person != "20000001" {
		t.Errorf("without the store: %+v", h)
	}
	s.wantOff(login)
	if err := os.Remove(filepath.Join(s.dir, "esrsync.db")); err != nil {
		t.Fatal(err)
	}
	moveStore(t, aside, s.dir)
	s.must([]int{exitDone}, "sync")
	s.wantOff(login)
	if got := s.must([]int{exitDone}, "holds"); !strings.Contains(got.out, h.Hold) || !strings.Contains(got.out, "in force") {
		t.Errorf("the store was not told:\n%s", got.out)
	}
	if left, _ := filepath.Glob(filepath.Join(s.dir, "lockouts", "*.hold")); len(left) > 0 {
		t.Errorf("the spool still has %v", left)
	}
	if got := s.must([]int{exitDone}, "tasks"); strings.Count(got.out, "End access urgently, INC0012345") != 4 {
		t.Errorf("the tasks did not follow:\n%s", got.out)
	}
}

// moveStore moves the files of the store.
func moveStore(t *testing.T, from, to string) {
	t.Helper()
	if err := os.MkdirAll(to, 0o700); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(from, "esrsync.db*"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no store in %s: %v", from, err)
	}
	for _, f := range files {
		if err := os.Rename(f, filepath.Join(to, filepath.Base(f))); err != nil {
			t.Fatal(err)
		}
	}
}

// copyStore copies the files of the store, which nobody has open.
func copyStore(t *testing.T, from, to string) {
	t.Helper()
	if err := os.MkdirAll(to, 0o700); err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{to} {
		old, _ := filepath.Glob(filepath.Join(dir, "esrsync.db*"))
		for _, f := range old {
			if err := os.Remove(f); err != nil {
				t.Fatal(err)
			}
		}
	}
	files, err := filepath.Glob(filepath.Join(from, "esrsync.db*"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no store in %s: %v", from, err)
	}
	for _, f := range files {
		content, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(to, filepath.Base(f)), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func TestLockoutAsksForAPasswordWhereTheConfiguredOneCannotBeRead(t *testing.T) {
	t.Parallel()
	s := withTwo(t, staffed(t, 2))
	login := s.accounts()["20000001"].Login
	secret, err := os.ReadFile(filepath.Join(s.dir, "directory.secret"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(s.dir, "directory.secret")); err != nil {
		t.Fatal(err)
	}
	lockout := []string{"lockout", login, "--ticket", "INC1", "--category", "other"}
	if got := s.esrsyncd(lockout...); got.code != exitUsage || !strings.Contains(got.err, "--bind-user") {
		t.Errorf("without a password it ended with %d:\n%s", got.code, got.err)
	}
	if got := s.fed("wrong\nyes\n", append(lockout, "--bind-user", "svc-esrsync")...); got.code != exitUnreachable {
		t.Errorf("with a wrong password it ended with %d:\n%s", got.code, got.err)
	}
	got := s.fed(string(secret)+"\nyes\n", append(lockout, "--bind-user", "svc-esrsync")...)
	if got.code != exitDone {
		t.Errorf("with a password it ended with %d:\n%s%s", got.code, got.out, got.err)
	}
	s.wantOff(login)
}

func TestLockoutWithADeadControllerSaysStillOpenFirstAndIsFinishedWhenItComesBack(t *testing.T) {
	t.Parallel()
	s := withTwo(t, staffed(t, 2))
	login := s.accounts()["20000001"].Login
	address := s.second.URL()
	if err := s.second.Close(); err != nil {
		t.Fatal(err)
	}
	got := s.esrsyncd("lockout", login, "--ticket", "INC1", "--category", "other", "--yes")
	if got.code != exitPartly {
		t.Fatalf("with a dead controller it ended with %d:\n%s%s", got.code, got.out, got.err)
	}
	result := got.out[strings.LastIndex(got.out, "STILL OPEN\n"):]
	if !strings.HasPrefix(result, "STILL OPEN\n  "+login+" is not off on ") || strings.Index(result, "Hold ") < strings.Index(result, "STILL OPEN") {
		t.Errorf("what is open is not told first:\n%s", got.out)
	}
	s.wantOff(login)
	if got := s.must([]int{exitDone}, "tasks"); !strings.Contains(got.out, "STILL OPEN") {
		t.Errorf("no task for what is open:\n%s", got.out)
	}
	s.must([]int{exitDone}, "sync") // a dead controller that runs do not need stops no run
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	again, err := adsim.Start(adsim.Options{Domain: s.server.Domain(), Controller: "dc2", Listen: u.Host})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = again.Close() })
	s.write("ca.pem", string(s.server.CA())+string(again.CA()))
	s.must([]int{exitDone}, "sync")
	if got := s.must([]int{exitDone}, "holds"); strings.Contains(got.out, "STILL OPEN") || !strings.Contains(got.out, "in force") {
		t.Errorf("it came back, and the hold is\n%s", got.out)
	}
	if got := s.must([]int{exitDone}, "tasks"); strings.Contains(got.out, "STILL OPEN") {
		t.Errorf("the task for what is open is still there:\n%s", got.out)
	}
}

func TestLockoutOutlivesTheStore(t *testing.T) {
	t.Parallel()
	s := withTwo(t, staffed(t, 3))
	held, other := s.accounts()["20000001"].Login, s.accounts()["20000002"].Login
	yesterday := filepath.Join(s.dir, "yesterday")
	copyStore(t, s.dir, yesterday)
	h := s.lock("20000001")

	copyStore(t, yesterday, s.dir)
	s.must([]int{exitDone}, "sync")
	s.wantOff(held)
	if got := s.must([]int{exitDone}, "holds"); !strings.Contains(got.out, h.Hold) {
		t.Errorf("yesterday's store lost the hold:\n%s", got.out)
	}

	today := filepath.Join(s.dir, "today")
	copyStore(t, s.dir, today)
	s.must([]int{exitDone}, "release", h.Hold, "--ticket", "INC2", "--second", "svc-esrsync-ro", "--second-password-file", s.dir+"/directory-ro.secret")
	copyStore(t, today, s.dir)
	s.must([]int{exitDone}, "sync")
	if !s.account(held).Enabled() {
		t.Error("a store from before the release locked the account again")
	}
	if got := s.must([]int{exitDone}, "holds"); strings.Contains(got.out, h.Hold) {
		t.Errorf("a false hold:\n%s", got.out)
	}

	h = s.lock("20000002")
	moveStore(t, s.dir, filepath.Join(s.dir, "lost"))
	s.full()
	s.must([]int{exitDone}, "sync")
	s.wantOff(other)
	if got := s.must([]int{exitDone}, "holds"); !strings.Contains(got.out, h.Hold) || !strings.Contains(got.out, "rebuilt from the directory") {
		t.Errorf("a lost store lost the hold:\n%s", got.out)
	}
}
