package main

import (
	"fmt"
	"testing"

	"esrsync/internal/madeup"
	"esrsync/internal/report"
)

// TestSamba is a trust's first week, and what may go wrong in it, in a real
// domain. Its parts follow one another: they have people of the same numbers,
// and every run reads the whole domain.
func TestSamba(t *testing.T) {
	t.Parallel()
	t.Run("what a stranger changes is seen", aStrangersHandShows)
	t.Run("a week goes as planned and touches nothing else", aWeekInSamba)
	t.Run("a killed run is finished by the next with nothing twice", killedRunsAreFinished)
	t.Run("a first password must be changed, and is kept nowhere", theFirstPasswordMustBeChanged)
}

func aWeekInSamba(t *testing.T) {
	s := newSambaSite(t)
	trust := madeup.New(madeup.Options{People: madeup.MinPeople, Seed: 1})
	seed := trust.Directory()
	s.load(seed)
	s.deliverNight(trust, 0)

	s.enforce("observe", "")
	s.wroteNothing("observing", func() { s.sync(exitDone) })

	s.enforce("enforce", `"link"`)
	s.must([]int{exitDone}, "approve", s.plan().ID, "--class", "link", "--reason", "the evidence was looked at")
	found := s.look()
	adopting := s.watched("adopting", exitDone, exitHeld)

	s.enforce("enforce", "")
	week := []report.Night{s.watched("the first night", exitHeld)}
	s.release("the first night", week[0])
	for night := 1; night <= madeup.Nights; night++ {
		when := fmt.Sprintf("night %d", night)
		s.day(night)
		s.deliverNight(trust, night)
		n := s.watched(when, exitDone, exitHeld)
		s.release(when, n)
		week = append(week, n)
	}
	s.checkPlanted(seed, found, adopting, week)
}

// release approves all that a night held, and makes it.
func (s *sambaSite) release(when string, n report.Night) {
	s.t.Helper()
	if n.Numbers.Held == 0 {
		return
	}
	s.must([]int{exitDone}, "approve", n.Plan.ID, "--reason", "the names were checked")
	s.watched(when+", approved", exitDone)
}

// watched makes one run and holds it to its plan; a second one right after it
// has to plan nothing that it may do, and to write nothing.
func (s *sambaSite) watched(when string, codes ...int) report.Night {
	s.t.Helper()
	before := s.look()
	n := s.sync(codes...)
	for _, fault := range faults(before, s.look(), n) {
		s.t.Errorf("%s: %s", when, fault)
	}
	s.t.Logf("%s: %d planned, %d done, %d held; %v", when, len(n.Plan.Changes), n.Numbers.Done, n.Numbers.Held, n.Plan.Counts)
	s.wroteNothing("a second run after "+when, func() {
		again := s.sync(codes...)
		if len(again.Plan.Verdict.Allowed) > 0 || again.Numbers.Done > 0 {
			s.t.Errorf("a second run after %s may make %d changes", when, len(again.Plan.Verdict.Allowed))
		}
	})
	return n
}
