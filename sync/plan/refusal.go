package plan

import "esrsync/internal/directory"

// Refusal says why no run may write to an account, for commands that write to one
// by themselves; empty: they may. Of the input it takes the policy and the groups,
// of which at least those that are protected.
func Refusal(in Input, a *directory.Account) string {
	pr := newProtection(in, indexGroups(in))
	if !pr.inScope(a.DN) {
		return "it is outside the managed bases"
	}
	return pr.reason(a)
}
