package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"esrsync/config"
	"esrsync/internal/directory"
	"esrsync/internal/state"
)

// The exit codes, as docs/commands.md tells them. Where several apply, a command
// ends with the first of: usage, unreachable, busy, failed, quarantined, partly,
// held, changes.
const (
	exitDone        = 0
	exitFailed      = 1
	exitUsage       = 2 // usage or configuration
	exitChanges     = 3 // plan found changes
	exitHeld        = 4 // held by the guard
	exitPartly      = 5 // some changes failed
	exitQuarantined = 6 // a feed was quarantined
	exitBusy        = 7 // another run is under way
	exitUnreachable = 8 // the directory or the store cannot be reached
)

// ended is a command that did what it was asked, with something to tell by its exit code.
type ended struct{ code int }

func (e ended) Error() string { return fmt.Sprintf("ended with code %d", e.code) }

// usageError is a command that was called in a way that cannot be.
type usageError struct{ err error }

func (e usageError) Error() string { return e.err.Error() }
func (e usageError) Unwrap() error { return e.err }

// usage returns a usage error.
func usage(format string, args ...any) error { return usageError{fmt.Errorf(format, args...)} }

// kinds maps errors to exit codes, the first that fits, and says what to do about each.
func kinds() []struct {
	is   func(error) bool
	code int
	hint string
} {
	match := func(targets ...error) func(error) bool {
		return func(err error) bool {
			for _, t := range targets {
				if errors.Is(err, t) {
					return true
				}
			}
			return false
		}
	}
	return []struct {
		is   func(error) bool
		code int
		hint string
	}{
		{isAs[config.Faults], exitUsage, "Mend the configuration and try: esrsyncd config check"},
		{isAs[usageError], exitUsage, "Try: esrsyncd COMMAND --help"},
		{match(config.ErrSecretUnavailable), exitUsage, "The configuration names a secret that this user cannot read."},
		{match(state.ErrNewer), exitUsage, "Use the version of esrsyncd that wrote the store, or a later one."},
		// A stop comes back from whatever was waiting just then, often as something unreachable.
		{match(context.Canceled), exitFailed, "It was stopped. What was under way was finished and written down; the next run goes on from there. See: esrsyncd runs"},
		{match(directory.ErrCredentials), exitUnreachable, "The directory refused our own name or password. Nothing more was tried, so that the account is not locked."},
		{match(directory.ErrUnavailable, state.ErrUnavailable), exitUnreachable, "Check the network, the names, the certificate and, for the store, the disk and the rights; then try again: a run goes on where the last one stopped."},
		{match(state.ErrLeaseLost), exitBusy, "Wait for it to end; esrsyncd runs shows it."},
		{match(directory.ErrIncomplete), exitFailed, "Nothing was changed: what could not be read is not taken for absent."},
	}
}

func isAs[T error](err error) bool {
	var target T
	return errors.As(err, &target)
}

// told is an error as it is told with --json.
type told struct {
	Error string `json:"error"`
	Hint  string `json:"hint"` // what to do about it; empty: nothing is known
	Exit  int    `json:"exit"`
}

// exitCode tells the error to the user and returns the code to end with.
func exitCode(err error, asJSON bool, out io.Writer) int {
	if err == nil {
		return exitDone
	}
	var done ended
	if errors.As(err, &done) {
		return done.code
	}
	code, hint := exitFailed, ""
	for _, k := range kinds() {
		if k.is(err) {
			code, hint = k.code, k.hint
			break
		}
	}
	if asJSON {
		// Safe to ignore: there is nowhere left to report it.
		_ = json.NewEncoder(out).Encode(told{err.Error(), hint, code})
		return code
	}
	fmt.Fprintln(out, "esrsyncd: "+err.Error())
	if hint != "" {
		fmt.Fprintln(out, hint)
	}
	return code
}
