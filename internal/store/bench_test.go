package store_test

import (
	"fmt"
	"testing"

	"esrsync/esrmodel"
	"esrsync/internal/directory"
	"esrsync/internal/state"
	"esrsync/internal/store"
	"esrsync/internal/store/storetest"
)

// staffOf returns a full file of n people with an assignment and a position each.
func staffOf(n int) esrmodel.Batch {
	b := esrmodel.Batch{Full: true}
	for i := range n {
		id := fmt.Sprint(1000000 + i)
		b.People = append(b.People, esrmodel.Person{
			ID: id, Span: esrmodel.Span{From: 40000}, EmployeeNumber: id, Title: "Dr", LastName: "Testley" + id, FirstName: "Test",
			DateOfBirth: 20000, NINumber: "QQ123456C", HireDate: 40000, SystemPersonType: "EMP", Email: "t" + id + "@trust.example",
		})
		b.Assignments = append(b.Assignments, esrmodel.Assignment{
			ID: id, Span: esrmodel.Span{From: 40000}, PersonID: id, Type: "E", Number: id + "-2", Status: "Active Assignment",
			Category: "Permanent", Primary: true, FTE: 1, OrganisationID: "500", PositionID: id, PositionName: "277|Staff Nurse|Ward 4",
		})
		b.Positions = append(b.Positions, esrmodel.Position{ID: id, Span: esrmodel.Span{From: 40000}, Name: "277|Staff Nurse|Ward 4"})
	}
	return b
}

func benchStore(b *testing.B) storetest.Fixture {
	b.Helper()
	return storetest.Open(b, storetest.Database{Options: store.Options{Driver: "sqlite", Path: b.TempDir() + "/esrsync.db"}})
}

func BenchmarkReadingTheMirrorOf100000People(b *testing.B) {
	f := benchStore(b)
	if err := f.ApplyFeed(b.Context(), state.Feed{SHA256: "1"}, staffOf(100_000)); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := f.Staff(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkTakingAFullFileOf100000People(b *testing.B) {
	all := staffOf(100_000)
	for b.Loop() {
		f := benchStore(b)
		if err := f.ApplyFeed(b.Context(), state.Feed{SHA256: "1"}, all); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkTakingTheSameFullFileOf100000PeopleTheNextDay(b *testing.B) {
	f, all, n := benchStore(b), staffOf(100_000), 0
	for b.Loop() {
		n++
		if err := f.ApplyFeed(b.Context(), state.Feed{SHA256: fmt.Sprint(n)}, all); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkAppending5000EventsToTheLedger(b *testing.B) {
	f := benchStore(b)
	events := make([]state.Event, 5000)
	for i := range events {
		events[i] = state.Event{
			Actor: state.Daemon, Action: "change.applied", RunID: "run", PersonID: fmt.Sprint(i % 1000),
			Details: map[string]string{"login": "ttestley", "before": "512", "after": "514"},
		}
	}
	for b.Loop() {
		if err := f.Append(b.Context(), events...); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkIntendingAndSettlingOneChange(b *testing.B) {
	f := benchStore(b)
	for b.Loop() {
		ids, err := f.Intend(b.Context(), []state.Entry{{RunID: "run", ChangeID: "1"}})
		if err != nil {
			b.Fatal(err)
		}
		if err := f.SettleAll(b.Context(), []state.Entry{{ID: ids[0], Outcome: state.Done}}); err != nil {
			b.Fatal(err)
		}
	}
}

// benchHold returns a hold of an account on two controllers.
func benchHold(n int) state.Hold {
	return state.Hold{
		ID: fmt.Sprintf("%032x", n), PersonID: fmt.Sprint(n), State: state.HoldPlacing,
		Accounts: []state.HeldAccount{{Account: directory.GUID{byte(n), byte(n >> 8), 1}, Reached: make([]state.Reached, 2)}},
	}
}

func BenchmarkSavingAHold(b *testing.B) {
	f, n := benchStore(b), 0
	for b.Loop() {
		n++
		if err := f.SaveHold(b.Context(), benchHold(n)); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkAskingWhetherAnAccountIsHeldAmong1000Holds(b *testing.B) {
	f := benchStore(b)
	for n := range 1000 {
		if err := f.SaveHold(b.Context(), benchHold(n)); err != nil {
			b.Fatal(err)
		}
	}
	for b.Loop() {
		if held, err := f.IsHeld(b.Context(), "stranger", directory.GUID{9}); err != nil || held {
			b.Fatal(held, err)
		}
	}
}

func BenchmarkCheckingAFence(b *testing.B) {
	f := benchStore(b)
	fence, err := f.Acquire(b.Context(), "run", "one", 1<<40)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if err := f.CheckFence(b.Context(), "run", fence); err != nil {
			b.Fatal(err)
		}
	}
}
