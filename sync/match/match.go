// Package match says which account is whose.
//
// It goes from what is sure to what is only likely: the link in the store, our
// sealed token on the account, the employee number, and an address that equals
// ESR's together with a surname that agrees, each of one account and one person
// only. Everything else, names above all, makes a candidate for the match queue
// with a score, and the person is left alone until somebody has answered.
//
//	what is found                          current or starting        left
//	a stored link, or one sure account     paired                     paired: switched off
//	two accounts with the number           queue, D03, left alone     both are the person's
//	the linked account is gone             queue, left alone          nothing to do
//	a likely candidate                     queue, left alone          queue
//	nothing at all                         an account may be made     nothing to do
//
// # Guarantees
//
// The package is pure: the same input gives the same bytes, whatever order it
// came in, in time proportional to its size. An account is one person's only. An
// account of which nothing is sure is nobody's, and nobody's account is never
// changed.
package match

import (
	"sort"

	"esrsync/esrmodel"
	"esrsync/internal/directory"
	"esrsync/internal/finding"
	"esrsync/internal/state"
	"esrsync/sync/person"
)

// Match says whose the accounts are.
func Match(in Input) Result {
	m := newMatcher(in)
	m.storedLinks()
	m.linkedByHand()
	m.madeByUs()
	m.tokens()
	m.employeeNumbers()
	m.addresses()
	m.returners()
	m.duplicates()
	m.secondaries()
	m.search()
	m.report()
	return m.result
}

// Owners of an account that are no person's number.
const (
	nobody  = -1
	unknown = -2 // linked to somebody whom the records do not have
)

// matcher holds what one call of [Match] works with. People and accounts are
// numbers: their places in the sorted slices.
type matcher struct {
	in       Input
	people   []person.Person     // sorted by ID
	accounts []directory.Account // sorted by GUID

	byGUID   map[directory.GUID]int
	byLogin  map[string]int
	byPerson map[string]int // person ID
	byKey    map[string]int // person key; shared where several people have it
	keyed    map[string][]int
	holders  map[string]int // address → account; shared where several have it

	owner     []int // of each account
	secondary []bool
	pair      []int // of each person: an account, or nobody
	how       []Pair
	byNumber  []bool                 // people paired in this run by the employee number alone
	lost      map[int]directory.GUID // people whose linked account is gone
	rejected  map[rejection]bool
	fresh     map[int]bool  // people for whom somebody asked for a new account
	suspects  map[int][]int // accounts to show in the queue whatever their score
	clashes   map[string][]int
	cut       map[string]int // login of a further account, cut to fit → how many it could be of

	generic, protected []pattern
	result             Result
}

// shared stands in an index where a key leads to more than one.
const shared = -1

// rejection is an answer "not the same" from the match queue.
type rejection struct {
	person  int
	account directory.GUID
}

func newMatcher(in Input) *matcher {
	m := &matcher{
		in:       in,
		people:   sorted(in.People, func(a, b *person.Person) bool { return a.ID < b.ID }),
		accounts: sorted(in.Accounts, func(a, b *directory.Account) bool { return a.GUID.Compare(b.GUID) < 0 }),
		lost:     map[int]directory.GUID{}, rejected: map[rejection]bool{}, fresh: map[int]bool{},
		suspects: map[int][]int{}, clashes: map[string][]int{},
		generic: patterns(in.Generic), protected: patterns(in.Protected),
		result: Result{
			Of: make(map[string]Pair, len(in.People)), Secondary: map[string][]directory.GUID{},
			Several: map[string][]directory.GUID{}, Awaits: map[string]directory.GUID{}, Doubtful: map[string]string{},
		},
	}
	m.indexPeople()
	m.indexAccounts()
	m.answers()
	return m
}

// sorted returns the rows in order, in a copy where they were not.
func sorted[T any](rows []T, before func(a, b *T) bool) []T {
	for i := 1; i < len(rows); i++ {
		if before(&rows[i], &rows[i-1]) {
			rows = append([]T(nil), rows...)
			sort.SliceStable(rows, func(i, j int) bool { return before(&rows[i], &rows[j]) })
			break
		}
	}
	return rows
}

// answers takes in what people decided in the match queue. The last answer about
// a person and an account counts.
func (m *matcher) answers() {
	decisions := append([]state.Decision(nil), m.in.Decisions...)
	sort.SliceStable(decisions, func(i, j int) bool {
		a, b := decisions[i], decisions[j]
		switch {
		case !a.At.Equal(b.At):
			return a.At.Before(b.At)
		case a.PersonID != b.PersonID:
			return a.PersonID < b.PersonID
		case a.Account != b.Account:
			return a.Account.Compare(b.Account) < 0
		}
		return a.Answer < b.Answer
	})
	for _, d := range decisions {
		p, known := m.byPerson[d.PersonID]
		if !known {
			continue
		}
		m.fresh[p] = d.Answer == state.AnswerCreate || d.Answer == state.AnswerNotSame && m.fresh[p]
		m.rejected[rejection{p, d.Account}] = d.Answer == state.AnswerNotSame
	}
	m.in.Decisions = decisions
}

// may reports whether an account can be given to a person on evidence: nobody
// has it, and nobody said that it is not theirs.
func (m *matcher) may(p, a int) bool {
	return m.owner[a] == nobody && !m.secondary[a] && !m.rejected[rejection{p, m.accounts[a].GUID}]
}

// give pairs a person with an account.
func (m *matcher) give(p, a int, how Pair) {
	how.Account = m.accounts[a].GUID
	m.pair[p], m.how[p], m.owner[a] = a, how, p
	m.result.Of[m.people[p].ID] = how
}

// take undoes a pair that turned out not to be sure.
func (m *matcher) take(p int) {
	if a := m.pair[p]; a >= 0 {
		m.owner[a] = nobody
	}
	m.pair[p] = nobody
	delete(m.result.Of, m.people[p].ID)
}

// left reports whether a person has left: then nothing waits for an answer.
func (m *matcher) left(p int) bool { return m.people[p].Standing == person.Left }

// starts reports whether a person is current or will be.
func (m *matcher) starts(p int) bool {
	s := m.people[p].Standing
	return s == person.Current || s == person.Starting
}

// open reports whether sure evidence may still pair a person: they have no
// account, and none whose loss somebody must explain first.
func (m *matcher) open(p int) bool {
	_, lost := m.lost[p]
	return m.pair[p] < 0 && !(lost && m.starts(p)) && m.result.Several[m.people[p].ID] == nil
}

// doubt leaves a person alone, with the accounts that somebody should look at.
// The reason that was found first stays.
func (m *matcher) doubt(p int, why string, accounts ...int) {
	id := m.people[p].ID
	if m.result.Doubtful[id] == "" {
		m.result.Doubtful[id] = why
	}
	m.suspects[p] = append(m.suspects[p], accounts...)
}

// several notes that a person has more than one account. A leaver loses all of
// them; anybody else is left alone, with a finding.
func (m *matcher) several(p int, accounts []int, why string) {
	id := m.people[p].ID
	for _, a := range accounts {
		if m.owner[a] == nobody {
			m.owner[a] = p
		}
		m.result.Several[id] = append(m.result.Several[id], m.accounts[a].GUID)
	}
	m.find(finding.SeveralAccounts, p, why+": "+m.logins(accounts))
	if !m.left(p) {
		m.doubt(p, why, accounts...)
	}
}

func (m *matcher) find(code finding.Code, p int, text string) {
	m.result.Findings = append(m.result.Findings, finding.New(code, finding.OfPerson, name(&m.people[p]), "", text))
}

// name is what a person is called by in findings.
func name(p *person.Person) string {
	if p.Key != "" {
		return p.Key
	}
	return "#" + p.ID
}

// logins lists accounts for a sentence.
func (m *matcher) logins(accounts []int) string {
	text := ""
	for i, a := range accounts {
		if i > 0 {
			text += ", "
		}
		text += m.accounts[a].Login
	}
	return text
}

// since words the day of an instant.
func since(d state.Decision) string { return esrmodel.DateOf(d.At.UTC()).Words() }
