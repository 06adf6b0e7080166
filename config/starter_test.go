package config

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// answers returns what a person in a made-up trust might answer.
func answers() InitAnswers {
	return InitAnswers{
		TrustName: `The "Moor" NHS Trust`, VPD: "999", EmailDomain: "moor.example",
		Servers: []string{"ldaps://dc1.moor.example"}, Base: "dc=moor,dc=example",
		ManagedBase: `ou=Staff\, all,dc=moor,dc=example`, GroupBase: "ou=Groups,dc=moor,dc=example",
		BindUser: `MOOR\svc-esrsync`, BindPassword: Secret{"credential", "directory"},
		DataDir: "/srv/esrsync", MailTo: "identity@moor.example", SMTPHost: "smtp.moor.example",
	}
}

func TestStarterLoads(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		change func(*InitAnswers)
	}{
		{"as a trust with a mail server would answer", func(*InitAnswers) {}},
		{"with controllers found by SRV records", func(a *InitAnswers) { a.Servers, a.Domain = nil, "moor.example" }},
		{"without mail", func(a *InitAnswers) { a.SMTPHost, a.MailTo = "", "" }},
		{"with the service's own account", func(a *InitAnswers) { a.BindUser = "" }},
		{"with a read-only account", func(a *InitAnswers) { a.ReadUser, a.ReadPassword = "ro@moor.example", Secret{"env", "RO"} }},
		{"with a sealed password", func(a *InitAnswers) { a.BindPassword = Secret{"dpapi", "QUJD"} }},
		{"with a Windows data folder", func(a *InitAnswers) { a.DataDir = `C:\ProgramData\esrsync` }},
		{"without groups", func(a *InitAnswers) { a.GroupBase = "" }},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			given := answers()
			test.change(&given)
			text, err := Starter(given)
			if err != nil {
				t.Fatalf("starter: %v\n%s", err, text)
			}
			read, err := Parse(text, "esrsync.toml")
			if err != nil {
				t.Fatalf("reading it back: %v", err)
			}
			if read.Mode != ModeObserve {
				t.Errorf("mode is %q: a first configuration must observe", read.Mode)
			}
			if read.Trust.Name != given.TrustName || read.Placement[0].OU != given.ManagedBase || read.Directory.Bind.Password != boundWith(given) {
				t.Errorf("answers were changed on the way: %s", read)
			}
		})
	}
}

// boundWith returns the password that the bind of these answers has.
func boundWith(given InitAnswers) Secret {
	if given.BindUser == "" {
		return Secret{}
	}
	return given.BindPassword
}

func TestStarterPutsDataWhereItIsTold(t *testing.T) {
	t.Parallel()
	given := answers()
	given.DataDir = `C:\ProgramData\esrsync`
	text, err := Starter(given)
	if err != nil {
		t.Fatal(err)
	}
	read, err := Parse(text, "esrsync.toml")
	if err != nil {
		t.Fatal(err)
	}
	want := `C:\ProgramData\esrsync\outbox\emails_{date}.csv`
	if diff := cmp.Diff(want, read.Writeback.File); diff != "" {
		t.Error(diff)
	}
	if rest := strings.Count(string(text), "/var/lib"); rest > 0 {
		t.Errorf("%d paths are elsewhere", rest)
	}
}

func TestStarterTellsWrongAnswers(t *testing.T) {
	t.Parallel()
	_, err := Starter(InitAnswers{VPD: "12", BindUser: "x", EmailDomain: "moor.example\nmode = \"enforce\""})
	var faults Faults
	if !errors.As(err, &faults) {
		t.Fatalf("got %v, want faults", err)
	}
	for _, key := range []string{
		"trust.name", "trust.vpd", "trust.email_domain", "directory.base", "directory.bind.password", "placement[0].ou",
	} {
		if !faults.about(key) {
			t.Errorf("no fault about %s in:\n%v", key, err)
		}
	}
}
