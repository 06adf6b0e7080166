package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"esrsync/esrmodel/feed"
	"esrsync/internal/directory"
	"esrsync/internal/state"
)

func (a *app) namesCommand() *cobra.Command {
	c := &cobra.Command{
		Use: "names", Short: "Login names and addresses that nobody may get again", Args: cobra.NoArgs, RunE: needSubcommand,
		Example: "  esrsyncd names import history.csv",
	}
	c.AddCommand(&cobra.Command{
		Use: "import FILE", Short: "Take in names of the past", Args: cobra.ExactArgs(1),
		Long: `Take in names of the past from a CSV with the columns Kind and Name, where Kind is
login, upn or address. None of them is ever given to anybody. Importing a file
again changes nothing.`,
		Example: "  esrsyncd names import history.csv",
		RunE: func(c *cobra.Command, args []string) error {
			return a.with(c.Context(), func(s *session) error { return s.importNames(c.Context(), args[0]) })
		},
	})
	return c
}

func (s *session) importNames(ctx context.Context, path string) error {
	file, err := os.Open(path)
	if err != nil {
		return usageError{fmt.Errorf("reading the names: %w", err)}
	}
	defer file.Close()
	table, err := feed.ReadTable(file, map[string]string{"kind": "Kind", "name": "Name"})
	if err != nil {
		return fmt.Errorf("reading the names: %w", err)
	}
	names, faults := s.namesIn(table)
	if len(faults) > 0 {
		return usage("%s: nothing was imported:\n  %s", path, strings.Join(faults, "\n  "))
	}
	added, err := s.store.ImportNames(ctx, names)
	if err != nil {
		return err
	}
	if err := s.record(ctx, "names.imported", "", map[string]string{"file": path, "added": fmt.Sprint(added)}); err != nil {
		return err
	}
	return s.app.print(map[string]int{"read": len(names), "added": added}, func(w io.Writer) {
		fmt.Fprintf(w, "%s read, %d of them new. None is ever given to anybody.\n", plural(len(names), "name"), added)
	})
}

// namesIn returns the names of a table, or every line that is wrong.
func (s *session) namesIn(table feed.Table) ([]state.Name, []string) {
	var out []state.Name
	var faults []string
	for _, r := range table.Reasons {
		faults = append(faults, r.String())
	}
	for _, row := range table.Rows {
		kind, name := directory.NameKind(strings.ToLower(row.Text("kind"))), strings.ToLower(row.Text("name"))
		switch {
		case kind != directory.LoginName && kind != directory.UPNName && kind != directory.Address:
			faults = append(faults, fmt.Sprintf("line %d: Kind is %q; use login, upn or address", row.Line, row.Text("kind")))
		case name == "":
			faults = append(faults, fmt.Sprintf("line %d: Name is empty", row.Line))
		default:
			out = append(out, state.Name{Kind: kind, Value: name, Source: "imported", Since: s.app.now().UTC()})
		}
	}
	return out, faults
}
