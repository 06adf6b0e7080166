package report

import (
	"fmt"
	"strings"

	"esrsync/sync/plan"
)

// runFailed is the outcome of a run that was stopped.
const runFailed = "failed"

// observe is the mode that writes nothing but lockouts.
const observe = "observe"

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
	if len(troubles) > 0 {
		words += ", but " + list(troubles)
	} else {
		words += " and all is well"
	}
	return status{tone, words + "." + c.shownWords()}
}

// shownWords says what the mode alone kept from being made.
func (c *composer) shownWords() string {
	if c.shownOnly() == 0 {
		return ""
	}
	what := "the classes that are not enforced"
	if c.n.Run.Mode == observe {
		what = "what it would do"
	}
	return " It only shows " + what + ": " + several(c.shownOnly(), "change is", "changes are") + " not made."
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
	return []fact{
		{"Feed", true, append([]item{c.feedAge()}, c.refusedItems()...)},
		{"Did", true, c.didItems()},
		{"Held", false, c.heldItems()},
		{"Failed", false, c.failedItems()},
		{"Findings", false, c.findingItems()},
		{"Lockouts", false, []item{{Text: several(c.n.Numbers.Holds, "lockout is", "lockouts are") + " in force" + c.moved(func(n Numbers) int { return n.Holds }) + "."}}},
		{"Now", false, []item{c.population()}},
	}
}

// population says how many people and accounts there are.
func (c *composer) population() item {
	n := c.n.Numbers
	return item{Lead: several(n.People, "current person", "current people"), Link: numbersID, Text: fmt.Sprintf(
		"%s, %s. %s of the accounts are somebody's, and %s of these are on.",
		c.moved(func(n Numbers) int { return n.People }), several(n.Accounts, "account"), number(n.Linked), number(n.Enabled))}
}

// moved says by how much a figure differs from the last run's, where it does.
func (c *composer) moved(of func(Numbers) int) string {
	if c.n.Before == nil || of(c.n.Numbers) == of(*c.n.Before) {
		return ""
	}
	return " (" + difference(of(c.n.Numbers)-of(*c.n.Before)) + ")"
}

func (c *composer) refusedItems() []item {
	var out []item
	for _, f := range c.refused() {
		why := reasons(f)
		words := " was refused."
		if len(why) > 0 {
			words += " " + why[0]
		}
		if len(why) > 1 {
			words += " And " + several(len(why)-1, "further reason") + "."
		}
		out = append(out, item{Lead: f.Name, Text: words, Link: feedsID, Tone: bad})
	}
	return out
}

// made says how many changes were made.
func (c *composer) made() string {
	if c.n.Numbers.Done == 0 {
		return "Nothing was changed."
	}
	return several(c.n.Numbers.Done, "change") + " made."
}

// didItems says for each class how many people it was about and what became of them.
func (c *composer) didItems() []item {
	out := []item{{Text: c.made()}}
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
			out = append(out, item{Lead: class.name, Text: ": " + tallyWords(ds) + ".", Link: class.link})
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
			Lead: heldTitle(h), Text: fmt.Sprintf(", %s: %s", several(len(h.People), "person", "people"), sentence(h.Reason)),
			Link: heldID, Tone: warn,
		})
	}
	if n := c.shownOnly(); n > 0 {
		out = append(out, item{Lead: several(n, "change"), Text: " only shown, because of the mode.", Link: heldID})
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
		out = append(out, item{Lead: several(n.Failed, "change"), Text: " failed.", Link: failuresID, Tone: bad})
	}
	if n.Skipped > 0 {
		out = append(out, item{Lead: several(n.Skipped, "change"), Text: " skipped, because the account had changed meanwhile.", Link: failuresID})
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
	words := ": " + strings.Join(parts, ", ") + "."
	if c.n.Before != nil {
		words += fmt.Sprintf(" %s new and %s closed since the last run.", number(newly), number(len(c.n.Closed)))
	}
	return []item{{Lead: several(len(c.n.Findings), "open finding"), Text: words, Link: findingsID}}
}

// list joins parts as one says them: "a, b and c".
func list(parts []string) string {
	if len(parts) < 2 {
		return strings.Join(parts, "")
	}
	return strings.Join(parts[:len(parts)-1], ", ") + " and " + parts[len(parts)-1]
}
