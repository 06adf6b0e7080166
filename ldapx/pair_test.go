package ldapx_test

import (
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"esrsync/internal/directory"
	"esrsync/internal/testbed"
	"esrsync/ldapx"
)

const (
	firstPassword  = "Wobble-Lantern-47-Quartz"
	secondPassword = "Marble-Teapot-91-Zephyr"
	thirdPassword  = "Copper-Pillow-18-Yonder"
)

// pairOptions begin at one controller of the pair, as the service.
func pairOptions(p *testbed.Controllers) ldapx.Options {
	o := sambaOptions(p.North, p.Service)
	o.Base, o.PageSize = p.Base, 0
	return o
}

// openPair opens both controllers by the names that the directory gives them.
func openPair(t *testing.T, p *testbed.Controllers) (north, south *ldapx.Controller) {
	t.Helper()
	o := pairOptions(p)
	return openController(t, o, p.North.Host()), openController(t, o, p.South.Host())
}

// pairUser makes an enabled user below a unit, known to both controllers.
func pairUser(t *testing.T, p *testbed.Controllers, unit string) (dn string, as testbed.Account) {
	t.Helper()
	login := "l" + unit[3:13]
	dn, as = "CN="+login+","+unit, testbed.Account{User: login + "@trust.example", Password: firstPassword}
	p.North.Add(t, dn, map[string][]string{"objectClass": {"user"}, "sAMAccountName": {login}, "userPrincipalName": {as.User},
		"userAccountControl": {"512"}, "unicodePwd": {firstPassword}})
	p.Sync(t)
	return dn, as
}

// guidOf finds the account that a sign-in names.
func guidOf(t *testing.T, r interface{ directory.Finder }, as testbed.Account) directory.GUID {
	t.Helper()
	found, err := r.Find(t.Context(), directory.Query{Logins: []string{as.User}})
	if err != nil || len(found) != 1 {
		t.Fatalf("finding %s: %d accounts, %v", as.User, len(found), err)
	}
	return found[0].GUID
}

// isLocked reports what a controller itself shows.
func isLocked(t *testing.T, d *testbed.Domain, dn string) bool {
	t.Helper()
	entry := d.Entry(t, dn)
	return slices.Equal(entry["userAccountControl"], []string{"514"}) && slices.Equal(entry["adminDescription"], []string{"sealed"})
}

func TestPairsControllersAndTheirPDCEmulatorAreNamed(t *testing.T) {
	t.Parallel()
	p := testbed.Pair(t)
	dir, err := ldapx.OpenReader(t.Context(), pairOptions(p))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = dir.Close() })
	all, err := dir.Controllers(t.Context())
	if want := []string{p.North.Host(), p.South.Host()}; err != nil || !slices.Equal(all, want) {
		t.Errorf("got %v (%v), want %v", all, err, want)
	}
	if emulator, err := dir.PDCEmulator(t.Context()); err != nil || emulator != p.North.Host() {
		t.Errorf("got %q (%v), want %s", emulator, err, p.North.Host())
	}
}

func TestPairIsLockedOutOnBothAtOnceWhileReplicationStandsStill(t *testing.T) {
	t.Parallel()
	p := testbed.Pair(t)
	north, south := openPair(t, p)
	dn, as := pairUser(t, p, p.Staff)
	id := guidOf(t, north, as)
	p.Freeze(t)

	var wait sync.WaitGroup
	for _, c := range []*ldapx.Controller{north, south} {
		wait.Go(func() {
			start := time.Now()
			if err := c.LockOut(t.Context(), id, "sealed"); err != nil {
				t.Errorf("%s: %v", c.Name(), err)
			}
			t.Logf("%s in %s", c.Name(), time.Since(start))
		})
	}
	wait.Wait()
	for _, d := range []*testbed.Domain{p.North, p.South} {
		if !isLocked(t, d, dn) || d.Refusal(t, as) != testbed.Disabled || d.CanKerberos(t, as) {
			t.Errorf("%s lets %s in", d.Host(), dn)
		}
	}

	// Two writes of the same meet: nothing is left over for replication to resolve.
	p.Thaw(t)
	for _, d := range []*testbed.Domain{p.North, p.South} {
		if !isLocked(t, d, dn) {
			t.Errorf("after the thaw %s has %v", d.Host(), d.Entry(t, dn))
		}
	}
}

func TestPairWithOneDeadIsLockedOutOnTheOtherAndTheDeadOneIsToldQuickly(t *testing.T) {
	t.Parallel()
	p := testbed.Pair(t)
	north, south := openPair(t, p)
	dn, as := pairUser(t, p, p.Staff)
	id := guidOf(t, north, as)
	p.Kill(t, p.South)

	const dialTimeout = 2 * time.Second
	start := time.Now()
	if err := south.LockOut(t.Context(), id, "sealed"); !errors.Is(err, directory.ErrUnavailable) || time.Since(start) > dialTimeout {
		t.Errorf("the dead one was told as %v after %s", err, time.Since(start))
	}
	if _, err := ldapx.OpenController(t.Context(), pairOptions(p), p.South.Host()); !errors.Is(err, directory.ErrUnavailable) {
		t.Errorf("opening the dead one: %v", err)
	}
	t.Logf("the dead one was told twice in %s", time.Since(start))
	if err := north.LockOut(t.Context(), id, "sealed"); err != nil || !isLocked(t, p.North, dn) {
		t.Errorf("the other one: %v", err)
	}

	p.Start(t, p.South)
	start = time.Now()
	if err := south.LockOut(t.Context(), id, "sealed"); err != nil || !isLocked(t, p.South, dn) {
		t.Errorf("the one that came back: %v", err)
	}
	t.Logf("done in %s once it was back", time.Since(start))
}

func TestPairWithOneThatHangsIsToldInTime(t *testing.T) {
	t.Parallel()
	p := testbed.Pair(t)
	o := pairOptions(p)
	o.Timeout, o.DialTimeout = time.Second, time.Second
	south := openController(t, o, p.South.Host())
	dn, as := pairUser(t, p, p.Staff)
	id := guidOf(t, south, as)
	p.Stall(t, p.South)
	start := time.Now()
	err := south.LockOut(t.Context(), id, "sealed")
	took := time.Since(start)
	if !errors.Is(err, directory.ErrUnavailable) || took > 5*time.Second {
		t.Errorf("got %v after %s", err, took)
	}
	t.Logf("told in %s", took)
	p.Wake(t, p.South)
	if err := south.LockOut(t.Context(), id, "sealed"); err != nil || !isLocked(t, p.South, dn) {
		t.Errorf("awake again: %v", err)
	}
}

func TestPairsPasswordVersionIsThatOfTheWriteWhereverItIsRead(t *testing.T) {
	t.Parallel()
	p := testbed.Pair(t)
	north, south := openPair(t, p)
	_, as := pairUser(t, p, p.Staff)
	id := guidOf(t, north, as)
	version := func(c *ldapx.Controller) directory.Stamp {
		t.Helper()
		sights, err := c.Sights(t.Context(), []directory.GUID{id})
		if err != nil || len(sights) != 1 {
			t.Fatalf("%s: %d sights, %v", c.Name(), len(sights), err)
		}
		return sights[0].Password
	}
	before := version(north)
	if other := version(south); before.IsZero() || other != before {
		t.Errorf("before any reset north has %+v, south %+v", before, other)
	}

	p.Freeze(t)
	for _, password := range []string{secondPassword, thirdPassword} {
		if err := north.SetPassword(t.Context(), id, password, false); err != nil {
			t.Fatal(err)
		}
	}
	ours := version(north)
	if ours.Compare(before) <= 0 || ours.Version != before.Version+2 || version(south) != before {
		t.Errorf("after two resets on a frozen north: %+v there, %+v on south, %+v before", ours, version(south), before)
	}
	p.Thaw(t)
	if version(north) != ours || version(south) != ours {
		t.Errorf("our own write has arrived, and is %+v on north and %+v on south, not %+v", version(north), version(south), ours)
	}
	if err := south.SetPassword(t.Context(), id, secondPassword, false); err != nil {
		t.Fatal(err)
	}
	if foreign := version(south); foreign.Compare(ours) <= 0 || foreign.Origin == ours.Origin {
		t.Errorf("somebody's reset on south is %+v, ours was %+v", foreign, ours)
	}
}

func TestPairTakesNoPasswordFromBeforeALockoutThatSomebodyUndid(t *testing.T) {
	t.Parallel()
	p := testbed.Pair(t)
	north, south := openPair(t, p)
	dn, as := pairUser(t, p, p.Staff)
	id := guidOf(t, north, as)
	before := as
	p.North.Set(t, dn, "unicodePwd", secondPassword) // The user has changed it since.
	p.Sync(t)
	last := testbed.Account{User: as.User, Password: secondPassword}

	for _, c := range []*ldapx.Controller{north, south} {
		if err := c.LockOut(t.Context(), id, "sealed"); err != nil {
			t.Fatal(err)
		}
	}
	for _, password := range []string{"Hidden-Quince-62-Mallow", "Hidden-Walrus-35-Thimble"} {
		if err := north.SetPassword(t.Context(), id, password, false); err != nil {
			t.Fatal(err)
		}
	}
	p.Sync(t)
	p.North.Set(t, dn, "userAccountControl", "512")
	p.Sync(t)
	for _, d := range []*testbed.Domain{p.North, p.South} {
		for _, old := range []testbed.Account{last, before} {
			if d.CanBind(t, old) || d.CanKerberos(t, old) {
				t.Errorf("%s takes a password from before the lockout", d.Host())
			}
		}
	}
}

func TestPairReachesProtectedAccountsAndThoseOutsideTheManagedUnits(t *testing.T) {
	t.Parallel()
	p := testbed.Pair(t)
	north, _ := openPair(t, p)
	dn, as := pairUser(t, p, p.Elsewhere)
	p.Protect(t, dn)
	id := guidOf(t, north, as)
	seen, err := north.Account(t.Context(), id, directory.Scope{})
	if err != nil || !seen.AdminCount {
		t.Fatalf("it shows as protected: %t, %v", seen.AdminCount, err)
	}
	if err := north.LockOut(t.Context(), id, "sealed"); err != nil {
		t.Error(err)
	}
	if err := north.SetPassword(t.Context(), id, secondPassword, false); err != nil {
		t.Error(err)
	}
	if !isLocked(t, p.North, dn) {
		t.Errorf("it is %v", p.North.Entry(t, dn))
	}
	title := []directory.Edit{{Attribute: "title", New: []string{"x"}}}
	if err := north.Modify(t.Context(), id, title); !errors.Is(err, directory.ErrDenied) {
		t.Errorf("the delegation gives more than a lockout needs: %v", err)
	}
}
