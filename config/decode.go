package config

import (
	"encoding"
	"errors"
	"fmt"
	"maps"
	"math"
	"reflect"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2"
)

// decoder lays a parsed TOML tree over a [Config]. The TOML library's own decoding ends at the first value of a
// wrong type; this one goes on, so that all faults are told together. Keys match exactly, letter case too.
type decoder struct {
	report func(key, message, mend string)
}

// defaulter is a type whose elements do not begin as zero.
type defaulter interface{ setDefaults() }

// shortForm is a table that may also be written as one text.
type shortForm interface{ setShort(text string) }

// value lays one TOML value over target, which is addressable.
func (d decoder) value(key string, value any, target reflect.Value) {
	if text, ok := target.Addr().Interface().(encoding.TextUnmarshaler); ok {
		d.text(key, value, text)
		return
	}
	if short, ok := target.Addr().Interface().(shortForm); ok {
		if text, isText := value.(string); isText {
			short.setShort(text)
			return
		}
		if _, isTable := value.(map[string]any); !isTable {
			d.wrongType(key, value, "a text in quotes or a table")
			return
		}
	}
	switch target.Kind() {
	case reflect.Pointer:
		fresh := newValue(target.Type().Elem())
		d.value(key, value, fresh)
		target.Set(fresh.Addr())
	case reflect.Struct:
		d.table(key, value, target)
	case reflect.Map:
		d.mapping(key, value, target)
	case reflect.Slice:
		d.list(key, value, target)
	default:
		d.scalar(key, value, target)
	}
}

// newValue returns an addressable value as an element of this type begins.
func newValue(kind reflect.Type) reflect.Value {
	fresh := reflect.New(kind)
	if element, ok := fresh.Interface().(defaulter); ok {
		element.setDefaults()
	}
	return fresh.Elem()
}

// text lays a value over a type that reads a text. Its error says what was expected.
func (d decoder) text(key string, value any, target encoding.TextUnmarshaler) {
	if day, ok := target.(*Date); ok {
		d.date(key, value, day)
		return
	}
	text, ok := value.(string)
	if !ok {
		d.wrongType(key, value, "a text in quotes")
		return
	}
	if err := target.UnmarshalText([]byte(text)); err != nil {
		d.report(key, err.Error(), mendText(err))
	}
}

// date takes TOML's own dates, and a date in quotes, which is what a configuration prints.
func (d decoder) date(key string, value any, target *Date) {
	switch value := value.(type) {
	case toml.LocalDate:
		*target = dateOf(value)
	case string:
		if err := target.UnmarshalText([]byte(value)); err != nil {
			d.report(key, err.Error(), "write the day without quotes")
		}
	default:
		d.wrongType(key, value, "a day such as 2026-06-30")
	}
}

// mendText says how to mend a text that could not be read.
func mendText(err error) string {
	if errors.Is(err, ErrNotReference) {
		return `put the secret elsewhere and write where: "env:NAME", "file:PATH", "credential:NAME" or "dpapi:BLOB"; ` +
			"a secret that was in a file should be changed"
	}
	return "write it in that form"
}

func (d decoder) table(key string, value any, target reflect.Value) {
	tree, ok := value.(map[string]any)
	if !ok {
		d.wrongType(key, value, "a table")
		return
	}
	fields := fieldsByKey(target.Type())
	for _, name := range slices.Sorted(maps.Keys(tree)) {
		index, known := fields[name]
		if !known {
			d.report(joinKey(key, name), "no such key", mendUnknown(name, slices.Sorted(maps.Keys(fields))))
			continue
		}
		d.value(joinKey(key, name), tree[name], target.Field(index))
	}
}

// fieldsByKey returns the index of each field of a struct by its key in the file.
func fieldsByKey(kind reflect.Type) map[string]int {
	fields := map[string]int{}
	for i := range kind.NumField() {
		if name := kind.Field(i).Tag.Get("toml"); name != "" {
			fields[name] = i
		}
	}
	return fields
}

// mapping replaces a map whole: what a person takes out of it is gone.
func (d decoder) mapping(key string, value any, target reflect.Value) {
	tree, ok := value.(map[string]any)
	if !ok {
		d.wrongType(key, value, "a table")
		return
	}
	fresh := reflect.MakeMap(target.Type())
	for _, name := range slices.Sorted(maps.Keys(tree)) {
		element := newValue(target.Type().Elem())
		d.value(joinKey(key, name), tree[name], element)
		fresh.SetMapIndex(reflect.ValueOf(name), element)
	}
	target.Set(fresh)
}

// list replaces a list whole.
func (d decoder) list(key string, value any, target reflect.Value) {
	elements, ok := value.([]any)
	if !ok {
		d.wrongType(key, value, "a list in brackets")
		return
	}
	fresh := reflect.MakeSlice(target.Type(), 0, len(elements))
	for i, value := range elements {
		element := newValue(target.Type().Elem())
		d.value(elementKey(key, i), value, element)
		fresh = reflect.Append(fresh, element)
	}
	target.Set(fresh)
}

func (d decoder) scalar(key string, value any, target reflect.Value) {
	switch target.Kind() {
	case reflect.String:
		if text, ok := value.(string); ok {
			target.SetString(text)
			return
		}
		d.wrongType(key, value, "a text in quotes")
	case reflect.Bool:
		if yes, ok := value.(bool); ok {
			target.SetBool(yes)
			return
		}
		d.wrongType(key, value, "true or false")
	case reflect.Int:
		if number, ok := value.(int64); ok && number >= math.MinInt32 && number <= math.MaxInt32 {
			target.SetInt(number)
			return
		}
		d.wrongType(key, value, "a whole number")
	case reflect.Float64:
		d.float(key, value, target)
	}
}

// float takes a whole number too: nobody should have to write 5.0.
func (d decoder) float(key string, value any, target reflect.Value) {
	switch number := value.(type) {
	case float64:
		if !math.IsNaN(number) && !math.IsInf(number, 0) {
			target.SetFloat(number)
			return
		}
	case int64:
		target.SetFloat(float64(number))
		return
	}
	d.wrongType(key, value, "a number such as 2.5")
}

// wrongType tells the kinds and not the value, which may be a secret in the wrong place.
func (d decoder) wrongType(key string, value any, want string) {
	d.report(key, fmt.Sprintf("is %s where %s belongs", kindName(value), want), "write "+want)
}

// kindName names the kind of a TOML value as a person would.
func kindName(value any) string {
	switch value.(type) {
	case string:
		return "a text"
	case int64:
		return "a whole number"
	case float64:
		return "a number with a point"
	case bool:
		return "true or false"
	case []any:
		return "a list"
	case map[string]any:
		return "a table"
	}
	return "a date or time"
}

// mendUnknown says which key was probably meant.
func mendUnknown(name string, known []string) string {
	best, distance := "", 3
	for _, candidate := range known {
		if d := editDistance(strings.ToLower(name), candidate); d < distance {
			best, distance = candidate, d
		}
	}
	if best == "" {
		return "take it out, or see the reference for the key that is meant"
	}
	return fmt.Sprintf("did you mean %s?", best)
}

// editDistance returns how many letters have to be put in, taken out or changed to make b of a.
func editDistance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
