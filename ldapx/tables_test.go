package ldapx

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-ldap/ldap/v3"

	"esrsync/internal/directory"
)

func TestResultsHaveKinds(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		code uint16
		text string
		kind error
	}{
		{"Windows: the DN is taken", 68, "00002071: UpdErr: DSID-031A11EC, problem 6005 (ENTRY_EXISTS), data 0", directory.ErrExists},
		{"Windows: the login is taken", 68, "00000524: UpdErr: DSID-031A11EC, problem 6005 (ENTRY_EXISTS), data 1316", directory.ErrExists},
		{"Windows: the UPN is taken", 19, "000021C8: AtrErr: DSID-03200BB0, #1:", directory.ErrExists},
		{"Samba: the name is taken, without a code", 68, "Entry already exists", directory.ErrExists},
		{"Windows: a weak password on a reset", 53, "0000052D: SvcErr: DSID-031A12D2, problem 5003 (WILL_NOT_PERFORM), data 0", directory.ErrRefused},
		{"Samba: a weak password", 19, "0000052D: Constraint violation - check_password_restrictions", directory.ErrRefused},
		{"Windows: an attribute that the schema lacks", 16, "00000057: LdapErr: DSID-0C090D8A, comment: Error in attribute conversion operation, data 0, v4563", directory.ErrRefused},
		{"Samba: an attribute that the schema lacks, in an add", 16, "0000200A: attribute not found", directory.ErrRefused},
		{"Samba: an attribute that the schema lacks, in a modify", 16, "acl_modify: attribute 'x' on entry 'y' was not found in the schema!", directory.ErrRefused},
		{"Windows: an expected value is gone", 16, "00002085: AtrErr: DSID-03151D8A, #1:", directory.ErrConflict},
		{"Samba: an expected value is gone, without a code", 16, "no matching attribute value while deleting attribute", directory.ErrConflict},
		{"a value is there already", 20, "00002083: AtrErr: DSID-031519A7, #1:", directory.ErrConflict},
		{"no such object", 32, "0000208D: NameErr: DSID-03100288, problem 2001 (NO_OBJECT), data 0", directory.ErrNotFound},
		{"Samba: no such parent in a move", 80, "00002095: parent does not exist", directory.ErrNotFound},
		{"another other error", 80, "00000523: SysErr", directory.ErrRefused},
		{"no right", 50, "00002098: SecErr: DSID-031514A0, problem 4003 (INSUFF_ACCESS_RIGHTS), data 0", directory.ErrDenied},
		{"our own password", 49, "80090308: LdapErr: DSID-0C090439, comment: AcceptSecurityContext error, data 52e, v4563", directory.ErrCredentials},
		{"busy", 51, "", directory.ErrUnavailable},
		{"unavailable", 52, "", directory.ErrUnavailable},
		{"out of time", 3, "", directory.ErrUnavailable},
		{"an administrative limit", 11, "", directory.ErrUnavailable},
		{"the sign-in has lapsed", 1, "000004DC: LdapErr: DSID-0C090A71, comment: In order to perform this operation a successful bind must be completed on the connection., data 0, v4563", directory.ErrUnavailable},
		{"only a part", 4, "", directory.ErrIncomplete},
		{"a value too long", 21, "0000200B: objectclass_attrs", directory.ErrRefused},
		{"something below it", 66, "00002015: UpdErr", directory.ErrRefused},
		{"a result that nobody has heard of", 123, "", directory.ErrRefused},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got, ok := refusal(fmt.Errorf("wrapped: %w", ldap.NewError(c.code, errors.New(c.text))))
			if !ok || !errors.Is(got, c.kind) || got.Code != c.code {
				t.Errorf("got %v, want %v", got, c.kind)
			}
		})
	}
}

func TestARefusalTellsNumbersAndNeverTheControllersText(t *testing.T) {
	t.Parallel()
	err := classify(49, "80090308: LdapErr: DSID-0C090439, comment: CN=Made Up Person, data 775, v4563")
	const want = "the directory refuses our own password: the account is locked (result 49, code 80090308, data 775)"
	if err.Error() != want {
		t.Errorf("got %q, want %q", err, want)
	}
}

func TestOnlyAControllersOwnResultIsAnAnswer(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		err  error
		want bool
	}{
		{"success", nil, true},
		{"a refusal", ldap.NewError(50, errors.New("")), true},
		{"a timeout, as the library gives it", ldap.NewError(ldap.ErrorNetwork, errors.New("ldap: connection timed out")), false},
		{"a reset, as the library gives it", errors.New("unable to read LDAP response packet: EOF"), false},
		{"an answer to another question", errors.New("ldap: unexpected response: 24"), false},
		{"no password given", ldap.NewError(ldap.ErrorEmptyPassword, errors.New("")), false},
	} {
		if got := answered(c.err); got != c.want {
			t.Errorf("%s: got %t, want %t", c.name, got, c.want)
		}
	}
}

func TestRanges(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		want part
		bad  bool
	}{
		{"member", part{"member", 0, true}, false},
		{"member;range=0-1499", part{"member", 1500, false}, false},
		{"member;Range=1500-2999", part{"member", 3000, false}, false},
		{"member;range=3000-*", part{"member", 0, true}, false},
		{"member;binary;range=0-9", part{"member", 10, false}, false},
		{"userCertificate;binary", part{"userCertificate", 0, true}, false},
		{"member;range=9-3", part{}, true},
		{"member;range=-", part{}, true},
		{"member;range=1", part{}, true},
		{"member;range=a-b", part{}, true},
		{"member;range=0-99999999999999999999", part{}, true},
	} {
		got, err := parseRange(c.name)
		if got != c.want || (err != nil) != c.bad || c.bad && !errors.Is(err, directory.ErrIncomplete) {
			t.Errorf("%s: got %+v and %v, want %+v", c.name, got, err, c.want)
		}
	}
}

func FuzzRange(f *testing.F) {
	for _, s := range []string{"member", "member;range=0-1499", "member;range=0-*", ";range=-", "a;range=4294967296-0"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, name string) {
		p, err := parseRange(name)
		if err == nil && !p.last && p.next < 1 {
			t.Errorf("%q goes on at %d", name, p.next)
		}
	})
}

func TestControlIsReadSignedAndUnsigned(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]directory.Control{"512": 512, "66050": 66050, "-2147483136": 0x80000200, "4294967295": 0xffffffff} {
		if got, err := parseControl(in); err != nil || got != want {
			t.Errorf("%s: got %d (%v), want %d", in, got, err, want)
		}
	}
	for _, in := range []string{"", "x", "4294967296", "-2147483649"} {
		if got, err := parseControl(in); err == nil {
			t.Errorf("%q was read as %d", in, got)
		}
	}
}

func TestEditsOfTheControlField(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name     string
		old, new []string
		bad      bool
	}{
		{"disabling keeps what we do not know", []string{"16777728"}, []string{"16777730"}, false},
		{"an account without the need for a password may keep that while it is disabled", []string{"544"}, []string{"546"}, false},
		{"no edit takes the need for a password away", []string{"512"}, []string{"544"}, true},
		{"the old value must be told", nil, []string{"514"}, true},
		{"it is never removed", []string{"512"}, nil, true},
		{"a number is asked for", []string{"512"}, []string{"disabled"}, true},
	} {
		err := checkEdits([]directory.Edit{{Attribute: "USERACCOUNTCONTROL", Old: c.old, New: c.new}})
		if (err != nil) != c.bad {
			t.Errorf("%s: got %v", c.name, err)
		}
	}
	if err := checkEdits([]directory.Edit{{Attribute: "unicodePwd", New: []string{"x"}}}); err == nil {
		t.Error("a password among other edits was taken")
	}
}

func TestLoginsThatActiveDirectoryRefuses(t *testing.T) {
	t.Parallel()
	for _, good := range []string{"jsmith", "o'brien", "a-b_c.d", strings.Repeat("x", 20)} {
		if err := validLogin(good); err != nil {
			t.Errorf("%q: %v", good, err)
		}
	}
	for _, bad := range []string{"", strings.Repeat("x", 21), "a b", "a@b", "a.", "a/b", "a\tb", `a"b`} {
		if validLogin(bad) == nil {
			t.Errorf("%q was taken", bad)
		}
	}
}

func TestEncodings(t *testing.T) {
	t.Parallel()
	if got := encodePassword("aé😀"); got != "\"\x00a\x00\xe9\x00\x3d\xd8\x00\xde\"\x00" {
		t.Errorf("the password is %q", got)
	}
	sid := []byte{1, 5, 0, 0, 0, 0, 0, 5, 21, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 0xf4, 1, 0, 0}
	if got := formatSID(sid); got != "S-1-5-21-1-2-3-500" {
		t.Errorf("the SID is %q", got)
	}
	if got := formatSID(childSID([]byte{1, 4, 0, 0, 0, 0, 0, 5, 21, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0}, 500)); got != "S-1-5-21-1-2-3-500" {
		t.Errorf("the member's SID is %q", got)
	}
	if got := formatSID(sid[:9]); got != "" {
		t.Errorf("half a SID is %q", got)
	}
	if got := generalizedTime("20260302083000.0Z"); !got.Equal(time.Date(2026, 3, 2, 8, 30, 0, 0, time.UTC)) {
		t.Errorf("the time is %s", got)
	}
}

func TestOnlyLDAPSIsSpoken(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]string{
		"ldaps://dc1.example.nhs.uk":       "dc1.example.nhs.uk:636",
		"LDAPS://dc1.example.nhs.uk:1636/": "dc1.example.nhs.uk:1636",
		"ldaps://[::1]":                    "[::1]:636",
	} {
		if s, err := parseServer(raw, ldapsPort); err != nil || s.address() != want {
			t.Errorf("%s: got %s (%v), want %s", raw, s.address(), err, want)
		}
	}
	for _, raw := range []string{"ldap://dc1", "dc1", "ldaps://", "https://dc1", "ldaps://u:p@dc1", "ldaps://dc1/dc=x", "ldaps://dc1?x", "://"} {
		if s, err := parseServer(raw, ldapsPort); err == nil {
			t.Errorf("%s was taken as %s", raw, s.address())
		}
	}
}

func TestControllersAreFoundByDNS(t *testing.T) {
	t.Parallel()
	lookup := func(_ context.Context, service, proto, name string) (string, []*net.SRV, error) {
		if service != "ldap" || proto != "tcp" || name != "dc._msdcs.trust.example" {
			return "", nil, fmt.Errorf("asked for %s %s %s", service, proto, name)
		}
		return "", []*net.SRV{{Target: "dc2.trust.example.", Port: 389}, {Target: "dc1.trust.example.", Port: 389}}, nil
	}
	got, err := discover(t.Context(), "trust.example", lookup)
	if want := []server{{"dc2.trust.example", "636"}, {"dc1.trust.example", "636"}}; err != nil || !slices.Equal(got, want) {
		t.Errorf("got %v (%v), want %v", got, err, want)
	}
	none := func(context.Context, string, string, string) (string, []*net.SRV, error) { return "", nil, nil }
	if _, err := discover(t.Context(), "trust.example", none); !errors.Is(err, directory.ErrUnavailable) {
		t.Errorf("got %v, want no controller", err)
	}
}

func TestGlobalCataloguesAreThoseOfTheControllers(t *testing.T) {
	t.Parallel()
	a, b := server{"dc1", "636"}, server{"dc2", "636"}
	got, err := Options{}.catalogues(b, []server{a, b})
	if want := []server{{"dc2", "3269"}, {"dc1", "3269"}}; err != nil || !slices.Equal(got, want) {
		t.Errorf("got %v (%v), want the picked one first", got, err)
	}
}

func TestFaultsOfOptionsAreToldTogether(t *testing.T) {
	t.Parallel()
	_, err := Options{PageSize: 5000, Timeout: -1}.withDefaults()
	for _, want := range []string{"neither servers nor a domain", "page size of 5000", "negative duration", "no user or password"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want it to tell %q", err, want)
		}
	}
}

func TestAWrongPasswordIsTriedOnceHoweverManyConnectionsOpen(t *testing.T) {
	t.Parallel()
	var c Circuit
	var tries atomic.Int32
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			err := c.bind("svc", []byte("wrong"), func() error { tries.Add(1); return classify(49, "") })
			if !errors.Is(err, directory.ErrCredentials) {
				t.Errorf("got %v", err)
			}
		})
	}
	wait.Wait()
	if tries.Load() != 1 {
		t.Errorf("the password was tried %d times, want once", tries.Load())
	}
}

func TestTheCircuitClosesWithAnotherPassword(t *testing.T) {
	t.Parallel()
	var c Circuit
	_ = c.bind("svc", []byte("wrong"), func() error { return classify(49, "") })
	if err := c.bind("svc", []byte("right"), func() error { return nil }); err != nil || c.Open() {
		t.Errorf("got %v, open %t", err, c.Open())
	}
	_ = c.bind("svc", []byte("wrong"), func() error { return classify(49, "") })
	c.Reset()
	if err := c.bind("svc", []byte("wrong"), func() error { return nil }); err != nil || c.Open() {
		t.Errorf("after a reset: got %v, open %t", err, c.Open())
	}
}

func TestAConnectionThatBreaksWhileBindingSaysNothingOfThePassword(t *testing.T) {
	t.Parallel()
	var c Circuit
	_ = c.bind("svc", []byte("right"), func() error { return directory.ErrUnavailable })
	if c.Open() {
		t.Error("the circuit is open")
	}
}
