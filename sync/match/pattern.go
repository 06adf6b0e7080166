package match

import (
	"strings"
	"unicode/utf8"
)

// pattern is a login pattern in lower case; "*" stands for anything.
type pattern string

func patterns(texts []string) []pattern {
	out := make([]pattern, 0, len(texts))
	for _, text := range texts {
		if text = strings.ToLower(strings.TrimSpace(text)); text != "" {
			out = append(out, pattern(text))
		}
	}
	return out
}

// fits reports whether a login in lower case is what the pattern says.
func (p pattern) fits(login string) bool {
	parts := strings.Split(string(p), "*")
	if len(parts) == 1 {
		return login == parts[0]
	}
	rest, found := strings.CutPrefix(login, parts[0])
	if !found {
		return false
	}
	for _, part := range parts[1 : len(parts)-1] {
		i := strings.Index(rest, part)
		if i < 0 {
			return false
		}
		rest = rest[i+len(part):]
	}
	return strings.HasSuffix(rest, parts[len(parts)-1])
}

func fitsAny(patterns []pattern, login string) bool {
	login = strings.ToLower(login)
	for _, p := range patterns {
		if p.fits(login) {
			return true
		}
	}
	return false
}

// longestLogin is the most letters of a login name (MS-SAMR 3.1.1.6, sAMAccountName).
const longestLogin = 20

// secondaryLogins returns the logins that the naming rules give the further
// accounts of somebody with a login: adm-jsmith for jsmith. One that no directory
// takes whole is cut, unless that of another account would be cut to the same:
// then nobody can say whose it is.
func (m *matcher) secondaryLogins(login string) []string {
	out := make([]string, 0, len(m.in.Secondary))
	for _, rule := range m.in.Secondary {
		if made, cut, fits := furtherLogin(rule, login); fits && (!cut || m.cut[made] == 1) {
			out = append(out, made)
		}
	}
	return out
}

// furtherLogin returns the login that a rule makes of another, whether that had
// to be cut, and whether the rule makes one at all.
func furtherLogin(rule, login string) (made string, cut, fits bool) {
	before, after, found := strings.Cut(strings.ToLower(rule), "{login}")
	letters := []rune(strings.ToLower(login))
	room := longestLogin - utf8.RuneCountInString(before+after)
	if !found || before+after == "" || room < 1 {
		return "", false, false
	}
	cut = len(letters) > room
	return before + string(letters[:min(len(letters), room)]) + after, cut, true
}

// indexCut counts how many logins a rule cuts to the same.
func (m *matcher) indexCut() {
	m.cut = map[string]int{}
	for _, rule := range m.in.Secondary {
		for i := range m.accounts {
			login := m.accounts[i].Login
			if len(rule)-len("{login}")+len(login) <= longestLogin {
				continue // as nearly all of them
			}
			if made, cut, _ := furtherLogin(rule, login); cut && !m.isFurther(login) {
				m.cut[made]++
			}
		}
	}
}

// isFurther reports whether a rule makes a login of that of another account: a
// further account has no further accounts.
func (m *matcher) isFurther(login string) bool {
	login = strings.ToLower(login)
	for _, rule := range m.in.Secondary {
		before, after, _ := strings.Cut(strings.ToLower(rule), "{login}")
		rest, begins := strings.CutPrefix(login, before)
		own, ends := strings.CutSuffix(rest, after)
		if _, there := m.byLogin[own]; begins && ends && there && own != login {
			return true
		}
	}
	return false
}
