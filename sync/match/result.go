package match

import (
	"esrsync/internal/directory"
	"esrsync/internal/finding"
	"esrsync/internal/state"
	"esrsync/sync/person"
)

// Input is everything that decides whose an account is.
type Input struct {
	People   []person.Person
	Accounts []directory.Account // with sn, givenName, displayName, department and title where the directory has them
	// Tokens is what the sealed token of each marked account says.
	Tokens    map[directory.GUID]Token
	Links     []state.Link
	Decisions []state.Decision
	// Created maps a person ID to the login of an account that we set out to make
	// and whose link was never recorded: a run was killed between the two.
	Created map[string]string

	// Patterns of logins; "*" stands for anything, case does not matter.
	Secondary []string // with {login}: a person's other accounts, "adm-{login}"
	Generic   []string // shared accounts: reported, never matched by name
	Protected []string // service accounts and the like: neither matched by name nor reported as nobody's
}

// Token is what the sealed value on an account says, as the composition opened it.
type Token struct {
	Valid     bool
	PersonID  string
	PersonKey string
	State     string // managed, precreated or leaver
}

// Result says whose the accounts are.
type Result struct {
	// Of is the account of each person who has one that is sure.
	Of map[string]Pair
	// Secondary are a person's further accounts, by naming rule, link or token.
	Secondary map[string][]directory.GUID
	// Several are the accounts of a person that carry one employee number. A
	// current person among them is left alone; of a leaver every one is disabled.
	Several map[string][]directory.GUID
	// Awaits is the account of an old record that a newer record of the same
	// human being takes over when it starts: none is made for it meanwhile.
	Awaits map[string]directory.GUID
	// Doubtful are the people who are left alone until somebody answers, with the
	// reason. A leaver whose account is sure is never among them.
	Doubtful map[string]string
	Queue    []Doubt          // for the match queue, sorted by person key and ID
	Unowned  []directory.GUID // accounts that nobody owns, in order
	Findings []finding.Finding
}

// MayCreate reports whether nothing that the directory holds could be the
// person's: an account may be made for them.
func (r Result) MayCreate(personID string) bool {
	_, paired := r.Of[personID]
	_, awaits := r.Awaits[personID]
	_, doubtful := r.Doubtful[personID]
	return !paired && !awaits && !doubtful && len(r.Several[personID]) == 0
}

// Accounts returns every account of a person, the primary first: what a leaver
// loses and what a lockout reaches.
func (r Result) Accounts(personID string) []directory.GUID {
	var out []directory.GUID
	add := func(ids ...directory.GUID) {
		for _, id := range ids {
			known := false
			for _, have := range out {
				known = known || have == id
			}
			if !known {
				out = append(out, id)
			}
		}
	}
	if pair, found := r.Of[personID]; found {
		add(pair.Account)
	}
	add(r.Several[personID]...)
	add(r.Secondary[personID]...)
	return out
}

// Pair is a person's account and why we are sure of it.
type Pair struct {
	Account  directory.GUID
	Stored   bool   // the store already links them
	New      bool   // to be linked now, by class link, with nothing else in the same run
	Created  bool   // we made the account; only the record of it was lost
	Evidence string // in words
}

// Doubt is one person in the match queue.
type Doubt struct {
	PersonID   string      `json:"person_id"`
	Key        string      `json:"person"`
	Name       string      `json:"name"`
	Why        string      `json:"why"`
	Candidates []Candidate `json:"candidates"` // the best first
}

// Candidate is an account that may be the person's.
type Candidate struct {
	Account directory.GUID `json:"account"`
	Login   string         `json:"login"`
	DN      string         `json:"dn"`
	Score   int            `json:"score"` // 0 to 100
	For     []string       `json:"for"`
	Against []string       `json:"against"`
}
