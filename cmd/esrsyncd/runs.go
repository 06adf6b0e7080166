package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"esrsync/internal/state"
)

func (a *app) runsCommand() *cobra.Command {
	var limit int
	c := &cobra.Command{
		Use: "runs", Short: "The runs so far, the newest first", Args: cobra.NoArgs, Example: "  esrsyncd runs --limit 30",
		RunE: func(c *cobra.Command, _ []string) error {
			return a.with(c.Context(), func(s *session) error { return s.listRuns(c.Context(), limit) })
		},
	}
	c.Flags().IntVar(&limit, "limit", 14, "at most so many")
	return c
}

func (s *session) listRuns(ctx context.Context, limit int) error {
	runs, err := s.store.Runs(ctx, limit)
	if err != nil {
		return err
	}
	return s.app.print(listed(runs), func(w io.Writer) {
		if len(runs) == 0 {
			fmt.Fprintln(w, "There was no run yet.")
		}
		for _, r := range runs {
			outcome := r.Outcome
			if outcome == "" {
				outcome = "under way, or stopped"
			}
			fmt.Fprintf(w, "%s  %s  %-8s %-7s %s\n", s.local(r.Started), r.ID, r.Mode, outcome, r.Trigger)
			if r.Error != "" {
				fmt.Fprintf(w, "    %s\n", r.Error)
			}
		}
	})
}

// runOf reads a run by its id, by an unambiguous beginning of it, or the last one.
func (s *session) runOf(ctx context.Context, id string) (state.Run, error) {
	r, err := s.store.Run(ctx, id)
	if errors.Is(err, state.ErrNotFound) {
		return r, usage("there is no run %q; see: esrsyncd runs", id)
	}
	return r, err
}
