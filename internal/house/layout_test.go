package house

import (
	"bytes"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// topLevel is what a visitor sees first. It is the user's, so it stays short.
var topLevel = []string{
	".ci", ".gitattributes", ".gitignore", ".golangci.yml",
	"CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", "Makefile", "NOTICE", "README.md", "go.mod", "go.sum",
	"cmd", "config", "docs", "esrmodel", "internal", "ldapx", "packaging", "sync",
}

func TestTheTopLevelHoldsOnlyWhatIsMeantToBeThere(t *testing.T) {
	t.Parallel()
	for _, name := range files(t) {
		if first := strings.Split(name, "/")[0]; !slices.Contains(topLevel, first) {
			t.Errorf("%s: %s is not a name for the top level", name, first)
		}
	}
}

func TestSyncHoldsOnlyItsDocumentation(t *testing.T) {
	t.Parallel()
	for _, name := range files(t) {
		if path.Dir(name) == "sync" && name != "sync/doc.go" {
			t.Errorf("%s: nobody imports a second package named sync", name)
		}
	}
}

func TestEveryPackageSaysWhatItIs(t *testing.T) {
	t.Parallel()
	said := make(map[string]bool)
	for _, file := range sources(t) {
		if file.isTest() {
			continue
		}
		name := file.syntax.Name.Name
		begins := "Package " + name + " "
		if name == "main" {
			begins = "Command " + path.Base(file.folder()) + " "
		}
		said[file.folder()] = said[file.folder()] || strings.HasPrefix(file.syntax.Doc.Text(), begins)
	}
	for folder, is := range said {
		if !is {
			t.Errorf("%s has no package comment", folder)
		}
	}
}

// homes are the places of one machine that nobody else has. Nobody's checkout,
// home or scratch folder belongs into what everybody reads.
var homes = regexp.MustCompile(`/(home|root|work|farm|tmp)/[a-z.]`)

func TestNothingCommittedNamesAPlaceOfOneMachine(t *testing.T) {
	t.Parallel()
	for _, name := range files(t) {
		content, err := os.ReadFile(filepath.Join(root, name))
		if err != nil {
			t.Errorf("reading %s: %v", name, err)
			continue
		}
		for n, line := range bytes.Split(content, []byte("\n")) {
			if homes.Match(line) {
				t.Errorf("%s:%d names a place of one machine: %s", name, n+1, homes.Find(line))
			}
		}
	}
}
