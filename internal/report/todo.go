package report

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"esrsync/internal/finding"
	"esrsync/sync/plan"
)

// todo says what somebody has to do today, the most urgent first.
func (c *composer) todo() []item {
	var out []item
	if c.n.Run.Outcome == runFailed || c.n.Run.Ended.IsZero() {
		out = append(out, item{Text: "Find out what stopped the run.", Command: "esrsyncd runs", Tone: bad})
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
		out = append(out, item{Text: "See to " + several(n, "critical finding") + ".", Link: c.firstCritical(), Tone: warn})
	}
	if n := len(c.n.Queue); n > 0 {
		out = append(out, item{Text: "Say which account belongs to " + several(n, "person", "people") + " in the match queue.", Link: queueID, Command: "esrsyncd match list"})
	}
	if n := len(c.n.Tasks); n > 0 {
		out = append(out, item{Text: "Chase " + several(n, "open task") + ": " + c.taskOwners() + ".", Link: tasksID, Command: "esrsyncd tasks"})
	}
	return out
}

// firstCritical returns the section that has the first critical finding.
func (c *composer) firstCritical() string {
	for _, f := range c.n.Findings {
		if f.Severity == finding.Critical {
			return sectionOf(f.Code)
		}
	}
	return findingsID
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

// plainWord is what may stand in a command that somebody copies into a shell.
var plainWord = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._@-]*$`)

// argument returns a value for a command line, or the placeholder where the value
// could mean something else to a shell: a login name may hold what is not ours.
func argument(value, placeholder string) string {
	if plainWord.MatchString(value) {
		return value
	}
	return placeholder
}
