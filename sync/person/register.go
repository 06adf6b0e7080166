package person

import (
	"strings"

	"esrsync/esrmodel"
	"esrsync/internal/finding"
)

// registerID returns the ID, and the key, of somebody in the register of people
// who are not in ESR.
func registerID(e esrmodel.External) string { return "X" + e.Reference }

// registered resolves the register. Its people get accounts and lose them by the
// same rules; the sponsor stands where the supervisor does.
func (r *resolver) registered(entries []esrmodel.External) {
	sponsors := r.sponsors(entries)
	for _, e := range entries {
		i := r.index[registerID(e)]
		p := &r.out[i]
		if p.External {
			text := "the register has reference " + e.Reference + " twice"
			p.Held = append(p.Held, text)
			r.find(finding.ImpossibleValue, p, "twice", "%s", text)
			continue
		}
		r.enter(p, e)
		if r.supervisor[i] = e.Sponsor; sponsors[e.Sponsor] != "" {
			r.supervisor[i] = sponsors[e.Sponsor]
		}
		if p.Standing == Current {
			r.supervises(i, r.supervisor[i])
		}
	}
}

// enter fills in somebody from the register.
func (r *resolver) enter(p *Person, e esrmodel.External) {
	p.Key, p.External, p.Register = p.ID, true, e.Category
	p.First, p.Last = strings.TrimSpace(e.Forename), strings.TrimSpace(e.Surname)
	if p.Preferred = p.First; p.Preferred == "" {
		p.Preferred = p.Last
	}
	p.Start = e.Span.From
	end := leaving{e.Span.To, ByRegister}
	if end.day != 0 {
		p.until(end)
	}
	switch {
	case end.out(r.at):
		p.Standing = Left
	case e.Span.From > r.at.Day:
		p.Standing = Starting
	default:
		p.Standing, p.Access = Current, true
	}
	var text string
	switch {
	case end.day == 0:
		text = "the register gives no end date, and one is required"
	case e.Span.IsEmpty():
		text = "the register's end is before its start"
	default:
		return
	}
	p.Held = append(p.Held, text)
	r.find(finding.ImpossibleValue, p, "end", "%s", text)
}

// sponsors returns the person IDs of the sponsors by employee number: of two
// records with one number the current one.
func (r *resolver) sponsors(entries []esrmodel.External) map[string]string {
	ids := make(map[string]string, len(entries))
	for _, e := range entries {
		ids[e.Sponsor] = ""
	}
	if len(ids) == 0 {
		return ids
	}
	for i := range r.out {
		p := &r.out[i]
		if id, wanted := ids[p.Key]; wanted && p.Key != "" && (id == "" || p.Standing == Current) {
			ids[p.Key] = p.ID
		}
	}
	return ids
}
