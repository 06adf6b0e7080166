package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"esrsync/config"
	"esrsync/internal/directory"
	"esrsync/ldapx"
	"esrsync/sync/hold"
)

func addSecond(c *cobra.Command, user, file *string) {
	c.Flags().StringVar(user, "second", "", "a second person, who signs in to the directory here; their password is asked for")
	c.Flags().StringVar(file, "second-password-file", "", "read the second person's password from this file")
}

// proven has the second person sign in, and returns their login as the directory
// has it. Nobody is asked for gives the empty name.
func (w *wards) proven(ctx context.Context, user, file string) (string, error) {
	if user == "" {
		return "", nil
	}
	if hold.SameUser(user, w.actor) {
		return "", usageError{hold.ErrSamePerson}
	}
	secret, err := w.secondPassword(user, file)
	if err != nil {
		return "", err
	}
	r, err := w.signIn(ctx, user, secret)
	if errors.Is(err, directory.ErrCredentials) {
		return "", usage("%s could not sign in: the directory refuses the name or the password", user)
	}
	if err != nil {
		return "", fmt.Errorf("signing %s in: %w", user, err)
	}
	defer closing(r)()
	account, err := ownAccount(ctx, r, user)
	if err != nil {
		return "", err
	}
	if hold.SameUser(account.Login, w.actor) {
		return "", usageError{hold.ErrSamePerson}
	}
	if err := w.mayConfirm(ctx, r, account); err != nil {
		return "", err
	}
	return account.Login, nil
}

func (w *wards) secondPassword(user, file string) ([]byte, error) {
	if file == "" {
		return w.app.askPassword("Password of " + user + ": ")
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, usage("reading the second person's password: %w", err)
	}
	return []byte(strings.TrimRight(string(text), "\r\n")), nil
}

// signIn opens the directory as a person: an empty password would be let in as nobody.
func (w *wards) signIn(ctx context.Context, user string, secret []byte) (*ldapx.Reader, error) {
	if len(secret) == 0 {
		return nil, directory.ErrCredentials
	}
	d := domain{cfg: w.cfg.Directory, log: w.log}
	o, err := d.options(config.Bind{Method: config.BindSimple, User: user})
	if err != nil {
		return nil, err
	}
	o.BindPassword = func() ([]byte, error) { return secret, nil }
	o.Connections, o.Circuit, o.DialTimeout = 1, &ldapx.Circuit{}, dialWait
	return ldapx.OpenReader(ctx, o)
}

// ownAccount finds who signed in.
func ownAccount(ctx context.Context, r *ldapx.Reader, user string) (directory.Account, error) {
	login := user
	if _, after, found := strings.Cut(user, `\`); found {
		login = after
	}
	before, _, _ := strings.Cut(login, "@")
	found, err := r.Find(ctx, directory.Query{Logins: []string{login, before}})
	if err != nil {
		return directory.Account{}, fmt.Errorf("finding the account of %s: %w", user, err)
	}
	at := slices.IndexFunc(found, func(a directory.Account) bool {
		return strings.EqualFold(a.UPN, user) || strings.EqualFold(a.Login, login)
	})
	if at < 0 {
		at = slices.IndexFunc(found, func(a directory.Account) bool { return strings.EqualFold(a.Login, before) })
	}
	if at < 0 {
		return directory.Account{}, usage("the account of %s cannot be found by its name; give the login", user)
	}
	return found[at], nil
}

// mayConfirm refuses who has none of the roles that may lock out, where the
// configuration names their groups.
func (w *wards) mayConfirm(ctx context.Context, r *ldapx.Reader, a directory.Account) error {
	roles := w.cfg.Console.Roles
	groups := slices.DeleteFunc([]string{roles.Admin, roles.HR, roles.ServiceDesk}, func(dn string) bool { return dn == "" })
	if len(groups) == 0 {
		return nil
	}
	is, err := within(ctx, r, a.DN, groups)
	if err != nil {
		return fmt.Errorf("reading the roles of %s: %w", a.Login, err)
	}
	if !is {
		return usage("%s has none of the roles that may confirm this: admin, hr or service_desk of [console.roles]", a.Login)
	}
	return nil
}

// nesting bounds how deep groups in groups are followed.
const nesting = 8

// within reports whether a DN is a member of one of the groups, or of a group in them.
func within(ctx context.Context, r *ldapx.Reader, dn string, groups []string) (bool, error) {
	seen := map[string]bool{}
	for range nesting {
		if len(groups) == 0 {
			break
		}
		found, err := r.Groups(ctx, nil, groups)
		if err != nil {
			return false, err
		}
		groups = nil
		for _, g := range found {
			for _, member := range g.Members {
				if directory.SameDN(member, dn) {
					return true, nil
				}
				if folded := directory.FoldDN(member); !seen[folded] {
					seen[folded] = true
					groups = append(groups, member)
				}
			}
		}
	}
	return false, nil
}
