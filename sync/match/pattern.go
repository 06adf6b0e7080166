package match

import "strings"

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

// secondaryLogins returns the logins that the naming rules give the further
// accounts of somebody with a login: adm-jsmith for jsmith.
func (m *matcher) secondaryLogins(login string) []string {
	login = strings.ToLower(login)
	out := make([]string, 0, len(m.in.Secondary))
	for _, rule := range m.in.Secondary {
		before, after, found := strings.Cut(strings.ToLower(rule), "{login}")
		if made := before + login + after; found && made != login {
			out = append(out, made)
		}
	}
	return out
}
