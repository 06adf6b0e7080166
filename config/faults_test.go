package config

import (
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the expected faults in testdata")

// Each file of testdata is named after the mistake in it; the .faults file beside it is what a person is told.
func TestEveryMistakeIsToldWithItsMend(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/*.toml")
	if err != nil || len(files) < 20 {
		t.Fatalf("%d files of mistakes: %v", len(files), err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".toml"), func(t *testing.T) {
			t.Parallel()
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			_, err = Parse(data, filepath.Base(file))
			faults := faultsOf(t, err)
			for _, fault := range faults {
				if fault.Message == "" || fault.Mend == "" {
					t.Errorf("%+v lacks what is wrong, or how to mend it", fault)
				}
			}
			compareGolden(t, strings.TrimSuffix(file, ".toml")+".faults", faults.Error()+"\n")
		})
	}
}

// faultsOf returns the faults that an error lists. Any other error ends the test.
func faultsOf(t *testing.T, err error) Faults {
	t.Helper()
	var faults Faults
	if !errors.As(err, &faults) {
		t.Fatalf("got %v, want faults", err)
	}
	return faults
}

// compareGolden compares got with a file, or with -update writes it, which a CI machine must not.
func compareGolden(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if os.Getenv("CI") != "" {
			t.Fatal("-update is for a person to look at, not for CI")
		}
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("faults differ (-want +got); rewrite with: go test ./config -run Mistake -update\n%s", diff)
	}
}

func TestFaultsNeverRepeatASecret(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"secret_written_as_a_value", "secret_in_an_address"} {
		data, err := os.ReadFile(filepath.Join("testdata", name+".toml"))
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(data), "hunter2") {
			t.Fatalf("%s holds no secret, so this shows nothing", name)
		}
		_, err = Parse(data, name)
		if err == nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestFaultsComeInTheOrderOfTheFile(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("testdata/several_kinds_of_fault_together.toml")
	if err != nil {
		t.Fatal(err)
	}
	_, err = Parse(data, "x")
	faults := faultsOf(t, err)
	for i := 1; i < len(faults); i++ {
		if faults[i].Line < faults[i-1].Line {
			t.Errorf("line %d is told after line %d", faults[i].Line, faults[i-1].Line)
		}
	}
	for range 20 {
		if _, again := Parse(data, "x"); again.Error() != err.Error() {
			t.Fatalf("the same file gave other text:\n%v\n%v", err, again)
		}
	}
}

func TestAFaultOfAnInlineElementHasItsOwnPlace(t *testing.T) {
	t.Parallel()
	_, err := Parse([]byte("[guard]\nquiet_hours = [\n  \"Fri 16:00 - Mon 07:00\",\n  \"never\",\n]\n"), "x")
	for _, fault := range faultsOf(t, err) {
		if fault.Key == "guard.quiet_hours[1]" {
			if fault.Line != 4 || fault.Column != 3 {
				t.Errorf("it is at %d:%d, want 4:3", fault.Line, fault.Column)
			}
			return
		}
	}
	t.Errorf("no fault about guard.quiet_hours[1]: %v", err)
}

func TestWarnings(t *testing.T) {
	t.Parallel()
	const base = `trust = { name = "Moor NHS Trust", vpd = "999", email_domain = "moor.example" }
directory = { servers = ["ldaps://dc1.moor.example"], base = "dc=moor,dc=example", managed_bases = ["ou=Staff,dc=moor,dc=example"], bind = { method = "simple", user = "svc", password = "env:BIND" } }
`
	tests := []struct {
		name, text, key, want string
	}{
		{"a run in the hour that the clocks skip", "[schedule]\nsync = \"30 1 * * *\"", "schedule.sync", "skip in March"},
		{"a run every hour comes in that hour too", "[schedule]\nsync = \"0 * * * *\"", "schedule.sync", "skip in March"},
		{"placement without a last rule for everybody", "[[placement]]\nwhen = \"is_manager\"\nou = \"ou=A,ou=Staff,dc=moor,dc=example\"", "placement[0]", "no rule fits"},
		{"placement with a rule for everybody too early", "[[placement]]\nwhen = \"true\"\nou = \"ou=Staff,dc=moor,dc=example\"\n[[placement]]\nwhen = \"true\"\nou = \"ou=Staff,dc=moor,dc=example\"", "placement[0]", "never count"},
		{"no placement at all", "", "placement", "nobody gets an account"},
		{"planning with the account that writes", "", "directory.read_bind", "may write"},
		{"classes to enforce while observing", "enforce_classes = [\"leaver\"]", "enforce_classes", "no effect"},
		{"a list that is written over every day", "[writeback]\nfile = \"/srv/emails.csv\"", "writeback.file", "replaces"},
		{"a path that depends on where the service starts", "[store]\npath = \"esrsync.db\"", "store.path", "started"},
		{"lockouts that spare nobody", "[lockout]\nnever = []", "lockout.never", "krbtgt"},
		{"lockouts that miss managed accounts", "[lockout]\nbases = [\"ou=Other,dc=moor,dc=example\"]", "lockout.bases", "cannot be locked out"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			document, err := ParseDocument([]byte(base+test.text), "x")
			if err != nil {
				t.Fatal(err)
			}
			for _, warning := range document.Warnings {
				if warning.Key == test.key && strings.Contains(warning.Message, test.want) {
					return
				}
			}
			t.Errorf("no warning about %s (%s) in:\n%v", test.key, test.want, document.Warnings)
		})
	}
}

func TestNoWarningOutsideTheHourThatTheClocksSkip(t *testing.T) {
	t.Parallel()
	document, _ := ParseDocument([]byte("[schedule]\nsync = \"0 2-23 * * *\""), "x")
	if document.Warnings.about("schedule.sync") {
		t.Error(document.Warnings)
	}
}
