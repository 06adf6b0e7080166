package memory

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"esrsync/internal/directory"
)

// Add makes an object. What the directory works out itself (GUID, SID, times,
// control field, category) need not be given.
func (s *Session) Add(dn string, attributes []Attribute) (directory.GUID, error) {
	s.d.mu.Lock()
	defer s.d.mu.Unlock()
	e, parent, err := s.d.newChild(dn, attributes)
	if err != nil {
		return directory.GUID{}, err
	}
	if err := s.mayCreate(e, parent); err != nil {
		return directory.GUID{}, err
	}
	f := newDraft(s.d, e)
	f.isNew, f.system = true, s.system
	for _, a := range attributes {
		if err := f.apply(Mod{Op: AddValues, Attribute: a.Name, Values: a.Values}); err != nil {
			return directory.GUID{}, err
		}
	}
	if err := s.d.fillIn(f); err != nil {
		return directory.GUID{}, err
	}
	if err := f.check(s); err != nil {
		return directory.GUID{}, err
	}
	s.d.insert(f, parent)
	s.count(func(w *Writes) { w.Add++ })
	return e.guid, nil
}

// newChild returns an entry for a name that is free, below a parent that is there.
func (d *Domain) newChild(dn string, attributes []Attribute) (e, parent *entry, err error) {
	rdns, err := directory.ParseDN(dn)
	if err != nil || len(rdns) == 0 {
		return nil, nil, badDN(dn)
	}
	if parent, err = d.resolve(directory.ParentDN(dn)); err != nil {
		return nil, nil, err
	}
	if err := d.checkRDN(rdns[0], parent); err != nil {
		return nil, nil, err
	}
	guid, err := d.newGUID()
	if err != nil {
		return nil, nil, err
	}
	e = newEntry(guid, canonicalRDN(rdns[0]))
	for _, a := range attributes {
		if strings.EqualFold(a.Name, "objectClass") {
			e.values["objectclass"], err = d.expandClasses(a.Values)
		}
	}
	if err == nil && len(e.values["objectclass"]) == 0 {
		err = updErr(ObjectClassViolation, 0x207B, "problem 6002 (OBJ_CLASS_VIOLATION)")
	}
	if err == nil && (e.is("user") || e.is("group")) && !parent.holdsObjects() {
		err = updErr(NamingViolation, 0x2099, "problem 6001 (NAMING_VIOLATION)")
	}
	return e, parent, err
}

// checkRDN refuses names that are taken, too long, or below something that holds nothing.
func (d *Domain) checkRDN(rdn directory.RDN, parent *entry) error {
	switch {
	case parent.names[foldRDN(rdn)] != nil:
		return dnTaken()
	case strings.EqualFold(rdn.Attribute, "CN") && len([]rune(rdn.Value)) > 64:
		return atrErr(ConstraintViolation, 0x2082, constraintProblem, "cn")
	case strings.TrimSpace(rdn.Value) == "", strings.ContainsRune(rdn.Value, 0):
		return badDN(rdn.Attribute + "=" + rdn.Value)
	}
	return nil
}

func canonicalRDN(r directory.RDN) directory.RDN {
	return directory.RDN{Attribute: strings.ToUpper(r.Attribute), Value: r.Value}
}

// fillIn gives a new object what the request left out.
func (d *Domain) fillIn(f *draft) error {
	e := f.e
	f.set("objectclass", e.values["objectclass"]...)
	f.set("objectcategory", d.category(e))
	var defaults map[string]string
	switch {
	case e.is("user"):
		defaults = map[string]string{"useraccountcontrol": "546", "primarygroupid": "513", "pwdlastset": "0",
			"accountexpires": "9223372036854775807", "badpwdcount": "0", "samaccounttype": "805306368"}
		if e.is("computer") {
			defaults["useraccountcontrol"], defaults["primarygroupid"] = "4128", "515"
		}
	case e.is("group"):
		defaults = map[string]string{"grouptype": "-2147483646", "samaccounttype": "268435456"}
	default:
		return nil
	}
	d.nextRID++
	defaults["objectsid"] = string(encodeSID(d.sid + "-" + strconv.Itoa(int(d.nextRID))))
	defaults["samaccountname"] = "$" + strings.ToUpper(strconv.FormatUint(uint64(d.nextRID)*7919, 36)) + "-" + e.guid.String()[:8]
	for _, key := range slices.Sorted(maps.Keys(defaults)) {
		if !f.touched(key) && !(key == "pwdlastset" && f.password != nil) {
			f.set(key, defaults[key])
		}
	}
	return nil
}

// insert puts a judged new object into the tree.
func (d *Domain) insert(f *draft, parent *entry) {
	delete(f.e.values, "objectclass") // the draft has it
	d.attach(f.e, parent)
	d.commit(f)
	f.e.created, f.e.usnCreated = f.e.changed, f.e.usnChanged
	if given := parseGeneralizedTime(f.e.value("whencreated")); !given.IsZero() {
		f.e.created = given // a loaded object may be older than the domain
	}
}

// Modify makes all changes to an object, or none.
func (s *Session) Modify(dn string, mods []Mod) error {
	s.d.mu.Lock()
	defer s.d.mu.Unlock()
	e, err := s.resolve(dn)
	if err != nil {
		return err
	}
	if err := s.mayModify(e, mods); err != nil {
		return err
	}
	f := newDraft(s.d, e)
	f.system = s.system
	for _, m := range mods {
		if err := f.apply(m); err != nil {
			return err
		}
	}
	if err := f.check(s); err != nil {
		return err
	}
	s.d.commit(f)
	s.count(func(w *Writes) {
		if f.password != nil {
			w.Password++
		} else {
			w.Modify++
		}
	})
	return nil
}

// mayModify is mayWrite, but for a change of one's own password, which needs the
// old password and no right.
func (s *Session) mayModify(e *entry, mods []Mod) error {
	change := len(mods) == 2 && mods[0].Op == DeleteValues && mods[1].Op == AddValues
	for _, m := range mods {
		change = change && strings.EqualFold(m.Attribute, "unicodePwd")
	}
	if change && s.identified() == nil {
		return nil
	}
	return s.mayWrite(e)
}

// resolve finds the object of a request, for identities only.
func (s *Session) resolve(dn string) (*entry, error) {
	if err := s.identified(); err != nil {
		return nil, err
	}
	return s.d.resolve(dn)
}

// commit makes the changes of a judged draft.
func (d *Domain) commit(f *draft) {
	if f.password != nil {
		d.commitPassword(f)
	}
	for _, key := range f.keys {
		if d.schema[key].backLink != "" {
			d.commitLinks(f, key)
		} else if values, ok := f.values[key]; ok {
			d.replace(f.e, key, values)
		}
	}
	d.touch(f.e, f.keys...)
}

// replace swaps the values of an attribute, and keeps the indexes right.
func (d *Domain) replace(e *entry, key string, values []string) {
	d.unindexValues(e, key, e.values[key])
	if len(values) == 0 {
		delete(e.values, key)
		return
	}
	e.values[key] = values
	d.indexValues(e, key, values)
}

// setValues is a write of the directory itself.
func (d *Domain) setValues(e *entry, key string, values []string) {
	d.replace(e, key, values)
	d.touch(e, key)
}

func (d *Domain) setNumber(e *entry, key string, n int64) {
	if e.number(key) != n {
		d.replace(e, key, []string{strconv.FormatInt(n, 10)})
	}
}

func (s *Session) count(add func(*Writes)) {
	if !s.system {
		add(&s.d.writes)
	}
}
