package main

import (
	"encoding"
	"encoding/json"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"esrsync/config"
	"esrsync/esrmodel"
	"esrsync/esrmodel/feed"
	"esrsync/internal/finding"
	"esrsync/internal/report"
	"esrsync/internal/state"
	"esrsync/internal/store/chain"
	"esrsync/sync/engine"
	"esrsync/sync/match"
	"esrsync/sync/plan"
)

const jsonFile = "docs/json.md"

// printed are the types that commands print as JSON, by their headings.
func printed() map[string]reflect.Type {
	return map[string]reflect.Type{
		"error": reflect.TypeFor[told](), "plan": reflect.TypeFor[plan.Plan](), "fingerprint": reflect.TypeFor[plan.Fingerprint](),
		"change": reflect.TypeFor[plan.Change](), "verdict": reflect.TypeFor[plan.Verdict](), "held": reflect.TypeFor[plan.Held](),
		"membership": reflect.TypeFor[plan.Membership](), "wait": reflect.TypeFor[plan.Wait](), "event": reflect.TypeFor[plan.Event](),
		"finding": reflect.TypeFor[finding.Finding](), "subject": reflect.TypeFor[finding.Subject](),
		"report": reflect.TypeFor[report.Night](), "result": reflect.TypeFor[report.Result](), "who": reflect.TypeFor[report.Who](),
		"named account": reflect.TypeFor[report.Account](), "numbers": reflect.TypeFor[report.Numbers](),
		"doubt in a report": reflect.TypeFor[report.Doubt](), "candidate in a report": reflect.TypeFor[report.Candidate](),
		"run": reflect.TypeFor[state.Run](), "task": reflect.TypeFor[state.Task](), "feed": reflect.TypeFor[state.Feed](),
		"journal entry": reflect.TypeFor[state.Entry](), "decision": reflect.TypeFor[state.Decision](), "approval": reflect.TypeFor[state.Approval](),
		"keep": reflect.TypeFor[state.Keep](), "confirmation": reflect.TypeFor[state.Confirmation](), "ledger row": reflect.TypeFor[state.Record](),
		"verification": reflect.TypeFor[chain.Report](), "judgement": reflect.TypeFor[engine.Judgement](), "reason": reflect.TypeFor[feed.Reason](),
		"staff file": reflect.TypeFor[feed.Result](), "header": reflect.TypeFor[feed.Header](), "count": reflect.TypeFor[feed.Count](),
		"difference": reflect.TypeFor[feed.Difference](), "tally": reflect.TypeFor[feed.Change](), "shrinking organisation": reflect.TypeFor[feed.Shrink](),
		"chain": reflect.TypeFor[feed.Chain](), "register file": reflect.TypeFor[feed.Register](),
		"explanation": reflect.TypeFor[explanation](), "assignment": reflect.TypeFor[explainedAssignment](), "account": reflect.TypeFor[explainedAccount](),
		"doubt": reflect.TypeFor[match.Doubt](), "candidate": reflect.TypeFor[match.Candidate](),
		"hold": reflect.TypeFor[shownHold](), "held account": reflect.TypeFor[shownAccount](), "controller": reflect.TypeFor[shownController](),
		"release": reflect.TypeFor[releasedHold](), "released account": reflect.TypeFor[releasedAccount](),
		"checked configuration": reflect.TypeFor[checkedConfig](), "fault": reflect.TypeFor[config.Fault](),
	}
}

// field is one field of a printed type. One that may be missing ends in "?".
func fieldName(f reflect.StructField) (name string, told bool) {
	name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
	switch {
	case name == "-" || !f.IsExported():
		return "", false
	case name == "":
		name = f.Name // without a tag: no page will have it, and so it is found
	}
	if strings.HasPrefix(options, "omit") {
		name += "?"
	}
	return name, true
}

// below returns the struct that a field holds, alone or in a list or a map.
func below(t reflect.Type) (reflect.Type, bool) {
	for slices.Contains([]reflect.Kind{reflect.Pointer, reflect.Slice, reflect.Array, reflect.Map}, t.Kind()) {
		t = t.Elem()
	}
	text, object := reflect.TypeFor[encoding.TextMarshaler](), reflect.TypeFor[json.Marshaler]()
	return t, t.Kind() == reflect.Struct && !t.Implements(text) && !t.Implements(object)
}

func TestDocsTellEveryFieldOfTheJSON(t *testing.T) {
	t.Parallel()
	told := map[string][]string{}
	sections := regexp.MustCompile(`(?m)^#{2,3} `).Split(page(t, jsonFile), -1)
	for _, section := range sections[1:] {
		heading, body, _ := strings.Cut(section, "\n")
		for _, r := range regexp.MustCompile("(?m)^\\| `([a-z0-9_]+)`( \\?)? \\|").FindAllStringSubmatch(body, -1) {
			told[heading] = append(told[heading], r[1]+strings.TrimSpace(r[2]))
		}
	}
	want := map[string][]string{}
	for heading, of := range printed() {
		for i := range of.NumField() {
			if name, is := fieldName(of.Field(i)); is {
				want[heading] = append(want[heading], name)
			}
		}
	}
	for _, fields := range []map[string][]string{want, told} {
		for heading := range fields {
			slices.Sort(fields[heading])
		}
	}
	if diff := cmp.Diff(want, told); diff != "" {
		t.Errorf("%s and the code differ (-code +page):\n%s", jsonFile, diff)
	}
}

func TestDocsTellEveryTypeInsideTheJSON(t *testing.T) {
	t.Parallel()
	known := map[reflect.Type]bool{}
	for _, of := range printed() {
		known[of] = true
	}
	for heading, of := range printed() {
		for i := range of.NumField() {
			f := of.Field(i)
			if _, is := fieldName(f); !is {
				continue
			}
			if inner, is := below(f.Type); is && !known[inner] {
				t.Errorf("%s.%s holds %s, which has no heading in %s", heading, f.Name, inner, jsonFile)
			}
		}
	}
}

func TestDocsSayThatAListIsNeverNullAndItIsNot(t *testing.T) {
	t.Parallel()
	empty, worked := newSite(t), staffed(t, 30)
	leaver := worked.people[3]
	leaver.post.EndDate = esrmodel.NewDate(2026, 11, 10)
	worked.day(1)
	worked.changes(leaver)
	file := worked.full()
	for claim, typedWords := range map[string][]string{
		"plan": {"plan"}, "runs": {"runs"}, "report": {"report"}, "tasks": {"tasks"}, "feeds": {"feed", "list"}, "queue": {"match", "list"},
		"configuration": {"config", "check"}, "ledger": {"ledger", "verify"},
	} {
		for _, s := range []*site{empty, worked} {
			if s == empty && claim == "report" {
				continue // there was no run
			}
			wantNoNull(t, claim, s.esrsyncd(append(typedWords, "--json")...))
		}
	}
	wantNoNull(t, "explain", worked.esrsyncd("explain", "20000005", "--json"))
	wantNoNull(t, "check", worked.esrsyncd("feed", "check", worked.dir+"/inbox/"+file, "--json"))
	wantNoNull(t, "sync", worked.esrsyncd("sync", "--json"))
	wantNoNull(t, "report with changes", worked.esrsyncd("report", "--json"))
}

// wantNoNull wants a command to have printed JSON without null.
func wantNoNull(t *testing.T, claim string, got typed) {
	t.Helper()
	var value any
	if err := json.Unmarshal([]byte(got.out), &value); err != nil {
		t.Errorf("%s: %q is not JSON: %v %s", claim, got.out, err, got.err)
	}
	if at := strings.Index(got.out, "null"); at >= 0 {
		t.Errorf("%s: null in …%s…", claim, got.out[max(0, at-40):at+4])
	}
}

func TestDocsSayThatAnErrorIsJSONToo(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	got := s.esrsyncd("report", "--json")
	var e told
	if err := json.Unmarshal([]byte(got.err), &e); err != nil || e.Error == "" || e.Exit != got.code || got.code != exitUsage {
		t.Errorf("code %d, %q: %+v, %v", got.code, got.err, e, err)
	}
}
