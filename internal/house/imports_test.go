package house

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

func TestImportsPointTheWayTheHouseIsBuilt(t *testing.T) {
	t.Parallel()
	for _, file := range sources(t) {
		if file.isTest() {
			continue
		}
		for _, fault := range importFaults(file.folder(), file.imports()) {
			t.Errorf("%s: %s", file.name, fault)
		}
	}
}

// importFaults tells what is wrong with the imports of a file of a folder.
func importFaults(folder string, imports []string) []string {
	r, found := roomOf(folder)
	if !found {
		return []string{folder + " is a room that rooms_test.go does not know: say there what it may import"}
	}
	var faults []string
	for _, imported := range imports {
		if fault := r.fault(imported); fault != "" {
			faults = append(faults, fault)
		}
	}
	return faults
}

// fault tells what is wrong with a file of the room importing a package, or
// nothing.
func (r room) fault(imported string) string {
	switch {
	case within(imported, goLDAP) && !mayKnowGoLDAP(r.path):
		return "go-ldap is for ldapx alone; declare the interface that you need"
	case within(imported, module):
		return r.insideFault(strings.TrimPrefix(imported, module+"/"))
	case !strings.Contains(strings.Split(imported, "/")[0], "."):
		return "" // The standard library; pure rooms are looked at in purity_test.go.
	case !allowed(imported, r.modules, within):
		return fmt.Sprintf("%s may not import the module of %s", r.path, imported)
	}
	return ""
}

// insideFault tells what is wrong with importing a folder of this module.
func (r room) insideFault(folder string) string {
	target, found := roomOf(folder)
	switch {
	case !found:
		return folder + " is no room of rooms_test.go"
	case target.path == r.path:
		return ""
	case target.path == "internal/testbed":
		return "internal/testbed is for tests alone"
	case !allowed(target.path, r.rooms, func(a, b string) bool { return a == b }):
		return fmt.Sprintf("%s may not import %s", r.path, target.path)
	}
	return ""
}

func allowed(wanted string, list []string, fits func(wanted, entry string) bool) bool {
	return slices.ContainsFunc(list, func(entry string) bool {
		return entry == anything || fits(wanted, entry)
	})
}

// mayKnowGoLDAP reports whether a folder may import go-ldap at all, tests included.
func mayKnowGoLDAP(folder string) bool {
	return within(folder, "ldapx") || folder == "internal/testbed"
}

func TestNobodyButLdapxKnowsGoLDAP(t *testing.T) {
	t.Parallel()
	for _, file := range sources(t) {
		for _, imported := range file.imports() {
			if within(imported, goLDAP) && !mayKnowGoLDAP(file.folder()) {
				t.Errorf("%s imports %s: go-ldap lives in ldapx alone", file.name, imported)
			}
		}
	}
}

// TestTheImportRuleCatchesWhatItIsFor keeps the rule from becoming one that
// passes everything.
func TestTheImportRuleCatchesWhatItIsFor(t *testing.T) {
	t.Parallel()
	cases := []struct {
		claim    string
		folder   string
		imported string
		refused  bool
	}{
		{"plan may import what stands left of it", "sync/plan", "esrsync/sync/match", false},
		{"plan may not import what stands right of it", "sync/plan", "esrsync/sync/guard", true},
		{"match may not act", "sync/match", "esrsync/sync/apply", true},
		{"nouns know nobody", "esrmodel", "esrsync/internal/state", true},
		{"nouns know no module", "internal/directory", "github.com/sirupsen/logrus", true},
		{"the reader of feeds may decode characters", "esrmodel/feed", "golang.org/x/text/encoding/charmap", false},
		{"a name that only begins like an allowed one is another", "esrmodel/feed", "golang.org/x/textual", true},
		{"the engine does not know the store", "sync/engine", "esrsync/internal/store", true},
		{"the console does not know the directory's library", "internal/console", goLDAP, true},
		{"not even the composition knows the directory's library", "cmd/esrsyncd", goLDAP, true},
		{"the composition knows every room", "cmd/esrsyncd", "esrsync/internal/console", false},
		{"the test bed is no part of the program", "cmd/esrsyncd", "esrsync/internal/testbed", true},
		{"a package inside a room belongs to it", "ldapx/internal/wire", goLDAP, false},
		{"an unknown room is refused", "helpers", "strings", true},
	}
	for _, c := range cases {
		t.Run(c.claim, func(t *testing.T) {
			t.Parallel()
			faults := importFaults(c.folder, []string{c.imported})
			if refused := len(faults) > 0; refused != c.refused {
				t.Errorf("%s importing %s: refused %v, want %v (%v)", c.folder, c.imported, refused, c.refused, faults)
			}
		})
	}
}

func TestRoomsNameOnlyRooms(t *testing.T) {
	t.Parallel()
	known := map[string]bool{anything: true}
	for _, r := range rooms {
		if known[r.path] {
			t.Errorf("room %s stands there twice", r.path)
		}
		known[r.path] = true
	}
	for _, r := range rooms {
		for _, other := range r.rooms {
			if !known[other] {
				t.Errorf("room %s may import %s, which is no room", r.path, other)
			}
		}
	}
}
