package plan

import (
	"cmp"
	"slices"
	"strings"
)

// rank gives the place of a class or of a kind in the order of a run.
func rank[T comparable](all []T, one T) int { return slices.Index(all, one) }

// kindsInOrder is the order of a person's changes within a class. An account is
// made before it is enabled; it is disabled before anything else is taken; it
// gets its new CN before its new attributes, since those are what a rename is
// recognised by, so that a run that is killed between the two is taken up again.
func kindsInOrder() []Kind {
	return []Kind{Create, Disable, Enable, Renaming, Set, Move, RemoveMember, AddMember, Password, Mark, Deletion}
}

// sortChanges puts changes in the order in which they are made: by class, then
// by person, then by kind. What is left equal is told apart by account and group.
func sortChanges(changes []Change) {
	classes, kinds := Classes(), kindsInOrder()
	slices.SortFunc(changes, func(a, b Change) int {
		return cmp.Or(
			cmp.Compare(rank(classes, a.Class), rank(classes, b.Class)),
			strings.Compare(a.Person, b.Person),
			strings.Compare(a.PersonID, b.PersonID),
			cmp.Compare(rank(kinds, a.Kind), rank(kinds, b.Kind)),
			a.Account.Compare(b.Account),
			strings.Compare(a.DN, b.DN),
			strings.Compare(a.ID, b.ID),
		)
	})
}

func compareMemberships(a, b Membership) int {
	return cmp.Or(
		strings.Compare(a.Person, b.Person),
		a.Account.Compare(b.Account),
		strings.Compare(a.Group, b.Group),
	)
}
