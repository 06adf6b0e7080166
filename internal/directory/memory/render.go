package memory

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"esrsync/internal/directory"
)

// Object is an object as a search shows it.
type Object struct {
	GUID       directory.GUID
	DN         string
	Attributes []Attribute // sorted by name when all were asked for, else in the order asked
}

// Values returns the values of an attribute, whatever the case of its name.
func (o Object) Values(name string) []string {
	for _, a := range o.Attributes {
		if strings.EqualFold(a.Name, name) {
			return a.Values
		}
	}
	return nil
}

// Value returns the first value of an attribute, or nothing.
func (o Object) Value(name string) string {
	if v := o.Values(name); len(v) > 0 {
		return v[0]
	}
	return ""
}

// Selection is what a search shows of each object. Names may be "*", "1.1" for
// none, and may carry a range option, as in member;range=1500-*.
type Selection struct {
	Names    []string // none is "*"
	MaxRange int      // most values of one attribute shown at once; zero is no bound
}

// Show returns an object, and whether it is still there.
func (s *Session) Show(id directory.GUID, want Selection) (Object, bool) {
	s.d.mu.RLock()
	defer s.d.mu.RUnlock()
	e := s.d.byGUID[id]
	if e == nil || s.identified() != nil {
		return Object{}, false
	}
	return s.d.render(e, want), true
}

// Lookup returns one object by any of its names.
func (s *Session) Lookup(dn string, names ...string) (Object, error) {
	s.d.mu.RLock()
	defer s.d.mu.RUnlock()
	e, err := s.resolve(dn)
	if err != nil {
		return Object{}, err
	}
	return s.d.render(e, Selection{Names: names}), nil
}

func (d *Domain) render(e *entry, want Selection) Object {
	o := Object{GUID: e.guid, DN: e.dn}
	names := want.Names
	if len(names) == 0 {
		names = []string{"*"}
	}
	seen := map[string]bool{}
	for _, name := range names {
		if name == "*" {
			for _, key := range d.keysOf(e) {
				d.show(&o, e, d.schema[key].name, want.MaxRange, seen)
			}
			continue
		}
		d.show(&o, e, name, want.MaxRange, seen)
	}
	return o
}

// keysOf returns the attributes that "*" stands for, sorted.
func (d *Domain) keysOf(e *entry) []string {
	keys := []string{"distinguishedname", "name", "objectguid", "usnchanged", "usncreated", "whenchanged", "whencreated",
		strings.ToLower(e.rdn.Attribute)}
	for key := range e.values {
		keys = append(keys, key)
	}
	for key, s := range e.links {
		if s.size() > 0 {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	return slices.Compact(keys)
}

// show adds one attribute to the object. More values than one answer may hold
// come as a range, beside an empty attribute of the plain name; that is how a
// controller does it, and how careless readers come to see an empty group.
func (d *Domain) show(o *Object, e *entry, name string, maxRange int, seen map[string]bool) {
	plain, option, ranged := strings.Cut(name, ";")
	a, ok := d.schema.lookup(plain)
	if !ok || a.secret || seen[a.key] {
		return
	}
	values := d.valuesOf(e, a)
	if len(values) == 0 {
		return
	}
	seen[a.key] = true
	if ranged {
		if shown, label, ok := cutRange(values, option, maxRange); ok {
			o.Attributes = append(o.Attributes, Attribute{Name: a.name + ";" + label, Values: shown})
		}
		return
	}
	if maxRange > 0 && len(values) > maxRange {
		label := "range=0-" + strconv.Itoa(maxRange-1)
		o.Attributes = append(o.Attributes, Attribute{Name: a.name},
			Attribute{Name: a.name + ";" + label, Values: values[:maxRange]})
		return
	}
	// The name comes back as it was asked for, as from a controller.
	o.Attributes = append(o.Attributes, Attribute{Name: plain, Values: values})
}

// cutRange answers range=LOW-HIGH or range=LOW-*; the label ends in a star when
// these are the last values.
func cutRange(values []string, option string, maxRange int) (shown []string, label string, ok bool) {
	bounds, ok := strings.CutPrefix(strings.ToLower(option), "range=")
	if !ok {
		return nil, "", false
	}
	lowText, highText, ok := strings.Cut(bounds, "-")
	low, err := strconv.Atoi(lowText)
	if !ok || err != nil || low < 0 || low >= len(values) {
		return nil, "", false
	}
	high := len(values) - 1
	if highText != "*" {
		n, err := strconv.Atoi(highText)
		if err != nil || n < low {
			return nil, "", false
		}
		high = min(high, n)
	}
	if maxRange > 0 {
		high = min(high, low+maxRange-1)
	}
	end := strconv.Itoa(high)
	if high == len(values)-1 {
		end = "*"
	}
	return values[low : high+1], "range=" + strconv.Itoa(low) + "-" + end, true
}

func (d *Domain) present(e *entry, a attributeType) bool {
	switch {
	case a.linked():
		return e.linked(a.key).size() > 0
	case a.rdn, a.virtual, a.system:
		return len(d.valuesOf(e, a)) > 0
	}
	return len(e.values[a.key]) > 0
}

// valuesOf returns an attribute's values, stored, linked or worked out.
func (d *Domain) valuesOf(e *entry, a attributeType) []string {
	if a.linked() {
		return linkedDNs(e.linked(a.key))
	}
	switch a.key {
	case "distinguishedname":
		return []string{e.dn}
	case "name":
		return []string{e.rdn.Value}
	case "cn", "ou", "dc":
		if strings.EqualFold(e.rdn.Attribute, a.key) {
			return []string{e.rdn.Value}
		}
		return nil
	case "objectguid":
		return []string{string(e.guid[:])}
	case "usnchanged":
		return []string{strconv.FormatInt(e.usnChanged, 10)}
	case "usncreated":
		return []string{strconv.FormatInt(e.usnCreated, 10)}
	case "whenchanged":
		return []string{GeneralizedTime(e.changed)}
	case "whencreated":
		return []string{GeneralizedTime(e.created)}
	}
	if a.virtual {
		return d.workOut(e, a.key)
	}
	return e.values[a.key]
}

// workOut returns the attributes that are made up only when they are read.
func (d *Domain) workOut(e *entry, key string) []string {
	switch key {
	case "allowedattributes":
		return d.allowedAttributes(e)
	case "tokengroups":
		return d.tokenGroups(e)
	case "primarygrouptoken":
		if e.is("group") {
			return []string{strconv.Itoa(int(ridOf(e.value("objectsid"))))}
		}
	case "canonicalname":
		return []string{canonicalName(e, d.opts.Name)}
	case "msds-user-account-control-computed":
		return d.computedControl(e)
	case "replpropertymetadata":
		return []string{string(metadataBlob(e))}
	case "msds-replattributemetadata":
		return metadataText(d.schema, e)
	}
	return nil
}

// allowedAttributes names what the object's classes may have.
func (d *Domain) allowedAttributes(e *entry) []string {
	var out []string
	for _, a := range d.schema {
		if !a.group || e.is("group") {
			out = append(out, a.name)
		}
	}
	slices.Sort(out)
	return out
}

func (d *Domain) tokenGroups(e *entry) []string {
	var out []string
	if e.is("user") || e.is("group") {
		d.eachGroup(e, func(g *entry) { out = append(out, g.value("objectsid")) })
	}
	return out
}

func (d *Domain) computedControl(e *entry) []string {
	if !e.is("user") {
		return nil
	}
	var c directory.Control
	if d.lockedOut(e) {
		c |= lockoutBit
	}
	if e.value("pwdlastset") == "0" && !e.control().Has(directory.PasswordNeverEnds) {
		c |= passwordExpiredBit
	}
	return []string{c.String()}
}

// canonicalName is the path form: example.nhs.uk/Staff/Ann Other.
func canonicalName(e *entry, domain string) string {
	if e.parent == nil || e.parent.parent == nil {
		return domain + "/"
	}
	return strings.TrimSuffix(canonicalName(e.parent, domain), "/") + "/" + e.rdn.Value
}

// GeneralizedTime writes an instant as the directory does, to the second.
func GeneralizedTime(t time.Time) string { return t.UTC().Format("20060102150405") + ".0Z" }
