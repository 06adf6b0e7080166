package testbed

import (
	"bufio"
	"context"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/go-ldap/ldap/v3"
)

// Controllers are the two controllers of one domain, of which each tells the other of its
// changes within about a second; see packaging/testbed/run-with.sh --pair. As in
// most trusts, an old password goes on working for an hour.
//
// One test at a time has it, since it may stop what it likes. Whatever it leaves
// stopped is started again when it ends. Both controllers can be dialled by name.
type Controllers struct {
	CAFile string // PEM of the authority that both certificates are from
	Base   string // the domain's distinguished name

	// The controllers, each as it sees the domain itself: Add on one and Entry on
	// the other shows whether the news has arrived. North holds the roles, that of
	// PDC emulator among them.
	North, South *Domain

	// Units of this test alone. The service writes users in Staff and Leavers and
	// who is in the groups of Groups. Anywhere else, Elsewhere included, it may
	// switch off, mark and reset the password of users, and no more.
	Staff, Leavers, Groups, Elsewhere string

	Service Account // as of [Domain], with the rights that lockouts need beside
	Reader  Account
	Admin   Account

	folder  string // that the pair lives in
	control string // the script that stops and starts its controllers
	frozen  bool
	away    map[*Domain]bool // killed or stalled
}

// Pair returns the pair, with units of the test's own that are removed,
// whatever is in them, when the test ends. It waits until no other test has it.
func Pair(t testing.TB) *Controllers {
	t.Helper()
	p := &Controllers{
		CAFile:  variable(t, "ESRSYNC_TEST_PAIR_CA"),
		Base:    variable(t, "ESRSYNC_TEST_LDAP_BASE"),
		Service: account(t, "ESRSYNC_TEST_LDAP_"),
		Reader:  account(t, "ESRSYNC_TEST_LDAP_RO_"),
		Admin:   account(t, "ESRSYNC_TEST_LDAP_ADMIN_"),
		folder:  variable(t, "ESRSYNC_TEST_PAIR_FOLDER"),
		control: variable(t, "ESRSYNC_TEST_PAIR_CONTROL"),
		away:    map[*Domain]bool{},
	}
	p.reserve(t)
	hosts := strings.Split(variable(t, "ESRSYNC_TEST_PAIR_HOSTS"), ",")
	p.North, p.South = p.controller(t, hosts[0]), p.controller(t, hosts[1])
	p.makeUnits(t)
	// Registered last, so that it runs before the units are removed.
	t.Cleanup(func() { p.restore(t) })
	p.Sync(t)
	return p
}

// reserve waits for the pair and keeps it until the test ends, by a lock that a
// child process holds while we hold its input: if we are killed, it lets go.
func (p *Controllers) reserve(t testing.TB) {
	t.Helper()
	holder := exec.CommandContext(context.Background(), "flock", filepath.Join(p.folder, "lock"), "sh", "-c", "echo held; exec cat")
	input, err := holder.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	output, err := holder.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := holder.Start(); err != nil {
		t.Fatalf("reserving the pair: %v", err)
	}
	t.Cleanup(func() {
		_ = input.Close()
		if err := holder.Wait(); err != nil {
			t.Errorf("giving the pair back: %v", err)
		}
	})
	if word, err := bufio.NewReader(output).ReadString('\n'); word != "held\n" {
		t.Fatalf("reserving the pair: %q, %v", word, err)
	}
}

// controller returns the domain as one controller has it.
func (p *Controllers) controller(t testing.TB, host string) *Domain {
	t.Helper()
	d := &Domain{
		URL: "ldaps://" + host, CatalogueURL: "ldaps://" + host + ":3269", CAFile: p.CAFile, Base: p.Base,
		Service: p.Service, Reader: p.Reader, Admin: p.Admin,
		kerberos: filepath.Join(p.folder, shortName(host), "etc", "krb5.conf"),
	}
	d.admin = d.bound(t, d.Admin)
	// Whichever it is by then: a controller that came back has another.
	t.Cleanup(func() { _ = d.admin.Close() })
	return d
}

// again replaces the administrator's connection to a controller that was away.
func (d *Domain) again(t testing.TB) {
	t.Helper()
	_ = d.admin.Close()
	d.admin = d.bound(t, d.Admin)
}

func (p *Controllers) makeUnits(t testing.TB) {
	t.Helper()
	name := unique()
	unit := func(parent string) string { return p.North.ownUnit(t, "OU="+name+",OU="+parent+","+p.Base) }
	p.Staff, p.Leavers, p.Groups, p.Elsewhere = unit("Staff"), unit("Leavers"), unit("Groups"), unit("Elsewhere")
	for _, d := range p.both() {
		d.Staff, d.Leavers, d.Groups = p.Staff, p.Leavers, p.Groups
	}
}

func (p *Controllers) both() []*Domain { return []*Domain{p.North, p.South} }

// The values of a controller's own options: it holds a global catalogue, and takes
// in no changes from others (MS-ADTS 6.1.1.2.2.1.2.1.1).
const (
	replicates  = "1"
	takesNoNews = "3"
)

// Freeze stops replication, both ways: what is written on one controller stays there.
func (p *Controllers) Freeze(t testing.TB) {
	t.Helper()
	p.frozen = true
	for _, d := range p.both() {
		d.Set(t, d.settings(), "options", takesNoNews)
	}
}

// Thaw ends Freeze, and returns when each knows what the other knows.
func (p *Controllers) Thaw(t testing.TB) {
	t.Helper()
	for _, d := range p.both() {
		d.Set(t, d.settings(), "options", replicates)
	}
	p.frozen = false
	p.Sync(t)
}

// settings is where the configuration has the controller's own options.
func (d *Domain) settings() string {
	return "CN=NTDS Settings,CN=" + shortName(d.Host()) + ",CN=Servers,CN=Default-First-Site-Name,CN=Sites,CN=Configuration," + d.Base
}

// Sync returns when each controller knows what the other knew before.
func (p *Controllers) Sync(t testing.TB) {
	t.Helper()
	// Changes come in the order in which they were made, so that the last one to be
	// made has brought the others.
	word := unique()
	p.North.Set(t, p.domainUnit("Staff"), "description", "north "+word)
	p.South.Set(t, p.domainUnit("Leavers"), "description", "south "+word)
	p.South.await(t, p.domainUnit("Staff"), "description", "north "+word)
	p.North.await(t, p.domainUnit("Leavers"), "description", "south "+word)
}

// domainUnit is a unit that both controllers have had from the beginning.
func (p *Controllers) domainUnit(name string) string { return "OU=" + name + "," + p.Base }

// newsTakes is how long one change may take to arrive; it is known to take five
// seconds at times, and this machine may be busy.
const newsTakes = time.Minute

// await polls: no controller says when a change has come.
func (d *Domain) await(t testing.TB, dn, attribute, value string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), newsTakes)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		if entry := d.Entry(t, dn); len(entry[attribute]) == 1 && entry[attribute][0] == value {
			return
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			t.Fatalf("%s has not heard of a change of %s within %s", d.Host(), dn, newsTakes)
		}
	}
}

// Kill ends a controller without a word; it refuses connections from then on.
func (p *Controllers) Kill(t testing.TB, d *Domain) {
	t.Helper()
	p.away[d] = true
	p.do(t, "kill", d)
}

// Start brings back a controller that was killed, and waits until it answers.
func (p *Controllers) Start(t testing.TB, d *Domain) {
	t.Helper()
	p.do(t, "resume", d)
	d.again(t)
	delete(p.away, d)
}

// Stall makes a controller take requests and answer none.
func (p *Controllers) Stall(t testing.TB, d *Domain) {
	t.Helper()
	p.away[d] = true
	p.do(t, "stall", d)
}

// Wake ends Stall: what was asked meanwhile is answered.
func (p *Controllers) Wake(t testing.TB, d *Domain) {
	t.Helper()
	p.do(t, "wake", d)
	delete(p.away, d)
}

// do has the script do something to a controller.
func (p *Controllers) do(t testing.TB, verb string, d *Domain) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if out, err := exec.CommandContext(ctx, p.control, verb, p.folder, shortName(d.Host())).CombinedOutput(); err != nil {
		t.Fatalf("%s of %s: %v: %s", verb, d.Host(), err, out)
	}
}

// restore leaves the pair as the next test expects it.
func (p *Controllers) restore(t testing.TB) {
	t.Helper()
	for d := range p.away {
		p.do(t, "revive", d)
		d.again(t)
	}
	if p.frozen {
		p.Thaw(t)
	}
}

// Protect does to an account what a domain does within the hour to whoever is in a
// privileged group, and Samba never does: it notes adminCount=1, and gives it the
// access list of AdminSDHolder, which nothing above it adds to.
func (p *Controllers) Protect(t testing.TB, dn string) {
	t.Helper()
	// Of the security descriptor, the access list alone (MS-ADTS 3.1.1.3.4.1.11).
	accessList := ldap.NewControlMicrosoftSDFlags()
	accessList.ControlValue = 4
	controls := []ldap.Control{accessList}
	found, err := p.North.admin.Search(ldap.NewSearchRequest("CN=AdminSDHolder,CN=System,"+p.Base, ldap.ScopeBaseObject,
		ldap.NeverDerefAliases, 0, 0, false, "(objectClass=*)", []string{"nTSecurityDescriptor"}, controls))
	if err != nil || len(found.Entries) != 1 {
		t.Fatalf("reading AdminSDHolder: %v", err)
	}
	request := ldap.NewModifyRequest(dn, controls)
	request.Replace("nTSecurityDescriptor", []string{string(found.Entries[0].GetRawAttributeValue("nTSecurityDescriptor"))})
	request.Replace("adminCount", []string{"1"})
	if err := p.North.admin.Modify(request); err != nil {
		t.Fatalf("protecting %s: %v", dn, err)
	}
}

func shortName(host string) string {
	short, _, _ := strings.Cut(host, ".")
	return short
}
