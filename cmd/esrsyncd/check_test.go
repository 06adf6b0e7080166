package main

import (
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
