package memory

import (
	"slices"
	"strings"
)

// applyLink adds a change of a linked attribute to the draft. The whole set is
// never copied: groups are big.
func (f *draft) applyLink(a attributeType, m Mod) error {
	f.touch(a.key)
	if m.Op == ReplaceValues || m.Op == DeleteValues && len(m.Values) == 0 {
		if m.Op == DeleteValues && f.linkCount(a.key) == 0 {
			return noSuchValue(a.name)
		}
		f.parts[a.key], f.joins[a.key] = slices.Clone(f.e.linked(a.key).list), nil
	}
	for _, v := range m.Values {
		if err := f.applyLinkValue(a, m.Op, v); err != nil {
			return err
		}
	}
	return nil
}

func (f *draft) applyLinkValue(a attributeType, op Op, value string) error {
	target, err := f.d.resolve(value)
	switch {
	case err != nil && op == DeleteValues:
		return f.notLinked(a)
	case err != nil:
		return badLinkTarget(a, err)
	case op == DeleteValues:
		return f.dropLink(a, target)
	}
	return f.addLink(a, target)
}

func (f *draft) addLink(a attributeType, target *entry) error {
	switch {
	case f.hasLink(a.key, target) && a.key == "member":
		return updErr(EntryAlreadyExists, 0x562, "problem 6005 (ENTRY_EXISTS)")
	case f.hasLink(a.key, target), a.single && f.linkCount(a.key) > 0:
		return valueExists(a.name)
	}
	if i := slices.Index(f.parts[a.key], target); i >= 0 {
		f.parts[a.key] = slices.Delete(f.parts[a.key], i, i+1)
		return nil
	}
	f.joins[a.key] = append(f.joins[a.key], target)
	return nil
}

func (f *draft) dropLink(a attributeType, target *entry) error {
	if !f.hasLink(a.key, target) {
		return f.notLinked(a)
	}
	if i := slices.Index(f.joins[a.key], target); i >= 0 {
		f.joins[a.key] = slices.Delete(f.joins[a.key], i, i+1)
		return nil
	}
	f.parts[a.key] = append(f.parts[a.key], target)
	return nil
}

func (f *draft) hasLink(key string, target *entry) bool {
	if slices.Contains(f.joins[key], target) {
		return true
	}
	return f.e.linked(key).has(target) && !slices.Contains(f.parts[key], target)
}

func (f *draft) linkCount(key string) int {
	return f.e.linked(key).size() + len(f.joins[key]) - len(f.parts[key])
}

// notLinked is how the removal of an absent link is refused. For members the
// account manager answers, with another code than for other attributes.
func (f *draft) notLinked(a attributeType) error {
	if a.key == "member" {
		return svcErr(0x561)
	}
	return noSuchValue(a.name)
}

// badLinkTarget is how a link to nothing is refused: members are looked up as
// objects, other links are judged as values.
func badLinkTarget(a attributeType, err error) error {
	if a.key == "member" && ResultOf(err) == NoSuchObject {
		f := noObject("")
		f.Win, f.Text = 0x525, strings.Replace(f.Text, "0000208D", "00000525", 1)
		return f
	}
	return atrErr(ConstraintViolation, 0x20B5, constraintProblem, a.name)
}

// commitLinks makes the link changes of a draft.
func (d *Domain) commitLinks(f *draft, key string) {
	back := d.schema[key].backLink
	for _, target := range f.parts[key] {
		f.e.link(key).remove(target)
		target.link(back).remove(f.e)
	}
	for _, target := range f.joins[key] {
		f.e.link(key).add(target)
		target.link(back).add(f.e)
	}
	if key == "member" {
		d.protect(f.e)
	}
}

// protect marks the members of a privileged group, nested ones too, as a
// controller does within the hour (SDProp). The mark stays when they leave it.
func (d *Domain) protect(group *entry) {
	if !slices.Contains(d.protected, group) && !d.isMemberOfAny(group, d.protected) {
		return
	}
	eachMember(group, func(e *entry) {
		if (e.isPerson() || e.is("group")) && e.value("admincount") != "1" {
			d.setValues(e, "admincount", []string{"1"})
		}
	})
}

// eachMember visits every member of a group, nested ones too, once each.
func eachMember(group *entry, visit func(*entry)) {
	seen := map[*entry]bool{group: true}
	queue := slices.Clone(group.linked("member").list)
	for len(queue) > 0 {
		e := queue[0]
		queue = queue[1:]
		if seen[e] {
			continue
		}
		seen[e] = true
		visit(e)
		queue = append(queue, e.linked("member").list...)
	}
}

// isMemberOfAny reports whether an entry is in one of the groups, directly, by
// nesting, or by its primary group.
func (d *Domain) isMemberOfAny(e *entry, groups []*entry) bool {
	found := false
	d.eachGroup(e, func(g *entry) {
		found = found || slices.Contains(groups, g)
	})
	return found
}

// eachGroup visits every group that an entry is in, once each, nearest first.
func (d *Domain) eachGroup(e *entry, visit func(*entry)) {
	seen := map[*entry]bool{e: true}
	queue := slices.Clone(e.linked("memberof").list)
	if primary := d.primaryGroup(e); primary != nil {
		queue = append(queue, primary)
	}
	for len(queue) > 0 {
		g := queue[0]
		queue = queue[1:]
		if seen[g] {
			continue
		}
		seen[g] = true
		visit(g)
		queue = append(queue, g.linked("memberof").list...)
	}
}

func (d *Domain) primaryGroup(e *entry) *entry {
	rid := e.value("primarygroupid")
	if rid == "" {
		return nil
	}
	return d.bySID(d.sid + "-" + rid)
}

// linkedDNs returns the names at the other end of a link.
func linkedDNs(s *set) []string {
	out := make([]string, 0, s.size())
	for _, e := range s.list {
		out = append(out, e.dn)
	}
	return out
}
