package ldapx_test

import (
	"errors"
	"slices"
	"testing"

	"esrsync/internal/directory"
	"esrsync/internal/testbed"
	"esrsync/ldapx"
)

// sambaOptions are for the real directory of the test bed.
func sambaOptions(d *testbed.Domain, as testbed.Account) ldapx.Options {
	return ldapx.Options{
		Servers:          []string{d.URL},
		GlobalCatalogues: []string{d.CatalogueURL},
		CAFile:           d.CAFile,
		Base:             d.Base,
		BindUser:         as.User,
		BindPassword:     func() ([]byte, error) { return []byte(as.Password), nil },
		PageSize:         2, // Every read of more than two objects has several pages.
	}
}

func openSamba(t *testing.T, d *testbed.Domain) *ldapx.Directory {
	t.Helper()
	dir, err := ldapx.Open(t.Context(), sambaOptions(d, d.Service))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = dir.Close() })
	return dir
}

func TestSambaNamesItsControllers(t *testing.T) {
	t.Parallel()
	dir := openSamba(t, testbed.Samba(t))
	controllers, err := dir.Controllers(t.Context())
	if err != nil || !slices.Equal(controllers, []string{"dc1.trust.example"}) {
		t.Errorf("got %v (%v), want dc1.trust.example alone", controllers, err)
	}
	emulator, err := dir.PDCEmulator(t.Context())
	if err != nil || emulator != "dc1.trust.example" {
		t.Errorf("got %q (%v), want dc1.trust.example", emulator, err)
	}
}

func TestSambaSchemaTellsWhetherItWasExtended(t *testing.T) {
	t.Parallel()
	facts, err := openSamba(t, testbed.Samba(t)).Facts(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]bool{"msexchhidefromaddresslists": true, "employeeid": true, "nosuchattribute": false} {
		if facts.Schema[name] != want {
			t.Errorf("the schema has %s: %t, want %t", name, facts.Schema[name], want)
		}
	}
}

func TestSambaReaderReadsAndTheDirectoryRefusesItsWrites(t *testing.T) {
	t.Parallel()
	bed := testbed.Samba(t)
	bed.Add(t, "CN=Made Up,"+bed.Staff, map[string][]string{"objectClass": {"user"}, "sAMAccountName": {"ro" + bed.Staff[3:11]}, "userAccountControl": {"514"}})
	readOnly, err := ldapx.Open(t.Context(), sambaOptions(bed, bed.Reader))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = readOnly.Close() }() // Nothing is left to lose on it.
	scope := directory.Scope{Bases: []string{bed.Staff}}
	accounts, err := readOnly.Accounts(t.Context(), scope)
	if err != nil || len(accounts) != 1 {
		t.Fatalf("got %d accounts (%v), want 1", len(accounts), err)
	}
	err = readOnly.Modify(t.Context(), accounts[0].GUID, []directory.Edit{{Attribute: "title", New: []string{"Nurse"}}})
	if !errors.Is(err, directory.ErrDenied) {
		t.Errorf("got %v, want a missing right", err)
	}
}

func TestSambaStaleControlFieldIsAConflict(t *testing.T) {
	t.Parallel()
	bed := testbed.Samba(t)
	dir := openSamba(t, bed)
	dn := "CN=Made Up," + bed.Staff
	bed.Add(t, dn, map[string][]string{"objectClass": {"user"}, "sAMAccountName": {"st" + bed.Staff[3:11]}, "userAccountControl": {"514"}})
	accounts, err := dir.Accounts(t.Context(), directory.Scope{Bases: []string{bed.Staff}})
	if err != nil || len(accounts) != 1 {
		t.Fatalf("got %d accounts (%v), want 1", len(accounts), err)
	}
	bed.Set(t, dn, "userAccountControl", "66050") // Somebody lets the password never expire.
	err = dir.Modify(t.Context(), accounts[0].GUID, []directory.Edit{{Attribute: "userAccountControl", Old: []string{"514"}, New: []string{"512"}}})
	if !errors.Is(err, directory.ErrConflict) {
		t.Errorf("got %v, want a conflict", err)
	}
	if got := bed.Entry(t, dn)["userAccountControl"]; !slices.Equal(got, []string{"66050"}) {
		t.Errorf("the control field is %v, want what the other one wrote", got)
	}
}
