package match

import (
	"slices"
	"strings"

	"esrsync/internal/directory"
	"esrsync/sync/person"
)

// block is how many accounts are looked at under one key. More namesakes than
// that add nothing: the person waits for an answer anyway. It keeps the search
// in proportion to the number of people.
const block = 16

// shown is how many candidates the queue shows: nobody reads further.
const shown = 10

// search looks for candidates for everybody who has no account yet.
func (m *matcher) search() {
	wanted := m.unmatched()
	if len(wanted) == 0 {
		return
	}
	s := m.newSearcher()
	for _, p := range wanted {
		m.queue(p, s)
	}
}

// unmatched returns the people whose account is not known, and those about whom
// there is a doubt already, in order.
func (m *matcher) unmatched() []int {
	var out []int
	for p := range m.people {
		id := m.people[p].ID
		_, awaits := m.result.Awaits[id]
		doubtful := m.result.Doubtful[id] != ""
		switch {
		case doubtful:
			out = append(out, p)
		case m.pair[p] >= 0 || awaits || m.fresh[p] || m.result.Several[id] != nil || m.people[p].Standing == person.Nobody:
		default:
			out = append(out, p)
		}
	}
	return out
}

// queue puts a person into the match queue, if there is something to answer.
func (m *matcher) queue(p int, s *searcher) {
	human := &m.people[p]
	if guid, lost := m.lost[p]; lost && m.starts(p) && !m.fresh[p] && m.pair[p] < 0 {
		m.doubt(p, "the linked account "+guid.String()+" is gone from the directory")
	}
	candidates := m.candidates(p, s)
	if len(candidates) > 0 && m.result.Doubtful[human.ID] == "" {
		m.result.Doubtful[human.ID] = "an account may be theirs already"
	}
	why := m.result.Doubtful[human.ID]
	if why == "" {
		return
	}
	m.result.Queue = append(m.result.Queue, Doubt{
		PersonID: human.ID, Key: human.Key, Name: strings.TrimSpace(human.Preferred + " " + human.Last),
		Why: why, Candidates: candidates,
	})
}

// candidates returns the accounts that may be a person's, the best first.
func (m *matcher) candidates(p int, s *searcher) []Candidate {
	least := threshold
	if m.left(p) {
		least = leaverThreshold
	}
	of := personFeatures(&m.people[p])
	scores := s.scores[:0]
	for _, a := range s.near(&m.people[p], &of) {
		if m.rejected[rejection{p, m.accounts[a].GUID}] || m.left(p) && !m.accounts[a].Enabled() {
			continue
		}
		if c := m.score(p, &of, a, &s.features[a]); c.score >= least {
			scores = append(scores, c)
		}
	}
	for _, a := range m.suspects[p] {
		if !slices.ContainsFunc(scores, func(c scoring) bool { return c.account == a }) {
			f := accountFeatures(&m.accounts[a])
			scores = append(scores, m.score(p, &of, a, &f))
		}
	}
	s.scores = scores
	return m.best(scores)
}

// best returns the candidates with the highest scores, the best first; equals
// stand in the order of their GUIDs.
func (m *matcher) best(scores []scoring) []Candidate {
	slices.SortFunc(scores, func(a, b scoring) int {
		if a.score != b.score {
			return b.score - a.score
		}
		return a.account - b.account
	})
	found := make([]Candidate, 0, min(shown, len(scores)))
	for i := range min(shown, len(scores)) {
		found = append(found, m.candidate(&scores[i]))
	}
	return found
}

// searcher finds the accounts that nobody has by what names have in common.
type searcher struct {
	free      []bool           // accounts that nobody has
	features  []features       // of those
	chains    map[uint64]int32 // key → first link
	links     []chain
	seen      []int // the last search that came upon an account
	searches  int
	found     []int     // of one search
	scores    []scoring // likewise
	addresses map[string]int
}

// chain is one account under one key.
type chain struct {
	account int32
	next    int32 // -1 ends it
}

func (m *matcher) newSearcher() *searcher {
	n := len(m.accounts)
	s := &searcher{free: make([]bool, n), features: make([]features, n), seen: make([]int, n),
		chains: map[uint64]int32{}, addresses: m.holders}
	for a := len(m.accounts) - 1; a >= 0; a-- { // backwards, so that each chain is in order
		entry := &m.accounts[a]
		if m.owner[a] != nobody || m.secondary[a] || entry.Critical || m.isShared(entry) || fitsAny(m.protected, entry.Login) {
			continue
		}
		s.free[a], s.features[a] = true, accountFeatures(entry)
		s.index(a, &s.features[a])
	}
	return s
}

// isShared reports whether an account is generic by its login, and not that of
// somebody whose name fits the pattern by itself: a Testa, where *TEST* is generic.
func (m *matcher) isShared(entry *directory.Account) bool {
	return fitsAny(m.generic, entry.Login) && !fitsAny(m.generic, entry.Value("sn")) && !fitsAny(m.generic, entry.Value("givenName"))
}

// index notes an account under everything that it can be looked for by.
func (s *searcher) index(a int, f *features) {
	if f.surname != "" {
		s.add(hash("full", f.surname, f.given), a)
		s.add(hash("begins", begin(f.surname), f.given), a)
		if f.given != "" {
			s.add(hash("initial", f.surname, f.given[:1]), a)
		}
	}
	if f.login != "" {
		s.add(hash("shape", f.login, ""), a)
	}
	if f.local != "" && f.local != f.login {
		s.add(hash("shape", f.local, ""), a)
	}
}

func (s *searcher) add(key uint64, a int) {
	next, there := s.chains[key]
	if !there {
		next = -1
	}
	s.links = append(s.links, chain{int32(a), next})
	s.chains[key] = int32(len(s.links) - 1)
}

// near returns accounts that have something in common with a person, in order.
// The narrow keys come first, so that a crowd of namesakes does not hide the
// one whose first name agrees as well.
func (s *searcher) near(p *person.Person, of *features) []int {
	s.searches++
	s.found = s.found[:0]
	if a, there := s.addresses[esrAddress(p)]; there && a >= 0 && s.free[a] {
		s.take(a)
	}
	if of.local != "" {
		s.follow(hash("shape", of.local, ""))
	}
	s.nearNames(of.surname, of)
	if of.previous != of.surname {
		s.nearNames(of.previous, of)
	}
	for _, shape := range of.shapes {
		s.follow(hash("shape", shape, ""))
	}
	slices.Sort(s.found)
	return s.found
}

func (s *searcher) nearNames(surname string, of *features) {
	if surname == "" {
		return
	}
	for i, given := range [...]string{of.given, of.given2} {
		if i > 0 && given == of.given {
			continue
		}
		s.follow(hash("full", surname, given))
		s.follow(hash("begins", begin(surname), given))
		if given != "" {
			s.follow(hash("initial", surname, given[:1]))
		}
	}
	s.follow(hash("full", surname, ""))
}

func (s *searcher) follow(key uint64) {
	i, there := s.chains[key]
	for n := 0; there && i >= 0 && n < block; n++ {
		s.take(int(s.links[i].account))
		i = s.links[i].next
	}
}

func (s *searcher) take(a int) {
	if s.seen[a] != s.searches {
		s.seen[a] = s.searches
		s.found = append(s.found, a)
	}
}

// begin returns the first letters of a surname, for those that differ further on.
func begin(surname string) string { return surname[:min(2, len(surname))] }

// hash makes one number of a key (FNV-1a). Two keys of one number only make a
// chain longer: what is in it is scored anyway.
func hash(kind, a, b string) uint64 {
	const offset, prime = 14695981039346656037, 1099511628211
	h := uint64(offset)
	for _, part := range [...]string{kind, a, b} {
		for i := range len(part) {
			h = (h ^ uint64(part[i])) * prime
		}
		h *= prime
	}
	return h
}
