package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"esrsync/config"
	"esrsync/esrmodel"
	"esrsync/sync/engine"
	"esrsync/sync/plan"
)

func (a *app) planCommand() *cobra.Command {
	var asOf, key, file string
	c := &cobra.Command{
		Use: "plan", Short: "What a run would do, and why; changes nothing", Args: cobra.NoArgs,
		Long: `What a run would do, and why. It reads the directory with the read-only account and
writes nothing to it; the plan itself is kept, so that it can be approved by its id.
Exit code 3: there are changes; 4: some of them would be held.`,
		Example: "  esrsyncd plan\n  esrsyncd plan --person 20000017\n  esrsyncd plan --as-of 2026-12-01 --json --out december.json",
		RunE: func(c *cobra.Command, _ []string) error {
			return a.with(c.Context(), func(s *session) error { return s.plan(c.Context(), asOf, key, file) })
		},
	}
	c.Flags().StringVar(&asOf, "as-of", "", "as at the beginning of that day, 2026-12-01")
	c.Flags().StringVar(&key, "person", "", "only this person: employee number, login, address or ESR user name")
	c.Flags().StringVar(&file, "out", "", "write the plan as JSON into this file")
	return c
}

// request turns the flags that plan and sync share into a request.
func (s *session) request(ctx context.Context, asOf, key string) (engine.Request, error) {
	req := engine.Request{Trigger: "command by " + s.actor}
	day, err := esrmodel.ParseDate(asOf)
	if err != nil {
		return req, usage("--as-of: %w", err)
	}
	req.AsOf = day
	if key != "" {
		p, err := s.personOf(ctx, key)
		if err != nil {
			return req, err
		}
		req.Person = p.ID
	}
	return req, nil
}

func (s *session) plan(ctx context.Context, asOf, key, file string) error {
	req, err := s.request(ctx, asOf, key)
	if err != nil {
		return err
	}
	out, err := s.engine.Plan(ctx, req)
	if err != nil {
		return err
	}
	if file != "" {
		if err := writePlan(file, out.Plan); err != nil {
			return err
		}
	}
	err = s.app.print(whole(out.Plan), func(w io.Writer) {
		for _, note := range out.Notes {
			fmt.Fprintln(w, note)
		}
		printPlan(w, out.Plan)
	})
	switch {
	case err != nil:
		return err
	case out.Plan.Verdict != nil && out.Plan.Verdict.Waiting():
		return ended{exitHeld}
	case len(out.Plan.Changes) > 0:
		return ended{exitChanges}
	}
	return nil
}

// whole returns the plan with an empty list, for JSON, where there is nothing.
func whole(p plan.Plan) plan.Plan {
	p.Inputs, p.Changes, p.Findings = listed(p.Inputs), listed(p.Changes), listed(p.Findings)
	if p.Counts == nil {
		p.Counts = map[plan.Class]int{}
	}
	p.Verdict = wholeVerdict(p.Verdict)
	return p
}

func wholeVerdict(v *plan.Verdict) *plan.Verdict {
	if v == nil {
		return nil
	}
	return &plan.Verdict{Allowed: listed(v.Allowed), Held: listed(v.Held)}
}

func writePlan(file string, p plan.Plan) error {
	body, err := json.MarshalIndent(whole(p), "", "  ")
	if err != nil {
		return fmt.Errorf("writing the plan: %w", err)
	}
	if err := os.WriteFile(file, append(body, '\n'), 0o640); err != nil {
		return fmt.Errorf("writing the plan: %w", err)
	}
	return nil
}

// printPlan prints a plan for a person: what is held first, then each change with its reason.
func printPlan(w io.Writer, p plan.Plan) {
	if len(p.Changes) == 0 {
		fmt.Fprintln(w, "Nothing would change.")
		return
	}
	fmt.Fprintf(w, "Plan %s as of %s: %s\n", p.ID, p.AsOf.Words(), counts(p))
	held := map[string]bool{}
	if p.Verdict != nil {
		for _, h := range p.Verdict.Held {
			for _, id := range h.Changes {
				held[id] = true
			}
			fmt.Fprintf(w, "HELD %s\n", heldLine(h))
		}
	}
	for _, c := range p.Changes {
		mark := "  "
		if held[c.ID] {
			mark = "H "
		}
		fmt.Fprintf(w, "%s%s  %-7s %-13s %-10s %s\n", mark, c.ID, c.Class, c.Kind, c.Person, c.Reason)
	}
}

// counts says how many changes of each class a plan has, in the order of a run.
func counts(p plan.Plan) string {
	text := ""
	for _, class := range plan.Classes() {
		if n := p.Counts[class]; n > 0 {
			text += fmt.Sprintf(", %s %d", class, n)
		}
	}
	if text == "" {
		return "nothing to change"
	}
	return text[2:]
}

func heldLine(h plan.Held) string {
	what := string(h.Class)
	if h.Slice != "" {
		what += " of " + h.Slice
	}
	return fmt.Sprintf("%s: %d accounts (%s): %s", what, h.Count, h.Limit, h.Reason)
}

// asOfAllowed refuses to run as of another day in a live environment.
func asOfAllowed(cfg config.Config, asOf string) error {
	if asOf != "" && cfg.Environment != config.EnvironmentTest {
		return usage(`sync --as-of is for environment = "test" only; use plan --as-of to look ahead`)
	}
	return nil
}
