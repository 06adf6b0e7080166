package memory

import (
	"strings"

	"esrsync/internal/directory"
)

// Rename gives an object another RDN, or another parent, or both. An empty
// parent keeps the parent. The name it already has is a success.
func (s *Session) Rename(dn, newRDN, newParent string) error {
	s.d.mu.Lock()
	defer s.d.mu.Unlock()
	e, err := s.resolve(dn)
	if err != nil {
		return err
	}
	rdn, err := s.d.newName(e, newRDN)
	if err != nil {
		return err
	}
	parent := e.parent
	if newParent != "" {
		if parent, err = s.d.resolve(newParent); err != nil {
			return err
		}
	}
	if err := s.mayRename(e, parent); err != nil {
		return err
	}
	if rdn == e.rdn && parent == e.parent {
		return nil
	}
	if err := s.d.checkRename(e, rdn, parent); err != nil {
		return err
	}
	s.d.reattach(e, rdn, parent)
	s.d.touch(e, "name")
	s.count(func(w *Writes) { w.Rename++ })
	return nil
}

// newName reads the new RDN; the naming attribute of an object never changes.
func (d *Domain) newName(e *entry, newRDN string) (directory.RDN, error) {
	rdns, err := directory.ParseDN(newRDN)
	if err != nil || len(rdns) != 1 {
		return directory.RDN{}, badDN(newRDN)
	}
	if !strings.EqualFold(rdns[0].Attribute, e.rdn.Attribute) {
		return directory.RDN{}, updErr(NamingViolation, 0x2099, "problem 6001 (NAMING_VIOLATION)")
	}
	return canonicalRDN(rdns[0]), nil
}

func (s *Session) mayRename(e, parent *entry) error {
	if err := s.mayWrite(e); err != nil || parent == e.parent {
		return err
	}
	return s.mayCreate(e, parent)
}

func (d *Domain) checkRename(e *entry, rdn directory.RDN, parent *entry) error {
	if e.value("iscriticalsystemobject") == "TRUE" {
		return svcErr(0x2076)
	}
	if parent.under(e) || !parent.holdsObjects() {
		return updErr(NamingViolation, 0x2099, "problem 6001 (NAMING_VIOLATION)")
	}
	if sibling := parent.names[foldRDN(rdn)]; sibling == e {
		return nil // another case of the same name
	}
	return d.checkRDN(rdn, parent)
}

// holdsObjects reports whether users and groups may lie below the entry.
func (e *entry) holdsObjects() bool {
	return e.is("organizationalUnit") || e.is("container") || e.is("domainDNS") || e.is("builtinDomain")
}

// Delete removes an object that has nothing below it.
func (s *Session) Delete(dn string) error {
	s.d.mu.Lock()
	defer s.d.mu.Unlock()
	e, err := s.resolve(dn)
	if err != nil {
		return err
	}
	if err := s.mayWrite(e); err != nil {
		return err
	}
	switch {
	case e.value("iscriticalsystemobject") == "TRUE", e.parent == s.d.root:
		return svcErr(0x2076)
	case e.children.size() > 0:
		return updErr(NotAllowedOnNonLeaf, 0x2015, "problem 6003 (CANT_ON_NON_LEAF)")
	}
	s.d.detach(e)
	s.d.announce()
	s.count(func(w *Writes) { w.Delete++ })
	return nil
}
