package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"esrsync/internal/state"
	"esrsync/sync/hold"
)

func (a *app) releaseCommand() *cobra.Command {
	var ticket, second, file, bindUser string
	c := &cobra.Command{
		Use: "release HOLD", Short: "End a lockout and put back exactly what it took", Args: cobra.ExactArgs(1),
		Long: `End a lockout and put back exactly what it took: an account is switched on only if it
was on before and the person may still sign in; memberships come back in the groups
that still exist. The old password does not: give a new one with
esrsyncd initial-password. HOLD is the hold's ID, or its beginning.

Where lockout.two_person_release is on, who placed the hold cannot release it alone:
a second person signs in, with --second.`,
		Example: "  esrsyncd release 4f1d22c09a7be310 --ticket INC0012399 --second mgreen@example.nhs.uk",
		RunE: func(c *cobra.Command, args []string) error {
			w, err := a.wards(c.Context(), bindUser)
			if err != nil {
				return err
			}
			defer w.close()
			return w.release(c.Context(), args[0], strings.TrimSpace(ticket), second, file)
		},
	}
	c.Flags().StringVar(&ticket, "ticket", "", "the service desk's reference; required")
	addSecond(c, &second, &file)
	c.Flags().StringVar(&bindUser, "bind-user", "", "sign in to the directory as this user, and ask for the password")
	return c
}

// releasedHold is what a release gave back.
type releasedHold struct {
	Hold     string            `json:"hold"`
	State    string            `json:"state"`
	Ticket   string            `json:"ticket"`
	By       string            `json:"by"`
	Accounts []releasedAccount `json:"accounts"`
}

// releasedAccount is one account after a release.
type releasedAccount struct {
	Login   string `json:"login"`
	Enabled bool   `json:"enabled"`
	Why     string `json:"why"`
	Error   string `json:"error"`
}

func (w *wards) release(ctx context.Context, id, ticket, second, file string) error {
	if ticket == "" {
		return usage("name the service desk's ticket, with --ticket")
	}
	if w.away != nil {
		return fmt.Errorf("a release needs the store: %w", w.away)
	}
	if _, err := w.locker.Finish(ctx); err != nil {
		w.log.WithError(err).Error("finishing what earlier lockouts left open")
	}
	h, err := w.store.Hold(ctx, id)
	if errors.Is(err, state.ErrNotFound) || errors.Is(err, state.ErrAmbiguous) {
		return usage("there is no one hold %q (%w); see: esrsyncd holds", id, err)
	}
	if err != nil {
		return err
	}
	other, err := w.proven(ctx, second, file)
	if err != nil {
		return err
	}
	out, err := w.locker.Release(ctx, h, hold.ReleaseOrder{Ticket: ticket, By: w.actor, Second: other})
	if errors.Is(err, hold.ErrSamePerson) {
		return usage("%w; a second person must say so too: --second USER", err)
	}
	if err != nil && len(out.Accounts) == 0 {
		return refusal(err)
	}
	return w.released(ctx, out, err)
}

// released tells what was given back.
func (w *wards) released(ctx context.Context, out hold.Released, failure error) error {
	shown := releasedHold{Hold: out.Hold.ID, State: out.Hold.State, Ticket: out.Hold.ReleaseTicket, By: out.Hold.ReleasedBy, Accounts: []releasedAccount{}}
	for _, a := range out.Accounts {
		one := releasedAccount{Login: a.Login, Enabled: a.Enabled, Why: a.Why}
		if a.Err != nil {
			one.Error = a.Err.Error()
		}
		shown.Accounts = append(shown.Accounts, one)
	}
	if err := w.app.print(shown, func(to io.Writer) { shown.write(to, out.Hold.PersonKey) }); err != nil {
		return err
	}
	if err := w.checkpoint(context.WithoutCancel(ctx)); err != nil {
		w.log.WithError(err).Error("keeping a checkpoint of the ledger")
	}
	if failure != nil {
		return ended{exitPartly}
	}
	return nil
}

func (r releasedHold) write(out io.Writer, person string) {
	on := false
	for _, a := range r.Accounts {
		status := "on again"
		switch {
		case a.Error != "":
			status = "NOT RELEASED, tried again with the next command: " + a.Error
		case !a.Enabled:
			status = "off"
		}
		on = on || a.Enabled && a.Error == ""
		fmt.Fprintf(out, "  %-20s %s. %s\n", a.Login, status, a.Why)
	}
	fmt.Fprintf(out, "Hold %s: %s.\n", r.Hold, r.State)
	if on && person != "" {
		fmt.Fprintf(out, "The old password is gone. Give a new one: esrsyncd initial-password %s\n", person)
	}
}
