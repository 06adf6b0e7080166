package storetest

import (
	"fmt"
	"sync"
	"testing"

	"esrsync/internal/directory"
	"esrsync/internal/state"
	"esrsync/internal/store"
)

func nameClaims() []claim {
	return []claim{
		{"every field of a name comes back", nameEveryField},
		{"a name once given is never given to another person", nameNever},
		{"the same person may reserve a name again", nameAgain},
		{"names are reserved all or none, and the error names the one in the way", nameAllOrNone},
		{"two people in one call cannot have one name", nameTwoAtOnce},
		{"a UPN and an address share one space", nameSpace},
		{"a login is in a space of its own", nameLoginSpace},
		{"case makes no other name", nameCase},
		{"a name of nobody known is nobody's to get", nameOfNobody},
		{"an import adds what is new and leaves owners alone", nameImport},
		{"an import may say whose a name of nobody known was", nameImportOwner},
		{"an import may name one name twice", nameImportTwice},
		{"of many who reach for one name at once one gets it", nameContended},
	}
}

func login(value, person string) state.Name {
	return state.Name{Kind: directory.LoginName, Value: value, PersonID: person, Source: "reserved", Since: noon}
}

func address(value, person string) state.Name {
	return state.Name{Kind: directory.Address, Value: value, PersonID: person, Source: "reserved", Since: noon}
}

func upn(value, person string) state.Name {
	return state.Name{Kind: directory.UPNName, Value: value, PersonID: person, Source: "reserved", Since: noon}
}

func (f Fixture) reserve(t *testing.T, names ...state.Name) {
	t.Helper()
	done(t, f.ReserveNames(t.Context(), names))
}

func (f Fixture) names(t *testing.T) []state.Name {
	t.Helper()
	return got[[]state.Name](t)(f.Names(t.Context()))
}

func nameEveryField(t *testing.T, f Fixture) {
	want := filled[state.Name](t)
	f.reserve(t, want)
	same(t, "the names", f.names(t), []state.Name{want})
}

func nameNever(t *testing.T, f Fixture) {
	f.reserve(t, login("ttestley", "1"))
	wantKind(t, f.ReserveNames(t.Context(), []state.Name{login("ttestley", "2")}), state.ErrTaken)
	wantKind(t, f.again(t).ReserveNames(t.Context(), []state.Name{login("ttestley", "2")}), state.ErrTaken)
}

func nameAgain(t *testing.T, f Fixture) {
	f.reserve(t, login("ttestley", "1"))
	f.reserve(t, login("ttestley", "1"), login("ttestley2", "1"))
	same(t, "the names", f.names(t), []state.Name{login("ttestley", "1"), login("ttestley2", "1")})
}

func nameAllOrNone(t *testing.T, f Fixture) {
	f.reserve(t, address("t.testley@trust.example", "1"))
	err := f.ReserveNames(t.Context(), []state.Name{login("free", "2"), address("t.testley@trust.example", "2")})
	wantKind(t, err, state.ErrTaken)
	wantWords(t, err, "address t.testley@trust.example", "that of 1")
	same(t, "the names", f.names(t), []state.Name{address("t.testley@trust.example", "1")})
}

func nameTwoAtOnce(t *testing.T, f Fixture) {
	wantKind(t, f.ReserveNames(t.Context(), []state.Name{login("ttestley", "1"), login("ttestley", "2")}), state.ErrTaken)
	same(t, "number of names", len(f.names(t)), 0)
}

func nameSpace(t *testing.T, f Fixture) {
	f.reserve(t, upn("t@trust.example", "1"), address("t@trust.example", "1"), address("u@trust.example", "1"))
	wantKind(t, f.ReserveNames(t.Context(), []state.Name{upn("u@trust.example", "2")}), state.ErrTaken)
	wantKind(t, f.ReserveNames(t.Context(), []state.Name{address("t@trust.example", "2")}), state.ErrTaken)
	same(t, "number of names", len(f.names(t)), 3)
}

func nameLoginSpace(t *testing.T, f Fixture) {
	f.reserve(t, login("same", "1"), upn("same", "2"))
	same(t, "number of names", len(f.names(t)), 2)
}

func nameCase(t *testing.T, f Fixture) {
	f.reserve(t, login("TTestley", "1"))
	wantKind(t, f.ReserveNames(t.Context(), []state.Name{login("ttestLEY", "2")}), state.ErrTaken)
	same(t, "the names", f.names(t), []state.Name{login("ttestley", "1")})
}

func nameOfNobody(t *testing.T, f Fixture) {
	_ = got[int](t)(f.ImportNames(t.Context(), []state.Name{login("old", "")}))
	err := f.ReserveNames(t.Context(), []state.Name{login("old", "1")})
	wantKind(t, err, state.ErrTaken)
	wantWords(t, err, "somebody unknown")
	wantKind(t, f.ReserveNames(t.Context(), []state.Name{login("old", "")}), state.ErrTaken)
}

func nameImport(t *testing.T, f Fixture) {
	f.reserve(t, login("mine", "1"))
	added := got[int](t)(f.ImportNames(t.Context(), []state.Name{login("mine", "2"), login("mine", ""), login("new", "2")}))
	same(t, "added", added, 1)
	same(t, "the names", f.names(t), []state.Name{login("mine", "1"), login("new", "2")})
}

func nameImportOwner(t *testing.T, f Fixture) {
	_ = got[int](t)(f.ImportNames(t.Context(), []state.Name{login("old", "")}))
	same(t, "added", got[int](t)(f.ImportNames(t.Context(), []state.Name{login("old", "1")})), 0)
	f.reserve(t, login("old", "1"))
	wantKind(t, f.ReserveNames(t.Context(), []state.Name{login("old", "2")}), state.ErrTaken)
}

func nameImportTwice(t *testing.T, f Fixture) {
	added := got[int](t)(f.ImportNames(t.Context(), []state.Name{login("a", ""), login("a", ""), login("A", "1"), login("a", "2")}))
	same(t, "added", added, 1)
	same(t, "the names", f.names(t), []state.Name{login("a", "1")})
}

// nameContended lets two processes reach for the same name in its two kinds, again
// and again: nothing but the order in which they come keeps them apart.
func nameContended(t *testing.T, f Fixture) {
	processes := []*store.Store{f.Store, f.again(t)}
	for round := range 8 {
		value := fmt.Sprint(round, "@trust.example")
		errs := make([]error, 8)
		var wg sync.WaitGroup
		for i := range errs {
			wanted := address(value, fmt.Sprint(i))
			if i%4 < 2 {
				wanted = upn(value, fmt.Sprint(i))
			}
			wg.Go(func() { errs[i] = processes[i%2].ReserveNames(t.Context(), []state.Name{wanted}) })
		}
		wg.Wait()
		won := 0
		for _, err := range errs {
			if err == nil {
				won++
			} else {
				wantKind(t, err, state.ErrTaken)
			}
		}
		same(t, "how many got the name", won, 1)
	}
}
