package store

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"esrsync/esrmodel"
	"esrsync/internal/directory"
)

// micros returns an instant as the tables hold it; zero for the zero time.
func micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

// instant returns what micros was given, in UTC and cut to microseconds.
func instant(n int64) time.Time {
	if n == 0 {
		return time.Time{}
	}
	return time.UnixMicro(n).UTC()
}

// bit returns a truth as the tables hold it.
func bit(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// cleaned returns the arguments with every text made one that both engines take:
// PostgreSQL refuses NUL and what is not UTF-8, and a strange value in a file or
// in a server's answer must not cost the record of what was done.
func cleaned(arguments []any) []any {
	for i, a := range arguments {
		if text, is := a.(string); is {
			arguments[i] = clean(text)
		}
	}
	return arguments
}

func clean(text string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(text, "\uFFFD"), "\x00", "\uFFFD")
}

// These read a column into a field that is no plain number or text.

type asInstant struct{ into *time.Time }

func (a asInstant) Scan(from any) error {
	n, is := from.(int64)
	*a.into = instant(n)
	return unless(is, from)
}

type asBit struct{ into *bool }

func (a asBit) Scan(from any) error {
	n, is := from.(int64)
	*a.into = n != 0
	return unless(is, from)
}

type asDay struct{ into *esrmodel.Date }

func (a asDay) Scan(from any) error {
	n, is := from.(int64)
	*a.into = esrmodel.Date(n)
	return unless(is, from)
}

type asGUID struct{ into *directory.GUID }

func (a asGUID) Scan(from any) error {
	text, is := from.(string)
	if !is {
		return unless(is, from)
	}
	return a.into.UnmarshalText([]byte(text))
}

// asRaw reads JSON that is handed on as it is.
type asRaw struct{ into *json.RawMessage }

func (a asRaw) Scan(from any) error {
	text, is := from.(string)
	if *a.into = nil; text != "" {
		*a.into = json.RawMessage(text)
	}
	return unless(is, from)
}

// asJSON reads JSON into lists and maps; empty text is the zero value.
type asJSON struct{ into any }

func (a asJSON) Scan(from any) error {
	text, is := from.(string)
	if !is || text == "" {
		return unless(is, from)
	}
	return json.Unmarshal([]byte(text), a.into)
}

// unless returns an error that names the kind of value, never the value.
func unless(is bool, from any) error {
	if is {
		return nil
	}
	return fmt.Errorf("the column holds a %T", from)
}

// listed writes a list of texts as JSON, and an empty one as nothing.
func listed(texts []string) string {
	if len(texts) == 0 {
		return ""
	}
	written, _ := json.Marshal(texts) // Texts can always be written.
	return string(written)
}

func scanText(r row) (text string, err error) {
	err = r.Scan(&text)
	return text, err
}
