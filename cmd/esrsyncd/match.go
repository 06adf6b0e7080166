package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"esrsync/internal/directory"
	"esrsync/internal/state"
	"esrsync/sync/engine"
	"esrsync/sync/match"
	"esrsync/sync/person"
)

func (a *app) matchCommand() *cobra.Command {
	c := &cobra.Command{
		Use: "match", Short: "The match queue: whose is this account?", Args: cobra.NoArgs, RunE: needSubcommand,
		Example: "  esrsyncd match list\n  esrsyncd match link 20000017 jsmith2 --reason \"asked the ward\"",
	}
	c.AddCommand(a.matchListCommand(),
		a.matchAnswerCommand("link KEY ACCOUNT", "Say that an account is a person's", state.AnswerLink),
		a.matchAnswerCommand("unlink KEY ACCOUNT", "Say that an account is not a person's", state.AnswerNotSame),
		a.matchAnswerCommand("create KEY", "Say that a person has no account yet and needs one", state.AnswerCreate))
	return c
}

func (a *app) matchListCommand() *cobra.Command {
	return &cobra.Command{
		Use: "list", Short: "Who is doubtful, with the candidates and the evidence for each", Args: cobra.NoArgs, Example: "  esrsyncd match list --json",
		RunE: func(c *cobra.Command, _ []string) error {
			return a.with(c.Context(), func(s *session) error { return s.listMatches(c.Context()) })
		},
	}
}

func (s *session) listMatches(ctx context.Context) error {
	out, err := s.engine.Plan(ctx, engine.Request{Trigger: "command by " + s.actor})
	if err != nil {
		return err
	}
	return s.app.print(listed(out.Matches.Queue), func(w io.Writer) {
		if len(out.Matches.Queue) == 0 {
			fmt.Fprintln(w, "Nobody is doubtful.")
		}
		for _, d := range out.Matches.Queue {
			printDoubt(w, d)
		}
	})
}

func printDoubt(w io.Writer, d match.Doubt) {
	fmt.Fprintf(w, "%s %s: %s\n", d.Key, d.Name, d.Why)
	for _, c := range d.Candidates {
		fmt.Fprintf(w, "  %3d  %-20s %s\n", c.Score, c.Login, c.DN)
		if len(c.For) > 0 {
			fmt.Fprintf(w, "       for:     %s\n", strings.Join(c.For, "; "))
		}
		if len(c.Against) > 0 {
			fmt.Fprintf(w, "       against: %s\n", strings.Join(c.Against, "; "))
		}
	}
}

// matchAnswerCommand makes one of the commands that answer the queue.
func (a *app) matchAnswerCommand(use, short, answer string) *cobra.Command {
	var reason string
	args := cobra.ExactArgs(2)
	example := "20000017 jsmith2"
	if answer == state.AnswerCreate {
		args, example = cobra.ExactArgs(1), "20000017"
	}
	verb, _, _ := strings.Cut(use, " ")
	c := &cobra.Command{
		Use: use, Short: short, Args: args, Example: fmt.Sprintf("  esrsyncd match %s %s --reason \"asked the ward\"", verb, example),
		RunE: func(c *cobra.Command, args []string) error {
			return a.with(c.Context(), func(s *session) error { return s.answer(c.Context(), args, answer, reason) })
		},
	}
	c.Flags().StringVar(&reason, "reason", "", "how you know; kept in the ledger")
	return c
}

func (s *session) answer(ctx context.Context, args []string, answer, reason string) error {
	if err := needReason(reason); err != nil {
		return err
	}
	p, err := s.personOf(ctx, args[0])
	if err != nil {
		return err
	}
	d := state.Decision{PersonID: p.ID, Answer: answer, By: s.actor, Reason: reason, At: s.app.now().UTC()}
	warning := ""
	if len(args) > 1 {
		account, err := s.accountNamed(ctx, args[1])
		if err != nil {
			return err
		}
		d.Account = account.GUID
		if answer == state.AnswerLink {
			if warning, err = s.mayLink(ctx, p, account); err != nil {
				return err
			}
		}
	}
	if err := s.store.SaveDecision(ctx, d); err != nil {
		return err
	}
	if answer == state.AnswerNotSame {
		if err := s.store.RemoveLink(ctx, p.ID, d.Account); err != nil {
			return err
		}
	}
	details := map[string]string{"answer": answer, "account": d.Account.String(), "reason": reason}
	if err := s.record(ctx, "match.answered", p.ID, details); err != nil {
		return err
	}
	return s.app.print(d, func(w io.Writer) {
		fmt.Fprintf(w, "Noted for %s (%s). The next run acts on it: esrsyncd sync\n%s", nameOf(p), p.Key, warning)
	})
}

// mayLink refuses a link that would have no effect because the person, or the
// account, is linked already. It returns a warning, a line, of an account that no
// run writes to.
func (s *session) mayLink(ctx context.Context, p person.Person, a directory.Account) (string, error) {
	out, err := s.engine.Plan(ctx, engine.Request{Trigger: "command by " + s.actor})
	if err != nil {
		return "", err
	}
	has, linked := out.Matches.Of[p.ID]
	for _, other := range out.Accounts {
		if linked && has.Stored && has.Account == other.GUID && other.GUID != a.GUID {
			return "", usage("%s (%s) has the account %s; where that is wrong, first: esrsyncd match unlink %s %s", nameOf(p), p.Key, other.Login, p.Key, other.Login)
		}
	}
	for _, other := range out.People {
		if pair := out.Matches.Of[other.ID]; other.ID != p.ID && pair.Stored && pair.Account == a.GUID {
			return "", usage("%s is the account of %s (%s); where that is wrong, first: esrsyncd match unlink %s %s", a.Login, nameOf(other), other.Key, other.Key, a.Login)
		}
	}
	why, err := s.refusal(ctx, a)
	if err != nil || why == "" {
		return "", err
	}
	return "No run writes to it: " + why + ".\n", nil
}

// accountNamed finds one account by login name, address, objectGUID or DN.
func (s *session) accountNamed(ctx context.Context, name string) (directory.Account, error) {
	reader, done, err := s.engine.Directory.Reader(ctx)
	if err != nil {
		return directory.Account{}, err
	}
	defer done()
	accounts, err := reader.Accounts(ctx, directory.Scope{Bases: []string{s.cfg.Directory.Base}})
	if err != nil {
		return directory.Account{}, err
	}
	var found []directory.Account
	for _, a := range accounts {
		if strings.EqualFold(a.Login, name) || strings.EqualFold(a.UPN, name) || strings.EqualFold(a.Mail, name) || a.GUID.String() == name || directory.SameDN(a.DN, name) {
			found = append(found, a)
		}
	}
	switch len(found) {
	case 1:
		return found[0], nil
	case 0:
		return directory.Account{}, usage("no account has the login, address, objectGUID or DN %q", name)
	}
	lines := make([]string, len(found))
	for i, a := range found {
		lines[i] = "  " + a.GUID.String() + "  " + a.DN
	}
	return directory.Account{}, usage("%q fits several accounts; name one by objectGUID:\n%s", name, strings.Join(lines, "\n"))
}
