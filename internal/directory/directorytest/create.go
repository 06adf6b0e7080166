package directorytest

import (
	"strings"
	"testing"

	"esrsync/internal/directory"
)

func createClaims() []claim {
	return []claim{
		{"a new account is disabled and has what was asked for", createdAsAsked},
		{"the GUID returned is the account's", createdGUID},
		{"a taken distinguished name is refused as existing", createTakenDN},
		{"a taken login is refused as existing, whatever its case", createTakenLogin},
		{"a login that a group has is refused as existing", createLoginOfGroup},
		{"a taken UPN is refused as existing", createTakenUPN},
		{"a missing OU is refused as not found", createInNowhere},
		{"an unknown attribute is refused, and nothing is made", createUnknownAttribute},
		{"names with special characters come back as they were given", createAwkwardNames},
		{"a login of more than 20 characters is refused", createLongLogin},
		{"a common name of more than 64 characters is refused", createLongName},
	}
}

func createdAsAsked(t *testing.T, f Fixture) {
	want := f.person(t)
	want.Attributes = map[string][]string{"givenName": {"Ann"}, "sn": {"Other"}, "title": {"Staff Nurse"},
		"employeeID": {want.Login}, "mail": {want.UPN}, "proxyAddresses": {"SMTP:" + want.UPN, "smtp:alias." + want.UPN}}
	got := f.create(t, want)
	switch {
	case got.Enabled():
		t.Error("the account is enabled")
	case got.Login != want.Login, got.UPN != want.UPN, got.CN != want.CN:
		t.Errorf("got login %q, UPN %q, CN %q", got.Login, got.UPN, got.CN)
	case !directory.SameDN(got.DN, directory.ChildDN(want.CN, f.Staff)):
		t.Errorf("got DN %s", got.DN)
	case got.Value("title") != "Staff Nurse", got.Value("sn") != "Other":
		t.Errorf("got attributes %v", got.Attributes)
	case got.PersonKey != want.Login, got.Mail != want.UPN:
		t.Errorf("got person key %q, mail %q", got.PersonKey, got.Mail)
	case !sameText(got.ProxyAddresses, want.Attributes["proxyAddresses"]):
		t.Errorf("got addresses %v", got.ProxyAddresses)
	case got.Control.Has(directory.PasswordNotRequired):
		t.Error("the account may do without a password")
	case !got.Expires.IsZero():
		t.Errorf("the account expires at %s", got.Expires)
	case got.SID == "" || got.Created.IsZero() || got.PrimaryGroup != 513:
		t.Errorf("got SID %q, created %s, primary group %d", got.SID, got.Created, got.PrimaryGroup)
	}
	if _, there := got.Attributes["department"]; there {
		t.Error("an attribute that the account lacks has an entry")
	}
}

func createdGUID(t *testing.T, f Fixture) {
	id, err := f.Writer.Create(t.Context(), f.person(t))
	if err != nil {
		t.Fatal(err)
	}
	all, err := f.Reader.Accounts(t.Context(), f.scope())
	if err != nil {
		t.Fatal(err)
	}
	if id.IsZero() || len(all) != 1 || all[0].GUID != id {
		t.Errorf("Create returned %s, and the OU has %v", id, all)
	}
}

func createTakenDN(t *testing.T, f Fixture) {
	first := f.newcomer(t)
	second := f.person(t)
	second.CN = strings.ToUpper(first.CN)
	_, err := f.Writer.Create(t.Context(), second)
	wantKind(t, err, directory.ErrExists)
}

func createTakenLogin(t *testing.T, f Fixture) {
	first := f.newcomer(t)
	second := f.person(t)
	second.Login = strings.ToUpper(first.Login)
	_, err := f.Writer.Create(t.Context(), second)
	wantKind(t, err, directory.ErrExists)
}

func createLoginOfGroup(t *testing.T, f Fixture) {
	second := f.person(t)
	second.Login = f.group(t).Name
	_, err := f.Writer.Create(t.Context(), second)
	wantKind(t, err, directory.ErrExists)
}

func createTakenUPN(t *testing.T, f Fixture) {
	first := f.newcomer(t)
	second := f.person(t)
	second.UPN = strings.ToUpper(first.UPN)
	_, err := f.Writer.Create(t.Context(), second)
	wantKind(t, err, directory.ErrExists)
}

func createInNowhere(t *testing.T, f Fixture) {
	account := f.person(t)
	account.Parent = "OU=Nowhere," + f.Staff
	_, err := f.Writer.Create(t.Context(), account)
	wantKind(t, err, directory.ErrNotFound)
}

func createUnknownAttribute(t *testing.T, f Fixture) {
	account := f.person(t)
	account.Attributes = map[string][]string{"noSuchAttributeAnywhere": {"x"}}
	_, err := f.Writer.Create(t.Context(), account)
	wantKind(t, err, directory.ErrRefused)
	all, err := f.Reader.Accounts(t.Context(), f.scope())
	if err != nil || len(all) != 0 {
		t.Errorf("after the refusal the OU has %d accounts (%v), want none", len(all), err)
	}
}

// awkwardNames need escaping somewhere, or have been seen to break somebody.
func awkwardNames() []string {
	return []string{`Other, Ann`, `Ann + Ben`, `Ann "Annie" Other`, `#hash`, ` leading`, `trailing `, `back\slash`,
		`less<than>more`, `semi;colon`, `eq=ual`, `sl/ash`, `Siân Ŵyn Tŷ-Gŵyr`, `O'Brien`, `(brackets) *star*`, `李小龍`}
}

func createAwkwardNames(t *testing.T, f Fixture) {
	for _, name := range awkwardNames() {
		account := f.person(t)
		account.CN = name
		got := f.create(t, account)
		// A directory may trim what surrounds a name, but must not lose the account.
		if strings.TrimSpace(got.CN) != strings.TrimSpace(name) || !directory.SameDN(got.DN, directory.ChildDN(got.CN, f.Staff)) {
			t.Errorf("asked for CN %q, got %q at %s", name, got.CN, got.DN)
		}
	}
	all, err := f.Reader.Accounts(t.Context(), f.scope())
	if err != nil || len(all) != len(awkwardNames()) {
		t.Errorf("the OU has %d accounts (%v), want %d", len(all), err, len(awkwardNames()))
	}
}

func createLongLogin(t *testing.T, f Fixture) {
	account := f.person(t)
	account.Login = (account.Login + strings.Repeat("x", 21))[:21]
	_, err := f.Writer.Create(t.Context(), account)
	wantRefusedUnless(t, f.Differences.TakesLongLogins, err)
}

func createLongName(t *testing.T, f Fixture) {
	account := f.person(t)
	account.CN = strings.Repeat("n", 65)
	_, err := f.Writer.Create(t.Context(), account)
	wantRefusedUnless(t, f.Differences.TakesLongNames, err)
}

// wantRefusedUnless demands a refusal, or, where the directory is known to differ, none.
func wantRefusedUnless(t *testing.T, differs bool, err error) {
	t.Helper()
	if differs {
		if err != nil {
			t.Errorf("this directory is listed as taking it, but it said: %v", err)
		}
		return
	}
	wantKind(t, err, directory.ErrRefused)
}
