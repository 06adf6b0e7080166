package store_test

import (
	"bytes"
	"crypto/ed25519"
	"strings"
	"testing"

	"esrsync/internal/state"
	"esrsync/internal/store"
	"esrsync/internal/store/storetest"
)

// Whatever is handed in as an exported ledger: reading it ends, and only the very
// rows that the checkpoint saw are proven by it.
func FuzzVerifyExport(f *testing.F) {
	key := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{7}, ed25519.SeedSize))
	whole, checkpoint := exported(f, key)
	lines := strings.SplitAfter(whole, "\n")
	f.Add(whole)
	f.Add("")
	f.Add("{}")
	f.Add(lines[1] + lines[0] + lines[2])
	f.Add(lines[0] + lines[0] + lines[1] + lines[2])
	f.Add(strings.Replace(whole, "login1", "login9", 1))
	f.Add(`{"sequence": 1, "at": "nonsense"}`)
	f.Fuzz(func(t *testing.T, text string) {
		report, err := store.VerifyExport(strings.NewReader(text), key.Public().(ed25519.PublicKey), []state.Checkpoint{checkpoint})
		if err == nil && report.IsSound() && !strings.Contains(text, checkpoint.Hash) {
			t.Errorf("%q was found sound: %+v", text, report)
		}
	})
}

// exported returns a small ledger as it is exported, and its checkpoint.
func exported(f *testing.F, key ed25519.PrivateKey) (string, state.Checkpoint) {
	f.Helper()
	path := f.TempDir() + "/esrsync.db"
	s := storetest.Open(f, storetest.Database{Options: store.Options{Driver: "sqlite", Path: path}})
	for _, login := range []string{"login1", "login2", "login3"} {
		event := state.Event{Actor: "jtestley", Action: "change.applied", PersonID: "1", Details: map[string]string{"login": login}}
		if err := s.Append(f.Context(), event); err != nil {
			f.Fatal(err)
		}
	}
	checkpoint, err := s.Checkpoint(f.Context(), key)
	if err != nil {
		f.Fatal(err)
	}
	var out strings.Builder
	if err := s.Export(f.Context(), &out); err != nil {
		f.Fatal(err)
	}
	return out.String(), checkpoint
}
