package report

import (
	"slices"

	"esrsync/internal/finding"
	"esrsync/internal/state"
	"esrsync/sync/plan"
)

// urpOfLockedOut is U10, the live URP of somebody who is locked out.
const urpOfLockedOut finding.Code = "U10"

// Shareable returns the night without what says of a named person that they are
// locked out: such a thing is for HR's and the auditor's pages and never for a
// mail or a file. How many lockouts are in force stays. The night itself is left
// as it is, and a second call changes nothing more.
func (n Night) Shareable() Night {
	lean, taken := withoutLockouts(n.Plan)
	n.Plan = lean
	n.Results = slices.DeleteFunc(slices.Clone(n.Results), func(r Result) bool { return taken[r.ChangeID] })
	for _, f := range n.Findings {
		if tellsOfHold(f) {
			n.Numbers.Findings--
		}
		if tellsOfHold(f) && f.Severity == finding.Critical {
			n.Numbers.Critical--
		}
	}
	n.Findings, n.Closed = withoutHolds(n.Findings), withoutHolds(n.Closed)
	before := len(n.Tasks)
	n.Tasks = slices.DeleteFunc(slices.Clone(n.Tasks), func(t state.Task) bool { return isHoldCode(finding.Code(t.Kind)) })
	n.Numbers.OpenTasks -= before - len(n.Tasks)
	return n
}

// withoutLockouts takes the changes out of a plan that lock somebody out or let
// them back, and the findings that tell of it. It returns the IDs it took.
func withoutLockouts(p plan.Plan) (plan.Plan, map[string]bool) {
	taken := map[string]bool{}
	p.Changes = slices.DeleteFunc(slices.Clone(p.Changes), func(c plan.Change) bool {
		hidden := c.Class == plan.Lockout || c.Class == plan.Release
		if hidden {
			taken[c.ID] = true
		}
		return hidden
	})
	counts := make(map[plan.Class]int, len(p.Counts))
	for class, count := range p.Counts {
		if class != plan.Lockout && class != plan.Release {
			counts[class] = count
		}
	}
	p.Counts, p.Findings = counts, withoutHolds(p.Findings)
	if p.Verdict != nil {
		v := *p.Verdict
		v.Allowed = slices.DeleteFunc(slices.Clone(v.Allowed), func(id string) bool { return taken[id] })
		p.Verdict = &v
	}
	return p, taken
}

func withoutHolds(fs []finding.Finding) []finding.Finding {
	return slices.DeleteFunc(slices.Clone(fs), tellsOfHold)
}

func tellsOfHold(f finding.Finding) bool { return isHoldCode(f.Code) }

func isHoldCode(c finding.Code) bool { return c == finding.LockedNotSuspended || c == urpOfLockedOut }
