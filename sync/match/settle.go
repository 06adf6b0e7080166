package match

import "esrsync/sync/person"

// returners gives the account of an old record to the newer record of the same
// human being: when that starts. Until then the old record keeps it, and none is
// made for the new one.
func (m *matcher) returners() {
	for old := range m.people {
		next, known := m.byPerson[m.people[old].ReturnsAs]
		if m.pair[old] < 0 || m.people[old].ReturnsAs == "" || !known || !m.open(next) {
			continue
		}
		a := m.pair[old]
		if m.rejected[rejection{next, m.accounts[a].GUID}] {
			continue
		}
		if m.people[next].Standing == person.Starting {
			m.result.Awaits[m.people[next].ID] = m.accounts[a].GUID
			continue
		}
		m.take(old)
		m.give(next, a, Pair{New: true, Evidence: "account of record " + name(&m.people[old]) + ", the same person"})
	}
}

// duplicates leaves a record alone that is a second one of somebody who is
// current under another: one human being gets one account.
func (m *matcher) duplicates() {
	for p := range m.people {
		if m.people[p].Standing != person.Current || !m.open(p) || m.fresh[p] {
			continue
		}
		for _, id := range m.people[p].Same {
			other, known := m.byPerson[id]
			if !known || m.people[other].Standing != person.Current {
				continue
			}
			if a := m.pair[other]; a >= 0 {
				m.doubt(p, "record "+name(&m.people[other])+" of the same person has an account", a)
			} else if other < p {
				m.doubt(p, "record "+name(&m.people[other])+" is the same person, and current too")
			}
		}
	}
}

// secondaries finds the further accounts that the naming rules give a login.
func (m *matcher) secondaries() {
	if len(m.in.Secondary) == 0 {
		return
	}
	for p := range m.people {
		if m.pair[p] >= 0 {
			m.secondariesOf(p, m.pair[p])
		}
		for _, id := range m.result.Several[m.people[p].ID] {
			m.secondariesOf(p, m.byGUID[id])
		}
	}
}

func (m *matcher) secondariesOf(p, primary int) {
	for _, login := range m.secondaryLogins(m.accounts[primary].Login) {
		a, there := m.byLogin[login]
		if !there || !m.may(p, a) || m.isAnothers(p, a) {
			continue
		}
		m.secondary[a], m.owner[a] = true, p
		m.addSecondary(p, a)
	}
}

// isAnothers reports whether an account carries the key of somebody else, so
// that its login must not make it this person's.
func (m *matcher) isAnothers(p, a int) bool {
	key := m.accounts[a].PersonKey
	_, known := m.byKey[key]
	return key != "" && key != m.people[p].Key && known
}
