package main

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"esrsync/internal/directory"
	"esrsync/internal/directory/memory"
)

func TestNothingThatESRSaysLiftsAHold(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		claim string
		story func(s *lockSite)
	}{
		{"a feed that says active", func(s *lockSite) { s.changes(s.people[0]) }},
		{"another post, in another place", func(s *lockSite) {
			mover := s.people[0]
			mover.post.OrganisationID, mover.post.PositionID = "300900", "900002"
			s.changes(mover)
		}},
		{"another name", func(s *lockSite) {
			married := s.people[0]
			married.person.LastName = "Parsnip"
			s.changes(married)
		}},
		{"a rehire under a new record", func(s *lockSite) {
			old, again := s.people[0], s.people[0]
			old.post.EndDate, old.person.TerminationDate = s.today()-1, s.today()-1
			again.person.ID, again.person.EmployeeNumber, again.post.ID, again.post.PersonID = "599999", "29990001", "799999", "599999"
			again.person.Span.From, again.post.Span.From, again.person.HireDate = s.today(), s.today(), s.today()
			s.changes(old, again)
		}},
		{"leaving, and coming back later", func(s *lockSite) {
			gone := s.people[0]
			gone.post.EndDate = s.today() - 1
			s.changes(gone)
			s.esrsyncd("sync")
			s.day(3)
			gone.post.EndDate = 0
			s.changes(gone)
		}},
		{"the review date passing", func(s *lockSite) { s.day(30) }},
		{"an administrator's keep", func(s *lockSite) {
			s.must([]int{exitDone}, "keep", "20000001", "--until", "2026-12-24", "--reason", "made up")
		}},
	} {
		t.Run(c.claim, func(t *testing.T) {
			t.Parallel()
			s := withTwo(t, staffed(t, 2))
			before := s.accounts()["20000001"]
			h := s.lock("20000001", "--review", "2026-11-20")
			s.day(1)
			held := s.account(before.Login)
			c.story(s)
			s.must([]int{exitDone, exitHeld, exitQuarantined}, "sync")
			now := s.account(before.Login)
			if now.Enabled() || now.DN != held.DN || now.UPN != held.UPN || now.Mail != held.Mail || now.Marker != held.Marker {
				t.Errorf("a run wrote to a held account: %+v", now)
			}
			if got := s.must([]int{exitDone}, "holds"); !strings.Contains(got.out, h.Hold) {
				t.Errorf("the hold is gone:\n%s", got.out)
			}
			if got := s.esrsyncd("initial-password", before.Login); got.code == exitDone {
				t.Error("a held person was given a password")
			}
		})
	}
}

func TestAReviewDateThatPassesMakesATask(t *testing.T) {
	t.Parallel()
	s := withTwo(t, staffed(t, 2))
	h := s.lock("20000001", "--review", "2026-11-20")
	review := "Review the hold " + h.Hold
	s.day(4)
	s.must([]int{exitDone}, "sync")
	if got := s.must([]int{exitDone}, "tasks"); strings.Contains(got.out, review) {
		t.Error("the task came on the day itself")
	}
	s.day(5)
	s.must([]int{exitDone}, "sync")
	if got := s.must([]int{exitDone}, "tasks"); !strings.Contains(got.out, review) {
		t.Errorf("no task:\n%s", got.out)
	}
	s.must([]int{exitDone}, "release", h.Hold, "--ticket", "INC2", "--second", "svc-esrsync-ro", "--second-password-file", s.dir+"/directory-ro.secret")
	if got := s.must([]int{exitDone}, "tasks"); strings.Contains(got.out, review) {
		t.Error("the hold is released, and the task still open")
	}
}

func TestSomebodyWhoLeftWhileHeldStaysOffAfterTheRelease(t *testing.T) {
	t.Parallel()
	s := withTwo(t, staffed(t, 2))
	login := s.accounts()["20000001"].Login
	h := s.lock("20000001")
	s.day(2)
	gone := s.people[0]
	gone.post.EndDate = s.today() - 1
	s.changes(gone)
	s.must([]int{exitDone}, "sync")
	got := s.must([]int{exitDone}, "release", h.Hold, "--ticket", "INC2", "--second", "svc-esrsync-ro", "--second-password-file", s.dir+"/directory-ro.secret")
	if !strings.Contains(got.out, "It stays off: ") {
		t.Errorf("it does not say so:\n%s", got.out)
	}
	s.wantOff(login)
	s.must([]int{exitDone}, "sync")
	s.wantOff(login)
	if len(s.account(login).MemberOf) != 0 {
		t.Error("the run did not finish the leaver after the release")
	}
}

func TestANewAccountOfAHeldPersonIsLockedOutToo(t *testing.T) {
	t.Parallel()
	s := withTwo(t, staffed(t, 2))
	h := s.lock("20000001")
	login := "adm-" + s.accounts()["20000001"].Login
	s.administrator(login)
	numbered, err := memory.NewDirectory(s.server.Domain().System()).Create(t.Context(), directory.NewAccount{
		CN: "again", Parent: siteStaff, Login: "again", Password: "Quince-Lantern-4711", Attributes: map[string][]string{"employeeID": {"20000001"}},
	})
	if err != nil || numbered.IsZero() {
		t.Fatal(err)
	}
	s.must([]int{exitDone}, "sync")
	s.wantOff(login)
	got := s.must([]int{exitDone}, "holds", "--json")
	if !strings.Contains(got.out, `"`+login+`"`) || !strings.Contains(got.out, numbered.String()) || !strings.Contains(got.out, h.Hold) {
		t.Errorf("the hold does not have the new accounts:\n%s", got.out)
	}
	w := s.writes()
	s.must([]int{exitDone}, "sync")
	if s.writes() != w {
		t.Errorf("the next run wrote %d times", s.writes()-w)
	}
}

func TestATokenThatIsNotOursIsACriticalFindingAndNoHold(t *testing.T) {
	t.Parallel()
	s := withTwo(t, staffed(t, 3))
	s.lock("20000001")
	held, other := s.account(s.accounts()["20000001"].Login), s.account(s.accounts()["20000002"].Login)
	edit := directory.Edit{Attribute: "adminDescription", Old: []string{other.Marker}, New: []string{held.Marker}}
	if err := memory.NewDirectory(s.server.Domain().System()).Modify(t.Context(), other.GUID, []directory.Edit{edit}); err != nil {
		t.Fatal(err)
	}
	got := s.must([]int{exitDone, exitHeld}, "sync", "--json")
	if !strings.Contains(got.out, `"D10"`) {
		t.Errorf("no finding D10:\n%s", got.out)
	}
	if !s.account(other.Login).Enabled() {
		t.Error("a copied token switched an account off")
	}
	if got := s.must([]int{exitDone}, "holds", "--json"); strings.Contains(got.out, other.GUID.String()) {
		t.Error("a copied token made a hold")
	}
}

func TestAJoinerWhoIsHeldBeforeTheFirstDayStaysOff(t *testing.T) {
	t.Parallel()
	s := withTwo(t, staffed(t, 2))
	s.hire(1, func(_ int, r *record) {
		start := s.today() + 5
		r.person.Span.From, r.person.HireDate, r.post.Span.From = start, start, start
	})
	s.changes(s.people[2])
	s.day(1)
	s.must([]int{exitDone}, "sync")
	login := s.accounts()["20000003"].Login
	h := s.lock("20000003")
	s.day(6)
	s.must([]int{exitDone}, "sync")
	s.wantOff(login)
	s.must([]int{exitDone}, "release", h.Hold, "--ticket", "INC2", "--second", "svc-esrsync-ro", "--second-password-file", s.dir+"/directory-ro.secret")
	s.wantOff(login) // the release enables nothing that it did not take
	s.must([]int{exitDone}, "sync")
	if !s.account(login).Enabled() {
		t.Error("after the release the first day's run did not switch the joiner on")
	}
}

func TestFiftyLockoutsDuringARun(t *testing.T) {
	t.Parallel()
	const people = 200
	s := withTwo(t, staffed(t, people))
	s.with("max_per_hour = 1000")
	s.extra = unlimited
	movers := append([]record(nil), s.people...)
	for i := range movers {
		movers[i].post.OrganisationID = orgID(i + 40)
		movers[i].post.PositionName = "Nursing|Charge Nurse|x"
	}
	s.day(1)
	s.changes(movers...)
	config := s.configure()
	var all sync.WaitGroup
	run := typed{}
	all.Go(func() { run = s.typedWith(config, "sync") })
	results := make([]typed, 50)
	for i := range results {
		all.Go(func() {
			results[i] = s.typedWith(config, "lockout", fmt.Sprint(20000001+i*3), "--ticket", "INC1", "--category", "other", "--yes")
		})
	}
	all.Wait()
	for i, got := range results {
		if got.code != exitDone {
			t.Errorf("lockout %d ended with %d:\n%s%s", i, got.code, got.out, got.err)
		}
	}
	if run.code != exitDone {
		t.Errorf("the run ended with %d:\n%s%s", run.code, run.out, run.err)
	}
	accounts := s.accounts()
	for i := range results {
		if a := accounts[fmt.Sprint(20000001+i*3)]; a.Enabled() {
			t.Errorf("%s is on", a.Login)
		}
	}
}

// typedWith types a command with a configuration that is there already, beside others.
func (s *site) typedWith(config string, args ...string) typed {
	var out, err bytes.Buffer
	a := &app{streams: streams{In: strings.NewReader(""), Out: &out, Err: &err}, now: s.clock}
	code := a.run(s.t.Context(), append([]string{"--config", config}, args...))
	return typed{code, out.String(), err.String()}
}

func TestNobodyLearnsOfALockoutFromWhatASystemSaysOfItself(t *testing.T) {
	t.Parallel()
	s := withTwo(t, staffed(t, 30))
	const category, ticket = "Zebrafinch matter", "INC0099887"
	s.with(`categories = ["` + category + `", "other"]`)
	s.hookThatTells()
	s.day(1)
	s.must([]int{exitDone}, "sync")
	before := s.tellings()
	s.minute()
	got := s.must([]int{exitDone}, "--verbose", "lockout", "20000005", "--ticket", ticket, "--category", category, "--yes")
	s.must([]int{exitDone}, "sync")
	after := s.tellings()
	for what, text := range after {
		if diff := cmp.Diff(lines(before[what]), lines(text)); diff != "" {
			t.Errorf("%s tells of the lockout (-before +after):\n%s", what, diff)
		}
	}
	if !strings.Contains(after["report --format html"], "1 lockout is in force") {
		t.Error("the report does not tell the number")
	}
	said := []string{got.out, got.err}
	for _, args := range [][]string{{"holds", "--json"}, {"holds"}, {"tasks", "--json"}, {"ledger", "export"}, {"explain", "20000005", "--json"}, {"--verbose", "sync", "--json"}} {
		told := s.must([]int{exitDone}, args...)
		said = append(said, told.out, told.err)
	}
	for _, text := range said {
		if strings.Contains(strings.ToLower(text), strings.ToLower(category)) {
			t.Errorf("the category is told:\n%s", text)
		}
	}
	noFile(t, s.dir, category)
	if content, err := os.ReadFile(filepath.Join(s.dir, "hook.log")); err != nil || len(content) == 0 {
		t.Errorf("the hook was not called: %v", err)
	}
	for _, format := range []string{"html", "text", "json"} {
		if text := s.must([]int{exitDone}, "report", "--format", format).out; strings.Contains(text, ticket) {
			t.Errorf("the report as %s has the ticket", format)
		}
	}
}

// minute lets a minute pass: runs of one second have no order.
func (s *lockSite) minute() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now = s.now.Add(time.Minute)
}

// hookThatTells configures a hook that writes down all that it is told.
func (s *lockSite) hookThatTells() {
	s.t.Helper()
	script := filepath.Join(s.dir, "hook.sh")
	text := "#!/bin/sh\necho \"$@\" >> " + s.dir + "/hook.log\nenv >> " + s.dir + "/hook.log\n"
	if err := os.WriteFile(script, []byte(text), 0o700); err != nil {
		s.t.Fatal(err)
	}
	s.extra = "\n[[lockout.hooks]]\nname = \"vpn\"\ncommand = [\"" + script + "\", \"{login}\", \"{upn}\", \"{email}\"]\n"
}

// tellings are what reports, plans and runs say.
func (s *lockSite) tellings() map[string]string {
	s.t.Helper()
	out := map[string]string{}
	for _, args := range [][]string{
		{"plan", "--json"}, {"plan"}, {"plan", "--person", "20000005"}, {"report"}, {"report", "--format", "text"},
		{"report", "--format", "html"}, {"report", "--format", "json"},
	} {
		out[strings.Join(args, " ")] = s.must([]int{exitDone}, args...).out
	}
	return out
}

// lines returns the lines of a text without what differs from run to run, and
// without the numbers that a report may tell.
func lines(text string) []string {
	may := regexp.MustCompile(`(?i)lockouts? (is|are)? ?in force|"(holds|enabled|plan_id|hash)":|of these are|switched on|[0-9a-f]{16}|09:0[0-9]|20261117T|"(id|started|ended)":`)
	return slices.DeleteFunc(strings.Split(text, "\n"), func(line string) bool { return may.MatchString(line) })
}

// noFile wants a word in no file but the store and the configuration, which names
// the choice of categories.
func noFile(t *testing.T, dir, word string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		name := filepath.Base(path)
		if err != nil || d.IsDir() || strings.HasPrefix(name, "esrsync.db") || name == "esrsync.toml" {
			return err
		}
		content, err := os.ReadFile(path)
		if bytes.Contains(bytes.ToLower(content), bytes.ToLower([]byte(word))) {
			t.Errorf("%s has %q", path, word)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
