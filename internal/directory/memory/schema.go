package memory

import (
	_ "embed"
	"fmt"
	"strconv"
	"strings"

	"esrsync/internal/directory"
)

//go:embed schema.txt
var schemaText string

// syntax says how values of an attribute are compared.
type syntax string

const (
	textSyntax   syntax = "text"
	dnSyntax     syntax = "dn"
	intSyntax    syntax = "int"
	boolSyntax   syntax = "bool"
	timeSyntax   syntax = "time"
	octetsSyntax syntax = "octets"
)

// attributeType is what the schema says of one attribute.
type attributeType struct {
	name     string
	key      string // the name in lower case, by which entries hold values
	syntax   syntax
	single   bool
	max      int    // rangeUpper in characters; 0 is no bound
	backLink string // key of the back link, for a linked attribute

	indexed, system, virtual, rdn, exchange, group, back, secret bool
}

// schema is the attributes by lower-cased name.
type schema map[string]attributeType

// newSchema reads the table. The Exchange attributes are there on demand, since
// many domains never had that schema extension.
func newSchema(exchange bool) (schema, error) {
	s := schema{}
	for _, line := range strings.Split(schemaText, "\n") {
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		a, err := parseAttributeType(line)
		if err != nil {
			return nil, err
		}
		if !a.exchange || exchange {
			s[a.key] = a
		}
	}
	return s, nil
}

func parseAttributeType(line string) (attributeType, error) {
	f := strings.Fields(line)
	if len(f) < 4 {
		return attributeType{}, fmt.Errorf("reading the schema: %q has fewer than four columns", line)
	}
	longest, err := strconv.Atoi(f[3])
	if err != nil {
		return attributeType{}, fmt.Errorf("reading the schema: %q: %w", line, err)
	}
	a := attributeType{name: f[0], key: strings.ToLower(f[0]), syntax: syntax(f[1]), single: f[2] == "single", max: longest}
	if len(f) > 4 {
		for _, flag := range strings.Split(f[4], ",") {
			a.setFlag(flag)
		}
	}
	return a, nil
}

func (a *attributeType) setFlag(flag string) {
	if back, ok := strings.CutPrefix(flag, "link="); ok {
		a.backLink = strings.ToLower(back)
		return
	}
	flags := map[string]*bool{"index": &a.indexed, "system": &a.system, "virtual": &a.virtual, "rdn": &a.rdn,
		"exchange": &a.exchange, "group": &a.group, "back": &a.back, "secret": &a.secret}
	if p := flags[flag]; p != nil {
		*p = true
	}
}

// linked reports whether the values are objects, seen from either end.
func (a attributeType) linked() bool { return a.backLink != "" || a.back }

// lookup finds an attribute by its name in any case.
func (s schema) lookup(name string) (attributeType, bool) {
	if a, ok := s[name]; ok {
		return a, true
	}
	a, ok := s[strings.ToLower(name)]
	return a, ok
}

// fold returns a form of a value that is equal for equal values of the attribute.
func (a attributeType) fold(value string) string {
	switch a.syntax {
	case octetsSyntax:
		if a.key == "objectsid" && strings.HasPrefix(value, "S-1-") {
			return string(encodeSID(value))
		}
		return value
	case dnSyntax:
		return directory.FoldDN(value)
	default:
		return strings.ToLower(value)
	}
}

// checkValue says why the schema does not take a value, or nil.
func (a attributeType) checkValue(value string) error {
	switch {
	case value == "":
		return atrErr(InvalidAttributeSyntax, 0x2081, "problem 1002 (INVALID_ATT_SYNTAX)", a.name)
	case a.max > 0 && a.length(value) > a.max:
		return atrErr(ConstraintViolation, 0x2082, constraintProblem, a.name)
	case a.syntax == intSyntax && !isInteger(value),
		a.syntax == boolSyntax && value != "TRUE" && value != "FALSE":
		return atrErr(InvalidAttributeSyntax, 0x57, "problem 1002 (INVALID_ATT_SYNTAX)", a.name)
	}
	return nil
}

func (a attributeType) length(value string) int {
	if a.syntax == octetsSyntax {
		return len(value)
	}
	return len([]rune(value))
}

func isInteger(s string) bool {
	_, err := strconv.ParseInt(s, 10, 64)
	return err == nil
}
