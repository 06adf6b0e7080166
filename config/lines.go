package config

import (
	"bytes"
	"strconv"
	"strings"

	"github.com/pelletier/go-toml/v2/unstable"
)

// position is where a key stands in the text. Both count from 1.
type position struct {
	line, column int
}

// places maps the path of a key to where it stands.
type places map[string]position

// find returns where key stands, or the nearest table that would hold it. It returns the zero position where neither
// is known.
func (p places) find(key string) position {
	for key != "" {
		if at, found := p[key]; found {
			return at
		}
		key = parentKey(key)
	}
	return position{}
}

// findPlaces returns where each key of a TOML text stands. The parser that knows it promises no stability, so
// everything about it is behind this one function, and anything unexpected in it costs line numbers only.
func findPlaces(data []byte) (found places) {
	finder := placeFinder{found: places{}, elements: map[string]int{}}
	defer func() {
		if recover() != nil {
			found = places{}
		}
	}()
	finder.parser.Reset(data)
	for finder.parser.NextExpression() {
		finder.expression(finder.parser.Expression())
	}
	return finder.found
}

// placeFinder walks over the expressions of a text.
type placeFinder struct {
	parser   unstable.Parser
	found    places
	table    string         // the path of the table that the walk is in
	elements map[string]int // how many elements an array of tables has so far
}

func (f *placeFinder) expression(node *unstable.Node) {
	switch node.Kind {
	case unstable.Table:
		f.table = f.header(node, false)
	case unstable.ArrayTable:
		f.table = f.header(node, true)
	case unstable.KeyValue:
		f.keyValue(f.table, node)
	}
}

// header returns the path of a table. Names of arrays of tables in it mean their last element.
func (f *placeFinder) header(node *unstable.Node, array bool) string {
	path := ""
	for names := node.Key(); names.Next(); {
		path = joinKey(path, string(names.Node().Data))
		if array && names.IsLast() {
			f.note(path, names.Node())
			f.elements[path]++
		}
		if count := f.elements[path]; count > 0 {
			path = elementKey(path, count-1)
		}
		f.note(path, names.Node())
	}
	return path
}

func (f *placeFinder) keyValue(path string, node *unstable.Node) {
	for names := node.Key(); names.Next(); {
		path = joinKey(path, string(names.Node().Data))
		f.note(path, names.Node())
	}
	f.value(path, node.Value())
}

// value notes what stands inside a value.
func (f *placeFinder) value(path string, node *unstable.Node) {
	children := node.Children()
	switch node.Kind {
	case unstable.InlineTable:
		for children.Next() {
			f.keyValue(path, children.Node())
		}
	case unstable.Array:
		for index := 0; children.Next(); index++ {
			element := elementKey(path, index)
			f.note(element, children.Node())
			f.value(element, children.Node())
		}
	}
}

// note keeps the first place of a path. Tables and arrays have no place of their own in the parser: what is
// inside an array then leads to the key of the array.
func (f *placeFinder) note(path string, node *unstable.Node) {
	if _, known := f.found[path]; known || node.Raw.Length == 0 {
		return
	}
	before := f.parser.Data()[:node.Raw.Offset]
	f.found[path] = position{
		line:   bytes.Count(before, []byte("\n")) + 1,
		column: len(before) - bytes.LastIndexByte(before, '\n'),
	}
}

// joinKey returns the path of name inside path. A name that TOML would quote is quoted.
func joinKey(path, name string) string {
	if !isBareKey(name) {
		name = strconv.Quote(name)
	}
	if path == "" {
		return name
	}
	return path + "." + name
}

// elementKey returns the path of an element, counted from 0.
func elementKey(path string, index int) string {
	return path + "[" + strconv.Itoa(index) + "]"
}

// parentKey returns the path without its last part, which a dot or a bracket begins.
func parentKey(key string) string {
	if strings.HasSuffix(key, `"`) {
		key = key[:max(strings.LastIndex(strings.TrimSuffix(key, `"`), `"`), 0)]
	}
	return key[:max(strings.LastIndexAny(key, ".["), 0)]
}

func isBareKey(name string) bool {
	for _, r := range name {
		if !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '_' || r == '-') {
			return false
		}
	}
	return name != ""
}
