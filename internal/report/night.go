// Package report shows one run to the people who read it in the morning: as
// text, as JSON and as one HTML file. It decides nothing: what was planned, held,
// done and found comes in as a [Night].
//
// Nothing here carries a NI number or a date of birth; holds appear as a number.
package report

import (
	"time"

	"esrsync/esrmodel"
	"esrsync/internal/directory"
	"esrsync/internal/finding"
	"esrsync/internal/state"
	"esrsync/sync/plan"
)

// Night is one run, ready to be shown. Its JSON form is stable; docs/json.md tells it.
type Night struct {
	Trust    string         `json:"trust"`
	Run      state.Run      `json:"run"`
	Zone     *time.Location `json:"-"`                   // for times on pages; nil is UTC
	Notes    []string       `json:"notes,omitempty"`     // what to know before the numbers
	Feeds    []state.Feed   `json:"feeds"`               // judged in this run, in order
	LastFeed *state.Feed    `json:"last_feed,omitempty"` // the newest that was taken
	FeedLate bool           `json:"feed_late"`           // no newer one for longer than feeds.max_age
	Plan     plan.Plan      `json:"plan"`
	Results  []Result       `json:"results"` // what came of each change that was begun, in order
	People   map[string]Who `json:"people"`  // by person key: everybody whom a change, a finding or the queue names
	// Accounts are by objectGUID those that a finding is about. One that is missing
	// here is shown by its GUID.
	Accounts map[string]Account `json:"accounts,omitempty"`
	Queue    []Doubt            `json:"match_queue"`
	Findings []finding.Finding  `json:"findings"` // open, the gravest first
	Closed   []finding.Finding  `json:"closed"`   // since the last run
	Tasks    []state.Task       `json:"tasks"`    // open
	Numbers  Numbers            `json:"numbers"`
	Before   *Numbers           `json:"before,omitempty"` // the last run's, to mark what moved
}

// Result is what came of one change.
type Result struct {
	ChangeID string         `json:"change_id"`
	Account  directory.GUID `json:"account,omitzero"`
	Outcome  string         `json:"outcome"` // done, skipped, failed; empty: nobody knows until the next run
	Detail   string         `json:"detail,omitempty"`
}

// Who is a person as a report names them.
type Who struct {
	Name         string        `json:"name"`
	Position     string        `json:"position,omitempty"`
	Organisation string        `json:"organisation,omitempty"`
	Standing     string        `json:"standing"`
	Leaving      esrmodel.Date `json:"leaving,omitzero"`
	Login        string        `json:"login,omitempty"`
	Mail         string        `json:"mail,omitempty"`
}

// Account is an account as a report names it.
type Account struct {
	Login    string `json:"login"`
	DN       string `json:"dn"`
	Disabled bool   `json:"disabled,omitempty"`
}

// Doubt is one person in the match queue.
type Doubt struct {
	Person     string      `json:"person"`
	Name       string      `json:"name"`
	Why        string      `json:"why"`
	Candidates []Candidate `json:"candidates"`
}

// Candidate is an account that may be the person's.
type Candidate struct {
	Login   string   `json:"login"`
	DN      string   `json:"dn"`
	Score   int      `json:"score"` // 0 to 100
	For     []string `json:"for"`
	Against []string `json:"against"`
}

// Numbers are the figures at the head of a report.
type Numbers struct {
	People    int `json:"people"`     // current, in ESR and in the register
	Accounts  int `json:"accounts"`   // under the managed bases
	Linked    int `json:"linked"`     // accounts that are somebody's
	Enabled   int `json:"enabled"`    // of these, switched on
	Done      int `json:"done"`       // changes made
	Failed    int `json:"failed"`     // changes that failed or whose end is unknown
	Skipped   int `json:"skipped"`    // changes that were not right any more when their turn came
	Held      int `json:"held"`       // changes that wait for an approval
	Joiners   int `json:"joiners"`    // people whose account was made or switched on
	Movers    int `json:"movers"`     // people whose account was changed
	Leavers   int `json:"leavers"`    // people whose account was switched off
	Queue     int `json:"queue"`      // people in the match queue
	Holds     int `json:"holds"`      // lockouts in force
	Findings  int `json:"findings"`   // open
	Critical  int `json:"critical"`   // of these, critical
	OpenTasks int `json:"open_tasks"` // tasks
}
