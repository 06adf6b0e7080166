package config

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

func TestParseSecret(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"env:NAME", "file:/etc/x", `file:C:\x`, "credential:directory", "dpapi:QUJD"} {
		secret, err := ParseSecret(text)
		if err != nil || secret.reference() != text || secret.IsZero() {
			t.Errorf("%q is %q, %v", text, secret.reference(), err)
		}
	}
	for _, text := range []string{
		"hunter2", "env:", "file:", "ENV:NAME", "vault:x", ":x", "credential:../shadow", `credential:a\b`, "credential:..", " env:NAME",
	} {
		secret, err := ParseSecret(text)
		if !errors.Is(err, ErrNotReference) || !secret.IsZero() {
			t.Errorf("%q is %q, %v", text, secret.reference(), err)
		}
		if err != nil && strings.Contains(err.Error(), "hunter2") {
			t.Errorf("the fault repeats the secret: %v", err)
		}
	}
	if secret, err := ParseSecret(""); err != nil || !secret.IsZero() {
		t.Errorf("nothing is %v, %v", secret, err)
	}
}

func TestASecretPrintsAsAPlaceholder(t *testing.T) {
	t.Parallel()
	secret := Secret{"env", "hunter2"}
	inside := struct {
		Secret  Secret
		Pointer *Secret
		List    []Secret
	}{secret, &secret, []Secret{secret}}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		for _, value := range []any{secret, inside} {
			if text := fmt.Sprintf(verb, value); strings.Contains(text, "hunter2") || strings.Contains(text, "68756e") {
				t.Errorf("%s shows %s", verb, text)
			}
		}
	}
	text, err := json.Marshal(inside)
	if err != nil || strings.Contains(string(text), "hunter2") || !strings.Contains(string(text), Placeholder) {
		t.Errorf("JSON shows %s, %v", text, err)
	}
	if got := (Secret{}).String(); got != "" {
		t.Errorf("no secret prints as %q", got)
	}
	if got := (Secret{"dpapi", "c2VhbGVk"}).Reference(); strings.Contains(got, "c2VhbGVk") {
		t.Errorf("a sealed secret is told: %s", got)
	}
}

// Not parallel: it sets variables of the environment.
func TestResolve(t *testing.T) {
	folder := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	write("directory", "from systemd\n")
	write("empty", "\n")
	t.Setenv("ESRSYNC_TEST_SECRET", "from the environment\n")
	t.Setenv("ESRSYNC_TEST_EMPTY", "")
	t.Setenv("CREDENTIALS_DIRECTORY", folder)
	tests := []struct {
		name   string
		secret Secret
		want   string
	}{
		{"a variable is taken as it is", Secret{"env", "ESRSYNC_TEST_SECRET"}, "from the environment\n"},
		{"a file without its last line end", Secret{"file", write("lf", "secret\n")}, "secret"},
		{"a file without its last Windows line end", Secret{"file", write("crlf", "secret\r\n")}, "secret"},
		{"a file with spaces keeps them", Secret{"file", write("spaces", " secret ")}, " secret "},
		{"a credential of systemd", Secret{"credential", "directory"}, "from systemd"},
		{"no secret is nothing", Secret{}, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := test.secret.Resolve()
			if err != nil || string(got) != test.want {
				t.Errorf("got %q, %v", got, err)
			}
		})
	}
	for name, secret := range map[string]Secret{
		"a variable that is not set":     {"env", "ESRSYNC_TEST_UNSET"},
		"a variable that is empty":       {"env", "ESRSYNC_TEST_EMPTY"},
		"a file that is not there":       {"file", filepath.Join(folder, "none")},
		"a file that is too large":       {"file", write("large", strings.Repeat("x", maxSecret+1))},
		"a credential that is not there": {"credential", "none"},
		"a credential that is empty":     {"credential", "empty"},
	} {
		t.Run(name+" is told", func(t *testing.T) {
			got, err := secret.Resolve()
			if !errors.Is(err, ErrSecretUnavailable) || !strings.Contains(err.Error(), secret.Reference()) || got != nil {
				t.Errorf("got %q, %v", got, err)
			}
		})
	}
}

// Not parallel: it sets a variable of the environment.
func TestACredentialNeedsSystemd(t *testing.T) {
	t.Setenv("CREDENTIALS_DIRECTORY", "")
	if _, err := (Secret{"credential", "x"}).Resolve(); !errors.Is(err, ErrSecretUnavailable) || !strings.Contains(err.Error(), "systemd") {
		t.Errorf("got %v", err)
	}
}

func TestASealedSecretOfAnotherMachineIsTold(t *testing.T) {
	t.Parallel()
	_, err := (Secret{"dpapi", "QUJD"}).Resolve()
	if !errors.Is(err, ErrSecretUnavailable) {
		t.Errorf("got %v", err)
	}
	if runtime.GOOS != "windows" && !strings.Contains(err.Error(), "Windows only") {
		t.Errorf("it does not say why: %v", err)
	}
}
