package house

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
	"testing"
)

// module is the path of this module.
const module = "esrsync"

// root is the checkout, seen from here.
const root = "../.."

// source is one parsed Go file.
type source struct {
	name   string // its path in the checkout, with slashes
	syntax *ast.File
	lines  *token.FileSet
}

func (s source) folder() string { return path.Dir(s.name) }
func (s source) isTest() bool   { return strings.HasSuffix(s.name, "_test.go") }

// imports returns the paths that the file imports.
func (s source) imports() []string {
	var paths []string
	for _, spec := range s.syntax.Imports {
		unquoted, err := strconv.Unquote(spec.Path.Value)
		if err == nil { // A parsed import is always well quoted.
			paths = append(paths, unquoted)
		}
	}
	return paths
}

// at returns where in the checkout a node stands, for a reader to jump to.
func (s source) at(node ast.Node) string {
	return s.name + ":" + strconv.Itoa(s.lines.Position(node.Pos()).Line)
}

// files returns every file of the checkout that is, or is about to be,
// committed, sorted.
func files(t *testing.T) []string {
	t.Helper()
	// A checkout may belong to another user than the one who tests it.
	git := exec.Command("git", "-C", root, "-c", "safe.directory=*",
		"ls-files", "-z", "--cached", "--others", "--exclude-standard")
	listed, err := git.Output()
	if err != nil {
		t.Fatalf("listing the checkout's files: %v", err)
	}
	var names []string
	for _, name := range bytes.Split(bytes.TrimRight(listed, "\x00"), []byte{0}) {
		if _, err := os.Lstat(filepath.Join(root, string(name))); err == nil { // Else it is being removed.
			names = append(names, string(name))
		}
	}
	sort.Strings(names)
	return names
}

// sources returns every Go file of the checkout but those of testdata.
func sources(t *testing.T) []source {
	t.Helper()
	var all []source
	for _, name := range files(t) {
		if path.Ext(name) != ".go" || strings.Contains("/"+name, "/testdata/") {
			continue
		}
		lines := token.NewFileSet()
		syntax, err := parser.ParseFile(lines, filepath.Join(root, name), nil, parser.ParseComments)
		if err != nil {
			t.Errorf("parsing %s: %v", name, err)
			continue
		}
		all = append(all, source{name: name, syntax: syntax, lines: lines})
	}
	if len(all) == 0 {
		t.Fatal("found no Go file in the checkout")
	}
	return all
}

// parsed returns code as a file of its own.
func parsed(t *testing.T, code string) source {
	t.Helper()
	lines := token.NewFileSet()
	syntax, err := parser.ParseFile(lines, "code.go", code, 0)
	if err != nil {
		t.Fatalf("parsing the case: %v", err)
	}
	return source{name: "code.go", syntax: syntax, lines: lines}
}
