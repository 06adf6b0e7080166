package directory_test

import (
	"encoding/hex"
	"testing"

	"pgregory.net/rapid"

	"esrsync/internal/directory"
)

func anyGUID() *rapid.Generator[directory.GUID] {
	return rapid.Custom(func(t *rapid.T) directory.GUID {
		return directory.GUID(rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "bytes"))
	})
}

func TestGUIDText(t *testing.T) {
	t.Parallel()
	raw, err := hex.DecodeString("f8c0398a19b2ce4ca9e06701d2238875")
	if err != nil {
		t.Fatal(err)
	}
	const text = "8a39c0f8-b219-4cce-a9e0-6701d2238875"
	g, err := directory.GUIDOf(raw)
	if err != nil || g.String() != text {
		t.Errorf("the bytes read as %q (%v), want %q", g, err, text)
	}
	for _, s := range []string{text, "8A39C0F8-B219-4CCE-A9E0-6701D2238875"} {
		if back, err := directory.ParseGUID(s); err != nil || back != g {
			t.Errorf("%s is %x (%v), want %x", s, back[:], err, raw)
		}
	}
}

func TestGUIDTextSurvives(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		want := anyGUID().Draw(t, "guid")
		text, err := want.MarshalText()
		if err != nil {
			t.Fatal(err)
		}
		var got directory.GUID
		if err := got.UnmarshalText(text); err != nil || got != want {
			t.Fatalf("%x went to %q and came back as %x (%v)", want[:], text, got[:], err)
		}
	})
}

func TestGUIDIsRefused(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, text string }{
		{"nothing", ""},
		{"no dashes", "8a39c0f8b2194ccea9e06701d2238875"},
		{"too short", "8a39c0f8-b219-4cce-a9e0-6701d22388"},
		{"no hex", "8a39c0f8-b219-4cce-a9e0-6701d223887g"},
		{"dashes alone", "------------------------------------"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if g, err := directory.ParseGUID(tt.text); err == nil {
				t.Errorf("%q was taken as %s", tt.text, g)
			}
		})
	}
	if _, err := directory.GUIDOf(make([]byte, 15)); err == nil {
		t.Error("15 bytes were taken as a GUID")
	}
}

func TestGUIDsCompareByTheirBytes(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a, b := anyGUID().Draw(t, "a"), anyGUID().Draw(t, "b")
		if (a.Compare(b) == 0) != (a == b) || a.Compare(b) != -b.Compare(a) {
			t.Fatalf("%s and %s compare as %d and %d", a, b, a.Compare(b), b.Compare(a))
		}
	})
}

func FuzzParseGUID(f *testing.F) {
	f.Add("8a39c0f8-b219-4cce-a9e0-6701d2238875")
	f.Add("------------------------------------")
	f.Fuzz(func(t *testing.T, s string) {
		g, err := directory.ParseGUID(s)
		if err != nil || g.IsZero() {
			return
		}
		if back, err := directory.ParseGUID(g.String()); err != nil || back != g {
			t.Errorf("%q is %s, which reads as %s (%v)", s, g, back, err)
		}
	})
}
