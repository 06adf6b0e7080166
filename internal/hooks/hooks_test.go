package hooks_test

import (
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"esrsync/internal/directory"
	"esrsync/internal/hooks"
)

// child is the first argument of this binary where it is a hook's program.
const child = "hook-child"

// plantedVariable is in our environment, and no hook's business.
const plantedVariable = "ESRSYNC_TEST_PLANTED"

// TestMain lets this binary also be the program that a hook runs.
func TestMain(m *testing.M) {
	if len(os.Args) > 2 && os.Args[1] == child {
		os.Exit(play(os.Args[2], os.Args[3:]))
	}
	if err := os.Setenv(plantedVariable, "planted-secret"); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}

// play is what the hook's program does.
func play(part string, arguments []string) int {
	switch part {
	case "say": // its arguments, as they came
		fmt.Printf("%q", arguments)
	case "environment":
		fmt.Print(os.Environ())
	case "chatter":
		fmt.Print(strings.Repeat("chatter ", 200_000), "THE END")
	case "complain":
		fmt.Fprint(os.Stderr, "no such user")
		return 3
	case "hang": // on a connection, whose end shows that it was ended
		connection, err := net.Dial("tcp", arguments[0])
		if err != nil {
			return 1
		}
		_, _ = io.Copy(io.Discard, connection)
	case "leave": // a program of its own that hangs
		left := exec.Command(os.Args[0], child, "hang", arguments[0])
		left.Stdout, left.Stderr = os.Stdout, os.Stderr
		if left.Start() != nil || left.Wait() != nil {
			return 1
		}
	}
	return 0
}

// program returns a hook that runs this binary.
func program(t *testing.T, part string, arguments ...string) hooks.Hook {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return hooks.Hook{Name: "vpn", Command: append([]string{self, child, part}, arguments...), Timeout: time.Minute}
}

func target() hooks.Target {
	return hooks.Target{
		Login: "ttestley", UPN: "test.testley@trust.example", Email: "t.testley@trust.example",
		Account: directory.GUID{1, 2, 3, 4, 15: 16}, Ticket: "INC-planted-ticket",
	}
}

// wantError complains where there is no error, or one that lacks a word.
func wantError(t *testing.T, err error, words ...string) {
	t.Helper()
	for _, word := range append(words, "vpn") {
		if err == nil || !strings.Contains(err.Error(), word) {
			t.Errorf("got error %v, want one that says %q", err, word)
		}
	}
}

func TestAHookNeedsEitherACommandOrAnAddress(t *testing.T) {
	t.Parallel()
	both := program(t, "say")
	both.URL = "https://127.0.0.1:1/"
	for _, h := range []hooks.Hook{{Name: "vpn"}, both} {
		_, err := hooks.Runner{}.Run(t.Context(), h, target())
		wantError(t, err, "either a command or an address")
	}
}

func TestTheWaitGrowsToAQuarterOfAnHour(t *testing.T) {
	t.Parallel()
	for attempts, want := range map[int]time.Duration{
		-1: 0, 0: 0, 1: 5 * time.Second, 2: 10 * time.Second, 3: 20 * time.Second, 8: 640 * time.Second,
		9: 15 * time.Minute, 10: 15 * time.Minute, 1 << 40: 15 * time.Minute,
	} {
		if got := hooks.Backoff(attempts); got != want {
			t.Errorf("after %d attempts the wait is %s, want %s", attempts, got, want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 100).Draw(t, "attempts")
		if a, b := hooks.Backoff(n), hooks.Backoff(n+1); b < a || b > 15*time.Minute {
			t.Fatalf("after %d attempts %s, after one more %s", n, a, b)
		}
	})
}
