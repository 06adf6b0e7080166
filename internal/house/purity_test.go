package house

import (
	"go/ast"
	"path"
	"slices"
	"strconv"
	"testing"
)

// impure are the packages through which a function can know or change something
// that is not its argument.
var impure = []string{
	"context", "crypto/rand", "database/sql", "io/fs", "log", "math/rand", "net", "os", "runtime", "syscall", "testing",
}

// clock are the functions of package time that look at the clock or wait for it.
// The types of the package are harmless.
var clock = []string{
	"After", "AfterFunc", "NewTicker", "NewTimer", "Now", "Since", "Sleep", "Tick", "Until",
}

func TestPureRoomsTouchNothingButTheirArguments(t *testing.T) {
	t.Parallel()
	for _, file := range sources(t) {
		r, _ := roomOf(file.folder())
		if !r.pure || file.isTest() {
			continue
		}
		for _, fault := range impurities(file) {
			t.Error(fault)
		}
	}
}

// impurities tells where a file reaches beyond its arguments.
func impurities(file source) []string {
	var faults []string
	for _, imported := range file.imports() {
		if slices.ContainsFunc(impure, func(bad string) bool { return within(imported, bad) }) {
			faults = append(faults, file.name+": a pure room may not import "+imported)
		}
	}
	time := localName(file, "time")
	ast.Inspect(file.syntax, func(node ast.Node) bool {
		if name, is := selected(node, time); is && slices.Contains(clock, name) {
			faults = append(faults, file.at(node)+": a pure room may not look at the clock: time."+name)
		}
		return true
	})
	return faults
}

// localName returns the name that the file has for an imported package, or
// nothing where it does not import it.
func localName(file source, imported string) string {
	for _, spec := range file.syntax.Imports {
		if spec.Path.Value != strconv.Quote(imported) {
			continue
		}
		if spec.Name != nil {
			return spec.Name.Name
		}
		return path.Base(imported)
	}
	return ""
}

// selected returns what a node picks from the package of that name.
func selected(node ast.Node, name string) (string, bool) {
	selector, is := node.(*ast.SelectorExpr)
	if !is || name == "" {
		return "", false
	}
	owner, is := selector.X.(*ast.Ident)
	return selector.Sel.Name, is && owner.Name == name
}

// TestThePurityRuleCatchesWhatItIsFor keeps the rule from becoming one that
// passes everything.
func TestThePurityRuleCatchesWhatItIsFor(t *testing.T) {
	t.Parallel()
	cases := []struct {
		claim  string
		code   string
		faults int
	}{
		{"types of time are harmless", `import "time"; func f(at time.Time) time.Duration { return time.Hour }`, 0},
		{"now is not", `import "time"; func f() time.Time { return time.Now() }`, 1},
		{"nor under another name", `import hour "time"; func f() hour.Time { return hour.Now() }`, 1},
		{"nor as a value", `import "time"; var f = time.Now`, 1},
		{"a type of our own named time is harmless", `type t struct{ Now int }; func f(time t) int { return time.Now }`, 0},
		{"random is refused", `import _ "math/rand/v2"`, 1},
		{"the network is refused", `import _ "net/http"`, 1},
		{"the log is refused", `import _ "log/slog"`, 1},
		{"text is harmless", `import _ "strings"`, 0},
	}
	for _, c := range cases {
		t.Run(c.claim, func(t *testing.T) {
			t.Parallel()
			if got := impurities(parsed(t, "package p; "+c.code)); len(got) != c.faults {
				t.Errorf("found %v, want %d faults", got, c.faults)
			}
		})
	}
}
