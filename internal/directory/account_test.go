package directory_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"esrsync/internal/directory"
)

func TestControl(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := directory.Control(rapid.Uint32().Draw(t, "control"))
		off, on := c.WithDisabled(), c.WithEnabled()
		const ours = directory.Disabled | directory.PasswordNotRequired
		switch {
		case off.Enabled() || !on.Enabled():
			t.Fatalf("%s: disabled is %s, enabled is %s", c, off, on)
		case on.Has(directory.PasswordNotRequired):
			t.Fatalf("%s: enabled it may do without a password", c)
		case off&^directory.Disabled != c&^directory.Disabled, on&^ours != c&^ours:
			t.Fatalf("%s: bits that are not ours were changed: %s, %s", c, off, on)
		}
	})
	if got := directory.NormalAccount.WithDisabled().String(); got != "514" {
		t.Errorf("a normal disabled account is %q, want 514", got)
	}
}

func TestFileTime(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, text string
		want       time.Time
	}{
		{"0 is never", "0", time.Time{}},
		{"the largest number is never", "9223372036854775807", time.Time{}},
		{"what is no number is never", "tomorrow", time.Time{}},
		{"a negative number is never", "-1", time.Time{}},
		{"1 January 2026", "134116992000000000", time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := directory.ParseFileTime(tt.text); !got.Equal(tt.want) {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
	if got := directory.FileTime(time.Time{}); got != "0" {
		t.Errorf("never is %q, want 0", got)
	}
}

func TestFileTimeSurvives(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		// From 1601, where the count begins, to the year 3000, to a tenth of a microsecond.
		want := time.Unix(rapid.Int64Range(-11644473599, 32503680000).Draw(t, "seconds"), 100*rapid.Int64Range(0, 9_999_999).Draw(t, "ticks")).UTC()
		if got := directory.ParseFileTime(directory.FileTime(want)); !got.Equal(want) {
			t.Fatalf("%s came back as %s", want, got)
		}
	})
}

func FuzzParseFileTime(f *testing.F) {
	f.Add("0")
	f.Add("133801632000000000")
	f.Add("9223372036854775807")
	f.Fuzz(func(t *testing.T, s string) {
		if got := directory.ParseFileTime(s); !got.IsZero() && !directory.ParseFileTime(directory.FileTime(got)).Equal(got) {
			t.Errorf("%q is %s, which does not survive", s, got)
		}
	})
}

func TestAddresses(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name    string
		account directory.Account
		want    []string
	}{
		{"none", directory.Account{}, nil},
		{"mail comes first, and once", directory.Account{Mail: "Ann@x", ProxyAddresses: []string{"smtp:old@x", "SMTP:ann@X"}}, []string{"ann@x", "old@x"}},
		{"other kinds of addresses are none", directory.Account{ProxyAddresses: []string{"X500:/o=x", "sip:ann@x", "smtp:"}}, nil},
		{"a prefix of any case", directory.Account{ProxyAddresses: []string{"Smtp:ann@x"}}, []string{"ann@x"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := tt.account.Addresses(); !slices.Equal(got, tt.want) {
				t.Errorf("got %v, want %v", got, tt.want)
			}
		})
	}
}

func TestAddressesAreDistinctAndLowerCase(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a := directory.Account{Mail: rapid.SampledFrom([]string{"", "A@x", " b@X "}).Draw(t, "mail"),
			ProxyAddresses: rapid.SliceOf(rapid.SampledFrom([]string{"SMTP:a@x", "smtp:B@x", "smtp: ", "X400:c", "smtp:d@x"})).Draw(t, "proxies")}
		got := a.Addresses()
		for i, s := range got {
			if s == "" || s != strings.ToLower(strings.TrimSpace(s)) || slices.Contains(got[:i], s) {
				t.Fatalf("%+v has the addresses %q", a, got)
			}
		}
	})
}

func TestValueFindsAnyCase(t *testing.T) {
	t.Parallel()
	a := directory.Account{Attributes: map[string]string{"givenName": "Ann"}}
	for name, want := range map[string]string{"givenName": "Ann", "GIVENNAME": "Ann", "sn": ""} {
		if got := a.Value(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
}
