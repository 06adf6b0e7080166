package config

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"
)

func FuzzParse(f *testing.F) {
	seeds, err := filepath.Glob("testdata/*.toml")
	if err != nil {
		f.Fatal(err)
	}
	for _, seed := range append(seeds, sampleFile) {
		data, err := os.ReadFile(seed)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		config, err := Parse(data, "fuzz.toml")
		var faults Faults
		if err != nil && (!errors.As(err, &faults) || len(faults) == 0) {
			t.Fatalf("an error that is no list of faults: %v", err)
		}
		if err == nil && len(config.String()) == 0 {
			t.Fatal("a configuration that cannot be shown")
		}
		for _, fault := range faults {
			if fault.Message == "" || fault.Line < 0 {
				t.Fatalf("a fault that tells nothing: %+v", fault)
			}
		}
	})
}

func FuzzParseDuration(f *testing.F) {
	for _, seed := range []string{"90s", "15m", "26h", "14d", "1d2h3m4s", "106752d", "-1s", ""} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		length, err := ParseDuration(text)
		if err != nil {
			return
		}
		if again, err := ParseDuration(length.String()); length < 0 || err != nil || again != length {
			t.Fatalf("%q is %v, which is read as %v, %v", text, length, again, err)
		}
	})
}

func FuzzParseQuietHours(f *testing.F) {
	for _, seed := range []string{"Fri 16:00 - Mon 07:00", "sunday 00:00-sat 23:59", "Fri 16:00", "-", ""} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		quiet, err := ParseQuietHours(text)
		if err != nil {
			return
		}
		if !quiet.Covers(quiet.From.Day, quiet.From.At.Minutes()) || quiet.Covers(quiet.To.Day, quiet.To.At.Minutes()) {
			t.Fatalf("%q does not begin or end where it says", text)
		}
		if again, err := ParseQuietHours(quiet.String()); err != nil || again != quiet {
			t.Fatalf("%q prints as %q", text, quiet)
		}
	})
}

func FuzzParseCron(f *testing.F) {
	for _, seed := range []string{"0 6 * * *", "*/7 8-18/5 1,15 JAN-MAR 7", "0 6 30 2 *", "* * * *"} {
		f.Add(seed)
	}
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, text string) {
		cron, err := ParseCron(text)
		if err != nil {
			return
		}
		if next := cron.Next(start); !next.IsZero() && !cron.Matches(next) {
			t.Fatalf("%q comes at %v, and does not", text, next)
		}
	})
}
