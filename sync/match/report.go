package match

import (
	"fmt"
	"sort"

	"esrsync/internal/directory"
	"esrsync/internal/finding"
	"esrsync/sync/person"
)

// report says what does not fit, and puts everything in order.
func (m *matcher) report() {
	m.lostAccounts()
	waiting := m.waiting()
	for a := range m.accounts {
		m.account(a, waiting)
	}
	m.sameNames()
	sort.Slice(m.result.Queue, func(i, j int) bool {
		x, y := &m.result.Queue[i], &m.result.Queue[j]
		if x.Key != y.Key {
			return x.Key < y.Key
		}
		return x.PersonID < y.PersonID
	})
	finding.Sort(m.result.Findings)
}

// lostAccounts reports current people whose account somebody deleted.
func (m *matcher) lostAccounts() {
	for p := range m.people {
		guid, lost := m.lost[p]
		if lost && m.pair[p] < 0 && m.people[p].Standing == person.Current && !m.fresh[p] {
			m.find(finding.NoAccount, p, "the linked account "+guid.String()+" is gone from the directory")
		}
	}
}

// waiting are the accounts that the match queue asks about.
func (m *matcher) waiting() map[directory.GUID]bool {
	out := map[directory.GUID]bool{}
	for _, d := range m.result.Queue {
		for _, c := range d.Candidates {
			out[c.Account] = true
		}
	}
	return out
}

// account reports one account: an invalid token whoever owns it, and else that
// nobody does. Built-in accounts are nobody's by nature.
func (m *matcher) account(a int, waiting map[directory.GUID]bool) {
	entry := &m.accounts[a]
	if token, marked := m.in.Tokens[entry.GUID]; marked && !token.Valid {
		m.about(finding.InvalidToken, a, "the token on account "+entry.Login+" is not one that we sealed for it")
	}
	if m.owner[a] != nobody || m.secondary[a] {
		return
	}
	m.result.Unowned = append(m.result.Unowned, entry.GUID)
	switch {
	case entry.Critical || fitsAny(m.protected, entry.Login) || waiting[entry.GUID]:
	case fitsAny(m.generic, entry.Login):
		m.about(finding.GenericAccount, a, "account "+entry.Login+" is a generic or shared one")
	default:
		m.about(finding.UnownedAccount, a, m.unowned(a))
	}
}

func (m *matcher) unowned(a int) string {
	entry := &m.accounts[a]
	text := "account " + entry.Login
	if !entry.Enabled() {
		text += ", disabled,"
	}
	if entry.PersonKey != "" {
		return text + " carries person key " + entry.PersonKey + ", which proves nobody's"
	}
	return text + " is nobody's: no link, no token, no person key"
}

// sameNames reports logins and addresses that are on two accounts.
func (m *matcher) sameNames() {
	shown := make([]string, 0, len(m.clashes))
	for name := range m.clashes {
		shown = append(shown, name)
	}
	sort.Strings(shown)
	for _, name := range shown {
		accounts := m.clashes[name]
		m.result.Findings = append(m.result.Findings, finding.New(finding.NameClash, finding.OfAccount,
			m.accounts[accounts[0]].GUID.String(), name, fmt.Sprintf("%s is on %d accounts: %s", name, len(accounts), m.logins(accounts))))
	}
}

func (m *matcher) about(code finding.Code, a int, text string) {
	m.result.Findings = append(m.result.Findings, finding.New(code, finding.OfAccount, m.accounts[a].GUID.String(), "", text))
}
