package memory

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"esrsync/internal/directory"
)

// TestTreeStaysWhole makes random changes and checks after each that every way
// of finding an object agrees with every other.
func TestTreeStaysWhole(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d, err := New(Options{})
		if err != nil {
			t.Fatal(err)
		}
		w := world{d: d, units: []string{d.Base()}}
		actions := map[string]func(*rapid.T){
			"add unit": w.addUnit, "add user": w.addUser, "add group": w.addGroup,
			"rename": w.rename, "delete": w.delete, "link": w.link, "set": w.set,
			"": w.check,
		}
		t.Repeat(actions)
	})
}

// world is a domain and the objects that the test made in it.
type world struct {
	d     *Domain
	n     int
	units []string // DNs as they were made; may be stale
	ids   []directory.GUID
}

func (w *world) keep(id directory.GUID, err error) {
	if err == nil {
		w.ids = append(w.ids, id)
	}
}

func (w *world) name() string {
	w.n++
	return fmt.Sprintf("n%d", w.n)
}

func (w *world) addUnit(t *rapid.T) {
	dn := "OU=" + directory.EscapeRDN(w.name()+rapid.SampledFrom([]string{"", ", x", " #1"}).Draw(t, "suffix")) + "," + rapid.SampledFrom(w.units).Draw(t, "parent")
	if id, err := w.d.System().Add(dn, Unit(dn).Attributes); err == nil {
		w.ids = append(w.ids, id)
		w.units = append(w.units, dn)
	}
}

func (w *world) addUser(t *rapid.T) {
	o := User("CN="+w.name()+","+rapid.SampledFrom(w.units).Draw(t, "parent"), w.name(), map[string][]string{
		"mail": {rapid.SampledFrom([]string{"a@x", "b@x", "c@x"}).Draw(t, "mail")}})
	w.keep(w.d.System().Add(o.DN, o.Attributes))
}

func (w *world) addGroup(t *rapid.T) {
	o := Group("CN="+w.name()+","+rapid.SampledFrom(w.units).Draw(t, "parent"), w.name())
	w.keep(w.d.System().Add(o.DN, o.Attributes))
}

func (w *world) some(t *rapid.T) string {
	if len(w.ids) == 0 {
		t.Skip("nothing was made yet")
	}
	return nameOf(rapid.SampledFrom(w.ids).Draw(t, "object"))
}

func (w *world) rename(t *rapid.T) {
	id := w.some(t)
	o, err := w.d.System().Lookup(id, "name")
	if err != nil {
		return // deleted before
	}
	kind := o.DN[:2]
	// A refusal is as good as a success: the tree must be whole after either.
	_ = w.d.System().Rename(id, kind+"="+rapid.SampledFrom([]string{"same", w.name(), `a\, b`}).Draw(t, "name"), rapid.SampledFrom(append(w.units, "")).Draw(t, "parent"))
}

func (w *world) delete(t *rapid.T) { _ = w.d.System().Delete(w.some(t)) }

func (w *world) link(t *rapid.T) {
	attribute := rapid.SampledFrom([]string{"member", "manager", "managedBy"}).Draw(t, "attribute")
	op := rapid.SampledFrom([]Op{AddValues, DeleteValues, ReplaceValues}).Draw(t, "op")
	_ = w.d.System().Modify(w.some(t), []Mod{{Op: op, Attribute: attribute, Values: []string{w.some(t)}}})
}

func (w *world) set(t *rapid.T) {
	_ = w.d.System().Modify(w.some(t), []Mod{
		{Op: ReplaceValues, Attribute: "mail", Values: []string{rapid.SampledFrom([]string{"a@x", "d@x"}).Draw(t, "mail")}},
		{Op: rapid.SampledFrom([]Op{AddValues, ReplaceValues}).Draw(t, "op"), Attribute: "title", Values: []string{"x"}},
	})
}

// check looks at the whole domain.
func (w *world) check(t *rapid.T) {
	for id, e := range w.d.byGUID {
		switch {
		case e.guid != id:
			t.Fatalf("%s is filed under another GUID", e.dn)
		case w.d.byDN[e.folded] != e, e.folded != directory.FoldDN(e.dn):
			t.Fatalf("%s is not found by its name", e.dn)
		case !e.parent.children.has(e), e.parent.names[foldRDN(e.rdn)] != e:
			t.Fatalf("%s is not below its parent", e.dn)
		}
		w.checkLinks(t, e)
		w.checkIndexes(t, e)
	}
	if len(w.d.byGUID)+1 != len(w.d.byDN) { // the root has a name, the empty one, and no GUID
		t.Fatalf("%d objects by GUID, %d by name", len(w.d.byGUID), len(w.d.byDN))
	}
}

func (w *world) checkLinks(t *rapid.T, e *entry) {
	for key, s := range e.links {
		for _, other := range s.list {
			if w.d.byGUID[other.guid] != other {
				t.Fatalf("%s of %s names an object that is gone", key, e.dn)
			}
			if back := w.d.schema[key].backLink; back != "" && !other.linked(back).has(e) {
				t.Fatalf("%s of %s is not seen from %s", key, e.dn, other.dn)
			}
		}
	}
}

func (w *world) checkIndexes(t *rapid.T, e *entry) {
	for key, x := range w.d.indexes {
		for value, s := range x {
			if s.has(e) && !slices.ContainsFunc(e.values[key], func(v string) bool { return w.d.schema[key].fold(v) == value }) {
				t.Fatalf("%s is filed under %s=%s, which it lacks", e.dn, key, value)
			}
		}
		for _, v := range e.values[key] {
			if s := x[w.d.schema[key].fold(v)]; s == nil || !s.has(e) {
				t.Fatalf("%s is not found by %s=%s", e.dn, key, v)
			}
		}
	}
}

// TestFilterNegation holds the logic of filters: what fits a filter does not fit
// its negation, and what the schema does not know fits neither.
func TestFilterNegation(t *testing.T) {
	t.Parallel()
	d, err := New(Options{})
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		f := drawFilter(t, 3)
		for _, e := range d.byGUID {
			plain, negated := d.judge(f, e), d.judge(Filter{Op: Not, Of: []Filter{f}}, e)
			if negate(plain) != negated || plain == yes && negated == yes {
				t.Fatalf("%+v says %d of %s, and its negation %d", f, plain, e.dn, negated)
			}
		}
	})
}

func drawFilter(t *rapid.T, depth int) Filter {
	op := rapid.SampledFrom([]FilterOp{And, Or, Not, Equal, AtLeast, AtMost, Present, Substrings, BitsAnd, BitsOr, InChain, Never}).Draw(t, "op")
	f := Filter{Op: op}
	if op == And || op == Or || op == Not {
		if depth == 0 {
			return Has("cn")
		}
		n := 1
		if op != Not {
			n = rapid.IntRange(0, 3).Draw(t, "n")
		}
		for range n {
			f.Of = append(f.Of, drawFilter(t, depth-1))
		}
		return f
	}
	f.Attribute = rapid.SampledFrom([]string{"cn", "objectClass", "userAccountControl", "member", "unknownOne", "adminCount"}).Draw(t, "attribute")
	f.Value = rapid.SampledFrom([]string{"", "user", "1", "514", "Administrator", "krbtgt"}).Draw(t, "value")
	f.Parts = rapid.SliceOfN(rapid.SampledFrom([]string{"", "a", "k"}), 0, 4).Draw(t, "parts")
	return f
}

// TestIndexesChangeNothing: a search that an index helps finds what a walk finds.
func TestIndexesChangeNothing(t *testing.T) {
	t.Parallel()
	d, err := New(Options{})
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		login := rapid.SampledFrom([]string{"krbtgt", "Administrator", "nobody"}).Draw(t, "login")
		f := rapid.SampledFrom([]Filter{Eq("sAMAccountName", login), All(drawFilter(t, 1), Eq("sAMAccountName", login)),
			Any(Eq("sAMAccountName", login), Eq("mail", "x"))}).Draw(t, "filter")
		fast, err := d.System().Find(Query{Base: d.Base(), Scope: Subtree, Filter: f})
		if err != nil {
			t.Fatal(err)
		}
		// Twice negated, no index is of use.
		slow, err := d.System().Find(Query{Base: d.Base(), Scope: Subtree, Filter: Filter{Op: Not, Of: []Filter{{Op: Not, Of: []Filter{f}}}}})
		if err != nil {
			t.Fatal(err)
		}
		slices.SortFunc(fast, directory.GUID.Compare)
		slices.SortFunc(slow, directory.GUID.Compare)
		if !slices.Equal(fast, slow) {
			t.Fatalf("%+v: an index finds %v, a walk %v", f, fast, slow)
		}
	})
}

func TestSIDs(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"S-1-5-32-544", "S-1-5-21-1004336348-1177238915-682003330-512"} {
		if got := decodeSID(string(encodeSID(s))); got != s {
			t.Errorf("%s came back as %q", s, got)
		}
	}
	for _, s := range []string{"", "S-1", "S-2-5-32", "S-1-5-x", "S-1-5-99999999999"} {
		if got := encodeSID(s); got != nil {
			t.Errorf("%q was taken as %x", s, got)
		}
	}
}

func TestPasswordEncoding(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		want := rapid.String().Draw(t, "password")
		if got, ok := DecodePassword(EncodePassword(want)); !ok || got != want {
			t.Fatalf("%q came back as %q", want, got)
		}
	})
}
