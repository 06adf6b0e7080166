package hooks_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"runtime"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"esrsync/internal/hooks"
)

func TestAProgramGetsItsArgumentsAsTheyAre(t *testing.T) {
	t.Parallel()
	nasty := `x" ; touch pwned $(touch pwned) %PATH% & | > 'y' {email}`
	for claim, c := range map[string]struct {
		arguments []string
		target    hooks.Target
		want      []string
	}{
		"the three names, alone and within a text": {
			[]string{"{login}", "--user={upn}", "<{email}|{login}>"}, target(),
			[]string{"ttestley", "--user=test.testley@trust.example", "<t.testley@trust.example|ttestley>"},
		},
		"no placeholder, an option and nothing": {[]string{"--all", "", "$HOME"}, target(), []string{"--all", "", "$HOME"}},
		"signs that a shell would read, and braces that come with a name": {
			[]string{"{login}", "{upn}"}, hooks.Target{Login: nasty, UPN: "a\nb"}, []string{nasty, "a\nb"},
		},
		"an option whose value begins with a dash": {
			[]string{"--user={login}"}, hooks.Target{Login: "-rf"}, []string{"--user=-rf"},
		},
	} {
		t.Run(claim, func(t *testing.T) {
			t.Parallel()
			answer, err := hooks.Runner{}.Run(t.Context(), program(t, "say", c.arguments...), c.target)
			if err != nil {
				t.Fatal(err)
			}
			if want := fmt.Sprintf("%q", c.want); answer != want {
				t.Errorf("the program got %s, want %s", answer, want)
			}
		})
	}
}

func TestWhatWouldBeTakenForSomethingElseIsRefusedBeforeTheProgramRuns(t *testing.T) {
	t.Parallel()
	batch := hooks.Hook{Name: "vpn", Command: []string{`C:\hooks\End.CMD`, "{login}"}}
	for claim, c := range map[string]struct {
		hook   hooks.Hook
		target hooks.Target
		say    string
	}{
		"a name that is missing":             {program(t, "say", "{email}"), hooks.Target{Login: "x", UPN: "y"}, "no email"},
		"a name that would be an option":     {program(t, "say", "{login}"), hooks.Target{Login: "--everybody"}, "dash"},
		"a name with a NUL":                  {program(t, "say", "{login}"), hooks.Target{Login: "a\x00b"}, "login"},
		"a placeholder of the hold's reason": {program(t, "say", "{category}"), target(), "{category}"},
		"a placeholder of the ticket":        {program(t, "say", "{ticket}"), target(), "{ticket}"},
		"a batch file, which a shell runs":   {batch, target(), "shell"},
	} {
		t.Run(claim, func(t *testing.T) {
			t.Parallel()
			answer, err := hooks.Runner{}.Run(t.Context(), c.hook, c.target)
			wantError(t, err, c.say)
			if answer != "" {
				t.Errorf("the program ran and said %q", answer)
			}
		})
	}
}

func TestAProgramGetsNoneOfOurSecretsAndNothingOfTheHold(t *testing.T) {
	t.Parallel()
	answer, err := hooks.Runner{}.Run(t.Context(), program(t, "environment"), target())
	if err != nil {
		t.Fatal(err)
	}
	for _, planted := range []string{plantedVariable, "planted"} {
		if strings.Contains(answer, planted) {
			t.Errorf("the program's environment has %s: %s", planted, answer)
		}
	}
	if !strings.Contains(answer, "PATH=") {
		t.Errorf("the program's environment lacks a path: %s", answer)
	}
}

func TestAProgramThatFailsIsAnErrorWithWhatItSaid(t *testing.T) {
	t.Parallel()
	answer, err := hooks.Runner{}.Run(t.Context(), program(t, "complain", "{login}"), target())
	wantError(t, err, "exit status 3")
	if answer != "no such user" {
		t.Errorf("the answer is %q", answer)
	}
	if strings.Contains(err.Error(), "ttestley") {
		t.Errorf("the error names the account: %v", err)
	}
}

func TestAProgramThatIsNotThereIsAnError(t *testing.T) {
	t.Parallel()
	_, err := hooks.Runner{}.Run(t.Context(), hooks.Hook{Name: "vpn", Command: []string{"/no/such/program"}}, target())
	wantError(t, err, "/no/such/program")
}

func TestOfALongAnswerTheEndIsKept(t *testing.T) {
	t.Parallel()
	answer, err := hooks.Runner{}.Run(t.Context(), program(t, "chatter"), target())
	if err != nil {
		t.Fatal(err)
	}
	if len(answer) > hooks.AnswerSize || len(answer) < hooks.AnswerSize-8 || !strings.HasSuffix(answer, "chatter THE END") || !utf8.ValidString(answer) {
		t.Errorf("%d bytes were kept, ending in %q", len(answer), answer[max(0, len(answer)-20):])
	}
}

func TestAProgramThatTakesTooLongIsEndedWithAllThatItStarted(t *testing.T) {
	t.Parallel()
	for _, part := range []string{"hang", "leave"} {
		t.Run(part, func(t *testing.T) {
			t.Parallel()
			if part == "leave" && runtime.GOOS == "windows" {
				t.Skip("Windows has no groups of processes; what a program started lives on there")
			}
			address, ended := listen(t)
			h := program(t, part, address)
			h.Timeout = 500 * time.Millisecond
			_, err := hooks.Runner{}.Run(t.Context(), h, target())
			wantError(t, err, "no answer within 500ms")
			if err := <-ended; err != nil {
				t.Error(err)
			}
		})
	}
}

func TestACancelledCallEndsTheProgram(t *testing.T) {
	t.Parallel()
	address, ended := listen(t)
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(300*time.Millisecond, cancel)
	_, err := hooks.Runner{}.Run(ctx, program(t, "hang", address), target())
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got error %v", err)
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// listen returns an address, and tells when whoever connected to it is gone. Where
// nobody did in time, nobody is there to be gone.
func listen(t *testing.T) (address string, ended chan error) {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := listener.(*net.TCPListener).SetDeadline(time.Now().Add(20 * time.Second)); err != nil {
		t.Fatal(err)
	}
	ended = make(chan error, 1)
	go func() {
		connection, err := listener.Accept()
		if err != nil {
			ended <- err
			return
		}
		_ = connection.SetReadDeadline(time.Now().Add(20 * time.Second)) // Without one the test's own would do.
		_, err = io.Copy(io.Discard, connection)
		var late net.Error
		if !errors.As(err, &late) || !late.Timeout() {
			err = nil // Its end and its being cut off are the same to us.
		}
		ended <- err
	}()
	return listener.Addr().String(), ended
}
