package directory_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"esrsync/internal/directory"
)

func anyStamp() *rapid.Generator[directory.Stamp] {
	return rapid.Custom(func(t *rapid.T) directory.Stamp {
		return directory.Stamp{
			Version: rapid.Uint32Max(3).Draw(t, "version"),
			At:      time.Unix(rapid.Int64Range(0, 3).Draw(t, "at"), 0).UTC(),
			Origin:  directory.GUID{rapid.ByteMax(3).Draw(t, "origin")},
		}
	})
}

func TestEveryControllerKeepsTheSameOfTwoWrites(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a, b, c := anyStamp().Draw(t, "a"), anyStamp().Draw(t, "b"), anyStamp().Draw(t, "c")
		switch {
		case a.Compare(b) != -b.Compare(a):
			t.Fatalf("which of %+v and %+v is kept depends on which came first", a, b)
		case (a.Compare(b) == 0) != (a == b):
			t.Fatalf("%+v and %+v are the same write: %d", a, b, a.Compare(b))
		case a.Compare(b) > 0 && b.Compare(c) > 0 && a.Compare(c) <= 0:
			t.Fatalf("%+v, %+v and %+v have no order", a, b, c)
		}
	})
}

func TestWhichOfTwoWritesIsKept(t *testing.T) {
	t.Parallel()
	noon := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name         string
		kept, passed directory.Stamp
	}{
		{"a higher version, though it is older", directory.Stamp{Version: 3, At: noon}, directory.Stamp{Version: 2, At: noon.Add(time.Hour)}},
		{"of equal versions the later", directory.Stamp{Version: 2, At: noon.Add(time.Second)}, directory.Stamp{Version: 2, At: noon, Origin: directory.GUID{9}}},
		{"at the same second that of the greater origin", directory.Stamp{Version: 2, At: noon, Origin: directory.GUID{2}}, directory.Stamp{Version: 2, At: noon, Origin: directory.GUID{1}}},
		{"any write before none", directory.Stamp{Version: 1, At: noon}, directory.Stamp{}},
	} {
		if c.kept.Compare(c.passed) <= 0 || c.passed.Compare(c.kept) >= 0 {
			t.Errorf("%s: %+v does not replace %+v", c.name, c.kept, c.passed)
		}
	}
	if !(directory.Stamp{}).IsZero() || (directory.Stamp{Version: 1}).IsZero() {
		t.Error("only an attribute that was never written has no version")
	}
}

func TestAQueryOfNothingIsEmpty(t *testing.T) {
	t.Parallel()
	for name, q := range map[string]directory.Query{"a key": {PersonKeys: []string{"1"}}, "a login": {Logins: []string{"a"}},
		"an address": {Addresses: []string{"a@x"}}, "an account": {Accounts: []directory.GUID{{1}}}} {
		if q.IsEmpty() {
			t.Errorf("a query for %s is empty", name)
		}
	}
	if !(directory.Query{}).IsEmpty() {
		t.Error("a query for nothing is not")
	}
}
