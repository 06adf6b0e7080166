package apply

import (
	"slices"
	"strings"

	"esrsync/internal/directory"
	"esrsync/internal/state"
	"esrsync/sync/plan"
)

// World is the directory as a complete read saw it, for saying what became of
// changes whose end nobody wrote down.
type World struct {
	byGUID  map[directory.GUID]directory.Account
	byLogin map[string]directory.Account
	states  map[directory.GUID]string
}

// NewWorld returns the world of one complete read, with the state that each valid token says.
func NewWorld(accounts []directory.Account, states map[directory.GUID]string) World {
	w := World{byGUID: map[directory.GUID]directory.Account{}, byLogin: map[string]directory.Account{}, states: states}
	for _, a := range accounts {
		w.byGUID[a.GUID] = a
		w.byLogin[strings.ToLower(a.Login)] = a
	}
	return w
}

// Explain says what became of an intended change, by looking at the account:
// all as intended is done, anything else was not made, and is in the next plan
// again where it is still wanted. Nothing is guessed from the journal alone.
func (w World) Explain(c plan.Change) Outcome {
	o := Outcome{Change: c, Account: c.Account, Result: state.Skipped, Detail: "an earlier run was stopped before it; it is planned anew where it is still wanted"}
	a, found := w.byGUID[c.Account]
	if c.Account.IsZero() {
		a, found = w.byLogin[strings.ToLower(c.After.First("sAMAccountName"))]
		found = found && a.PersonKey == c.Person
	}
	switch {
	case c.Kind == plan.Deletion && !found:
		o.Result, o.Detail = state.Done, "an earlier run was stopped after it"
	case found && w.stands(c, a):
		o.Account, o.Result, o.Detail = a.GUID, state.Done, "an earlier run was stopped after it"
	}
	return o
}

// stands reports whether the account is as the change wanted it.
func (w World) stands(c plan.Change, a directory.Account) bool {
	switch c.Kind {
	case plan.Create:
		return true // the login and the person key agree: it is the one that we set out to make
	case plan.AddMember:
		return member(a, c.After.First(plan.Group))
	case plan.RemoveMember:
		return !member(a, c.Before.First(plan.Group))
	case plan.Move:
		return directory.SameDN(directory.ParentDN(a.DN), c.After.First(plan.OU))
	case plan.Deletion:
		return false
	}
	for name := range c.Before {
		if !w.agrees(c, a, name) {
			return false
		}
	}
	for name := range c.After {
		if !w.agrees(c, a, name) {
			return false
		}
	}
	return true
}

// agrees reports whether one attribute holds what the change wanted and, of what
// it wanted gone, nothing.
func (w World) agrees(c plan.Change, a directory.Account, name string) bool {
	now, after := w.values(a, name), wanted(c, name)
	for _, value := range after {
		if !slices.Contains(now, value) {
			return false
		}
	}
	for _, unwanted := range c.Before[name] {
		if slices.Contains(now, unwanted) && !slices.Contains(after, unwanted) {
			return false
		}
	}
	return true
}

// wanted returns the values that a change wanted. An expiry of "never" is none, as
// it is on the account.
func wanted(c plan.Change, name string) []string {
	if name == "accountExpires" && directory.ParseFileTime(c.After.First(name)).IsZero() {
		return nil
	}
	return c.After[name]
}

func (w World) values(a directory.Account, name string) []string {
	switch name {
	case plan.Token:
		if said, valid := w.states[a.GUID]; valid {
			return []string{said}
		}
		return nil
	case plan.PersonKey:
		return []string{a.PersonKey}
	}
	return a.Values(name)
}

func member(a directory.Account, group string) bool {
	return slices.ContainsFunc(a.MemberOf, func(dn string) bool { return directory.SameDN(dn, group) })
}
