package config

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Place is a place of the configuration that holds templates, and so says which placeholders mean something there.
type Place int

// The places of templates.
const (
	PlaceLogin       Place = iota // naming.login
	PlaceEmail                    // naming.email
	PlaceUPN                      // naming.upn
	PlaceDisplayName              // naming.display_name
	PlaceCN                       // naming.cn
	PlaceAttribute                // attributes
	PlaceSecondary                // directory.secondary_accounts
	PlaceHook                     // lockout.hooks.command: who, never why
	PlaceMailbox                  // email.mailbox_command
	PlaceFile                     // email.request_file, writeback.file
)

// Placeholders returns the placeholders that mean something at a place, without braces, in order.
func Placeholders(place Place) []string {
	names := []string{"first", "initial", "middle", "middle_initial", "preferred", "surname"}
	post := []string{
		"category", "employee_category", "employee_number", "job_role", "location", "organisation",
		"position_number", "position_title", "staff_group", "title", "trust",
	}
	var own []string
	switch place {
	case PlaceLogin:
		own = append(names, "employee_number", "n")
	case PlaceEmail:
		own = append(names, "employee_number", "login", "n")
	case PlaceUPN:
		own = append(names, "email", "employee_number", "login")
	case PlaceDisplayName:
		own = append(append(names, post...), "login")
	case PlaceCN:
		own = append(append(names, post...), "email", "login")
	case PlaceAttribute:
		own = append(append(names, post...), "display_name", "email", "login", "manager_dn", "upn")
	case PlaceSecondary:
		own = []string{"login"}
	case PlaceHook, PlaceMailbox:
		own = []string{"email", "login", "upn"}
	case PlaceFile:
		own = []string{"date"}
	}
	slices.Sort(own)
	return own
}

// ErrTemplate reports a template whose braces do not close.
var ErrTemplate = errors.New("braces that do not pair")

// TemplateFields returns the placeholders of a template in the order in which they stand, or an error that matches
// [ErrTemplate]. A brace always belongs to a placeholder: there is no escape.
func TemplateFields(template string) ([]string, error) {
	var fields []string
	rest := template
	for {
		begin := strings.IndexAny(rest, "{}")
		if begin < 0 {
			return fields, nil
		}
		end := strings.IndexAny(rest[begin+1:], "{}")
		if rest[begin] == '}' || end < 0 || rest[begin+1+end] == '{' {
			return nil, fmt.Errorf("%q: %w", template, ErrTemplate)
		}
		fields = append(fields, rest[begin+1:begin+1+end])
		rest = rest[begin+end+2:]
	}
}

// template checks one template: it has a text, its braces pair, and its placeholders mean something there.
func (c *checker) template(key, template string, place Place) {
	if template == "" {
		c.fault(key, "is empty", "write a template")
		return
	}
	fields, err := TemplateFields(template)
	if err != nil {
		c.fault(key, err.Error(), "write each placeholder as {name}")
		return
	}
	known := Placeholders(place)
	for _, field := range fields {
		if !slices.Contains(known, field) {
			c.fault(key, fmt.Sprintf("{%s} means nothing here", field), "use one of {"+strings.Join(known, "} {")+"}")
		}
	}
}
