package main

import (
	"encoding/json"
	"slices"
	"testing"

	"esrsync/internal/directory/memory"
	"esrsync/internal/state"
	"esrsync/sync/match"
)

// queue returns who is doubtful.
func (s *site) queue() []match.Doubt {
	s.t.Helper()
	var out []match.Doubt
	if err := json.Unmarshal([]byte(s.must([]int{exitDone}, "match", "list", "--json").out), &out); err != nil {
		s.t.Fatal(err)
	}
	return out
}

// found puts an account that nobody linked into the directory.
func (s *site) found(login, given, surname string, more map[string][]string) {
	s.t.Helper()
	attributes := map[string][]string{
		"givenName": {given}, "sn": {surname}, "displayName": {given + " " + surname}, "userPrincipalName": {login + "@old.trust.example"},
		"userAccountControl": {"512"}, "unicodePwd": {memory.EncodePassword(foundPassword)},
	}
	for name, values := range more {
		attributes[name] = values
	}
	if _, err := s.server.Domain().Load([]memory.Object{memory.User("CN="+login+","+siteStaff, login, attributes)}); err != nil {
		s.t.Fatal(err)
	}
}

func inQueue(queue []match.Doubt, key string) bool {
	return slices.ContainsFunc(queue, func(d match.Doubt) bool { return d.Key == key })
}

func TestANameAloneIsADoubtThatAPersonAnswers(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.extra = unlimited
	s.hire(3)
	s.found("oldlogin", s.people[0].person.FirstName, s.people[0].person.LastName, nil)
	s.found("another", s.people[1].person.FirstName, s.people[1].person.LastName, nil)
	s.full()
	s.must([]int{exitDone}, "sync")
	if q := s.queue(); !inQueue(q, "20000001") || !inQueue(q, "20000002") || inQueue(q, "20000003") {
		t.Fatalf("the queue is %+v", q)
	}
	if a, made := s.accounts()["20000001"]; made {
		t.Fatalf("a second account %s was made for somebody doubtful", a.Login)
	}
	s.must([]int{exitDone}, "match", "link", "20000001", "oldlogin", "--reason", "asked the ward")
	s.must([]int{exitDone}, "match", "unlink", "20000002", "another", "--reason", "another person of that name")
	s.must([]int{exitDone}, "match", "create", "20000002", "--reason", "has none yet")
	s.must([]int{exitDone}, "sync")
	s.must([]int{exitDone}, "sync")
	if a := s.accounts()["20000001"]; a.Login != "oldlogin" {
		t.Errorf("the linked account is %+v", a)
	}
	if a := s.accounts()["20000002"]; a.Login == "another" || a.Login == "" {
		t.Errorf("the new account is %+v", a)
	}
	if q := s.queue(); len(q) != 0 {
		t.Errorf("the queue is still %+v", q)
	}
}

func TestAnUnlinkedAccountIsNotLinkedAgainByItsOwnToken(t *testing.T) {
	t.Parallel()
	s := staffed(t, 30)
	s.extra = unlimited
	a := s.accounts()["20000004"]
	s.must([]int{exitDone}, "match", "unlink", "20000004", a.Login, "--reason", "it is somebody else's")
	s.must([]int{exitDone}, "sync")
	linked := s.linked("20000004")
	if len(linked) != 1 || linked[0].Account == a.GUID {
		t.Errorf("the person's links are %+v; the account that is not theirs is %s", linked, a.GUID)
	}
}

// linked returns the links that the store has for a person.
func (s *site) linked(key string) []state.Link {
	s.t.Helper()
	a := &app{now: s.clock, configFile: s.configure()}
	session, err := a.open(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	defer session.close()
	p, err := session.personOf(s.t.Context(), key)
	if err != nil {
		s.t.Fatal(err)
	}
	links, err := session.linksOf(s.t.Context(), p.ID)
	if err != nil {
		s.t.Fatal(err)
	}
	return links
}
