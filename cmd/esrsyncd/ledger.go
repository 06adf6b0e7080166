package main

import (
	"context"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"
)

func (a *app) ledgerCommand() *cobra.Command {
	c := &cobra.Command{Use: "ledger", Short: "Who did what, when, why, on whose word", Args: cobra.NoArgs, RunE: needSubcommand, Example: "  esrsyncd ledger verify"}
	var file string
	export := &cobra.Command{
		Use: "export", Short: "Write the ledger as JSON lines", Args: cobra.NoArgs, Example: "  esrsyncd ledger export --out ledger.jsonl",
		RunE: func(c *cobra.Command, _ []string) error {
			return a.with(c.Context(), func(s *session) error { return s.exportLedger(c.Context(), file) })
		},
	}
	export.Flags().StringVar(&file, "out", "", "write into this file")
	c.AddCommand(export, &cobra.Command{
		Use: "verify", Short: "Find any edit, removal or reorder", Args: cobra.NoArgs, Example: "  esrsyncd ledger verify",
		Long: "Find any edit, removal or reorder, up to the last checkpoint that was kept elsewhere\n(ledger.checkpoint_file).",
		RunE: func(c *cobra.Command, _ []string) error {
			return a.with(c.Context(), func(s *session) error { return s.verifyLedger(c.Context()) })
		},
	})
	return c
}

func (s *session) exportLedger(ctx context.Context, file string) error {
	if file == "" {
		return s.store.Export(ctx, s.app.Out)
	}
	f, err := os.OpenFile(file, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o640)
	if err != nil {
		return fmt.Errorf("writing the ledger: %w", err)
	}
	if err := s.store.Export(ctx, f); err != nil {
		_ = f.Close() // the export's error is the one that matters
		return err
	}
	return f.Close()
}

func (s *session) verifyLedger(ctx context.Context) error {
	key, err := s.signingKey()
	if err != nil {
		return err
	}
	points, err := s.readCheckpoints()
	if err != nil {
		return err
	}
	found, err := s.store.Verify(ctx, key.public(), points)
	if err != nil {
		return err
	}
	if err := s.app.print(found, func(w io.Writer) {
		if !found.IsSound() {
			fmt.Fprintf(w, "Row %d is not as it was: %s\n", found.Broken, found.Why)
			return
		}
		fmt.Fprintf(w, "All %d rows are as they were written; up to row %d a checkpoint kept elsewhere proves it.\n", found.Rows, found.Proven)
	}); err != nil {
		return err
	}
	if !found.IsSound() {
		return ended{exitFailed}
	}
	return nil
}
