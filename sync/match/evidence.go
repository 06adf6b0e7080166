package match

import (
	"sort"
	"strings"

	"esrsync/internal/directory"
	"esrsync/internal/names"
	"esrsync/internal/state"
	"esrsync/sync/person"
)

// storedLinks takes what the store knows. A link whose account is gone from a
// complete read leaves a current person alone: whoever deleted the account, or
// restored it under another GUID, has to say so.
func (m *matcher) storedLinks() {
	links := append([]state.Link(nil), m.in.Links...)
	sort.SliceStable(links, func(i, j int) bool {
		a, b := links[i], links[j]
		switch {
		case a.Secondary != b.Secondary:
			return b.Secondary // whose the account is at all comes first
		case a.PersonID != b.PersonID:
			return a.PersonID < b.PersonID
		}
		return a.Account.Compare(b.Account) < 0
	})
	for _, link := range links {
		a, there := m.byGUID[link.Account]
		p, known := m.byPerson[link.PersonID]
		switch {
		case there && link.Secondary:
			m.storedSecondary(p, known, a)
		case there && !known:
			m.owner[a] = unknown
		case there:
			m.storedLink(p, a, link)
		case known && !link.Secondary:
			m.lost[p] = link.Account
		}
	}
}

// storedSecondary takes the link of a further account, unless the account is
// somebody's already.
func (m *matcher) storedSecondary(p int, known bool, a int) {
	switch {
	case m.owner[a] != nobody:
	case known:
		m.secondary[a], m.owner[a] = true, p
		m.addSecondary(p, a)
	default:
		m.secondary[a], m.owner[a] = true, unknown
	}
}

func (m *matcher) storedLink(p, a int, link state.Link) {
	evidence := link.Evidence
	if evidence == "" {
		evidence = "linked before"
	}
	switch other := m.owner[a]; {
	case other >= 0 && other != p:
		m.claimedTwice(p, other, a)
	case m.pair[p] >= 0:
		m.several(p, []int{m.pair[p], a}, "two accounts are linked to the person")
	default:
		m.give(p, a, Pair{Stored: true, Evidence: evidence})
	}
}

// claimedTwice settles an account that two people are linked to. While it goes
// from the old record of a human being to the new one that is as it should be;
// between two people it is for somebody to say.
func (m *matcher) claimedTwice(p, other, a int) {
	if m.isSame(p, other) {
		if m.people[p].Standing == person.Current && m.people[other].Standing != person.Current {
			how := m.how[other]
			m.take(other)
			m.give(p, a, how)
		}
		return
	}
	why := "account " + m.accounts[a].Login + " is linked to two people"
	m.doubt(p, why, a)
	if !m.left(other) {
		m.doubt(other, why, a)
	}
}

func (m *matcher) isSame(p, other int) bool {
	for _, id := range m.people[p].Same {
		if id == m.people[other].ID {
			return true
		}
	}
	return false
}

// linkedByHand takes the answers "this one" from the match queue; of several
// answers about a person the last one.
func (m *matcher) linkedByHand() {
	for i := len(m.in.Decisions) - 1; i >= 0; i-- {
		d := m.in.Decisions[i]
		p, known := m.byPerson[d.PersonID]
		a, there := m.byGUID[d.Account]
		if d.Answer != state.AnswerLink || !known || !there || m.fresh[p] || m.pair[p] >= 0 || !m.may(p, a) {
			continue
		}
		delete(m.lost, p)
		m.give(p, a, Pair{New: true, Evidence: "linked by " + d.By + " on " + since(d)})
	}
}

// madeByUs takes the accounts that we made in a run that was killed before it
// could record them. The login alone does not prove it: the account must carry
// the person's key, as every one that we make does.
func (m *matcher) madeByUs() {
	for p := range m.people {
		login := m.in.Created[m.people[p].ID]
		if login == "" || m.pair[p] >= 0 {
			continue
		}
		a, there := m.byLogin[strings.ToLower(login)]
		if !there || !m.may(p, a) {
			continue
		}
		token := m.in.Tokens[m.accounts[a].GUID]
		if m.accounts[a].PersonKey == m.people[p].Key && m.people[p].Key != "" || token.Valid && token.PersonID == m.people[p].ID {
			delete(m.lost, p)
			m.give(p, a, Pair{New: true, Created: true, Evidence: "made by us as " + m.accounts[a].Login})
		}
	}
}

// tokens takes the accounts that carry our sealed token, which names the person.
func (m *matcher) tokens() {
	marked := map[int][]int{}
	for a := range m.accounts {
		token, there := m.in.Tokens[m.accounts[a].GUID]
		if !there || !token.Valid || m.owner[a] != nobody || m.secondary[a] {
			continue
		}
		p, known := m.byPerson[token.PersonID]
		if !known {
			if p, known = m.byKey[token.PersonKey]; !known || p == shared {
				continue
			}
		}
		if m.may(p, a) {
			marked[p] = append(marked[p], a)
		}
	}
	for p := range m.people {
		if accounts := marked[p]; len(accounts) > 0 {
			m.marked(p, accounts)
		}
	}
}

// marked settles the accounts whose token names one person.
func (m *matcher) marked(p int, accounts []int) {
	if m.pair[p] >= 0 {
		// Beside a linked account these are the person's further ones.
		for _, a := range accounts {
			m.secondary[a], m.owner[a] = true, p
			m.addSecondary(p, a)
		}
		return
	}
	if primary := m.withoutSecondaries(accounts, ""); len(primary) > 1 {
		m.several(p, primary, "several accounts carry our token for the person")
	} else if m.open(p) {
		m.give(p, primary[0], Pair{New: true, Evidence: "our token on the account names them"})
	}
}

// withoutSecondaries leaves out the accounts that a naming rule makes of the
// login of another of them, or of the given one. At least one stays.
func (m *matcher) withoutSecondaries(accounts []int, login string) []int {
	made := map[string]bool{}
	note := func(login string) {
		for _, s := range m.secondaryLogins(login) {
			made[s] = true
		}
	}
	if note(login); len(m.in.Secondary) > 0 {
		for _, a := range accounts {
			note(m.accounts[a].Login)
		}
	}
	var out []int
	for _, a := range accounts {
		if !made[strings.ToLower(m.accounts[a].Login)] {
			out = append(out, a)
		}
	}
	if len(out) == 0 && login == "" {
		return accounts
	}
	return out
}

// employeeNumbers takes the accounts that carry a person's employee number.
func (m *matcher) employeeNumbers() {
	for p := range m.people {
		key := m.people[p].Key
		if key == "" {
			continue
		}
		if accounts := m.keyed[key]; len(accounts) == 1 && m.pair[p] == accounts[0] {
			continue // as on any quiet night
		} else if len(accounts) > 0 {
			m.numbered(p, accounts)
		}
	}
}

// numbered settles the accounts that carry the number of one person.
func (m *matcher) numbered(p int, all []int) {
	var accounts []int
	for _, a := range all {
		if m.owner[a] == p && m.pair[p] != a || m.secondary[a] || m.rejected[rejection{p, m.accounts[a].GUID}] {
			continue
		}
		if other := m.owner[a]; other >= 0 && other != p {
			m.carriedElsewhere(p, other, a)
			continue
		}
		accounts = append(accounts, a)
	}
	if m.byKey[m.people[p].Key] == shared {
		m.sharedNumber(p, accounts)
		return
	}
	login := ""
	if m.pair[p] >= 0 {
		login = m.accounts[m.pair[p]].Login
		accounts = including(accounts, m.pair[p])
	}
	switch accounts = m.withoutSecondaries(accounts, login); {
	case len(accounts) > 1:
		m.several(p, accounts, "several accounts carry the employee number")
	case len(accounts) == 1 && m.open(p) && m.owner[accounts[0]] == nobody:
		m.byNumber[p] = true
		m.give(p, accounts[0], Pair{New: true, Evidence: "the account carries employee number " + m.people[p].Key})
	case len(accounts) == 1 && m.pair[p] < 0 && m.starts(p):
		m.suspects[p] = append(m.suspects[p], accounts[0])
	}
}

// including returns the numbers with one more, in order.
func including(accounts []int, a int) []int {
	i := sort.SearchInts(accounts, a)
	if i < len(accounts) && accounts[i] == a {
		return accounts
	}
	return append(accounts[:i:i], append([]int{a}, accounts[i:]...)...)
}

// carriedElsewhere leaves a person alone whose number is on somebody else's account.
func (m *matcher) carriedElsewhere(p, other, a int) {
	if m.pair[p] >= 0 || !m.starts(p) || m.isSame(p, other) {
		return
	}
	m.doubt(p, "account "+m.accounts[a].Login+" carries the employee number, and is linked to "+name(&m.people[other]), a)
}

// sharedNumber leaves people alone who have one employee number between them.
func (m *matcher) sharedNumber(p int, accounts []int) {
	if m.pair[p] < 0 && m.starts(p) && len(accounts) > 0 {
		m.doubt(p, "the employee number is on two records and on an account", accounts...)
	}
}

// addresses takes the accounts whose address is the one that ESR shows and whose
// surname agrees. Two kinds of evidence for two accounts are a doubt.
func (m *matcher) addresses() {
	count := make(map[string]int, len(m.people))
	for p := range m.people {
		if address := esrAddress(&m.people[p]); address != "" {
			count[address]++
		}
	}
	for p := range m.people {
		if !m.byNumber[p] && !m.open(p) {
			continue
		}
		address := esrAddress(&m.people[p])
		a, there := m.holders[address]
		if address == "" || !there || a == shared || count[address] > 1 || !m.may(p, a) || !m.addressProves(p, a) {
			continue
		}
		if m.byNumber[p] {
			m.twoProofs(p, a)
			continue
		}
		m.give(p, a, Pair{New: true, Evidence: "address " + address + " is ESR's, and the surname agrees"})
	}
}

// twoProofs settles a person whose number is on one account and whose address is
// on another.
func (m *matcher) twoProofs(p, a int) {
	first := m.pair[p]
	m.take(p)
	accounts := including([]int{first}, a)
	m.several(p, accounts, "the employee number is on one account and ESR's address on another")
}

// addressProves reports whether an account's surname agrees and its person key
// does not speak against it.
func (m *matcher) addressProves(p, a int) bool {
	account, human := &m.accounts[a], &m.people[p]
	if account.PersonKey != "" && account.PersonKey != human.Key {
		return false
	}
	if !hasAddress(account, esrAddress(human)) {
		return false // only the UPN is the same: that is a name to sign in with
	}
	surname := names.Fold(account.Value("sn"))
	return surname != "" && (surname == names.Fold(human.Last) || surname == names.Fold(human.PreviousLast))
}

// hasAddress reports whether an account has an address in lower case, as mail or proxy.
func hasAddress(a *directory.Account, address string) bool {
	if strings.EqualFold(strings.TrimSpace(a.Mail), address) {
		return true
	}
	for _, proxy := range a.ProxyAddresses {
		if strings.EqualFold(proxy, "smtp:"+address) {
			return true
		}
	}
	return false
}

func esrAddress(p *person.Person) string { return strings.ToLower(p.ESREmail) }

// addSecondary gives a person a further account.
func (m *matcher) addSecondary(p, a int) {
	id := m.people[p].ID
	m.result.Secondary[id] = insert(m.result.Secondary[id], m.accounts[a].GUID)
}

// insert puts a GUID among others in order, once.
func insert(ids []directory.GUID, id directory.GUID) []directory.GUID {
	i := sort.Search(len(ids), func(i int) bool { return ids[i].Compare(id) >= 0 })
	if i < len(ids) && ids[i] == id {
		return ids
	}
	return append(ids[:i:i], append([]directory.GUID{id}, ids[i:]...)...)
}
