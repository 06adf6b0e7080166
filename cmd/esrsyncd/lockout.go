package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"esrsync/internal/directory"
	"esrsync/internal/state"
	"esrsync/sync/hold"
)

// lockoutFlags is what a lockout is asked for with.
type lockoutFlags struct {
	ticket, category, review, second, secondFile, bindUser string
	yes                                                    bool
}

func (a *app) lockoutCommand() *cobra.Command {
	var f lockoutFlags
	c := &cobra.Command{
		Use: "lockout KEY", Short: "Take every access of a person away at once, until somebody releases it", Args: cobra.ExactArgs(1),
		Long: `Take every access of a person away at once: each of their accounts, in the whole
domain, is switched off and marked on every writable controller, and its password
reset twice. Nothing undoes it but a release: no run, no feed, no rehire.

It needs no feed and no store: without the store it writes a record that the next
start takes in. Where the configured password cannot be read, --bind-user asks for
yours. KEY may be an employee number, a login or an address.

Exit codes: 0 every account is off on every controller, 5 something is STILL OPEN
and is tried again, 8 no controller can be reached. docs/lockout.md says what a
lockout cuts, and what it does not.`,
		Example: "  esrsyncd lockout 20000017 --ticket INC0012345 --category investigation\n  esrsyncd lockout adm-jbrown --ticket INC0012346 --category \"security incident\" --yes --bind-user oncall@example.nhs.uk",
		RunE: func(c *cobra.Command, args []string) error {
			w, err := a.wards(c.Context(), f.bindUser)
			if err != nil {
				return err
			}
			defer w.close()
			return w.lockout(c.Context(), args[0], f)
		},
	}
	flags := c.Flags()
	flags.StringVar(&f.ticket, "ticket", "", "the service desk's reference; required")
	flags.StringVar(&f.category, "category", "", "the reason, one of lockout.categories; kept in the store and told nowhere; required")
	flags.StringVar(&f.review, "review", "", "a day on which somebody is asked to look at it again, 2026-12-05; it releases nothing")
	flags.BoolVar(&f.yes, "yes", false, "do not ask")
	addSecond(c, &f.second, &f.secondFile)
	flags.StringVar(&f.bindUser, "bind-user", "", "sign in to the directory as this user, and ask for the password")
	return c
}

func (w *wards) lockout(ctx context.Context, key string, f lockoutFlags) error {
	order, err := w.order(f)
	if err != nil {
		return err
	}
	if w.away != nil {
		fmt.Fprintf(w.app.Err, "The store is away (%v): the lockout goes on without it.\n", w.away)
	}
	subject, err := w.find(ctx, key)
	if err != nil {
		return err
	}
	if order.Second, err = w.proven(ctx, f.second, f.secondFile); err != nil {
		return err
	}
	if err := w.confirm(subject, f.yes); err != nil {
		return err
	}
	began := time.Now()
	h, err := w.locker.Lock(ctx, subject, order, w.tell(began))
	if err != nil {
		return refusal(err)
	}
	return w.ended(ctx, subject, h)
}

// order reads the flags.
func (w *wards) order(f lockoutFlags) (hold.Order, error) {
	o := hold.Order{Ticket: strings.TrimSpace(f.ticket), Category: f.category, Requester: w.actor}
	if o.Ticket == "" {
		return o, usage("name the service desk's ticket, with --ticket")
	}
	// The answer must not tell what was typed: it may be a reason.
	if !slices.Contains(w.cfg.Lockout.Categories, f.category) {
		return o, usage("--category must be one of lockout.categories: %s", strings.Join(w.cfg.Lockout.Categories, ", "))
	}
	var err error
	o.Review, err = w.reviewDay(f.review)
	return o, err
}

// find returns the person's accounts, or says why there is none to lock.
func (w *wards) find(ctx context.Context, key string) (hold.Subject, error) {
	who, err := w.who(ctx, key)
	if err != nil {
		return hold.Subject{}, err
	}
	subject, err := w.locker.Find(ctx, who)
	if err == nil && who.PersonID == "" && subject.PersonID != "" {
		// The account itself said whose it is; the store may know more of them.
		if known, lost := w.who(ctx, subject.PersonID); lost == nil && known.PersonID != "" {
			subject, err = w.locker.Find(ctx, known)
		}
	}
	switch {
	case errors.Is(err, hold.ErrNobody) && who.PersonID != "":
		return subject, usage("%s (%s) has no account in the directory", who.Name, who.PersonKey)
	case errors.Is(err, hold.ErrNobody), errors.Is(err, hold.ErrSeveral):
		return subject, usageError{err}
	}
	return subject, err
}

// refusal makes a refusal an error of usage, with what to do.
func refusal(err error) error {
	switch {
	case errors.Is(err, hold.ErrTooMany):
		return usage("%w; a second person must confirm: --second USER", err)
	case errors.Is(err, hold.ErrSpared), errors.Is(err, hold.ErrSamePerson), errors.Is(err, hold.ErrOver):
		return usageError{err}
	}
	return err
}

// confirm shows what a lockout will reach and asks once.
func (w *wards) confirm(s hold.Subject, yes bool) error {
	out := w.app.Out
	if w.app.json {
		out = w.app.Err
	}
	showSubject(out, s)
	if yes {
		return nil
	}
	fmt.Fprint(out, "Lock out now? Type yes: ")
	answer, _ := w.app.line() // No answer is an answer.
	if !strings.EqualFold(strings.TrimSpace(answer), "yes") {
		return usage("nothing was done: answer yes, or give --yes")
	}
	return nil
}

func showSubject(out io.Writer, s hold.Subject) {
	who := strings.TrimSpace(s.Name + " " + s.PersonKey)
	if who == "" {
		who = "Nobody that ESR knows"
	}
	fmt.Fprintf(out, "%s: %s\n", who, plural(len(s.Accounts), "account"))
	for _, a := range s.Accounts {
		status := "on"
		if !a.Enabled() {
			status = "off already"
		}
		if a.AdminCount {
			status += ", protected"
		}
		if a.Spared != "" {
			status = "NOT TOUCHED: " + a.Spared
		}
		fmt.Fprintf(out, "  %-20s by %-15s %s\n    %s\n", a.Login, a.Evidence, status, a.DN)
	}
}

// tell says each step as it is done.
func (w *wards) tell(began time.Time) func(hold.Step) {
	out := w.app.Out
	if w.app.json {
		out = w.app.Err
	}
	return func(s hold.Step) {
		after := time.Since(began).Round(time.Millisecond)
		place := ""
		if s.Controller != "" {
			place = " on " + s.Controller
		}
		if s.Err != nil {
			fmt.Fprintf(out, "%8s  %s%s: NOT %s: %v\n", after, s.Login, place, s.What, s.Err)
			return
		}
		fmt.Fprintf(out, "%8s  %s%s: %s\n", after, s.Login, place, s.What)
	}
}

// ended says how it stands, and only after that calls the hooks and takes up what
// earlier lockouts left open: nobody waits for these to know that the account is off.
func (w *wards) ended(ctx context.Context, s hold.Subject, h state.Hold) error {
	shown := w.shown(h)
	for _, a := range s.Accounts {
		if a.Spared != "" {
			shown.Spared = append(shown.Spared, a.Login+": "+a.Spared)
		}
	}
	if err := w.app.print(shown, func(out io.Writer) { shown.write(out, w) }); err != nil {
		return err
	}
	ctx = context.WithoutCancel(ctx)
	if w.away == nil {
		w.settle(ctx)
	}
	if len(shown.StillOpen) > 0 {
		if h.IsOpen() && deniedProtected(h, s) {
			fmt.Fprintln(w.app.Err, delegationAdvice)
		}
		return ended{exitPartly}
	}
	return nil
}

// settle calls the hooks, takes up what earlier lockouts left open and has the
// ledger signed.
func (w *wards) settle(ctx context.Context) {
	if _, err := w.locker.Finish(ctx); err != nil {
		fmt.Fprintf(w.app.Err, "Not all is done, and it is tried again: %v\n", err)
	}
	if err := w.checkpoint(ctx); err != nil {
		w.log.WithError(err).Error("keeping a checkpoint of the ledger")
	}
}

// deniedProtected reports whether a protected account was refused: the right is
// then missing on AdminSDHolder.
func deniedProtected(h state.Hold, s hold.Subject) bool {
	for _, a := range h.Accounts {
		protected := slices.ContainsFunc(s.Accounts, func(f hold.Found) bool { return f.GUID == a.Account && f.AdminCount })
		for _, r := range a.Reached {
			if protected && strings.Contains(r.Error, directory.ErrDenied.Error()) {
				return true
			}
		}
	}
	return false
}

const delegationAdvice = `A protected account was refused. The domain gives such accounts the rights of AdminSDHolder, and
ours are not among them; docs/lockout.md has the commands that delegate them.`
