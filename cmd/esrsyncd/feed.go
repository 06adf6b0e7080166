package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"

	"github.com/spf13/cobra"

	"esrsync/esrmodel/feed"
	"esrsync/internal/state"
	"esrsync/sync/engine"
)

func (a *app) feedCommand() *cobra.Command {
	c := &cobra.Command{
		Use: "feed", Short: "Judge, take in and list the files that ESR sends",
		Example: "  esrsyncd feed check GO_277_GDW_GOC_20261121_00001945.DAT\n  esrsyncd feed list",
		Args:    cobra.NoArgs, RunE: needSubcommand,
	}
	c.AddCommand(a.feedCheckCommand(), a.feedAcceptCommand(), a.feedListCommand(), a.feedRequestCommand())
	return c
}

// needSubcommand is what a command does that only groups others.
func needSubcommand(c *cobra.Command, _ []string) error {
	return usage("%s needs one of its commands; see: %s --help", c.CommandPath(), c.CommandPath())
}

func (a *app) feedCheckCommand() *cobra.Command {
	return &cobra.Command{
		Use: "check FILE...", Short: "Judge files as the gate would, and store nothing",
		Long:    "Judge files as the gate would, and store nothing. A file is judged against what\nwas taken in so far. Exit code 6: at least one would be quarantined.",
		Example: "  esrsyncd feed check inbox/GO_277_GDW_GOC_20261121_00001945.DAT\n  esrsyncd feed check --json staff_20261121.csv",
		Args:    cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, files []string) error {
			return a.with(c.Context(), func(s *session) error { return s.checkFeeds(c.Context(), files) })
		},
	}
}

func (s *session) checkFeeds(ctx context.Context, files []string) error {
	return s.judgeAll(files, func(name string) (engine.Judgement, error) {
		return s.engine.Judge(ctx, s.engine.SourceOf(name), absolute(name), nil)
	})
}

// judgeAll judges files one after the other, tells what came of each and ends
// with code 6 where one is quarantined.
func (s *session) judgeAll(files []string, judge func(name string) (engine.Judgement, error)) error {
	var judged []engine.Judgement
	bad := false
	for _, name := range files {
		j, err := judge(name)
		if err != nil {
			return err
		}
		judged = append(judged, j)
		bad = bad || j.Verdict == feed.Quarantined
	}
	err := s.app.print(listed(judged), func(w io.Writer) {
		for _, j := range judged {
			printJudgement(w, j)
		}
	})
	if err == nil && bad {
		return ended{exitQuarantined}
	}
	return err
}

// absolute returns a path that is not mistaken for a name in the inbox.
func absolute(name string) string {
	if path, err := filepath.Abs(name); err == nil {
		return path
	}
	return name
}

func printJudgement(w io.Writer, j engine.Judgement) {
	fmt.Fprint(w, j.Text())
	if j.Staff == nil || j.Verdict == feed.AlreadyTaken {
		return
	}
	d := j.Staff.Difference
	fmt.Fprintf(w, "  people: %d in the file; %d new, %d changed, %d purged; %d of %d current ones are missing\n",
		d.InFile, d.People.New, d.People.Changed, d.People.Purged, len(d.GonePeople), d.Current)
	for _, o := range d.Shrinking {
		held := ""
		if o.Held {
			held = ": its leavers will be held"
		}
		fmt.Fprintf(w, "  %s (%s): %d of %d people are missing%s\n", o.Name, o.OrganisationID, len(o.Gone), o.Current, held)
	}
	if j.Staff.Faults > 0 {
		fmt.Fprintf(w, "  %d of %d rows have a value that cannot be; each holds its person\n", j.Staff.Faults, j.Staff.Rows)
	}
}

func (a *app) feedAcceptCommand() *cobra.Command {
	var checks []string
	var reason string
	c := &cobra.Command{
		Use: "accept FILE...", Short: "Judge files and take in what the gate lets through",
		Long: `Judge files and take in what the gate lets through. A check that stands in the way
can be overridden by name, with a reason that is kept: chain, canaries, shrinkage,
values, duplicates, future. VPD, environment, format and count cannot be.`,
		Example: "  esrsyncd feed accept GO_277_GDW_GOF_20261121_00001946.DAT\n  esrsyncd feed accept GO_277_GDW_GOF_20261121_00001946.DAT --override shrinkage --reason \"Ward 9 moved to another trust\"",
		Args:    cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, files []string) error {
			return a.with(c.Context(), func(s *session) error { return s.acceptFeeds(c.Context(), files, checks, reason) })
		},
	}
	c.Flags().StringSliceVar(&checks, "override", nil, "a check that may be overridden")
	c.Flags().StringVar(&reason, "reason", "", "why; kept in the ledger")
	return c
}

func (s *session) acceptFeeds(ctx context.Context, files, checks []string, reason string) error {
	var overrides []feed.Override
	for _, check := range checks {
		overrides = append(overrides, feed.Override{Check: feed.Check(check), By: s.actor, Reason: reason})
	}
	return s.judgeAll(files, func(name string) (engine.Judgement, error) {
		j, _, err := s.engine.Accept(ctx, s.engine.SourceOf(name), s.feedPath(name), overrides)
		if errors.Is(err, feed.ErrOverride) {
			return j, usageError{err}
		}
		return j, err
	})
}

// feedPath finds a file by its path or, for a bare name that is not here, in the quarantine.
func (s *session) feedPath(name string) string {
	path := absolute(name)
	if filepath.Base(name) != name || exists(path) {
		return path
	}
	if refused := feedFolder(s.cfg).Quarantined(name); refused != "" {
		return refused
	}
	return name // in the inbox
}

func (a *app) feedListCommand() *cobra.Command {
	var limit int
	c := &cobra.Command{
		Use: "list", Short: "What was taken in and what was refused, and why", Example: "  esrsyncd feed list --limit 40", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return a.with(c.Context(), func(s *session) error { return s.listFeeds(c.Context(), limit) })
		},
	}
	c.Flags().IntVar(&limit, "limit", 20, "at most so many, the newest first")
	return c
}

func (s *session) listFeeds(ctx context.Context, limit int) error {
	feeds, err := s.store.Feeds(ctx, limit)
	if err != nil {
		return err
	}
	return s.app.print(listed(feeds), func(w io.Writer) {
		if len(feeds) == 0 {
			fmt.Fprintln(w, "No feed was judged yet.")
		}
		for _, f := range feeds {
			s.printFeed(w, f)
		}
	})
}

func (s *session) printFeed(w io.Writer, f state.Feed) {
	fmt.Fprintf(w, "%s  %-11s  %s\n", s.local(f.Judged), f.Verdict, f.Name)
	if f.Override != "" {
		fmt.Fprintf(w, "    overridden: %s\n", f.Override)
	}
	for _, r := range reasonsOf(f) {
		fmt.Fprintf(w, "    %s\n", r)
	}
}

func (a *app) feedRequestCommand() *cobra.Command {
	return &cobra.Command{
		Use: "request", Short: "Ask ESR for a full snapshot", Args: cobra.NoArgs,
		Long:    "Ask ESR for a full snapshot, by writing the request file into the outbox. A gap in\nthe chain of changes does so by itself.",
		Example: "  esrsyncd feed request",
		RunE: func(c *cobra.Command, _ []string) error {
			return a.with(c.Context(), func(s *session) error {
				name, err := s.engine.RequestSnapshot(c.Context())
				if err != nil {
					return err
				}
				return a.print(map[string]string{"request": name}, func(w io.Writer) {
					fmt.Fprintf(w, "Wrote %s into the outbox. ESR answers with a full file, which is taken by itself inside the shrink limits.\n", name)
				})
			})
		},
	}
}
