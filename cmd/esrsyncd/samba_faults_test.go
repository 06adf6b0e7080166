package main

import (
	"slices"
	"strings"

	"esrsync/internal/finding"
	"esrsync/internal/madeup"
	"esrsync/internal/report"
	"esrsync/sync/plan"
)

// seen is one planted fault and what the nights said of it: the one that adopted
// the directory and the first that may change it.
type seen struct {
	madeup.Plant
	guid, other     string // objectGUIDs of the account and of the one that it clashes with
	adopting, first report.Night
	week            []report.Night
}

// changes returns the first night's changes of a class and kind of an account.
func (s seen) changes(guid string, class plan.Class, kind plan.Kind) []plan.Change {
	return slices.DeleteFunc(slices.Clone(s.first.Plan.Changes), func(c plan.Change) bool {
		return c.Account.String() != guid || c.Class != class || c.Kind != kind
	})
}

func (s seen) off(guid string) bool { return len(s.changes(guid, plan.Leaver, plan.Disable)) == 1 }

// untouched reports whether no night wanted to change the account.
func (s seen) untouched() bool {
	return !slices.ContainsFunc(append(s.adopting.Plan.Changes, s.first.Plan.Changes...), func(c plan.Change) bool {
		return c.Account.String() == s.guid
	})
}

// finding reports whether the first night found something about the person or the account.
func (s seen) finding(code finding.Code) bool {
	return slices.ContainsFunc(s.first.Findings, func(f finding.Finding) bool {
		return f.Code == code && (f.Subject.Key == s.guid || f.Subject.Key == s.Person && s.Person != "")
	})
}

func (s seen) nothingFound() bool {
	return !slices.ContainsFunc(s.first.Findings, func(f finding.Finding) bool { return f.Subject.Key == s.guid })
}

// queued reports whether the person is asked about with the account as a candidate.
func (s seen) queued() bool {
	return slices.ContainsFunc(s.first.Queue, func(d report.Doubt) bool {
		return d.Person == s.Person && slices.ContainsFunc(d.Candidates, func(c report.Candidate) bool { return c.Login == s.Login })
	})
}

// adopted returns the change by which the account became the person's.
func (s seen) adopted() plan.Change {
	for _, c := range s.adopting.Plan.Changes {
		if c.Account.String() == s.guid && c.Class == plan.Link && c.Person == s.Person {
			return c
		}
	}
	return plan.Change{}
}

// created returns the change of the week that makes the person an account.
func (s seen) created() plan.Change {
	for _, n := range s.week {
		for _, c := range n.Plan.Changes {
			if c.Person == s.Person && c.Kind == plan.Create {
				return c
			}
		}
	}
	return plan.Change{}
}

// setting returns the first night's change of an attribute of the account.
func (s seen) setting(attribute string) (c plan.Change, found bool) {
	for _, c := range s.changes(s.guid, plan.Mover, plan.Set) {
		if len(c.After[attribute]) == 1 {
			return c, true
		}
	}
	return c, false
}

// signs says of each fault what the nights have to say.
func signs() map[madeup.Fault]func(seen) bool {
	wrongManager := func(s seen) bool { c, found := s.setting("manager"); return found && len(c.Before["manager"]) == 1 }
	return map[madeup.Fault]func(seen) bool{
		madeup.LeaverEnabled:    func(s seen) bool { return s.off(s.guid) },
		madeup.LeaverWithGroups: func(s seen) bool { return len(s.changes(s.guid, plan.Leaver, plan.RemoveMember)) > 0 },
		madeup.LeaverTwice:      func(s seen) bool { return s.off(s.guid) && s.off(s.other) && s.finding(finding.SeveralAccounts) },
		madeup.LeaverProtected:  func(s seen) bool { return s.finding(finding.ProtectedLeaver) && s.untouched() },
		madeup.LeaverAdmin:      func(s seen) bool { return s.finding(finding.ProtectedLeaver) && s.untouched() },
		madeup.ExternalOver:     func(s seen) bool { return s.off(s.guid) },
		madeup.Unowned:          func(s seen) bool { return s.finding(finding.UnownedAccount) && s.untouched() },
		madeup.NumberTwice:      func(s seen) bool { return s.finding(finding.SeveralAccounts) && s.queued() && s.untouched() },
		madeup.OldNumber: func(s seen) bool {
			c := s.adopted()
			return c.Before.First(plan.PersonKey) == s.Other && c.After.First(plan.PersonKey) == s.Person && !s.off(s.guid)
		},
		madeup.Renamed: func(s seen) bool {
			c := s.changes(s.guid, plan.Rename, plan.Set)
			return len(c) == 1 && c[0].Before.First("sn") == s.Other && c[0].Review
		},
		madeup.WrongManager: wrongManager,
		madeup.GoneManager:  wrongManager,
		madeup.MissingGroup: func(s seen) bool { return len(s.changes(s.guid, plan.Mover, plan.AddMember)) == 1 },
		madeup.StaleAttributes: func(s seen) bool {
			c, found := s.setting("title")
			return found && c.Before.First("title") == "Trainee" && c.Before.First("department") == "Ward 99 Closed"
		},
		madeup.DisabledByHand: func(s seen) bool {
			return s.finding(finding.DisabledByHand) && len(s.changes(s.guid, plan.Joiner, plan.Enable)) == 0
		},
		madeup.Unused:       func(s seen) bool { return s.finding(finding.UnusedAccount) },
		madeup.NoAccount:    func(s seen) bool { return s.created().Class == plan.Joiner },
		madeup.OnlyAddress:  func(s seen) bool { return s.adopted().After.First(plan.PersonKey) == s.Person },
		madeup.OnlyName:     func(s seen) bool { return s.queued() && s.finding(finding.NoAccount) && s.untouched() },
		madeup.AddressClash: clashes,
		madeup.ContactHasAddress: func(s seen) bool {
			mail := s.created().After.First("mail")
			return mail != "" && !strings.EqualFold(mail, s.Other)
		},
		madeup.GenericAccount:     func(s seen) bool { return s.finding(finding.GenericAccount) && s.untouched() },
		madeup.ServiceAccount:     func(s seen) bool { return s.nothingFound() && s.untouched() },
		madeup.AdministratorExtra: func(s seen) bool { return s.nothingFound() && s.untouched() },
	}
}

func clashes(s seen) bool {
	return slices.ContainsFunc(s.first.Findings, func(f finding.Finding) bool {
		return f.Code == finding.NameClash && strings.Contains(f.Text, s.Other)
	})
}

// checkPlanted asks of every planted fault whether the nights saw it: the one
// that adopted the directory, and those after it.
func (s *sambaSite) checkPlanted(seed madeup.Seed, before look, adopting report.Night, week []report.Night) {
	s.t.Helper()
	shows, kinds := signs(), map[madeup.Fault]bool{}
	at := func(dn string) string { return before.byDN(s.places.Replace(dn)) }
	for _, p := range seed.Planted {
		kinds[p.Fault] = true
		if sign := shows[p.Fault]; sign == nil || !sign(seen{Plant: p, guid: at(p.DN), other: at(p.Other), adopting: adopting, first: week[0], week: week}) {
			s.t.Errorf("%s was not seen: %+v", p.Fault, p)
		}
	}
	if len(kinds) != len(shows) {
		s.t.Errorf("%d kinds of fault are planted, want %d", len(kinds), len(shows))
	}
}
