package person

import (
	"sort"
	"strings"
	"unicode"

	"esrsync/esrmodel"
	"esrsync/internal/finding"
)

// crowd is how many records may share a NI number and a date of birth before
// that says nothing any more: a number that more share was made up by somebody.
const crowd = 20

// human is what two records of the same human being agree in, besides a surname.
type human struct {
	number esrmodel.NINumber
	born   esrmodel.BirthDate
}

// humans finds records of the same human being: those who return under a new
// record, and duplicates.
func (r *resolver) humans() {
	groups := r.humanGroups()
	for _, group := range groups {
		for _, i := range group {
			r.relate(i, group)
		}
		for _, i := range group {
			r.returns(i)
		}
	}
}

// humanGroups returns the numbers of records that share a NI number and a date
// of birth, in the order of the first of each.
func (r *resolver) humanGroups() [][]int {
	seen := make(map[human]int, len(r.out)) // the first record, or -1 and the number of its group
	var groups [][]int
	for i := range r.out {
		p := &r.out[i]
		if p.NINumber == "" || p.DateOfBirth == 0 {
			continue
		}
		key := human{plainNumber(p.NINumber), p.DateOfBirth}
		switch first, met := seen[key]; {
		case !met:
			seen[key] = i
		case first >= 0:
			seen[key] = -1 - len(groups)
			groups = append(groups, []int{first, i})
		default:
			groups[-1-first] = append(groups[-1-first], i)
		}
	}
	kept := groups[:0]
	for _, group := range groups {
		if len(group) <= crowd {
			kept = append(kept, group)
		}
	}
	return kept
}

// plainNumber drops spaces and case, which forms differ in.
func plainNumber(n esrmodel.NINumber) esrmodel.NINumber {
	s := string(n)
	if strings.ContainsRune(s, ' ') {
		s = strings.ReplaceAll(s, " ", "")
	}
	return esrmodel.NINumber(strings.ToUpper(s))
}

// relate fills in Same of record i and reports a second record that is current too.
func (r *resolver) relate(i int, group []int) {
	p := &r.out[i]
	var same []int
	for _, j := range group {
		if j != i && surnamesAgree(p, &r.out[j]) {
			same = append(same, j)
		}
	}
	sort.SliceStable(same, func(a, b int) bool { return older(&r.out[same[a]], &r.out[same[b]]) })
	for _, j := range same {
		other := &r.out[j]
		p.Same = append(p.Same, other.ID)
		if p.Standing == Current && other.Standing == Current && older(other, p) {
			r.find(finding.DuplicatePerson, p, other.ID,
				"records %s and %s are one person (NI number, date of birth and surname agree) and both are current", other.name(), p.name())
		}
	}
}

// older orders records of one human being.
func older(a, b *Person) bool {
	if a.Start != b.Start {
		return a.Start < b.Start
	}
	return a.ID < b.ID
}

// returns fills in ReturnsAs: the record under which the same human being works
// on or will work again. A record that is current itself returns only as one
// that is still to start.
func (r *resolver) returns(i int) {
	p := &r.out[i]
	if p.Standing == Starting {
		return
	}
	for _, id := range p.Same {
		other := &r.out[r.index[id]]
		switch other.Standing {
		case Current:
			if p.Standing != Current {
				p.ReturnsAs = id
			}
		case Starting:
			if p.ReturnsAs == "" || r.out[r.index[p.ReturnsAs]].Standing == Starting {
				p.ReturnsAs = id
			}
		}
	}
}

// surnamesAgree reports whether two records have the same surname, or one has
// the other's as its previous one.
func surnamesAgree(a, b *Person) bool {
	lastA, lastB := letters(a.Last), letters(b.Last)
	if lastA == "" || lastB == "" {
		return false
	}
	return lastA == lastB || lastA == letters(b.PreviousLast) || letters(a.PreviousLast) == lastB
}

// letters returns a name in lower case without anything but letters, so that
// O'Neill is ONeill.
func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}

// sharedKeys holds people whose employee number stands on another person's
// record too. Records of the same human being may share it: a rehire keeps it.
func (r *resolver) sharedKeys() {
	first := make(map[string]int, len(r.out))
	for i := range r.out {
		p := &r.out[i]
		if p.Key == "" || p.External {
			continue
		}
		j, taken := first[p.Key]
		if !taken {
			first[p.Key] = i
			continue
		}
		other := &r.out[j]
		if contains(p.Same, other.ID) {
			continue
		}
		text := "employee number " + p.Key + " is on person records #" + other.ID + " and #" + p.ID
		p.Held = append(p.Held, text)
		other.Held = append(other.Held, text)
		r.find(finding.DuplicatePerson, p, "number "+p.ID, "%s", text)
	}
}

func contains(list []string, wanted string) bool {
	for _, s := range list {
		if s == wanted {
			return true
		}
	}
	return false
}
