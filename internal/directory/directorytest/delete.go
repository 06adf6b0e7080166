package directorytest

import (
	"testing"

	"esrsync/internal/directory"
)

func deleteClaims() []claim {
	return []claim{
		{"a deleted account is gone, and deleting it again is success", deleteTwice},
		{"an account with something below it is refused, and stays", deleteParent},
		{"a manager who is deleted is nobody's manager", deleteManager},
	}
}

func deleteTwice(t *testing.T, f Fixture) {
	a := f.newcomer(t)
	for range 2 {
		if err := f.Writer.Delete(t.Context(), a.GUID); err != nil {
			t.Fatal(err)
		}
	}
	_, err := f.Reader.Account(t.Context(), a.GUID, f.scope())
	wantKind(t, err, directory.ErrNotFound)
}

func deleteParent(t *testing.T, f Fixture) {
	a := f.newcomer(t)
	f.Add(t, directory.ChildDN("Devices", a.DN), map[string][]string{"objectClass": {"classStore"}})
	wantKind(t, f.Writer.Delete(t.Context(), a.GUID), directory.ErrRefused)
	f.read(t, a.GUID)
}

func deleteManager(t *testing.T, f Fixture) {
	boss, a := f.newcomer(t), f.newcomer(t)
	f.set(t, a.GUID, edit("manager", "", boss.DN))
	if err := f.Writer.Delete(t.Context(), boss.GUID); err != nil {
		t.Fatal(err)
	}
	if got := f.read(t, a.GUID).Manager; got != "" {
		t.Errorf("the manager is still %q", got)
	}
}
