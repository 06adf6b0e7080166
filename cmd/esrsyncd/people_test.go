package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"esrsync/esrmodel"
	"esrsync/internal/directory"
)

// starter adds one person whose assignment begins on a day ahead.
func (s *site) starter(from esrmodel.Date, change func(*record)) record {
	s.hire(1, func(_ int, r *record) {
		r.person.HireDate, r.person.Span.From = from, from
		r.post.Span.From, r.post.ProjectedHireDate = from, from
		change(r)
	})
	return s.people[len(s.people)-1]
}

func TestAStarterIsMadeAheadAndSwitchedOnOnTheDay(t *testing.T) {
	t.Parallel()
	s := staffed(t, 30)
	s.extra = unlimited // the thirty of the day before count, too
	s.day(1)
	r := s.starter(esrmodel.NewDate(2026, 11, 20), func(*record) {})
	s.changes(r)
	s.must([]int{exitDone}, "sync")
	a := s.accounts()[r.person.EmployeeNumber]
	if a.Enabled() || a.Login == "" || len(a.MemberOf) == 0 {
		t.Fatalf("ahead of the day: enabled %v, login %q, groups %v", a.Enabled(), a.Login, a.MemberOf)
	}
	s.must([]int{exitUsage}, "initial-password", r.person.EmployeeNumber)
	s.day(4)
	s.must([]int{exitDone}, "sync")
	if !s.accounts()[r.person.EmployeeNumber].Enabled() {
		t.Error("still off on the first day")
	}
}

func TestANoShowNeverGetsInAndBecomesATask(t *testing.T) {
	t.Parallel()
	s := staffed(t, 30)
	s.extra = unlimited // the thirty of the day before count, too
	s.day(1)
	r := s.starter(esrmodel.NewDate(2026, 11, 18), func(r *record) { r.post.Status = "Offer Accepted" })
	s.changes(r)
	for _, day := range []int{1, 2, 4, 11} {
		s.day(day)
		s.must([]int{exitDone}, "sync")
		if s.accounts()[r.person.EmployeeNumber].Enabled() {
			t.Fatalf("somebody who never began may sign in, on day %d", day)
		}
	}
	if tasks := s.must([]int{exitDone}, "tasks").out; !strings.Contains(tasks, r.person.EmployeeNumber) {
		t.Errorf("no task asks: %s", tasks)
	}
}

func TestAChangeOfNameWaitsForReviewAndKeepsTheOldAddress(t *testing.T) {
	t.Parallel()
	s := staffed(t, 30)
	s.extra = unlimited // the thirty of the day before count, too
	was := s.accounts()["20000004"]
	s.day(1)
	s.people[3].person.PreviousLastName, s.people[3].person.LastName = s.people[3].person.LastName, "Newly-Wed"
	s.changes(s.people[3])
	s.must([]int{exitHeld}, "sync")
	if now := s.accounts()["20000004"]; now.Mail != was.Mail || now.Value("sn") != was.Value("sn") {
		t.Fatalf("changed before anybody looked: %+v", now)
	}
	s.must([]int{exitDone}, "approve", s.plan().ID, "--class", "rename", "--reason", "asked her")
	s.must([]int{exitDone}, "sync")
	now := s.accounts()["20000004"]
	if !strings.HasPrefix(now.Mail, "dafydd.newly-wed@") || now.Value("sn") != "Newly-Wed" || !strings.Contains(now.CN, "Newly-Wed") {
		t.Errorf("after the review: %+v", now)
	}
	if !slices.Contains(now.ProxyAddresses, "smtp:"+was.Mail) || !slices.Contains(now.ProxyAddresses, "SMTP:"+now.Mail) {
		t.Errorf("addresses %v lack the old one", now.ProxyAddresses)
	}
	if p := s.plan(); len(p.Changes) != 0 {
		t.Errorf("%d changes are left, the first %+v", len(p.Changes), p.Changes[0])
	}
}

func TestWhoBecomesBankOnlyKeepsTheAccountAndLosesTheMemberships(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.extra = unlimited
	s.hire(30, func(i int, r *record) {
		if i == 3 {
			r.post.OrganisationID = "300900"
		}
	})
	s.full()
	s.must([]int{exitDone}, "sync")
	nursing := "CN=Community Nursing,OU=Groups," + siteBase
	if !memberOf(s.accounts()["20000004"], nursing) {
		t.Fatal("a community nurse is not in the group")
	}
	s.day(1)
	s.people[3].post.Category, s.people[3].post.OrganisationID = "Bank", "300001"
	s.changes(s.people[3])
	s.must([]int{exitDone}, "sync")
	a := s.accounts()["20000004"]
	if !a.Enabled() || memberOf(a, nursing) || !memberOf(a, "CN=Bank Staff,OU=Groups,"+siteBase) {
		t.Errorf("enabled %v, groups %v", a.Enabled(), a.MemberOf)
	}
}

func memberOf(a directory.Account, group string) bool {
	return slices.ContainsFunc(a.MemberOf, func(dn string) bool { return directory.SameDN(dn, group) })
}

func TestRetireAndReturnKeepsTheAccountAndItsAddress(t *testing.T) {
	t.Parallel()
	s := staffed(t, 30)
	s.extra = unlimited // the thirty of the day before count, too
	was := s.accounts()["20000004"]
	old := s.people[3]
	old.post.EndDate, old.person.TerminationDate = esrmodel.NewDate(2026, 11, 17), esrmodel.NewDate(2026, 11, 17)
	old.person.TerminationReason = "Retirement Age"
	s.day(1)
	back := s.starter(esrmodel.NewDate(2026, 11, 20), func(r *record) {
		r.person.LastName, r.person.FirstName = old.person.LastName, old.person.FirstName
		r.person.DateOfBirth, r.person.NINumber = old.person.DateOfBirth, old.person.NINumber
	})
	s.changes(old, back)
	s.must([]int{exitDone}, "sync")
	s.day(2)
	s.must([]int{exitDone}, "sync")
	if a := s.accounts()["20000004"]; a.Enabled() || len(a.MemberOf) == 0 {
		t.Errorf("between the records: enabled %v, groups %v", a.Enabled(), a.MemberOf)
	}
	s.day(4)
	s.must([]int{exitDone}, "sync")
	s.day(5)
	s.must([]int{exitDone}, "sync")
	now := s.accounts()[back.person.EmployeeNumber]
	if now.GUID != was.GUID || now.Mail != was.Mail || now.Login != was.Login || !now.Enabled() {
		t.Errorf("the account was %+v and is %+v", was, now)
	}
	if len(s.accounts()) != 30 {
		t.Errorf("%d accounts, want 30: nobody got a second one", len(s.accounts()))
	}
}

func TestPeopleOfTheRegisterGetAccountsAndLoseThem(t *testing.T) {
	t.Parallel()
	s := staffed(t, 30)
	s.extra = unlimited // the thirty of the day before count, too
	s.day(1)
	s.write("inbox/non_esr_20261117.csv", "Reference,Surname,Forename,Category,Sponsor Employee Number,Start Date,End Date\n"+
		"S-0042,Wójtestowicz,Łukasz,Student,20000002,17-NOV-2026,20-NOV-2026\n")
	s.must([]int{exitDone}, "sync")
	a, made := s.accounts()["XS-0042"]
	if !made || !a.Enabled() || a.Login != "lwojtestowicz" || a.Mail != "lukasz.wojtestowicz@trust.example" {
		t.Fatalf("the student's account is %+v", a)
	}
	if boss := s.accounts()["20000002"].DN; !directory.SameDN(a.Manager, boss) {
		t.Errorf("the manager is %q, want the sponsor %q", a.Manager, boss)
	}
	s.day(5)
	s.must([]int{exitDone}, "sync")
	if s.accounts()["XS-0042"].Enabled() {
		t.Error("still on after the end")
	}
}

func TestARehireIsSwitchedOnAgainAndNobodyElseGetsTheNamesMeanwhile(t *testing.T) {
	t.Parallel()
	s := staffed(t, 30)
	s.extra = unlimited // the thirty of the day before count, too
	was := s.accounts()["20000004"]
	gone := end(s.people[3:4], esrmodel.NewDate(2026, 11, 16))[0]
	s.day(1)
	s.changes(gone)
	s.must([]int{exitDone}, "sync")
	s.day(2)
	namesake := s.starter(esrmodel.NewDate(2026, 11, 18), func(r *record) {
		r.person.LastName, r.person.FirstName = s.people[3].person.LastName, s.people[3].person.FirstName
	})
	s.changes(namesake)
	s.must([]int{exitDone}, "sync")
	if a := s.accounts()[namesake.person.EmployeeNumber]; a.Login == was.Login || a.Mail == was.Mail || a.Login == "" {
		t.Errorf("the namesake got %q and %q", a.Login, a.Mail)
	}
	s.day(3)
	s.changes(s.people[3])
	s.must([]int{exitDone}, "sync")
	if a := s.accounts()["20000004"]; !a.Enabled() || a.Mail != was.Mail || a.GUID != was.GUID {
		t.Errorf("the rehired account is %+v", a)
	}
}

func TestALeaverIsToldHowLateHRWas(t *testing.T) {
	t.Parallel()
	s := staffed(t, 30)
	s.extra = unlimited // the thirty of the day before count, too
	s.day(10)
	s.changes(end(s.people[3:4], esrmodel.NewDate(2026, 11, 16))...)
	s.must([]int{exitDone}, "sync")
	if text := s.must([]int{exitDone}, "report").out; !strings.Contains(text, "9 days") {
		t.Errorf("the report does not say how late: %s", text)
	}
	if !strings.Contains(s.must([]int{exitDone}, "report", "--format", "json").out, `"L01"`) {
		t.Error("there is no finding L01")
	}
}

func TestNamesOfThePastAreNeverGivenAgain(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.extra = unlimited
	s.write("history.csv", "Kind,Name\nlogin,AteaTea\naddress,agnetha.teatea@trust.example\n")
	s.must([]int{exitDone}, "names", "import", filepath.Join(s.dir, "history.csv"))
	if again := s.must([]int{exitDone}, "names", "import", filepath.Join(s.dir, "history.csv")).out; !strings.Contains(again, "0 of them new") {
		t.Errorf("importing again said %q", again)
	}
	s.hire(1)
	s.full()
	s.must([]int{exitDone}, "sync")
	if a := s.accounts()["20000001"]; a.Login == "ateatea" || a.Mail == "agnetha.teatea@trust.example" || !a.Enabled() {
		t.Errorf("the account is %+v", a)
	}
	s.write("broken.csv", "Kind,Name\nnickname,tea\nlogin,\n")
	if got := s.must([]int{exitUsage}, "names", "import", filepath.Join(s.dir, "broken.csv")); !strings.Contains(got.err, "line 2") || !strings.Contains(got.err, "line 3") {
		t.Errorf("the faults are %q", got.err)
	}
}

func TestAnOlderRegisterDoesNotTakeTheNewerOneBack(t *testing.T) {
	t.Parallel()
	s := staffed(t, 30)
	s.extra = unlimited
	s.day(1)
	head := "Reference,Surname,Forename,Category,Sponsor Employee Number,Start Date,End Date\n"
	s.write("inbox/non_esr_20261116.csv", head+"S-0042,Sample,Tamsin,Student,20000002,16-NOV-2026,17-NOV-2026\n")
	s.write("inbox/non_esr_20261117.csv", head+"S-0042,Sample,Tamsin,Student,20000002,16-NOV-2026,27-NOV-2026\n")
	old := s.clock().AddDate(0, 0, -1)
	if err := os.Chtimes(filepath.Join(s.dir, "inbox", "non_esr_20261116.csv"), old, old); err != nil {
		t.Fatal(err)
	}
	s.write("inbox/holiday-photos.zip", "not a feed")
	got := s.must([]int{exitDone}, "sync")
	if !strings.Contains(got.out, "holiday-photos.zip") {
		t.Errorf("the stranger in the inbox is not named: %s", got.out)
	}
	s.day(3)
	s.must([]int{exitDone}, "sync")
	if !s.accounts()["XS-0042"].Enabled() {
		t.Error("the older register ended the student early")
	}
}
