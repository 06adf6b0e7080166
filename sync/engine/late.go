package engine

import (
	"fmt"

	"esrsync/internal/directory"
	"esrsync/internal/finding"
	"esrsync/sync/person"
	"esrsync/sync/plan"
)

// late reports the leavers of tonight whom ESR told us of only after their last
// day (L01), with how many days their access went on. A date that we had written
// ahead was told in time, however late the account is switched off.
func late(n *night, p plan.Plan) []finding.Finding {
	people := map[string]*person.Person{}
	for i := range n.input.People {
		people[n.input.People[i].ID] = &n.input.People[i]
	}
	told := map[directory.GUID]bool{}
	for account := range n.input.OurExpiry {
		told[account] = true
	}
	var out []finding.Finding
	for _, c := range p.Changes {
		who := people[c.PersonID]
		if c.Class != plan.Leaver || c.Kind != plan.Disable || who == nil || who.Standing != person.Left || told[c.Account] {
			continue
		}
		if days := int(n.at.Day) - int(who.Leaving) - 1; days > 0 {
			text := fmt.Sprintf("Left on %s; ESR said so %d %s after access should have ended.", who.Leaving.Words(), days, dayOrDays(days))
			out = append(out, finding.New(finding.ReportedLate, finding.OfPerson, c.Person, "", text))
		}
	}
	return out
}

func dayOrDays(n int) string {
	if n == 1 {
		return "day"
	}
	return "days"
}
