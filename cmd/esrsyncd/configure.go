package main

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"esrsync/config"
	"esrsync/esrmodel"
	"esrsync/internal/token"
)

func (a *app) configCommand() *cobra.Command {
	c := &cobra.Command{Use: "config", Short: "Is the configuration right?", Args: cobra.NoArgs, RunE: needSubcommand, Example: "  esrsyncd config check"}
	c.AddCommand(&cobra.Command{
		Use: "check", Short: "Tell every fault of the configuration, with its line and the mend", Args: cobra.NoArgs,
		Example: "  esrsyncd config check\n  esrsyncd --config new.toml config check --json",
		RunE:    func(c *cobra.Command, _ []string) error { return a.checkConfig(c.Context()) },
	})
	return c
}

// checkedConfig is what was found in a configuration.
type checkedConfig struct {
	File     string         `json:"file"`
	Faults   []config.Fault `json:"faults"`
	Warnings []config.Fault `json:"warnings"`
}

// knownStaff returns what the store has of ESR, for the organisations that rules
// name; nobody where there is no store yet, or none that can be read. It never
// makes one.
func (a *app) knownStaff(ctx context.Context, cfg config.Config) esrmodel.Staff {
	if cfg.Store.Driver == config.StoreSQLite && !exists(cfg.Store.Path) {
		return esrmodel.Staff{}
	}
	st, err := openStore(ctx, cfg, a.now)
	if err != nil {
		return esrmodel.Staff{} // whether the store works is not what is asked here
	}
	defer func() { _ = st.Close() }() // nothing was written
	staff, err := st.Staff(ctx)
	if err != nil {
		return esrmodel.Staff{}
	}
	return staff
}

// checkConfig reads the configuration as a run would, its rules too.
func (a *app) checkConfig(ctx context.Context) error {
	doc, err := config.Read(a.configFile)
	if err == nil {
		_, _, err = policies(doc)(a.knownStaff(ctx, doc.Config), esrmodel.DateOf(a.now()))
	}
	var faults config.Faults
	if err != nil && !errors.As(err, &faults) {
		return usageError{err}
	}
	perr := a.print(checkedConfig{a.configFile, listed(faults), listed(doc.Warnings)}, func(w io.Writer) {
		for _, f := range faults {
			fmt.Fprintln(w, f.Error())
		}
		for _, f := range doc.Warnings {
			fmt.Fprintln(w, "warning: "+f.Error())
		}
		if len(faults) == 0 {
			fmt.Fprintf(w, "%s is right.\n", a.configFile)
		}
	})
	if perr == nil && len(faults) > 0 {
		return ended{exitUsage}
	}
	return perr
}

func (a *app) initCommand() *cobra.Command {
	var answers config.InitAnswers
	var password, readPassword string
	c := &cobra.Command{
		Use: "init", Short: "Write a first configuration, which observes and writes nothing", Args: cobra.NoArgs,
		Long: `Write a first, commented configuration and two new keys beside it. It observes: it
plans and reports, and writes nothing to the directory but lockouts. Nothing that
exists is ever overwritten. A password is a reference: file:PATH, env:NAME or
credential:NAME.`,
		Example: `  esrsyncd init --trust "Example NHS Foundation Trust" --vpd 277 --email-domain example.nhs.uk \
    --server ldaps://dc1.example.nhs.uk --base dc=example,dc=nhs,dc=uk \
    --managed-base ou=Staff,dc=example,dc=nhs,dc=uk --group-base ou=Groups,dc=example,dc=nhs,dc=uk \
    --bind-user svc-esrsync@example.nhs.uk --bind-password file:/etc/esrsync/directory.secret`,
		RunE: func(*cobra.Command, []string) error {
			var err error
			if answers.BindPassword, err = config.ParseSecret(password); err != nil {
				return usage("--bind-password: %w; write file:PATH, env:NAME or credential:NAME", err)
			}
			if answers.ReadPassword, err = config.ParseSecret(readPassword); err != nil {
				return usage("--read-password: %w; write file:PATH, env:NAME or credential:NAME", err)
			}
			return a.initialise(answers)
		},
	}
	f := c.Flags()
	f.StringVar(&answers.TrustName, "trust", "", "name of the trust")
	f.StringVar(&answers.VPD, "vpd", "", "the trust's VPD, three digits")
	f.StringVar(&answers.EmailDomain, "email-domain", "", "what follows the @ of addresses")
	f.StringVar((*string)(&answers.Environment), "environment", "live", "live or test")
	f.StringSliceVar(&answers.Servers, "server", nil, "ldaps:// address of a controller; may be given several times")
	f.StringVar(&answers.Domain, "domain", "", "or the domain whose SRV records name the controllers")
	f.StringVar(&answers.CAFile, "ca-file", "", "PEM file of the authority that signed the controllers' certificates")
	f.StringVar(&answers.Base, "base", "", "distinguished name of the domain")
	f.StringVar(&answers.ManagedBase, "managed-base", "", "OU of the accounts")
	f.StringVar(&answers.GroupBase, "group-base", "", "OU of the groups")
	f.StringVar(&answers.BindUser, "bind-user", "", "the account that writes")
	f.StringVar(&password, "bind-password", "", "reference to its password")
	f.StringVar(&answers.ReadUser, "read-user", "", "the account that plans; empty: the one that writes")
	f.StringVar(&readPassword, "read-password", "", "reference to its password")
	f.StringVar(&answers.DataDir, "data-dir", "", "where the service keeps its data; empty: the system's usual place")
	return c
}

// initialise writes the configuration and the keys that it names.
func (a *app) initialise(answers config.InitAnswers) error {
	folder := filepath.Dir(a.configFile)
	ledger, seal := filepath.Join(folder, "ledger.key"), filepath.Join(folder, "token.key")
	for _, path := range []string{a.configFile, ledger, seal} {
		if exists(path) {
			return usage("%s is there already; nothing was written", path)
		}
	}
	var err error
	if answers.LedgerKey, err = config.ParseSecret("file:" + absolute(ledger)); err != nil {
		return err
	}
	if answers.TokenKey, err = config.ParseSecret("file:" + absolute(seal)); err != nil {
		return err
	}
	text, err := config.Starter(answers)
	if err != nil {
		return usageError{err}
	}
	if err := os.MkdirAll(folder, 0o750); err != nil {
		return fmt.Errorf("making the folder of the configuration: %w", err)
	}
	for _, path := range []string{ledger, seal} {
		if err := writeKey(path); err != nil {
			return err
		}
	}
	if err := writeNew(a.configFile, text, 0o640); err != nil {
		return err
	}
	a.say("Wrote %s, %s and %s.\nBack up %s apart from the store: it proves which accounts are ours.\nNext: esrsyncd --config %s config check", a.configFile, ledger, seal, seal, a.configFile)
	return nil
}

// writeKey makes a key of 32 random bytes, in base64.
func writeKey(path string) error {
	var key [token.KeySize]byte
	if _, err := rand.Read(key[:]); err != nil {
		return fmt.Errorf("making a key: %w", err)
	}
	return writeNew(path, []byte(base64.StdEncoding.EncodeToString(key[:])+"\n"), 0o600)
}

// writeNew writes a file that must not exist yet.
func writeNew(path string, content []byte, mode fs.FileMode) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, mode)
	if err != nil {
		return fmt.Errorf("writing %s: %w", filepath.Base(path), err)
	}
	if _, err := f.Write(content); err != nil {
		_ = f.Close() // the write's error is the one that matters
		return fmt.Errorf("writing %s: %w", filepath.Base(path), err)
	}
	return f.Close()
}
