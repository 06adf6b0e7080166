package store_test

import (
	"cmp"
	"fmt"
	"math/rand"
	"slices"
	"testing"

	compare "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"esrsync/esrmodel"
	"esrsync/esrmodel/feed"
	"esrsync/internal/state"
	"esrsync/internal/store/storetest"
)

// The gate tells what a file would change by the pure model of esrmodel/feed; what
// the store then makes of it must be the same, or an approved difference would not
// be what happens.
func TestTheMirrorIsWhatThePureModelSays(t *testing.T) {
	t.Parallel()
	for name, fresh := range map[string]func(*testing.T) storetest.Database{"sqlite": onSQLite, "postgres": onPostgres} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := storetest.Open(t, fresh(t))
			rapid.Check(t, func(t *rapid.T) {
				empty(t, f)
				var model esrmodel.Staff
				for n := range rapid.IntRange(1, 5).Draw(t, "files") {
					b := drawBatch(t, fmt.Sprint("file ", n))
					model = feed.Apply(model, b)
					take(t, f, b)
					take(t, f, b) // A replay changes nothing.
				}
				wantMirror(t, f, model)
			})
		})
	}
}

func empty(t *rapid.T, f storetest.Fixture) {
	for _, table := range []string{"record", "absence", "deletion", "fault", "feed"} {
		if _, err := f.Database.Raw.Exec(`DELETE FROM ` + table); err != nil {
			t.Fatal(err)
		}
	}
}

// take applies the batch with its lines in another order than the model had them.
func take(t *rapid.T, f storetest.Fixture, b feed.Batch) {
	order := rand.New(rand.NewSource(int64(len(b.People))))
	shuffled := esrmodel.Batch{
		Full: b.Full, People: mixed(order, b.People), Assignments: mixed(order, b.Assignments),
		Positions: mixed(order, b.Positions), Deleted: mixed(order, b.Deletions), Faults: mixed(order, b.Faults),
	}
	file := state.Feed{Name: b.File, SHA256: b.File, Source: "staff", Full: b.Full}
	if err := f.ApplyFeed(t.Context(), file, shuffled); err != nil {
		t.Fatal(err)
	}
}

func mixed[T any](order *rand.Rand, all []T) []T {
	all = slices.Clone(all)
	order.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all
}

func wantMirror(t *rapid.T, f storetest.Fixture, want esrmodel.Staff) {
	got, err := f.Staff(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	options := []compare.Option{
		cmpopts.EquateEmpty(),
		// Whose a purged assignment was is the store's own knowledge.
		cmpopts.IgnoreFields(esrmodel.Deletion{}, "PersonID"),
		cmpopts.SortSlices(func(a, b esrmodel.Fault) int { return cmp.Compare(fmt.Sprint(a), fmt.Sprint(b)) }),
	}
	if diff := compare.Diff(want, got, options...); diff != "" {
		t.Fatalf("the mirror is not the model's (-model +store):\n%s", diff)
	}
}

// drawBatch draws a file about a few records, so that files touch one another.
func drawBatch(t *rapid.T, file string) feed.Batch {
	b := feed.Batch{File: file, Full: rapid.Bool().Draw(t, "full")}
	drawSlices(t, "people", &b.People, func(id string, s esrmodel.Span, n int) esrmodel.Person {
		return esrmodel.Person{ID: id, Span: s, LastName: fmt.Sprint("Testley", n), NINumber: esrmodel.NINumber(fmt.Sprint(n))}
	})
	drawSlices(t, "assignments", &b.Assignments, func(id string, s esrmodel.Span, n int) esrmodel.Assignment {
		return esrmodel.Assignment{ID: id, Span: s, PersonID: fmt.Sprint(n), FTE: float64(n) / 7, Primary: n%2 == 0}
	})
	drawSlices(t, "positions", &b.Positions, func(id string, s esrmodel.Span, n int) esrmodel.Position {
		return esrmodel.Position{ID: id, Span: s, Name: fmt.Sprint(n, "|Nurse")}
	})
	for _, id := range drawIDs(t, "purged") {
		b.Deletions = append(b.Deletions, esrmodel.Deletion{Kind: drawKind(t), ID: id, Feed: file})
	}
	slices.SortFunc(b.Deletions, func(x, y esrmodel.Deletion) int {
		return cmp.Compare(x.Kind+"/"+esrmodel.Kind(x.ID), y.Kind+"/"+esrmodel.Kind(y.ID))
	})
	for line, id := range drawIDs(t, "faulty") {
		b.Faults = append(b.Faults, esrmodel.Fault{Kind: drawKind(t), ID: id, PersonID: id, Feed: file, Line: line})
	}
	return b
}

func drawKind(t *rapid.T) esrmodel.Kind {
	return rapid.SampledFrom([]esrmodel.Kind{esrmodel.KindPerson, esrmodel.KindAssignment, esrmodel.KindPosition}).Draw(t, "kind")
}

func drawIDs(t *rapid.T, label string) []string {
	ids := rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"1", "10", "2", "é"}), 0, 3, rapid.ID[string]).Draw(t, label)
	slices.Sort(ids)
	return ids
}

// drawSlices draws slices of a kind as the gate hands them on: by ID and first
// day, each pair once, none that ends before it starts.
func drawSlices[T any](t *rapid.T, label string, to *[]T, make func(id string, s esrmodel.Span, n int) T) {
	for _, id := range drawIDs(t, label) {
		days := rapid.SliceOfNDistinct(rapid.IntRange(1, 9), 1, 3, rapid.ID[int]).Draw(t, "first days")
		slices.Sort(days)
		for _, from := range days {
			s := esrmodel.Span{From: esrmodel.Date(from)}
			if length := rapid.IntRange(0, 5).Draw(t, "length"); length > 0 {
				s.To = s.From + esrmodel.Date(length-1)
			}
			*to = append(*to, make(id, s, rapid.IntRange(1, 99).Draw(t, "content")))
		}
	}
}
