package plan

import (
	"strconv"
	"strings"

	"esrsync/internal/directory"
)

// protection says which accounts no run ever writes to: those that are, or were,
// privileged, those that the directory itself needs, and those that the trust
// lists. It denies in doubt.
type protection struct {
	bases      []string // folded
	privileged map[string]bool
	patterns   []pattern
	// What was looked up already, since many accounts share a parent and groups:
	folded map[string]string // DN as read → folded
	inside map[string]bool   // OU as read → under a managed base
}

// privilegedRID reports whether a RID is of one of a domain's privileged users and
// groups: those that Active Directory itself guards (AdminSDHolder), and those
// whose members can make themselves one.
func privilegedRID(rid int) bool {
	switch rid {
	case 498, 500, 502, 512, 516, 517, 518, 519, 520, 521, 526, 527:
		return true
	}
	return false
}

// privilegedSID reports whether a SID is of a built-in group of operators or
// administrators, or ends in a privileged RID of a domain.
func privilegedSID(sid string) bool {
	if rest, builtin := strings.CutPrefix(sid, "S-1-5-32-"); builtin {
		switch rest {
		case "544", "548", "549", "550", "551", "552":
			return true
		}
		return false
	}
	return strings.HasPrefix(sid, "S-1-5-21-") && privilegedRID(ridOf(sid))
}

// Privileged reports whether a SID is of a group whose members are, or can make
// themselves, administrators. No run and no lockout changes who is in it.
func Privileged(sid string) bool { return privilegedSID(sid) }

// ridOf returns the last part of a SID, or 0.
func ridOf(sid string) int {
	n, err := strconv.Atoi(sid[strings.LastIndexByte(sid, '-')+1:])
	if err != nil {
		return 0
	}
	return n
}

// privilegedName reports whether a DN's own name is that of a privileged group
// in an English domain: a second line for groups whose SID was not read.
func privilegedName(dn string) bool {
	switch strings.ToLower(ownName(dn)) {
	case "administrators", "domain admins", "enterprise admins", "schema admins", "account operators",
		"backup operators", "print operators", "server operators", "replicator", "domain controllers",
		"read-only domain controllers", "enterprise read-only domain controllers", "key admins",
		"enterprise key admins", "group policy creator owners", "cert publishers", "dnsadmins":
		return true
	}
	return false
}

func newProtection(in Input, g *groups) *protection {
	pr := &protection{privileged: g.privileged, folded: map[string]string{}, inside: map[string]bool{}}
	for _, b := range in.Policy.ManagedBases {
		pr.bases = append(pr.bases, directory.FoldDN(b))
	}
	for _, p := range in.Policy.Protected {
		pr.patterns = append(pr.patterns, newPattern(p))
	}
	return pr
}

// fold is [directory.FoldDN] that remembers.
func (pr *protection) fold(dn string) string {
	f, known := pr.folded[dn]
	if !known {
		f = directory.FoldDN(dn)
		pr.folded[dn] = f
	}
	return f
}

// inScope reports whether a DN's parent is a managed base or below one.
func (pr *protection) inScope(dn string) bool { return pr.holds(parentOf(dn)) }

// holds reports whether an OU is a managed base or below one.
func (pr *protection) holds(ou string) bool {
	inside, known := pr.inside[ou]
	if !known {
		f := pr.fold(ou)
		for _, b := range pr.bases {
			inside = inside || f == b || strings.HasSuffix(f, ","+b)
		}
		pr.inside[ou] = inside
	}
	return inside
}

// reason says why an account is protected; empty: it is not.
func (pr *protection) reason(a *directory.Account) string {
	rid := ridOf(a.SID)
	switch {
	case a.AdminCount:
		return "it is or was privileged (adminCount)"
	case a.Critical:
		return "the directory needs it (isCriticalSystemObject)"
	case rid > 0 && rid < 1000:
		return "it is built in"
	case privilegedRID(a.PrimaryGroup):
		return "its primary group is privileged"
	case a.Control != 0 && !a.Control.Has(directory.NormalAccount):
		return "it is not a person's account"
	case strings.HasSuffix(a.Login, "$"):
		return "it is a computer's or a service's account"
	}
	if len(pr.patterns) > 0 {
		login := strings.ToLower(a.Login)
		for _, p := range pr.patterns {
			if p.fits(login) {
				return "its login is listed (" + p.text + ")"
			}
		}
	}
	for _, dn := range a.MemberOf {
		if pr.isPrivileged(dn) {
			return "it is a member of " + ownName(dn)
		}
	}
	return ""
}

func (pr *protection) isPrivileged(groupDN string) bool {
	is, known := pr.privileged[groupDN]
	if !known {
		is = pr.privileged[pr.fold(groupDN)] || privilegedName(groupDN)
		pr.privileged[groupDN] = is
	}
	return is
}

// mayWrite reports whether a run may write to the account at all. One whose token
// has a hold on it is the lockout's, whoever's it is.
func (pl *planner) mayWrite(a *directory.Account) bool {
	token := pl.in.Tokens[a.GUID]
	held := pl.in.HeldAccounts[a.GUID] || token.Valid && pl.in.Held[token.PersonID]
	return !held && pl.protection.inScope(a.DN) && pl.protection.reason(a) == ""
}

// parentOf returns the parent of a DN as it is spelled.
func parentOf(dn string) string {
	for i := 0; i < len(dn); i++ {
		switch dn[i] {
		case '\\':
			i++
		case '"':
			return directory.ParentDN(dn)
		case ',':
			return strings.TrimLeft(dn[i+1:], " ")
		}
	}
	return ""
}

// ownName returns the value of a DN's first part, unescaped.
func ownName(dn string) string {
	rdns, err := directory.ParseDN(dn)
	if err != nil || len(rdns) == 0 {
		return dn
	}
	return rdns[0].Value
}

// pattern is a pattern of logins, in which "*" stands for anything.
type pattern struct {
	text  string
	parts []string // lower case; what stands between the stars
}

func newPattern(text string) pattern {
	return pattern{text: text, parts: strings.Split(strings.ToLower(text), "*")}
}

// fits reports whether a login, in lower case, is of the pattern.
func (p pattern) fits(login string) bool {
	rest, ok := strings.CutPrefix(login, p.parts[0])
	if !ok || len(p.parts) == 1 {
		return ok && rest == ""
	}
	for _, part := range p.parts[1 : len(p.parts)-1] {
		i := strings.Index(rest, part)
		if i < 0 {
			return false
		}
		rest = rest[i+len(part):]
	}
	return strings.HasSuffix(rest, p.parts[len(p.parts)-1])
}
