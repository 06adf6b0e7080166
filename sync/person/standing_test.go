package person_test

import (
	"strings"
	"testing"

	"esrsync/esrmodel"
	"esrsync/internal/finding"
	"esrsync/sync/person"
)

type assignment = esrmodel.Assignment

// shape is what a case expects; the zero value of a field expects nothing.
type shape struct {
	standing person.Standing
	access   bool
	leaving  string
	by       string
	start    string
	held     bool
	codes    string
}

func (s shape) check(t *testing.T, p person.Person, findings []finding.Finding) {
	t.Helper()
	if p.Standing != s.standing || p.Access != s.access {
		t.Errorf("standing %q with access %v, want %q with %v (%s)", p.Standing, p.Access, s.standing, s.access, p.Why)
	}
	if got := p.Leaving.String(); got != s.leaving || s.by != "" && p.LeavingBy != s.by {
		t.Errorf("leaving %q by %q, want %q by %q", got, p.LeavingBy, s.leaving, s.by)
	}
	if s.start != "" && p.Start.String() != s.start {
		t.Errorf("start %s, want %s", p.Start, s.start)
	}
	if p.IsHeld() != s.held {
		t.Errorf("held for %q, want held %v", p.Held, s.held)
	}
	if got := codes(findings); got != s.codes {
		t.Errorf("findings %q, want %q: %+v", got, s.codes, findings)
	}
	if p.Why == "" {
		t.Error("the standing has no sentence")
	}
}

// pieces cuts one assignment of person 1 into dated pieces with a status each.
func pieces(cut ...assignment) []assignment {
	for i := range cut {
		p := &cut[i]
		base := job(1)
		base.Span, base.Status = p.Span, p.Status
		base.LastWorkingDay, base.EndDate, base.ProjectedHireDate = p.LastWorkingDay, p.EndDate, p.ProjectedHireDate
		cut[i] = base
	}
	return cut
}

func piece(from, to, status string) assignment {
	return assignment{Span: span(from, to), Status: status}
}

const active = "Active Assignment"

func TestStandingByOneAssignment(t *testing.T) {
	t.Parallel()
	current := shape{standing: person.Current, access: true}
	dates := func(change func(*assignment)) []assignment { return []assignment{with(job(1), change)} }
	cases := []struct {
		claim string
		jobs  []assignment
		want  shape
	}{
		{"an open active assignment is current", pieces(piece("2020-01-01", "", active)), current},
		{"acting up is current", pieces(piece("2020-01-01", "", "Acting Up")), current},
		{"maternity, however it is spelled, is current", pieces(piece("2020-01-01", "", "MATERNITY & adoption")), current},
		{"an external secondment with another dash is current", pieces(piece("2020-01-01", "", "Out on External Secondment – Unpaid")), current},
		{"inactive not worked is current", pieces(piece("2020-01-01", "", "Inactive Not Worked")), current},
		{"a last working day that is past is a leaving, though the assignment goes on", dates(func(a *assignment) { a.LastWorkingDay = date("2026-10-14") }),
			shape{standing: person.Left, leaving: "2026-10-14", by: person.ByLastWorkingDay}},
		{"access is on during the last day", dates(func(a *assignment) { a.LastWorkingDay = today }),
			shape{standing: person.Current, access: true, leaving: "2026-11-22"}},
		{"the last working day comes before the assignment end", dates(func(a *assignment) { a.LastWorkingDay, a.EndDate = date("2026-10-14"), date("2026-12-01") }),
			shape{standing: person.Left, leaving: "2026-10-14"}},
		{"the assignment end serves where there is no last working day", dates(func(a *assignment) { a.EndDate = date("2026-10-31") }),
			shape{standing: person.Left, leaving: "2026-10-31", by: person.ByAssignmentEnd}},
		{"a date ahead is known and changes nothing yet", dates(func(a *assignment) { a.EndDate = date("2026-12-31") }),
			shape{standing: person.Current, access: true, leaving: "2026-12-31", by: person.ByAssignmentEnd}},
		{"a later slice may bring the date", pieces(piece("2020-01-01", "2026-11-30", active), with(piece("2026-12-01", "", active), func(a *assignment) { a.EndDate = date("2026-12-31") })),
			shape{standing: person.Current, access: true, leaving: "2026-12-31"}},
		{"a terminated status ends on the day before it began", pieces(piece("2020-01-01", "2026-11-20", active), piece("2026-11-21", "", "Terminated")),
			shape{standing: person.Left, leaving: "2026-11-20", by: person.ByStatus}},
		{"a terminated status ahead is a leaving ahead", pieces(piece("2020-01-01", "2026-11-30", active), piece("2026-12-01", "", "Terminated")),
			shape{standing: person.Current, access: true, leaving: "2026-11-30", by: person.ByStatus}},
		{"a terminated slice without dates keeps those of the slice before", pieces(with(piece("2020-01-01", "2026-11-20", active), func(a *assignment) { a.LastWorkingDay = date("2026-11-10") }), piece("2026-11-21", "", "Terminated")),
			shape{standing: person.Left, leaving: "2026-11-10", by: person.ByLastWorkingDay}},
		{"terminated without any date is no leaving", pieces(piece("2020-01-01", "", "Terminated")),
			shape{standing: person.Current, access: true, held: true, codes: "Q04 Q08"}},
		{"a promotion from 1 December leaves November as it is", pieces(piece("2020-01-01", "2026-11-30", active), piece("2026-12-01", "", "Acting Up")), current},
		{"suspended is current, and reported", pieces(piece("2020-01-01", "", "Suspend With Pay")), current},
		{"only assignment costing deletion left: nobody to provide for", pieces(piece("2020-01-01", "2026-11-01", active), piece("2026-11-02", "", "Assignment Costing Deletion")),
			shape{standing: person.Nobody}},
		{"an unknown status holds, with one finding", pieces(piece("2020-01-01", "", "Gardening Leave")),
			shape{standing: person.Current, access: true, held: true, codes: "Q02"}},
		{"an unknown status on a day that we act on already holds", pieces(piece("2020-01-01", "2026-11-30", active), piece("2026-12-01", "", "Gardening Leave")),
			shape{standing: person.Current, access: true, held: true, codes: "Q02"}},
		{"an unknown status beyond the days that we act on does not hold yet", pieces(piece("2020-01-01", "2026-12-31", active), piece("2027-01-01", "", "Gardening Leave")), current},
		{"an unknown status of the past does not hold", pieces(piece("2020-01-01", "2021-12-31", "Gardening Leave"), piece("2022-01-01", "", active)), current},
		{"an unknown status after the date of leaving does not keep a leaver", pieces(with(piece("2020-01-01", "2026-11-10", active), func(a *assignment) { a.EndDate = date("2026-11-10") }), with(piece("2026-11-11", "", "Closed off"), func(a *assignment) { a.EndDate = date("2026-11-10") })),
			shape{standing: person.Left, leaving: "2026-11-10"}},
		{"a last slice that ends with no date of leaving is a gap: held, Q04, left or lost", pieces(piece("2020-01-01", "2026-11-10", active)),
			shape{standing: person.Current, access: true, held: true, codes: "Q04 Q08"}},
		{"a gap between slices is never a leaving", pieces(piece("2020-01-01", "2026-11-10", active), piece("2026-12-01", "", active)),
			shape{standing: person.Current, access: true, held: true, codes: "Q04"}},
		{"a gap after a date of leaving is no question", pieces(with(piece("2020-01-01", "2026-11-10", active), func(a *assignment) { a.EndDate = date("2026-11-10") })),
			shape{standing: person.Left, leaving: "2026-11-10"}},
		{"an assignment that starts later is a start", pieces(piece("2026-12-01", "", active)),
			shape{standing: person.Starting, start: "2026-12-01"}},
		{"an accepted offer starts on the projected hire date", pieces(with(piece("2026-11-01", "", "Offer Accepted"), func(a *assignment) { a.ProjectedHireDate = date("2026-12-07") })),
			shape{standing: person.Starting, start: "2026-12-07"}},
		{"an accepted offer without dates starts with the slice", pieces(piece("2026-11-20", "", "Offer Accepted")),
			shape{standing: person.Starting, start: "2026-11-20"}},
		{"a no-show never gets in", pieces(with(piece("2026-10-01", "", "Offer Accepted"), func(a *assignment) { a.ProjectedHireDate = date("2026-11-21") })),
			shape{standing: person.Starting, start: "2026-11-21"}},
		{"an offer that lapsed without a date is held, and was never current", pieces(piece("2026-10-01", "2026-11-10", "Offer Accepted")),
			shape{standing: person.Starting, held: true, codes: "Q04 Q08"}},
		{"an offer withdrawn on a date has ended", pieces(with(piece("2026-10-01", "2026-11-10", "Offer Accepted"), func(a *assignment) { a.EndDate = date("2026-11-10") })),
			shape{standing: person.Left, leaving: "2026-11-10"}},
		{"a person without any assignment is nobody to provide for", nil, shape{standing: person.Nobody}},
	}
	for _, c := range cases {
		t.Run(c.claim, func(t *testing.T) {
			t.Parallel()
			p, findings := one(t, trust([]esrmodel.Person{human(1)}, c.jobs), person.Moment{Day: today}, policy())
			c.want.check(t, p, findings)
		})
	}
}

func TestLeaverDateSetting(t *testing.T) {
	t.Parallel()
	cases := []struct {
		claim                  string
		setting                string
		working, ends, stopped string
		leaving, by            string
	}{
		{"last_working_day takes the last working day first", "last_working_day", "2026-11-10", "2026-11-15", "2026-11-20", "2026-11-10", person.ByLastWorkingDay},
		{"last_working_day falls back to the assignment end", "last_working_day", "", "2026-11-15", "2026-11-20", "2026-11-15", person.ByAssignmentEnd},
		{"last_working_day falls back to the termination", "last_working_day", "", "", "2026-11-20", "2026-11-20", person.ByTermination},
		{"termination takes the termination", "termination", "2026-11-10", "2026-11-15", "2026-11-20", "2026-11-20", person.ByTermination},
		{"termination falls back to the assignment end", "termination", "2026-11-10", "2026-11-15", "", "2026-11-15", person.ByAssignmentEnd},
		{"termination does not act on the last working day while the assignment goes on", "termination", "2026-11-10", "", "", "", ""},
		{"earliest takes the earliest", "earliest", "2026-11-15", "2026-11-10", "2026-11-20", "2026-11-10", person.ByAssignmentEnd},
		{"earliest may be the termination", "earliest", "", "2026-11-15", "2026-11-12", "2026-11-12", person.ByTermination},
		{"the actual termination date ends every assignment, whatever it says itself", "last_working_day", "2026-12-24", "", "2026-11-20", "2026-11-20", person.ByTermination},
	}
	for _, c := range cases {
		t.Run(c.claim, func(t *testing.T) {
			t.Parallel()
			parse := func(s string) esrmodel.Date { d, _ := esrmodel.ParseDate(s); return d }
			human := with(human(1), func(p *esrmodel.Person) { p.TerminationDate = parse(c.stopped) })
			held := with(job(1), func(a *assignment) { a.LastWorkingDay, a.EndDate = parse(c.working), parse(c.ends) })
			pol := with(policy(), func(p *person.Policy) { p.LeaverDate = c.setting })
			p, _ := one(t, trust([]esrmodel.Person{human}, []assignment{held}), person.Moment{Day: today}, pol)
			if p.Leaving.String() != c.leaving || p.LeavingBy != c.by {
				t.Errorf("leaving %q by %q, want %q by %q", p.Leaving, p.LeavingBy, c.leaving, c.by)
			}
		})
	}
}

func TestAccessIsOnDuringTheLastDayAndOffAfterLeaverAt(t *testing.T) {
	t.Parallel()
	staff := trust([]esrmodel.Person{human(1)}, []assignment{with(job(1), func(a *assignment) { a.LastWorkingDay = today })})
	for _, c := range []struct {
		at   person.Moment
		want person.Standing
	}{
		{person.Moment{Day: today}, person.Current},
		{person.Moment{Day: today, Closed: true}, person.Left},
		{person.Moment{Day: today.AddDays(-1), Closed: true}, person.Current},
		{person.Moment{Day: today.AddDays(1)}, person.Left},
	} {
		if p, _ := one(t, staff, c.at, policy()); p.Standing != c.want || p.Access != (c.want == person.Current) {
			t.Errorf("at %s, closed %v: %s with access %v", c.at.Day, c.at.Closed, p.Standing, p.Access)
		}
	}
}

func TestStandingByTheWholePerson(t *testing.T) {
	t.Parallel()
	second := func(change func(*assignment)) assignment {
		return with(job(1), func(a *assignment) { a.ID, a.Number, a.Primary = "a1-2", "20000001-2", false; change(a) })
	}
	ended := func(day string) func(*assignment) { return func(a *assignment) { a.EndDate = date(day) } }
	cases := []struct {
		claim string
		human func(*esrmodel.Person)
		jobs  []assignment
		want  shape
	}{
		{"a leaver only when no assignment is current any more", nil,
			[]assignment{with(job(1), ended("2026-11-10")), second(func(*assignment) {})},
			shape{standing: person.Current, access: true, codes: "Q03"}},
		{"the last of several ends is the leaving", nil,
			[]assignment{with(job(1), ended("2026-11-10")), second(ended("2026-12-10"))},
			shape{standing: person.Current, access: true, leaving: "2026-12-10", codes: "Q03"}},
		{"the actual termination date ends every assignment of the person", func(p *esrmodel.Person) { p.TerminationDate = date("2026-11-20") },
			[]assignment{job(1), second(func(*assignment) {})}, shape{standing: person.Left, leaving: "2026-11-20", by: person.ByTermination}},
		{"a termination of an earlier employment under the same record ends nothing now", func(p *esrmodel.Person) {
			p.TerminationDate, p.HireDate = date("2022-03-31"), date("2024-01-01")
		}, []assignment{with(job(1), func(a *assignment) { a.Span.From = date("2024-01-01") })}, shape{standing: person.Current, access: true}},
		{"an assignment that starts after the termination date is not ended by it", func(p *esrmodel.Person) { p.TerminationDate = date("2022-03-31") },
			[]assignment{with(job(1), func(a *assignment) { a.Span.From = date("2024-01-01") })}, shape{standing: person.Current, access: true}},
		{"a gap in one assignment while another is current does not hold", nil,
			[]assignment{with(job(1), func(a *assignment) { a.Span.To = date("2026-11-01") }), second(func(*assignment) {})},
			shape{standing: person.Current, access: true, codes: "Q04"}},
		{"an ended honorary assignment is a dated end like any other", nil,
			[]assignment{with(job(1), func(a *assignment) { a.Category, a.EndDate = "Honorary", date("2026-11-01") })},
			shape{standing: person.Left, leaving: "2026-11-01"}},
		{"an ended honorary assignment of somebody who works on is not a leaving", nil,
			[]assignment{job(1), second(func(a *assignment) { a.Category, a.EndDate = "Honorary", date("2026-11-01") })},
			shape{standing: person.Current, access: true}},
		{"between two employments there is no access, and the one that ended is the leaving", nil,
			[]assignment{with(job(1), ended("2026-11-10")), second(func(a *assignment) { a.Span = span("2026-12-01", "") })},
			shape{standing: person.Starting, leaving: "2026-11-10", start: "2026-12-01"}},
		{"an assignment that follows on at once carries the employment on", nil,
			[]assignment{with(job(1), ended("2026-11-30")), second(func(a *assignment) { a.Span = span("2026-12-01", "") })},
			shape{standing: person.Current, access: true}},
		{"an assignment that follows after a gap does not", nil,
			[]assignment{with(job(1), ended("2026-11-30")), second(func(a *assignment) { a.Span = span("2026-12-03", "") })},
			shape{standing: person.Current, access: true, leaving: "2026-11-30"}},
		{"a hire date serves for an offer without a projected one", func(p *esrmodel.Person) { p.HireDate = date("2026-12-07") },
			pieces(piece("2026-11-01", "", "Offer Accepted")), shape{standing: person.Starting, start: "2026-12-07"}},
		{"a hire date from before the offer is of an earlier employment", func(p *esrmodel.Person) { p.HireDate = date("2019-01-01") },
			pieces(piece("2026-11-20", "", "Offer Accepted")), shape{standing: person.Starting, start: "2026-11-20"}},
		{"a person's own record that ends without a date is a gap", func(p *esrmodel.Person) { p.Span.To = date("2026-11-10") },
			[]assignment{job(1)}, shape{standing: person.Current, access: true, held: true, codes: "Q04 Q08"}},
		{"a current person without an employee number is held", func(p *esrmodel.Person) { p.EmployeeNumber = "" },
			[]assignment{job(1)}, shape{standing: person.Current, access: true, held: true}},
	}
	for _, c := range cases {
		t.Run(c.claim, func(t *testing.T) {
			t.Parallel()
			human := human(1)
			if c.human != nil {
				c.human(&human)
			}
			p, findings := one(t, trust([]esrmodel.Person{human}, c.jobs), person.Moment{Day: today}, policy())
			c.want.check(t, p, findings)
		})
	}
}

func TestStatusesAreTheTrustsToChange(t *testing.T) {
	t.Parallel()
	pol := with(policy(), func(p *person.Policy) {
		p.Statuses = map[string]person.Effect{
			"out on external secondment & unpaid": person.EffectDisabled, "Gardening Leave": person.EffectCurrent, "Career Break": person.EffectHeld,
			"Suspended Pending": person.EffectSuspended, "Conditional Offer": "create_disabled", "Odd": "nonsense",
		}
	})
	cases := []struct {
		claim, status string
		want          shape
	}{
		{"a status of the trust's own is understood", "gardening LEAVE", shape{standing: person.Current, access: true}},
		{"a status mapped to disabled is current without access", "Out on External Secondment and Unpaid", shape{standing: person.Current}},
		{"a status mapped to create_disabled is an accepted offer", "Conditional Offer", shape{standing: person.Starting, start: "2020-01-01"}},
		{"an effect that nobody knows holds", "Odd", shape{standing: person.Current, access: true, held: true, codes: "Q02"}},
		{"a status mapped to held holds", "Career Break", shape{standing: person.Current, access: true, held: true, codes: "Q02"}},
	}
	for _, c := range cases {
		t.Run(c.claim, func(t *testing.T) {
			t.Parallel()
			p, findings := one(t, trust([]esrmodel.Person{human(1)}, pieces(piece("2020-01-01", "", c.status))), person.Moment{Day: today}, pol)
			c.want.check(t, p, findings)
		})
	}
	t.Run("suspended is said, and changes no access", func(t *testing.T) {
		t.Parallel()
		for _, status := range []string{"Suspend With Pay", "Suspend No Pay", "Suspend Assignment", "suspended pending"} {
			p, _ := one(t, trust([]esrmodel.Person{human(1)}, pieces(piece("2020-01-01", "", status))), person.Moment{Day: today}, pol)
			if !p.Suspended || !p.Access || p.IsHeld() {
				t.Errorf("%s: suspended %v, access %v, held %v", status, p.Suspended, p.Access, p.Held)
			}
		}
	})
}

func TestStillNotCurrentAWeekAfterTheStart(t *testing.T) {
	t.Parallel()
	offer := func(start string) esrmodel.Staff {
		return trust([]esrmodel.Person{human(1)}, pieces(with(piece("2026-10-01", "", "Offer Accepted"), func(a *assignment) { a.ProjectedHireDate = date(start) })))
	}
	for start, want := range map[string]bool{"2026-11-14": true, "2026-11-15": false, "2026-12-01": false} {
		if p, _ := one(t, offer(start), person.Moment{Day: today}, policy()); p.NoShow != want || p.Access {
			t.Errorf("start %s: no-show %v, access %v", start, p.NoShow, p.Access)
		}
	}
}

func TestReasonsForLeaving(t *testing.T) {
	t.Parallel()
	for reason, want := range map[string][2]bool{
		"Dismissal - Conduct": {true, false}, "Death in Service": {false, true}, "Retirement Age": {false, false},
	} {
		gone := with(human(1), func(p *esrmodel.Person) { p.TerminationDate, p.TerminationReason = date("2026-11-20"), reason })
		p, _ := one(t, trust([]esrmodel.Person{gone}, []assignment{job(1)}), person.Moment{Day: today}, policy())
		if p.Ending != reason || p.Dismissed != want[0] || p.Died != want[1] {
			t.Errorf("%s: ending %q, dismissed %v, died %v", reason, p.Ending, p.Dismissed, p.Died)
		}
	}
}

func TestStandingReadsAsASentence(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		want string
		jobs []assignment
	}{
		{"last working day 14 October 2026; every assignment has ended", []assignment{with(job(1), func(a *assignment) { a.LastWorkingDay = date("2026-10-14") })}},
		{"current (Staff Nurse, Ward 4; Active Assignment); assignment end 31 December 2026", []assignment{with(job(1), func(a *assignment) { a.EndDate = date("2026-12-31") })}},
		{"starts on 1 December 2026 (Staff Nurse, Ward 4; Active Assignment)", pieces(piece("2026-12-01", "", active))},
		{"no assignment to provide for", nil},
	} {
		if p, _ := one(t, trust([]esrmodel.Person{human(1)}, c.jobs), person.Moment{Day: today}, policy()); p.Why != c.want {
			t.Errorf("%q, want %q", p.Why, c.want)
		}
	}
}

func TestNothingSecretIsWritten(t *testing.T) {
	t.Parallel()
	dup := with(human(2), func(p *esrmodel.Person) { p.NINumber, p.LastName = human(1).NINumber, human(1).LastName })
	staff := trust([]esrmodel.Person{human(1), dup}, []assignment{job(1), with(job(2), func(a *assignment) { a.Span.To = date("2026-11-01") })})
	people, findings := person.Resolve(staff, person.Moment{Day: today}, policy())
	if len(findings) == 0 {
		t.Fatal("nothing to look at")
	}
	for _, p := range people {
		for _, text := range append(p.Held, p.Why) {
			refuseSecrets(t, text)
		}
	}
	for _, f := range findings {
		refuseSecrets(t, f.Text)
	}
}

func refuseSecrets(t *testing.T, text string) {
	t.Helper()
	for _, secret := range []string{string(human(1).NINumber), "1980", "February"} {
		if strings.Contains(text, secret) {
			t.Errorf("%q tells a NI number or a date of birth", text)
		}
	}
}
