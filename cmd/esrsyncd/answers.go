package main

import (
	"context"
	"fmt"
	"io"
	"slices"

	"github.com/spf13/cobra"

	"esrsync/esrmodel"
	"esrsync/internal/state"
	"esrsync/sync/person"
)

func (a *app) keepCommand() *cobra.Command {
	var until, reason string
	c := &cobra.Command{
		Use: "keep KEY", Short: "Stop an automatic leaver for a while", Args: cobra.ExactArgs(1),
		Long:    "Stop an automatic leaver for a while, until the end of a day. It never works against\na lockout.",
		Example: "  esrsyncd keep 20000017 --until 2026-12-05 --reason \"hands over until Friday, HR agrees\"",
		RunE: func(c *cobra.Command, args []string) error {
			return a.with(c.Context(), func(s *session) error { return s.keep(c.Context(), args[0], until, reason) })
		},
	}
	c.Flags().StringVar(&until, "until", "", "the last day with access, 2026-12-05")
	c.Flags().StringVar(&reason, "reason", "", "why; kept in the ledger")
	return c
}

func (s *session) keep(ctx context.Context, key, until, reason string) error {
	if err := needReason(reason); err != nil {
		return err
	}
	day, err := esrmodel.ParseDate(until)
	if err != nil || day.IsZero() {
		return usage("--until needs a day like 2026-12-05")
	}
	if today := esrmodel.DateOf(s.app.now().In(s.engine.Settings.Zone)); day < today {
		return usage("--until %s is in the past", day)
	}
	p, err := s.personOf(ctx, key)
	if err != nil {
		return err
	}
	k := state.Keep{PersonID: p.ID, Until: day, By: s.actor, Reason: reason, At: s.app.now().UTC()}
	if err := s.store.SaveKeep(ctx, k); err != nil {
		return err
	}
	if err := s.record(ctx, "person.kept", p.ID, map[string]string{"until": day.String(), "reason": reason}); err != nil {
		return err
	}
	return s.app.print(k, func(w io.Writer) {
		fmt.Fprintf(w, "%s (%s) keeps access until the end of %s, whatever ESR says.\n", nameOf(p), p.Key, day.Words())
	})
}

func (a *app) leaverCommand() *cobra.Command {
	c := &cobra.Command{Use: "leaver", Short: "Answer the question \"left or lost?\"", Example: "  esrsyncd leaver confirm 20000017 --date 2026-11-14 --reason \"HR: resigned\"", Args: cobra.NoArgs, RunE: needSubcommand}
	c.AddCommand(a.leaverConfirmCommand())
	return c
}

func (a *app) leaverConfirmCommand() *cobra.Command {
	var date, reason string
	c := &cobra.Command{
		Use: "confirm KEY", Short: "Say that a person left, and on which day", Args: cobra.ExactArgs(1),
		Long:    "Say that a person left, and on which day: the answer to the task \"left or lost?\" for\nsomebody who is gone from ESR without a date. The next run takes their access.",
		Example: "  esrsyncd leaver confirm 20000017 --date 2026-11-14 --reason \"HR: resigned, record purged\"",
		RunE: func(c *cobra.Command, args []string) error {
			return a.with(c.Context(), func(s *session) error { return s.confirmLeaver(c.Context(), args[0], date, reason) })
		},
	}
	c.Flags().StringVar(&date, "date", "", "the last day with access, 2026-11-14")
	c.Flags().StringVar(&reason, "reason", "", "on whose word and why; kept in the ledger")
	return c
}

func (s *session) confirmLeaver(ctx context.Context, key, date, reason string) error {
	if err := needReason(reason); err != nil {
		return err
	}
	day, err := esrmodel.ParseDate(date)
	if err != nil || day.IsZero() {
		return usage("--date needs a day like 2026-11-14")
	}
	p, err := s.personOf(ctx, key)
	if err != nil {
		return err
	}
	if err := s.mayHaveLeft(ctx, p); err != nil {
		return err
	}
	answer := state.Confirmation{PersonID: p.ID, Date: day, By: s.actor, Reason: reason, At: s.app.now().UTC()}
	if err := s.store.SaveConfirmation(ctx, answer); err != nil {
		return err
	}
	if err := s.record(ctx, "leaver.confirmed", p.ID, map[string]string{"date": day.String(), "reason": reason}); err != nil {
		return err
	}
	return s.app.print(answer, func(w io.Writer) {
		fmt.Fprintf(w, "%s (%s) left on %s. The next run takes their access: esrsyncd sync --person %s\n", nameOf(p), p.Key, day.Words(), p.Key)
	})
}

// mayHaveLeft refuses the answer where there is no question: the answer would be
// kept, and count years later, the first time that a feed lacks the person.
func (s *session) mayHaveLeft(ctx context.Context, p person.Person) error {
	if p.Standing != person.Current || p.IsHeld() {
		return nil
	}
	staff, err := s.store.Staff(ctx)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(staff.Absent, func(a esrmodel.Absence) bool { return a.PersonID == p.ID }) {
		return nil
	}
	return usage("%s (%s) is current in ESR: %s. HR has to enter the leaving date there; until a feed brings it, nothing is done", nameOf(p), p.Key, p.Why)
}
