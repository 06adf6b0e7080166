package hold

import (
	"path"
	"strings"

	"esrsync/internal/directory"
	"esrsync/sync/plan"
)

// krbtgtRID is the account that signs every ticket: without it nobody signs in.
const krbtgtRID = "-502"

// spares says why no lockout touches an account; empty: it does.
func (p Policy) spares(a directory.Account) string {
	login := strings.ToLower(a.Login)
	switch {
	case strings.HasSuffix(a.SID, krbtgtRID) || login == "krbtgt":
		return "the domain's tickets are made with it"
	case p.isOurs(a):
		return "it is esrsync's own"
	case !p.IncludeProtected && (a.AdminCount || a.Critical):
		return "it is protected, and lockout.include_protected is off"
	}
	for _, pattern := range p.Never {
		// A pattern that cannot be read is refused with the configuration.
		if fits, _ := path.Match(strings.ToLower(pattern), login); fits {
			return "lockout.never lists it (" + pattern + ")"
		}
	}
	return ""
}

// isOurs reports whether we sign in as this account, however that is written.
func (p Policy) isOurs(a directory.Account) bool {
	for _, name := range p.Ours {
		if SameUser(name, a.Login) || strings.EqualFold(name, a.UPN) || strings.Contains(name, "=") && directory.SameDN(name, a.DN) {
			return true
		}
	}
	return false
}

// SameUser reports whether two names are one user's login, whatever domain stands
// before or behind it: DOMAIN\jbrown, jbrown@trust.example and jbrown are one.
func SameUser(a, b string) bool {
	a, b = bare(a), bare(b)
	return a != "" && strings.EqualFold(a, b)
}

func bare(name string) string {
	name = strings.TrimSpace(name)
	if _, login, found := strings.Cut(name, `\`); found {
		name = login
	}
	login, _, _ := strings.Cut(name, "@")
	return login
}

// mayTake reports whether a lockout may take a membership: it is one of those
// that we manage, and never a privileged one.
func (p Policy) mayTake(g directory.Group) bool {
	listed := func(dns []string) bool {
		for _, dn := range dns {
			if directory.SameDN(dn, g.DN) {
				return true
			}
		}
		return false
	}
	managed := listed(p.Groups) || directory.UnderAny(g.DN, p.GroupBases)
	return managed && !listed(p.ProtectedGroups) && !plan.Privileged(g.SID)
}
