package house

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the import rules of .golangci.yml anew")

const (
	rulesBegin = "        # rooms begin\n"
	rulesEnd   = "        # rooms end\n"
)

// The linter tells of a wrong import while it is being typed; this test keeps it
// saying the same as the rooms.
func TestTheLinterHasTheSameImportRules(t *testing.T) {
	t.Parallel()
	name := filepath.Join(root, ".golangci.yml")
	content, err := os.ReadFile(name)
	if err != nil {
		t.Fatalf("reading the linter's configuration: %v", err)
	}
	before, rest, begins := strings.Cut(string(content), rulesBegin)
	rules, after, ends := strings.Cut(rest, rulesEnd)
	if !begins || !ends {
		t.Fatalf("%s has no part between %q and %q", name, rulesBegin, rulesEnd)
	}
	if want := linterRules(); rules != want && !*update {
		t.Errorf("the rules of .golangci.yml are not those of the rooms: run go test ./internal/house -update")
	} else if rules != want {
		if err := os.WriteFile(name, []byte(before+rulesBegin+want+rulesEnd+after), 0o644); err != nil {
			t.Fatalf("writing the linter's configuration: %v", err)
		}
	}
}

// linterRules returns the rooms as rules of depguard, in the order of the table.
func linterRules() string {
	var out strings.Builder
	for _, r := range rooms {
		if len(r.rooms) > 0 && r.rooms[0] == anything {
			continue
		}
		fmt.Fprintf(&out, "        %s:\n          list-mode: strict\n          files:\n", strings.ReplaceAll(r.path, "/", "-"))
		item(&out, "**/"+r.path+"/**")
		for _, inner := range rooms {
			if inner.path != r.path && within(inner.path, r.path) {
				item(&out, "!**/"+inner.path+"/**")
			}
		}
		item(&out, "!$test")
		out.WriteString("          allow:\n")
		for _, entry := range r.allows() {
			item(&out, entry)
		}
		r.writeDenied(&out)
	}
	return out.String()
}

// allows returns what depguard lets the room import. It takes an entry for the
// beginning of a path unless a dollar ends it.
func (r room) allows() []string {
	entries := []string{"$gostd"}
	for _, other := range append([]string{r.path}, r.rooms...) {
		entries = append(entries, module+"/"+other+"$", module+"/"+other+"/")
	}
	for _, m := range r.modules {
		entries = append(entries, m+"$", m+"/")
	}
	return entries
}

// writeDenied names what the room may not import although the lists above let it:
// rooms inside those it may import and, for a pure room, the impure part of the
// standard library.
func (r room) writeDenied(out *strings.Builder) {
	var denied []string
	for _, inner := range rooms {
		if r.admitsOnlyAbove(inner.path) {
			denied = append(denied, module+"/"+inner.path)
		}
	}
	if r.pure {
		for _, bad := range impure {
			denied = append(denied, bad+"$", bad+"/")
		}
	}
	if len(denied) == 0 {
		return
	}
	out.WriteString("          deny:\n")
	for _, entry := range denied {
		fmt.Fprintf(out, "            - {pkg: %q, desc: see internal/house}\n", entry)
	}
}

// admitsOnlyAbove reports whether the room may import a folder above the path,
// but not the room of that path itself.
func (r room) admitsOnlyAbove(path string) bool {
	above := false
	for _, admitted := range append([]string{r.path}, r.rooms...) {
		if admitted == path {
			return false
		}
		above = above || within(path, admitted)
	}
	return above
}

func item(out *strings.Builder, text string) {
	fmt.Fprintf(out, "            - %q\n", text)
}
