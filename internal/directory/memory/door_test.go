package memory_test

import (
	"errors"
	"testing"
	"time"

	"esrsync/internal/directory"
	"esrsync/internal/directory/memory"
)

func TestExpiryIsEditedWithoutKnowingHowNeverIsWritten(t *testing.T) {
	t.Parallel()
	day := time.Date(2026, 7, 1, 23, 0, 0, 0, time.UTC)
	for _, never := range []string{"0", "9223372036854775807"} {
		d := newDomain(t)
		load(t, d, memory.User("CN=Ann,OU=Staff,"+d.Base(), "ann", values("accountExpires", never)))
		s, err := d.As("svc-esrsync")
		if err != nil {
			t.Fatal(err)
		}
		door := memory.NewDirectory(s)
		all, err := door.Accounts(t.Context(), directory.Scope{Bases: []string{"OU=Staff," + d.Base()}})
		if err != nil || len(all) != 1 || !all[0].Expires.IsZero() {
			t.Fatalf("%s: got %+v (%v)", never, all, err)
		}
		expiry := func(old, next []string) error {
			return door.Modify(t.Context(), all[0].GUID, []directory.Edit{{Attribute: "accountExpires", Old: old, New: next}})
		}
		on := []string{directory.FileTime(day)}
		if err := expiry(nil, on); err != nil {
			t.Errorf("%s: setting a first date: %v", never, err)
		}
		if err := expiry(nil, []string{directory.FileTime(day.AddDate(0, 0, 1))}); !errors.Is(err, directory.ErrConflict) {
			t.Errorf("%s: setting a first date over another: %v, want a conflict", never, err)
		}
		if err := expiry(on, nil); err != nil {
			t.Errorf("%s: taking the date away: %v", never, err)
		}
		if a, err := door.Account(t.Context(), all[0].GUID, directory.Scope{}); err != nil || !a.Expires.IsZero() {
			t.Errorf("%s: the account expires at %s (%v)", never, a.Expires, err)
		}
	}
}
