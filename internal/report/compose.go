package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"esrsync/esrmodel"
	"esrsync/internal/state"
	"esrsync/sync/plan"
)

// composer turns a night into a page.
type composer struct {
	n        Night
	held     map[string]plan.Held // by change ID
	results  map[string]Result    // by change ID
	changes  map[string]plan.Change
	dossiers []dossier
	mentions map[string][]string // person key → IDs of the sections that name them, in order
	section  string              // the section that is being composed
}

// compose returns the page of a night. It shows only what may leave the house.
func compose(n Night) page {
	c := newComposer(n.Shareable())
	p := page{
		Trust: c.n.Trust, Day: c.day().Words(), Notes: c.n.Notes,
		Status: c.status(), Todo: c.todo(), Facts: c.facts(),
	}
	for _, part := range c.parts() {
		c.section = part.id
		s := part.make()
		s.ID = part.id
		p.Sections = append(p.Sections, s)
	}
	c.section = everybodyID
	p.Sections = append(p.Sections, c.everybody())
	return p
}

func newComposer(n Night) *composer {
	c := &composer{
		n: n, held: map[string]plan.Held{}, results: make(map[string]Result, len(n.Results)),
		changes: make(map[string]plan.Change, len(n.Plan.Changes)), mentions: map[string][]string{},
	}
	for _, h := range c.verdict() {
		for _, id := range h.Changes {
			c.held[id] = h
		}
	}
	for _, r := range n.Results {
		c.results[r.ChangeID] = r
	}
	for _, ch := range n.Plan.Changes {
		c.changes[ch.ID] = ch
	}
	c.dossiers = c.byName(c.file(n.Plan.Changes))
	return c
}

// The IDs of the sections, which links name.
const (
	leaversID   = "leavers"
	heldID      = "held"
	joinersID   = "joiners"
	moversID    = "movers"
	renamesID   = "renames"
	othersID    = "other-changes"
	failuresID  = "failures"
	queueID     = "match-queue"
	unownedID   = "accounts-nobody-owns"
	missingID   = "people-without-accounts"
	emailsID    = "addresses-not-in-esr"
	urpsID      = "urps"
	findingsID  = "findings"
	tasksID     = "tasks"
	waitsID     = "waiting"
	aloneID     = "memberships-left-alone"
	feedsID     = "feeds"
	numbersID   = "numbers"
	aboutID     = "about"
	everybodyID = "everybody"
)

// part is a section to be made.
type part struct {
	id   string
	make func() section
}

// parts are the sections in the order in which they are read.
func (c *composer) parts() []part {
	return []part{
		{leaversID, c.leavers},
		{heldID, c.heldChanges},
		{joinersID, c.joiners},
		{moversID, c.movers},
		{renamesID, c.renames},
		{othersID, c.others},
		{failuresID, c.failures},
		{queueID, c.queue},
		{unownedID, c.unowned},
		{missingID, c.missing},
		{urpsID, c.urps},
		{emailsID, c.emails},
		{findingsID, c.otherFindings},
		{tasksID, c.tasks},
		{waitsID, c.waits},
		{aloneID, c.leftAlone},
		{feedsID, c.feeds},
		{numbersID, c.numbers},
		{aboutID, c.about},
	}
}

// verdict returns what is held.
func (c *composer) verdict() []plan.Held {
	if c.n.Plan.Verdict == nil {
		return nil
	}
	return c.n.Plan.Verdict.Held
}

// now is the instant for which the report speaks: the run's end, or its start
// where it never came to its end.
func (c *composer) now() time.Time {
	if c.n.Run.Ended.IsZero() {
		return c.n.Run.Started
	}
	return c.n.Run.Ended
}

// day is the day that the run decided for.
func (c *composer) day() esrmodel.Date {
	if c.n.Plan.AsOf.IsZero() {
		return esrmodel.DateOf(c.local(c.now()))
	}
	return c.n.Plan.AsOf
}

// local returns the instant on the trust's wall clocks.
func (c *composer) local(t time.Time) time.Time {
	if c.n.Zone == nil {
		return t.UTC()
	}
	return t.In(c.n.Zone)
}

// clock writes an instant: "06:02" on the day of the run, else with its date.
func (c *composer) clock(t time.Time) string {
	l := c.local(t)
	if esrmodel.DateOf(l) == esrmodel.DateOf(c.local(c.now())) {
		return l.Format("15:04")
	}
	return l.Format("15:04 on 2 January 2006")
}

// daysSince counts the days from a date to the day of the run.
func (c *composer) daysSince(d esrmodel.Date) int {
	if d.IsZero() {
		return 0
	}
	return max(0, int(c.day())-int(d))
}

// person returns the cell that names a person, and remembers that this section does.
func (c *composer) person(key string) cell {
	if key == "" {
		return text("Nobody")
	}
	who, known := c.n.People[key]
	if !known {
		return text(key)
	}
	if named := c.mentions[key]; len(named) == 0 || named[len(named)-1] != c.section {
		c.mentions[key] = append(named, c.section)
	}
	notes := []string{key}
	if who.Position != "" {
		notes[0] += ", " + who.Position
	}
	return cell{Text: cmp.Or(who.Name, key), Link: anchor(key), Notes: notes}
}

// name returns how a person is called, for sorting and for sentences.
func (c *composer) name(key string) string { return cmp.Or(c.n.People[key].Name, key) }

// anchor returns the ID of a person's row in the list of everybody. A key that
// is not plain letters and digits is spelled in hex, so that no two fall together.
func anchor(key string) string {
	for _, r := range key {
		if (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z') {
			return fmt.Sprintf("person-x-%x", key)
		}
	}
	return "person-" + key
}

// everybody lists the people whom the report names, so that a name leads to all
// that is known of them here.
func (c *composer) everybody() section {
	keys := make([]string, 0, len(c.mentions))
	for key := range c.mentions {
		keys = append(keys, key)
	}
	slices.SortFunc(keys, func(a, b string) int {
		return cmp.Or(strings.Compare(c.name(a), c.name(b)), strings.Compare(a, b))
	})
	s := section{
		ID: everybodyID, Title: "Everybody named here", Count: len(keys), Empty: "This report names nobody.",
	}
	if len(keys) == 0 {
		return s
	}
	s.About, s.Command = []string{"For more about one of them, with the rule behind each value:"}, "esrsyncd explain KEY"
	t := table{Caption: "People named in this report", Columns: []string{"Person", "Organisation", "Account", "Named under"}, Show: 10}
	var rows []row
	for _, key := range keys {
		rows = append(rows, c.indexRow(key))
	}
	t.Groups = []group{{Rows: rows}}
	s.Tables = []table{t}
	return s
}

func (c *composer) indexRow(key string) row {
	who := c.n.People[key]
	name := c.person(key)
	name.Link = ""
	account := text(cmp.Or(who.Login, "none"))
	if who.Mail != "" {
		account.Notes = []string{who.Mail}
	}
	place := text(cmp.Or(who.Organisation, "not known"))
	place.Notes = []string{standingWords(who)}
	return row{ID: anchor(key), Cells: []cell{name, place, account, {Text: strings.Join(c.titles(c.mentions[key]), ", ")}}}
}

// standingWords says where somebody is in their employment.
func standingWords(who Who) string {
	words := capital(who.Standing)
	if !who.Leaving.IsZero() {
		words += ", last day " + who.Leaving.Words()
	}
	return words
}

// titles names sections by their IDs.
func (c *composer) titles(ids []string) []string {
	names := map[string]string{
		leaversID: "leavers", heldID: "held", joinersID: "joiners", moversID: "movers", renamesID: "changes of name",
		othersID: "other changes", failuresID: "failed or skipped", queueID: "match queue", unownedID: "accounts nobody owns",
		missingID: "without an account", emailsID: "address not in ESR", urpsID: "URPs", findingsID: "findings",
		tasksID: "tasks", waitsID: "waiting", aloneID: "memberships left alone", numbersID: "closed findings",
	}
	var out []string
	for _, id := range ids {
		if id != everybodyID {
			out = append(out, names[id])
		}
	}
	return out
}

// refused returns the feeds that the gate kept out.
func (c *composer) refused() []state.Feed {
	var out []state.Feed
	for _, f := range c.n.Feeds {
		if f.Verdict == state.Quarantined {
			out = append(out, f)
		}
	}
	return out
}
