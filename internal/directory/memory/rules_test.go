package memory_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"esrsync/internal/directory"
	"esrsync/internal/directory/memory"
)

const goodPassword = "Wobble-Lantern-47-Quartz"

// load adds objects to a domain.
func load(t testing.TB, d *memory.Domain, objects ...memory.Object) {
	t.Helper()
	if _, err := d.Load(objects); err != nil {
		t.Fatal(err)
	}
}

// wantFault fails unless err is a refusal with the result and the Windows code.
func wantFault(t *testing.T, err error, result memory.Result, win uint32) {
	t.Helper()
	var f *memory.Fault
	if !errors.As(err, &f) || f.Result != result || f.Win != win {
		t.Fatalf("got %v, want result %d with %08X", err, result, win)
	}
}

func values(attributes ...string) map[string][]string {
	out := map[string][]string{}
	for i := 0; i < len(attributes); i += 2 {
		out[attributes[i]] = append(out[attributes[i]], attributes[i+1])
	}
	return out
}

func TestAddIsRefused(t *testing.T) {
	t.Parallel()
	d := newDomain(t)
	staff := "OU=Staff," + d.Base()
	load(t, d, memory.User("CN=Ann,"+staff, "ann", values("userPrincipalName", "ann@example.nhs.uk")))
	bare := memory.Object{DN: "CN=Bare," + staff}
	for _, tt := range []struct {
		name   string
		object memory.Object
		result memory.Result
		win    uint32
	}{
		{"an object without a class", bare, memory.ObjectClassViolation, 0x207B},
		{"a login that is taken", memory.User("CN=X,"+staff, "ANN", nil), memory.EntryAlreadyExists, 0x524},
		{"a UPN that is taken", memory.User("CN=X,"+staff, "x", values("userPrincipalName", "Ann@example.nhs.uk")), memory.ConstraintViolation, 0x21C8},
		{"a name that is taken", memory.User("CN=ANN,"+staff, "x", nil), memory.EntryAlreadyExists, 0x2071},
		{"a login of 21 characters", memory.User("CN=X,"+staff, strings.Repeat("x", 21), nil), memory.Other, 0x523},
		{"a login with a slash", memory.User("CN=X,"+staff, "x/y", nil), memory.Other, 0x523},
		{"a login that ends in a dot", memory.User("CN=X,"+staff, "x.", nil), memory.Other, 0x523},
		{"a common name of 65 characters", memory.User("CN="+strings.Repeat("x", 65)+","+staff, "x", nil), memory.ConstraintViolation, 0x2082},
		{"an employee number of 17 characters", memory.User("CN=X,"+staff, "x", values("employeeID", strings.Repeat("9", 17))), memory.ConstraintViolation, 0x2082},
		{"an attribute that the schema lacks", memory.User("CN=X,"+staff, "x", values("shoeSize", "9")), memory.NoSuchAttribute, 0x57},
		{"a single-valued attribute with two values", memory.User("CN=X,"+staff, "x", values("title", "a", "title", "b")), memory.ConstraintViolation, 0x2081},
		{"an empty value", memory.User("CN=X,"+staff, "x", values("title", "")), memory.InvalidAttributeSyntax, 0x2081},
		{"a user below a user", memory.User("CN=X,CN=Ann,"+staff, "x", nil), memory.NamingViolation, 0x2099},
		{"an enabled user without a password", memory.User("CN=X,"+staff, "x", values("userAccountControl", "512")), memory.UnwillingToPerform, 0x52D},
		{"a weak password", memory.User("CN=X,"+staff, "x", values("unicodePwd", memory.EncodePassword("weak"))), memory.UnwillingToPerform, 0x52D},
		{"a password without quotes", memory.User("CN=X,"+staff, "x", values("unicodePwd", "plain")), memory.UnwillingToPerform, 0x2035},
		{"a manager who is not there", memory.User("CN=X,"+staff, "x", values("manager", "CN=Nobody,"+staff)), memory.ConstraintViolation, 0x20B5},
		{"something that is no DN", memory.User("nonsense", "x", nil), memory.InvalidDNSyntax, 0x208F},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := d.System().Add(tt.object.DN, tt.object.Attributes)
			wantFault(t, err, tt.result, tt.win)
		})
	}
	t.Run("an employee number that somebody has is taken, since Active Directory does not look", func(t *testing.T) {
		load(t, d, memory.User("CN=One,"+staff, "one", values("employeeID", "1")), memory.User("CN=Two,"+staff, "two", values("employeeID", "1")))
	})
}

func TestModifyIsRefused(t *testing.T) {
	t.Parallel()
	d := newDomain(t)
	staff := "OU=Staff," + d.Base()
	load(t, d, memory.User("CN=Ann,"+staff, "ann", values("title", "Nurse")), memory.Group("CN=G,OU=Groups,"+d.Base(), "g", "CN=Ann,"+staff))
	writer, err := d.As("svc-esrsync")
	if err != nil {
		t.Fatal(err)
	}
	ann, group := "CN=Ann,"+staff, "CN=G,OU=Groups,"+d.Base()
	mod := func(op memory.Op, attribute string, values ...string) []memory.Mod {
		return []memory.Mod{{Op: op, Attribute: attribute, Values: values}}
	}
	for _, tt := range []struct {
		name   string
		dn     string
		mods   []memory.Mod
		result memory.Result
		win    uint32
	}{
		{"a stale value to delete", ann, mod(memory.DeleteValues, "title", "Doctor"), memory.NoSuchAttribute, 0x2085},
		{"an absent attribute to delete", ann, mod(memory.DeleteValues, "department"), memory.NoSuchAttribute, 0x2085},
		{"a second value of a single-valued attribute", ann, mod(memory.AddValues, "title", "Doctor"), memory.AttributeOrValueExists, 0x2083},
		{"a rename by modify", ann, mod(memory.ReplaceValues, "cn", "Ann B"), memory.NotAllowedOnRDN, 0x2016},
		{"the distinguished name", ann, mod(memory.ReplaceValues, "distinguishedName", "CN=B,"+staff), memory.ConstraintViolation, 0x20B1},
		{"a back link", ann, mod(memory.AddValues, "memberOf", group), memory.UnwillingToPerform, 0x209A},
		{"what only the directory writes", ann, mod(memory.ReplaceValues, "uSNChanged", "1"), memory.ConstraintViolation, 0x20B1},
		{"members of a user", ann, mod(memory.AddValues, "member", ann), memory.ObjectClassViolation, 0x207D},
		{"another class", ann, mod(memory.ReplaceValues, "objectClass", "computer"), memory.ObjectClassViolation, 0x207D},
		{"a member who is there", group, mod(memory.AddValues, "member", ann), memory.EntryAlreadyExists, 0x562},
		{"a member who is not there", group, mod(memory.DeleteValues, "member", "CN=Nobody,"+staff), memory.UnwillingToPerform, 0x561},
		{"a time of password that is neither 0 nor -1", ann, mod(memory.ReplaceValues, "pwdLastSet", "5"), memory.UnwillingToPerform, 0x57},
		{"a time of lockout that is not 0", ann, mod(memory.ReplaceValues, "lockoutTime", "5"), memory.UnwillingToPerform, 0x57},
		{"delegation rights, by who is no administrator", ann, mod(memory.ReplaceValues, "userAccountControl", "524802"), memory.InsufficientAccess, 0x2098},
		{"a primary group that the account is not in", ann, mod(memory.ReplaceValues, "primaryGroupID", "512"), memory.UnwillingToPerform, 0x561},
		{"text where a number belongs", ann, mod(memory.ReplaceValues, "accountExpires", "never"), memory.InvalidAttributeSyntax, 0x57},
	} {
		t.Run(tt.name, func(t *testing.T) { wantFault(t, writer.Modify(tt.dn, tt.mods), tt.result, tt.win) })
	}
	t.Run("bits that only the directory knows are dropped without a word", func(t *testing.T) {
		if err := writer.Modify(ann, mod(memory.ReplaceValues, "userAccountControl", "530")); err != nil {
			t.Fatal(err)
		}
		o, err := writer.Lookup(ann, "userAccountControl")
		if got := o.Value("userAccountControl"); err != nil || got != "514" {
			t.Errorf("got %q (%v), want 514", got, err)
		}
	})
}

func TestRights(t *testing.T) {
	t.Parallel()
	d := newDomain(t)
	staff := "OU=Staff," + d.Base()
	load(t, d, memory.User("CN=Ann,"+staff, "ann", nil), memory.User("CN=Reader,OU=Service,"+d.Base(), "svc-ro", nil),
		memory.User("CN=Desk,OU=Service,"+d.Base(), "svc-desk", nil), memory.User("CN=Boss,"+staff, "boss", nil))
	if err := d.System().Modify("CN=Domain Admins,CN=Users,"+d.Base(), []memory.Mod{{Op: memory.AddValues, Attribute: "member", Values: []string{"CN=Boss," + staff}}}); err != nil {
		t.Fatal(err)
	}
	if err := d.Grant("svc-desk", memory.Right{Base: d.Base(), Users: true, Protected: true}); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name, who, target string
		allowed           bool
	}{
		{"a delegate writes in its OU", "svc-esrsync", "CN=Ann," + staff, true},
		{"a delegate cannot write a protected account in its OU", "svc-esrsync", "CN=Boss," + staff, false},
		{"a delegate of AdminSDHolder writes a protected account", "svc-desk", "CN=Boss," + staff, true},
		{"an account without a right writes nothing", "svc-ro", "CN=Ann," + staff, false},
		{"an administrator writes everywhere", "boss", "CN=Reader,OU=Service," + d.Base(), true},
		{"nobody writes themselves", "ann", "CN=Ann," + staff, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s, err := d.As(tt.who)
			if err != nil {
				t.Fatal(err)
			}
			err = s.Modify(tt.target, []memory.Mod{{Op: memory.ReplaceValues, Attribute: "info", Values: []string{"x"}}})
			if (err == nil) != tt.allowed || err != nil && !errors.Is(err, directory.ErrDenied) {
				t.Errorf("got %v, want allowed %t", err, tt.allowed)
			}
		})
	}
	t.Run("without an identity nothing is read", func(t *testing.T) {
		_, err := d.Anonymous().Find(memory.Query{Base: d.Base(), Scope: memory.Subtree})
		wantFault(t, err, memory.OperationsError, 0x4DC)
	})
}

func TestSignIn(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 1, 5, 9, 0, 0, 0, time.UTC)
	d, err := memory.New(memory.Options{Now: func() time.Time { return now }, Policy: memory.Policy{LockoutAfter: 3}})
	if err != nil {
		t.Fatal(err)
	}
	secret := memory.EncodePassword(goodPassword)
	user := func(login string, attributes ...string) memory.Object {
		return memory.User("CN="+login+",CN=Users,"+d.Base(), login, values(append(attributes, "unicodePwd", secret)...))
	}
	load(t, d, user("on", "userAccountControl", "512"), user("off"), user("ended", "userAccountControl", "512", "accountExpires", directory.FileTime(now)),
		user("fresh", "userAccountControl", "512", "pwdLastSet", "0"), user("night", "userAccountControl", "512", "logonHours", strings.Repeat("\x00", 21)),
		user("named", "userAccountControl", "512", "userPrincipalName", "Ann.Other@mail.example"), user("target", "userAccountControl", "512"))
	for _, tt := range []struct {
		name, who, password string
		data                uint32 // 0 is success
	}{
		{"the right password by login", "on", goodPassword, 0},
		{"the right password by domain and login", `EXAMPLE\on`, goodPassword, 0},
		{"the right password by DN", "CN=on,CN=Users," + d.Base(), goodPassword, 0},
		{"the right password by UPN", "ann.other@mail.example", goodPassword, 0},
		{"the right password by the UPN that every account has", "named@example.nhs.uk", goodPassword, 0},
		{"a wrong password", "named", "wrong", 0x52e},
		{"a name that nobody has", "nobody", goodPassword, 0x52e},
		{"no password", "on", "", 0x52e},
		{"a disabled account", "off", goodPassword, 0x533},
		{"a disabled account with a wrong password does not tell", "off", "wrong", 0x52e},
		{"an account past its end", "ended", goodPassword, 0x701},
		{"a password that must be changed", "fresh", goodPassword, 0x773},
		{"an account without hours", "night", goodPassword, 0x530},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s, err := d.SignIn(tt.who, tt.password)
			if tt.data == 0 {
				if err != nil || s.Name() == "" {
					t.Errorf("got %v", err)
				}
				return
			}
			wantFault(t, err, memory.InvalidCredentials, tt.data)
		})
	}
	t.Run("an account is locked after three wrong passwords, until it is unlocked", func(t *testing.T) {
		for range 3 {
			_, err := d.SignIn("target", "wrong")
			wantFault(t, err, memory.InvalidCredentials, 0x52e)
		}
		_, err := d.SignIn("target", goodPassword)
		wantFault(t, err, memory.InvalidCredentials, 0x775)
		if err := d.System().Modify("CN=target,CN=Users,"+d.Base(), []memory.Mod{{Op: memory.ReplaceValues, Attribute: "lockoutTime", Values: []string{"0"}}}); err != nil {
			t.Fatal(err)
		}
		if _, err := d.SignIn("target", goodPassword); err != nil {
			t.Error(err)
		}
	})
	t.Run("the previous password signs in for an hour after a reset", func(t *testing.T) {
		reset := []memory.Mod{{Op: memory.ReplaceValues, Attribute: "unicodePwd", Values: []string{memory.EncodePassword("Marble-Teapot-91-Zephyr")}}}
		if err := d.System().Modify("CN=on,CN=Users,"+d.Base(), reset); err != nil {
			t.Fatal(err)
		}
		if _, err := d.SignIn("on", goodPassword); err != nil {
			t.Error(err)
		}
		now = now.Add(time.Hour)
		_, err := d.SignIn("on", goodPassword)
		wantFault(t, err, memory.InvalidCredentials, 0x52e)
	})
}

func TestPasswordPolicy(t *testing.T) {
	t.Parallel()
	d := newDomain(t)
	staff := "OU=Staff," + d.Base()
	load(t, d, memory.User("CN=Ann,"+staff, "aother", values("displayName", "Other, Ann-Marie (Ward 7)", "unicodePwd", memory.EncodePassword(goodPassword))))
	for _, tt := range []struct {
		name, password string
		accepted       bool
	}{
		{"long and of four kinds", "Marble-Teapot-91-Zephyr", true},
		{"shorter than seven characters", "Aa1-bc", false},
		{"of two kinds only", "marbleteapot91", false},
		{"with the login inside", "xAOTHER-91-Zz", false},
		{"with a part of the display name inside", "Zz-9-Marie-91", false},
		{"with a part of two characters inside is fine", "Zz-9-An-91-Qq", true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			err := d.System().Modify("CN=Ann,"+staff, []memory.Mod{{Op: memory.ReplaceValues, Attribute: "unicodePwd", Values: []string{memory.EncodePassword(tt.password)}}})
			if tt.accepted {
				if err != nil {
					t.Error(err)
				}
				return
			}
			wantFault(t, err, memory.UnwillingToPerform, 0x52D)
		})
	}
	t.Run("a change with a wrong old password is refused", func(t *testing.T) {
		err := d.System().Modify("CN=Ann,"+staff, []memory.Mod{
			{Op: memory.DeleteValues, Attribute: "unicodePwd", Values: []string{memory.EncodePassword("wrong")}},
			{Op: memory.AddValues, Attribute: "unicodePwd", Values: []string{memory.EncodePassword(goodPassword)}}})
		wantFault(t, err, memory.ConstraintViolation, 0x56)
	})
}

func TestDeleteIsRefused(t *testing.T) {
	t.Parallel()
	d := newDomain(t)
	wantFault(t, d.System().Delete("CN=krbtgt,CN=Users,"+d.Base()), memory.UnwillingToPerform, 0x2076)
	wantFault(t, d.System().Delete("CN=Users,"+d.Base()), memory.NotAllowedOnNonLeaf, 0x2015)
	wantFault(t, d.System().Delete("CN=Nobody,OU=Staff,"+d.Base()), memory.NoSuchObject, 0x208D)
}

func TestWritesAreCounted(t *testing.T) {
	t.Parallel()
	d := newDomain(t)
	if got := d.Writes(); got.Total() != 0 {
		t.Fatalf("after seeding alone: %+v", got)
	}
	s, err := d.As("svc-esrsync")
	if err != nil {
		t.Fatal(err)
	}
	door := memory.NewDirectory(s)
	id, err := door.Create(t.Context(), directory.NewAccount{CN: "Ann", Parent: "OU=Staff," + d.Base(), Login: "ann", Password: goodPassword})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second time nothing is left to do
		if err := door.Move(t.Context(), id, "Ann B", ""); err != nil {
			t.Fatal(err)
		}
	}
	if err := door.Modify(t.Context(), id, []directory.Edit{{Attribute: "title", Old: []string{"stale"}}}); err == nil {
		t.Error("a stale edit went through")
	}
	if err := door.SetPassword(t.Context(), id, "Marble-Teapot-91-Zephyr", true); err != nil {
		t.Fatal(err)
	}
	if got, want := d.Writes(), (memory.Writes{Add: 1, Rename: 1, Password: 1}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestTheExchangeSchemaIsAChoice(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name      string
		without   bool
		wantThere bool
	}{
		{"a forest with Exchange has its attributes", false, true},
		{"a forest that never had Exchange lacks them", true, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			d, err := memory.New(memory.Options{NoExchange: tt.without})
			if err != nil {
				t.Fatal(err)
			}
			if there := d.Attributes()["mailnickname"]; there != tt.wantThere {
				t.Errorf("mailNickname is there: %t", there)
			}
			_, err = d.Load([]memory.Object{memory.User("CN=Ann,CN=Users,"+d.Base(), "ann", values("mailNickname", "ann"))})
			if tt.wantThere && err != nil {
				t.Error(err)
			}
			if !tt.wantThere {
				wantFault(t, err, memory.NoSuchAttribute, 0x57)
			}
		})
	}
}
