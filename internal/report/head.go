package report

import (
	"fmt"
	"slices"
	"strings"

	"esrsync/sync/plan"
)

// runFailed is the outcome of a run that was stopped.
const runFailed = "failed"

// status says in one sentence whether all is well, the gravest thing first.
func (c *composer) status() status {
	r := c.n.Run
	switch {
	case r.Outcome == runFailed:
		return status{bad, "The run failed at " + c.clock(c.now()) + ". " + sentence(capital(r.Error)) + c.madeBefore()}
	case r.Ended.IsZero():
		return status{bad, "The run that began at " + c.clock(r.Started) + " never came to its end." + c.madeBefore()}
	}
	troubles, tone := c.troubles()
	words := "The run finished at " + c.clock(r.Ended)
	switch {
	case len(troubles) > 0:
		words += ", but " + list(troubles)
	case c.shownOnly() > 0:
		words += ". It only shows what it would do: " + several(c.shownOnly(), "change") + " not made"
	default:
		words += " and all is well"
	}
	return status{tone, words + "."}
}

// madeBefore says what a run that was stopped had done by then.
func (c *composer) madeBefore() string {
	if c.n.Numbers.Done == 0 {
		return " Nothing was changed."
	}
	return " Until then " + several(c.n.Numbers.Done, "change was", "changes were") + " made."
}

// troubles are what speaks against "all is well", the gravest first.
func (c *composer) troubles() ([]string, tone) {
	var out []string
	worst := good
	add := func(n int, t tone, one, many string) {
		if n == 0 {
			return
		}
		out = append(out, several(n, one, many))
		if worst == good || t == bad {
			worst = t
		}
	}
	add(c.n.Numbers.Failed, bad, "change failed", "changes failed")
	add(len(c.refused()), bad, "feed was refused", "feeds were refused")
	if c.n.FeedLate {
		out, worst = append(out, "the feed is too old"), bad
	}
	add(c.waiting(), warn, "change waits for you", "changes wait for you")
	add(c.n.Numbers.Critical, warn, "finding is critical", "findings are critical")
	return out, worst
}

// waiting counts the changes that an approval would let through.
func (c *composer) waiting() int {
	n := 0
	for _, h := range c.verdict() {
		if releasable(h) {
			n += len(h.Changes)
		}
	}
	return n
}

// shownOnly counts the changes that nothing but the mode keeps from being made.
func (c *composer) shownOnly() int {
	n := 0
	for _, h := range c.verdict() {
		if h.ByMode() {
			n += len(h.Changes)
		}
	}
	return n
}

// facts answers the questions of the first two minutes.
func (c *composer) facts() []fact {
	feed := item{Text: c.feedAge(), Link: feedsID}
	if c.n.FeedLate || c.n.LastFeed == nil {
		feed.Tone = warn
	}
	out := []fact{
		{"Feed", append([]item{feed}, c.refusedItems()...)},
		{"Did", c.didItems()},
		{"Held", c.heldItems()},
		{"Failed", c.failedItems()},
		{"Findings", c.findingItems()},
		{"Lockouts", []item{{Text: several(c.n.Numbers.Holds, "lockout is", "lockouts are") + " in force." + c.holdsMoved()}}},
	}
	return slices.DeleteFunc(out, func(f fact) bool { return len(f.Items) == 0 })
}

func (c *composer) holdsMoved() string {
	if c.n.Before == nil || c.n.Before.Holds == c.n.Numbers.Holds {
		return ""
	}
	return " The last run counted " + number(c.n.Before.Holds) + "."
}

func (c *composer) refusedItems() []item {
	var out []item
	for _, f := range c.refused() {
		why := reasons(f)
		words := "Refused: " + f.Name + ". "
		if len(why) > 0 {
			words += why[0]
		}
		if len(why) > 1 {
			words += " And " + several(len(why)-1, "further reason") + "."
		}
		out = append(out, item{Text: strings.TrimSpace(words), Link: feedsID, Tone: bad})
	}
	return out
}

// didItems says for each class how many people it was about and what became of them.
func (c *composer) didItems() []item {
	out := []item{{Text: several(c.n.Numbers.Done, "change") + " made."}}
	for _, class := range []struct {
		name    string
		link    string
		classes []plan.Class
	}{
		{"Leavers", leaversID, []plan.Class{plan.Leaver}},
		{"Joiners", joinersID, []plan.Class{plan.Joiner}},
		{"Movers", moversID, []plan.Class{plan.Mover}},
		{"Changes of name", renamesID, []plan.Class{plan.Rename}},
		{"Links, repairs and deletions", othersID, []plan.Class{plan.Link, plan.Repair, plan.Delete}},
	} {
		if ds := c.of(class.classes...); len(ds) > 0 {
			out = append(out, item{Text: class.name + ": " + tallyWords(ds) + ".", Link: class.link})
		}
	}
	return out
}

func (c *composer) heldItems() []item {
	var out []item
	for _, h := range c.verdict() {
		if h.ByMode() {
			continue
		}
		out = append(out, item{
			Text: fmt.Sprintf("%s, %s: %s", heldTitle(h), several(len(h.People), "person", "people"), sentence(h.Reason)),
			Link: heldID, Tone: warn,
		})
	}
	if n := c.shownOnly(); n > 0 {
		out = append(out, item{Text: several(n, "change") + " only shown, because of the mode.", Link: heldID})
	}
	if len(out) == 0 {
		out = []item{{Text: "Nothing."}}
	}
	return out
}

func (c *composer) failedItems() []item {
	n := c.n.Numbers
	if n.Failed == 0 && n.Skipped == 0 {
		return []item{{Text: "Nothing."}}
	}
	out := []item{}
	if n.Failed > 0 {
		out = append(out, item{Text: several(n.Failed, "change") + " failed.", Link: failuresID, Tone: bad})
	}
	if n.Skipped > 0 {
		out = append(out, item{Text: several(n.Skipped, "change") + " skipped, because the account had changed meanwhile.", Link: failuresID})
	}
	return out
}

func (c *composer) findingItems() []item {
	if len(c.n.Findings) == 0 {
		return []item{{Text: "None."}}
	}
	counts, newly := map[string]int{}, 0
	for _, f := range c.n.Findings {
		counts[string(f.Severity)]++
		if c.isNew(f) {
			newly++
		}
	}
	var parts []string
	for _, s := range severities() {
		if n := counts[string(s)]; n > 0 {
			parts = append(parts, number(n)+" "+string(s))
		}
	}
	words := several(len(c.n.Findings), "open finding") + ": " + strings.Join(parts, ", ") + "."
	if c.n.Before != nil {
		words += fmt.Sprintf(" %s new and %s closed since the last run.", number(newly), number(len(c.n.Closed)))
	}
	return []item{{Text: words, Link: findingsID}}
}

// todo says what somebody has to do today, the most urgent first.
func (c *composer) todo() []item {
	var out []item
	if c.n.Run.Outcome == runFailed || c.n.Run.Ended.IsZero() {
		out = append(out, item{Text: "Find out what stopped the run.", Command: "esrsyncd doctor", Tone: bad})
	}
	for _, f := range c.refused() {
		out = append(out, item{Text: "See why the feed " + f.Name + " was refused.", Link: feedsID, Command: "esrsyncd feed list", Tone: bad})
	}
	if c.n.FeedLate {
		out = append(out, item{Text: "Ask where ESR's feed has got to.", Link: feedsID, Command: "esrsyncd feed list", Tone: bad})
	}
	if n := c.n.Numbers.Failed; n > 0 {
		out = append(out, item{Text: "Look at " + several(n, "change that failed", "changes that failed") + "; the next run tries again.", Link: failuresID, Tone: bad})
	}
	out = append(out, c.approvals()...)
	if n := c.n.Numbers.Critical; n > 0 {
		out = append(out, item{Text: "See to " + several(n, "critical finding") + ".", Link: findingsID, Tone: warn})
	}
	if n := len(c.n.Queue); n > 0 {
		out = append(out, item{Text: "Say which account belongs to " + several(n, "person", "people") + " in the match queue.", Link: queueID, Command: "esrsyncd match list"})
	}
	if n := len(c.n.Tasks); n > 0 {
		out = append(out, item{Text: "Chase " + several(n, "open task") + ": " + c.taskOwners() + ".", Link: tasksID, Command: "esrsyncd tasks"})
	}
	return out
}

// approvals says what can be released, class by class, with the exact command.
func (c *composer) approvals() []item {
	var out []item
	for _, class := range plan.Classes() {
		people, changes := map[string]bool{}, 0
		for _, h := range c.verdict() {
			if h.Class != class || !releasable(h) {
				continue
			}
			changes += len(h.Changes)
			for _, key := range h.People {
				people[key] = true
			}
		}
		if changes > 0 {
			words := fmt.Sprintf("Approve or reject %s: %s for %s.", classWords(class), several(changes, "change"), several(len(people), "person", "people"))
			out = append(out, item{Text: words, Link: heldID, Command: c.approval(class), Tone: warn})
		}
	}
	return out
}

// taskOwners counts the open tasks by team: "2 HR, 5 Service desk".
func (c *composer) taskOwners() string {
	counts := map[string]int{}
	var owners []string
	for _, t := range c.n.Tasks {
		name := ownerWords(t.Owner)
		if counts[name] == 0 {
			owners = append(owners, name)
		}
		counts[name]++
	}
	slices.Sort(owners)
	for i, name := range owners {
		owners[i] = number(counts[name]) + " " + name
	}
	return strings.Join(owners, ", ")
}

// list joins parts as one says them: "a, b and c".
func list(parts []string) string {
	if len(parts) < 2 {
		return strings.Join(parts, "")
	}
	return strings.Join(parts[:len(parts)-1], ", ") + " and " + parts[len(parts)-1]
}
