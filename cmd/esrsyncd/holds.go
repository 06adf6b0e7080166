package main

import (
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"
)

func (a *app) holdsCommand() *cobra.Command {
	var all bool
	c := &cobra.Command{
		Use: "holds", Short: "The lockouts in force, and what is still open of them", Args: cobra.NoArgs,
		Long:    "The lockouts in force, and what is still open of each. Why somebody is locked out is\nnot told.",
		Example: "  esrsyncd holds\n  esrsyncd holds --all --json",
		RunE: func(c *cobra.Command, _ []string) error {
			return a.with(c.Context(), func(s *session) error { return s.listHolds(c.Context(), all) })
		},
	}
	c.Flags().BoolVar(&all, "all", false, "released ones too")
	return c
}

func (s *session) listHolds(ctx context.Context, all bool) error {
	holds, err := s.store.Holds(ctx, all)
	if err != nil {
		return err
	}
	w := &wards{session: s}
	shown := []shownHold{}
	for _, h := range holds {
		shown = append(shown, w.shown(h))
	}
	return s.app.print(shown, func(out io.Writer) {
		if len(shown) == 0 {
			fmt.Fprintln(out, "Nobody is locked out.")
		}
		for _, h := range shown {
			h.write(out, w)
		}
	})
}
