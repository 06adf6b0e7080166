package testbed

import (
	"testing"
	"time"
)

func TestThePairTellsEachOtherAndStopsWhenFrozen(t *testing.T) {
	t.Parallel()
	p := Pair(t)
	login := "p" + unique()
	dn := "CN=" + login + "," + p.Staff
	p.North.Add(t, dn, user(login))
	start := time.Now()
	p.Sync(t)
	t.Logf("both ways in %s", time.Since(start))
	if p.South.Entry(t, dn) == nil {
		t.Fatalf("south does not know %s", dn)
	}

	p.Freeze(t)
	p.South.Set(t, dn, "title", "from the south")
	p.North.Set(t, dn, "department", "from the north")
	if p.North.Entry(t, dn)["title"] != nil || p.South.Entry(t, dn)["department"] != nil {
		t.Error("news went through a frozen pair")
	}
	start = time.Now()
	p.Thaw(t)
	t.Logf("thawed in %s", time.Since(start))
	if p.North.Entry(t, dn)["title"] == nil || p.South.Entry(t, dn)["department"] == nil {
		t.Error("a change made in the frost did not arrive")
	}
}

func TestAControllerThatWasKilledCatchesUp(t *testing.T) {
	t.Parallel()
	p := Pair(t)
	login := "k" + unique()
	dn := "CN=" + login + "," + p.Staff
	p.Kill(t, p.South)
	p.North.Add(t, dn, user(login))
	start := time.Now()
	p.Start(t, p.South)
	p.Sync(t)
	t.Logf("back and caught up in %s", time.Since(start))
	if p.South.Entry(t, dn) == nil {
		t.Errorf("south does not know %s", dn)
	}
}

func TestThePairTakesAnOldPasswordForAnHourAndKerberosDoesNot(t *testing.T) {
	t.Parallel()
	p := Pair(t)
	login := "o" + unique()
	dn := "CN=" + login + "," + p.Staff
	p.North.Add(t, dn, user(login))
	old := Account{User: login + "@trust.example", Password: password}
	if !p.North.CanBind(t, old) || !p.North.CanKerberos(t, old) {
		t.Fatalf("%s cannot sign in with its first password", login)
	}
	p.North.Set(t, dn, "unicodePwd", password+"-new")
	if !p.North.CanBind(t, old) {
		t.Error("the old password was forgotten at once: a lockout with one reset would pass")
	}
	if p.North.CanKerberos(t, old) {
		t.Error("a ticket was given for the old password")
	}
	p.North.Set(t, dn, "unicodePwd", password+"-newer")
	if p.North.CanBind(t, old) {
		t.Error("the password before the last goes on working")
	}
	p.North.Set(t, dn, "userAccountControl", "514")
	if p.North.CanKerberos(t, Account{old.User, password + "-newer"}) {
		t.Error("a ticket was given for an account that is switched off")
	}
}

func TestAProtectedAccountIsReachedOnlyThroughAdminSDHolder(t *testing.T) {
	t.Parallel()
	p := Pair(t)
	login := "a" + unique()
	dn := "CN=" + login + "," + p.Staff
	p.North.Add(t, dn, user(login))
	p.Protect(t, dn)
	service := p.North.connect(t, p.Service)
	if err := service.Modify(replacing(dn, "title", "x")); err == nil {
		t.Error("the rights on Staff reach a protected account")
	}
	for attribute, value := range map[string]string{"userAccountControl": "514", "adminDescription": "sealed", "unicodePwd": password + "-new"} {
		if err := service.Modify(replacing(dn, attribute, value)); err != nil {
			t.Errorf("writing %s of a protected account: %v", attribute, err)
		}
	}
}
