package main

import (
	"fmt"
	"strings"
	"testing"

	"esrsync/esrmodel"
	"esrsync/internal/directory"
	"esrsync/internal/directory/memory"
)

// doctors makes every person from i on a doctor.
func doctors(i int, r *record) {
	r.post.PositionID, r.post.PositionName = "900002", "Medicine|Resident Doctor"
}

const rotation = `
[guard]
per_organisation = { max = 100000, max_percent = 100.0 }

[[guard.expected]]
name = "Made-up rotation"
from = 2026-11-18
to = 2026-11-20
when = 'staff_group == "Medical and Dental"'
leaver = { max = 400 }
`

// end gives people a last day.
func end(people []record, last esrmodel.Date) []record {
	out := append([]record(nil), people...)
	for i := range out {
		out[i].post.EndDate, out[i].person.TerminationDate = last, last
	}
	return out
}

func (s *site) off() int {
	n := 0
	for _, a := range s.accounts() {
		if !a.Enabled() {
			n++
		}
	}
	return n
}

func TestThreeHundredDoctorsOnRotationDayGoThrough(t *testing.T) {
	t.Parallel()
	s := staffedWith(t, 700, doctors)
	s.extra = rotation
	s.day(3)
	s.changes(end(s.people[:300], esrmodel.NewDate(2026, 11, 18))...)
	s.must([]int{exitDone}, "sync")
	if s.off() != 300 {
		t.Errorf("%d accounts are off, want 300", s.off())
	}
}

func TestThreeHundredOnAnotherDayAreHeldNamedAndReleasedByExactlyWhatWasSeen(t *testing.T) {
	t.Parallel()
	s := staffed(t, 700)
	s.extra = rotation
	s.day(3)
	s.changes(end(s.people[:300], esrmodel.NewDate(2026, 11, 18))...)
	s.must([]int{exitHeld}, "sync")
	if s.off() != 0 {
		t.Fatalf("%d accounts are off before anybody approved", s.off())
	}
	p := s.plan()
	text := s.must([]int{exitHeld}, "plan").out
	for _, key := range []string{"20000001", "20000150", "20000300"} {
		if !strings.Contains(text, key) {
			t.Errorf("the held %s is not named", key)
		}
	}
	s.must([]int{exitDone}, "approve", p.ID, "--class", "leaver", "--reason", "checked by HR")
	// The day's feed brings one more, an hour before the approval ends.
	s.at(4, 8)
	s.changes(end(s.people[300:301], esrmodel.NewDate(2026, 11, 18))...)
	s.must([]int{exitHeld, exitDone}, "sync")
	if a := s.accounts(); a["20000001"].Enabled() || a["20000300"].Enabled() {
		t.Error("the approved leavers are still on")
	}
	if !s.accounts()["20000301"].Enabled() {
		t.Error("the 301st went through on an approval that never saw them")
	}
}

// staffedWith is staffed with people who are changed before they are hired.
func staffedWith(t *testing.T, n int, change func(int, *record)) *site {
	t.Helper()
	s := newSite(t)
	s.extra = unlimited
	s.hire(n, change)
	s.full()
	s.must([]int{exitDone}, "sync")
	s.extra = ""
	return s
}

func TestAnExistingDomainKeepsItsNamesAddressesAndPlaces(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.hire(2000)
	var found []memory.Object
	for i, r := range s.people {
		login := fmt.Sprintf("%s%04d", strings.ToLower(r.person.LastName[:3]), i)
		attributes := map[string][]string{
			"userPrincipalName": {login + "@old.trust.example"}, "mail": {login + "@old.trust.example"},
			"givenName": {r.person.FirstName}, "sn": {r.person.LastName}, "displayName": {strings.ToUpper(r.person.LastName) + " " + r.person.FirstName},
			"employeeID": {r.person.EmployeeNumber}, "userAccountControl": {"512"}, "unicodePwd": {memory.EncodePassword("Somewhat-Complex-47!")},
		}
		found = append(found, memory.User(fmt.Sprintf("CN=%s %s %04d,%s", r.person.LastName, r.person.FirstName, i, siteStaff), login, attributes))
	}
	if _, err := s.server.Domain().Load(found); err != nil {
		t.Fatal(err)
	}
	before := s.accounts()

	s.values["Mode"] = "observe"
	s.full()
	s.must([]int{exitDone}, "sync")
	if s.writes() != 0 {
		t.Fatalf("observing wrote %d times", s.writes())
	}
	s.values["Mode"], s.values["Classes"] = "enforce", `"link"`
	s.must([]int{exitHeld}, "sync")
	s.must([]int{exitDone}, "approve", s.plan().ID, "--class", "link", "--reason", "looked at the evidence")
	s.must([]int{exitDone}, "sync")
	for key, a := range s.accounts() {
		if a.Marker == "" {
			t.Fatalf("the account of %s was not marked", key)
		}
	}
	s.values["Classes"] = ""
	s.extra = unlimited
	for night := 1; night <= 3; night++ {
		s.day(night)
		s.must([]int{exitDone}, "sync")
	}
	for key, a := range s.accounts() {
		was := before[key]
		if a.Login != was.Login || a.UPN != was.UPN || a.Mail != was.Mail || a.DN != was.DN || a.Value("displayName") != was.Value("displayName") {
			t.Fatalf("the account of %s was %+v and is %+v", key, was, a)
		}
		if !a.Enabled() || a.Value("title") != "Staff Nurse" {
			t.Fatalf("the account of %s is %+v", key, a)
		}
	}
	if p := s.plan(); len(p.Changes) != 0 {
		t.Errorf("after three nights there are %d changes left, the first %+v", len(p.Changes), p.Changes[0])
	}
}

func TestARejectedPlanIsNotApplied(t *testing.T) {
	t.Parallel()
	s := staffed(t, 30)
	s.extra = "[guard]\nleaver = { max = 0, max_percent = 0.0 }\n"
	s.day(2)
	s.changes(end(s.people[:1], esrmodel.NewDate(2026, 11, 16))...)
	s.must([]int{exitHeld}, "sync")
	p := s.plan()
	s.must([]int{exitDone}, "reject", p.ID, "--reason", "HR: still here")
	s.extra = unlimited
	s.must([]int{exitHeld}, "sync")
	if s.off() != 0 {
		t.Error("a rejected leaver was switched off")
	}
}

func TestAKeptPersonStaysUntilTheDay(t *testing.T) {
	t.Parallel()
	s := staffed(t, 30)
	s.day(1)
	s.must([]int{exitDone}, "keep", "20000001", "--until", "2026-11-19", "--reason", "hands over")
	s.changes(end(s.people[:1], esrmodel.NewDate(2026, 11, 16))...)
	s.must([]int{exitDone}, "sync")
	if s.off() != 0 {
		t.Fatal("a kept person was switched off")
	}
	s.day(4)
	s.must([]int{exitDone}, "sync")
	if s.off() != 1 {
		t.Error("still on after the day")
	}
}

func TestAnAccountThatSomebodyElseSwitchedOffStaysOff(t *testing.T) {
	t.Parallel()
	s := staffed(t, 30)
	a := s.accounts()["20000003"]
	hand := memory.NewDirectory(s.server.Domain().System())
	edit := directory.Edit{Attribute: "userAccountControl", Old: []string{"512"}, New: []string{"514"}}
	if err := hand.Modify(t.Context(), a.GUID, []directory.Edit{edit}); err != nil {
		t.Fatal(err)
	}
	s.day(1)
	s.must([]int{exitDone}, "sync")
	if s.accounts()["20000003"].Enabled() {
		t.Error("it was switched on again")
	}
	if text := s.must([]int{exitDone}, "explain", "20000003").out; !strings.Contains(text, "D04") {
		t.Errorf("explain does not say why: %s", text)
	}
}

func TestTheFirstPasswordIsShownOnceAndMustBeChanged(t *testing.T) {
	t.Parallel()
	s := staffed(t, 30)
	got := s.must([]int{exitDone}, "initial-password", "20000002")
	a := s.accounts()["20000002"]
	if !strings.Contains(got.out, a.Login) || !a.PasswordSet.IsZero() {
		t.Errorf("it said %q; password set %v", got.out, a.PasswordSet)
	}
	if export := s.must([]int{exitDone}, "ledger", "export").out; strings.Contains(export, passwordIn(got.out)) {
		t.Error("the password is in the ledger")
	}
	s.must([]int{exitUsage}, "initial-password", "29999998")
}

// passwordIn finds the password in what initial-password printed.
func passwordIn(out string) string {
	for _, word := range strings.Fields(out) {
		if strings.Count(word, "-") == 3 {
			return word
		}
	}
	return "no password was printed"
}
