package directorytest

import (
	"context"
	"sync"
	"testing"

	"esrsync/internal/directory"
)

func lockoutClaims() []claim {
	return []claim{
		{"a lockout switches off and marks, and keeps all else", lockoutMade},
		{"a lockout that is already so writes nothing", lockoutAlready},
		{"a lockout of an account that is off marks it", lockoutOfDisabled},
		{"a lockout replaces whatever marker there is", lockoutOverMarker},
		{"a lockout without a marker leaves the marker as it is", lockoutUnmarked},
		{"a lockout wins over somebody who goes on writing", lockoutWins},
		{"a lockout without the right is denied", lockoutDenied},
		{"who is gone is not found, and a group is nobody", lockoutNobody},
		{"a cancelled lockout writes nothing", lockoutCancelled},
		{"each reset is one version of the password more", versionCounts},
		{"what is no password does not count as one", versionOfOthers},
		{"the password's version of an account that is gone is not found", versionGone},
		{"looking at accounts shows each as it is, sorted, each once", sightsShow},
		{"looking at accounts leaves out who is gone, and what is no account", sightsGone},
		{"looking at nobody shows nobody", sightsNone},
	}
}

const marker = "sealed-and-only-a-test"

// markerAttribute is where every directory of the suite has its marker.
const markerAttribute = "adminDescription"

// marked returns the account with the marker and the number of its last change.
func (f Fixture) marked(t *testing.T, id directory.GUID) (a directory.Account, change string) {
	t.Helper()
	a, err := f.Reader.Account(t.Context(), id, directory.Scope{Attributes: []string{"uSNChanged", "title"}})
	if err != nil {
		t.Fatal(err)
	}
	return a, a.Value("uSNChanged")
}

func (f Fixture) lockOut(t *testing.T, id directory.GUID, marker string) {
	t.Helper()
	if err := f.Locker.LockOut(t.Context(), id, marker); err != nil {
		t.Fatal(err)
	}
}

// wantLocked fails unless the account is off and has the marker.
func (f Fixture) wantLocked(t *testing.T, id directory.GUID, marker string) {
	t.Helper()
	if got := f.read(t, id); got.Enabled() || got.Marker != marker {
		t.Errorf("enabled %t with marker %q, want off and %q", got.Enabled(), got.Marker, marker)
	}
}

func lockoutMade(t *testing.T, f Fixture) {
	a := f.enabled(t)
	before := a.Control | directory.PasswordNeverEnds
	f.set(t, a.GUID, edit("userAccountControl", a.Control.String(), before.String()), edit("title", "", "Nurse"))
	f.lockOut(t, a.GUID, marker)
	f.wantLocked(t, a.GUID, marker)
	got := f.read(t, a.GUID)
	if got.Control != before.WithDisabled() || got.Value("title") != "Nurse" || got.DN != a.DN {
		t.Errorf("the control field went from %s to %s, title %q, %s", before, got.Control, got.Value("title"), got.DN)
	}
	f.wantSignIn(t, a.UPN, Password, false)
}

func lockoutAlready(t *testing.T, f Fixture) {
	a := f.enabled(t)
	f.lockOut(t, a.GUID, marker)
	_, before := f.marked(t, a.GUID)
	f.lockOut(t, a.GUID, marker)
	if _, after := f.marked(t, a.GUID); after != before || after == "" {
		t.Errorf("the number of the last change went from %q to %q", before, after)
	}
}

func lockoutOfDisabled(t *testing.T, f Fixture) {
	a := f.newcomer(t)
	f.lockOut(t, a.GUID, marker)
	f.wantLocked(t, a.GUID, marker)
}

func lockoutOverMarker(t *testing.T, f Fixture) {
	a := f.enabled(t)
	f.lockOut(t, a.GUID, "somebody else's")
	f.lockOut(t, a.GUID, marker)
	f.wantLocked(t, a.GUID, marker)
}

func lockoutUnmarked(t *testing.T, f Fixture) {
	plain, sealed := f.enabled(t), f.newcomer(t)
	f.lockOut(t, plain.GUID, "")
	f.wantLocked(t, plain.GUID, "")
	f.lockOut(t, sealed.GUID, marker)
	f.lockOut(t, sealed.GUID, "")
	f.wantLocked(t, sealed.GUID, marker)
}

// lockoutWins has a second writer change the marker as fast as it can. Its writes
// expect the marker that they found, so that none is made after the lockout's.
func lockoutWins(t *testing.T, f Fixture) {
	a := f.enabled(t)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	began := make(chan struct{})
	var once sync.Once
	var writer sync.WaitGroup
	writer.Go(func() {
		was := ""
		for next := "odd"; ctx.Err() == nil; {
			if f.Writer.Modify(ctx, a.GUID, []directory.Edit{edit(markerAttribute, was, next)}) != nil {
				return // The marker is no longer the one that it wrote: the lockout came.
			}
			was, next = next, map[string]string{"odd": "even", "even": "odd"}[next]
			once.Do(func() { close(began) })
		}
	})
	<-began
	f.lockOut(t, a.GUID, marker)
	writer.Wait()
	f.wantLocked(t, a.GUID, marker)
}

func lockoutDenied(t *testing.T, f Fixture) {
	a := f.stranger(t)
	wantKind(t, f.Locker.LockOut(t.Context(), a.GUID, marker), directory.ErrDenied)
	if got := f.read(t, a.GUID); got.Marker != "" {
		t.Errorf("after the refusal the marker is %q", got.Marker)
	}
}

func lockoutNobody(t *testing.T, f Fixture) {
	wantKind(t, f.Locker.LockOut(t.Context(), missing(), marker), directory.ErrNotFound)
	wantKind(t, f.Locker.LockOut(t.Context(), f.group(t).GUID, marker), directory.ErrNotFound)
}

func lockoutCancelled(t *testing.T, f Fixture) {
	a := f.enabled(t)
	wantKind(t, f.Locker.LockOut(cancelled(t), a.GUID, marker), context.Canceled)
	if got := f.read(t, a.GUID); !got.Enabled() || got.Marker != "" {
		t.Errorf("enabled %t with marker %q", got.Enabled(), got.Marker)
	}
}

func (f Fixture) version(t *testing.T, id directory.GUID) directory.Stamp {
	t.Helper()
	stamp, err := f.Locker.PasswordVersion(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return stamp
}

func versionCounts(t *testing.T, f Fixture) {
	a := f.newcomer(t)
	first := f.version(t, a.GUID)
	f.reset(t, a.GUID, "Marble-Teapot-91-Zephyr", false)
	f.reset(t, a.GUID, "Copper-Pillow-18-Yonder", true)
	third := f.version(t, a.GUID)
	switch {
	case first.Version == 0 || third.Version != first.Version+2 || third.Compare(first) <= 0:
		t.Errorf("two resets after %+v the version is %+v", first, third)
	case third.Origin.IsZero() || third.Origin != first.Origin || third.At.Before(first.At) || third.At.Location().String() != "UTC":
		t.Errorf("the resets were made by %+v, then by %+v", first, third)
	}
}

func versionOfOthers(t *testing.T, f Fixture) {
	a := f.enabled(t)
	before := f.version(t, a.GUID)
	f.set(t, a.GUID, edit("title", "", "Nurse"))
	f.lockOut(t, a.GUID, marker)
	if after := f.version(t, a.GUID); after != before {
		t.Errorf("the version went from %+v to %+v", before, after)
	}
}

func versionGone(t *testing.T, f Fixture) {
	_, err := f.Locker.PasswordVersion(t.Context(), missing())
	wantKind(t, err, directory.ErrNotFound)
}

func sightsShow(t *testing.T, f Fixture) {
	a, b := f.enabled(t), f.newcomer(t)
	f.lockOut(t, b.GUID, marker)
	f.reset(t, b.GUID, "Marble-Teapot-91-Zephyr", false)
	if a.GUID.Compare(b.GUID) > 0 {
		a, b = b, a
	}
	got, err := f.Locker.Sights(t.Context(), []directory.GUID{b.GUID, a.GUID, b.GUID})
	if err != nil || len(got) != 2 || got[0].GUID != a.GUID || got[1].GUID != b.GUID {
		t.Fatalf("got %+v (%v), want %s and %s", got, err, a.GUID, b.GUID)
	}
	for _, s := range got {
		want := f.read(t, s.GUID)
		if s.DN != want.DN || s.Control != want.Control || s.Marker != want.Marker || s.Login != want.Login || s.Password != f.version(t, s.GUID) {
			t.Errorf("seen as %+v, read as %+v", s, want)
		}
	}
}

func sightsGone(t *testing.T, f Fixture) {
	a := f.newcomer(t)
	got, err := f.Locker.Sights(t.Context(), []directory.GUID{missing(), a.GUID, f.group(t).GUID, {}})
	if err != nil || len(got) != 1 || got[0].GUID != a.GUID {
		t.Errorf("got %+v (%v), want %s alone", got, err, a.GUID)
	}
}

func sightsNone(t *testing.T, f Fixture) {
	if got, err := f.Locker.Sights(t.Context(), nil); err != nil || len(got) != 0 {
		t.Errorf("got %+v (%v)", got, err)
	}
}
