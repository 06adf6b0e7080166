package memory

import (
	"fmt"
	"strings"

	"esrsync/internal/directory"
)

// Session is the domain as one identity may use it.
type Session struct {
	d      *Domain
	who    *entry
	system bool
}

// Right lets an identity write objects below Base, as a delegation on an OU does.
type Right struct {
	Base      string // DN
	Users     bool   // create, change, move and delete users
	Groups    bool   // change the members of groups
	Protected bool   // users with adminCount=1 too: the delegation is on AdminSDHolder as well
}

type grant struct {
	base *entry
	Right
}

// System returns a session that may do everything, also what only the directory
// itself may, and whose writes are not counted: it seeds domains.
func (d *Domain) System() *Session { return &Session{d: d, system: true} }

// Anonymous returns a session without an identity: it may read nothing but what
// the directory says of itself.
func (d *Domain) Anonymous() *Session { return &Session{d: d} }

// As returns a session of an account, given by login, UPN, EXAMPLE\login or DN,
// without asking for its password.
func (d *Domain) As(name string) (*Session, error) {
	d.mu.RLock()
	defer d.mu.RUnlock()
	e := d.principal(name)
	if e == nil {
		return nil, fmt.Errorf("opening a session of %q: %w", name, directory.ErrNotFound)
	}
	return &Session{d: d, who: e}, nil
}

// Grant gives an account a right. Granting more than once adds up.
func (d *Domain) Grant(name string, right Right) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	who := d.principal(name)
	if who == nil {
		return fmt.Errorf("granting a right to %q: %w", name, directory.ErrNotFound)
	}
	base, err := d.resolve(right.Base)
	if err != nil {
		return fmt.Errorf("granting a right on %s: %w", right.Base, err)
	}
	d.grants[who.guid] = append(d.grants[who.guid], grant{base: base, Right: right})
	return nil
}

// principal finds an account by any name that it may sign in with.
func (d *Domain) principal(name string) *entry {
	if domain, login, ok := strings.Cut(name, `\`); ok && strings.EqualFold(domain, d.opts.NetBIOS) {
		return d.find("samaccountname", login, nil)
	}
	if e := d.find("userprincipalname", name, nil); e != nil {
		return e
	}
	if e := d.find("samaccountname", name, nil); e != nil {
		return e
	}
	// Every account also answers to login@domain, whatever its UPN says.
	if login, domain, ok := strings.Cut(name, "@"); ok && strings.EqualFold(domain, d.opts.Name) {
		return d.find("samaccountname", login, nil)
	}
	if e, err := d.resolve(name); err == nil && e.value("samaccountname") != "" {
		return e
	}
	return nil
}

// Name returns the identity as whoami tells it (u:EXAMPLE\login), and nothing
// for a session without one.
func (s *Session) Name() string {
	if s.who == nil {
		return ""
	}
	s.d.mu.RLock()
	defer s.d.mu.RUnlock()
	return "u:" + s.d.opts.NetBIOS + `\` + s.who.value("samaccountname")
}

// admin reports whether the identity may write everything.
func (s *Session) admin() bool {
	return s.system || s.who != nil && s.d.isMemberOfAny(s.who, s.d.admins)
}

// identified refuses sessions without an identity.
func (s *Session) identified() error {
	if s.who == nil && !s.system {
		return notBound()
	}
	return nil
}

// mayWrite refuses changes of an entry that the identity has no right to.
func (s *Session) mayWrite(e *entry) error {
	if err := s.identified(); err != nil || s.admin() {
		return err
	}
	for _, g := range s.d.grants[s.who.guid] {
		ours := e.isPerson() && g.Users || e.is("group") && g.Groups
		if ours && e.under(g.base) && (g.Protected || e.value("admincount") != "1") {
			return nil
		}
	}
	return denied()
}

// mayCreate refuses new objects, and objects that come by a move, where the
// identity has no right to make them.
func (s *Session) mayCreate(e, parent *entry) error {
	if err := s.identified(); err != nil || s.admin() {
		return err
	}
	for _, g := range s.d.grants[s.who.guid] {
		if g.Users && e.isPerson() && parent.under(g.base) {
			return nil
		}
	}
	return denied()
}
