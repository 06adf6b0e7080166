package adsim_test

import (
	"testing"
	"time"

	ber "github.com/go-asn1-ber/asn1-ber"
	"github.com/go-ldap/ldap/v3"

	"esrsync/internal/directory/memory"
	"esrsync/ldapx/adsim"
)

// criticalControl is one that nobody knows, encoded as critical the way servers
// read it; the library's own encoding of true is not understood everywhere.
type criticalControl struct{}

func (criticalControl) GetControlType() string { return "1.2.3.4.5" }
func (criticalControl) String() string         { return "a control that nobody knows" }
func (c criticalControl) Encode() *ber.Packet {
	p := ber.NewSequence("control")
	p.AppendChild(ber.NewString(ber.ClassUniversal, ber.TypePrimitive, ber.TagOctetString, c.GetControlType(), "type"))
	p.AppendChild(ber.NewLDAPBoolean(ber.ClassUniversal, ber.TypePrimitive, ber.TagBoolean, true, "critical"))
	return p
}

// titled sets the title of the first person.
func titled(s *adsim.Server, c *ldap.Conn, title string) error {
	m := ldap.NewModifyRequest("CN=person00000,OU=Staff,"+s.Domain().Base(), nil)
	m.Replace("title", []string{title})
	return c.Modify(m)
}

func title(t *testing.T, s *adsim.Server) string {
	t.Helper()
	o, err := s.Domain().System().Lookup("CN=person00000,OU=Staff,"+s.Domain().Base(), "title")
	if err != nil {
		t.Fatal(err)
	}
	return o.Value("title")
}

func TestWriteFaults(t *testing.T) {
	t.Parallel()
	s := start(t, adsim.Options{})
	seedPeople(t, s.Domain(), 1)
	t.Run("a write dropped after it was applied is made, and its answer never comes", func(t *testing.T) {
		s.Faults().DropAfterApply(1)
		if err := titled(s, client(t, s), "applied"); err == nil {
			t.Error("the write was answered")
		}
		if got := title(t, s); got != "applied" {
			t.Errorf("the title is %q", got)
		}
	})
	t.Run("a write dropped before is not made", func(t *testing.T) {
		s.Faults().DropBefore(adsim.Modify, 1)
		if err := titled(s, client(t, s), "dropped"); err == nil {
			t.Error("the write was answered")
		}
		if got := title(t, s); got != "applied" {
			t.Errorf("the title is %q", got)
		}
	})
	t.Run("a busy server says so, and then works again", func(t *testing.T) {
		c := client(t, s)
		s.Faults().Busy(1)
		wantCode(t, titled(s, c, "busy"), ldap.LDAPResultBusy)
		if err := titled(s, c, "idle"); err != nil {
			t.Error(err)
		}
	})
	t.Run("a frozen server carries the write out when it thaws", func(t *testing.T) {
		c := client(t, s)
		s.Faults().Freeze()
		c.SetTimeout(50 * time.Millisecond)
		if err := titled(s, c, "thawed"); !ldap.IsErrorWithCode(err, ldap.ErrorNetwork) {
			t.Errorf("got %v, want a timeout", err)
		}
		if got := title(t, s); got != "idle" {
			t.Errorf("frozen, the title is %q", got)
		}
		s.Faults().Thaw()
		c.SetTimeout(20 * time.Second)
		// Requests of one connection are carried out in turn.
		if _, err := c.Compare("CN=person00000,OU=Staff,"+s.Domain().Base(), "title", "thawed"); err != nil {
			t.Error(err)
		}
		if got := title(t, s); got != "thawed" {
			t.Errorf("thawed, the title is %q", got)
		}
	})
	t.Run("a slow server answers later than a fast client waits", func(t *testing.T) {
		c := client(t, s)
		s.Faults().Delay(adsim.Modify, time.Hour)
		c.SetTimeout(20 * time.Millisecond)
		if err := titled(s, c, "slow"); !ldap.IsErrorWithCode(err, ldap.ErrorNetwork) {
			t.Errorf("got %v, want a timeout", err)
		}
		s.Faults().Delay(adsim.Modify, 0)
	})
}

func TestReadFaults(t *testing.T) {
	t.Parallel()
	s := start(t, adsim.Options{})
	d := s.Domain()
	seedPeople(t, d, 25)
	load(t, d, memory.Unit("OU=Hidden,OU=Staff,"+d.Base()), memory.User("CN=shy,OU=Hidden,OU=Staff,"+d.Base(), "shy", nil))
	read := func(t *testing.T) (int, error) {
		got, err := client(t, s).SearchWithPaging(everyone(s, "cn"), 10)
		return len(got.Entries), err
	}
	t.Run("a connection cut within the second page is an error", func(t *testing.T) {
		s.Faults().CutPage(2)
		if n, err := read(t); err == nil {
			t.Errorf("got %d entries and no error", n)
		}
	})
	t.Run("a lost cookie looks like the end", func(t *testing.T) {
		s.Faults().LoseCookie(1)
		r := everyone(s, "cn")
		r.Controls = []ldap.Control{ldap.NewControlPaging(10)}
		got, err := client(t, s).Search(r)
		if err != nil || len(got.Entries) != 10 || len(got.Controls) != 0 {
			t.Errorf("got %d entries, controls %v (%v)", len(got.Entries), got.Controls, err)
		}
	})
	t.Run("a limited base ends in result 4", func(t *testing.T) {
		s.Faults().LimitBase("OU=Hidden,OU=Staff," + d.Base())
		_, err := read(t)
		wantCode(t, err, ldap.LDAPResultSizeLimitExceeded)
		s.Faults().LimitBase("")
	})
	t.Run("a denied base is refused", func(t *testing.T) {
		s.Faults().DenyBase("OU=Staff," + d.Base())
		_, err := read(t)
		wantCode(t, err, ldap.LDAPResultInsufficientAccessRights)
		s.Faults().DenyBase("")
	})
	t.Run("a hidden base is missing without a word", func(t *testing.T) {
		s.Faults().HideBase("OU=Hidden,OU=Staff," + d.Base())
		if n, err := read(t); err != nil || n != 25 {
			t.Errorf("got %d entries (%v), want 25 of 26", n, err)
		}
		s.Faults().HideBase("")
		if n, err := read(t); err != nil || n != 26 {
			t.Errorf("got %d entries (%v), want 26", n, err)
		}
	})
}

func TestClearEndsEveryFault(t *testing.T) {
	t.Parallel()
	s := start(t, adsim.Options{})
	seedPeople(t, s.Domain(), 3)
	base, f := "OU=Staff,"+s.Domain().Base(), s.Faults()
	f.Freeze()
	f.Delay(adsim.Search, time.Hour)
	f.DropBefore(adsim.Search, 1)
	f.DropAfterApply(1)
	f.Busy(1)
	f.CutPage(1)
	f.LoseCookie(1)
	f.LimitBase(base)
	f.DenyBase(base)
	f.HideBase(base)
	f.Clear()
	c := client(t, s)
	got, err := c.SearchWithPaging(everyone(s, "cn"), 2)
	if err != nil || len(got.Entries) != 3 {
		t.Errorf("got %d entries (%v), want 3", len(got.Entries), err)
	}
	if err := titled(s, c, "Nurse"); err != nil {
		t.Error(err)
	}
}

func TestServerEnds(t *testing.T) {
	t.Parallel()
	s, err := adsim.Start(adsim.Options{})
	if err != nil {
		t.Fatal(err)
	}
	c := dial(t, s, s.URL())
	s.Faults().Freeze()
	bound := make(chan error)
	go func() { bound <- c.Bind(writer, password) }()
	if err := s.Await(t.Context(), adsim.Bind, 1); err != nil {
		t.Fatal(err)
	}
	for range 2 { // closing again is no error
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
	if err := <-bound; err == nil {
		t.Error("a frozen bind was answered")
	}
}

func load(t testing.TB, d *memory.Domain, objects ...memory.Object) {
	t.Helper()
	if _, err := d.Load(objects); err != nil {
		t.Fatal(err)
	}
}

func TestTwoControllers(t *testing.T) {
	t.Parallel()
	d, err := memory.New(memory.Options{Controllers: []string{"dc1", "dc2"}})
	if err != nil {
		t.Fatal(err)
	}
	first := start(t, adsim.Options{Domain: d})
	second, err := adsim.Start(adsim.Options{Domain: d, Controller: "dc2"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = second.Close() })
	seedPeople(t, d, 1)
	if err := titled(first, client(t, first), "seen on both"); err != nil {
		t.Fatal(err)
	}
	if ok, err := client(t, second).Compare("CN=person00000,OU=Staff,"+d.Base(), "title", "seen on both"); err != nil || !ok {
		t.Errorf("got %t (%v)", ok, err)
	}
	got, err := client(t, first).Search(ldap.NewSearchRequest("CN=Sites,CN=Configuration,"+d.Base(), ldap.ScopeWholeSubtree, ldap.NeverDerefAliases, 0, 0, false,
		"(&(objectClass=server)(dNSHostName=*))", []string{"dNSHostName"}, nil))
	if err != nil || len(got.Entries) != 2 {
		t.Errorf("the configuration names %d controllers (%v), want 2", len(got.Entries), err)
	}
}
