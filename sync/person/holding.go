package person

import "esrsync/esrmodel"

// phase is how one assignment stands on the day.
type phase uint8

const (
	ignored phase = iota // only ignored statuses: as if it were not there
	ahead                // not current yet: a start is to come, or an offer is accepted
	live                 // current
	over                 // ended, on a date
)

// holding is one assignment read for one day.
type holding struct {
	slices []esrmodel.Assignment // in order, at least one
	now    *esrmodel.Assignment  // the slice whose values count on the day
	phase  phase
	effect Effect // of the status that counts
	// lost says in words why the dates do not tell what became of the assignment:
	// it goes on as it last was, since absence removes nothing.
	lost string
	tail bool // lost because nothing comes after the last slice
	// unknown is a status that nobody has explained, in force today or on a day
	// that we act on already.
	unknown string
	begins  esrmodel.Date // first day of what is live or ahead
	end     leaving
}

// leaving is a dated end.
type leaving struct {
	day esrmodel.Date // the last day with access; zero where none is known
	by  string
}

// out reports whether the last day with access has passed.
func (l leaving) out(at Moment) bool {
	return l.day != 0 && (l.day < at.Day || l.day == at.Day && at.Closed)
}

// reader reads assignments for one moment.
type reader struct {
	at       Moment
	policy   Policy
	statuses *statusTable
}

// read says how an assignment stands. The person's own slice gives the
// termination date, which ends every assignment, and the hire date. A confirmed
// date of leaving stands in where ESR has none.
func (r reader) read(slices []esrmodel.Assignment, owner employment) holding {
	i, covered := on(slices, r.at.Day)
	h := holding{slices: slices, now: &slices[i], effect: r.statuses.effect(slices[i].Status), begins: slices[0].Span.From}
	h.end = r.leaving(slices, i, owner)
	h.unknown = r.unknown(slices, h.end.day)
	switch {
	case h.end.out(r.at):
		h.phase = over
	case !covered:
		r.between(&h, i, owner)
	default:
		r.within(&h, i, owner)
	}
	return h
}

// within reads an assignment whose slice i covers the day and whose dated end,
// if it has one, has not passed.
func (r reader) within(h *holding, i int, owner employment) {
	switch h.effect {
	case EffectIgnored:
		r.upcoming(h, i+1, owner)
	case EffectStarting:
		r.offer(h, i, owner)
	case EffectEnded:
		r.ended(h, i, owner)
	default:
		h.phase = live
	}
}

// ended reads an assignment whose status says ended while its dates do not say
// that it is out.
func (r reader) ended(h *holding, i int, owner employment) {
	if r.upcoming(h, i+1, owner); h.phase == ahead {
		return
	}
	// A date of leaving that is still to come wins: access is on during that day.
	h.phase, h.effect = live, EffectCurrent
	if h.end.day == 0 {
		h.lost = "status " + h.now.Status + " without a date of leaving"
		h.tail = true
	}
}

// between reads an assignment that no slice covers on the day: before the first,
// after the last, or in a gap. Slice i is the last before the day, or the first.
func (r reader) between(h *holding, i int, owner employment) {
	if h.now.Span.From > r.at.Day {
		r.upcoming(h, 0, owner)
		return
	}
	if h.effect == EffectIgnored {
		r.upcoming(h, i+1, owner)
		return
	}
	h.phase = live
	if h.effect == EffectStarting {
		r.offer(h, i, owner)
	}
	if h.effect == EffectEnded {
		h.effect = EffectCurrent
	}
	if h.end.day != 0 {
		return
	}
	if i+1 < len(h.slices) {
		h.lost = "nothing is said of the days from " + (h.now.Span.To + 1).Words() + " to " + (h.slices[i+1].Span.From - 1).Words()
		return
	}
	h.tail = true
	h.lost = "the last dates end on " + h.now.Span.To.Words() + " without a date of leaving"
}

// upcoming looks for something to come from slice i on; without it the
// assignment is ignored, or keeps that it has ended.
func (r reader) upcoming(h *holding, i int, owner employment) {
	for ; i < len(h.slices); i++ {
		switch effect := r.statuses.effect(h.slices[i].Status); effect {
		case EffectIgnored, EffectEnded:
			continue
		case EffectStarting:
			h.now, h.effect = &h.slices[i], effect
			r.offer(h, i, owner)
		default:
			h.now, h.effect, h.phase = &h.slices[i], effect, ahead
			h.begins = h.slices[i].Span.From
		}
		return
	}
}

// offer reads an accepted offer: its start is the projected hire date, else the
// hire date, else what the slices say. A hire date from before the offer is that
// of an earlier employment.
func (r reader) offer(h *holding, i int, owner employment) {
	h.phase = ahead
	offer := h.slices[i]
	switch {
	case offer.ProjectedHireDate != 0:
		h.begins = offer.ProjectedHireDate
	case owner.hired >= offer.Span.From && owner.hired != 0:
		h.begins = owner.hired
	default:
		h.begins = offer.Span.From
		if i+1 < len(h.slices) && r.statuses.effect(h.slices[i+1].Status) == EffectCurrent {
			h.begins = h.slices[i+1].Span.From
		}
	}
}

// unknown returns the first status that nobody has explained among the slices
// that cover today or the days ahead that we act on. What ESR says of an
// assignment after its own date of leaving does not matter.
func (r reader) unknown(slices []esrmodel.Assignment, left esrmodel.Date) string {
	acted := esrmodel.Span{From: r.at.Day, To: r.at.Day.AddDays(r.policy.CreateBefore)}
	for i := range slices {
		if s := &slices[i]; s.Span.Overlaps(acted) && !(left != 0 && s.Span.From > left) &&
			r.statuses.effect(s.Status) == EffectHeld {
			if s.Status == "" {
				return "(blank)"
			}
			return s.Status
		}
	}
	return ""
}
