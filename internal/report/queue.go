package report

import (
	"cmp"
	"fmt"
	"strings"
)

// queue lists the people of whom nobody knows yet which account is theirs, with
// the evidence for and against each candidate.
func (c *composer) queue() section {
	s := section{Title: "Match queue", Count: len(c.n.Queue), Empty: "Nobody is in doubt."}
	if len(c.n.Queue) == 0 {
		return s
	}
	s.About = []string{"These people are left alone until somebody says whose the account is. It is never guessed."}
	t := table{Caption: "People, and the accounts that may be theirs", Show: shown, Columns: []string{"Account", "Score of 100", "For", "Against"}}
	for _, d := range c.n.Queue {
		t.Groups = append(t.Groups, c.doubt(d))
	}
	s.Tables = []table{t}
	return s
}

// doubt is one person of the queue, with the commands that answer it.
func (c *composer) doubt(d Doubt) group {
	c.person(d.Person) // so that the list of everybody has them
	g := group{Title: cmp.Or(d.Name, d.Person) + " (" + d.Person + ")", Notes: []string{capital(sentence(d.Why))}}
	key := argument(d.Person, "KEY")
	for _, k := range d.Candidates {
		account := cell{Text: k.Login, Notes: []string{k.DN}}
		g.Rows = append(g.Rows, row{Cells: []cell{account, text(fmt.Sprint(k.Score)), text(evidence(k.For)), text(evidence(k.Against))}})
	}
	if len(d.Candidates) > 0 {
		g.Commands = append(g.Commands, fmt.Sprintf(`esrsyncd match link %s %s --reason "…"`, key, argument(d.Candidates[0].Login, "LOGIN")))
	}
	g.Commands = append(g.Commands, fmt.Sprintf(`esrsyncd match create %s --reason "…"`, key))
	return g
}

func evidence(lines []string) string {
	if len(lines) == 0 {
		return "Nothing"
	}
	return capital(strings.Join(lines, "; "))
}
