package directorytest

import (
	"strings"
	"testing"
	"time"

	"esrsync/internal/directory"
)

func modifyClaims() []claim {
	return []claim{
		{"an edit replaces the old value", modifyReplaces},
		{"an edit without old values fills an empty attribute", modifyFills},
		{"an edit without new values empties the attribute", modifyEmpties},
		{"a stale old value is a conflict, and nothing of the operation is made", modifyStale},
		{"filling an attribute that has a value is a conflict", modifyFillsTaken},
		{"old and new the same proves the value and changes nothing", modifyProves},
		{"edits of several values touch only those named", modifySomeValues},
		{"empty strings are no values", modifyEmptyStrings},
		{"an account that never expires is given a date, however never is written", modifyExpirySet},
		{"an account that expires is not given a first date", modifyExpirySetTwice},
		{"an account that expires is made to stay", modifyExpiryEnded},
		{"an account is enabled and disabled by its control field", modifyControl},
		{"an account without a password is not enabled", modifyEnableBare},
		{"an unknown attribute is refused", modifyUnknown},
		{"a value too long is refused", modifyTooLong},
		{"a taken login is refused as existing", modifyTakenLogin},
		{"a taken UPN is refused as existing", modifyTakenUPN},
		{"a manager who is not there is refused", modifyMissingManager},
		{"an account that is gone is not found", modifyGone},
	}
}

func edit(attribute, old, next string) directory.Edit {
	e := directory.Edit{Attribute: attribute}
	if old != "" {
		e.Old = []string{old}
	}
	if next != "" {
		e.New = []string{next}
	}
	return e
}

func modifyReplaces(t *testing.T, f Fixture) {
	a := f.newcomer(t)
	f.set(t, a.GUID, edit("sn", "Other", "Newname"))
	if got := f.read(t, a.GUID).Value("sn"); got != "Newname" {
		t.Errorf("got surname %q", got)
	}
}

func modifyFills(t *testing.T, f Fixture) {
	a := f.newcomer(t)
	f.set(t, a.GUID, edit("title", "", "Nurse"), edit("department", "", "Ward 1"))
	got := f.read(t, a.GUID)
	if got.Value("title") != "Nurse" || got.Value("department") != "Ward 1" {
		t.Errorf("got %v", got.Attributes)
	}
}

func modifyEmpties(t *testing.T, f Fixture) {
	a := f.newcomer(t)
	f.set(t, a.GUID, edit("givenName", "Ann", ""))
	if got, there := f.read(t, a.GUID).Attributes["givenName"]; there {
		t.Errorf("the given name is still %q", got)
	}
}

func modifyStale(t *testing.T, f Fixture) {
	a := f.newcomer(t)
	err := f.Writer.Modify(t.Context(), a.GUID, []directory.Edit{edit("title", "", "Nurse"), edit("sn", "Stale", "Newname")})
	wantKind(t, err, directory.ErrConflict)
	got := f.read(t, a.GUID)
	if got.Value("title") != "" || got.Value("sn") != "Other" {
		t.Errorf("part of a refused edit was made: %v", got.Attributes)
	}
}

func modifyFillsTaken(t *testing.T, f Fixture) {
	a := f.newcomer(t)
	err := f.Writer.Modify(t.Context(), a.GUID, []directory.Edit{edit("sn", "", "Newname")})
	wantKind(t, err, directory.ErrConflict)
	if got := f.read(t, a.GUID).Value("sn"); got != "Other" {
		t.Errorf("got surname %q", got)
	}
}

func modifyProves(t *testing.T, f Fixture) {
	a := f.newcomer(t)
	f.set(t, a.GUID, edit("sn", "Other", "Other"), edit("title", "", "Nurse"))
	got := f.read(t, a.GUID)
	if got.Value("sn") != "Other" || got.Value("title") != "Nurse" {
		t.Errorf("got %v", got.Attributes)
	}
}

func modifySomeValues(t *testing.T, f Fixture) {
	account := f.person(t)
	first, alias, next := "SMTP:"+account.UPN, "smtp:old."+account.UPN, "smtp:new."+account.UPN
	account.Attributes["proxyAddresses"] = []string{first, alias}
	a := f.create(t, account)
	f.set(t, a.GUID, directory.Edit{Attribute: "proxyAddresses", Old: []string{alias}, New: []string{next}})
	if got := f.read(t, a.GUID).ProxyAddresses; !sameText(got, []string{first, next}) {
		t.Errorf("got addresses %v", got)
	}
}

func modifyEmptyStrings(t *testing.T, f Fixture) {
	a := f.newcomer(t)
	f.set(t, a.GUID, directory.Edit{Attribute: "title", Old: []string{""}, New: []string{"Nurse"}},
		directory.Edit{Attribute: "givenName", Old: []string{"Ann"}, New: []string{""}}, directory.Edit{Attribute: "department"})
	got := f.read(t, a.GUID)
	if got.Value("title") != "Nurse" || got.Value("givenName") != "" || got.Value("department") != "" {
		t.Errorf("got %v", got.Attributes)
	}
}

// expiring makes an account whose expiry is written in a way of the test's own.
func (f Fixture) expiring(t *testing.T, written string) directory.Account {
	t.Helper()
	login := unique(t)
	f.Add(t, directory.ChildDN("Ann "+login, f.Staff), map[string][]string{"objectClass": {"user"}, "sAMAccountName": {login},
		"userAccountControl": {"514"}, "accountExpires": {written}})
	all, err := f.Reader.Accounts(t.Context(), f.scope())
	if err != nil {
		t.Fatal(err)
	}
	return byLogin(t, all, login)
}

// lastDay is some day's end, as accountExpires is written.
func lastDay(offset int) string {
	return directory.FileTime(time.Date(2026, 7, 1+offset, 23, 0, 0, 0, time.UTC))
}

func modifyExpirySet(t *testing.T, f Fixture) {
	for _, never := range []string{"0", "9223372036854775807"} {
		a := f.expiring(t, never)
		if !a.Expires.IsZero() {
			t.Errorf("written as %s, never is read as %s", never, a.Expires)
		}
		f.set(t, a.GUID, edit("accountExpires", "", lastDay(0)))
		if got := directory.FileTime(f.read(t, a.GUID).Expires); got != lastDay(0) {
			t.Errorf("from %s: got %s, want %s", never, got, lastDay(0))
		}
	}
}

func modifyExpirySetTwice(t *testing.T, f Fixture) {
	a := f.expiring(t, lastDay(0))
	err := f.Writer.Modify(t.Context(), a.GUID, []directory.Edit{edit("accountExpires", "", lastDay(1))})
	wantKind(t, err, directory.ErrConflict)
	if got := directory.FileTime(f.read(t, a.GUID).Expires); got != lastDay(0) {
		t.Errorf("got %s, want %s", got, lastDay(0))
	}
}

func modifyExpiryEnded(t *testing.T, f Fixture) {
	a := f.expiring(t, lastDay(0))
	f.set(t, a.GUID, edit("accountExpires", lastDay(0), ""))
	if got := f.read(t, a.GUID).Expires; !got.IsZero() {
		t.Errorf("the account still expires at %s", got)
	}
}

func modifyControl(t *testing.T, f Fixture) {
	a := f.newcomer(t)
	f.set(t, a.GUID, edit("userAccountControl", a.Control.String(), a.Control.WithEnabled().String()))
	on := f.read(t, a.GUID)
	if !on.Enabled() {
		t.Fatal("the account is still disabled")
	}
	f.set(t, a.GUID, edit("userAccountControl", on.Control.String(), on.Control.WithDisabled().String()))
	if f.read(t, a.GUID).Enabled() {
		t.Error("the account is still enabled")
	}
}

func modifyEnableBare(t *testing.T, f Fixture) {
	account := f.person(t)
	account.Password = ""
	a := f.create(t, account)
	err := f.Writer.Modify(t.Context(), a.GUID,
		[]directory.Edit{edit("userAccountControl", a.Control.String(), a.Control.WithEnabled().String())})
	wantRefusedUnless(t, f.Differences.EnablesWithoutPassword, err)
}

func modifyUnknown(t *testing.T, f Fixture) {
	err := f.Writer.Modify(t.Context(), f.newcomer(t).GUID, []directory.Edit{edit("noSuchAttributeAnywhere", "", "x")})
	wantKind(t, err, directory.ErrRefused)
}

func modifyTooLong(t *testing.T, f Fixture) {
	err := f.Writer.Modify(t.Context(), f.newcomer(t).GUID, []directory.Edit{edit("employeeID", "", strings.Repeat("9", 17))})
	wantKind(t, err, directory.ErrRefused)
}

func modifyTakenLogin(t *testing.T, f Fixture) {
	a, b := f.newcomer(t), f.newcomer(t)
	err := f.Writer.Modify(t.Context(), a.GUID, []directory.Edit{edit("sAMAccountName", a.Login, b.Login)})
	wantKind(t, err, directory.ErrExists)
}

func modifyTakenUPN(t *testing.T, f Fixture) {
	a, b := f.newcomer(t), f.newcomer(t)
	err := f.Writer.Modify(t.Context(), a.GUID, []directory.Edit{edit("userPrincipalName", a.UPN, b.UPN)})
	wantKind(t, err, directory.ErrExists)
}

func modifyMissingManager(t *testing.T, f Fixture) {
	a := f.newcomer(t)
	err := f.Writer.Modify(t.Context(), a.GUID, []directory.Edit{edit("manager", "", directory.ChildDN("Nobody", f.Staff))})
	wantKind(t, err, directory.ErrRefused)
}

func modifyGone(t *testing.T, f Fixture) {
	err := f.Writer.Modify(t.Context(), missing(), []directory.Edit{edit("title", "", "Nurse")})
	wantKind(t, err, directory.ErrNotFound)
}

// missing is the GUID of no object.
func missing() directory.GUID {
	return directory.GUID{0xde, 0xad, 1, 2, 3, 4, 5, 0x46, 0x87, 8, 9, 10, 11, 12, 13, 14}
}
