package match

import (
	"sort"
	"strings"

	"esrsync/sync/person"
)

// block is how many accounts are looked at under one key. More namesakes than
// that add nothing: the person waits for an answer anyway. It keeps the search
// in proportion to the number of people.
const block = 32

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
		PersonID: human.ID, Key: human.Key, Name: strings.TrimSpace(human.Preferred + " " + human.Last), Why: why, Candidates: candidates,
	})
}

// candidates returns the accounts that may be a person's, the best first.
func (m *matcher) candidates(p int, s *searcher) []Candidate {
	least := threshold
	if m.left(p) {
		least = leaverThreshold
	}
	of := personFeatures(&m.people[p])
	found := []Candidate{}
	for _, a := range s.near(&m.people[p], of) {
		if m.rejected[rejection{p, m.accounts[a].GUID}] || m.left(p) && !m.accounts[a].Enabled() {
			continue
		}
		if c := m.score(p, of, a, s.features[a]); c.Score >= least {
			found = append(found, c)
		}
	}
	for _, a := range m.suspects[p] {
		if c := m.score(p, of, a, accountFeatures(&m.accounts[a])); !listed(found, c) {
			found = append(found, c)
		}
	}
	sortCandidates(found)
	return found
}

func listed(found []Candidate, c Candidate) bool {
	for i := range found {
		if found[i].Account == c.Account {
			return true
		}
	}
	return false
}

// searcher finds the accounts that nobody has by what names have in common.
type searcher struct {
	features  map[int]features
	chains    map[uint64]int32 // key → first link
	links     []chain
	seen      map[int]bool // of one search
	found     []int        // likewise
	addresses map[string]int
}

// chain is one account under one key.
type chain struct {
	account int32
	next    int32 // -1 ends it
}

func (m *matcher) newSearcher() *searcher {
	s := &searcher{features: map[int]features{}, chains: map[uint64]int32{}, seen: map[int]bool{}, addresses: m.holders}
	for a := len(m.accounts) - 1; a >= 0; a-- { // backwards, so that each chain is in order
		entry := &m.accounts[a]
		if m.owner[a] != nobody || m.secondary[a] || entry.Critical ||
			fitsAny(m.generic, entry.Login) || fitsAny(m.protected, entry.Login) {
			continue
		}
		f := accountFeatures(entry)
		s.features[a] = f
		if f.surname != "" {
			s.add(hash("surname", f.surname, ""), a)
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
	return s
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
func (s *searcher) near(p *person.Person, of features) []int {
	clear(s.seen)
	s.found = s.found[:0]
	if a, there := s.addresses[esrAddress(p)]; there && a >= 0 {
		if _, free := s.features[a]; free {
			s.take(a)
		}
	}
	if of.local != "" {
		s.follow(hash("shape", of.local, ""))
	}
	for _, surname := range []string{of.surname, of.previous} {
		if surname == "" {
			continue
		}
		for _, given := range []string{of.given, of.given2} {
			s.follow(hash("full", surname, given))
			s.follow(hash("begins", begin(surname), given))
			if given != "" {
				s.follow(hash("initial", surname, given[:1]))
			}
		}
		s.follow(hash("full", surname, ""))
	}
	for _, shape := range of.shapes() {
		s.follow(hash("shape", shape, ""))
	}
	sort.Ints(s.found)
	return s.found
}

func (s *searcher) follow(key uint64) {
	i, there := s.chains[key]
	for n := 0; there && i >= 0 && n < block; n++ {
		s.take(int(s.links[i].account))
		i = s.links[i].next
	}
}

func (s *searcher) take(a int) {
	if !s.seen[a] {
		s.seen[a] = true
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
