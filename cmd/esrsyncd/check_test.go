package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestConfigCheckSeesARuleThatNamesAnOrganisationWhichESRDoesNotHave(t *testing.T) {
	t.Parallel()
	s := staffed(t, 30)
	s.must([]int{exitDone}, "config", "check")
	s.extra = "[[groups]]\nwhen = 'organisation_under(\"Ward of Yesterday\")'\ngroup = \"CN=All Staff,OU=Groups," + siteBase + "\"\n"
	got := s.must([]int{exitUsage}, "config", "check")
	if !strings.Contains(got.out, "Ward of Yesterday") || !strings.Contains(got.out, "esrsync.toml:") {
		t.Errorf("it said %q", got.out)
	}
	s.must([]int{exitUsage}, "sync")
}

func TestAStoreThatWasLostIsNotMadeAnewInSilence(t *testing.T) {
	t.Parallel()
	s := staffed(t, 30)
	for _, end := range []string{"", "-wal", "-shm"} {
		if err := os.Remove(filepath.Join(s.dir, "esrsync.db"+end)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			t.Fatal(err)
		}
	}
	before := s.writes()
	s.day(1)
	if got := s.must([]int{exitDone}, "sync"); !strings.Contains(got.out, "restore the backup") || s.writes() != before {
		t.Errorf("%d writes, and it said %q", s.writes()-before, got.out)
	}
}
