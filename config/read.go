package config

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"

	"github.com/pelletier/go-toml/v2"
)

// maxFile is the largest configuration that is read, in bytes. A longer file is not a configuration.
const maxFile = 4 << 20

// Document is a configuration together with where its keys stand, for those who judge what this package cannot,
// such as whether an expression compiles.
type Document struct {
	Config Config
	// Warnings are what is worth a look, in the order of the file.
	Warnings Faults

	name   string
	places places
}

// Fault returns a fault about key, with its line in this document.
func (d Document) Fault(key, message, mend string) Fault {
	at := d.places.find(key)
	return Fault{File: d.name, Key: key, Line: at.line, Column: at.column, Message: message, Mend: mend}
}

// Load reads and checks the file at path. What is wrong with its content comes as [Faults].
func Load(path string) (Config, error) {
	document, err := Read(path)
	return document.Config, err
}

// Parse checks data, which was read under name. What is wrong with it comes as [Faults].
func Parse(data []byte, name string) (Config, error) {
	document, err := ParseDocument(data, name)
	return document.Config, err
}

// Read is [Load] with warnings and places.
func Read(path string) (Document, error) {
	info, err := os.Stat(path)
	if err != nil {
		return Document{}, fmt.Errorf("reading the configuration: %w", err)
	}
	if info.Size() > maxFile {
		return Document{}, fmt.Errorf("reading the configuration: %s is larger than %d bytes", path, maxFile)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return Document{}, fmt.Errorf("reading the configuration: %w", err)
	}
	return ParseDocument(data, filepath.Base(path))
}

// ParseDocument is [Parse] with warnings and places. With [Faults], the document holds what could be understood.
func ParseDocument(data []byte, name string) (Document, error) {
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")) // editors on Windows put a byte order mark there
	document := Document{Config: Default(), name: name}
	var tree map[string]any
	if err := toml.Unmarshal(data, &tree); err != nil {
		return document, Faults{syntaxFault(err, name)}
	}
	document.places = findPlaces(data)

	var faults Faults
	decode := decoder{report: func(key, message, mend string) {
		faults = append(faults, document.Fault(key, message, mend))
	}}
	decode.table("", tree, reflect.ValueOf(&document.Config).Elem())

	check := checker{document: &document, decoded: faults}
	check.all()
	document.Config.derive()
	faults = append(faults, check.faults...)
	document.Warnings = check.warnings
	document.Warnings.sort()
	if len(faults) > 0 {
		faults.sort()
		return document, faults
	}
	return document, nil
}

// syntaxFault tells where a text stops being TOML. The library's excerpt is left out: it may hold a secret.
func syntaxFault(err error, name string) Fault {
	fault := Fault{File: name, Message: strings.TrimPrefix(err.Error(), "toml: "), Mend: "mend the line; nothing after it was read"}
	var detail *toml.DecodeError
	if errors.As(err, &detail) {
		fault.Line, fault.Column = detail.Position()
		fault.Key = strings.Join(detail.Key(), ".")
	}
	return fault
}

// derive fills in what follows from other keys. It comes after the checks, so that no fault is told twice.
func (c *Config) derive() {
	if len(c.Lockout.Bases) == 0 && c.Directory.Base != "" {
		c.Lockout.Bases = []string{c.Directory.Base}
	}
}

// headings returns the texts of a struct by key, without those that are empty.
func headings(texts any) map[string]string {
	found := map[string]string{}
	value := reflect.ValueOf(texts)
	for name, index := range fieldsByKey(value.Type()) {
		if text := value.Field(index).String(); text != "" {
			found[name] = text
		}
	}
	return found
}
