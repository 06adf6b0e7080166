package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// commandsFile is the page of the commands.
const commandsFile = "docs/commands.md"

// page returns a page of the documentation, by its path from the top.
func page(t *testing.T, name string) string {
	t.Helper()
	content, err := os.ReadFile(filepath.Join("..", "..", filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

// pages returns the paths of every page, sorted.
func pages(t *testing.T) []string {
	t.Helper()
	out := []string{"README.md"}
	for _, pattern := range []string{"docs/*.md", "docs/adr/*.md"} {
		found, err := filepath.Glob(filepath.Join("..", "..", pattern))
		if err != nil || len(found) == 0 {
			t.Fatalf("%s finds %d pages: %v", pattern, len(found), err)
		}
		for _, name := range found {
			path, err := filepath.Rel(filepath.Join("..", ".."), name)
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, filepath.ToSlash(path))
		}
	}
	return out
}

// tree returns all the commands, those that the library adds too.
func tree() *cobra.Command {
	root := (&app{}).root()
	root.InitDefaultCompletionCmd()
	root.InitDefaultHelpCmd()
	return root
}

// ours returns our own commands by what is typed, as in "feed list".
func ours() map[string]*cobra.Command {
	out := map[string]*cobra.Command{}
	var walk func(c *cobra.Command, path string)
	walk = func(c *cobra.Command, path string) {
		for _, sub := range c.Commands() {
			typed := strings.TrimSpace(path + " " + sub.Name())
			out[typed] = sub
			walk(sub, typed)
		}
	}
	walk((&app{}).root(), "")
	return out
}

// onlyGroups reports whether a command does nothing itself.
func onlyGroups(c *cobra.Command) bool {
	return c.RunE == nil || reflect.ValueOf(c.RunE).Pointer() == reflect.ValueOf(needSubcommand).Pointer()
}

func TestDocsEveryCommandSaysWhatItDoesAndItsExamplesCanBeTyped(t *testing.T) {
	t.Parallel()
	for typed, c := range ours() {
		t.Run(typed, func(t *testing.T) {
			t.Parallel()
			if c.Short == "" || c.Example == "" {
				t.Fatalf("Short is %q, Example %q", c.Short, c.Example)
			}
			for _, line := range commandLines(c.Example) {
				if fault := line.fault(); fault != "" {
					t.Errorf("the example %q: %s", line, fault)
				}
				if words := strings.Fields(typed); !onlyGroups(c) && !contains(line, words) {
					t.Errorf("the example %q does not show the command", line)
				}
			}
		})
	}
}

func contains(line commandLine, words []string) bool {
	for _, w := range words {
		if !slices.Contains(line, w) {
			return false
		}
	}
	return true
}

// code finds code in a page: blocks, and spans within a line.
var (
	block  = regexp.MustCompile("(?ms)^```[a-z]*\n(.*?)^```")
	span   = regexp.MustCompile("`([^`\n]+)`")
	prompt = regexp.MustCompile(`(?m)^[^\n]*?\besrsyncd( [^\n]*)$`)
)

// commandLine is one command line in words, after the name of the program.
type commandLine []string

// commandLines returns the command lines in a text; a backslash continues a line.
func commandLines(text string) []commandLine {
	var out []commandLine
	for _, found := range prompt.FindAllStringSubmatch(strings.ReplaceAll(text, "\\\n", " "), -1) {
		out = append(out, words(found[1]))
	}
	return out
}

// words splits a line as a shell does, as far as the pages use one.
func words(line string) commandLine {
	var out commandLine
	var word strings.Builder
	quoted, begun := false, false
	for _, r := range line + " " {
		switch {
		case r == '"':
			quoted, begun = !quoted, true
		case r == '#' && !begun:
			return out
		case r == ' ' && !quoted:
			if begun {
				out = append(out, word.String())
			}
			word.Reset()
			begun = false
		default:
			word.WriteRune(r)
			begun = true
		}
	}
	return out
}

// fault says why the line cannot be typed, or nothing.
func (l commandLine) fault() string {
	c, rest, err := tree().Find(l)
	if err != nil {
		return err.Error()
	}
	if err := c.ParseFlags(rest); err != nil {
		return err.Error()
	}
	args := c.Flags().Args()
	if len(args) > 0 && onlyGroups(c) && args[0] == strings.ToLower(args[0]) {
		return "no command " + args[0]
	}
	if onlyGroups(c) {
		return ""
	}
	if err := c.ValidateArgs(args); err != nil {
		return err.Error()
	}
	return ""
}

// isName reports whether the line only names a command, as a sentence does.
func (l commandLine) isName() bool {
	_, rest, err := tree().Find(l)
	return err == nil && len(rest) == 0
}

func TestDocsNameOnlyCommandsThatCanBeTyped(t *testing.T) {
	t.Parallel()
	lines := 0
	for _, name := range pages(t) {
		text := page(t, name)
		var found []commandLine
		for _, b := range block.FindAllStringSubmatch(text, -1) {
			found = append(found, commandLines(b[1])...)
		}
		for _, s := range span.FindAllStringSubmatch(block.ReplaceAllString(text, ""), -1) {
			if rest, is := strings.CutPrefix(s[1], "esrsyncd "); is && !strings.Contains(rest, "[") {
				found = append(found, words(rest))
			}
		}
		for _, line := range found {
			lines++
			if fault := line.fault(); fault != "" && !line.isName() {
				t.Errorf("%s: esrsyncd %s: %s", name, strings.Join(line, " "), fault)
			}
		}
	}
	if lines < 10 {
		t.Errorf("only %d command lines were found: this test looks past them", lines)
	}
}

// toldToType finds a command that a text of the program tells people to type.
var toldToType = regexp.MustCompile(`esrsyncd (?:--config \S+ )?([a-z][a-z-]*)(?: ([a-z][a-z-]*))?`)

func TestDocsTheProgramNamesOnlyCommandsThatExist(t *testing.T) {
	t.Parallel()
	prose := []string{"keeps", "this", "that"} // "esrsyncd keeps Active Directory true"
	commands, found := ours(), 0
	for _, text := range literals(t) {
		for _, m := range toldToType.FindAllStringSubmatch(text, -1) {
			c, is := commands[m[1]]
			switch {
			case slices.Contains(prose, m[1]):
				continue
			case !is:
				t.Errorf("%q names %q, which is no command", text, m[1])
			case onlyGroups(c) && m[2] != "" && commands[m[1]+" "+m[2]] == nil:
				t.Errorf("%q names %q, which is no command", text, m[1]+" "+m[2])
			}
			found++
		}
	}
	if found < 20 {
		t.Errorf("only %d commands were found: this test looks past them", found)
	}
}

// literals returns every text in the program's code, but for its tests.
func literals(t *testing.T) []string {
	t.Helper()
	var out []string
	for _, pattern := range []string{"*.go", "../../internal/*/*.go", "../../sync/*/*.go", "../../config/*.go"} {
		files, err := filepath.Glob(filepath.FromSlash(pattern))
		if err != nil || len(files) == 0 {
			t.Fatalf("%s finds %d files: %v", pattern, len(files), err)
		}
		for _, name := range files {
			if !strings.HasSuffix(name, "_test.go") {
				out = append(out, literalsOf(t, name)...)
			}
		}
	}
	return out
}

func literalsOf(t *testing.T, name string) []string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	ast.Inspect(file, func(n ast.Node) bool {
		if l, is := n.(*ast.BasicLit); is && l.Kind == token.STRING {
			if text, err := strconv.Unquote(l.Value); err == nil {
				out = append(out, text)
			}
		}
		return true
	})
	return out
}

// row is a line of the table of commands: the command and its flags.
var (
	row  = regexp.MustCompile("(?m)^\\| `([^`]+)` \\|")
	flag = regexp.MustCompile(`--([a-z][a-z-]*)`)
)

func TestDocsTellEveryCommandAndEveryFlag(t *testing.T) {
	t.Parallel()
	text := page(t, commandsFile)
	_, ofInit, _ := strings.Cut(text, "## `init`")
	ofInit, _, _ = strings.Cut(ofInit, "\n## ")
	told := map[string][]string{"init": flagsIn(ofInit)}
	table, _, _ := strings.Cut(text, "\n## ")
	for _, r := range row.FindAllStringSubmatch(table, -1) {
		name := strings.TrimSpace(regexp.MustCompile(`^[a-z -]*`).FindString(r[1] + " "))
		name, _, _ = strings.Cut(name, " --")
		told[name] = append(told[name], flagsIn(r[1])...)
	}
	want := map[string][]string{}
	for name, c := range ours() {
		if onlyGroups(c) {
			continue
		}
		want[name] = nil
		c.NonInheritedFlags().VisitAll(func(f *pflag.Flag) { want[name] = append(want[name], f.Name) })
	}
	for _, flags := range []map[string][]string{told, want} {
		for name := range flags {
			slices.Sort(flags[name])
		}
	}
	if diff := cmp.Diff(want, told); diff != "" {
		t.Errorf("%s and the commands differ (-commands +page):\n%s", commandsFile, diff)
	}
}

func flagsIn(text string) []string {
	var out []string
	for _, f := range flag.FindAllStringSubmatch(text, -1) {
		out = append(out, f[1])
	}
	return out
}

func TestDocsTellEveryExitCode(t *testing.T) {
	t.Parallel()
	file, err := parser.ParseFile(token.NewFileSet(), "exit.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	ast.Inspect(file, func(n ast.Node) bool {
		spec, is := n.(*ast.ValueSpec)
		if is && strings.HasPrefix(spec.Names[0].Name, "exit") {
			want = append(want, spec.Values[0].(*ast.BasicLit).Value)
		}
		return true
	})
	_, table, _ := strings.Cut(page(t, commandsFile), "## Exit codes")
	var told []string
	for _, r := range regexp.MustCompile(`(?m)^\| (\d+) \|`).FindAllStringSubmatch(table, -1) {
		told = append(told, r[1])
	}
	slices.Sort(want)
	slices.Sort(told)
	if diff := cmp.Diff(want, told); diff != "" || len(want) == 0 {
		t.Errorf("%s and exit.go differ (-code +page):\n%s", commandsFile, diff)
	}
}

func TestDocsLinksLeadSomewhere(t *testing.T) {
	t.Parallel()
	link := regexp.MustCompile(`\]\(([^)\s]+)\)`)
	for _, name := range pages(t) {
		for _, l := range link.FindAllStringSubmatch(page(t, name), -1) {
			target, anchor, _ := strings.Cut(l[1], "#")
			if strings.Contains(target, "://") {
				continue
			}
			file := name
			if target != "" {
				file = filepath.ToSlash(filepath.Join(filepath.Dir(name), target))
			}
			if _, err := os.Stat(filepath.Join("..", "..", filepath.FromSlash(file))); err != nil {
				t.Errorf("%s links to %s, which is not there", name, l[1])
			} else if anchor != "" && !slices.Contains(anchors(page(t, file)), anchor) {
				t.Errorf("%s links to %s, and no heading is called that", name, l[1])
			}
		}
	}
}

// anchors returns what the headings of a page can be linked by.
func anchors(text string) []string {
	var out []string
	for _, h := range regexp.MustCompile(`(?m)^#+ (.*)$`).FindAllStringSubmatch(text, -1) {
		plain := regexp.MustCompile(`[^a-z0-9 -]`).ReplaceAllString(strings.ToLower(h[1]), "")
		out = append(out, strings.ReplaceAll(plain, " ", "-"))
	}
	return out
}
