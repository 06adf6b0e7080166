package chain_test

import (
	"bytes"
	"crypto/ed25519"
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"esrsync/internal/state"
	"esrsync/internal/store/chain"
)

// ledger returns n rows as a store would make them.
func ledger(n int) []state.Record {
	all := make([]state.Record, 0, n)
	previous := chain.Genesis()
	for i := range n {
		salt, value := fmt.Sprint("salt", i), fmt.Sprint("login", i)
		r := chain.Seal(state.Record{
			Sequence: int64(i + 1), At: time.UnixMicro(int64(i)).UTC(), Action: "change.applied", RunID: "run",
			Subject: fmt.Sprint("subject", i%3), Previous: previous,
			Digests: map[string]string{"login": chain.Digest(salt, "login", value)},
			Details: map[string]string{"login": value}, Salts: map[string]string{"login": salt},
		})
		previous = r.Hash
		all = append(all, r)
	}
	return all
}

func key() ed25519.PrivateKey {
	return ed25519.NewKeyFromSeed(bytes.Repeat([]byte{7}, ed25519.SeedSize))
}

func verify(rows []state.Record, checkpoints ...state.Checkpoint) chain.Report {
	v := chain.NewVerifier(key().Public().(ed25519.PublicKey), checkpoints)
	for _, r := range rows {
		v.Next(r)
	}
	return v.Done()
}

// damages are what can be done to rows without touching those before the place at.
func damages() map[string]func(rows []state.Record, at int) []state.Record {
	return map[string]func(rows []state.Record, at int) []state.Record{
		"cut off": func(rows []state.Record, at int) []state.Record { return rows[:at] },
		"removed": func(rows []state.Record, at int) []state.Record { return slices.Delete(rows, at, at+1) },
		"doubled": func(rows []state.Record, at int) []state.Record { return slices.Insert(rows, at, rows[at]) },
		"edited":  func(rows []state.Record, at int) []state.Record { rows[at].Action += "!"; return rows },
		"later": func(rows []state.Record, at int) []state.Record {
			rows[at].At = rows[at].At.Add(time.Microsecond)
			return rows
		},
		"new value": func(rows []state.Record, at int) []state.Record { rows[at].Details["login"] += "!"; return rows },
		"no value":  func(rows []state.Record, at int) []state.Record { delete(rows[at].Details, "login"); return rows },
		"forged": func(rows []state.Record, at int) []state.Record {
			rows[at].Action += "!"
			for i := at; i < len(rows); i++ {
				if i > 0 {
					rows[i].Previous = rows[i-1].Hash
				}
				rows[i] = chain.Seal(rows[i])
			}
			return rows
		},
	}
}

func TestWhateverIsDoneBeforeACheckpointIsFoundAndNoRowBeforeItIsBlamed(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 12).Draw(t, "rows")
		rows := ledger(n)
		seen := rapid.IntRange(1, n).Draw(t, "rows at the checkpoint")
		elsewhere := chain.Sign(key(), int64(seen), rows[seen-1].Hash, time.UnixMicro(1))
		if report := verify(rows, elsewhere); !report.IsSound() || report.Proven != int64(seen) {
			t.Fatalf("an untouched ledger: %+v", report)
		}
		at := rapid.IntRange(0, seen-1).Draw(t, "place")
		name := rapid.SampledFrom([]string{"cut off", "removed", "doubled", "edited", "later", "new value", "no value", "forged"}).Draw(t, "damage")
		report := verify(damages()[name](rows, at), elsewhere)
		if report.IsSound() || report.Broken < int64(at+1) || report.Broken > int64(seen+1) {
			t.Errorf("%s at row %d of %d, checkpoint at %d: %+v", name, at+1, n, seen, report)
		}
	})
}

func TestTwoDifferentRowsAreNeverTheSameBytes(t *testing.T) {
	t.Parallel()
	pairs := map[string][2]state.Record{
		"text moved to the next field": {{Action: "ab", RunID: "c"}, {Action: "a", RunID: "bc"}},
		"a digest under another name":  {{Digests: map[string]string{"a": "bc"}}, {Digests: map[string]string{"ab": "c"}}},
		"a length as text":             {{Action: "1:a"}, {Action: "1", RunID: "a"}},
		"a digest for a subject":       {{Subject: "s", Digests: map[string]string{}}, {Digests: map[string]string{"s": ""}}},
	}
	for name, pair := range pairs {
		if chain.Seal(pair[0]).Hash == chain.Seal(pair[1]).Hash {
			t.Errorf("%s: one hash for both", name)
		}
	}
}

func TestADigestHidesAShortValue(t *testing.T) {
	t.Parallel()
	a, b := chain.Digest("one salt", "login", "a"), chain.Digest("another salt", "login", "a")
	if a == b || len(a) != 64 || a == chain.Digest("one salt", "upn", "a") {
		t.Errorf("digests are %s and %s", a, b)
	}
}

func TestOneKeysCheckpointIsNoOthers(t *testing.T) {
	t.Parallel()
	rows := ledger(2)
	other := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{8}, ed25519.SeedSize))
	c := chain.Sign(other, 2, rows[1].Hash, time.UnixMicro(1))
	if chain.IsGenuine(key().Public().(ed25519.PublicKey), c) || !chain.IsGenuine(other.Public().(ed25519.PublicKey), c) {
		t.Error("a checkpoint is taken for another key's")
	}
}
