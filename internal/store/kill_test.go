package store_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"testing"

	"esrsync/esrmodel"
	"esrsync/internal/state"
	"esrsync/internal/store"
	"esrsync/internal/store/storetest"
)

// victimDriver and victimAddress name the store for the process that is killed.
const (
	victimDriver  = "ESRSYNC_TEST_VICTIM_DRIVER"
	victimAddress = "ESRSYNC_TEST_VICTIM_ADDRESS"
)

// perFile is how many records each of the victim's files has.
const perFile = 200

// TestMain lets this binary also be the process that is killed.
func TestMain(m *testing.M) {
	if driver := os.Getenv(victimDriver); driver != "" {
		address := os.Getenv(victimAddress)
		if err := victim(store.Options{Driver: driver, Path: address, DSN: address, VPD: storetest.VPD}); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// victim writes until it is killed, and says each time that something was written.
func victim(o store.Options) error {
	ctx := context.Background()
	s, err := store.Open(ctx, o)
	if err != nil {
		return err
	}
	for n := 0; ; n++ {
		if _, err := s.Intend(ctx, []state.Entry{{RunID: "run", ChangeID: fmt.Sprint(n)}}); err != nil {
			return err
		}
		if err := s.ApplyFeed(ctx, state.Feed{Name: "file", SHA256: fmt.Sprint(n), Source: "staff"}, batch(n)); err != nil {
			return err
		}
		if err := s.Append(ctx, state.Event{Action: "feed.accepted", PersonID: "1"}, state.Event{Action: "run.ended"}); err != nil {
			return err
		}
		fmt.Println(n)
	}
}

func batch(n int) (b esrmodel.Batch) {
	for i := range perFile {
		id := fmt.Sprint(n, "-", i)
		b.People = append(b.People, esrmodel.Person{ID: id})
		b.Assignments = append(b.Assignments, esrmodel.Assignment{ID: id, PersonID: id})
	}
	return b
}

func TestAKilledProcessLeavesWholeTransactionsAndAllThatItWasTold(t *testing.T) {
	t.Parallel()
	for name, fresh := range map[string]func(*testing.T) storetest.Database{"sqlite": onSQLite, "postgres": onPostgres} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := fresh(t)
			written := kill(t, db.Options)
			wantWhole(t, storetest.Open(t, db), written)
		})
	}
}

// kill lets a victim write a few times, kills it with whatever it was about to
// do, and returns how often it said that it had written.
func kill(t *testing.T, o store.Options) int {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	process := exec.Command(self)
	process.Env = append(os.Environ(), victimDriver+"="+o.Driver, victimAddress+"="+o.Path+o.DSN)
	process.Stderr = os.Stderr
	out, err := process.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := process.Start(); err != nil {
		t.Fatal(err)
	}
	lines, written := bufio.NewScanner(out), 0
	for lines.Scan() {
		if written++; written == 4 {
			_ = process.Process.Kill() // It may have ended by itself; then the count tells.
		}
	}
	_ = process.Wait() // Killed, as it should be.
	if written < 4 {
		t.Fatalf("the victim wrote %d times and ended by itself", written)
	}
	return written
}

// wantWhole looks at what a killed process left: of each file all or nothing, and
// nothing missing of what it had said was written.
func wantWhole(t *testing.T, f storetest.Fixture, written int) {
	t.Helper()
	feeds, err := f.Feeds(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	staff, err := f.Staff(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	open, err := f.OpenEntries(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if n := len(feeds) * perFile; len(staff.People) != n || len(staff.Assignments) != n {
		t.Errorf("%d files of %d left %d people and %d assignments", len(feeds), perFile, len(staff.People), len(staff.Assignments))
	}
	if len(feeds) < written || len(open) < len(feeds) {
		t.Errorf("after %d writes there are %d files and %d intents", written, len(feeds), len(open))
	}
	report, err := f.Verify(t.Context(), nil, nil)
	if err != nil || !report.IsSound() || report.Rows < int64(2*written) || report.Rows%2 != 0 {
		t.Errorf("the ledger after %d writes of two rows: %+v, %v", written, report, err)
	}
}
