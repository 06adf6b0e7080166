package config

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/pelletier/go-toml/v2"
)

// sampleFile is the sample that is shipped.
var sampleFile = filepath.Join("..", "packaging", "sample", "esrsync.toml")

// keysOf returns the keys that a type has in the file, lists and maps of tables as their elements.
func keysOf(key string, kind reflect.Type) []string {
	switch kind.Kind() {
	case reflect.Pointer, reflect.Slice:
		if kind.Elem().Kind() == reflect.Struct || kind.Kind() == reflect.Pointer {
			return keysOf(key, kind.Elem())
		}
	case reflect.Struct:
		var keys []string
		for name, index := range fieldsByKey(kind) {
			keys = append(keys, keysOf(joinKey(key, name), kind.Field(index).Type)...)
		}
		if len(keys) > 0 {
			slices.Sort(keys)
			return keys
		}
	}
	return []string{key}
}

// keysIn returns the keys that a parsed text has, in the form of keysOf.
func keysIn(key string, value any, found map[string]bool) {
	switch value := value.(type) {
	case map[string]any:
		for name, inner := range value {
			keysIn(joinKey(key, name), inner, found)
		}
		found[key] = true
	case []any:
		for _, element := range value {
			keysIn(key, element, found)
		}
		found[key] = true
	default:
		found[key] = true
	}
}

func readTree(t *testing.T, path string) map[string]any {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var tree map[string]any
	if err := toml.Unmarshal(data, &tree); err != nil {
		t.Fatal(err)
	}
	return tree
}

func TestTheSampleHasNoFault(t *testing.T) {
	t.Parallel()
	document, err := Read(sampleFile)
	if err != nil {
		t.Fatal(err)
	}
	if len(document.Warnings) > 0 {
		t.Errorf("what we ship should need no second look:\n%v", document.Warnings)
	}
	if document.Config.Mode != ModeObserve {
		t.Error("the sample writes to a directory")
	}
}

func TestTheSampleHasEveryKey(t *testing.T) {
	t.Parallel()
	found := map[string]bool{}
	keysIn("", readTree(t, sampleFile), found)
	for _, key := range keysOf("", reflect.TypeFor[Config]()) {
		if !found[key] {
			t.Errorf("%s is not in the sample", key)
		}
	}
}

func TestEveryExportedFieldHasAKey(t *testing.T) {
	t.Parallel()
	var walk func(name string, kind reflect.Type)
	walk = func(name string, kind reflect.Type) {
		for kind.Kind() == reflect.Pointer || kind.Kind() == reflect.Slice || kind.Kind() == reflect.Map {
			kind = kind.Elem()
		}
		if kind.Kind() != reflect.Struct || reflect.PointerTo(kind).Implements(reflect.TypeFor[interface{ UnmarshalText([]byte) error }]()) {
			return
		}
		for i := range kind.NumField() {
			field := kind.Field(i)
			if field.Tag.Get("toml") == "" {
				t.Errorf("%s.%s has no key, so no file can set it", name, field.Name)
			}
			walk(name+"."+field.Name, field.Type)
		}
	}
	walk("Config", reflect.TypeFor[Config]())
}

func TestEveryRangeTagCanBeRead(t *testing.T) {
	t.Parallel()
	var walk func(kind reflect.Type)
	walk = func(kind reflect.Type) {
		for kind.Kind() == reflect.Pointer || kind.Kind() == reflect.Slice {
			kind = kind.Elem()
		}
		if kind.Kind() != reflect.Struct {
			return
		}
		for i := range kind.NumField() {
			bounds := kind.Field(i).Tag.Get("range")
			low, high, ranged := strings.Cut(bounds, "..")
			_, lowErr := strconv.ParseFloat(low, 64)
			_, highErr := strconv.ParseFloat(high, 64)
			if bounds != "" && (!ranged || lowErr != nil || high != "" && highErr != nil) {
				t.Errorf("%s has the range %q", kind.Field(i).Name, bounds)
			}
			walk(kind.Field(i).Type)
		}
	}
	walk(reflect.TypeFor[Config]())
}

func TestDefaultObservesAndKnowsNoTrust(t *testing.T) {
	t.Parallel()
	config := Default()
	if config.Mode != ModeObserve {
		t.Errorf("mode is %q", config.Mode)
	}
	if text := config.String(); strings.Contains(text, "dc=") || strings.Contains(text, "@") {
		t.Errorf("a default is some trust's own:\n%s", text)
	}
	if !config.Lifecycle.DeleteAfter.Never() || config.Guard.Delete != (Limit{}) || config.Guard.Link != (Limit{}) {
		t.Error("by default something may be deleted or linked")
	}
}

func TestDefaultNeedsOnlyWhatTheTrustAloneKnows(t *testing.T) {
	t.Parallel()
	_, err := Parse(nil, "empty.toml")
	var keys []string
	for _, fault := range faultsOf(t, err) {
		keys = append(keys, fault.Key)
	}
	want := []string{
		"directory.base", "directory.bind", "directory.managed_bases", "directory.servers",
		"trust.email_domain", "trust.name", "trust.vpd",
	}
	if diff := cmp.Diff(want, keys); diff != "" {
		t.Errorf("faults of an empty file (-want +got):\n%s", diff)
	}
}

func TestWhatIsPrintedCanBeReadAgainButForItsSecrets(t *testing.T) {
	t.Parallel()
	first, err := Load(sampleFile)
	if err != nil {
		t.Fatal(err)
	}
	parts := strings.Split(first.String(), Placeholder)
	printed := parts[0]
	for i, part := range parts[1:] {
		printed += fmt.Sprintf("env:SECRET_%d", i) + part
	}
	again, err := Parse([]byte(printed), "printed")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(first.String(), again.String()); diff != "" {
		t.Error(diff)
	}
}

func TestNoFormOfPrintingShowsASecret(t *testing.T) {
	t.Parallel()
	config, err := Load(sampleFile)
	if err != nil {
		t.Fatal(err)
	}
	config.Directory.Bind.Password = Secret{"dpapi", "hunter2"}
	config.Store.DSN = Secret{"env", "hunter2"}
	asJSON, err := json.Marshal(config)
	if err != nil {
		t.Fatal(err)
	}
	asTOML, err := toml.Marshal(config)
	if err != nil {
		t.Fatal(err)
	}
	type plain Config
	for form, text := range map[string]string{
		"String": config.String(), "JSON": string(asJSON), "TOML": string(asTOML),
		"%v": fmt.Sprintf("%v", config), "%+v": fmt.Sprintf("%+v", config), "%#v": fmt.Sprintf("%#v", config),
		"a part with %+v": fmt.Sprintf("%+v", config.Directory), "a part with %#v": fmt.Sprintf("%#v", config.Store),
		"without methods": fmt.Sprintf("%+v", plain(config)),
	} {
		if strings.Contains(text, "hunter2") || strings.Contains(text, "credential:") {
			t.Errorf("%s shows a secret:\n%s", form, text)
		}
		if !strings.Contains(text, Placeholder) {
			t.Errorf("%s shows no placeholder either", form)
		}
	}
}

func TestJSONHasTheKeysOfTheFile(t *testing.T) {
	t.Parallel()
	config, err := Load(sampleFile)
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(config)
	if err != nil {
		t.Fatal(err)
	}
	var tree map[string]any
	if err := json.Unmarshal(text, &tree); err != nil {
		t.Fatal(err)
	}
	want := slices.Sorted(maps.Keys(fieldsByKey(reflect.TypeFor[Config]())))
	if diff := cmp.Diff(want, slices.Sorted(maps.Keys(tree))); diff != "" {
		t.Error(diff)
	}
}

func TestEnforces(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		mode    Mode
		classes []string
		class   string
		want    bool
	}{
		{"observe writes no leaver", ModeObserve, nil, "leaver", false},
		{"observe writes no leaver, whatever is listed", ModeObserve, []string{"leaver"}, "leaver", false},
		{"observe writes lockouts", ModeObserve, nil, "lockout", true},
		{"observe writes releases", ModeObserve, nil, "release", true},
		{"enforce writes every class", ModeEnforce, nil, "leaver", true},
		{"enforce writes a class that is listed", ModeEnforce, []string{"link", "leaver"}, "leaver", true},
		{"enforce writes no class that is not listed", ModeEnforce, []string{"link"}, "leaver", false},
		{"enforce writes lockouts that are not listed", ModeEnforce, []string{"link"}, "lockout", true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if got := (Config{Mode: test.mode, EnforceClasses: test.classes}).Enforces(test.class); got != test.want {
				t.Errorf("got %v", got)
			}
		})
	}
}
