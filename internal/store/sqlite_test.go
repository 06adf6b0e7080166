package store_test

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"esrsync/internal/state"
	"esrsync/internal/store"
	"esrsync/internal/store/storetest"
)

func TestTheFileIsOurUsersAlone(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("Windows has no modes; the folder's access list does it there")
	}
	path := filepath.Join(t.TempDir(), "esrsync.db")
	if err := os.WriteFile(path, nil, 0o666); err != nil { // As somebody careless would have made it.
		t.Fatal(err)
	}
	f := storetest.Open(t, storetest.Database{Options: store.Options{Driver: "sqlite", Path: path}})
	if err := f.SetSetting(t.Context(), "key", "value"); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{path, path + "-wal", path + "-shm"} {
		info, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm() != 0o600 {
			t.Errorf("%s has mode %o, want 600", filepath.Base(name), info.Mode().Perm())
		}
	}
}

func TestACommitWaitsForTheDisk(t *testing.T) {
	t.Parallel()
	f := storetest.Open(t, onSQLite(t))
	for pragma, want := range map[string]string{"synchronous": "2", "journal_mode": "wal"} {
		if got := store.Pragma(t, f.Store, pragma); got != want {
			t.Errorf("%s is %s, want %s", pragma, got, want)
		}
	}
}

func TestAFolderThatIsNotThereIsAStoreThatCannotBeReached(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "missing", "esrsync.db")
	_, err := store.Open(t.Context(), store.Options{Driver: "sqlite", Path: path, VPD: storetest.VPD})
	wantKind(t, err, state.ErrUnavailable)
}
