package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"esrsync/internal/finding"
)

// shownFindings is how many findings of one code stand open before the rest is folded away.
const shownFindings = 10

// sectionOf returns the section that lists the findings of a code.
func sectionOf(code finding.Code) string {
	switch {
	case code == finding.UnownedAccount:
		return unownedID
	case code == finding.NoAccount:
		return missingID
	case code == finding.EmailNotInESR:
		return emailsID
	case strings.HasPrefix(string(code), "U"):
		return urpsID
	}
	return findingsID
}

// unowned lists the accounts that nobody owns.
func (c *composer) unowned() section {
	return c.findingsIn(unownedID, "Accounts nobody owns", "Every account is somebody's.")
}

// missing lists the people who should have an account and have none.
func (c *composer) missing() section {
	return c.findingsIn(missingID, "People without accounts", "Everybody who should have an account has one.")
}

// emails lists the addresses that ESR does not show yet.
func (c *composer) emails() section {
	s := c.findingsIn(emailsID, "Addresses not in ESR yet", "ESR shows every address.")
	if s.Count > 0 {
		s.About = append(s.About, "Workforce Information enters them; each stays here until a feed shows it.")
	}
	return s
}

// urps lists what is wrong with access to ESR itself.
func (c *composer) urps() section {
	return c.findingsIn(urpsID, "URPs: access to ESR", "Nothing was found.")
}

// otherFindings lists the rest, after a chart of all findings by age.
func (c *composer) otherFindings() section {
	s := c.findingsIn(findingsID, "Findings", "There are no other findings.")
	if len(c.n.Findings) > 0 {
		s.Chart = c.ageChart()
	}
	if elsewhere := len(c.n.Findings) - s.Count; elsewhere > 0 {
		s.About = append(s.About, several(elsewhere, "further finding stands", "further findings stand")+" in the sections above. The chart counts them too.")
	}
	if s.Count > 0 {
		s.About = append(s.About, "The gravest come first, and of one sort the newest.")
	}
	return s
}

// findingsIn lists the findings that belong into a section: a table for each
// severity and code.
func (c *composer) findingsIn(id, title, empty string) section {
	s := section{Title: title, Empty: empty}
	var chosen []finding.Finding
	for _, f := range c.n.Findings {
		if sectionOf(f.Code) == id {
			chosen = append(chosen, f)
		}
	}
	slices.SortStableFunc(chosen, func(a, b finding.Finding) int {
		return cmp.Or(
			cmp.Compare(a.Severity.Rank(), b.Severity.Rank()), cmp.Compare(a.Code, b.Code),
			cmp.Compare(c.age(a), c.age(b)), cmp.Compare(a.Subject.Key, b.Subject.Key), cmp.Compare(a.ID, b.ID),
		)
	})
	s.Count = len(chosen)
	for len(chosen) > 0 {
		n := 1
		for n < len(chosen) && chosen[n].Code == chosen[0].Code && chosen[n].Severity == chosen[0].Severity {
			n++
		}
		s.Tables = append(s.Tables, c.findingTable(chosen[:n]))
		chosen = chosen[n:]
	}
	return s
}

// findingTable lists findings of one code and severity.
func (c *composer) findingTable(fs []finding.Finding) table {
	first := fs[0]
	t := table{
		Caption: fmt.Sprintf("%s: %s, %s", capital(string(first.Severity)), meaning(first.Code), several(len(fs), "finding")),
		About:   []string{"Who mends it: " + ownerWords(string(first.Owner)) + "."},
		Columns: []string{"About", "What was found", "Open for"}, Groups: []group{{}}, Show: shownFindings,
	}
	for _, f := range fs {
		t.Groups[0].Rows = append(t.Groups[0].Rows, row{Cells: []cell{c.subject(f.Subject), text(sentence(f.Text)), c.openFor(f)}})
	}
	return t
}

// meaning says in words what a code means; one that is not known here stands for itself.
func meaning(code finding.Code) string {
	for _, d := range finding.Definitions() {
		if d.Code == code {
			return d.Meaning + " (" + string(code) + ")"
		}
	}
	return string(code)
}

// subject names what a finding is about.
func (c *composer) subject(s finding.Subject) cell {
	switch s.Kind {
	case finding.OfPerson:
		return c.person(s.Key)
	case finding.OfAccount:
		a, known := c.n.Accounts[s.Key]
		if !known {
			return cell{Text: "Account", Notes: []string{s.Key}}
		}
		named := cell{Text: a.Login, Notes: []string{a.DN}}
		if a.Disabled {
			named.Notes = append(named.Notes, "disabled")
		}
		return named
	}
	if s.Kind == finding.OfURP {
		return text(s.Key)
	}
	return text(capital(string(s.Kind)) + " " + s.Key)
}

// openFor says for how many days a finding has been open. On the first night of
// all every finding is new, so none is marked.
func (c *composer) openFor(f finding.Finding) cell {
	switch days := c.age(f); {
	case c.isNew(f):
		return cell{Text: "New", Tone: fresh}
	case days == 0:
		return text("Since today")
	default:
		return text(several(days, "day"))
	}
}

func (c *composer) isNew(f finding.Finding) bool { return c.n.Before != nil && c.age(f) == 0 }

func (c *composer) age(f finding.Finding) int { return c.daysSince(f.FirstSeen) }

// ownerWords names a team.
func ownerWords(owner string) string {
	switch finding.Owner(owner) {
	case finding.Infrastructure:
		return "Infrastructure"
	case finding.ServiceDesk:
		return "Service desk"
	case finding.Workforce:
		return "Workforce Information"
	case finding.CorporateSystems:
		return "Corporate Systems"
	case finding.HR:
		return "HR"
	}
	return cmp.Or(capital(strings.ReplaceAll(owner, "_", " ")), "Nobody")
}

// severities are the four grades, gravest first.
func severities() []finding.Severity {
	return []finding.Severity{finding.Critical, finding.High, finding.Moderate, finding.Standard}
}
