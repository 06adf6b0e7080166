// Package apply carries out the changes that the guard let through.
//
// It is the only room of a run that holds a writer. Every change is written to
// the journal before the directory is touched and settled after, so that a run
// that is killed is finished, or explained, by the next. A change whose "before"
// is no longer true is skipped and said so; nothing is written over somebody
// else's work.
//
// # Order
//
// Changes are made in the plan's order, in stages: a stage is a run of changes of
// one class. Within a stage the changes of one account follow one another, and
// different accounts go in parallel. So leavers are done before joiners start,
// and the managers that a plan puts last find every account made.
package apply

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"sync"

	"golang.org/x/sync/errgroup"

	"esrsync/internal/directory"
	"esrsync/internal/state"
	"esrsync/sync/plan"
)

// Journal keeps what apply intends and what came of it. Both methods return only
// once their word is durable.
type Journal interface {
	// Intend records that the changes are about to be made.
	Intend(ctx context.Context, changes []plan.Change) error
	// Settle records what came of changes that were intended before.
	Settle(ctx context.Context, outcomes []Outcome) error
}

// Gate is asked immediately before each write.
type Gate interface {
	// May returns a reason why this change must not be made after all (a hold
	// came), or an error that stops the run (the lease was lost).
	May(ctx context.Context, c plan.Change) (refused string, err error)
}

// Outcome is what came of one change.
type Outcome struct {
	Change  plan.Change
	Account directory.GUID // the account that was changed, or made
	Result  string         // one of the outcomes of package state; empty where nobody knows yet
	Detail  string         // why it was skipped or failed
}

// Applier applies changes. All fields but Progress are needed.
type Applier struct {
	Writer   directory.Writer
	Journal  Journal
	Gate     Gate
	Encoder  Encoder
	Workers  int                   // changes made at the same time, at least 1
	Progress func(done, total int) // nil: nobody watches
}

// blockPerWorker is how many accounts a worker gets between two words to the
// journal: large enough that the journal's commits do not set the pace, small
// enough that a killed run leaves few open intents.
const blockPerWorker = 8

// Apply makes the changes and returns what came of each that was begun, in the
// plan's order. An error means that the run was stopped: the directory or the
// store went away, the lease was lost, or ctx ended. Changes that were not begun
// are not in the outcomes and will be planned again.
func (a *Applier) Apply(ctx context.Context, changes []plan.Change) ([]Outcome, error) {
	run := &run{Applier: a, total: len(changes), made: map[string]directory.GUID{}, names: map[string]string{}}
	for _, stage := range stages(changes) {
		accounts := bySubject(stage)
		size := max(1, a.Workers) * blockPerWorker
		for start := 0; start < len(accounts); start += size {
			if err := run.block(ctx, accounts[start:min(start+size, len(accounts))]); err != nil {
				return run.outcomes, err
			}
		}
	}
	return run.outcomes, nil
}

// stages cuts the plan where the class changes.
func stages(changes []plan.Change) [][]plan.Change {
	var out [][]plan.Change
	start := 0
	for i := 1; i <= len(changes); i++ {
		if i == len(changes) || changes[i].Class != changes[start].Class {
			out = append(out, changes[start:i])
			start = i
		}
	}
	return out
}

// bySubject gathers the changes of each account, accounts and changes in the
// order in which the plan first names them.
func bySubject(stage []plan.Change) [][]plan.Change {
	index := map[string]int{}
	var out [][]plan.Change
	for _, c := range stage {
		key := c.Account.String()
		if c.Account.IsZero() {
			key = c.PersonID
		}
		i, known := index[key]
		if !known {
			i = len(out)
			index[key] = i
			out = append(out, nil)
		}
		out[i] = append(out[i], c)
	}
	return out
}

// run is one call of Apply.
type run struct {
	*Applier
	total    int
	outcomes []Outcome
	mu       sync.Mutex
	made     map[string]directory.GUID // accounts made in this run, by person ID
	names    map[string]string         // DNs of accounts renamed or moved in this run, by person ID
	lost     int                       // writes in a row whose answers never came
}

// block journals the intents of some accounts, makes their changes in parallel
// and journals what came of them.
func (r *run) block(ctx context.Context, accounts [][]plan.Change) error {
	var intents []plan.Change
	for _, changes := range accounts {
		intents = append(intents, changes...)
	}
	if err := r.Journal.Intend(ctx, intents); err != nil {
		return fmt.Errorf("writing down what is about to be changed: %w", err)
	}
	results := make([][]Outcome, len(accounts))
	group, work := errgroup.WithContext(ctx)
	group.SetLimit(max(1, r.Workers))
	for i, changes := range accounts {
		group.Go(func() (err error) {
			results[i], err = r.account(work, changes)
			return err
		})
	}
	stopped := group.Wait()
	var settled []Outcome
	for _, some := range results {
		settled = append(settled, some...)
	}
	// What was done must be written down even when the run was told to stop.
	if err := r.Journal.Settle(context.WithoutCancel(ctx), settled); err != nil {
		return errors.Join(stopped, fmt.Errorf("writing down what was changed: %w", err))
	}
	r.outcomes = append(r.outcomes, settled...)
	if r.Progress != nil {
		r.Progress(len(r.outcomes), r.total)
	}
	return stopped
}

// account makes the changes of one account in order. After one that did not go
// through the others are skipped: they were planned on the belief that it would.
func (r *run) account(ctx context.Context, changes []plan.Change) ([]Outcome, error) {
	var out []Outcome
	for i, c := range changes {
		o, err := r.one(ctx, c)
		out = append(out, o)
		if err == nil && o.Result == state.Done {
			continue
		}
		for _, rest := range changes[i+1:] {
			out = append(out, Outcome{Change: rest, Account: rest.Account, Result: state.Skipped,
				Detail: "an earlier change of this account did not go through"})
		}
		return out, err
	}
	return out, nil
}

// one makes one change. Its error stops the run.
func (r *run) one(ctx context.Context, c plan.Change) (Outcome, error) {
	o := Outcome{Change: c, Account: c.Account}
	if err := ctx.Err(); err != nil {
		return notBegun(o), err
	}
	refused, err := r.Gate.May(ctx, c)
	if err != nil {
		return notBegun(o), err
	}
	if refused != "" {
		o.Result, o.Detail = state.Skipped, refused
		return o, nil
	}
	if o.Account.IsZero() && c.Kind != plan.Create {
		if o.Account = r.madeFor(c.PersonID); o.Account.IsZero() {
			o.Result, o.Detail = state.Skipped, "the account was not made"
			return o, nil
		}
	}
	// A change in hand is finished also when the run is told to stop. The directory's
	// own time limits bound how long that takes.
	id, err := r.write(context.WithoutCancel(ctx), r.follow(c), o.Account)
	if !id.IsZero() {
		o.Account = id
	}
	r.remember(c, id, err)
	o, stop := judge(o, err)
	if stop == nil {
		stop = r.answered(err)
	}
	if o.Result == state.Failed && !id.IsZero() {
		// Made and not marked. Left open in the journal, it is ours to the next run,
		// which marks it; as a failure it would be a stranger's, to be linked.
		o.Result = ""
	}
	return o, stop
}

func notBegun(o Outcome) Outcome {
	o.Result, o.Detail = state.Skipped, "the run was stopped before this change"
	return o
}

// judge turns an error of the directory into an outcome, or into the end of the run.
func judge(o Outcome, err error) (Outcome, error) {
	if err != nil {
		o.Detail = err.Error()
	}
	switch {
	case err == nil:
		o.Result = state.Done
	case errors.Is(err, directory.ErrUnknownOutcome):
		// Left open in the journal: the next run reads the account and says what became of it.
		return o, nil
	case errors.Is(err, directory.ErrConflict):
		o.Result, o.Detail = state.Skipped, "the account changed since it was read: "+o.Detail
	case errors.Is(err, directory.ErrNotFound) && needsPlace(o.Change.Kind):
		// Nobody would hear of a skipped one, and it would be skipped every night.
		o.Result, o.Detail = state.Failed, "its OU, or the account, is not there: "+o.Detail
	case errors.Is(err, directory.ErrNotFound):
		o.Result, o.Detail = state.Skipped, "it is not there any more: "+o.Detail
	case errors.Is(err, directory.ErrUnavailable), errors.Is(err, directory.ErrCredentials),
		errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		o.Result = state.Failed
		return o, err
	default:
		o.Result = state.Failed
	}
	return o, nil
}

// needsPlace reports whether a change puts an account into an OU, which may not exist.
func needsPlace(kind plan.Kind) bool { return kind == plan.Create || kind == plan.Move }

func (r *run) madeFor(personID string) directory.GUID {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.made[personID]
}

// remember notes what later changes of this run need: the account that was made,
// and the name of one that was renamed or moved.
func (r *run) remember(c plan.Change, made directory.GUID, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !made.IsZero() {
		r.made[c.PersonID] = made
	}
	if err != nil || c.Kind != plan.Renaming && c.Kind != plan.Move {
		return
	}
	dn := c.DN
	if now, renamed := r.names[c.PersonID]; renamed {
		dn = now
	}
	cn, parent := c.After.First(plan.CN), c.After.First(plan.OU)
	if parent == "" {
		parent = directory.ParentDN(dn)
	}
	if rdns, bad := directory.ParseDN(dn); cn == "" && bad == nil && len(rdns) > 0 {
		cn = rdns[0].Value
	}
	r.names[c.PersonID] = directory.ChildDN(cn, parent)
}

// answered returns an error where so many answers in a row were lost that the
// directory must be taken for gone: each of them cost its whole time limit.
func (r *run) answered(err error) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !errors.Is(err, directory.ErrUnknownOutcome) {
		r.lost = 0
		return nil
	}
	if r.lost++; r.lost <= max(1, r.Workers) {
		return nil
	}
	return fmt.Errorf("%w: %d writes in a row got no answer", directory.ErrUnavailable, r.lost)
}

// follow returns the change with its manager under the name that an earlier
// change of this run gave them.
func (r *run) follow(c plan.Change) plan.Change {
	r.mu.Lock()
	defer r.mu.Unlock()
	dn, renamed := r.names[c.ManagerID]
	if c.ManagerID == "" || !renamed || len(c.After["manager"]) == 0 {
		return c
	}
	c.After = maps.Clone(c.After)
	c.After["manager"] = []string{dn}
	return c
}
