package guard

import (
	"fmt"

	"esrsync/sync/plan"
)

// byNumber returns the reasons that the limits give to hold a change of an event,
// or of an ordinary day where there is none.
func (j *judge) byNumber(c *plan.Change, e *Expected) []reason {
	if e != nil {
		return j.byEvent(c, e)
	}
	var out []reason
	policy := j.in.Policy
	if found := j.over(bucket{class: c.Class}, policy.Limits[c.Class], j.in.Enabled); found != nil {
		r := *found // kept for the other changes of its bucket
		r.cause, r.limit = plan.OverLimit, "guard."+string(c.Class)+" = "+r.limit
		out = append(out, r)
	}
	if c.Class != plan.Leaver || c.SliceID == "" {
		return out
	}
	if found := j.over(bucket{class: c.Class, slice: c.SliceID}, policy.PerOrganisation, j.in.EnabledByOrganisation[c.SliceID]); found != nil {
		r := *found
		r.cause, r.limit = plan.OverSlice, "guard.per_organisation = "+r.limit
		out = append(out, r)
	}
	return out
}

// byEvent returns the reason to hold what an expected event explains: more
// accounts than it was expected to change.
func (j *judge) byEvent(c *plan.Change, e *Expected) []reason {
	b := bucket{class: c.Class, event: e.Name}
	r, known := j.judged[b]
	if limit := e.Limits[c.Class].Max; !known {
		if n := j.buckets[b]; n.count() > limit {
			r = &reason{
				cause: plan.OverLimit, count: n.count(),
				limit: fmt.Sprintf("%s: %s at most %d", e.Name, c.Class, limit),
				text:  fmt.Sprintf("%s: %s is expected, with at most %d.", words(c.Class, n), e.Name, limit),
			}
		}
		j.judged[b] = r
	}
	if r == nil {
		return nil
	}
	return []reason{*r}
}

// wholeShare is the share that no longer limits anything: a trust that has no
// account yet could otherwise never make its first ones.
const wholeShare = 100

// over returns the reason to hold what a bucket counts, or nil. The number is
// looked at first. A share counts from guard.share_from accounts up.
func (j *judge) over(b bucket, l Limit, enabledNow int) *reason {
	if r, known := j.judged[b]; known {
		return r
	}
	n := j.buckets[b]
	count, base := n.count(), before(b.class, n, enabledNow)
	r := &reason{count: count, limit: fmt.Sprintf("%d or %g %%", l.Max, l.MaxPercent), slice: n.name}
	switch {
	case count > l.Max:
		r.text = fmt.Sprintf("%s: more than %d.", words(b.class, n), l.Max)
	case l.MaxPercent < wholeShare && count >= max(1, j.in.Policy.ShareFrom) && float64(count)*100 > l.MaxPercent*float64(base):
		r.text = fmt.Sprintf("%s: more than %g %% of %d.", words(b.class, n), l.MaxPercent, base)
	default:
		r = nil
	}
	j.judged[b] = r
	return r
}

// before returns how many accounts were enabled and linked before the window:
// those of now with the ones that the last 24 hours switched off, or without the
// ones that they made.
func before(class plan.Class, n *counted, enabledNow int) int {
	switch class {
	case plan.Leaver:
		return enabledNow + n.done()
	case plan.Joiner:
		return max(0, enabledNow-n.done())
	}
	return enabledNow
}

// words says how many accounts a class changes, and where.
func words(class plan.Class, n *counted) string {
	text := fmt.Sprintf("%d accounts of class %s", n.count(), class)
	if n.count() == 1 {
		text = "1 account of class " + string(class)
	}
	if n.name != "" {
		text += " in " + n.name
	}
	if done := n.done(); done > 0 {
		text += fmt.Sprintf(", %d of them within the last 24 hours", done)
	}
	return text
}
