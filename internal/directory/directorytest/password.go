package directorytest

import (
	"testing"

	"esrsync/internal/directory"
)

func passwordClaims() []claim {
	return []claim{
		{"a new password signs in, and a wrong one does not", passwordSet},
		{"a disabled account does not sign in", passwordDisabled},
		{"must change shows as a password that was never set", passwordMustChange},
		{"a password too weak is refused", passwordWeak},
		{"a password with the login in it is refused", passwordWithLogin},
		{"two resets end every earlier password", passwordTwice},
		{"an account that is gone is not found", passwordGone},
	}
}

// enabled makes an account that may sign in with [Password].
func (f Fixture) enabled(t *testing.T) directory.Account {
	t.Helper()
	a := f.newcomer(t)
	f.set(t, a.GUID, edit("userAccountControl", a.Control.String(), a.Control.WithEnabled().String()))
	return f.read(t, a.GUID)
}

func (f Fixture) reset(t *testing.T, id directory.GUID, password string, mustChange bool) {
	t.Helper()
	if err := f.Writer.SetPassword(t.Context(), id, password, mustChange); err != nil {
		t.Fatalf("setting the password of %s: %v", id, err)
	}
}

func (f Fixture) wantSignIn(t *testing.T, login, password string, want bool) {
	t.Helper()
	if err := f.SignIn(login, password); (err == nil) != want {
		t.Errorf("signing in gave %v, want success %t", err, want)
	}
}

func passwordSet(t *testing.T, f Fixture) {
	a := f.enabled(t)
	f.reset(t, a.GUID, "Marble-Teapot-91-Zephyr", false)
	f.wantSignIn(t, a.UPN, "Marble-Teapot-91-Zephyr", true)
	f.wantSignIn(t, a.UPN, "Marble-Teapot-92-Zephyr", false)
	if f.read(t, a.GUID).PasswordSet.IsZero() {
		t.Error("the password shows as one that must be changed")
	}
}

func passwordDisabled(t *testing.T, f Fixture) {
	a := f.newcomer(t)
	f.wantSignIn(t, a.UPN, Password, false)
}

func passwordMustChange(t *testing.T, f Fixture) {
	a := f.enabled(t)
	f.reset(t, a.GUID, "Marble-Teapot-91-Zephyr", true)
	if got := f.read(t, a.GUID); !got.PasswordSet.IsZero() || !got.Enabled() {
		t.Errorf("the password was set at %s, enabled %t", got.PasswordSet, got.Enabled())
	}
	f.wantSignIn(t, a.UPN, "Marble-Teapot-91-Zephyr", false)
}

func passwordWeak(t *testing.T, f Fixture) {
	a := f.enabled(t)
	wantKind(t, f.Writer.SetPassword(t.Context(), a.GUID, "abc", false), directory.ErrRefused)
	f.wantSignIn(t, a.UPN, Password, true)
}

func passwordWithLogin(t *testing.T, f Fixture) {
	a := f.enabled(t)
	err := f.Writer.SetPassword(t.Context(), a.GUID, "Aa1-"+a.Login+"-Zz9", false)
	wantRefusedUnless(t, f.Differences.TakesNameInPassword, err)
}

func passwordTwice(t *testing.T, f Fixture) {
	a := f.enabled(t)
	f.reset(t, a.GUID, "Marble-Teapot-91-Zephyr", false)
	f.reset(t, a.GUID, "Copper-Pillow-18-Yonder", false)
	f.wantSignIn(t, a.UPN, Password, false)
	f.wantSignIn(t, a.UPN, "Copper-Pillow-18-Yonder", true)
}

func passwordGone(t *testing.T, f Fixture) {
	wantKind(t, f.Writer.SetPassword(t.Context(), missing(), Password, false), directory.ErrNotFound)
}
