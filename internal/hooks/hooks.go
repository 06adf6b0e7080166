// Package hooks calls what ends sessions elsewhere once an account is locked out:
// a program with arguments, or an HTTPS address with a signed body.
//
// A hook learns whose account it is and nothing of why. A program is run without a
// shell and gets login name, UPN and address where its arguments ask for them. An
// address gets these as JSON, with the account's objectGUID and the ticket. The
// signature is that of docs/hooks.md.
package hooks

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"time"

	"esrsync/internal/directory"
)

// Hook is one program or one address.
type Hook struct {
	Name string
	// Command is a program and its arguments, in which {login}, {upn} and {email}
	// stand for the account's. Either this or URL.
	Command []string
	// URL begins with https.
	URL string
	// Secret returns the key of the signature, for URL. It is asked for each call,
	// so that a changed key needs no restart.
	Secret func() ([]byte, error)
	// Timeout is how long a call may take. Zero: [DefaultTimeout].
	Timeout time.Duration
}

// DefaultTimeout is how long a hook may take that says nothing else.
const DefaultTimeout = 20 * time.Second

// Target is the account whose sessions are to end.
type Target struct {
	Login   string
	UPN     string
	Email   string
	Account directory.GUID
	Ticket  string // for an address only
}

// Runner calls hooks. The zero Runner is ready; it is safe for concurrent use.
type Runner struct {
	// Roots are whom servers' certificates must come from; nil for the system's.
	Roots *x509.CertPool
	// Now is the clock of the signature's timestamp; nil for the real one.
	Now func() time.Time
}

// Run calls the hook once. The answer is the end of what it said, fit to be kept
// and shown, also where there is an error: without control characters, at most
// [AnswerSize] bytes, and without the hook's key. An error says that the sessions
// may still be open; it names the hook, never the account, and of an address no
// more than its host.
func (r Runner) Run(ctx context.Context, h Hook, t Target) (answer string, err error) {
	timeout := h.Timeout
	if timeout <= 0 {
		timeout = DefaultTimeout
	}
	ctx, cancel := context.WithTimeoutCause(ctx, timeout, fmt.Errorf("no answer within %s", timeout))
	defer cancel()
	switch {
	case len(h.Command) > 0 && h.URL == "":
		answer, err = command(ctx, h, t)
	case h.URL != "" && len(h.Command) == 0:
		answer, err = r.post(ctx, h, t)
	default:
		err = errors.New("it needs either a command or an address")
	}
	if err != nil {
		return answer, fmt.Errorf("calling hook %s: %w", h.Name, err)
	}
	return answer, nil
}

const (
	firstPause  = 5 * time.Second
	longestWait = 15 * time.Minute
)

// Backoff returns how long to wait after so many attempts that failed: 5 seconds
// after the first, each time twice that, and never more than a quarter of an hour,
// since somebody may still be at work who must not be. Nothing before the first.
func Backoff(attempts int) time.Duration {
	if attempts <= 0 {
		return 0
	}
	pause := firstPause
	for range attempts - 1 {
		if pause *= 2; pause >= longestWait {
			return longestWait
		}
	}
	return pause
}
