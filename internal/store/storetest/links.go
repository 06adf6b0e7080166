package storetest

import (
	"testing"

	"esrsync/internal/directory"
	"esrsync/internal/state"
)

func linkClaims() []claim {
	return []claim{
		{"every field of a link comes back", linkEveryField},
		{"links are sorted by person and account", linkSorted},
		{"a person has one primary account, and a second is refused by name", linkOnePrimary},
		{"a person may have several further accounts", linkSeveralSecondary},
		{"an account goes over to a returning person's new record in one step", linkGoesOver},
		{"a link saved again is brought up to date", linkAgain},
		{"a removed link is gone, and removing it again is success", linkRemoved},
		{"an unlink that names another person leaves the link", linkOfAnother},
		{"every field of an answer of the match queue comes back", decisionEveryField},
		{"a later answer about the same pair takes the place of the earlier", decisionLater},
	}
}

func guid(n byte) directory.GUID { return directory.GUID{0: 0xa, 15: n} }

func link(person string, n byte) state.Link {
	return state.Link{PersonID: person, PersonKey: "2" + person, Account: guid(n), State: "managed", Since: noon}
}

func secondary(person string, n byte) state.Link {
	l := link(person, n)
	l.Secondary = true
	return l
}

func (f Fixture) link(t *testing.T, links ...state.Link) {
	t.Helper()
	for _, l := range links {
		done(t, f.SaveLink(t.Context(), l))
	}
}

func (f Fixture) wantLinks(t *testing.T, want ...state.Link) {
	t.Helper()
	same(t, "the links", got[[]state.Link](t)(f.Links(t.Context())), want)
}

func linkEveryField(t *testing.T, f Fixture) {
	want := filled[state.Link](t)
	f.link(t, want)
	f.wantLinks(t, want)
}

func linkSorted(t *testing.T, f Fixture) {
	f.link(t, link("2", 1), secondary("1", 9), link("1", 5))
	f.wantLinks(t, link("1", 5), secondary("1", 9), link("2", 1))
}

func linkOnePrimary(t *testing.T, f Fixture) {
	f.link(t, link("1", 1))
	err := f.SaveLink(t.Context(), link("1", 2))
	wantKind(t, err, state.ErrSecondPrimary)
	wantWords(t, err, guid(1).String())
	f.wantLinks(t, link("1", 1))
}

func linkSeveralSecondary(t *testing.T, f Fixture) {
	f.link(t, secondary("1", 1), secondary("1", 2), link("1", 3))
	f.wantLinks(t, secondary("1", 1), secondary("1", 2), link("1", 3))
}

func linkGoesOver(t *testing.T, f Fixture) {
	f.link(t, link("1", 1), link("2", 1))
	f.wantLinks(t, link("2", 1))
}

func linkAgain(t *testing.T, f Fixture) {
	f.link(t, link("1", 1))
	l := link("1", 1)
	l.State, l.Evidence = "leaver", "token"
	f.link(t, l)
	f.wantLinks(t, l)
}

func linkRemoved(t *testing.T, f Fixture) {
	f.link(t, link("1", 1), link("2", 2))
	for range 2 {
		done(t, f.RemoveLink(t.Context(), "1", guid(1)))
		f.wantLinks(t, link("2", 2))
	}
}

func linkOfAnother(t *testing.T, f Fixture) {
	f.link(t, link("1", 1))
	done(t, f.RemoveLink(t.Context(), "2", guid(1)))
	f.wantLinks(t, link("1", 1))
}

func decisionEveryField(t *testing.T, f Fixture) {
	want := filled[state.Decision](t)
	done(t, f.SaveDecision(t.Context(), want))
	same(t, "the answers", got[[]state.Decision](t)(f.Decisions(t.Context())), []state.Decision{want})
}

func decisionLater(t *testing.T, f Fixture) {
	create := state.Decision{PersonID: "1", Answer: state.AnswerCreate, At: noon}
	no := state.Decision{PersonID: "1", Account: guid(1), Answer: state.AnswerNotSame, At: noon}
	yes := state.Decision{PersonID: "1", Account: guid(1), Answer: state.AnswerLink, By: "admin", At: noon}
	for _, d := range []state.Decision{no, create, yes} {
		done(t, f.SaveDecision(t.Context(), d))
	}
	same(t, "the answers", got[[]state.Decision](t)(f.Decisions(t.Context())), []state.Decision{create, yes})
}
