package esrmodel_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"esrsync/esrmodel"
)

func TestPositionTitle(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ claim, name, want string }{
		{"ruling: the second part of a pipe-joined name", "277|Staff Nurse|Ward 4", "Staff Nurse"},
		{"ruling: the whole where there is one part", "Staff Nurse", "Staff Nurse"},
		{"two parts: the second", "277|Porter", "Porter"},
		{"blanks around the title go", " 277 | Porter ", "Porter"},
		{"an empty second part falls back to the first", "Porter||Ward 4", "Porter"},
		{"nothing stays nothing", "", ""},
	} {
		t.Run(c.claim, func(t *testing.T) {
			t.Parallel()
			if got := esrmodel.PositionTitle(c.name); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestPositionTitleNeverHoldsAPipe(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.StringMatching(`[a-c |]{0,12}`).Draw(t, "name")
		got := esrmodel.PositionTitle(name)
		if strings.Contains(got, "|") || strings.TrimSpace(got) != got || !strings.Contains(name, got) {
			t.Fatalf("%q gives %q", name, got)
		}
	})
}

// ways prints a value in every way that could carry it out by accident.
func ways(v any) map[string]string {
	out := map[string]string{}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d", "%08b", "%T %[1]v"} {
		out[verb] = fmt.Sprintf(verb, v)
	}
	out["error"] = fmt.Errorf("reading %v: %w", v, fmt.Errorf("inner %s", v)).Error()
	b, err := json.Marshal(v)
	out["json"] = fmt.Sprint(string(b), err)
	var log bytes.Buffer
	// Without the time, whose digits may by chance be those that are looked for.
	untimed := &slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		if a.Key == slog.TimeKey {
			return slog.Attr{}
		}
		return a
	}}
	slog.New(slog.NewJSONHandler(&log, untimed)).Info("m", "v", v)
	out["log"] = log.String()
	return out
}

func TestLawNINumberAndDateOfBirthNeverPrint(t *testing.T) {
	t.Parallel()
	born := esrmodel.NewDate(1961, time.February, 17)
	person := esrmodel.Person{ID: "101", LastName: "Example", NINumber: "QQ123456C", DateOfBirth: esrmodel.BirthDate(born)}
	secrets := []string{"QQ123456", "5151313233343536", "1961", "17 Feb", fmt.Sprint(int32(born)), fmt.Sprintf("%x", int32(born)), fmt.Sprintf("%b", int32(born))}
	for name, v := range map[string]any{
		"NI number": person.NINumber, "date of birth": person.DateOfBirth, "person": person, "pointer": &person,
		"slice": []esrmodel.Person{person}, "map": map[string]any{"p": person},
	} {
		for way, text := range ways(v) {
			for _, secret := range secrets {
				if strings.Contains(text, secret) {
					t.Errorf("%s printed by %s: %s", name, way, text)
				}
			}
		}
	}
	if !strings.Contains(fmt.Sprint(person), "[not shown]") {
		t.Error("the placeholder is missing: were the fields printed at all?")
	}
}

func TestKindsAreThoseOfTheNouns(t *testing.T) {
	t.Parallel()
	span := esrmodel.Span{From: 1, To: 2}
	nouns := []esrmodel.Slice{
		esrmodel.Person{ID: "a", Span: span}, esrmodel.Assignment{ID: "a", Span: span}, esrmodel.Position{ID: "a", Span: span},
		esrmodel.Organisation{ID: "a", Span: span}, esrmodel.Location{ID: "a", Span: span},
	}
	if len(nouns) != len(esrmodel.Kinds()) {
		t.Fatalf("%d nouns, %d kinds", len(nouns), len(esrmodel.Kinds()))
	}
	for i, kind := range esrmodel.Kinds() {
		if n := nouns[i]; n.Kind() != kind || n.RecordID() != "a" || n.Dates() != span {
			t.Errorf("%s: %v %v %v", kind, n.Kind(), n.RecordID(), n.Dates())
		}
	}
}
