package directorytest

import (
	"testing"

	"esrsync/internal/directory"
)

func rightsClaims() []claim {
	return []claim{
		{"an account outside of the delegated OUs cannot be changed", rightsModify},
		{"nothing can be made outside of the delegated OUs", rightsCreate},
		{"nothing can be moved out of the delegated OUs", rightsMove},
		{"an account outside of the delegated OUs cannot be deleted", rightsDelete},
		{"the password of Administrator cannot be set", rightsAdministrator},
		{"nobody can be added to a privileged group", rightsPrivileged},
	}
}

// stranger makes an account where the writer has no rights.
func (f Fixture) stranger(t *testing.T) directory.Account {
	t.Helper()
	login := unique(t)
	f.Add(t, directory.ChildDN("Stranger "+login, f.Closed), map[string][]string{
		"objectClass": {"user"}, "sAMAccountName": {login}, "userAccountControl": {"514"}})
	all, err := f.Reader.Accounts(t.Context(), f.scope(f.Closed))
	if err != nil {
		t.Fatal(err)
	}
	return byLogin(t, all, login)
}

func byLogin(t *testing.T, all []directory.Account, login string) directory.Account {
	t.Helper()
	for _, a := range all {
		if a.Login == login {
			return a
		}
	}
	t.Fatalf("no account has the login %q", login)
	return directory.Account{}
}

func rightsModify(t *testing.T, f Fixture) {
	a := f.stranger(t)
	wantKind(t, f.Writer.Modify(t.Context(), a.GUID, []directory.Edit{edit("title", "", "Nurse")}), directory.ErrDenied)
}

func rightsCreate(t *testing.T, f Fixture) {
	account := f.person(t)
	account.Parent = f.Closed
	_, err := f.Writer.Create(t.Context(), account)
	wantKind(t, err, directory.ErrDenied)
}

func rightsMove(t *testing.T, f Fixture) {
	a := f.newcomer(t)
	wantKind(t, f.Writer.Move(t.Context(), a.GUID, "", f.Closed), directory.ErrDenied)
	if got := f.read(t, a.GUID); got.DN != a.DN {
		t.Errorf("after the refusal the account is at %s", got.DN)
	}
}

func rightsDelete(t *testing.T, f Fixture) {
	a := f.stranger(t)
	wantKind(t, f.Writer.Delete(t.Context(), a.GUID), directory.ErrDenied)
	f.read(t, a.GUID)
}

func rightsAdministrator(t *testing.T, f Fixture) {
	facts, err := f.Reader.Facts(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	all, err := f.Reader.Accounts(t.Context(), f.scope("CN=Users,"+facts.Base))
	if err != nil {
		t.Fatal(err)
	}
	admin := byLogin(t, all, "Administrator")
	if !admin.AdminCount || !admin.Critical {
		t.Errorf("Administrator shows as adminCount=1 %t, critical %t", admin.AdminCount, admin.Critical)
	}
	wantKind(t, f.Writer.SetPassword(t.Context(), admin.GUID, Password, false), directory.ErrDenied)
}

func rightsPrivileged(t *testing.T, f Fixture) {
	g := f.readGroup(t, f.privileged(t))
	wantKind(t, f.Writer.AddMember(t.Context(), g.GUID, f.newcomer(t).GUID), directory.ErrDenied)
}
