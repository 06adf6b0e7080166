// Package engine runs one night, end to end: it takes in what ESR sent, reads
// the directory, matches, plans, asks the guard, applies and reports. The
// scheduler, the commands and the console all call the one function [Engine.Sync].
//
// The engine decides nothing itself. What a person is, whose an account is, what
// should change and what may change is said by the pure rooms to its left; it
// brings them their inputs, carries their word to the directory and writes
// everything down.
package engine

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/sirupsen/logrus"

	"esrsync/esrmodel"
	"esrsync/internal/directory"
	"esrsync/internal/finding"
	"esrsync/internal/state"
	"esrsync/internal/token"
	"esrsync/sync/apply"
	"esrsync/sync/guard"
	"esrsync/sync/match"
	"esrsync/sync/person"
	"esrsync/sync/plan"
)

// Engine holds what a run needs. Build it once; every method may be called again.
type Engine struct {
	Store     Store
	Directory Directory
	Settings  Settings
	Sealer    *token.Sealer
	Password  func(names ...string) (string, error) // for accounts that nobody can sign in to yet
	Holds     Holder                                // carries out lockouts; nil: this engine only plans
	Now       func() time.Time
	Log       logrus.FieldLogger
	// Progress is told how far a run is; nil: nobody watches.
	Progress func(stage string, done, total int)
}

// Directory opens connections to the directory. Planning only ever opens a reader.
type Directory interface {
	// Reader opens a connection that cannot write. The function closes it.
	Reader(ctx context.Context) (directory.Reader, func(), error)
	// Writer opens a connection that can.
	Writer(ctx context.Context) (directory.Writer, func(), error)
}

// Settings is what the configuration says, in the engine's words.
type Settings struct {
	Mode     string         // observe or enforce, for the record
	Zone     *time.Location // the trust's time zone
	LeaverAt time.Duration  // after midnight: from then on, who leaves that day is out
	Base     string         // where accounts are read, so that none is made twice
	Bases    []string       // where accounts are managed
	Scope    []string       // further attributes to read
	People   person.Policy
	Workers  int
	Lease    time.Duration
	Machine  string // names this process in the lease
	Feeds    FeedSettings
	// Policies compiles the rules of the configuration, which name organisations.
	Policies func(staff esrmodel.Staff, day esrmodel.Date) (plan.Policy, guard.Policy, error)
}

// Request says what sort of run is wanted.
type Request struct {
	Trigger string        // who or what asked: schedule, feed, command, the login of a person
	Person  string        // only this person ID; empty: everybody
	AsOf    esrmodel.Date // zero: now. Otherwise the beginning of that day
}

// Outcome is all there is to say of a run.
type Outcome struct {
	Run      state.Run
	Feeds    []state.Feed // judged in this run
	People   []person.Person
	Accounts []directory.Account
	Matches  match.Result
	States   map[directory.GUID]string // what each valid token says of its account
	Holds    int                       // lockouts in force
	Plan     plan.Plan                 // with its verdict
	Applied  []apply.Outcome
	Findings []finding.Finding // open
	Closed   []finding.Finding // since the last run
	Tasks    []state.Task      // open
	Notes    []string          // what a reader should know before the numbers
}

// Sync makes one run: read, gate, match, plan, guard, apply, report. It returns
// what there is to say also when it fails: a report is made of every run. Only
// one run goes on at a time; a second one gets [state.ErrLeaseLost].
func (e *Engine) Sync(ctx context.Context, req Request) (Outcome, error) {
	lease, err := e.lease(ctx)
	if err != nil {
		return Outcome{}, err
	}
	defer lease.release(ctx)
	return e.record(ctx, req, func(ctx context.Context, out *Outcome) error {
		e.finishHolds(ctx)
		if err := e.closeKilled(ctx, out.Run.ID); err != nil {
			return err
		}
		if err := e.takeFeeds(ctx, out); err != nil {
			return err
		}
		night, err := e.decide(ctx, req, out)
		if err != nil || night == nil {
			return err
		}
		if err := e.apply(ctx, night, lease, out); err != nil {
			return err
		}
		return e.conclude(ctx, night, out)
	})
}

// Plan decides what a run would do and writes nothing but the plan itself, so
// that it can be approved.
func (e *Engine) Plan(ctx context.Context, req Request) (Outcome, error) {
	var out Outcome
	night, err := e.decide(ctx, req, &out)
	if err != nil || night == nil {
		return out, err
	}
	out.Findings = night.findings
	finding.Sort(out.Findings)
	return out, e.savePlan(ctx, out.Plan)
}

// night is what one run knows while it decides.
type night struct {
	at       person.Moment
	now      time.Time
	explains bool // settles what an earlier run left open: only a run that holds the lease
	input    plan.Input
	findings []finding.Finding
	holds    []state.Hold // that are not released, by the store and by the tokens
}

// decide reads everything and returns what should change and what may. A store
// that no feed ever came to gives no night: absence of data decides nothing.
func (e *Engine) decide(ctx context.Context, req Request, out *Outcome) (*night, error) {
	staff, err := e.Store.Staff(ctx)
	if err != nil {
		return nil, fmt.Errorf("reading the mirror of ESR: %w", err)
	}
	if len(staff.People) == 0 && len(staff.Externals) == 0 {
		out.Notes = append(out.Notes, "No feed was ever taken in, so nobody is known and nothing is done. Put ESR's full file into the inbox, or run: esrsyncd feed accept FILE")
		return nil, nil
	}
	n := e.moment(req)
	planPolicy, guardPolicy, err := e.Settings.Policies(staff, n.at.Day)
	if err != nil {
		return nil, err
	}
	n.explains = out.Run.ID != ""
	if err := e.gather(ctx, n, staff, planPolicy); err != nil {
		return nil, err
	}
	out.Notes = append(out.Notes, lacking(n.input)...)
	p := plan.Calculate(n.input)
	p = only(p, req.Person)
	n.findings = once(slices.Concat(n.findings, p.Findings, late(n, p)))
	p.Findings = n.findings
	verdict, err := e.judge(ctx, n, p, guardPolicy)
	if err != nil {
		return nil, err
	}
	p.Verdict = &verdict
	out.Plan, out.People, out.Accounts, out.Matches = p, n.input.People, n.input.Accounts, n.input.Matches
	out.States, out.Holds = e.states(n.input.Accounts), len(n.holds)
	return n, nil
}

// once returns the findings sorted, each identity once: two rooms may notice the
// same thing.
func once(all []finding.Finding) []finding.Finding {
	finding.Sort(all)
	seen := map[string]bool{}
	return slices.DeleteFunc(all, func(f finding.Finding) bool {
		again := seen[f.ID]
		seen[f.ID] = true
		return again
	})
}

// moment returns the instant for which a run decides.
func (e *Engine) moment(req Request) *night {
	now := e.Now().In(e.Settings.Zone)
	if !req.AsOf.IsZero() {
		return &night{now: now, at: person.Moment{Day: req.AsOf}}
	}
	today := esrmodel.DateOf(now)
	// By the clock on the wall: a day on which it changes has 23 or 25 hours.
	closing := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, int(e.Settings.LeaverAt.Seconds()), 0, e.Settings.Zone)
	return &night{now: now, at: person.Moment{Day: today, Closed: !now.Before(closing)}}
}

// only keeps the changes of one person.
func only(p plan.Plan, personID string) plan.Plan {
	if personID == "" {
		return p
	}
	var kept []plan.Change
	for _, c := range p.Changes {
		if c.PersonID == personID {
			kept = append(kept, c)
		}
	}
	p.Changes = kept
	return p.Seal()
}

// judge asks the guard.
func (e *Engine) judge(ctx context.Context, n *night, p plan.Plan, policy guard.Policy) (guard.Verdict, error) {
	applied, err := e.Store.AppliedSince(ctx, n.now.Add(-24*time.Hour))
	if err != nil {
		return guard.Verdict{}, fmt.Errorf("reading what was changed in the last 24 hours: %w", err)
	}
	approvals, err := e.Store.Approvals(ctx, n.now)
	if err != nil {
		return guard.Verdict{}, fmt.Errorf("reading the approvals: %w", err)
	}
	enabled, byOrganisation := population(n.input)
	return guard.Judge(guard.Input{
		Plan: p, People: n.input.People, Now: n.now, Applied: applied, Approvals: approvals,
		Enabled: enabled, EnabledByOrganisation: byOrganisation, HeldOrganisations: n.input.HeldOrganisations, Policy: policy,
	}), nil
}

// population counts the enabled, linked accounts, overall and by the
// organisation in which their people work.
func population(in plan.Input) (int, map[string]int) {
	accounts := map[directory.GUID]bool{}
	for _, a := range in.Accounts {
		accounts[a.GUID] = a.Enabled()
	}
	total, by := 0, map[string]int{}
	for _, p := range in.People {
		pair, linked := in.Matches.Of[p.ID]
		if linked && accounts[pair.Account] {
			total++
			by[p.Primary.Organisation.ID]++
		}
	}
	return total, by
}

// conclude writes down what the run found and what people have to do.
func (e *Engine) conclude(ctx context.Context, n *night, out *Outcome) error {
	if err := e.savePlan(ctx, out.Plan); err != nil {
		return err
	}
	open, closed, err := e.Store.SeeFindings(ctx, n.at.Day, n.findings)
	if err != nil {
		return fmt.Errorf("writing down the findings: %w", err)
	}
	out.Findings, out.Closed = open, closed
	finding.Sort(out.Findings)
	if err := e.reviews(ctx, n); err != nil {
		return err
	}
	return e.tasks(ctx, out)
}
