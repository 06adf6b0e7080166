package guard

import (
	"slices"
	"strings"

	"esrsync/sync/plan"
)

// verdict gathers the changes that are allowed, and those that are held by what
// holds them: every held change is in exactly one group, the one of its class and
// of all its reasons.
func (j *judge) verdict() Verdict {
	v := Verdict{Allowed: []string{}, Held: []Held{}}
	index := map[string]int{}
	for i := range j.in.Plan.Changes {
		c := &j.in.Plan.Changes[i]
		if len(j.reasons[i]) == 0 {
			v.Allowed = append(v.Allowed, c.ID)
			continue
		}
		key := groupKey(c.Class, j.reasons[i])
		at, known := index[key]
		if !known {
			at = len(v.Held)
			index[key] = at
			v.Held = append(v.Held, held(c.Class, j.reasons[i]))
		}
		v.Held[at].Changes = append(v.Held[at].Changes, c.ID)
		v.Held[at].People = append(v.Held[at].People, c.Person)
	}
	for i := range v.Held {
		h := &v.Held[i]
		slices.Sort(h.People)
		h.People = slices.DeleteFunc(slices.Compact(h.People), func(p string) bool { return p == "" })
		h.Count = max(h.Count, len(h.People))
	}
	sortHeld(v.Held)
	return v
}

func groupKey(class plan.Class, reasons []reason) string {
	parts := []string{string(class)}
	for _, r := range reasons {
		parts = append(parts, string(r.cause), r.limit, r.slice, r.text)
	}
	return strings.Join(parts, "\x00")
}

// held words a group of changes that have the same reasons.
func held(class plan.Class, reasons []reason) Held {
	h := Held{Class: class}
	var limits, texts []string
	for _, r := range reasons {
		h.Causes = append(h.Causes, r.cause)
		h.Count = max(h.Count, r.count)
		limits, texts = append(limits, r.limit), append(texts, r.text)
		if r.slice != "" {
			h.Slice = r.slice
		}
	}
	h.Limit, h.Reason = strings.Join(limits, "; "), strings.Join(texts, " ")
	return h
}

// sortHeld puts the groups in the order of the classes; within one, the whole
// class before its organisations.
func sortHeld(all []Held) {
	classes := plan.Classes()
	slices.SortStableFunc(all, func(a, b Held) int {
		if c := slices.Index(classes, a.Class) - slices.Index(classes, b.Class); c != 0 {
			return c
		}
		if c := strings.Compare(a.Slice, b.Slice); c != 0 {
			return c
		}
		return strings.Compare(a.Reason, b.Reason)
	})
}
