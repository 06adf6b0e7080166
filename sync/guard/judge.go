package guard

import (
	"slices"
	"strings"

	"esrsync/internal/state"
	"esrsync/sync/plan"
)

// Judge says which changes of a plan may be made now, and why the others may
// not, with every reason at once. Every change is either allowed or held.
//
// A lockout, and the release of one, is never held: each has its own second
// person. For everything else:
//
//   - the mode and the list of enforced classes hold whatever they exclude, and
//     no approval lifts that;
//   - a rejection holds exactly the changes that it saw;
//   - a class that is above its number or its share is held whole, an organisation
//     above the limit of one is held for its leavers alone; both count the
//     accounts of the last 24 hours and those of the plan, each once;
//   - what an expected event explains is counted against the event's limit only;
//   - the leavers of an organisation that a full feed shrank are held, and so are
//     renames under review;
//   - an approval lifts the last three for exactly the changes that it saw, but
//     for a leaver in quiet hours, unless it is urgent;
//   - what follows a held change of the same account, or names an account whose
//     making is held, is held with it.
func Judge(in Input) Verdict {
	j := &judge{
		in:       in,
		approved: approvals(in.Approvals),
		rejected: rejections(in.Approvals),
		buckets:  map[bucket]*counted{},
		judged:   map[bucket]*reason{},
		reasons:  make([][]reason, len(in.Plan.Changes)),
	}
	j.sortOut()
	j.count()
	for i := range in.Plan.Changes {
		j.reasons[i] = j.hold(&in.Plan.Changes[i], j.event[i])
	}
	j.followers()
	return j.verdict()
}

// judge holds one input and what was found out about it.
type judge struct {
	in       Input
	approved map[string]bool
	rejected map[string]state.Approval
	event    []*Expected         // of each change: the event that explains it, or nil
	buckets  map[bucket]*counted // what limits count
	judged   map[bucket]*reason  // nil for what is within its limit
	reasons  [][]reason          // of each change
}

// reason is one reason to hold a change.
type reason struct {
	cause plan.Cause
	limit string
	count int
	text  string
	slice string // organisation, where the reason is of one
}

// approvals returns the changes that somebody let through.
func approvals(all []state.Approval) map[string]bool {
	out := map[string]bool{}
	for _, a := range all {
		for _, id := range a.ChangeIDs {
			if !a.Rejected {
				out[id] = true
			}
		}
	}
	return out
}

// rejections returns for each rejected change the first rejection by ID.
func rejections(approvals []state.Approval) map[string]state.Approval {
	sorted := slices.Clone(approvals)
	slices.SortFunc(sorted, func(a, b state.Approval) int { return strings.Compare(a.ID, b.ID) })
	out := map[string]state.Approval{}
	for _, a := range sorted {
		if !a.Rejected {
			continue
		}
		for _, id := range a.ChangeIDs {
			if _, known := out[id]; !known {
				out[id] = a
			}
		}
	}
	return out
}

// neverHeld reports whether a class is outside the guard.
func neverHeld(c plan.Class) bool { return c == plan.Lockout || c == plan.Release }

// hold returns every reason to hold a change by itself.
func (j *judge) hold(c *plan.Change, e *Expected) []reason {
	if neverHeld(c.Class) {
		return nil
	}
	out := j.byMode(c)
	if no, rejected := j.rejected[c.ID]; rejected {
		out = append(out, reason{cause: plan.Rejected, limit: "an approval", text: "Rejected by " + no.By + ": " + no.Reason + "."})
	}
	waits := j.byNumber(c, e)
	if c.Class == plan.Leaver && c.SliceID != "" && j.in.HeldOrganisations[c.SliceID] {
		waits = append(waits, reason{cause: plan.Shrunk, limit: "feeds.staff.max_shrink_percent_per_organisation", slice: c.Slice,
			text: "A full feed shrank " + c.Slice + ": its leavers wait until somebody has looked."})
	}
	if c.Review {
		waits = append(waits, reason{cause: plan.UnderReview, limit: `naming.rename = "review"`, text: "A change of name waits for a person."})
	}
	if !j.approved[c.ID] {
		return append(out, waits...)
	}
	if len(waits) > 0 && c.Class == plan.Leaver && !c.Urgent {
		if q, quiet := j.quiet(); quiet {
			out = append(out, reason{cause: plan.QuietHours, limit: "guard.quiet_hours", text: "Approved; applied when the quiet hours " + q.Text + " are over."})
		}
	}
	return out
}

// byMode returns the reasons that the configuration's mode gives.
func (j *judge) byMode(c *plan.Change) []reason {
	var out []reason
	if j.in.Policy.Observe {
		out = append(out, reason{cause: plan.Observing, limit: `mode = "observe"`, text: "The mode is observe: nothing is written but lockouts."})
	}
	if j.in.Policy.Classes != nil && !j.in.Policy.Classes[c.Class] {
		out = append(out, reason{cause: plan.NotEnforced, limit: "enforce_classes", text: "The class " + string(c.Class) + " is not enforced."})
	}
	return out
}

// quiet returns the quiet hours in which the moment lies.
func (j *judge) quiet() (Quiet, bool) {
	now := j.in.Now
	minute := (int(now.Weekday())+6)%7*24*60 + now.Hour()*60 + now.Minute() // Monday is the first day
	for _, q := range j.in.Policy.Quiet {
		inside := q.From <= minute && minute < q.To
		if q.From > q.To {
			inside = minute >= q.From || minute < q.To
		}
		if inside {
			return q, true
		}
	}
	return Quiet{}, false
}

// followers holds what cannot be made without a change that is held: whatever
// follows the making or the disabling of the same account, either half of a
// rename, and a manager attribute that names an account whose making is held.
func (j *judge) followers() {
	leads, creates := map[string]bool{}, map[string]bool{}
	for i := range j.in.Plan.Changes {
		c := &j.in.Plan.Changes[i]
		if len(j.reasons[i]) == 0 {
			continue
		}
		if c.Kind == plan.Create || c.Kind == plan.Disable || c.Class == plan.Rename {
			leads[unit(c)] = true
		}
		if c.Kind == plan.Create {
			creates[c.PersonID] = true
		}
	}
	for i := range j.in.Plan.Changes {
		c := &j.in.Plan.Changes[i]
		switch {
		case neverHeld(c.Class) || len(j.reasons[i]) > 0:
		case leads[unit(c)]:
			j.reasons[i] = []reason{{cause: plan.DependsOnOne, limit: "what it follows", text: "It follows a change of the same account that is held."}}
		case c.ManagerID != "" && creates[c.ManagerID]:
			j.reasons[i] = []reason{{cause: plan.DependsOnOne, limit: "what it follows", text: "It names an account whose making is held."}}
		}
	}
}

// unit names an account within a class: its changes build on one another.
func unit(c *plan.Change) string { return string(c.Class) + "\x00" + c.Subject() }
