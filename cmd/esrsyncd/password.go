package main

import (
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"esrsync/esrmodel"
	"esrsync/internal/directory"
	"esrsync/internal/password"
	"esrsync/sync/person"
	"esrsync/sync/plan"
)

func (a *app) passwordCommand() *cobra.Command {
	return &cobra.Command{
		Use: "initial-password KEY", Short: "Give a starter the first password: made now, shown once, stored nowhere", Args: cobra.ExactArgs(1),
		Long: `Give a starter the first password, from the day on which the account is enabled. It
is made now, shown once and stored nowhere, and must be changed at the first
sign-in. It resets whatever password the account had.`,
		Example: "  esrsyncd initial-password 20000017",
		RunE: func(c *cobra.Command, args []string) error {
			return a.with(c.Context(), func(s *session) error { return s.initialPassword(c.Context(), args[0]) })
		},
	}
}

func (s *session) initialPassword(ctx context.Context, key string) error {
	p, err := s.personOf(ctx, key)
	if err != nil {
		return err
	}
	links, err := s.linksOf(ctx, p.ID)
	if err != nil {
		return err
	}
	if len(links) == 0 || links[0].Secondary {
		return usage("%s (%s) has no account yet; see: esrsyncd explain %s", nameOf(p), p.Key, p.Key)
	}
	accounts, err := s.accountsOf(ctx, links[:1])
	if err != nil {
		return err
	}
	account := accounts[0]
	if !p.Access || p.Standing != person.Current || p.IsHeld() {
		return usage("%s (%s) may not sign in now: %s", nameOf(p), p.Key, p.Why)
	}
	held, err := s.store.IsHeld(ctx, p.ID, account.GUID)
	if err != nil {
		return err
	}
	// Nothing is told of a hold: it is off, or about to be.
	if held || !account.Enabled() {
		return usage("the account %s is switched off; a first password is for an enabled account, see: esrsyncd explain %s", account.Login, p.Key)
	}
	why, err := s.refusal(ctx, account)
	if err != nil {
		return err
	}
	if why != "" {
		return usage("the account %s is not ours to write to: %s", account.Login, why)
	}
	first, err := password.First(p.First, p.Last, p.Preferred, account.Login, account.Value("displayName"))
	if err != nil {
		return err
	}
	// Written down before it is done: a reset that nobody knows of must not be possible.
	if err := s.record(ctx, "password.reset", p.ID, map[string]string{"account": account.GUID.String(), "why": "first password"}); err != nil {
		return err
	}
	writer, done, err := s.engine.Directory.Writer(ctx)
	if err != nil {
		return err
	}
	defer done()
	if err := writer.SetPassword(ctx, account.GUID, first, true); err != nil {
		return fmt.Errorf("setting the first password of %s: %w", account.Login, err)
	}
	shown := map[string]string{"person": p.Key, "login": account.Login, "password": first}
	return s.app.print(shown, func(w io.Writer) {
		fmt.Fprintf(w, "%s signs in as %s with the password\n\n    %s\n\nand must choose another at once. It is not kept anywhere and cannot be shown again.\n", nameOf(p), account.Login, first)
	})
}

// refusal says why an account may not be written to: a run would not write to it
// either. Empty: it may.
func (s *session) refusal(ctx context.Context, account directory.Account) (string, error) {
	said, err := s.engine.Sealer.Open(account.GUID, account.Marker)
	if err == nil && said.Hold != [len(said.Hold)]byte{} {
		return "its token keeps it off", nil
	}
	staff, err := s.store.Staff(ctx)
	if err != nil {
		return "", err
	}
	policy, _, err := policies(s.doc)(staff, esrmodel.DateOf(s.app.now().In(s.engine.Settings.Zone)))
	if err != nil {
		return "", err
	}
	reader, done, err := s.engine.Directory.Reader(ctx)
	if err != nil {
		return "", err
	}
	defer done()
	groups, err := reader.Groups(ctx, policy.GroupBases, policy.ProtectedGroups)
	if err != nil {
		return "", fmt.Errorf("reading the protected groups: %w", err)
	}
	return plan.Refusal(plan.Input{Policy: policy, Groups: groups}, &account), nil
}
