package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"esrsync/esrmodel"
	"esrsync/esrmodel/feed"
	"esrsync/ldapx/adsim"
	"esrsync/sync/plan"
)

func TestSyncWithoutAnyFeedSaysSoAndDoesNothing(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	got := s.must([]int{exitDone}, "sync")
	if !strings.Contains(got.out, "No feed was ever taken in") || s.writes() != 0 {
		t.Errorf("%d writes, and it said %q", s.writes(), got.out)
	}
}

func TestAStarterGetsAnAccountAndASecondRunWritesNothing(t *testing.T) {
	t.Parallel()
	s := staffed(t, 30)
	a := s.accounts()["20000001"]
	if !a.Enabled() || a.Login != "atealamp" && !strings.HasPrefix(a.Login, "atea") || !strings.HasSuffix(a.Mail, "@trust.example") || a.Value("title") != "Staff Nurse" {
		t.Errorf("the account is %+v", a)
	}
	before := s.writes()
	if p := s.plan(); len(p.Changes) != 0 {
		t.Errorf("the plan right after a run has %d changes, the first %+v", len(p.Changes), p.Changes[0])
	}
	s.must([]int{exitDone}, "sync")
	if s.writes() != before {
		t.Errorf("the second run wrote %d times", s.writes()-before)
	}
}

func TestADatedLeaverIsOutAfterTheDayAndNotBefore(t *testing.T) {
	t.Parallel()
	s := staffed(t, 30)
	leaver := s.people[3]
	leaver.person.TerminationDate, leaver.post.EndDate, leaver.post.LastWorkingDay = esrmodel.NewDate(2026, 11, 18), esrmodel.NewDate(2026, 11, 18), esrmodel.NewDate(2026, 11, 18)
	s.day(1)
	s.changes(leaver)
	s.must([]int{exitDone}, "sync")
	a := s.accounts()["20000004"]
	if want := time.Date(2026, 11, 19, 0, 0, 0, 0, time.UTC); !a.Enabled() || !a.Expires.Equal(want) {
		t.Errorf("ahead of the day: enabled %v, expires %v, want on and %v", a.Enabled(), a.Expires, want)
	}
	s.day(2)
	s.must([]int{exitDone}, "sync")
	if !s.accounts()["20000004"].Enabled() {
		t.Error("switched off on the last day itself")
	}
	s.day(3)
	s.must([]int{exitDone}, "sync")
	if a := s.accounts()["20000004"]; a.Enabled() || len(a.MemberOf) != 0 {
		t.Errorf("the day after: enabled %v, groups %v", a.Enabled(), a.MemberOf)
	}
}

func TestAReversedLeavingDateIsTakenOutAgain(t *testing.T) {
	t.Parallel()
	s := staffed(t, 30)
	stays := s.people[3]
	leaver := stays
	leaver.post.EndDate = esrmodel.NewDate(2026, 11, 30)
	s.day(1)
	s.changes(leaver)
	s.must([]int{exitDone}, "sync")
	if s.accounts()["20000004"].Expires.IsZero() {
		t.Fatal("the leaving date was not written ahead")
	}
	s.day(2)
	s.changes(stays)
	s.must([]int{exitDone}, "sync")
	if a := s.accounts()["20000004"]; !a.Expires.IsZero() || !a.Enabled() {
		t.Errorf("after the reversal it expires %v, enabled %v", a.Expires, a.Enabled())
	}
}

func TestBadFilesAreQuarantinedWholeAndTheDirectoryIsNotTouched(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		spoil  func(s *site, name, content string) (string, string)
		reason string
	}{
		"a truncated file":          {func(_ *site, n, c string) (string, string) { return n, c[:len(c)/2] }, "trailer"},
		"a file whose trailer lies": {func(_ *site, n, c string) (string, string) { return n, strings.Replace(c, "TRL~", "TRL~9", 1) }, "trailer"},
		"a file of another trust": {func(_ *site, n, c string) (string, string) {
			return strings.Replace(n, "_277_", "_301_", 1), strings.ReplaceAll(c, "_277_", "_301_")
		}, "vpd"},
		"a file out of order": {func(_ *site, n, c string) (string, string) {
			return strings.Replace(n, "1942", "1944", 1), strings.ReplaceAll(c, "1942", "1944")
		}, "chain"},
		"a file from the future":         {func(s *site, n, c string) (string, string) { s.day(-5); return n, c }, "future"},
		"garbled bytes":                  {func(_ *site, n, c string) (string, string) { return n, strings.Replace(c, "ASA~", "AS\x00A~", 1) }, "encoding"},
		"a file with too few fields":     {func(_ *site, n, c string) (string, string) { return n, strings.Replace(c, "~E~", "~", 1) }, "fields"},
		"a file of the test environment": {func(_ *site, n, c string) (string, string) { return n, strings.Replace(c, "20000005", "29999999", 1) }, "environment"},
		"a name that is not the inner":   {func(_ *site, n, c string) (string, string) { return strings.Replace(n, "GDW", "EXP", 1), c }, "name"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := staffed(t, 30)
			before := s.writes()
			s.day(1)
			leaver := s.people[3]
			leaver.post.EndDate = esrmodel.NewDate(2026, 11, 10)
			file, content := s.file("GOC", []record{leaver, s.people[4]}, nil)
			file, content = c.spoil(s, file, content)
			s.write("inbox/"+file, content)
			s.must([]int{exitQuarantined}, "sync")
			if s.writes() != before || !s.accounts()["20000004"].Enabled() {
				t.Errorf("the directory was written %d times", s.writes()-before)
			}
			why, err := os.ReadFile(filepath.Join(s.dir, "archive", "quarantine", file+".reasons.txt"))
			if err != nil || !strings.Contains(string(why), c.reason) {
				t.Errorf("the reasons are %q, %v; want one about %s", why, err, c.reason)
			}
			if list := s.must([]int{exitDone}, "feed", "list").out; !strings.Contains(list, file) || !strings.Contains(list, c.reason) {
				t.Errorf("feed list says %q", list)
			}
		})
	}
}

func TestAFileThatWasTakenBeforeIsSaidSoAndChangesNothing(t *testing.T) {
	t.Parallel()
	s := staffed(t, 30)
	taken, err := os.ReadFile(filepath.Join(s.dir, "archive", feed.Name{VPD: "277", Stream: "GDW", Type: "GOF", Date: s.today(), Sequence: 1941}.String()))
	if err != nil {
		t.Fatal(err)
	}
	again := "GO_277_GDW_GOF_20261116_00001941.DAT"
	s.write(again, string(taken))
	got := s.must([]int{exitDone}, "feed", "accept", filepath.Join(s.dir, again))
	if !strings.Contains(got.out, "already taken") {
		t.Errorf("it said %q", got.out)
	}
}

func TestHalfAFullFileIsRefusedAndNobodyIsSwitchedOff(t *testing.T) {
	t.Parallel()
	s := staffed(t, 100)
	before := s.writes()
	s.day(1)
	everybody := s.people
	s.people = s.people[:50]
	s.full()
	s.must([]int{exitQuarantined}, "sync")
	if s.writes() != before {
		t.Errorf("the directory was written %d times", s.writes()-before)
	}
	s.people = everybody
}

func TestAnOldFileThatIsNextInItsChainIsTaken(t *testing.T) {
	t.Parallel()
	s := staffed(t, 30)
	s.day(1)
	promoted := s.people[5]
	promoted.post.PositionName = "Nursing|Ward Manager"
	s.changes(promoted)
	s.day(9)
	s.must([]int{exitDone}, "sync")
	if got := s.accounts()["20000006"].Value("title"); got != "Ward Manager" {
		t.Errorf("the title is %q", got)
	}
}

func TestAGapInTheChainAsksForASnapshotThatCountsByItself(t *testing.T) {
	t.Parallel()
	s := staffed(t, 30)
	s.day(2)
	s.sequence++ // a file that never came
	s.changes(s.people[5])
	s.must([]int{exitQuarantined}, "sync")
	requests, err := filepath.Glob(filepath.Join(s.dir, "outbox", "GO_277_GDW_GDR_*.DAT"))
	if err != nil || len(requests) != 1 {
		t.Fatalf("requests %v, %v", requests, err)
	}
	s.day(3)
	s.people[5].post.PositionName = "Nursing|Ward Manager"
	s.full()
	s.must([]int{exitDone}, "sync")
	if got := s.accounts()["20000006"].Value("title"); got != "Ward Manager" {
		t.Errorf("the title after the snapshot is %q", got)
	}
}

func TestAbsenceIsNotDeparture(t *testing.T) {
	t.Parallel()
	cases := map[string]func(s *site){
		"a promotion dated three weeks ahead": func(s *site) {
			ahead := s.people[3]
			ahead.post.Span.From = esrmodel.NewDate(2026, 12, 7)
			ahead.post.PositionName = "Nursing|Matron"
			s.changes(ahead)
		},
		"a gap between two slices": func(s *site) {
			ended := s.people[3]
			ended.post.Span.To = esrmodel.NewDate(2026, 11, 10)
			later := s.people[3]
			later.post.Span.From = esrmodel.NewDate(2026, 12, 7)
			name, content := s.file("GOC", []record{ended}, func(w *feed.Writer) { w.Assignment(later.post) })
			s.write("inbox/"+name, content)
		},
		"a last slice that ends without a date of leaving": func(s *site) {
			ended := s.people[3]
			ended.post.Span.To = esrmodel.NewDate(2026, 11, 10)
			s.changes(ended)
		},
		"a deleted person": func(s *site) {
			name, content := s.file("GOC", nil, func(w *feed.Writer) { w.Delete(esrmodel.KindPerson, s.people[3].person.ID) })
			s.write("inbox/"+name, content)
		},
		"a deleted assignment": func(s *site) {
			name, content := s.file("GOC", nil, func(w *feed.Writer) { w.Delete(esrmodel.KindAssignment, s.people[3].post.ID) })
			s.write("inbox/"+name, content)
		},
		"an unknown status": func(s *site) {
			unknown := s.people[3]
			unknown.post.Status = "Gone Fishing"
			s.changes(unknown)
		},
	}
	for name, send := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := staffed(t, 30)
			before := s.writes()
			s.day(1)
			send(s)
			for day := 1; day <= 3; day++ {
				s.day(day)
				s.must([]int{exitDone, exitHeld}, "sync")
			}
			if !s.accounts()["20000004"].Enabled() || s.writes() != before {
				t.Errorf("enabled %v after %d writes", s.accounts()["20000004"].Enabled(), s.writes()-before)
			}
		})
	}
}

func TestAPersonMissingFromFullFilesBecomesAQuestionThatAPersonAnswers(t *testing.T) {
	t.Parallel()
	s := staffed(t, 100)
	everybody := s.people
	for day := 1; day <= 3; day++ {
		s.day(day)
		s.people = append(append([]record(nil), everybody[:3]...), everybody[4:]...)
		s.full()
		s.must([]int{exitDone}, "sync")
		if !s.accounts()["20000004"].Enabled() {
			t.Fatalf("switched off for being absent, on day %d", day)
		}
	}
	if tasks := s.must([]int{exitDone}, "tasks").out; !strings.Contains(tasks, "20000004") {
		t.Errorf("no task asks: %q", tasks)
	}
	s.must([]int{exitDone}, "leaver", "confirm", "20000004", "--date", "2026-11-17", "--reason", "HR: resigned")
	s.must([]int{exitDone}, "sync")
	if s.accounts()["20000004"].Enabled() {
		t.Error("still on after the answer")
	}
}

func TestAnIncompleteReadFailsTheRunAndNothingIsWritten(t *testing.T) {
	t.Parallel()
	cases := map[string]func(f *adsim.Faults){
		"an unreadable base":                         func(f *adsim.Faults) { f.DenyBase(siteStaff) },
		"a unit that is silently left out":           func(f *adsim.Faults) { f.HideBase("OU=General," + siteStaff) },
		"everything silently left out":               func(f *adsim.Faults) { f.HideBase(siteBase) },
		"a page lost half way":                       func(f *adsim.Faults) { f.CutPage(1) },
		"a page without the word that there is more": func(f *adsim.Faults) { f.LoseCookie(99) },
		"a size limit":                               func(f *adsim.Faults) { f.LimitBase(siteBase) },
	}
	for name, spoil := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := staffed(t, 600) // more than a page
			before := s.writes()
			leaver := s.people[3]
			leaver.post.EndDate = esrmodel.NewDate(2026, 11, 10)
			s.day(1)
			s.changes(leaver)
			spoil(s.server.Faults())
			got := s.must([]int{exitFailed, exitUnreachable}, "sync")
			if s.writes() != before {
				t.Errorf("%d writes", s.writes()-before)
			}
			if got.err == "" {
				t.Error("it did not say why")
			}
		})
	}
}

func TestOneOrganisationMissingHoldsItsLeaversAloneAndTheRestGoesOn(t *testing.T) {
	t.Parallel()
	s := staffed(t, 1600)
	s.extra = "[guard]\nleaver = { max = 1000, max_percent = 50.0 }\n"
	everybody := append([]record(nil), s.people...)
	ended := esrmodel.NewDate(2026, 11, 16)
	var rest []record
	for i, r := range everybody {
		switch {
		case i >= 40 && i < 52: // of the second organisation twelve of forty are gone from the file
			continue
		case i == 60, i == 200: // and two people leave: one there, one elsewhere
			r.post.EndDate, r.person.TerminationDate = ended, ended
		}
		rest = append(rest, r)
	}
	s.day(1)
	s.people = rest
	s.full()
	s.must([]int{exitHeld}, "sync")
	if s.accounts()["20000201"].Enabled() {
		t.Error("the leaver elsewhere is still on")
	}
	if !s.accounts()["20000061"].Enabled() {
		t.Error("the leaver of the organisation that shrank was not held")
	}
}

func TestPromotionFollowsIntoTheDirectoryOnItsDay(t *testing.T) {
	t.Parallel()
	s := staffed(t, 30)
	ahead := s.people[3]
	ahead.post.Span.From = esrmodel.NewDate(2026, 11, 19)
	ahead.post.PositionName = "Nursing|Matron"
	s.day(1)
	s.changes(ahead)
	s.must([]int{exitDone}, "sync")
	if got := s.accounts()["20000004"].Value("title"); got != "Staff Nurse" {
		t.Errorf("before the day the title is %q", got)
	}
	s.day(3)
	s.must([]int{exitDone}, "sync")
	if got := s.accounts()["20000004"].Value("title"); got != "Matron" {
		t.Errorf("on the day the title is %q", got)
	}
}

func TestPlanChangesNothing(t *testing.T) {
	t.Parallel()
	s := staffed(t, 30)
	leaver := s.people[3]
	leaver.post.EndDate = esrmodel.NewDate(2026, 11, 10)
	s.day(1)
	name := s.changes(leaver)
	s.must([]int{exitDone}, "feed", "accept", filepath.Join(s.dir, "inbox", name))
	before := s.writes()
	p := s.plan()
	if p.Counts[plan.Leaver] == 0 || s.writes() != before {
		t.Errorf("counts %v, %d writes", p.Counts, s.writes()-before)
	}
}
