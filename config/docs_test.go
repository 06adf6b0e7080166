//go:build !windows

// The reference shows the defaults of one system; those of Windows differ in their folders alone.

package config

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const (
	docsBegin = "<!-- keys: begin, made from the comments of package config -->"
	docsEnd   = "<!-- keys: end -->"
)

func TestTheReferenceSaysWhatTheCodeDoes(t *testing.T) {
	t.Parallel()
	file := filepath.Join("..", "docs", "configuration.md")
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, begun := strings.Cut(string(data), docsBegin)
	_, after, ended := strings.Cut(rest, docsEnd)
	if !begun || !ended {
		t.Fatalf("%s has no place for the keys", file)
	}
	before = placeholders.ReplaceAllString(before, placeholdersBegin+placeholderRows()+"\n\n`{n}`")
	want := before + docsBegin + "\n\n" + reference(t) + docsEnd + after
	if *update && os.Getenv("CI") == "" {
		if err := os.WriteFile(file, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(string(data), want); diff != "" {
		t.Errorf("the reference differs; rewrite it with: go test ./config -run Reference -update\n%s", diff)
	}
}

const placeholdersBegin = "| Where | Placeholders |\n|---|---|\n"

// placeholders finds the rows of the table of placeholders, and the text that follows them.
var placeholders = regexp.MustCompile(`(?s)` + regexp.QuoteMeta(placeholdersBegin) + ".*?\n\n`\\{n}`")

// placeholderRows returns a row for each place of templates.
func placeholderRows() string {
	var rows []string
	for _, at := range []struct {
		key   string
		place Place
	}{
		{"naming.login", PlaceLogin},
		{"naming.email", PlaceEmail},
		{"naming.upn", PlaceUPN},
		{"naming.display_name", PlaceDisplayName},
		{"naming.cn", PlaceCN},
		{"attributes", PlaceAttribute},
		{"directory.secondary_accounts", PlaceSecondary},
		{"lockout.hooks.command", PlaceHook},
		{"email.mailbox_command", PlaceMailbox},
		{"email.request_file`, `writeback.file", PlaceFile},
	} {
		names := strings.Join(Placeholders(at.place), "}` `{")
		rows = append(rows, fmt.Sprintf("| `%s` | `{%s}` |", at.key, names))
	}
	return strings.Join(rows, "\n")
}

// reference returns a section for each table of the file.
func reference(t *testing.T) string {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	w := referenceWriter{types: map[string]*ast.StructType{}, docs: map[string]string{}}
	for _, file := range files {
		tree, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		w.collect(tree)
	}
	w.section("", "Keys outside tables", reflect.ValueOf(Default()))
	return w.out.String()
}

type referenceWriter struct {
	types map[string]*ast.StructType
	docs  map[string]string // comments of types
	out   strings.Builder
}

func (w *referenceWriter) collect(tree *ast.File) {
	for _, declared := range tree.Decls {
		general, ok := declared.(*ast.GenDecl)
		if !ok {
			continue
		}
		for _, spec := range general.Specs {
			named, ok := spec.(*ast.TypeSpec)
			if !ok {
				continue
			}
			if fields, ok := named.Type.(*ast.StructType); ok {
				w.types[named.Name.Name] = fields
				w.docs[named.Name.Name] = general.Doc.Text()
			}
		}
	}
}

// section writes one table of the file, and after it the tables inside it.
func (w *referenceWriter) section(key, title string, value reflect.Value) {
	kind := value.Type()
	fmt.Fprintf(&w.out, "## %s\n\n", title)
	if key != "" {
		fmt.Fprintf(&w.out, "%s\n\n", aboutTable(kind.Name(), w.docs[kind.Name()]))
	}
	comment, rows := "The heading.", ""
	var inner []func()
	for _, field := range w.types[kind.Name()].Fields.List {
		if text := field.Doc.Text(); text != "" {
			comment = text
		}
		for _, name := range field.Names {
			found, _ := kind.FieldByName(name.Name)
			path := joinKey(key, found.Tag.Get("toml"))
			if table, title, nested := tableOf(path, value.FieldByName(name.Name)); nested {
				inner = append(inner, func() { w.section(path, title, table) })
				continue
			}
			rows += fmt.Sprintf("| `%s` | %s | %s |\n", path, shown(value.FieldByName(name.Name)), w.prose(kind.Name(), comment))
		}
	}
	if rows != "" {
		w.out.WriteString("| Key | Default | Meaning |\n|---|---|---|\n" + rows + "\n")
	}
	for _, write := range inner {
		write()
	}
}

// tableOf returns the table that a value of the file is or that its elements are, with the heading of its section.
func tableOf(path string, value reflect.Value) (table reflect.Value, title string, nested bool) {
	kind := value.Type()
	element := kind
	if kind.Kind() == reflect.Slice || kind.Kind() == reflect.Map {
		element = kind.Elem()
	}
	if element.Kind() != reflect.Struct || len(fieldsByKey(element)) == 0 || element == reflect.TypeFor[Limit]() {
		return value, "", false
	}
	switch kind.Kind() {
	case reflect.Slice:
		return newValue(element), "`[[" + path + "]]`", true
	case reflect.Map:
		return newValue(element), "`[" + path + "]`, each key the name of an attribute", true
	}
	return value, "`[" + path + "]`", true
}

// shown returns a default as the file would have it.
func shown(value reflect.Value) string {
	switch held := value.Interface().(type) {
	case Limit:
		return fmt.Sprintf("`{ max = %d, max_percent = %v }`", held.Max, held.MaxPercent)
	case *Limit, Date:
		return "–"
	case Secret:
		if held.IsZero() {
			return "–"
		}
		return "`\"" + held.Reference() + "\"`"
	case fmt.Stringer:
		return "`\"" + held.String() + "\"`"
	}
	switch value.Kind() {
	case reflect.String:
		if value.Len() == 0 {
			return "–"
		}
		return fmt.Sprintf("`%q`", value.String())
	case reflect.Slice:
		elements := make([]string, value.Len())
		for i := range elements {
			elements[i] = strings.Trim(shown(value.Index(i)), "`")
		}
		return "`[" + strings.Join(elements, ", ") + "]`"
	case reflect.Map:
		return "`{}`"
	}
	return fmt.Sprintf("`%v`", value.Interface())
}

var (
	docLink  = regexp.MustCompile(`\[([A-Z][A-Za-z.]+)\]`)
	goName   = regexp.MustCompile(`^[A-Z]+\b|\b[A-Z]+[a-z][A-Za-z]*\b`) // capitals alone, such as VPD, may be a word
	newlines = regexp.MustCompile(`\s*\n\s*`)
)

// aboutTable returns the comment of a type in one line, which calls it what it is in the file.
func aboutTable(typeName, comment string) string {
	text := newlines.ReplaceAllString(strings.TrimSpace(comment), " ")
	return docLink.ReplaceAllString(strings.Replace(text, typeName+" ", "This table ", 1), "$1")
}

// prose returns a comment in one line, with the names of fields as the keys that they are in the file.
func (w *referenceWriter) prose(typeName, comment string) string {
	text := newlines.ReplaceAllString(strings.TrimSpace(comment), " ")
	text = docLink.ReplaceAllString(text, "$1")
	keys := map[string]string{}
	for _, field := range w.types[typeName].Fields.List {
		if field.Tag == nil {
			continue
		}
		key := reflect.StructTag(strings.Trim(field.Tag.Value, "`")).Get("toml")
		keys[field.Names[0].Name] = key
	}
	text = goName.ReplaceAllStringFunc(text, func(word string) string {
		if key := keys[word]; key != "" {
			return "`" + key + "`"
		}
		return word
	})
	return strings.ReplaceAll(text, "|", `\|`)
}
