package engine

import (
	"context"
	"encoding/json"
	"time"

	"esrsync/esrmodel"
	"esrsync/internal/directory"
	"esrsync/internal/finding"
	"esrsync/internal/state"
)

// Store is what a run remembers and asks, by role.
type Store interface {
	Mirror
	Links
	Names
	Plans
	Journal
	Runs
	Memory
	Lease
	Ledger
	Holds
}

// Mirror keeps what ESR sent.
type Mirror interface {
	Staff(ctx context.Context) (esrmodel.Staff, error)
	ApplyFeed(ctx context.Context, f state.Feed, b esrmodel.Batch) error
	SetExternals(ctx context.Context, f state.Feed, people []esrmodel.External) error
	RecordFeed(ctx context.Context, f state.Feed) error
	LastFeed(ctx context.Context, source string) (state.Feed, bool, error)
	Feeds(ctx context.Context, limit int) ([]state.Feed, error)
	SetGap(ctx context.Context, source string, since time.Time, detail string) error
	Gap(ctx context.Context, source string) (state.Gap, error)
	Setting(ctx context.Context, key string) (string, error)
	SetSetting(ctx context.Context, key, value string) error
}

// Links keeps whose an account is.
type Links interface {
	Links(ctx context.Context) ([]state.Link, error)
	SaveLink(ctx context.Context, links ...state.Link) error
	Decisions(ctx context.Context) ([]state.Decision, error)
}

// Names keeps every login and address that was ever given.
type Names interface {
	Names(ctx context.Context) ([]state.Name, error)
	ReserveNames(ctx context.Context, names []state.Name) error
	ImportNames(ctx context.Context, names []state.Name) (added int, err error)
}

// Plans keeps plans, and what people said of them.
type Plans interface {
	SavePlan(ctx context.Context, id string, asOf esrmodel.Date, body json.RawMessage, at time.Time) error
	Approvals(ctx context.Context, at time.Time) ([]state.Approval, error)
}

// Journal keeps what was intended and what came of it.
type Journal interface {
	Intend(ctx context.Context, entries []state.Entry) ([]int64, error)
	SettleAll(ctx context.Context, settled []state.Entry) error
	OpenEntries(ctx context.Context) ([]state.Entry, error)
	EntriesOfPerson(ctx context.Context, personID string, limit int) ([]state.Entry, error)
	AppliedSince(ctx context.Context, t time.Time) ([]state.Entry, error)
}

// Runs keeps the runs themselves.
type Runs interface {
	StartRun(ctx context.Context, r state.Run) error
	FinishRun(ctx context.Context, r state.Run) error
	UnfinishedRuns(ctx context.Context) ([]state.Run, error)
}

// Memory keeps findings, tasks, and people's answers.
type Memory interface {
	SeeFindings(ctx context.Context, day esrmodel.Date, seen []finding.Finding) (open, closed []finding.Finding, err error)
	EnsureTask(ctx context.Context, t state.Task) (opened bool, err error)
	Tasks(ctx context.Context, all bool) ([]state.Task, error)
	CloseTask(ctx context.Context, id, by, evidence string, at time.Time) error
	Keeps(ctx context.Context, on esrmodel.Date) ([]state.Keep, error)
	Confirmations(ctx context.Context) ([]state.Confirmation, error)
}

// Lease proves that one run goes on at a time.
type Lease interface {
	Acquire(ctx context.Context, name, owner string, ttl time.Duration) (fence int64, err error)
	Renew(ctx context.Context, name string, fence int64, ttl time.Duration) error
	Release(ctx context.Context, name string, fence int64) error
	CheckFence(ctx context.Context, name string, fence int64) error
}

// Ledger keeps who did what, when and why.
type Ledger interface {
	Append(ctx context.Context, events ...state.Event) error
}

// Holds keeps who is locked out.
type Holds interface {
	Holds(ctx context.Context, all bool) ([]state.Hold, error)
	// IsHeld is asked before every write.
	IsHeld(ctx context.Context, personID string, account directory.GUID) (bool, error)
}
