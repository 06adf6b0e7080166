package main

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"esrsync/internal/state"
	"esrsync/sync/plan"
)

func (a *app) approveCommand() *cobra.Command {
	var class, key, reason string
	c := &cobra.Command{
		Use: "approve PLAN", Short: "Let through exactly the changes of a plan that were held", Args: cobra.ExactArgs(1),
		Long: `Let through exactly the changes of a plan that were held: all of them, one class, or
one person. The approval stores the ids of the changes that you saw; within
guard.approval_ttl any later plan applies those and no others. They are made by
the next run: esrsyncd sync.`,
		Example: "  esrsyncd approve 3f9c2a11d07b4e65 --class leaver --reason \"rotation, checked with medical staffing\"\n  esrsyncd approve 3f9c2a11d07b4e65 --person 20000017 --reason \"HR confirmed\"",
		RunE: func(c *cobra.Command, args []string) error {
			return a.with(c.Context(), func(s *session) error { return s.decidePlan(c.Context(), args[0], class, key, reason, false) })
		},
	}
	c.Flags().StringVar(&class, "class", "", "only this class: leaver, mover, joiner, rename, repair, link, delete")
	c.Flags().StringVar(&key, "person", "", "only this person")
	c.Flags().StringVar(&reason, "reason", "", "why; kept in the ledger")
	return c
}

func (a *app) rejectCommand() *cobra.Command {
	var reason string
	c := &cobra.Command{
		Use: "reject PLAN", Short: "Drop what was held: these changes are not made", Args: cobra.ExactArgs(1),
		Long:    "Drop what was held: within guard.approval_ttl these changes are not made, even inside\nthe limits. Mend the cause in ESR meanwhile, or they will be planned again.",
		Example: "  esrsyncd reject 3f9c2a11d07b4e65 --reason \"the feed was wrong, ESR is being corrected\"",
		RunE: func(c *cobra.Command, args []string) error {
			return a.with(c.Context(), func(s *session) error { return s.decidePlan(c.Context(), args[0], "", "", reason, true) })
		},
	}
	c.Flags().StringVar(&reason, "reason", "", "why; kept in the ledger")
	return c
}

// decidePlan approves or rejects what is held of a plan.
func (s *session) decidePlan(ctx context.Context, id, class, key, reason string, reject bool) error {
	if err := needReason(reason); err != nil {
		return err
	}
	p, err := s.planOf(ctx, id)
	if err != nil {
		return err
	}
	personID := ""
	if key != "" {
		who, err := s.personOf(ctx, key)
		if err != nil {
			return err
		}
		personID = who.ID
	}
	ids := heldIDs(p, plan.Class(class), personID)
	if len(ids) == 0 {
		return usage("the plan %s holds nothing of that kind", p.ID)
	}
	approval, err := s.approval(p.ID, ids, reason, reject)
	if err != nil {
		return err
	}
	if err := s.store.SaveApproval(ctx, approval); err != nil {
		return err
	}
	action := "plan.approved"
	if reject {
		action = "plan.rejected"
	}
	if err := s.record(ctx, action, "", map[string]string{"plan": p.ID, "changes": fmt.Sprint(len(ids)), "reason": reason}); err != nil {
		return err
	}
	return s.app.print(approval, func(w io.Writer) {
		if reject {
			fmt.Fprintf(w, "Rejected %s of plan %s until %s.\n", plural(len(ids), "change"), p.ID, s.local(approval.Expires))
			return
		}
		fmt.Fprintf(w, "Approved %s of plan %s until %s. They are made by the next run: esrsyncd sync\n", plural(len(ids), "change"), p.ID, s.local(approval.Expires))
	})
}

func (s *session) approval(planID string, ids []string, reason string, reject bool) (state.Approval, error) {
	var raw [8]byte
	if _, err := rand.Read(raw[:]); err != nil {
		return state.Approval{}, fmt.Errorf("naming the approval: %w", err)
	}
	now := s.app.now().UTC()
	return state.Approval{
		ID: hex.EncodeToString(raw[:]), PlanID: planID, ChangeIDs: ids, Rejected: reject, By: s.actor,
		Reason: reason, At: now, Expires: now.Add(s.cfg.Guard.ApprovalTTL.Std()),
	}, nil
}

// planOf reads a plan that was kept, by its id or an unambiguous beginning of it.
func (s *session) planOf(ctx context.Context, id string) (plan.Plan, error) {
	var p plan.Plan
	body, err := s.store.Plan(ctx, id)
	if err != nil {
		return p, usage("no plan %q was kept: %w", id, err)
	}
	if err := json.Unmarshal(body, &p); err != nil {
		return p, fmt.Errorf("reading the plan %s: %w", id, err)
	}
	return p, nil
}

// heldIDs returns the held changes of a plan, of one class and one person where those are named.
func heldIDs(p plan.Plan, class plan.Class, personID string) []string {
	held := map[string]bool{}
	if p.Verdict != nil {
		for _, h := range p.Verdict.Held {
			for _, id := range h.Changes {
				held[id] = true
			}
		}
	}
	var out []string
	for _, c := range p.Changes {
		if held[c.ID] && (class == "" || c.Class == class) && (personID == "" || c.PersonID == personID) {
			out = append(out, c.ID)
		}
	}
	return out
}
