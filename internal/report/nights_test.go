package report

import (
	"encoding/json"
	"fmt"
	"time"

	"esrsync/esrmodel"
	"esrsync/internal/directory"
	"esrsync/internal/finding"
	"esrsync/internal/state"
	"esrsync/sync/plan"
)

const madeUpTrust = "Madeup & Sample NHS Foundation Trust"

// today is the day of every night of the tests.
func today() esrmodel.Date { return esrmodel.NewDate(2026, time.November, 22) }

func at(hour, minute int) time.Time {
	return time.Date(2026, time.November, 22, hour, minute, 0, 0, time.UTC)
}

// guid returns a GUID that is easy to tell apart.
func guid(n byte) directory.GUID {
	return directory.GUID{n, n, n, n, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, n}
}

// calm is a night with nothing to tell.
func calm() Night {
	created := time.Date(2026, time.November, 22, 2, 20, 0, 0, time.UTC)
	return Night{
		Trust: madeUpTrust,
		Run:   state.Run{ID: "20261122T060003Z-7f3a", Trigger: "schedule", Mode: "enforce", Started: at(6, 0), Ended: at(6, 2), Outcome: "done", PlanID: "e3b0c44298fc1c14"},
		LastFeed: &state.Feed{
			Name: "GO_277_GDW_GOC_20261122_00001946.DAT", Source: "staff", Sequence: 1946,
			Created: created, Judged: at(6, 0), Verdict: state.Accepted,
		},
		Plan:    plan.Plan{AsOf: today(), Verdict: &plan.Verdict{}}.Seal(),
		Numbers: Numbers{People: 8000, Accounts: 8450, Linked: 7990, Enabled: 7950, Holds: 1},
		Before:  &Numbers{People: 8001, Accounts: 8450, Linked: 7990, Enabled: 7951, Holds: 1},
	}
}

// change returns a change of a plan that is about one person.
func change(class plan.Class, kind plan.Kind, person string, before, after plan.Values, reason string) plan.Change {
	return plan.Change{
		Class: class, Kind: kind, Person: person, PersonID: "9" + person, Slice: "Ward 7 Made-up Medicine", Before: before, After: after,
		DN: "CN=Somebody,OU=Staff,DC=trust,DC=example", Rule: "a rule", Reason: reason, Effective: today(), Account: guid(person[len(person)-1]),
	}.Identify()
}

// busy is a night with something in every section.
func busy() Night {
	n := calm()
	n.Notes = []string{"Quiet hours are from Friday 18:00 to Monday 06:00."}
	n.Run.Outcome = "held"
	n.Plan = busyPlan()
	n.Results = busyResults(n.Plan)
	n.People = busyPeople()
	n.Accounts = map[string]Account{
		guid(71).String(): {Login: "jsample9", DN: "CN=Jo Sample,OU=Staff,DC=trust,DC=example"},
		guid(72).String(): {Login: "adm-leaver", DN: "CN=adm-leaver,OU=Admins,DC=trust,DC=example", Disabled: true},
	}
	n.Queue = []Doubt{{
		Person: "20000005", Name: "Siobhán O'Testley", Why: "two accounts have her name",
		Candidates: []Candidate{
			{Login: "sotestley", DN: "CN=Siobhan OTestley,OU=Staff,DC=trust,DC=example", Score: 71, For: []string{"surname and first name agree", "same department"}, Against: []string{"another title"}},
			{Login: "testleys2", DN: "CN=S Testley,OU=Staff,DC=trust,DC=example", Score: 48, For: []string{"surname is a part of the other"}},
		},
	}}
	n.Findings = busyFindings()
	n.Closed = []finding.Finding{find(finding.EmailNotInESR, finding.OfPerson, "20000002", 9, "ESR has no address; the account's is pat.placeholder@trust.example.")}
	n.Tasks = busyTasks()
	n.Feeds = busyFeeds(*n.LastFeed)
	n.Numbers = Numbers{
		People: 8000, Accounts: 8450, Linked: 7990, Enabled: 7950, Done: 4, Failed: 1, Skipped: 1, Held: 3,
		Joiners: 1, Movers: 1, Leavers: 1, Queue: 1, Holds: 2, Findings: len(n.Findings), Critical: 2, OpenTasks: len(n.Tasks),
	}
	return n
}

func busyPlan() plan.Plan {
	off := plan.Values{"userAccountControl": {"514"}, plan.Token: {"leaver"}}
	on := plan.Values{"userAccountControl": {"512"}, plan.Token: {"managed"}}
	group := plan.Values{plan.Group: {"CN=GG Ward 7,OU=Groups,DC=trust,DC=example"}}
	fresh := plan.Values{
		plan.OU: {"OU=General,OU=Staff,DC=trust,DC=example"}, plan.CN: {"Nia Invented"}, "sAMAccountName": {"ninvented"},
		"mail": {"nia.invented@trust.example"}, plan.PersonKey: {"20000001"},
	}
	expires := plan.Values{"accountExpires": {directory.FileTime(time.Date(2026, time.December, 1, 0, 0, 0, 0, time.UTC))}}
	title := plan.Values{"title": {"Staff Nurse"}, "manager": {"CN=Old Boss,OU=Staff,DC=trust,DC=example"}}
	newTitle := plan.Values{"title": {"Sister <acting> & lead"}, "manager": {"CN=New Boss,OU=Staff,DC=trust,DC=example"}}
	p := plan.Plan{AsOf: today(), Inputs: []plan.Fingerprint{{Name: "directory", Hash: "5f70bf18a086007016e948b04aed3b82103a36be"}}}
	p.Changes = []plan.Change{
		change(plan.Leaver, plan.Disable, "20000003", on, off, "Left on 12 November 2026."),
		change(plan.Leaver, plan.RemoveMember, "20000003", group, nil, "Left on 12 November 2026."),
		change(plan.Leaver, plan.Disable, "20000004", on, off, "Left on 21 November 2026."),
		change(plan.Leaver, plan.Set, "20000006", nil, expires, "Leaves on 30 November 2026: access ends by itself after that day."),
		change(plan.Mover, plan.Set, "20000002", title, newTitle, "ESR's values win."),
		change(plan.Mover, plan.AddMember, "20000007", nil, group, "groups[3] fits."),
		change(plan.Rename, plan.Set, "20000008", plan.Values{"sn": {"Sample"}}, plan.Values{"sn": {"van der Sample"}}, "ESR has another surname."),
		change(plan.Joiner, plan.Create, "20000001", nil, fresh, "Starts on 1 December 2026 and has no account."),
		change(plan.Link, plan.Mark, "20000009", nil, plan.Values{plan.PersonKey: {"20000009"}}, "The employee number is on the account."),
	}
	p.Waits = []plan.Wait{{Person: "20000009", Until: today().AddDays(20), Reason: "Kept until 12 December 2026 on somebody's word."}}
	p.LeftAlone = []plan.Membership{{Person: "20000003", Account: guid('3'), Group: "CN=Choir,OU=Elsewhere,DC=trust,DC=example", Reason: "The group is not under group_bases."}}
	p.Verdict = &plan.Verdict{Held: []plan.Held{
		{
			Class: plan.Leaver, Slice: "Ward 7 Made-up Medicine", Limit: "5 leavers of one organisation", Count: 6, Reason: "6 leavers of one organisation in 24 hours are more than 5.",
			Causes: []plan.Cause{plan.OverSlice}, Changes: []string{p.Changes[2].ID}, People: []string{"20000004"},
		},
		{
			Class: plan.Rename, Limit: `naming.rename = "review"`, Count: 1, Reason: "A change of name waits for a person.",
			Causes: []plan.Cause{plan.UnderReview}, Changes: []string{p.Changes[6].ID}, People: []string{"20000008"},
		},
	}}
	return p.Seal()
}

func busyResults(p plan.Plan) []Result {
	return []Result{
		{ChangeID: p.Changes[0].ID, Outcome: state.Done},
		{ChangeID: p.Changes[1].ID, Outcome: state.Done},
		{ChangeID: p.Changes[3].ID, Outcome: state.Done},
		{ChangeID: p.Changes[4].ID, Outcome: state.Skipped, Detail: "title had changed meanwhile"},
		{ChangeID: p.Changes[5].ID, Outcome: state.Failed, Detail: "insufficient access rights"},
		{ChangeID: p.Changes[7].ID, Outcome: state.Done},
	}
}

func busyPeople() map[string]Who {
	who := func(name, position, standing, login string) Who {
		return Who{Name: name, Position: position, Organisation: "Ward 7 Made-up Medicine", Standing: standing, Login: login, Mail: login + "@trust.example"}
	}
	people := map[string]Who{
		"20000001": who("Nia Invented", "Staff Nurse", "starting", "ninvented"),
		"20000002": who("Pat Placeholder", "Sister", "current", "pplaceholder"),
		"20000003": who("Lee Imaginary", "Porter", "left", "limaginary"),
		"20000004": who("Ann Example-Fictional", "Healthcare Assistant", "left", "aexample"),
		"20000005": who("Siobhán O'Testley", "Physiotherapist", "current", ""),
		"20000006": who("Mo Pretend", "Clerk", "current", "mpretend"),
		"20000007": who("Kit Mockup", "Cook", "current", "kmockup"),
		"20000008": who("Jan van der Sample", "Registrar", "current", "jsample"),
		"20000009": who("<script>alert(1)</script> Bobby", "Tester", "current", "bobby"),
	}
	for key, last := range map[string]esrmodel.Date{"20000003": today().AddDays(-10), "20000004": today().AddDays(-1), "20000006": today().AddDays(8)} {
		leaver := people[key]
		leaver.Leaving = last
		people[key] = leaver
	}
	return people
}

// find returns a finding that has been open for some days.
func find(code finding.Code, kind finding.SubjectKind, key string, days int, text string) finding.Finding {
	f := finding.New(code, kind, key, "", text)
	f.FirstSeen, f.LastSeen = today().AddDays(-days), today()
	return f
}

func busyFindings() []finding.Finding {
	fs := []finding.Finding{
		find(finding.ProtectedLeaver, finding.OfAccount, guid(72).String(), 0, "The account adm-leaver is still on."),
		find(finding.InvalidToken, finding.OfAccount, guid(73).String(), 40, "The token of the account xsample is not valid."),
		find(finding.UnownedAccount, finding.OfAccount, guid(71).String(), 12, "Nobody in ESR or the register has the account jsample9."),
		find(finding.NoAccount, finding.OfPerson, "20000005", 3, "Current, without an account: the match queue has to be answered first."),
		find(finding.EmailNotInESR, finding.OfPerson, "20000007", 6, "ESR has no address; the account's is kmockup@trust.example."),
		find(finding.SupervisorMissing, finding.OfPerson, "20000008", 400, "The supervisor has left."),
		find(finding.Code("U01"), finding.OfURP, "277 Payroll Administration of 277JSAMPLE01", 2, "The holder has left and the URP is live"),
	}
	finding.Sort(fs)
	return fs
}

func busyTasks() []state.Task {
	return []state.Task{
		{ID: "find-0a", Kind: "Q08", Owner: "hr", Subject: "20000002", Text: "Left, or lost from the feed?", Opened: at(6, 1).AddDate(0, 0, -4)},
		{ID: "find-0b", Kind: "D05", Owner: "infrastructure", Subject: guid(72).String(), Text: "A leaver's protected account is still on", Opened: at(6, 1)},
	}
}

func busyFeeds(last state.Feed) []state.Feed {
	refused := state.Feed{
		Name: "GO_277_GDW_GOC_20261122_00001948.DAT", Source: "staff", Sequence: 1948, Created: at(5, 30), Judged: at(6, 0), Verdict: state.Quarantined,
		Reasons: json.RawMessage(`[{"check":"chain","line":1,"field":"sequence","found":"1948","expected":"1947"},{"check":"trailer","found":"TRL~12","expected":"13"}]`),
	}
	return []state.Feed{last, refused}
}

// failing is a night whose run was stopped.
func failing() Night {
	n := calm()
	n.Run.Outcome, n.Run.Error, n.Plan = "failed", "reading page 3 of ou=staff: the server ended the search early", plan.Plan{}
	n.FeedLate, n.Numbers, n.Before = true, Numbers{}, nil
	return n
}

// observing is the night of a new installation: everything is shown, nothing is made.
func observing() Night {
	n := busy()
	n.Run.Mode, n.Results, n.Feeds = "observe", nil, nil
	h := plan.Held{Limit: `mode = "observe"`, Reason: "The mode is observe: nothing is written but lockouts.", Causes: []plan.Cause{plan.Observing}}
	verdict := plan.Verdict{}
	for _, class := range plan.Classes() {
		part := h
		part.Class = class
		for _, ch := range n.Plan.Changes {
			if ch.Class == class {
				part.Changes, part.People = append(part.Changes, ch.ID), append(part.People, ch.Person)
			}
		}
		if len(part.Changes) > 0 {
			verdict.Held = append(verdict.Held, part)
		}
	}
	n.Plan.Verdict = &verdict
	n.Numbers.Done, n.Numbers.Failed, n.Numbers.Skipped, n.Numbers.Held = 0, 0, 0, len(n.Plan.Changes)
	return n
}

// big is the first night of a trust of some people: everyone is linked, with findings.
func big(people, findings int) Night {
	n := calm()
	n.People = make(map[string]Who, people)
	p := plan.Plan{AsOf: today(), Verdict: &plan.Verdict{}}
	for i := range people {
		key := fmt.Sprint(20000001 + i)
		n.People[key] = Who{Name: fmt.Sprintf("Name%d Madeup", i), Position: "Staff Nurse", Organisation: fmt.Sprintf("Ward %d", i%90), Standing: "current", Login: "madeup" + key, Mail: "madeup" + key + "@trust.example"}
		ch := change(plan.Link, plan.Mark, key, nil, plan.Values{plan.PersonKey: {key}, plan.Token: {"managed"}}, "The employee number "+key+" is on the account.")
		if i%20 == 0 {
			ch = change(plan.Leaver, plan.Disable, key, plan.Values{plan.Token: {"managed"}}, plan.Values{plan.Token: {"leaver"}}, "Left on 21 November 2026.")
			ch.Slice = fmt.Sprintf("Ward %d", i%90)
		}
		p.Changes = append(p.Changes, ch)
		n.Results = append(n.Results, Result{ChangeID: ch.ID, Outcome: state.Done})
	}
	codes := []finding.Code{finding.NoAccount, finding.EmailNotInESR, finding.SupervisorMissing, finding.PrimaryUnclear}
	for i := range findings {
		f := find(codes[i%len(codes)], finding.OfPerson, fmt.Sprint(20000001+i%max(1, people)), i%120, "Something does not fit, and this is a sentence about it of the usual length.")
		n.Findings = append(n.Findings, f)
	}
	n.Plan, n.Numbers.Done, n.Numbers.Findings = p.Seal(), people, findings
	return n
}
