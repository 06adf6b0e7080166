package match

import (
	"slices"
	"strings"
	"unicode"

	"esrsync/internal/directory"
	"esrsync/internal/names"
	"esrsync/sync/person"
)

// What each piece of evidence adds to a candidate's score, out of 100. Surname
// and first name together reach the threshold: two people of one name are
// exactly what a person has to look at.
const (
	forNumber    = 60
	forAddress   = 40
	forSurname   = 35
	forForename  = 25
	forLogin     = 15
	forPlace     = 8
	forTitle     = 7
	forSimilar   = 20 // a surname but for a letter or two
	forLikeName  = 15 // likewise a first name
	forInitial   = 8
	lessNumber   = 15 // another employee number is on the account
	lessForename = 20 // another first name is
	lessDisabled = 5

	// threshold is from where a candidate keeps a person from getting a new
	// account. A leaver needs none, so only a strong one is worth a question.
	threshold       = 50
	leaverThreshold = 75

	similar = 0.92
)

// features are what a person or an account is compared by, folded.
type features struct {
	surname  string
	previous string // of a person
	given    string
	given2   string   // of a person: the first name beside the preferred one
	login    string   // letters only
	local    string   // of the address, letters only
	shapes   []string // of a person: logins and local parts that trusts make of the name
}

func personFeatures(p *person.Person) features {
	f := features{
		surname: names.Fold(p.Last), previous: names.Fold(p.PreviousLast),
		given: names.Fold(p.Preferred), given2: names.Fold(p.First),
	}
	local, _, _ := strings.Cut(p.ESREmail, "@")
	f.local = names.Fold(local)
	f.shapes = shapes(f)
	return f
}

func accountFeatures(a *directory.Account) features {
	surname, given := a.Value("sn"), a.Value("givenName")
	if surname == "" {
		display := a.Value("displayName")
		if display == "" {
			display = a.CN
		}
		var first string
		if surname, first = splitName(display); given == "" {
			given = first
		}
	}
	local, _, _ := strings.Cut(a.Mail, "@")
	return features{
		surname: names.Fold(surname), given: names.Fold(firstWord(given)),
		login: names.Fold(a.Login), local: names.Fold(local),
	}
}

// splitName takes "Surname, Given (Ward)" or "Given Surname" apart.
func splitName(display string) (surname, given string) {
	display, _, _ = strings.Cut(display, "(")
	if before, after, found := strings.Cut(display, ","); found {
		return before, strings.TrimSpace(after)
	}
	words := strings.Fields(display)
	if len(words) < 2 {
		return display, ""
	}
	return words[len(words)-1], words[0]
}

func firstWord(s string) string {
	if i := strings.IndexFunc(s, unicode.IsSpace); i > 0 {
		return s[:i]
	}
	return s
}

// shapes returns the logins and local parts that trusts make of a name.
func shapes(f features) []string {
	var out []string
	for i, given := range []string{f.given, f.given2} {
		if given == "" || f.surname == "" || i > 0 && given == f.given {
			continue
		}
		out = append(out, given[:1]+f.surname, given+f.surname, f.surname+given[:1], f.surname+given, given+f.surname[:1])
	}
	return out
}

// piece is one thing that speaks for or against a candidate.
type piece struct {
	points int
	text   string
}

// scoring adds up one candidate. Most are dropped for their score, so that words
// are put together for those who stay.
type scoring struct {
	account int
	score   int
	pieces  [8]piece
	count   int
}

func (s *scoring) add(points int, text string) {
	s.pieces[s.count] = piece{points, text}
	s.count++
	s.score += points
}

// score compares a person with an account.
func (m *matcher) score(p int, of *features, a int, account *features) scoring {
	human, entry := &m.people[p], &m.accounts[a]
	s := scoring{account: a}
	switch {
	case entry.PersonKey == "":
	case entry.PersonKey == human.Key:
		s.add(forNumber, "the employee number is on the account")
	default:
		s.add(-lessNumber, "another person key is on the account")
	}
	if address := esrAddress(human); address != "" && m.holds(a, address) {
		s.add(forAddress, "the account has the address that ESR shows")
	}
	s.surname(of, account)
	s.forename(of, account)
	if slices.Contains(of.shapes, account.login) {
		s.add(forLogin, "the login is made of the name")
	}
	s.work(human, entry)
	if !entry.Enabled() {
		s.add(-lessDisabled, "the account is disabled")
	}
	s.score = max(0, min(100, s.score))
	return s
}

// candidate puts a score into words.
func (m *matcher) candidate(s *scoring) Candidate {
	entry := &m.accounts[s.account]
	c := Candidate{Account: entry.GUID, Login: entry.Login, DN: entry.DN, Score: s.score, For: []string{}, Against: []string{}}
	for _, piece := range s.pieces[:s.count] {
		if piece.points > 0 {
			c.For = append(c.For, piece.text)
		} else {
			c.Against = append(c.Against, piece.text)
		}
	}
	return c
}

// holds reports whether an account has an address, as mail, proxy or UPN.
func (m *matcher) holds(a int, address string) bool {
	if holder, there := m.holders[address]; there && holder != shared {
		return holder == a
	}
	for _, other := range m.clashes[address] {
		if other == a {
			return true
		}
	}
	return false
}

func (s *scoring) surname(of, account *features) {
	switch {
	case account.surname == "":
	case account.surname == of.surname:
		s.add(forSurname, "the surname is the same")
	case account.surname == of.previous:
		s.add(forSurname, "the surname is a previous one")
	case nearly(account.surname, of.surname):
		s.add(forSimilar, "the surname is nearly the same")
	}
}

// nearly reports whether two folded names differ by a letter or two. People get
// the first letter right, so that most pairs need no second look.
func nearly(a, b string) bool {
	if a == "" || b == "" || a[0] != b[0] || len(a) > len(b)+2 || len(b) > len(a)+2 {
		return false
	}
	return names.Similarity(a, b) >= similar
}

func (s *scoring) forename(of, account *features) {
	switch {
	case account.given == "" || of.given == "":
	case account.given == of.given || account.given == of.given2:
		s.add(forForename, "the first name is the same")
	case nearly(account.given, of.given):
		s.add(forLikeName, "the first name is nearly the same")
	case len(account.given) == 1 && account.given[0] == of.given[0]:
		s.add(forInitial, "the initial is the same")
	default:
		s.add(-lessForename, "the first name is another")
	}
}

// work compares where and as what somebody works.
func (s *scoring) work(human *person.Person, entry *directory.Account) {
	if place := names.Fold(human.Primary.Organisation.Name); place != "" && place == names.Fold(entry.Value("department")) {
		s.add(forPlace, "the department is the organisation")
	}
	if title := names.Fold(human.Primary.Title); title != "" && title == names.Fold(entry.Value("title")) {
		s.add(forTitle, "the title is the position's")
	}
}
