package report

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"esrsync/internal/state"
)

// reason is one of the gate's reasons, as the store keeps them.
type reason struct {
	Check      string `json:"check"`
	Line       int    `json:"line"`
	Field      string `json:"field"`
	Found      string `json:"found"`
	Expected   string `json:"expected"`
	Overridden string `json:"overridden"`
}

// reasons returns why the gate kept a file out, a line each. Reasons that cannot
// be read are told as they stand: a refused file must not look like an accepted one.
func reasons(f state.Feed) []string {
	if len(f.Reasons) == 0 {
		return nil
	}
	var list []reason
	if err := json.Unmarshal(f.Reasons, &list); err != nil {
		return []string{string(f.Reasons)}
	}
	var out []string
	for _, r := range list {
		out = append(out, r.words())
	}
	return out
}

func (r reason) words() string {
	out := capital(r.Check)
	if r.Line > 0 {
		out += fmt.Sprintf(", line %s", number(r.Line))
	}
	if r.Field != "" {
		out += ", " + r.Field
	}
	var said []string
	for _, part := range []struct{ word, value string }{{"found", r.Found}, {"expected", r.Expected}, {"overridden by", r.Overridden}} {
		if part.value != "" {
			said = append(said, part.word+" "+part.value)
		}
	}
	if len(said) > 0 {
		out += ": " + strings.Join(said, ", ")
	}
	return sentence(out)
}

// feeds lists the files that were judged in this run, with the reasons.
func (c *composer) feeds() section {
	s := section{Title: "Feeds", Count: len(c.n.Feeds), Empty: "No new file came since the last run.", About: []string{"The run stands on " + c.feedAge().words()}}
	if len(c.n.Feeds) == 0 {
		return s
	}
	t := table{Caption: "Files that were judged in this run, in order", Columns: []string{"File", "Made", "Judged", "Verdict"}, Groups: []group{{}}}
	for _, f := range c.n.Feeds {
		t.Groups[0].Rows = append(t.Groups[0].Rows, c.feedRow(f))
	}
	s.Tables = []table{t}
	return s
}

func (c *composer) feedRow(f state.Feed) row {
	name := cell{Text: f.Name, Notes: []string{f.Source + ", " + feedKind(f)}}
	verdict := cell{Text: "Accepted", Tone: good, Notes: reasons(f)}
	if f.Verdict == state.Quarantined {
		verdict.Text, verdict.Tone = "Refused; nothing of it was used", bad
	}
	if f.Override != "" {
		verdict.Notes = append(verdict.Notes, "Overridden: "+sentence(f.Override))
	}
	if len(f.Held) > 0 {
		verdict.Notes = append(verdict.Notes, "It shrank "+several(len(f.Held), "organisation")+", whose leavers are held: "+strings.Join(f.Held, ", ")+".")
	}
	return row{Cells: []cell{name, text(c.moment(f.Created)), text(c.moment(f.Judged)), verdict}}
}

func feedKind(f state.Feed) string {
	if f.Full {
		return "everybody"
	}
	return "changes"
}

// feedAge says on which feed the run stands and how old that is.
func (c *composer) feedAge() item {
	f := c.n.LastFeed
	if f == nil {
		return item{Text: "no feed: none was ever taken in.", Link: feedsID, Tone: warn}
	}
	made := f.Created
	if made.IsZero() {
		made = f.Judged
	}
	out := item{Lead: f.Name, Link: feedsID, Text: fmt.Sprintf(", made at %s, %s before this run.", c.clock(made), span(c.n.Run.Started.Sub(made)))}
	if c.n.FeedLate {
		out.Text += " That is too old: no newer one came."
		out.Tone = warn
	}
	return out
}

// moment writes an instant as shortly as it can be told, or that it is not known.
func (c *composer) moment(t time.Time) string {
	if t.IsZero() {
		return "Not known"
	}
	return c.clock(t)
}

// instant writes a moment in full, or nothing for none.
func (c *composer) instant(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return c.local(t).Format("2 January 2006, 15:04")
}

// span writes a length of time roughly: 40 seconds, 3 hours, 2 days.
func span(d time.Duration) string {
	switch {
	case d < 0:
		return "no time"
	case d < time.Minute:
		return several(int(d.Seconds()), "second")
	case d < time.Hour:
		return several(int(d.Minutes()), "minute")
	case d < 48*time.Hour:
		return several(int(d.Hours()), "hour")
	}
	return several(int(d.Hours()/24), "day")
}
