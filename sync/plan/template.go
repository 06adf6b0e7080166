package plan

import "strings"

// template is a text with placeholders, taken apart once and filled often.
type template struct {
	parts []part
}

// part is some text and the placeholder after it, or nothing after it.
type part struct{ text, field string }

// newTemplate takes a template apart. Braces that do not pair stand for
// themselves; the configuration has refused them long before.
func newTemplate(text string) template {
	var t template
	for {
		begin := strings.IndexByte(text, '{')
		end := strings.IndexByte(text, '}')
		if begin < 0 || end < begin {
			t.parts = append(t.parts, part{text: text})
			return t
		}
		t.parts = append(t.parts, part{text: text[:begin], field: text[begin+1 : end]})
		text = text[end+1:]
	}
}

// uses reports whether the template has the placeholder.
func (t template) uses(field string) bool {
	for _, p := range t.parts {
		if p.field == field {
			return true
		}
	}
	return false
}

// fill returns the text with its placeholders filled in, tidied: what an empty
// value leaves behind (a pair of brackets, a comma at the end, two spaces) goes.
// Where every placeholder is empty, so is the result.
func (t template) fill(value func(field string) string) string {
	if len(t.parts) == 2 && t.parts[0].text == "" && t.parts[1].text == "" {
		return strings.TrimSpace(value(t.parts[0].field))
	}
	var b strings.Builder
	fields, empty := 0, 0
	for _, p := range t.parts {
		b.WriteString(p.text)
		if p.field == "" {
			continue
		}
		v := strings.TrimSpace(value(p.field))
		b.WriteString(v)
		fields++
		if v == "" {
			empty++
		}
	}
	switch {
	case empty == 0:
		return strings.TrimSpace(b.String())
	case empty == fields:
		return ""
	}
	return tidy(b.String())
}

// tidy removes what empty values leave behind.
func tidy(s string) string {
	for _, pair := range []string{"()", "[]", "( )", "[ ]"} {
		s = strings.ReplaceAll(s, pair, "")
	}
	return strings.Trim(strings.Join(strings.Fields(s), " "), " ,-")
}
