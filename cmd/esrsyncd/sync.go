package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"esrsync/internal/state"
	"esrsync/sync/engine"
)

func (a *app) syncCommand() *cobra.Command {
	var asOf, key string
	c := &cobra.Command{
		Use: "sync", Short: "Make one run now", Args: cobra.NoArgs,
		Long: `Make one run now: take in what lies in the inbox, read the directory, match, plan,
ask the guard, apply, report. What is held waits for esrsyncd approve.
Exit codes: 0 done, 1 failed, 4 held, 5 some changes failed, 6 a feed was
quarantined, 7 another run is under way, 8 the directory or the store is away.`,
		Example: "  esrsyncd sync\n  esrsyncd sync --person 20000017",
		RunE: func(c *cobra.Command, _ []string) error {
			return a.with(c.Context(), func(s *session) error {
				if err := asOfAllowed(s.cfg, asOf); err != nil {
					return err
				}
				return s.sync(c.Context(), asOf, key)
			})
		},
	}
	c.Flags().StringVar(&asOf, "as-of", "", `as at the beginning of that day; environment = "test" only`)
	c.Flags().StringVar(&key, "person", "", "only this person: employee number, login, address or ESR user name")
	return c
}

func (s *session) sync(ctx context.Context, asOf, key string) error {
	req, err := s.request(ctx, asOf, key)
	if err != nil {
		return err
	}
	anew, err := s.startedAnew(ctx)
	if err != nil {
		return err
	}
	out, failure := s.engine.Sync(ctx, req)
	if out.Run.ID == "" {
		return failure // it never began: another run is under way, or the store is away
	}
	if anew {
		out.Notes = append(out.Notes, "This store has no run before this one, but "+s.cfg.Ledger.CheckpointFile+
			" has checkpoints of an earlier store. If it was lost, stop and restore the backup: the names that were ever given are in it.")
	}
	night, err := s.report(context.WithoutCancel(ctx), out, failure)
	if err != nil {
		return errors.Join(failure, err)
	}
	if failure != nil {
		return failure
	}
	if err := s.showOutcome(out, night); err != nil {
		return err
	}
	if code := codeOf(out); code != exitDone {
		return ended{code}
	}
	return nil
}

// startedAnew reports whether the store knows of no run although checkpoints of
// one are kept: it was lost, or another file stands in its place.
func (s *session) startedAnew(ctx context.Context) (bool, error) {
	runs, err := s.store.Runs(ctx, 1)
	if err != nil || len(runs) > 0 {
		return false, err
	}
	points, err := s.readCheckpoints()
	return len(points) > 0, err
}

// codeOf returns the exit code of a run that went to its end.
func codeOf(out engine.Outcome) int {
	for _, f := range out.Feeds {
		if f.Verdict == state.Quarantined {
			return exitQuarantined
		}
	}
	for _, a := range out.Applied {
		if a.Result == state.Failed || a.Result == "" {
			return exitPartly
		}
	}
	if out.Plan.Verdict != nil && out.Plan.Verdict.Waiting() {
		return exitHeld
	}
	return exitDone
}

// exitOf is the code of any run, kept with its record.
func exitOf(out engine.Outcome, failure error) int {
	if failure == nil {
		return codeOf(out)
	}
	for _, k := range kinds() {
		if k.is(failure) {
			return k.code
		}
	}
	return exitFailed
}

// progress returns what tells a person at a terminal how far a run is, or nil
// where nobody watches.
func (a *app) progress() func(stage string, done, total int) {
	p := newProgress(a.Err, a.now)
	if p == nil {
		return nil
	}
	return p.tell
}

// plural says "1 change", "2 changes".
func plural(n int, word string) string {
	if n == 1 {
		return "1 " + word
	}
	return fmt.Sprintf("%d %ss", n, word)
}
