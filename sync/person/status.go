package person

import (
	"strings"
	"unicode"
)

// StatusRule is one line of the built-in table of assignment statuses.
type StatusRule struct {
	Status string // as ESR words it
	Effect Effect
}

// BuiltInStatuses returns the table of assignment statuses that holds where
// [Policy].Statuses says nothing else. A status that neither has holds the person.
func BuiltInStatuses() []StatusRule {
	return []StatusRule{
		{"Active Assignment", EffectCurrent},
		{"Acting Up", EffectCurrent},
		{"Internal Secondment", EffectCurrent},
		{"Offer Accepted", EffectStarting},
		{"Maternity and Adoption", EffectCurrent},
		{"Career Break", EffectCurrent},
		{"Out on External Secondment - Paid", EffectCurrent},
		{"Out on External Secondment - Unpaid", EffectCurrent},
		{"Suspend With Pay", EffectSuspended},
		{"Suspend No Pay", EffectSuspended},
		{"Suspend Assignment", EffectSuspended},
		{"Inactive Not Worked", EffectCurrent},
		{"Terminated", EffectEnded},
		{"Assignment Costing Deletion", EffectIgnored},
	}
}

// statusTable answers what a status means. It remembers each wording that it has
// seen, since a trust has a dozen of them on a hundred thousand rows.
type statusTable struct {
	rules map[string]Effect // by plain wording
	seen  map[string]Effect // by wording as it came
}

func newStatusTable(changes map[string]Effect) *statusTable {
	t := &statusTable{rules: map[string]Effect{}, seen: map[string]Effect{}}
	for _, r := range BuiltInStatuses() {
		t.rules[plain(r.Status)] = r.Effect
	}
	for status, effect := range changes {
		t.rules[plain(status)] = understood(effect)
	}
	return t
}

// understood returns the effect that a configuration means. create_disabled is
// its word for an accepted offer; a word that nobody knows holds, since taking it
// for current would let people in.
func understood(effect Effect) Effect {
	switch effect {
	case EffectCurrent, EffectDisabled, EffectStarting, EffectSuspended, EffectEnded, EffectIgnored:
		return effect
	case "create_disabled":
		return EffectStarting
	}
	return EffectHeld
}

// effect returns EffectHeld for a status that nobody has explained.
func (t *statusTable) effect(status string) Effect {
	if e, known := t.seen[status]; known {
		return e
	}
	e, known := t.rules[plain(status)]
	if !known {
		e = EffectHeld
	}
	t.seen[status] = e
	return e
}

// plain returns a wording without what trusts spell differently: case,
// punctuation, spaces, and "&" for "and".
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, strings.ReplaceAll(s, "&", "and"))
}

// bankWork is the kind of assignment category that makes a person bank only;
// all others, honorary ones among them, count alike.
const bankWork = "bank"

// categoryTable says which assignment categories are bank work.
type categoryTable struct {
	rules map[string]string
	seen  map[string]bool // is bank work, by wording as it came
}

func newCategoryTable(changes map[string]string) *categoryTable {
	t := &categoryTable{
		rules: map[string]string{"bank": bankWork, "bankstaff": bankWork},
		seen:  map[string]bool{},
	}
	for category, kind := range changes {
		t.rules[plain(category)] = plain(kind)
	}
	return t
}

func (t *categoryTable) isBank(category string) bool {
	bank, known := t.seen[category]
	if !known {
		bank = t.rules[plain(category)] == bankWork
		t.seen[category] = bank
	}
	return bank
}
