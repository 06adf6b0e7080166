package config

import (
	"errors"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// overlay lays text over the defaults and returns what it makes, whatever else is missing.
func overlay(t *testing.T, text string) Config {
	t.Helper()
	document, err := ParseDocument([]byte(text), "x")
	var faults Faults
	if errors.As(err, &faults) {
		for _, fault := range faults {
			if fault.Line > 0 {
				t.Fatal(err)
			}
		}
	}
	return document.Config
}

func TestAFileIsLaidOverTheDefaults(t *testing.T) {
	t.Parallel()
	config := overlay(t, `
[feeds.staff]
columns = { email = "E-mail", fte = "" }
[guard]
leaver = { max = 7 }
[urp]
generic_names = []
`)
	want := Default()
	want.Feeds.Staff.Columns.Email, want.Feeds.Staff.Columns.FTE = "E-mail", ""
	want.Guard.Leaver.Max = 7
	want.URP.GenericNames = []string{}
	if diff := cmp.Diff(want.String(), config.String()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := config.Feeds.Staff.Columns.Map(); got["email"] != "E-mail" || got["fte"] != "" || len(got) != 29 {
		t.Errorf("headings are %v", got)
	}
}

func TestAttributeRules(t *testing.T) {
	t.Parallel()
	config := overlay(t, `
[attributes]
sn = "{surname}"
title = { value = "{position_title}" }
[attributes.department]
value = "{organisation}"
authority = "create"
`)
	want := map[string]AttributeRule{
		"sn":         {Value: "{surname}", Authority: AuthorityAlways},
		"title":      {Value: "{position_title}", Authority: AuthorityAlways},
		"department": {Value: "{organisation}", Authority: AuthorityCreate},
	}
	if diff := cmp.Diff(want, config.Attributes); diff != "" {
		t.Error(diff)
	}
}

func TestAnEventLimitsOnlyByWhatItSays(t *testing.T) {
	t.Parallel()
	config := overlay(t, `
[[guard.expected]]
name = "Rotation"
from = 2026-08-05
to = 2026-08-07
when = "true"
leaver = { max = 400 }
joiner = { max_percent = 10 }
`)
	want := map[string]Limit{
		"leaver": {Max: 400, MaxPercent: 100},
		"joiner": {Max: math.MaxInt32, MaxPercent: 10},
	}
	if diff := cmp.Diff(want, config.Guard.Expected[0].Limits()); diff != "" {
		t.Error(diff)
	}
	if got := config.Guard.Limits(); len(got) != 7 || got["leaver"] != (Limit{Max: 40, MaxPercent: 1}) {
		t.Errorf("the ordinary limits became %v", got)
	}
}

func TestLockoutReachesTheWholeDomainUnlessTold(t *testing.T) {
	t.Parallel()
	config := overlay(t, `directory = { servers = ["ldaps://dc"], base = "dc=moor", managed_bases = ["ou=A,dc=moor"], bind = { method = "integrated" } }`)
	if diff := cmp.Diff([]string{"dc=moor"}, config.Lockout.Bases); diff != "" {
		t.Error(diff)
	}
	if config.Directory.Reader() != config.Directory.Bind {
		t.Error("without an account to read with, the one that writes reads")
	}
}

func TestAByteOrderMarkIsLetPass(t *testing.T) {
	t.Parallel()
	if config := overlay(t, "\xef\xbb\xbfmode = \"enforce\"\r\n"); config.Mode != ModeEnforce {
		t.Errorf("mode is %q", config.Mode)
	}
}

func TestLoad(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	if _, err := Load(filepath.Join(folder, "none.toml")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a file that is not there: %v", err)
	}
	large := filepath.Join(folder, "large.toml")
	if err := os.WriteFile(large, []byte(strings.Repeat("#", maxFile+1)), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Load(large); err == nil || !strings.Contains(err.Error(), "larger") {
		t.Errorf("a file that is too large: %v", err)
	}
	if name := filepath.Base(DefaultPath()); name != "esrsync.toml" {
		t.Errorf("the default file is %s", name)
	}
}
