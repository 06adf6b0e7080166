package ldapx_test

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	ber "github.com/go-asn1-ber/asn1-ber"
	"github.com/go-ldap/ldap/v3"
	"go.uber.org/goleak"

	"esrsync/internal/directory"
	"esrsync/ldapx"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// usually answers everything as a fit controller does.
func usually(request) []*ber.Packet { return nil }

// staff are the users of a page.
func staff(n int) []*ber.Packet {
	var out []*ber.Packet
	for i := range n {
		id := strings.Repeat(string(rune('a'+i)), 16)
		out = append(out, entry("CN=made up,OU=Staff,"+stubBase, map[string][]string{
			"objectGUID": {id}, "userAccountControl": {"512"}, "sAMAccountName": {"madeup"}}))
	}
	return out
}

func staffScope() directory.Scope { return directory.Scope{Bases: []string{"OU=Staff," + stubBase}} }

// isPage reports a request for a page, rather than for a base object.
func isPage(r request) bool { return r.op == ldap.ApplicationSearchRequest && r.page != nil }

func TestAReadIsCompleteOrAnError(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		answer func(r request) []*ber.Packet
		kind   error // nil: the read goes through
		want   int
	}{
		{"two pages and the server's word are a whole read", func(r request) []*ber.Packet {
			if len(r.page.Cookie) == 0 {
				return append(staff(3), done(pageMore()))
			}
			return append(staff(4)[3:], done(pageEnd()))
		}, nil, 4},
		{"an empty page with a cookie is not the end", func(r request) []*ber.Packet {
			if len(r.page.Cookie) == 0 {
				return []*ber.Packet{done(pageMore())}
			}
			return append(staff(2), done(pageEnd()))
		}, nil, 2},
		{"an answer without the paging control is not complete", func(request) []*ber.Packet {
			return append(staff(3), done())
		}, directory.ErrIncomplete, 0},
		{"a connection lost between two pages is not complete", func(r request) []*ber.Packet {
			if len(r.page.Cookie) == 0 {
				return append(staff(3), done(pageMore()))
			}
			r.hangUp()
			return silence()
		}, directory.ErrIncomplete, 0},
		{"a connection lost inside a page is not complete", func(r request) []*ber.Packet {
			defer r.hangUp()
			return staff(3)
		}, directory.ErrIncomplete, 0},
		{"a size limit is not complete, whatever came before it", func(request) []*ber.Packet {
			return append(staff(3), refusing(4, "0000052E: size"))
		}, directory.ErrIncomplete, 0},
		{"an account that hides its control field is not complete", func(request) []*ber.Packet {
			return []*ber.Packet{entry("CN=made up,"+stubBase, map[string][]string{"objectGUID": {"0123456789abcdef"}}), done(pageEnd())}
		}, directory.ErrIncomplete, 0},
		{"an account that hides its GUID is not complete", func(request) []*ber.Packet {
			return []*ber.Packet{entry("CN=made up,"+stubBase, map[string][]string{"userAccountControl": {"512"}}), done(pageEnd())}
		}, directory.ErrIncomplete, 0},
		{"a controller that stays busy is unavailable", func(request) []*ber.Packet {
			return []*ber.Packet{refusing(51, "000020D9: busy")}
		}, directory.ErrUnavailable, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, func(r request) []*ber.Packet {
				if isPage(r) {
					return c.answer(r)
				}
				return nil
			})
			got, err := open(t, options(s)).Accounts(t.Context(), staffScope())
			if !errors.Is(err, c.kind) || len(got) != c.want {
				t.Errorf("got %d accounts and %v, want %d and %v", len(got), err, c.want, c.kind)
			}
		})
	}
}

func TestABaseThatCannotBeReadIsNotAnEmptyOne(t *testing.T) {
	t.Parallel()
	s := serve(t, func(r request) []*ber.Packet {
		if r.op == ldap.ApplicationSearchRequest && r.base != "" && r.page == nil {
			return []*ber.Packet{refusing(32, "0000208D: NameErr: DSID-03100288, problem 2001 (NO_OBJECT), data 0")}
		}
		return nil
	})
	_, err := open(t, options(s)).Accounts(t.Context(), staffScope())
	if !errors.Is(err, directory.ErrIncomplete) || !errors.Is(err, directory.ErrNotFound) {
		t.Errorf("got %v, want a read that is not complete because the base is not there", err)
	}
}

func TestABusyControllerIsAskedAgain(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	asked := 0
	s := serve(t, func(r request) []*ber.Packet {
		if !isPage(r) {
			return nil
		}
		mu.Lock()
		defer mu.Unlock()
		if asked++; asked < 3 {
			return []*ber.Packet{refusing(51, "")}
		}
		return append(staff(2), done(pageEnd()))
	})
	got, err := open(t, options(s)).Accounts(t.Context(), staffScope())
	if err != nil || len(got) != 2 {
		t.Errorf("got %d accounts and %v, want 2", len(got), err)
	}
}

func TestASecondReadSeesWhatTheFirstSaw(t *testing.T) {
	t.Parallel()
	s := serve(t, func(r request) []*ber.Packet {
		switch {
		case !isPage(r):
			return nil
		case len(r.page.Cookie) == 0:
			return append(staff(2), done(pageMore()))
		}
		return append(staff(3)[2:], done(pageEnd()))
	})
	dir := open(t, options(s))
	for range 3 {
		got, err := dir.Accounts(t.Context(), staffScope())
		if err != nil || len(got) != 3 {
			t.Errorf("got %d accounts and %v, want 3: no request may be used twice", len(got), err)
		}
	}
}

func TestMembersAreReadRangeByRange(t *testing.T) {
	t.Parallel()
	const group = "CN=Everyone,OU=Groups," + stubBase
	for _, c := range []struct {
		name  string
		parts func(attribute string) map[string][]string
		want  int
		kind  error
	}{
		{"all ranges up to the last are read", func(a string) map[string][]string {
			switch a {
			case "member":
				return map[string][]string{"member": {}, "member;range=0-1": {"CN=a", "CN=b"}}
			case "member;range=0-*":
				return map[string][]string{"member;range=0-1": {"CN=a", "CN=b"}}
			case "member;range=2-*":
				return map[string][]string{"member;range=2-3": {"CN=c", "CN=d"}}
			}
			return map[string][]string{"member;range=4-*": {"CN=e"}}
		}, 5, nil},
		{"a list that keeps changing is not complete", changing(), 0, directory.ErrIncomplete},
		{"ranges that do not go on are not complete", func(string) map[string][]string {
			return map[string][]string{"member;range=0-1": {"CN=a", "CN=b"}}
		}, 0, directory.ErrIncomplete},
		{"a range that is none is not complete", func(string) map[string][]string {
			return map[string][]string{"member;range=x-1": {"CN=a", "CN=b"}}
		}, 0, directory.ErrIncomplete},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, func(r request) []*ber.Packet {
				if r.op != ldap.ApplicationSearchRequest || r.base == "" {
					return nil
				}
				attributes := c.parts(memberAsked(r))
				attributes["objectGUID"] = []string{"0123456789abcdef"}
				return []*ber.Packet{entry(group, attributes), done()}
			})
			got, err := open(t, options(s)).Groups(t.Context(), nil, []string{group})
			if !errors.Is(err, c.kind) {
				t.Fatalf("got %v, want %v", err, c.kind)
			}
			if c.kind == nil && (len(got) != 1 || len(got[0].Members) != c.want) {
				t.Errorf("got %+v, want %d members", got, c.want)
			}
		})
	}
}

// memberAsked returns how the search asks for members.
func memberAsked(r request) string {
	for _, a := range r.packet.Children[7].Children {
		if name, _ := a.Value.(string); strings.HasPrefix(name, "member") {
			return name
		}
	}
	return ""
}

// changing answers with another version of the object each time.
func changing() func(string) map[string][]string {
	var mu sync.Mutex
	version := 0
	return func(a string) map[string][]string {
		mu.Lock()
		defer mu.Unlock()
		version++
		out := map[string][]string{"uSNChanged": {strings.Repeat("1", version)}}
		if a == "member;range=2-*" {
			out["member;range=2-*"] = []string{"CN=c"}
		} else {
			out["member;range=0-1"] = []string{"CN=a", "CN=b"}
		}
		return out
	}
}

func TestARefusedPasswordIsNotTriedAgain(t *testing.T) {
	t.Parallel()
	refuse := func(r request) []*ber.Packet {
		if r.op == ldap.ApplicationBindRequest {
			return []*ber.Packet{result(ldap.ApplicationBindResponse, 49,
				"80090308: LdapErr: DSID-0C090439, comment: AcceptSecurityContext error, data 775, v4563")}
		}
		return nil
	}
	first, second := serve(t, refuse), serve(t, refuse)
	o := options(first, second)
	password := stubPassword
	o.Circuit = &ldapx.Circuit{}
	o.BindPassword = func() ([]byte, error) { return []byte(password), nil }
	for range 3 {
		_, err := ldapx.Open(t.Context(), o)
		if !errors.Is(err, directory.ErrCredentials) || !strings.Contains(err.Error(), "the account is locked") {
			t.Errorf("got %v, want our own account refused as locked", err)
		}
		if strings.Contains(err.Error(), stubPassword) {
			t.Error("the error tells the password")
		}
	}
	if n := first.bindCount() + second.bindCount(); n != 1 || !o.Circuit.Open() {
		t.Errorf("the directory was asked %d times, want once; open: %t", n, o.Circuit.Open())
	}
	password = "Throwaway-Stub-2"
	if _, err := ldapx.Open(t.Context(), o); !errors.Is(err, directory.ErrCredentials) {
		t.Errorf("got %v, want the new password refused too", err)
	}
	if n := first.bindCount() + second.bindCount(); n != 2 {
		t.Errorf("the directory was asked %d times, want once more for the new password", n)
	}
}

func TestAnUntrustedCertificateIsRefused(t *testing.T) {
	t.Parallel()
	s, other := serve(t, usually), serve(t, usually)
	o := options(s)
	o.CAPEM = other.ca
	_, err := ldapx.Open(t.Context(), o)
	if !errors.Is(err, directory.ErrUnavailable) || !strings.Contains(err.Error(), "certificate") {
		t.Errorf("got %v, want the certificate refused", err)
	}
	if s.bindCount() != 0 {
		t.Error("the password was sent to a server that nobody vouches for")
	}
}

func TestAControllerThatIsNotFitIsPassedOver(t *testing.T) {
	t.Parallel()
	for name, attributes := range map[string]map[string][]string{
		"a read-only controller":             {"supportedCapabilities": {"1.2.840.113556.1.4.800", "1.2.840.113556.1.4.1920"}},
		"one that is not synchronised":       {"isSynchronized": {"FALSE"}},
		"a controller of another domain":     {"defaultNamingContext": {"DC=other,DC=example"}},
		"a server that is no controller":     {"defaultNamingContext": {}},
		"one whose root entry is not shown ": nil,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			unfit := serve(t, func(r request) []*ber.Packet {
				if r.op != ldap.ApplicationSearchRequest || r.base != "" {
					return nil
				}
				if attributes == nil {
					return []*ber.Packet{refusing(50, "00002098: SecErr")}
				}
				if attributes["defaultNamingContext"] == nil {
					attributes["defaultNamingContext"] = []string{stubBase}
				}
				return []*ber.Packet{entry("", attributes), done()}
			})
			fit := serve(t, usually)
			o := options(unfit, fit)
			o.Base = stubBase
			open(t, o)
			if fit.bindCount() != 1 {
				t.Errorf("the fit controller was signed in at %d times, want once", fit.bindCount())
			}
		})
	}
}

func TestTheSecondServerIsUsedWhenTheFirstIsGoneBeforeAnyWrite(t *testing.T) {
	t.Parallel()
	first, second := serve(t, usually), serve(t, usually)
	dir := open(t, options(first, second))
	if _, err := dir.Accounts(t.Context(), staffScope()); err != nil || second.bindCount() != 0 {
		t.Fatalf("reading from the first: %v; the second was signed in at %d times", err, second.bindCount())
	}
	first.stop()
	if _, err := dir.Accounts(t.Context(), staffScope()); err != nil || second.bindCount() == 0 {
		t.Errorf("got %v, want the second server to answer; it was signed in at %d times", err, second.bindCount())
	}
}

func TestNoOtherServerIsUsedAfterAWrite(t *testing.T) {
	t.Parallel()
	first, second := serve(t, usually), serve(t, usually)
	dir := open(t, options(first, second))
	if err := dir.Modify(t.Context(), directory.GUID{1}, []directory.Edit{{Attribute: "title", New: []string{"Nurse"}}}); err != nil {
		t.Fatal(err)
	}
	first.stop()
	_, err := dir.Accounts(t.Context(), staffScope())
	if !errors.Is(err, directory.ErrUnavailable) || second.bindCount() != 0 {
		t.Errorf("got %v and %d sign-ins at the second server, want it left alone", err, second.bindCount())
	}
}

func TestASilentControllerEndsAReadInTime(t *testing.T) {
	t.Parallel()
	s := serve(t, func(r request) []*ber.Packet {
		if isPage(r) {
			return silence()
		}
		return nil
	})
	o := options(s)
	o.Timeout = time.Second
	if _, err := open(t, o).Accounts(t.Context(), staffScope()); !errors.Is(err, directory.ErrIncomplete) {
		t.Errorf("got %v, want a read that is not complete", err)
	}
}

func TestADomainThatHidesItsRoleHolderIsNotAnsweredForByTheRootEntry(t *testing.T) {
	t.Parallel()
	host, err := open(t, options(serve(t, usually))).PDCEmulator(t.Context())
	if !errors.Is(err, directory.ErrIncomplete) {
		t.Errorf("got %q and %v, want a read that is not complete", host, err)
	}
}
