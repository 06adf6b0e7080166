package main

import (
	"context"
	"fmt"
	"io"
	"sort"
	"strings"

	"github.com/spf13/cobra"

	"esrsync/esrmodel"
	"esrsync/internal/directory"
	"esrsync/internal/finding"
	"esrsync/internal/state"
	"esrsync/sync/engine"
	"esrsync/sync/match"
	"esrsync/sync/person"
	"esrsync/sync/plan"
)

func (a *app) explainCommand() *cobra.Command {
	return &cobra.Command{
		Use: "explain KEY", Short: "A person whole: records, accounts, what happened, what would happen next, and why", Args: cobra.ExactArgs(1),
		Example: "  esrsyncd explain 20000017\n  esrsyncd explain jane.sample@example.nhs.uk --json",
		RunE: func(c *cobra.Command, args []string) error {
			return a.with(c.Context(), func(s *session) error { return s.explain(c.Context(), args[0]) })
		},
	}
}

// explanation is everything that is known of one person.
type explanation struct {
	Person      string                `json:"person"`
	Name        string                `json:"name"`
	Standing    person.Standing       `json:"standing"`
	Access      bool                  `json:"access"`
	Why         string                `json:"why"`
	Start       esrmodel.Date         `json:"start,omitzero"`
	Leaving     esrmodel.Date         `json:"leaving,omitzero"`
	LeavingBy   string                `json:"leaving_by,omitempty"`
	Held        []string              `json:"held,omitempty"`
	Assignments []explainedAssignment `json:"assignments"`
	Accounts    []explainedAccount    `json:"accounts"`
	Queue       []match.Doubt         `json:"match_queue,omitempty"`
	Findings    []finding.Finding     `json:"findings"`
	Changes     []plan.Change         `json:"changes"` // what a run would do now
	Verdict     *plan.Verdict         `json:"verdict,omitempty"`
	Next        []plan.Event          `json:"next"`
	History     []state.Entry         `json:"history"` // the newest first
}

type explainedAssignment struct {
	Number       string        `json:"number"`
	Status       string        `json:"status"`
	From         esrmodel.Date `json:"from"`
	To           esrmodel.Date `json:"to,omitzero"`
	Position     string        `json:"position"`
	Organisation string        `json:"organisation_id"`
	Primary      bool          `json:"primary"`
	LastDay      esrmodel.Date `json:"last_working_day,omitzero"`
	End          esrmodel.Date `json:"assignment_end,omitzero"`
}

type explainedAccount struct {
	Account  directory.GUID    `json:"account"`
	Login    string            `json:"login"`
	DN       string            `json:"dn"`
	Enabled  bool              `json:"enabled"`
	Mail     string            `json:"mail"`
	State    string            `json:"state"` // what our token says
	Evidence string            `json:"evidence"`
	Values   map[string]string `json:"values"`
	Groups   []string          `json:"groups"`
}

// explain gathers and shows everything that is known of one person.
func (s *session) explain(ctx context.Context, key string) error {
	who, err := s.personOf(ctx, key)
	if err != nil {
		return err
	}
	out, err := s.engine.Plan(ctx, engine.Request{Trigger: "explain by " + s.actor, Person: who.ID})
	if err != nil {
		return err
	}
	x, err := s.explanation(ctx, who, out)
	if err != nil {
		return err
	}
	if err := s.record(ctx, "person.read", who.ID, map[string]string{"command": "explain"}); err != nil {
		return err
	}
	return s.app.print(x.whole(), func(w io.Writer) { s.printExplanation(w, x) })
}

// whole returns the explanation with an empty list, for JSON, where there is nothing.
func (x explanation) whole() explanation {
	x.Assignments, x.Accounts, x.Findings = listed(x.Assignments), listed(x.Accounts), listed(x.Findings)
	x.Changes, x.Next, x.History = listed(x.Changes), listed(x.Next), listed(x.History)
	x.Verdict = wholeVerdict(x.Verdict)
	return x
}

func (s *session) explanation(ctx context.Context, p person.Person, out engine.Outcome) (explanation, error) {
	x := explanation{
		Person: p.Key, Name: nameOf(p), Standing: p.Standing, Access: p.Access, Why: p.Why, Start: p.Start,
		Leaving: p.Leaving, LeavingBy: p.LeavingBy, Held: p.Held, Changes: out.Plan.Changes, Verdict: out.Plan.Verdict,
	}
	for _, f := range out.Findings {
		if f.Subject.Key == p.Key {
			x.Findings = append(x.Findings, f)
		}
	}
	for _, d := range out.Matches.Queue {
		if d.PersonID == p.ID {
			x.Queue = append(x.Queue, d)
		}
	}
	x.Accounts = accountsIn(out, p.ID)
	staff, err := s.store.Staff(ctx)
	if err != nil {
		return x, err
	}
	x.Assignments = assignmentsOf(staff, p.ID)
	x.Next, err = s.next(staff, p, out)
	if err != nil {
		return x, err
	}
	x.History, err = s.store.EntriesOfPerson(ctx, p.ID, 50)
	return x, err
}

// next returns what will happen to a person when, by what is known today.
func (s *session) next(staff esrmodel.Staff, p person.Person, out engine.Outcome) ([]plan.Event, error) {
	policy, _, err := policies(s.doc)(staff, out.Plan.AsOf)
	if err != nil {
		return nil, err
	}
	return plan.Next(p, person.Moment{Day: out.Plan.AsOf}, policy), nil
}

func assignmentsOf(staff esrmodel.Staff, personID string) []explainedAssignment {
	var out []explainedAssignment
	for _, a := range staff.Assignments {
		if a.PersonID != personID {
			continue
		}
		out = append(out, explainedAssignment{
			Number: a.Number, Status: a.Status, From: a.Span.From, To: a.Span.To, Position: esrmodel.PositionTitle(a.PositionName),
			Organisation: a.OrganisationID, Primary: a.Primary, LastDay: a.LastWorkingDay, End: a.EndDate,
		})
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i].From < out[j].From })
	return out
}

func accountsIn(out engine.Outcome, personID string) []explainedAccount {
	var list []explainedAccount
	for _, id := range out.Matches.Accounts(personID) {
		for _, a := range out.Accounts {
			if a.GUID == id {
				list = append(list, explainedAccount{
					Account: id, Login: a.Login, DN: a.DN, Enabled: a.Enabled(), Mail: a.Mail, State: out.States[id],
					Evidence: out.Matches.Of[personID].Evidence, Values: a.Attributes, Groups: a.MemberOf,
				})
			}
		}
	}
	return list
}

func (s *session) printExplanation(w io.Writer, x explanation) {
	access := "no access"
	if x.Access {
		access = "may sign in"
	}
	fmt.Fprintf(w, "%s (%s): %s, %s\n  %s\n", x.Name, x.Person, x.Standing, access, x.Why)
	for _, h := range x.Held {
		fmt.Fprintf(w, "  HELD: %s\n", h)
	}
	section(w, "ESR", len(x.Assignments), "no assignment is known")
	for _, a := range x.Assignments {
		fmt.Fprintf(w, "  %s to %-10s  %-12s %-24s %s\n", a.From, a.To, a.Number, a.Status, a.Position)
	}
	section(w, "Accounts", len(x.Accounts), "none")
	for _, a := range x.Accounts {
		printAccount(w, a)
	}
	for _, d := range x.Queue {
		printDoubt(w, d)
	}
	section(w, "Findings", len(x.Findings), "none")
	for _, f := range x.Findings {
		fmt.Fprintf(w, "  %s %s: %s\n", f.Code, f.Severity, f.Text)
	}
	section(w, "A run now would", len(x.Changes), "change nothing")
	for _, c := range x.Changes {
		fmt.Fprintf(w, "  %s %s: %s (%s)\n", c.Class, c.Kind, c.Reason, c.Rule)
		printValues(w, c)
	}
	section(w, "Next", len(x.Next), "nothing is known to come")
	for _, e := range x.Next {
		fmt.Fprintf(w, "  %s  %s\n", e.Date, e.Text)
	}
	section(w, "History", len(x.History), "nothing was changed by esrsync yet")
	for _, h := range x.History {
		fmt.Fprintf(w, "  %s  %-7s %-13s %s %s\n", s.local(h.Intended), h.Class, h.Kind, h.Outcome, h.Detail)
	}
}

func section(w io.Writer, title string, n int, none string) {
	fmt.Fprintln(w, title+":")
	if n == 0 {
		fmt.Fprintln(w, "  "+none)
	}
}

func printAccount(w io.Writer, a explainedAccount) {
	status := "off"
	if a.Enabled {
		status = "on"
	}
	fmt.Fprintf(w, "  %s (%s) %s\n    %s\n    mail %s; %s\n", a.Login, status, a.Account, a.DN, a.Mail, a.Evidence)
	names := make([]string, 0, len(a.Values))
	for n := range a.Values {
		names = append(names, n)
	}
	sort.Strings(names)
	for _, n := range names {
		fmt.Fprintf(w, "    %s: %s\n", n, a.Values[n])
	}
	for _, g := range a.Groups {
		fmt.Fprintf(w, "    member of %s\n", g)
	}
}

// printValues shows what a change would take away and what it would put there.
func printValues(w io.Writer, c plan.Change) {
	names := map[string]bool{}
	for n := range c.Before {
		names[n] = true
	}
	for n := range c.After {
		names[n] = true
	}
	sorted := make([]string, 0, len(names))
	for n := range names {
		sorted = append(sorted, n)
	}
	sort.Strings(sorted)
	for _, n := range sorted {
		fmt.Fprintf(w, "    %s: %q → %q\n", n, strings.Join(c.Before[n], "; "), strings.Join(c.After[n], "; "))
	}
}
