package ldapx_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	ber "github.com/go-asn1-ber/asn1-ber"
	"github.com/go-ldap/ldap/v3"

	"esrsync/internal/directory"
	"esrsync/internal/directory/memory"
	"esrsync/ldapx"
	"esrsync/ldapx/adsim"
)

// hostOf is what a server is dialled by.
func hostOf(url string) string { return strings.TrimPrefix(url, "ldaps://") }

func openController(t *testing.T, o ldapx.Options, host string) *ldapx.Controller {
	t.Helper()
	c, err := ldapx.OpenController(t.Context(), o, host)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() }) // Nothing is left to lose on it.
	return c
}

func TestAControllerIsTheNamedOneAndNoOther(t *testing.T) {
	t.Parallel()
	named, other := serve(t, usually), serve(t, usually)
	c := openController(t, options(other, named), hostOf(named.url))
	if c.Name() != hostOf(named.url) {
		t.Errorf("it is called %q", c.Name())
	}
	named.stop()
	_, err := c.Account(t.Context(), directory.GUID{1}, directory.Scope{})
	if !errors.Is(err, directory.ErrUnavailable) || other.bindCount() != 0 {
		t.Errorf("got %v, and the other was signed in at %d times", err, other.bindCount())
	}
}

func TestAControllerThatHasNotCaughtUpIsLockedOutOnAllTheSame(t *testing.T) {
	t.Parallel()
	behind := serve(t, func(r request) []*ber.Packet {
		if r.op != ldap.ApplicationSearchRequest || r.base != "" {
			return nil
		}
		return []*ber.Packet{entry("", map[string][]string{"defaultNamingContext": {stubBase}, "isSynchronized": {"FALSE"}}), done()}
	})
	c := openController(t, options(behind), hostOf(behind.url))
	if _, err := c.Facts(t.Context()); errors.Is(err, directory.ErrUnavailable) {
		t.Errorf("it was passed over: %v", err)
	}
}

func TestAReadOnlyControllerIsNotOpened(t *testing.T) {
	t.Parallel()
	readOnly := serve(t, func(r request) []*ber.Packet {
		if r.op != ldap.ApplicationSearchRequest || r.base != "" {
			return nil
		}
		return []*ber.Packet{entry("", map[string][]string{"defaultNamingContext": {stubBase},
			"supportedCapabilities": {"1.2.840.113556.1.4.1920"}}), done()}
	})
	if _, err := ldapx.OpenController(t.Context(), options(readOnly), hostOf(readOnly.url)); !errors.Is(err, directory.ErrUnavailable) {
		t.Errorf("got %v", err)
	}
}

func TestADeadControllerIsToldWithinTheDialTimeout(t *testing.T) {
	t.Parallel()
	o := options()
	o.DialTimeout = 200 * time.Millisecond
	// As a host that is switched off: nothing refuses the connection, nothing answers.
	o.Dial = func(ctx context.Context, _, _ string) (net.Conn, error) {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	start := time.Now()
	_, err := ldapx.OpenController(t.Context(), o, "dc9.trust.example")
	if took := time.Since(start); !errors.Is(err, directory.ErrUnavailable) || took > 5*time.Second || took < o.DialTimeout {
		t.Errorf("got %v after %s", err, took)
	}
	if !strings.Contains(fmt.Sprint(err), "dc9.trust.example") {
		t.Errorf("the error does not name the controller: %v", err)
	}
}

func TestAControllersConnectionsAreOpenBeforeTheyAreNeeded(t *testing.T) {
	t.Parallel()
	s := simulate(t, adsim.Options{})
	o := simOptions(s)
	o.Connections, o.KeepAlive = 3, 20*time.Millisecond
	c := openController(t, o, hostOf(s.URL()))
	if err := s.Await(t.Context(), adsim.Bind, 3); err != nil {
		t.Fatal(err)
	}
	// It goes on after a restart, which cuts them all.
	s.DropConnections()
	if err := s.Await(t.Context(), adsim.Bind, 6); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Facts(t.Context()); err != nil {
		t.Error(err)
	}
}

// lockable returns a controller of a simulated domain with one enabled account.
func lockable(t *testing.T) (stage, *ldapx.Controller) {
	t.Helper()
	g := newStage(t, simulate(t, adsim.Options{}))
	if err := g.dir.Modify(t.Context(), g.person, []directory.Edit{{Attribute: "userAccountControl", Old: []string{"514"}, New: []string{"512"}}}); err != nil {
		t.Fatal(err)
	}
	return g, openController(t, simOptions(g.s), hostOf(g.s.URL()))
}

func TestALockoutIsOneReadAndOneWrite(t *testing.T) {
	t.Parallel()
	g, c := lockable(t)
	before, reads, writes := g.s.Domain().Writes().Total(), g.s.Requests(adsim.Search), g.s.Requests(adsim.Modify)
	for range 2 { // The second finds it done.
		if err := c.LockOut(t.Context(), g.person, "sealed"); err != nil {
			t.Fatal(err)
		}
	}
	if r, w := g.s.Requests(adsim.Search)-reads, g.s.Requests(adsim.Modify)-writes; r != 2 || w != 1 || g.s.Domain().Writes().Total() != before+1 {
		t.Errorf("two lockouts were %d reads and %d writes", r, w)
	}
}

// TestALockoutKeepsABitThatSomebodySetsMeanwhile has a second writer change another
// bit of the control field as fast as it can.
func TestALockoutKeepsABitThatSomebodySetsMeanwhile(t *testing.T) {
	t.Parallel()
	g, c := lockable(t)
	began := make(chan struct{})
	var other sync.WaitGroup
	var last directory.Control
	other.Go(func() {
		was := directory.NormalAccount
		for n := 0; ; n++ {
			next := was ^ directory.PasswordNeverEnds
			edit := directory.Edit{Attribute: "userAccountControl", Old: []string{was.String()}, New: []string{next.String()}}
			if g.dir.Modify(t.Context(), g.person, []directory.Edit{edit}) != nil {
				last = was
				return // The lockout came between.
			}
			if was = next; n == 0 {
				close(began)
			}
		}
	})
	<-began
	var err error
	// Against a writer that never rests it may lose five times in a row, and says so.
	for err = c.LockOut(t.Context(), g.person, "sealed"); errors.Is(err, directory.ErrConflict); {
		err = c.LockOut(t.Context(), g.person, "sealed")
	}
	other.Wait()
	if got := g.account(t); err != nil || got.Control != last.WithDisabled() || got.Marker != "sealed" {
		t.Errorf("got %v, and the control field is %s where the other left %s", err, got.Control, last)
	}
}

func TestALockoutOfASilentControllerIsToldAsUnavailable(t *testing.T) {
	t.Parallel()
	g, _ := lockable(t)
	o := simOptions(g.s)
	o.Timeout, o.DialTimeout = 200*time.Millisecond, 200*time.Millisecond
	c := openController(t, o, hostOf(g.s.URL()))
	g.s.Faults().Freeze()
	if err := c.LockOut(t.Context(), g.person, "sealed"); !errors.Is(err, directory.ErrUnavailable) {
		t.Errorf("got %v: nothing was sent, so nothing is unknown", err)
	}
	g.s.Faults().Thaw()
	if err := c.LockOut(t.Context(), g.person, "sealed"); err != nil || g.account(t).Enabled() {
		t.Errorf("after the thaw: %v", err)
	}
}

func TestAQueryThatFindsACrowdIsRefused(t *testing.T) {
	t.Parallel()
	s := simulate(t, adsim.Options{})
	for n := range directory.MaxFound + 1 {
		login := fmt.Sprintf("crowd%d", n)
		if _, err := s.Domain().System().Add("CN="+login+",OU=Staff,"+s.Domain().Base(), []memory.Attribute{values("objectClass", "user"),
			values("sAMAccountName", login), values("employeeID", "20000000"), values("userAccountControl", "514")}); err != nil {
			t.Fatal(err)
		}
	}
	dir := open(t, simOptions(s))
	got, err := dir.Find(t.Context(), directory.Query{PersonKeys: []string{"20000000"}})
	if !errors.Is(err, directory.ErrRefused) || got != nil {
		t.Errorf("got %d accounts and %v", len(got), err)
	}
	var logins []string // More than one request's worth of names, and few accounts.
	for n := range 150 {
		logins = append(logins, fmt.Sprintf("crowd%d", n))
	}
	if got, err = dir.Find(t.Context(), directory.Query{Logins: logins}); err != nil || len(got) != 150 {
		t.Errorf("got %d accounts and %v, want 150", len(got), err)
	}
}
