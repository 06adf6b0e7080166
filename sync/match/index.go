package match

import (
	"strings"

	"esrsync/internal/directory"
)

func (m *matcher) indexPeople() {
	n := len(m.people)
	m.byPerson, m.byKey = make(map[string]int, n), make(map[string]int, n)
	m.pair, m.how, m.byNumber = make([]int, n), make([]Pair, n), make([]bool, n)
	for i := range m.people {
		p := &m.people[i]
		m.pair[i] = nobody
		m.byPerson[p.ID] = i
		if p.Key == "" {
			continue
		}
		if _, taken := m.byKey[p.Key]; taken {
			i = shared
		}
		m.byKey[p.Key] = i
	}
}

func (m *matcher) indexAccounts() {
	n := len(m.accounts)
	m.byGUID, m.byLogin = make(map[directory.GUID]int, n), make(map[string]int, n)
	m.keyed, m.holders = make(map[string][]int), make(map[string]int, n)
	m.owner, m.secondary = make([]int, n), make([]bool, n)
	for i := range m.accounts {
		a := &m.accounts[i]
		m.owner[i] = nobody
		m.byGUID[a.GUID] = i
		m.noteLogin(strings.ToLower(a.Login), i)
		m.noteAddress(a.Mail, i)
		for _, proxy := range a.ProxyAddresses {
			if len(proxy) > 5 && strings.EqualFold(proxy[:5], "smtp:") {
				m.noteAddress(proxy[5:], i)
			}
		}
		m.noteAddress(a.UPN, i)
	}
	m.indexKeys()
	m.indexCut()
}

// indexKeys finds the accounts of each person key. Keys that no person has are
// left out: they prove nothing.
func (m *matcher) indexKeys() {
	backing := make([]int, len(m.accounts)) // one list for the many keys that one account has
	for i := range m.accounts {
		key := strings.TrimSpace(m.accounts[i].PersonKey)
		if key == "" {
			continue
		}
		if _, known := m.byKey[key]; !known {
			continue
		}
		if have, more := m.keyed[key]; more {
			m.keyed[key] = append(have, i)
			continue
		}
		backing[i] = i
		m.keyed[key] = backing[i : i+1 : i+1]
	}
}

func (m *matcher) noteLogin(login string, i int) {
	if login == "" {
		return
	}
	if first, taken := m.byLogin[login]; taken {
		m.clash(login, first, i)
		return
	}
	m.byLogin[login] = i
}

// noteAddress notes an address or a UPN, which share one space: either may be
// typed where the other is meant.
func (m *matcher) noteAddress(address string, i int) {
	if address = strings.ToLower(strings.TrimSpace(address)); address == "" {
		return
	}
	first, taken := m.holders[address]
	switch {
	case !taken:
		m.holders[address] = i
	case first == i:
	case first == shared:
		m.clash(address, m.clashes[address][0], i)
	default:
		m.clash(address, first, i)
		m.holders[address] = shared
	}
}

// clash notes that two accounts have one name.
func (m *matcher) clash(name string, first, second int) {
	if m.clashes[name] == nil {
		m.clashes[name] = []int{first}
	}
	if all := m.clashes[name]; all[len(all)-1] != second {
		m.clashes[name] = append(all, second)
	}
}
