package hold

import (
	"context"
	"errors"
	"time"

	"github.com/sirupsen/logrus"

	"esrsync/esrmodel"
	"esrsync/internal/directory"
	"esrsync/internal/state"
	"esrsync/internal/token"
)

// Kinds of refusal. Match with [errors.Is].
var (
	// ErrNobody reports a key that no account and no person has.
	ErrNobody = errors.New("nobody has this employee number, login or address")
	// ErrSeveral reports a key that fits accounts of several people.
	ErrSeveral = errors.New("this fits accounts of several people")
	// ErrSpared reports that no account of the person may be locked out.
	ErrSpared = errors.New("no lockout touches this account")
	// ErrTooMany reports a requester who has had lockout.max_per_hour lockouts in
	// the last hour: another person must confirm.
	ErrTooMany = errors.New("too many lockouts in an hour for one person")
	// ErrSamePerson reports a second person who is the first.
	ErrSamePerson = errors.New("the second person must be somebody else")
	// ErrOver reports a release of a hold that is released already.
	ErrOver = errors.New("the hold is released already")
)

// Controller is one writable controller, and never another one.
type Controller interface {
	directory.Reader
	directory.Writer
	directory.Locker
	directory.Finder
}

// Domain knows the controllers.
type Domain interface {
	// Controllers returns the name of every writable controller, the PDC emulator
	// first where it is known. The names are those that Open takes.
	Controllers(ctx context.Context) ([]string, error)
	// Open connects to one controller. The function gives the connection back.
	Open(ctx context.Context, host string) (Controller, func(), error)
}

// Record keeps holds and what belongs to them. Each method returns only once its
// word is durable.
type Record interface {
	SaveHold(ctx context.Context, h state.Hold) error
	// UpdateHold changes one hold while nobody else does, and returns what was kept.
	UpdateHold(ctx context.Context, id string, change func(*state.Hold) error) (state.Hold, error)
	// Holds returns the holds that are not released, or with all every one.
	Holds(ctx context.Context, all bool) ([]state.Hold, error)
	// IsHeld reports whether a hold that is not released is on the person or the account.
	IsHeld(ctx context.Context, personID string, account directory.GUID) (bool, error)
	LockoutsSince(ctx context.Context, requester string, since time.Time) (int, error)
	EnsureHookRuns(ctx context.Context, runs []state.HookRun) error
	DueHookRuns(ctx context.Context, at time.Time) ([]state.HookRun, error)
	SaveHookRun(ctx context.Context, r state.HookRun) error
	EnsureTask(ctx context.Context, t state.Task) (opened bool, err error)
	CloseTask(ctx context.Context, id, by, evidence string, at time.Time) error
	Append(ctx context.Context, events ...state.Event) error
}

// Hooks end sessions elsewhere.
type Hooks interface {
	// Names are the hooks of the configuration, in its order.
	Names() []string
	// Run calls one hook once for one account and returns the end of its answer,
	// without secrets. It bounds its own time.
	Run(ctx context.Context, name string, about HookCall) (answer string, err error)
	// Pause is how long to wait after so many attempts that failed.
	Pause(attempts int) time.Duration
}

// HookCall is all that a hook learns: the account, and never the reason.
type HookCall struct {
	HoldID  string
	Account directory.GUID
	Login   string
	UPN     string
	Address string
	Ticket  string
}

// Spool holds lockouts that were placed while the store was away.
type Spool interface {
	// Pending returns them, oldest first.
	Pending(ctx context.Context) ([]state.Hold, error)
	// Taken forgets one that is in the store now.
	Taken(ctx context.Context, id string) error
}

// Policy is what a trust decides about lockouts.
type Policy struct {
	MarkerAttribute  string
	Bases            []string // where accounts are looked for; at least one
	Never            []string // patterns of logins, with * and ?
	Ours             []string // what our own accounts sign in as: login, UPN, DOMAIN\login or DN
	IncludeProtected bool
	Secondary        []string // patterns of a person's further logins, with {login}
	StripGroups      bool
	Groups           []string // DNs of the groups that may be taken, and
	GroupBases       []string // of what they may be below
	ProtectedGroups  []string // DNs that are never taken from, with the privileged groups
	MaxPerHour       int      // lockouts that one requester has at once; zero: no limit
	TwoPersonRelease bool
}

// Standing is whether a person may sign in, by the store.
type Standing struct {
	Known bool
	May   bool
	Why   string // in a sentence
}

// Locker places and lifts holds. Build it once; it may be used by several
// goroutines. Hooks, Spool and Standing may be nil; so may Sealer where the key
// cannot be read: accounts are then switched off, and marked by the next who can.
type Locker struct {
	Domain   Domain
	Record   Record
	Sealer   *token.Sealer
	Password func(names ...string) (string, error) // one that nobody knows
	Policy   Policy
	Standing func(ctx context.Context, personID string) (Standing, error)
	Hooks    Hooks
	Spool    Spool
	Now      func() time.Time
	Log      logrus.FieldLogger
	Attempt  time.Duration // how long one controller may take for one account; zero is 10 seconds
}

// Order is on whose word and why.
type Order struct {
	Ticket    string
	Category  string // goes into the store and nowhere else
	Requester string
	Second    string // who confirmed beyond MaxPerHour; proven by the caller
	Review    esrmodel.Date
}

// Step is something that was done to one account, told as it happens.
type Step struct {
	Login      string
	Controller string
	What       string // one of the What constants
	At         time.Time
	Err        error // why it was not done
}

// What a [Step] tells.
const (
	WhatDisabled = "switched off"
	WhatReset    = "password reset twice"
	WhatStripped = "memberships taken"
)

const defaultAttempt = 10 * time.Second

// attempt bounds the time for one controller and one account.
func (l *Locker) attempt(ctx context.Context) (context.Context, context.CancelFunc) {
	d := l.Attempt
	if d <= 0 {
		d = defaultAttempt
	}
	return context.WithTimeout(ctx, d)
}

// ledger writes what happened into the ledger. One that cannot be written is told
// loudly and keeps nobody's access open.
func (l *Locker) ledger(ctx context.Context, events ...state.Event) {
	for i := range events {
		events[i].At = l.Now().UTC()
		if events[i].Actor == "" {
			events[i].Actor = state.Daemon
		}
	}
	if err := l.Record.Append(ctx, events...); err != nil {
		l.Log.WithError(err).Error("writing a lockout into the ledger")
	}
}

// on runs work on the first controller that can be reached, in the domain's
// order. An answer, also a refusal, ends the search.
func (l *Locker) on(ctx context.Context, work func(context.Context, Controller) error) error {
	hosts, err := l.Domain.Controllers(ctx)
	if err != nil {
		return err
	}
	last := directory.ErrUnavailable
	for _, host := range hosts {
		if last = l.at(ctx, host, work); !unreachable(last) || ctx.Err() != nil {
			return last
		}
	}
	return last
}

// at runs work on one controller, in bounded time.
func (l *Locker) at(ctx context.Context, host string, work func(context.Context, Controller) error) error {
	ctx, cancel := l.attempt(ctx)
	defer cancel()
	c, done, err := l.Domain.Open(ctx, host)
	if err != nil {
		return err
	}
	defer done()
	return work(ctx, c)
}

// unreachable reports whether another controller may still answer.
func unreachable(err error) bool {
	return errors.Is(err, directory.ErrUnavailable) || errors.Is(err, context.DeadlineExceeded)
}
