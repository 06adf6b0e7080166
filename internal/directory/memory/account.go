package memory

import (
	"strconv"
	"strings"

	"esrsync/internal/directory"
)

// Bits of userAccountControl that only the account manager itself knows (MS-ADTS 2.2.16).
const (
	lockoutBit         directory.Control = 0x10
	passwordExpiredBit directory.Control = 0x800000
	workstationTrust   directory.Control = 0x1000
	serverTrust        directory.Control = 0x2000
	delegationBits     directory.Control = 0x80000 | 0x1000000
)

// loginLimit is the most characters that a user's login may have; the schema
// says 256, the account manager says 20 for users (MS-SAMR 3.1.1.6).
const loginLimit = 20

func parseControl(s string) directory.Control {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		return 0
	}
	return directory.Control(uint32(n))
}

// check judges the draft as a whole, after the last change.
func (f *draft) check(who *Session) error {
	checks := []struct {
		key   string
		judge func() error
	}{
		{"samaccountname", f.checkLogin},
		{"userprincipalname", f.checkUPN},
		{"useraccountcontrol", func() error { return f.checkControl(who) }},
		{"pwdlastset", f.checkPasswordSet},
		{"lockouttime", f.checkLockout},
		{"primarygroupid", f.checkPrimaryGroup},
	}
	for _, c := range checks {
		if !f.touched(c.key) {
			continue
		}
		if err := c.judge(); err != nil {
			return err
		}
	}
	return f.checkPassword()
}

func (f *draft) checkLogin() error {
	login := f.first("samaccountname")
	if !validLogin(login) || f.e.isPerson() && len([]rune(login)) > loginLimit {
		return badLogin()
	}
	if f.d.find("samaccountname", login, f.e) != nil {
		return loginTaken()
	}
	return nil
}

// validLogin follows MS-SAMR 3.1.1.6: some characters never, nor a final dot.
func validLogin(login string) bool {
	if strings.TrimSpace(login) == "" || strings.HasSuffix(login, ".") {
		return false
	}
	return !strings.ContainsFunc(login, func(r rune) bool {
		return r < 0x20 || strings.ContainsRune(`"/\[]:;|=,+*?<>`, r)
	})
}

func (f *draft) checkUPN() error {
	upn := f.first("userprincipalname")
	if upn != "" && f.d.find("userprincipalname", upn, f.e) != nil {
		return upnTaken()
	}
	return nil
}

// checkControl judges the new control field, and drops the bits that the
// directory keeps for itself.
func (f *draft) checkControl(who *Session) error {
	old, next := f.e.control(), f.control()
	next &^= lockoutBit | passwordExpiredBit
	if next&(directory.NormalAccount|workstationTrust|serverTrust) == 0 {
		next |= directory.NormalAccount
	}
	if gained := next &^ old; gained&delegationBits != 0 && !who.admin() {
		return denied()
	}
	f.set("useraccountcontrol", controlText(next))
	if f.e.isPerson() && next.Enabled() && !next.Has(directory.PasswordNotRequired) && !f.hasPassword() {
		return svcErr(0x52D)
	}
	return nil
}

// controlText writes the field as the directory does: a signed decimal.
func controlText(c directory.Control) string { return strconv.FormatInt(int64(int32(c)), 10) }

// checkPasswordSet takes 0, "must change", and -1, "now"; nothing else may be written.
func (f *draft) checkPasswordSet() error {
	switch v := f.first("pwdlastset"); {
	case v == "-1":
		f.set("pwdlastset", directory.FileTime(f.d.Now()))
	case v != "0" && !f.system:
		return svcErr(0x57)
	}
	return nil
}

func (f *draft) checkLockout() error {
	v := f.first("lockouttime")
	if v != "0" && v != "" && !f.system {
		return svcErr(0x57)
	}
	f.set("badpwdcount", "0")
	return nil
}

// checkPrimaryGroup demands that the account is already a member of the group.
func (f *draft) checkPrimaryGroup() error {
	group := f.d.bySID(f.d.sid + "-" + f.first("primarygroupid"))
	if group == nil || !f.isNew && !group.linked("member").has(f.e) && f.d.primaryGroup(f.e) != group {
		return svcErr(0x561)
	}
	return nil
}
