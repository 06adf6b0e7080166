package plan

import (
	"iter"
	"strings"

	"esrsync/internal/directory"
	"esrsync/internal/names"
	"esrsync/sync/person"
)

// field returns the value of a placeholder that comes from ESR's record or is the trust's.
func (pl *planner) field(p *person.Person, name string) string {
	if name == "trust" {
		return pl.in.Policy.Trust
	}
	v, _ := p.Value(name)
	return v
}

// values returns the placeholders of somebody who has an account.
func (pl *planner) values(p *person.Person, a *directory.Account) func(string) string {
	return func(name string) string {
		switch name {
		case "login":
			return strings.ToLower(a.Login)
		case "email":
			return strings.ToLower(a.Mail)
		case "upn":
			return a.UPN
		case "display_name":
			return a.Value(attrDisplay)
		}
		return pl.field(p, name)
	}
}

// valuesWith returns the placeholders with some more, which win.
func (pl *planner) valuesWith(p *person.Person, more map[string]string) func(string) string {
	return func(name string) string {
		if v, found := more[name]; found {
			return v
		}
		return pl.field(p, name)
	}
}

// logins yields the logins that a person may have, the best first.
func logins(policy Policy, values func(string) string) iter.Seq[string] {
	return names.Expand(policy.LoginTemplates, values, policy.LoginMax, names.Login)
}

// addresses yields the addresses that a person may have, the best first.
func addresses(policy Policy, values func(string) string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for local := range names.Expand(policy.EmailTemplates, values, names.AddressMax, names.Address) {
			if !strings.Contains(local, "@") {
				local += "@" + strings.ToLower(policy.EmailDomain)
			}
			if !yield(local) {
				return
			}
		}
	}
}

// fold returns a form of a name that is equal however it is spelled: accents,
// case, hyphens, spaces and apostrophes do not count.
func fold(name string) string { return names.Fold(name) }
