package spool_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"esrsync/internal/directory"
	"esrsync/internal/spool"
	"esrsync/internal/state"
)

// planted is a category that stands nowhere but where it was put.
const planted = "planted-category-7c1e"

func folder(t *testing.T) spool.Folder {
	t.Helper()
	return spool.Folder{Path: filepath.Join(t.TempDir(), "made", "spool")}
}

// hold returns a hold with something in every kind of field.
func hold(n int, ticket string) state.Hold {
	at := time.Date(2026, time.November, 22, 2, 3, 4, 5000, time.UTC)
	return state.Hold{
		ID: fmt.Sprintf("%032x", n), PersonID: "1", Ticket: ticket, Requester: "jtestley", Review: 46000, Placed: at,
		State: state.HoldPlacing, Accounts: []state.HeldAccount{{
			Account: directory.GUID{1}, Login: "ttestley", Control: directory.NormalAccount, Groups: []directory.GUID{{2}},
			Reached: []state.Reached{{Controller: "dc1.trust.example", Disabled: at, Tried: at}},
		}},
	}
}

func write(t *testing.T, f spool.Folder, holds ...state.Hold) {
	t.Helper()
	for _, h := range holds {
		if err := f.Write(h, planted); err != nil {
			t.Fatal(err)
		}
	}
}

// pending returns the entries; an error ends the test.
func pending(t *testing.T, f spool.Folder) []spool.Entry {
	t.Helper()
	entries, err := f.Pending()
	if err != nil {
		t.Fatal(err)
	}
	return entries
}

// wantTickets complains unless the pending holds have these tickets.
func wantTickets(t *testing.T, f spool.Folder, want ...string) []spool.Entry {
	t.Helper()
	entries := pending(t, f)
	var got []string
	for _, e := range entries {
		got = append(got, e.Hold.Ticket)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the pending tickets (-want +got):\n%s", diff)
	}
	return entries
}

// names returns the names of all files.
func names(t *testing.T, f spool.Folder) []string {
	t.Helper()
	entries, err := os.ReadDir(f.Path)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, e := range entries {
		all = append(all, e.Name())
	}
	return all
}

func TestAHoldComesBackAsItWasWrittenWithItsCategory(t *testing.T) {
	t.Parallel()
	f := folder(t)
	write(t, f, hold(2, "INC2"), hold(1, "INC1"))
	want := hold(1, "INC1")
	want.Category = planted
	got := wantTickets(t, f, "INC1", "INC2")[0].Hold
	type bare state.Hold // prints everything
	if diff := cmp.Diff(bare(want), bare(got)); diff != "" {
		t.Errorf("the hold (-want +got):\n%s", diff)
	}
}

func TestAFolderThatNobodyMadeIsEmpty(t *testing.T) {
	t.Parallel()
	wantTickets(t, folder(t))
}

func TestAHoldWrittenAgainReplacesItsFile(t *testing.T) {
	t.Parallel()
	f := folder(t)
	for n := range 12 {
		write(t, f, hold(1, fmt.Sprint("INC", n)), hold(2, "INC"))
	}
	wantTickets(t, f, "INC11", "INC")
	if got := names(t, f); len(got) != 2 {
		t.Errorf("the spool has %q, want one file for each hold", got)
	}
}

func TestWhatWasTakenIsGoneAndTakingItAgainIsSuccess(t *testing.T) {
	t.Parallel()
	f := folder(t)
	write(t, f, hold(1, "INC1"), hold(2, "INC2"))
	first := pending(t, f)[0]
	for range 2 {
		if err := f.Taken(first); err != nil {
			t.Fatal(err)
		}
		wantTickets(t, f, "INC2")
	}
}

func TestWhatWasWrittenSinceIsNotTaken(t *testing.T) {
	t.Parallel()
	f := folder(t)
	write(t, f, hold(1, "before"))
	before := pending(t, f)[0]
	write(t, f, hold(1, "since"))
	if err := f.Taken(before); err != nil {
		t.Fatal(err)
	}
	wantTickets(t, f, "since")
}

func TestAHoldWhoseIDCouldBeAPathIsRefused(t *testing.T) {
	t.Parallel()
	f := folder(t)
	for _, id := range []string{"", "../../etc/esrsync/esrsync.toml", strings.Repeat("A", 32), strings.Repeat("a", 31)} {
		h := hold(1, "INC1")
		h.ID = id
		if err := f.Write(h, planted); err == nil {
			t.Errorf("a hold with the ID %q was written", id)
		}
	}
	wantTickets(t, f)
}

func TestOnlyTheOwnerMayReadTheFiles(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("Windows has no modes; the folder's access list does it there")
	}
	f := folder(t)
	write(t, f, hold(1, "INC1"))
	for path, want := range map[string]os.FileMode{f.Path: 0o700, filepath.Join(f.Path, names(t, f)[0]): 0o600} {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm() != want {
			t.Errorf("%s has mode %o, want %o", path, info.Mode().Perm(), want)
		}
	}
}

func TestAFolderThatCannotBeWrittenIsToldWithTheHold(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "a file")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, f := range []spool.Folder{{}, {Path: path}, {Path: filepath.Join(path, "below")}} {
		h := hold(1, "INC1")
		if err := f.Write(h, planted); err == nil || !strings.Contains(err.Error(), h.ID) || strings.Contains(err.Error(), planted) {
			t.Errorf("writing below a file says %v", err)
		}
	}
}

func TestTheCategoryIsInTheFileAndInNothingThatIsPrinted(t *testing.T) {
	t.Parallel()
	f := folder(t)
	write(t, f, hold(1, "INC1"))
	path := filepath.Join(f.Path, names(t, f)[0])
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(content), planted) || strings.Contains(path, planted) {
		t.Error("the category belongs in the file, and not in its name")
	}
	entries := pending(t, f)
	written, err := json.Marshal(entries)
	if err != nil {
		t.Fatal(err)
	}
	told := []string{string(written)}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%d", "%x", "%q"} {
		told = append(told, fmt.Sprintf(verb, entries), fmt.Sprintf(verb, entries[0]), fmt.Sprintf(verb, entries[0].Hold))
	}
	rewrite(t, path, strings.Replace(string(content), `"state":"placing"`, `"state":"`+planted+`"`, 1))
	_, err = f.Pending()
	told = append(told, fmt.Sprint(err))
	for _, text := range told {
		if strings.Contains(text, planted) {
			t.Errorf("the category is told: %s", text)
		}
	}
	if got := fmt.Sprint(entries[0]); got != entries[0].Hold.ID {
		t.Errorf("an entry prints as %q, want the hold's ID", got)
	}
}

func rewrite(t *testing.T, path, content string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

func wantDamaged(t *testing.T, err error, names ...string) {
	t.Helper()
	if !errors.Is(err, spool.ErrDamaged) {
		t.Errorf("got error %v, want one that is %q", err, spool.ErrDamaged)
		return
	}
	for _, name := range names {
		if !strings.Contains(err.Error(), name) {
			t.Errorf("the error %v does not name %s", err, name)
		}
	}
}
