package main

import (
	"encoding/base64"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/google/go-cmp/cmp"

	"esrsync/internal/directory"
	"esrsync/internal/report"
	"esrsync/internal/state"
	"esrsync/internal/token"
	"esrsync/sync/plan"
)

// look is what the administrator sees of a test's part of the domain, by
// objectGUID. It is read and understood without anything of package ldapx.
type look map[string]entry

// entry is one object: its attributes, and in "ou" its parent.
type entry map[string][]string

// everyWrite are the attributes that the controller keeps for itself: they move
// with any write, or follow from what stands on another object.
var everyWrite = []string{
	"whenChanged", "uSNChanged", "uSNCreated", "distinguishedName", "name", "dSCorePropagationData", "memberOf", "directReports", "objectGUID",
}

// look looks at everything of the test's. DNs that are values become the
// objectGUID of what they name, so that a rename of one object shows on that
// object alone; tokens become what they say.
func (s *sambaSite) look() look {
	s.t.Helper()
	sealer := s.sealer()
	out, guids := look{}, map[string]string{}
	for _, base := range []string{s.bed.Staff, s.bed.Leavers, s.bed.Groups} {
		for dn, attributes := range s.bed.Tree(s.t, base, "objectGUID") {
			guid, err := directory.GUIDOf([]byte(attributes["objectGUID"][0]))
			if err != nil {
				s.t.Fatal(err)
			}
			e := entry(attributes)
			if said, err := sealer.Open(guid, e.first("adminDescription")); err == nil {
				e["adminDescription"] = []string{said.State + " of " + said.PersonID + ", " + said.PersonKey}
			}
			if e.first("accountExpires") == "9223372036854775807" || e.first("accountExpires") == "0" {
				delete(e, "accountExpires") // never, in the two ways there are to say it
			}
			e["ou"] = []string{fold(directory.ParentDN(dn))}
			e["dn"] = []string{fold(dn)}
			for _, name := range everyWrite {
				delete(e, name)
			}
			out[guid.String()], guids[fold(dn)] = e, guid.String()
		}
	}
	for _, e := range out {
		e.resolve(guids)
	}
	return out
}

// resolve puts objectGUIDs in the place of DNs that are values.
func (e entry) resolve(guids map[string]string) {
	for _, name := range []string{"manager", "member"} {
		for i, dn := range e[name] {
			if guid, ours := guids[fold(dn)]; ours {
				e[name][i] = guid
			}
		}
		slices.Sort(e[name])
	}
}

func (e entry) first(name string) string {
	if len(e[name]) == 0 {
		return ""
	}
	return e[name][0]
}

func (e entry) enabled() bool {
	n := e.first("userAccountControl")
	return n == directory.NormalAccount.String()
}

func fold(dn string) string { return strings.ToLower(dn) }

// sealer opens tokens with the key that the configuration names.
func (s *sambaSite) sealer() *token.Sealer {
	s.t.Helper()
	text, err := os.ReadFile(filepath.Join(s.dir, "token.key"))
	if err != nil {
		s.t.Fatal(err)
	}
	key, err := base64.StdEncoding.DecodeString(strings.TrimSpace(string(text)))
	if err != nil {
		s.t.Fatal(err)
	}
	sealer, err := token.New(key)
	if err != nil {
		s.t.Fatal(err)
	}
	return sealer
}

// copied returns the look, to be changed.
func (l look) copied() look {
	out := look{}
	for guid, e := range l {
		c := entry{}
		for name, values := range e {
			c[name] = slices.Clone(values)
		}
		out[guid] = c
	}
	return out
}

// byDN returns the objectGUID of what is at a DN, or the DN where nothing of ours is.
func (l look) byDN(dn string) string {
	for guid, e := range l {
		if e.first("dn") == fold(dn) {
			return guid
		}
	}
	return dn
}

// find returns the account with a value, or nil.
func (l look) find(name, value string) entry {
	for _, e := range l {
		if slices.ContainsFunc(e[name], func(v string) bool { return strings.EqualFold(v, value) }) {
			return e
		}
	}
	return nil
}

// edit makes one change of an account in the look, as its Before and After say.
func (l look) edit(c plan.Change, guid string, after look) {
	e := l[guid]
	switch c.Kind {
	case plan.AddMember:
		group := l[l.byDN(c.After.First(plan.Group))]
		group["member"] = sorted(append(group["member"], guid))
		return
	case plan.RemoveMember:
		group := l[l.byDN(c.Before.First(plan.Group))]
		group.replace("member", []string{guid}, nil)
		return
	}
	for _, name := range named(c) {
		before, wanted := c.Before[name], c.After[name]
		switch name {
		case plan.Token:
			e["adminDescription"] = []string{wanted[0] + " of " + c.PersonID + ", " + c.Person}
		case plan.PersonKey:
			e.replace("employeeID", before, wanted)
		case plan.OU:
			e.place(e.first("cn"), wanted[0])
		case plan.CN:
			e.place(wanted[0], directory.ParentDN(after[guid].first("dn")))
		case "accountExpires":
			if wanted[0] == "0" {
				wanted = nil // never
			}
			e.replace(name, before, wanted)
		case "manager":
			e.replace(name, e[name], guidsOf(after, wanted))
		default:
			e.replace(name, before, wanted)
		}
	}
}

// place gives an entry a name and a parent.
func (e entry) place(cn, ou string) {
	e["cn"], e["ou"], e["dn"] = []string{cn}, []string{fold(ou)}, []string{fold(directory.ChildDN(cn, ou))}
}

// replace takes values away and adds others.
func (e entry) replace(name string, old, fresh []string) {
	kept := slices.DeleteFunc(slices.Clone(e[name]), func(v string) bool { return slices.Contains(old, v) })
	if kept = append(kept, fresh...); len(kept) == 0 {
		delete(e, name)
		return
	}
	e[name] = sorted(kept)
}

func guidsOf(l look, dns []string) []string {
	var out []string
	for _, dn := range dns {
		out = append(out, l.byDN(dn))
	}
	return out
}

func sorted(list []string) []string {
	slices.Sort(list)
	return list
}

// named returns the names of a change's values, sorted.
func named(c plan.Change) []string {
	var out []string
	for name := range c.Before {
		out = append(out, name)
	}
	for name := range c.After {
		out = append(out, name)
	}
	return slices.Compact(sorted(out))
}

// faults holds a night to what its plan said, and returns where they differ: every
// change that was allowed was made, the directory shows its After, and nothing
// else of any object moved.
func faults(before, after look, n report.Night) []string {
	var out []string
	fault := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	accounts, done := map[string]string{}, map[string]bool{}
	for _, r := range n.Results {
		accounts[r.ChangeID], done[r.ChangeID] = r.Account.String(), r.Outcome == state.Done
		if r.Outcome != state.Done {
			fault("change %s ended as %q: %s", r.ChangeID, r.Outcome, r.Detail)
		}
	}
	want := before.copied()
	for _, c := range n.Plan.Changes {
		guid, allowed := accounts[c.ID], slices.Contains(n.Plan.Verdict.Allowed, c.ID)
		if allowed != done[c.ID] || allowed && after[guid] == nil {
			fault("%s %s of %s: allowed %v, done %v, on %q", c.Class, c.Kind, c.Person, allowed, done[c.ID], guid)
			continue
		}
		if !allowed {
			continue
		}
		if c.Kind == plan.Create {
			want[guid] = made(after[guid])
		}
		want.edit(c, guid, after)
	}
	if diff := cmp.Diff(map[string]entry(want.sorted()), map[string]entry(after.sorted())); diff != "" {
		fault("the directory is not what the plan said (-plan +directory):\n%s", diff)
	}
	return out
}

// made returns what the controller itself puts on a new account; the plan has to
// say all the rest.
func made(as entry) entry {
	e := entry{"userAccountControl": {directory.NormalAccount.WithDisabled().String()}}
	for _, name := range []string{
		"objectClass", "objectCategory", "objectSid", "instanceType", "whenCreated", "pwdLastSet", "codePage", "countryCode", "primaryGroupID",
		"sAMAccountType", "badPwdCount", "badPasswordTime", "lastLogoff", "lastLogon", "logonCount",
	} {
		if values, has := as[name]; has {
			e[name] = values
		}
	}
	return e
}

// sorted returns the look with each attribute's values in order.
func (l look) sorted() look {
	out := l.copied()
	for _, e := range out {
		for _, values := range e {
			slices.Sort(values)
		}
	}
	return out
}
