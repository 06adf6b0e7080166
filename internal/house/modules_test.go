package house

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// dependency is a module of somebody else.
type dependency struct {
	Path    string
	Version string
	Dir     string // where its files are
	GoMod   string // where its go.mod is
}

// ask runs `go list` in the checkout, as on the given system, and returns what it
// printed, object by object.
func ask[T any](t *testing.T, system string, arguments ...string) []T {
	t.Helper()
	list := exec.Command("go", append([]string{"list", "-e"}, arguments...)...)
	list.Dir = root
	list.Env = append(os.Environ(), "GOOS="+system, "CGO_ENABLED=0")
	var complaints strings.Builder
	list.Stderr = &complaints
	printed, err := list.Output()
	if err != nil {
		t.Fatalf("asking go list %v: %v\n%s", arguments, err, complaints.String())
	}
	var all []T
	for decoder := json.NewDecoder(strings.NewReader(string(printed))); ; {
		var one T
		if err := decoder.Decode(&one); errors.Is(err, io.EOF) {
			return all
		} else if err != nil {
			t.Fatalf("reading what go list %v printed: %v", arguments, err)
		}
		all = append(all, one)
	}
}

// The translation of SQLite's C calls the translation of its C library by
// unexported agreements: any other version may corrupt a database in silence.
func TestSQLiteRunsOnTheLibcItWasMadeWith(t *testing.T) {
	t.Parallel()
	found := ask[dependency](t, "linux", "-m", "-json", sqlite, "modernc.org/libc")
	asked, err := os.ReadFile(found[0].GoMod)
	if err != nil {
		t.Fatalf("reading the go.mod of SQLite: %v", err)
	}
	wants := regexp.MustCompile(`modernc\.org/libc (v\S+)`).FindSubmatch(asked)
	if wants == nil {
		t.Fatalf("%s asks for no modernc.org/libc", found[0].GoMod)
	}
	if got := found[1].Version; got != string(wants[1]) {
		t.Errorf("modernc.org/libc is %s, but %s %s was made with %s", got, sqlite, found[0].Version, wants[1])
	}
}

func TestLicencesAreOnesThatATrustCanTake(t *testing.T) {
	t.Parallel()
	linked := []string{"Apache-2.0", "BSD", "ISC", "MIT", "zlib"}
	// A licence that reaches only what is changed is harmless in what is never shipped.
	tested := append(slices.Clone(linked), "MPL-2.0")
	cases := []struct {
		claim     string
		system    string
		arguments []string
		allowed   []string
	}{
		{"what is shipped for Linux", "linux", []string{"./..."}, linked},
		{"what is shipped for Windows", "windows", []string{"./..."}, linked},
		{"what tests need", "linux", []string{"-test", "./..."}, tested},
	}
	for _, c := range cases {
		t.Run(c.claim, func(t *testing.T) {
			t.Parallel()
			for _, d := range dependencies(t, c.system, c.arguments...) {
				for _, fault := range licenceFaults(d, c.allowed) {
					t.Errorf("%s %s: %s", d.Path, d.Version, fault)
				}
			}
		})
	}
}

// dependencies returns the foreign modules that the packages are built from, each once.
func dependencies(t *testing.T, system string, arguments ...string) []dependency {
	t.Helper()
	type built struct {
		ImportPath string
		Module     *dependency
	}
	seen := make(map[string]bool)
	var all []dependency
	for _, p := range ask[built](t, system, append([]string{"-deps", "-json=ImportPath,Module"}, arguments...)...) {
		if p.Module == nil || p.Module.Path == module || seen[p.Module.Path] {
			continue
		}
		seen[p.Module.Path] = true
		all = append(all, *p.Module)
	}
	return all
}

var licenceFile = regexp.MustCompile(`(?i)^(licen[cs]e|copying)(\.(md|txt))?$`)

// licenceFaults tells which licences of a module are not in the list. A module
// without any is at fault too.
func licenceFaults(d dependency, list []string) []string {
	entries, err := os.ReadDir(d.Dir)
	if err != nil {
		return []string{"reading its folder: " + err.Error()}
	}
	var faults []string
	licences := 0
	for _, entry := range entries {
		if !licenceFile.MatchString(entry.Name()) {
			continue
		}
		text, err := os.ReadFile(filepath.Join(d.Dir, entry.Name()))
		if err != nil {
			return []string{"reading its licence: " + err.Error()}
		}
		licences++
		if kind := licenceKind(string(text)); !slices.Contains(list, kind) {
			faults = append(faults, entry.Name()+" is "+kind)
		}
	}
	if licences == 0 {
		faults = append(faults, "it has no licence file")
	}
	return faults
}

// licenceMarks are phrases by which a licence is known, the strictest first: a
// text that holds two licences counts as the stricter. But for Mozilla's, whose
// own text names the GNU ones.
var licenceMarks = []struct{ phrase, kind string }{
	{"Mozilla Public License Version 2.0", "MPL-2.0"},
	{"GNU AFFERO GENERAL PUBLIC LICENSE", "AGPL"},
	{"GNU LESSER GENERAL PUBLIC LICENSE", "LGPL"},
	{"GNU GENERAL PUBLIC LICENSE", "GPL"},
	{"Apache License", "Apache-2.0"},
	{"Redistribution and use in source and binary forms", "BSD"},
	{"Permission is hereby granted, free of charge", "MIT"},
	{"Permission to use, copy, modify, and/or distribute", "ISC"},
	{"Permission to use, copy, modify, and distribute", "ISC"},
	{"This software is provided 'as-is'", "zlib"},
}

func licenceKind(text string) string {
	folded := strings.ToLower(strings.Join(strings.Fields(text), " "))
	for _, mark := range licenceMarks {
		if strings.Contains(folded, strings.ToLower(mark.phrase)) {
			return mark.kind
		}
	}
	return "unknown"
}

func TestLicencesAreKnownByTheirText(t *testing.T) {
	t.Parallel()
	cases := map[string]string{
		"The MIT License\n\nPermission is hereby granted,\nfree of charge, to any person": "MIT",
		"GNU GENERAL PUBLIC LICENSE\nVersion 3":                                           "GPL",
		"Mozilla Public License Version 2.0 ... GNU Affero General Public License":        "MPL-2.0",
		"All rights reserved.": "unknown",
	}
	for text, want := range cases {
		if got := licenceKind(text); got != want {
			t.Errorf("licence of %q is %s, want %s", text, got, want)
		}
	}
}
