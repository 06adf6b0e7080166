package ldapx_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"esrsync/internal/directory"
	"esrsync/internal/directory/memory"
	"esrsync/ldapx"
	"esrsync/ldapx/adsim"
)

// simulate starts a controller of a domain, with our account in it.
func simulate(t *testing.T, o adsim.Options) *adsim.Server {
	t.Helper()
	s, err := adsim.Start(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() }) // Some tests have stopped it already.
	if o.Domain != nil {
		return s
	}
	add := func(dn string, attributes ...memory.Attribute) {
		if _, err := s.Domain().System().Add(dn+","+s.Domain().Base(), attributes); err != nil {
			t.Fatal(err)
		}
	}
	for _, ou := range []string{"OU=Staff", "OU=Leavers", "OU=Groups"} {
		add(ou, values("objectClass", "organizationalUnit"))
	}
	add("CN=Ward 1,OU=Groups", values("objectClass", "group"), values("sAMAccountName", "Ward 1"))
	add("CN=svc,CN=Users", values("objectClass", "user"), values("sAMAccountName", "svc"), values("userPrincipalName", stubUser),
		values("userAccountControl", "66048"), values("unicodePwd", memory.EncodePassword(stubPassword)))
	for _, right := range []memory.Right{{Base: "OU=Staff," + s.Domain().Base(), Users: true},
		{Base: "OU=Leavers," + s.Domain().Base(), Users: true}, {Base: "OU=Groups," + s.Domain().Base(), Groups: true}} {
		if err := s.Domain().Grant("svc", right); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

func values(name string, values ...string) memory.Attribute {
	return memory.Attribute{Name: name, Values: values}
}

func simOptions(servers ...*adsim.Server) ldapx.Options {
	o := options()
	for _, s := range servers {
		o.Servers = append(o.Servers, s.URL())
		o.GlobalCatalogues = append(o.GlobalCatalogues, s.CatalogueURL())
		o.CAPEM = append(o.CAPEM, s.CA()...)
	}
	return o
}

func simPerson(s *adsim.Server, n int) directory.NewAccount {
	login := fmt.Sprintf("person%d", n)
	return directory.NewAccount{CN: "Person " + login, Parent: "OU=Staff," + s.Domain().Base(), Login: login, UPN: login + "@" + s.Domain().Name(),
		Password: "Wobble-Lantern-47-Quartz", Attributes: map[string][]string{"sn": {"Person"}, "mail": {login + "@" + s.Domain().Name()}}}
}

// stage is what the writes below are tried on.
type stage struct {
	s             *adsim.Server
	dir           *ldapx.Directory
	person, group directory.GUID
}

func (g stage) account(t *testing.T) directory.Account {
	t.Helper()
	a, err := g.dir.Account(t.Context(), g.person, directory.Scope{Bases: []string{g.s.Domain().Base()}, Attributes: []string{"title"}})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// everyWrite is each kind of write, and the proof that it was made.
func everyWrite() []struct {
	name  string
	write func(*testing.T, stage) error
	made  func(*testing.T, stage) bool
} {
	return []struct {
		name  string
		write func(*testing.T, stage) error
		made  func(*testing.T, stage) bool
	}{
		{"create", func(t *testing.T, g stage) error {
			id, err := g.dir.Create(t.Context(), simPerson(g.s, 2))
			if err == nil && id.IsZero() {
				return errors.New("no GUID was given")
			}
			return err
		}, func(t *testing.T, g stage) bool {
			all, err := g.dir.Accounts(t.Context(), directory.Scope{Bases: []string{"OU=Staff," + g.s.Domain().Base()}})
			return err == nil && len(all) == 2
		}},
		{"modify", func(t *testing.T, g stage) error {
			return g.dir.Modify(t.Context(), g.person, []directory.Edit{{Attribute: "title", New: []string{"Nurse"}}})
		}, func(t *testing.T, g stage) bool { return g.account(t).Value("title") == "Nurse" }},
		{"disable", func(t *testing.T, g stage) error {
			return g.dir.Modify(t.Context(), g.person, []directory.Edit{{Attribute: "userAccountControl", Old: []string{"514"}, New: []string{"512"}}})
		}, func(t *testing.T, g stage) bool { return g.account(t).Enabled() }},
		{"lock out", func(t *testing.T, g stage) error { return g.dir.LockOut(t.Context(), g.person, "sealed") },
			func(t *testing.T, g stage) bool { return !g.account(t).Enabled() && g.account(t).Marker == "sealed" }},
		{"move", func(t *testing.T, g stage) error {
			return g.dir.Move(t.Context(), g.person, "Moved", "OU=Leavers,"+g.s.Domain().Base())
		}, func(t *testing.T, g stage) bool {
			return directory.SameDN(g.account(t).DN, "CN=Moved,OU=Leavers,"+g.s.Domain().Base())
		}},
		{"add a member", func(t *testing.T, g stage) error { return g.dir.AddMember(t.Context(), g.group, g.person) },
			func(t *testing.T, g stage) bool { return len(g.account(t).MemberOf) == 1 }},
		{"remove a member", func(t *testing.T, g stage) error { return g.dir.RemoveMember(t.Context(), g.group, g.person) },
			func(t *testing.T, g stage) bool { return len(g.account(t).MemberOf) == 0 }},
		{"set a password", func(t *testing.T, g stage) error {
			return g.dir.SetPassword(t.Context(), g.person, "Marble-Teapot-91-Zephyr", true)
		}, func(t *testing.T, g stage) bool { return g.account(t).PasswordSet.IsZero() }},
		{"delete", func(t *testing.T, g stage) error { return g.dir.Delete(t.Context(), g.person) },
			func(t *testing.T, g stage) bool {
				_, err := g.dir.Account(t.Context(), g.person, directory.Scope{})
				return errors.Is(err, directory.ErrNotFound)
			}},
	}
}

func newStage(t *testing.T, s *adsim.Server) stage {
	t.Helper()
	g := stage{s: s, dir: open(t, simOptions(s))}
	var err error
	if g.person, err = g.dir.Create(t.Context(), simPerson(s, 1)); err != nil {
		t.Fatal(err)
	}
	groups, err := g.dir.Groups(t.Context(), []string{"OU=Groups," + s.Domain().Base()}, nil)
	if err != nil || len(groups) != 1 {
		t.Fatalf("got %v (%v), want one group", groups, err)
	}
	g.group = groups[0].GUID
	return g
}

func TestEveryWriteIsSettledWhenItsAnswerIsLost(t *testing.T) {
	t.Parallel()
	for _, fault := range []struct {
		name string
		set  func(*adsim.Faults)
	}{
		{"the connection drops after it was made", func(f *adsim.Faults) { f.DropAfterApply(1) }},
		{"the connection drops before it was made", func(f *adsim.Faults) {
			for _, op := range []adsim.Op{adsim.Add, adsim.Modify, adsim.Rename, adsim.Delete} {
				f.DropBefore(op, 1)
			}
		}},
		{"the controller is busy twice", func(f *adsim.Faults) { f.Busy(2) }},
	} {
		for _, c := range everyWrite() {
			t.Run(c.name+", "+fault.name, func(t *testing.T) {
				t.Parallel()
				g := newStage(t, simulate(t, adsim.Options{}))
				if c.name == "remove a member" {
					if err := g.dir.AddMember(t.Context(), g.group, g.person); err != nil {
						t.Fatal(err)
					}
				}
				before := g.s.Domain().Writes().Total()
				fault.set(g.s.Faults())
				if err := c.write(t, g); err != nil {
					t.Fatalf("the write was not settled: %v", err)
				}
				if !c.made(t, g) {
					t.Error("the write was not made")
				}
				// A password cannot be read back, so it may be set twice.
				if n := g.s.Domain().Writes().Total() - before; n != 1 && c.name != "set a password" {
					t.Errorf("the directory was written %d times, want once", n)
				}
			})
		}
	}
}

// warned closes when something is warned of.
type warned chan struct{}

func (w warned) Infof(string, ...any) {}
func (w warned) Warnf(string, ...any) {
	select {
	case <-w:
	default:
		close(w)
	}
}

func TestAWriteToAFrozenControllerIsSettledWhenItThaws(t *testing.T) {
	t.Parallel()
	for _, c := range everyWrite() {
		if c.name == "move" || c.name == "lock out" || c.name == "remove a member" {
			continue // The first two begin with a read; a removal needs a membership first.
		}
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			g := newStage(t, simulate(t, adsim.Options{}))
			o := simOptions(g.s)
			lost := make(warned)
			o.Logger, o.Timeout = lost, 300*time.Millisecond
			frozen := g
			frozen.dir = open(t, o)
			g.s.Faults().Freeze()
			go func() {
				select {
				case <-lost:
				case <-t.Context().Done():
				}
				g.s.Faults().Thaw()
			}()
			if err := c.write(t, frozen); err != nil || !c.made(t, g) {
				t.Errorf("got %v, made %t", err, c.made(t, g))
			}
		})
	}
}

func TestAReadFromTheSimulatorIsCompleteOrAnError(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		set  func(*adsim.Server)
		kind error
		want int
	}{
		{"three pages are read whole", func(*adsim.Server) {}, nil, 5},
		{"the second page is cut", func(s *adsim.Server) { s.Faults().CutPage(2) }, directory.ErrIncomplete, 0},
		{"the cookie is lost", func(s *adsim.Server) { s.Faults().LoseCookie(1) }, directory.ErrIncomplete, 0},
		{"only a part is given", func(s *adsim.Server) { s.Faults().LimitBase("OU=Staff," + s.Domain().Base()) }, directory.ErrIncomplete, 0},
		{"the base is hidden", func(s *adsim.Server) { s.Faults().HideBase("OU=Staff," + s.Domain().Base()) }, directory.ErrIncomplete, 0},
		{"the base is denied", func(s *adsim.Server) { s.Faults().DenyBase("OU=Staff," + s.Domain().Base()) }, directory.ErrDenied, 0},
		{"the connections were cut while they were idle", func(s *adsim.Server) { s.DropConnections() }, nil, 5},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := simulate(t, adsim.Options{})
			o := simOptions(s)
			o.PageSize = 2
			dir := open(t, o)
			for i := range 5 {
				if _, err := dir.Create(t.Context(), simPerson(s, i)); err != nil {
					t.Fatal(err)
				}
			}
			c.set(s)
			got, err := dir.Accounts(t.Context(), directory.Scope{Bases: []string{"OU=Staff," + s.Domain().Base()}})
			if !errors.Is(err, c.kind) || len(got) != c.want {
				t.Errorf("got %d accounts and %v, want %d and %v", len(got), err, c.want, c.kind)
			}
		})
	}
}

func TestTheSimulatorsControllersAreListed(t *testing.T) {
	t.Parallel()
	domain, err := memory.New(memory.Options{Controllers: []string{"dc2", "dc1"}})
	if err != nil {
		t.Fatal(err)
	}
	s := simulate(t, adsim.Options{Domain: domain})
	o := simOptions(s)
	if _, err := domain.System().Add("CN=svc,CN=Users,"+domain.Base(), []memory.Attribute{values("objectClass", "user"), values("sAMAccountName", "svc"),
		values("userPrincipalName", stubUser), values("userAccountControl", "66048"), values("unicodePwd", memory.EncodePassword(stubPassword))}); err != nil {
		t.Fatal(err)
	}
	got, err := open(t, o).Controllers(t.Context())
	if err != nil || fmt.Sprint(got) != "[dc1.example.nhs.uk dc2.example.nhs.uk]" {
		t.Errorf("got %v (%v), want both controllers in order", got, err)
	}
}
