package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"esrsync/config"
)

// streams are where a command reads and writes.
type streams struct {
	In  io.Reader
	Out io.Writer
	Err io.Writer
}

// app is what every command shares: the flags of the root, the streams and the clock.
type app struct {
	streams
	configFile string
	json       bool
	verbose    bool
	now        func() time.Time
	lines      *bufio.Reader // of In, once something was read from it
}

// run executes one command line and returns its exit code.
func run(ctx context.Context, args []string, s streams) int {
	return (&app{streams: s, now: time.Now}).run(ctx, args)
}

func (a *app) run(ctx context.Context, args []string) int {
	root := a.root()
	root.SetArgs(args)
	root.SetIn(a.In)
	root.SetOut(a.Out)
	root.SetErr(a.Err)
	return exitCode(asUsage(root.ExecuteContext(ctx)), a.json, a.Err)
}

// asUsage marks the errors that the command library itself makes: they are all about usage.
func asUsage(err error) error {
	if err == nil {
		return nil
	}
	for _, sign := range []string{"unknown command", "unknown flag", "unknown shorthand", "accepts ", "requires at least", "required flag", "flag needs", "invalid argument"} {
		if strings.HasPrefix(err.Error(), sign) {
			return usageError{err}
		}
	}
	return err
}

const about = `esrsyncd keeps Active Directory true to ESR: it gives starters an account and an
address, follows people who move, takes leavers' access away on the day, and
reports what does not fit. Nothing is written until mode = "enforce".`

// root returns the whole tree of commands.
func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use: "esrsyncd", Short: "Keep Active Directory true to ESR", Long: about,
		SilenceErrors: true, SilenceUsage: true, PersistentPreRunE: refuseEmptyFlags,
	}
	flags := root.PersistentFlags()
	flags.StringVar(&a.configFile, "config", config.DefaultPath(), "configuration file")
	flags.BoolVar(&a.json, "json", false, "print JSON, in a stable form")
	flags.BoolVar(&a.verbose, "verbose", false, "tell what goes on, on standard error")
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usageError{err} })
	root.AddGroup(
		&cobra.Group{ID: "begin", Title: "To begin:"},
		&cobra.Group{ID: "night", Title: "Every night:"},
		&cobra.Group{ID: "urgent", Title: "At once:"},
		&cobra.Group{ID: "people", Title: "People and their accounts:"},
		&cobra.Group{ID: "look", Title: "Looking back:"},
	)
	a.add(root, "begin", a.demoCommand, a.initCommand, a.configCommand, a.versionCommand)
	a.add(root, "night", a.feedCommand, a.planCommand, a.syncCommand, a.approveCommand, a.rejectCommand)
	a.add(root, "urgent", a.lockoutCommand, a.releaseCommand, a.holdsCommand)
	a.add(root, "people", a.explainCommand, a.matchCommand, a.keepCommand, a.leaverCommand, a.passwordCommand, a.namesCommand, a.tasksCommand)
	a.add(root, "look", a.reportCommand, a.runsCommand, a.ledgerCommand)
	return root
}

// refuseEmptyFlags refuses a flag that is given without a value, such as --person
// "$WHO" in a script where WHO is not set: left out it means everybody.
func refuseEmptyFlags(c *cobra.Command, _ []string) error {
	for _, name := range []string{"person", "class", "as-of"} {
		f := c.Flags().Lookup(name)
		if f != nil && f.Changed && strings.TrimSpace(f.Value.String()) == "" {
			return usage("--%s is empty; give it a value, or leave it out", name)
		}
	}
	return nil
}

func (a *app) add(root *cobra.Command, group string, makers ...func() *cobra.Command) {
	for _, newCommand := range makers {
		c := newCommand()
		c.GroupID = group
		root.AddCommand(c)
	}
}

// print writes a value as JSON where that was asked for, else as text.
func (a *app) print(value any, text func(io.Writer)) error {
	if !a.json {
		text(a.Out)
		return nil
	}
	enc := json.NewEncoder(a.Out)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	if err := enc.Encode(value); err != nil {
		return fmt.Errorf("writing JSON: %w", err)
	}
	return nil
}

// listed returns the list, or an empty one where there is none: with --json a
// list is never null.
func listed[L ~[]T, T any](list L) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// say writes a line for a person, and nothing where JSON was asked for.
func (a *app) say(format string, args ...any) {
	if !a.json {
		fmt.Fprintf(a.Out, format+"\n", args...)
	}
}

// needReason refuses an act without a reason: every act can be explained later.
func needReason(reason string) error {
	if strings.TrimSpace(reason) == "" {
		return usageError{errors.New("say why, with --reason: it is kept in the ledger")}
	}
	return nil
}
