package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"esrsync/esrmodel"
	"esrsync/sync/plan"
)

// shown is how many rows of a list stand open before the rest is folded away.
const shown = 25

// leavers lists who loses access, by organisation, with how late that is.
func (c *composer) leavers() section {
	var off, ahead []dossier
	for _, d := range c.of(plan.Leaver) {
		if d.isAhead() {
			ahead = append(ahead, d)
		} else {
			off = append(off, d)
		}
	}
	s := section{Title: "Leavers", Count: len(off) + len(ahead), Empty: "Nobody leaves in this run."}
	if len(off) > 0 {
		s.About = []string{"Late counts the whole days after somebody's last day on which the account was still on."}
		s.Tables = append(s.Tables, c.leaverTable(off))
	}
	if len(ahead) > 0 {
		s.Tables = append(s.Tables, c.aheadTable(ahead))
	}
	return s
}

// isAhead reports whether a leaving is only written down for the day on which it comes.
func (d dossier) isAhead() bool {
	return !slices.ContainsFunc(d.Changes, func(ch plan.Change) bool {
		_, expires := ch.After["accountExpires"]
		return !expires
	})
}

func (c *composer) leaverTable(ds []dossier) table {
	t := table{
		Caption: "Accounts of people who have left, by organisation", Show: shown,
		Columns: []string{"Person", "Last day", "Late", "Changes", "State"},
	}
	slices.SortStableFunc(ds, func(a, b dossier) int {
		return cmp.Or(strings.Compare(a.Slice, b.Slice), cmp.Compare(c.lateDays(b.Person), c.lateDays(a.Person)))
	})
	for _, d := range ds {
		title := cmp.Or(d.Slice, "No organisation")
		if len(t.Groups) == 0 || t.Groups[len(t.Groups)-1].Title != title {
			t.Groups = append(t.Groups, group{Title: title})
		}
		g := &t.Groups[len(t.Groups)-1]
		g.Rows = append(g.Rows, row{Cells: []cell{
			c.person(d.Person), text(c.n.People[d.Person].Leaving.Words()), c.late(d.Person), text(c.did(d)), d.state(),
		}})
	}
	return t
}

// late says how late a leaver's account is switched off.
func (c *composer) late(key string) cell {
	switch days := c.lateDays(key); {
	case c.n.People[key].Leaving.IsZero():
		return text("Not known")
	case days == 0:
		return text("No")
	case days > 7:
		return cell{Text: several(days, "day"), Tone: bad}
	default:
		return cell{Text: several(days, "day"), Tone: warn}
	}
}

// lateDays counts the whole days after the last day.
func (c *composer) lateDays(key string) int {
	last := c.n.People[key].Leaving
	if last.IsZero() || last == esrmodel.EndOfTime {
		return 0
	}
	return max(0, int(c.day())-int(last)-1)
}

func (c *composer) aheadTable(ds []dossier) table {
	t := table{Caption: "Leaving days that are written ahead, so that access ends by itself", Show: shown, Columns: []string{"Person", "Last day", "Organisation", "State"}}
	slices.SortStableFunc(ds, func(a, b dossier) int {
		return cmp.Compare(c.n.People[a.Person].Leaving, c.n.People[b.Person].Leaving)
	})
	t.Groups = []group{{}}
	for _, d := range ds {
		t.Groups[0].Rows = append(t.Groups[0].Rows, row{Cells: []cell{
			c.person(d.Person), text(c.n.People[d.Person].Leaving.Words()), text(d.Slice), d.state(),
		}})
	}
	return t
}

// did says what a dossier's changes do.
func (c *composer) did(d dossier) string { return capital(strings.Join(c.deeds(d.Changes), "; ")) }

// joiners lists who gets access, and the names that they get.
func (c *composer) joiners() section {
	ds := c.of(plan.Joiner)
	s := section{Title: "Joiners and their addresses", Count: len(ds), Empty: "Nobody joins in this run."}
	if len(ds) == 0 {
		return s
	}
	t := table{Caption: "Accounts that are made or switched on", Show: shown, Columns: []string{"Person", "Organisation", "Login and address", "From", "Changes", "State"}}
	t.Groups = []group{{}}
	for _, d := range ds {
		t.Groups[0].Rows = append(t.Groups[0].Rows, row{Cells: []cell{
			c.person(d.Person), text(d.Slice), c.names(d), text(d.Changes[0].Effective.Words()), text(c.did(d)), d.state(),
		}})
	}
	s.Tables = []table{t}
	return s
}

// names returns the login and the address of a joiner.
func (c *composer) names(d dossier) cell {
	who, made := c.n.People[d.Person], d.first(plan.Create)
	names := text(cmp.Or(made.After.First("sAMAccountName"), who.Login, "none"))
	if mail := cmp.Or(made.After.First("mail"), who.Mail); mail != "" {
		names.Notes = []string{mail}
	}
	return names
}

// movers lists whose account is brought in line with where they work now.
func (c *composer) movers() section {
	return c.listing("Movers", "Nobody moves in this run.", "Accounts that are brought in line with ESR", c.of(plan.Mover))
}

// renames lists changes of name, those that wait for a person first.
func (c *composer) renames() section {
	ds := c.of(plan.Rename)
	slices.SortStableFunc(ds, func(a, b dossier) int { return cmp.Compare(order(a.State), order(b.State)) })
	s := c.listing("Changes of name", "No name changes, and none waits.", "Changes of login, address and name", ds)
	if waiting := tally(ds)[waits]; waiting > 0 {
		s.About = []string{several(waiting, "change of name waits", "changes of name wait") + " for a person. The old address stays as an alias."}
	}
	return s
}

// order puts what waits before everything else.
func order(o outcome) int {
	if o == waits {
		return -1
	}
	return int(o)
}

// others lists what is neither a joiner, a mover, a change of name nor a leaver.
func (c *composer) others() section {
	s := section{Title: "Links, repairs and deletions", Empty: "No account is linked, repaired or deleted."}
	for _, kind := range []struct {
		class   plan.Class
		caption string
	}{
		{plan.Delete, "Accounts that are deleted"},
		{plan.Repair, "Marks of ours that are put right"},
		{plan.Link, "Accounts that are found to be somebody's, and are marked so"},
	} {
		if ds := c.of(kind.class); len(ds) > 0 {
			s.Count += len(ds)
			s.Tables = append(s.Tables, c.changeTable(kind.caption, ds))
		}
	}
	return s
}

func (c *composer) listing(title, empty, caption string, ds []dossier) section {
	s := section{Title: title, Count: len(ds), Empty: empty}
	if len(ds) > 0 {
		s.Tables = []table{c.changeTable(caption, ds)}
	}
	return s
}

// changeTable lists people with what changes for them and why.
func (c *composer) changeTable(caption string, ds []dossier) table {
	t := table{Caption: caption, Show: shown, Columns: []string{"Person", "Changes", "Why", "State"}, Groups: []group{{}}}
	for _, d := range ds {
		changes := cell{Text: c.did(d)}
		t.Groups[0].Rows = append(t.Groups[0].Rows, row{Cells: []cell{
			c.person(d.Person), changes, text(strings.Join(d.reasons(), " ")), d.state(),
		}})
	}
	return t
}

// failures lists each change that was begun and not made, with the reason.
func (c *composer) failures() section {
	s := section{Title: "Failed or skipped", Empty: "Every change that was begun was made."}
	t := table{Caption: "Changes that were begun and not made", Show: shown, Columns: []string{"Person", "Change", "What happened", "State"}, Groups: []group{{}}}
	for _, o := range []outcome{failed, unknown, skipped} {
		for _, r := range c.n.Results {
			if resultOf(r) == o {
				t.Groups[0].Rows = append(t.Groups[0].Rows, c.failureRow(r, o))
			}
		}
	}
	if s.Count = t.rows(); s.Count > 0 {
		s.About = []string{"What failed is tried again by the next run. What was skipped had been changed by somebody else meanwhile; the next run looks at it anew."}
		s.Tables = []table{t}
	}
	return s
}

func (c *composer) failureRow(r Result, o outcome) row {
	ch := c.changes[r.ChangeID]
	change := text(capital(strings.Join(c.deeds([]plan.Change{ch}), "; ")))
	change.Notes = []string{fmt.Sprintf("%s, change %s", ch.Class, r.ChangeID)}
	happened := cmp.Or(sentence(r.Detail), "Nothing is known of it yet.")
	return row{Cells: []cell{c.person(ch.Person), change, text(happened), {Text: o.words(), Tone: o.tone()}}}
}
