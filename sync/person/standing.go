package person

import (
	"fmt"
	"strings"

	"esrsync/esrmodel"
	"esrsync/internal/finding"
)

// noShowAfter is how many days after the start an offer that never became
// current is asked about.
const noShowAfter = 7

// stand gives the person their standing and its dates.
func (r *resolver) stand(p *Person, holdings []holding, owner employment) {
	var count [over + 1]int
	for i := range holdings {
		count[holdings[i].phase]++
	}
	switch {
	case count[live] > 0:
		r.current(p, holdings, owner)
	case count[ahead] > 0:
		r.starting(p, holdings)
	case count[over] > 0:
		p.Standing = Left
		r.left(p, holdings, owner)
	default:
		p.Standing = Nobody
		end := first(leaving{owner.confirmed, ByConfirmation}, leaving{owner.terminated, ByTermination})
		if len(holdings) == 0 && end.out(r.at) {
			p.Standing, p.Start, p.Leaving, p.LeavingBy = Left, owner.hired, end.day, end.by
		}
	}
	if p.Leaving == 0 {
		p.Ending = ""
	}
	reason := strings.ToLower(p.Ending)
	p.Dismissed = strings.Contains(reason, "dismiss")
	p.Died = strings.Contains(reason, "death") || strings.Contains(reason, "died") || strings.Contains(reason, "deceased")
}

func (r *resolver) current(p *Person, holdings []holding, owner employment) {
	p.Standing = Current
	p.Start = esrmodel.EndOfTime
	for i := range holdings {
		h := &holdings[i]
		if h.phase != live {
			continue
		}
		p.Start = min(p.Start, h.begins)
		p.Access = p.Access || h.effect != EffectDisabled
		p.Suspended = p.Suspended || h.effect == EffectSuspended
	}
	if owner.hired != 0 && owner.hired <= r.at.Day {
		p.Start = owner.hired
	}
	p.until(unbroken(holdings, live, r.at.Day))
}

func (r *resolver) starting(p *Person, holdings []holding) {
	p.Standing = Starting
	p.Start = esrmodel.EndOfTime
	for i := range holdings {
		h := &holdings[i]
		if h.phase != ahead {
			continue
		}
		p.Start = min(p.Start, h.begins)
		p.NoShow = p.NoShow || h.effect == EffectStarting && h.begins.AddDays(noShowAfter) < r.at.Day
	}
	// Between two employments the one that ended is what took the access away.
	if p.until(lastEnd(holdings)); p.Leaving == 0 || p.Leaving >= p.Start {
		p.until(unbroken(holdings, ahead, p.Start))
	}
}

func (r *resolver) left(p *Person, holdings []holding, owner employment) {
	p.Start = esrmodel.EndOfTime
	for i := range holdings {
		if holdings[i].phase == over {
			p.Start = min(p.Start, holdings[i].begins)
		}
	}
	end := lastEnd(holdings)
	if owner.hired != 0 && owner.hired <= end.day {
		p.Start = owner.hired
	}
	p.until(end)
}

// lastEnd returns the latest of the ends that have passed.
func lastEnd(holdings []holding) leaving {
	var end leaving
	for i := range holdings {
		if h := &holdings[i]; h.phase == over && h.end.day > end.day {
			end = h.end
		}
	}
	return end
}

func (p *Person) until(end leaving) { p.Leaving, p.LeavingBy = end.day, end.by }

// unbroken returns the end of the days with access that begin on a day with the
// assignments of one phase: an assignment ahead that starts before they end, or
// on the day after, carries them on. Zero where no end is known.
func unbroken(holdings []holding, phase phase, day esrmodel.Date) leaving {
	end := leaving{day: day - 1}
	for grown := true; grown; {
		grown = false
		for i := range holdings {
			h := &holdings[i]
			seed := h.phase == phase && (phase == live || h.begins <= day)
			if !seed && (h.phase != ahead || h.begins > end.day+1) {
				continue
			}
			if h.end.day == 0 {
				return leaving{}
			}
			if h.end.day > end.day {
				end, grown = h.end, true
			}
		}
	}
	return end
}

// conclude says each person's standing in a sentence.
func (r *resolver) conclude() {
	for i := range r.out {
		r.out[i].Why = r.out[i].why()
	}
}

func (p *Person) why() string {
	switch p.Standing {
	case Left:
		if p.External {
			return "the register's end was " + p.Leaving.Words()
		}
		return p.LeavingBy + " " + p.Leaving.Words() + "; every assignment has ended"
	case Starting:
		return "starts on " + p.Start.Words() + p.post()
	case Current:
		if p.Leaving != 0 {
			return "current" + p.post() + "; " + p.LeavingBy + " " + p.Leaving.Words()
		}
		return "current" + p.post()
	}
	return "no assignment to provide for"
}

// post names the primary assignment in brackets, for a sentence.
func (p *Person) post() string {
	switch {
	case p.External:
		return " (register: " + p.Register + ")"
	case p.Primary.AssignmentID == "":
		return ""
	}
	return " (" + p.Primary.Title + ", " + p.Primary.Organisation.Name + "; " + p.Primary.Status + ")"
}

// name returns what findings call a person by: the key, else the ID.
func (p *Person) name() string {
	if p.Key != "" {
		return p.Key
	}
	return "#" + p.ID
}

// find notes a finding about a person.
func (r *resolver) find(code finding.Code, p *Person, discriminator, format string, args ...any) {
	r.findings = append(r.findings, finding.New(code, finding.OfPerson, p.name(), discriminator, fmt.Sprintf(format, args...)))
}
