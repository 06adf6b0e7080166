package engine

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"esrsync/internal/state"
	"esrsync/sync/plan"
)

// Outcomes of a run.
const (
	RunDone   = "done"
	RunHeld   = "held"   // something waits for an approval
	RunPartly = "partly" // some changes failed
	RunFailed = "failed"
)

// record opens the run's record, makes the run and closes the record whatever
// happened. The error of the run comes back with the outcome.
func (e *Engine) record(ctx context.Context, req Request, work func(context.Context, *Outcome) error) (Outcome, error) {
	var out Outcome
	started := e.Now()
	id, err := runID(started)
	if err != nil {
		return out, err
	}
	out.Run = state.Run{ID: id, Trigger: req.Trigger, Mode: e.Settings.Mode, Started: started.UTC()}
	if err := e.Store.StartRun(ctx, out.Run); err != nil {
		return out, fmt.Errorf("opening the run's record: %w", err)
	}
	e.ledger(ctx, state.Event{Action: "run.started", RunID: id, Details: map[string]string{"trigger": req.Trigger, "mode": e.Settings.Mode}})
	e.Log.WithField("run_id", id).Info("run started")
	err = work(ctx, &out)
	return out, errors.Join(err, e.close(context.WithoutCancel(ctx), &out, err))
}

// close writes down how the run ended.
func (e *Engine) close(ctx context.Context, out *Outcome, failure error) error {
	r := &out.Run
	r.Ended, r.PlanID, r.Outcome = e.Now().UTC(), out.Plan.ID, verdictOf(out, failure)
	if failure != nil {
		r.Error = failure.Error()
	}
	if err := e.Store.FinishRun(ctx, *r); err != nil {
		return fmt.Errorf("closing the run's record: %w", err)
	}
	e.ledger(ctx, state.Event{Action: "run.ended", RunID: r.ID, Details: map[string]string{"outcome": r.Outcome, "plan": r.PlanID}})
	e.Log.WithField("run_id", r.ID).WithField("outcome", r.Outcome).WithField("changes", len(out.Applied)).Info("run ended")
	return nil
}

// verdictOf says in one word how a run went.
func verdictOf(out *Outcome, failure error) string {
	if failure != nil {
		return RunFailed
	}
	for _, a := range out.Applied {
		if a.Result == state.Failed || a.Result == "" {
			return RunPartly
		}
	}
	if out.Plan.Verdict != nil && out.Plan.Verdict.Waiting() {
		return RunHeld
	}
	return RunDone
}

// runID returns a name that sorts by time: 20261122T060003Z-7f3a.
func runID(at time.Time) (string, error) {
	var tail [2]byte
	if _, err := rand.Read(tail[:]); err != nil {
		return "", fmt.Errorf("naming the run: %w", err)
	}
	return at.UTC().Format("20060102T150405Z") + "-" + hex.EncodeToString(tail[:]), nil
}

// savePlan keeps a plan, so that its changes can be approved by their IDs.
func (e *Engine) savePlan(ctx context.Context, p plan.Plan) error {
	body, err := json.Marshal(p)
	if err != nil {
		return fmt.Errorf("writing the plan as JSON: %w", err)
	}
	if err := e.Store.SavePlan(ctx, p.ID, p.AsOf, body, e.Now().UTC()); err != nil {
		return fmt.Errorf("keeping the plan: %w", err)
	}
	return nil
}

// ledger writes events of the daemon itself. A ledger that cannot be written is
// told loudly, and does not stop a leaver from being switched off.
func (e *Engine) ledger(ctx context.Context, events ...state.Event) {
	for i := range events {
		events[i].At = e.Now().UTC()
		if events[i].Actor == "" {
			events[i].Actor = "esrsyncd"
		}
	}
	if err := e.Store.Append(ctx, events...); err != nil {
		e.Log.WithError(err).Error("writing the ledger")
	}
}
