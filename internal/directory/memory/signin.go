package memory

import (
	"time"

	"esrsync/internal/directory"
)

// The reasons that a controller gives in the data field of a refused sign-in.
const (
	dataBadCredentials  uint32 = 0x52e
	dataDisabled        uint32 = 0x533
	dataExpired         uint32 = 0x701
	dataMustChange      uint32 = 0x773
	dataLocked          uint32 = 0x775
	dataOutsideOfHours  uint32 = 0x530
	lastSignInFreshness        = 14 * 24 * time.Hour
)

// SignIn checks a name and password and returns the account's session. The
// reasons for a refusal are told only to who knows the password, as on a
// controller; a name that nobody has is refused like a wrong password.
func (d *Domain) SignIn(name, password string) (*Session, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	e := d.principal(name)
	if e == nil || password == "" {
		return nil, bindErr(dataBadCredentials)
	}
	if d.lockedOut(e) {
		return nil, bindErr(dataLocked)
	}
	if !d.passwordFits(e, password) {
		d.countBadPassword(e)
		return nil, bindErr(dataBadCredentials)
	}
	if data := d.whyNot(e); data != 0 {
		return nil, bindErr(data)
	}
	d.noteSignIn(e)
	return &Session{d: d, who: e}, nil
}

// passwordFits takes the current password, and the one before for a while.
func (d *Domain) passwordFits(e *entry, password string) bool {
	if e.secret.current.matches(password) {
		return true
	}
	fresh := d.Now().Before(e.secret.replaced.Add(d.opts.Policy.PreviousGrace))
	return fresh && e.secret.previous.matches(password)
}

func (d *Domain) lockedOut(e *entry) bool { return e.number("lockouttime") > 0 }

func (d *Domain) countBadPassword(e *entry) {
	bad := e.number("badpwdcount") + 1
	d.setNumber(e, "badpwdcount", bad)
	if limit := d.opts.Policy.LockoutAfter; limit > 0 && bad >= int64(limit) {
		d.setValues(e, "lockouttime", []string{directory.FileTime(d.Now())})
	}
}

// whyNot returns the reason to refuse a sign-in with the right password, or 0.
func (d *Domain) whyNot(e *entry) uint32 {
	expires := directory.ParseFileTime(e.value("accountexpires"))
	switch {
	case !e.control().Enabled():
		return dataDisabled
	case !expires.IsZero() && !d.Now().Before(expires):
		return dataExpired
	case noHours(e.value("logonhours")):
		return dataOutsideOfHours
	case e.value("pwdlastset") == "0" && !e.control().Has(directory.PasswordNeverEnds):
		return dataMustChange
	}
	return 0
}

// noHours reports whether the account may sign in at no hour of the week.
func noHours(hours string) bool {
	for i := range len(hours) {
		if hours[i] != 0 {
			return false
		}
	}
	return len(hours) == 21
}

// noteSignIn keeps lastLogonTimestamp as coarse as it is on a controller.
func (d *Domain) noteSignIn(e *entry) {
	d.setNumber(e, "badpwdcount", 0)
	last := directory.ParseFileTime(e.value("lastlogontimestamp"))
	if now := d.Now(); now.Sub(last) > lastSignInFreshness {
		d.setValues(e, "lastlogontimestamp", []string{directory.FileTime(now)})
	}
}
