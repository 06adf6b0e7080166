package token_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"esrsync/internal/directory"
	"esrsync/internal/token"

	"pgregory.net/rapid"
)

func sealer(t testing.TB, fill byte) *token.Sealer {
	t.Helper()
	s, err := token.New(bytes.Repeat([]byte{fill}, token.KeySize))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

var statement = rapid.Custom(func(t *rapid.T) token.Statement {
	st := token.Statement{
		PersonID:  rapid.StringMatching(`[0-9X]{0,30}`).Draw(t, "id"),
		PersonKey: rapid.StringMatching(`[0-9X]{0,30}`).Draw(t, "key"),
		State:     rapid.SampledFrom([]string{"", "managed", "precreated", "leaver"}).Draw(t, "state"),
		Enabled:   rapid.Bool().Draw(t, "enabled"),
		Released:  rapid.Bool().Draw(t, "released"),
	}
	copy(st.Hold[:], rapid.SliceOfN(rapid.Byte(), token.HoldSize, token.HoldSize).Draw(t, "hold"))
	return st
})

var guid = rapid.Custom(func(t *rapid.T) directory.GUID {
	return directory.GUID(rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "guid"))
})

func TestTokenSaysWhatWasSealedAndOnlyOfItsAccount(t *testing.T) {
	t.Parallel()
	s, other := sealer(t, 1), sealer(t, 2)
	rapid.Check(t, func(t *rapid.T) {
		st, id, elsewhere := statement.Draw(t, "statement"), guid.Draw(t, "account"), guid.Draw(t, "elsewhere")
		text, err := s.Seal(id, st)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := s.Open(id, text); err != nil || got != st {
			t.Fatalf("opened %+v, %v; sealed %+v", got, err, st)
		}
		if again, _ := s.Seal(id, st); again != text {
			t.Fatal("the same statement gave another token: a second run would write it")
		}
		if _, err := s.Open(elsewhere, text); err == nil && elsewhere != id {
			t.Fatal("a token copied to another account was believed")
		}
		if _, err := other.Open(id, text); err == nil {
			t.Fatal("a token sealed with another key was believed")
		}
		cut := rapid.IntRange(0, len(text)-1).Draw(t, "cut")
		if _, err := s.Open(id, text[:cut]); err == nil {
			t.Fatal("a token cut short was believed")
		}
	})
}

func TestEveryTokenHasTheSameLengthAndTellsNothing(t *testing.T) {
	t.Parallel()
	s := sealer(t, 1)
	rapid.Check(t, func(t *rapid.T) {
		a, errA := s.Seal(guid.Draw(t, "a"), statement.Draw(t, "sa"))
		b, errB := s.Seal(guid.Draw(t, "b"), token.Statement{PersonKey: "20000001", State: "managed"})
		if errA != nil || errB != nil {
			t.Fatal(errA, errB)
		}
		if len(a) != len(b) {
			t.Fatalf("tokens of %d and %d characters", len(a), len(b))
		}
		if strings.Contains(b, "20000001") || strings.HasPrefix(a, "User_") || strings.HasPrefix(a, "Group_") {
			t.Fatalf("token %q", a)
		}
	})
}

func TestKeysAndStatementsThatCannotBeAreRefused(t *testing.T) {
	t.Parallel()
	if _, err := token.New([]byte("short")); err == nil {
		t.Error("a short key was taken")
	}
	s := sealer(t, 1)
	if _, err := s.Seal(directory.GUID{1}, token.Statement{State: "on holiday"}); err == nil {
		t.Error("an unknown state was sealed")
	}
	if _, err := s.Seal(directory.GUID{1}, token.Statement{PersonKey: strings.Repeat("9", 41)}); err == nil {
		t.Error("a key too long was sealed")
	}
}

func TestATokenOfTodayIsReadByEveryLaterVersion(t *testing.T) {
	t.Parallel()
	// Accounts keep these for years: another format needs another beginning.
	st := token.Statement{PersonID: "500001", PersonKey: "20000001", State: "leaver", Hold: [token.HoldSize]byte{1, 2, 3}}
	const sealed = "esr1.6heIAWA7nVAn63y7qA6yeHt3Y3_oOyFm2Toxavolk7U2RwFyAdNgTjlLWvnmDATJQMIRs3nbyyZ_UkU0tT1fCiWSrOtI3AQs7VrGuYYwPp-zhC5m4gG_KapyDPURDlGiTwHsw9IxKIhkgMy4f47ZFcUzCAkG2npw7BFyUk5gNQ"
	text, err := sealer(t, 1).Seal(directory.GUID{1}, st)
	if err != nil || text != sealed {
		t.Errorf("sealed %s, %v", text, err)
	}
	if got, err := sealer(t, 1).Open(directory.GUID{1}, sealed); err != nil || got != st {
		t.Errorf("opened %+v, %v", got, err)
	}
}

func TestWhatIsNoTokenIsInvalidAndSaysNothing(t *testing.T) {
	t.Parallel()
	s := sealer(t, 1)
	good, err := s.Seal(directory.GUID{1}, token.Statement{PersonKey: "20000001", State: "leaver"})
	if err != nil {
		t.Fatal(err)
	}
	for claim, text := range map[string]string{
		"nothing":                   "",
		"somebody's note":           "leaver, see ticket",
		"a later format":            strings.Replace(good, "esr1.", "esr2.", 1),
		"something behind it":       good + "A",
		"a letter changed":          good[:20] + strings.Map(func(r rune) rune { return r ^ 1 }, good[20:21]) + good[21:],
		"padding":                   good + "=",
		"a line break":              good + "\n",
		"letters of another base64": strings.NewReplacer("-", "+", "_", "/").Replace(good + "-"),
	} {
		if got, err := s.Open(directory.GUID{1}, text); !errors.Is(err, token.ErrInvalid) || got != (token.Statement{}) {
			t.Errorf("%s: %+v, %v", claim, got, err)
		}
	}
}

func FuzzOpen(f *testing.F) {
	s := sealer(f, 1)
	good, _ := s.Seal(directory.GUID{1}, token.Statement{PersonKey: "20000001", State: "leaver"})
	f.Add(good)
	f.Add("esr1.")
	f.Add("User_1234")
	f.Fuzz(func(t *testing.T, text string) {
		if _, err := s.Open(directory.GUID{1}, text); err == nil && text != good {
			t.Fatalf("%q was believed", text)
		}
	})
}
