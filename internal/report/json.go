package report

import (
	"encoding/json"
	"io"
)

// JSON writes the night for a machine: the form of [Night], indented, with an
// empty list where there is nothing.
func JSON(w io.Writer, n Night) error {
	n = n.Shareable()
	n.Feeds, n.Results = listed(n.Feeds), listed(n.Results)
	n.Queue, n.Tasks = listed(n.Queue), listed(n.Tasks)
	n.Findings, n.Closed = listed(n.Findings), listed(n.Closed)
	n.Plan.Inputs, n.Plan.Changes, n.Plan.Findings = listed(n.Plan.Inputs), listed(n.Plan.Changes), listed(n.Plan.Findings)
	if n.People == nil {
		n.People = map[string]Who{}
	}
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false) // nobody puts this into a page; a DN with "&" stays readable
	return e.Encode(n)
}

// listed returns the list, or an empty one where there is none, which JSON would
// write as null.
func listed[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}
