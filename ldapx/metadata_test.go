package ldapx

import (
	_ "embed"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-ldap/ldap/v3"
	"pgregory.net/rapid"

	"esrsync/internal/directory"
)

// row is one attribute in the vector.
type row struct {
	attribute, version uint32
	seconds            uint64
	origin             directory.GUID
}

// vector encodes rows as a controller does.
func vector(rows ...row) []byte {
	out := binary.LittleEndian.AppendUint64(nil, 1)
	out = binary.LittleEndian.AppendUint64(out, uint64(len(rows)))
	for _, r := range rows {
		out = binary.LittleEndian.AppendUint32(out, r.attribute)
		out = binary.LittleEndian.AppendUint32(out, r.version)
		out = binary.LittleEndian.AppendUint64(out, r.seconds)
		out = append(out, r.origin[:]...)
		out = append(out, make([]byte, 16)...)
	}
	return out
}

// sambaVector is the vector of a made-up user whose password was set three times
// after it was made.
//
//go:embed testdata/replPropertyMetaData.hex
var sambaVector string

func TestTheVectorThatSambaWroteIsRead(t *testing.T) {
	t.Parallel()
	raw, err := hex.DecodeString(strings.ReplaceAll(sambaVector, "\n", ""))
	if err != nil {
		t.Fatal(err)
	}
	got, err := stampInVector(raw, unicodePwdID)
	want := time.Date(2026, 11, 22, 16, 11, 27, 0, time.UTC)
	if err != nil || got.Version != 4 || got.Origin.String() != "8a8fdaad-0877-4430-ac21-7028c13b7851" || !got.At.Equal(want) {
		t.Errorf("got %+v (%v)", got, err)
	}
}

func TestWhatIsNoVectorIsRefused(t *testing.T) {
	t.Parallel()
	whole := vector(row{attribute: 1, version: 1}, row{attribute: unicodePwdID, version: 7})
	changed := func(at int, b byte) []byte {
		out := slices.Clone(whole)
		out[at] = b
		return out
	}
	for name, raw := range map[string][]byte{
		"one cut short":                        whole[:len(whole)-1],
		"one cut short by a row":               whole[:len(whole)-vectorRow],
		"one with more than it says":           append(slices.Clone(whole), 0),
		"a head alone that promises rows":      whole[:vectorHead],
		"half a head":                          whole[:9],
		"another version":                      changed(0, 2),
		"more rows than there are":             changed(8, 3),
		"a number of rows that would overflow": changed(11, 0xff),
		"a time after all calendars":           vector(row{attribute: unicodePwdID, version: 1, seconds: 1 << 62}),
	} {
		if got, err := stampInVector(raw, unicodePwdID); !errors.Is(err, errMetadata) {
			t.Errorf("%s: got %+v and %v", name, got, err)
		}
	}
}

func TestAPasswordThatWasNeverWrittenHasNoVersion(t *testing.T) {
	t.Parallel()
	for name, raw := range map[string][]byte{"no rows": vector(), "other rows": vector(row{attribute: 8, version: 4})} {
		if got, err := stampInVector(raw, unicodePwdID); err != nil || !got.IsZero() {
			t.Errorf("%s: got %+v and %v", name, got, err)
		}
	}
}

func TestBothFormsOfTheMetadataSayTheSame(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		want := directory.Stamp{
			Version: rapid.Uint32Min(1).Draw(t, "version"),
			At:      time.Unix(rapid.Int64Range(0, 32503680000).Draw(t, "at"), 0).UTC(),
			Origin:  directory.GUID(rapid.SliceOfN(rapid.ByteMin(1), 16, 16).Draw(t, "origin")),
		}
		before := rapid.SliceOfN(rapid.Uint32Max(unicodePwdID-1), 0, 5).Draw(t, "others")
		var rows []row
		for _, id := range before {
			rows = append(rows, row{attribute: id, version: 9})
		}
		raw := vector(append(rows, row{unicodePwdID, want.Version, uint64(want.At.Unix() + secondsTo1970), want.Origin})...)
		text := fmt.Sprintf("<DS_REPL_ATTR_META_DATA>\n\t<pszAttributeName>unicodePwd</pszAttributeName>\n\t<dwVersion>%d</dwVersion>\n"+
			"\t<ftimeLastOriginatingChange>%s</ftimeLastOriginatingChange>\n"+
			"\t<uuidLastOriginatingDsaInvocationID>%s</uuidLastOriginatingDsaInvocationID>\n\t<usnOriginatingChange>5</usnOriginatingChange>\n"+
			"</DS_REPL_ATTR_META_DATA>\n\x00", want.Version, want.At.Format(time.RFC3339), want.Origin)
		for _, a := range []*ldap.EntryAttribute{
			{Name: "replPropertyMetaData", Values: []string{string(raw)}, ByteValues: [][]byte{raw}},
			{Name: "msDS-ReplAttributeMetaData", Values: []string{text}},
			{Name: "msDS-ReplAttributeMetaData;range=0-*", Values: []string{text}},
		} {
			got, err := passwordStamp(&ldap.Entry{Attributes: []*ldap.EntryAttribute{a}})
			if err != nil || got != want {
				t.Fatalf("%s: got %+v (%v), want %+v", a.Name, got, err, want)
			}
		}
	})
}

func TestMetadataThatIsHiddenFromUsIsAMissingRight(t *testing.T) {
	t.Parallel()
	if got, err := passwordStamp(&ldap.Entry{}); !errors.Is(err, directory.ErrDenied) {
		t.Errorf("got %+v and %v", got, err)
	}
}

func TestTextThatIsNoMetadataIsRefused(t *testing.T) {
	t.Parallel()
	const open, shut = "<DS_REPL_ATTR_META_DATA><pszAttributeName>unicodePwd</pszAttributeName>", "</DS_REPL_ATTR_META_DATA>"
	for name, text := range map[string]string{
		"no document":       "unicodePwd",
		"no time":           open + "<dwVersion>1</dwVersion>" + shut,
		"no number":         open + "<dwVersion>many</dwVersion>" + shut,
		"a negative number": open + "<dwVersion>-1</dwVersion>" + shut,
		"no origin":         open + "<dwVersion>1</dwVersion><ftimeLastOriginatingChange>2026-03-02T08:00:00Z</ftimeLastOriginatingChange>" + shut,
	} {
		if got, err := stampInText([]string{text}, unicodePwd); !errors.Is(err, errMetadata) {
			t.Errorf("%s: got %+v and %v", name, got, err)
		}
	}
}

func FuzzVector(f *testing.F) {
	f.Add([]byte(nil))
	f.Add(vector())
	if raw, err := hex.DecodeString(strings.ReplaceAll(sambaVector, "\n", "")); err == nil {
		f.Add(raw)
	}
	f.Add(vector(row{attribute: unicodePwdID, version: 3, seconds: 13400000000}))
	f.Add(vector(row{attribute: 8, version: 1}, row{attribute: unicodePwdID, version: 3, seconds: 1 << 63})[:60])
	f.Fuzz(func(t *testing.T, raw []byte) {
		got, err := stampInVector(raw, unicodePwdID)
		if err != nil && !got.IsZero() {
			t.Errorf("%x is refused and yet %+v", raw, got)
		}
		if err == nil && (got.At.Year() > 9999 || len(raw)%vectorRow != vectorHead) {
			t.Errorf("%x is %+v", raw, got)
		}
	})
}

func FuzzMetadataText(f *testing.F) {
	f.Add("<DS_REPL_ATTR_META_DATA><pszAttributeName>unicodePwd</pszAttributeName><dwVersion>3</dwVersion></DS_REPL_ATTR_META_DATA>\x00")
	f.Add("<a>")
	f.Fuzz(func(t *testing.T, text string) {
		if got, err := stampInText([]string{text}, unicodePwd); err != nil && !got.IsZero() {
			t.Errorf("%q is refused and yet %+v", text, got)
		}
	})
}
