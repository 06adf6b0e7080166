package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"esrsync/internal/state"
)

func (a *app) tasksCommand() *cobra.Command {
	var all bool
	c := &cobra.Command{
		Use: "tasks", Short: "What people still have to do", Args: cobra.NoArgs,
		Long:    "What people still have to do because the daemon cannot, or must not, do it itself. A\ntask closes by itself when its evidence is gone.",
		Example: "  esrsyncd tasks\n  esrsyncd tasks close find-3f9c2a11d07b4e65 --evidence \"HR: still employed, record restored\"",
		RunE: func(c *cobra.Command, _ []string) error {
			return a.with(c.Context(), func(s *session) error { return s.listTasks(c.Context(), all) })
		},
	}
	c.Flags().BoolVar(&all, "all", false, "closed ones too")
	c.AddCommand(a.taskCloseCommand())
	return c
}

func (s *session) listTasks(ctx context.Context, all bool) error {
	tasks, err := s.store.Tasks(ctx, all)
	if err != nil {
		return err
	}
	return s.app.print(listed(tasks), func(w io.Writer) {
		if len(tasks) == 0 {
			fmt.Fprintln(w, "Nothing to do.")
		}
		for _, t := range tasks {
			age := int(s.app.now().Sub(t.Opened).Hours() / 24)
			status := fmt.Sprintf("open for %s", plural(age, "day"))
			if !t.Closed.IsZero() {
				status = fmt.Sprintf("closed %s by %s: %s", s.local(t.Closed), t.ClosedBy, t.Evidence)
			}
			fmt.Fprintf(w, "%s  %s  %s  for %s\n    %s\n    %s\n", t.ID, t.Kind, t.Subject, t.Owner, t.Text, status)
		}
	})
}

func (a *app) taskCloseCommand() *cobra.Command {
	var evidence string
	c := &cobra.Command{
		Use: "close ID", Short: "Close a task, with the evidence", Args: cobra.ExactArgs(1),
		Example: "  esrsyncd tasks close find-3f9c2a11d07b4e65 --evidence \"HR: still employed, record restored\"",
		RunE: func(c *cobra.Command, args []string) error {
			return a.with(c.Context(), func(s *session) error { return s.closeTask(c.Context(), args[0], evidence) })
		},
	}
	c.Flags().StringVar(&evidence, "evidence", "", "what shows that it is done; kept with the task")
	return c
}

func (s *session) closeTask(ctx context.Context, id, evidence string) error {
	if strings.TrimSpace(evidence) == "" {
		return usage("say what shows that it is done, with --evidence")
	}
	err := s.store.CloseTask(ctx, id, s.actor, evidence, s.app.now().UTC())
	if errors.Is(err, state.ErrNotFound) {
		return usage("there is no open task %q; see: esrsyncd tasks", id)
	}
	if err != nil {
		return err
	}
	if err := s.record(ctx, "task.closed", "", map[string]string{"task": id, "evidence": evidence}); err != nil {
		return err
	}
	return s.app.print(map[string]string{"closed": id}, func(w io.Writer) { fmt.Fprintf(w, "Closed %s.\n", id) })
}
