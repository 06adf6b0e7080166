package report

import (
	"bytes"
	"encoding/json"
	"flag"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the expected reports in testdata")

// form is one way to write a night.
type form func(io.Writer, Night) error

// written returns a night in one form.
func written(t testing.TB, f form, n Night) string {
	t.Helper()
	var out bytes.Buffer
	if err := f(&out, n); err != nil {
		t.Fatalf("writing the report: %v", err)
	}
	return out.String()
}

// compareGolden compares got with a file, or with -update writes it, which a CI
// machine must not.
func compareGolden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if os.Getenv("CI") != "" {
			t.Fatal("-update is for a person to look at, not for CI")
		}
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("the report differs (-want +got); look at it, and rewrite it with: go test ./internal/report -update\n%s", diff)
	}
}

// forms are the forms of a report by the ending of their golden files.
func forms() map[string]form {
	return map[string]form{"html": HTML, "txt": Text, "json": JSON, "summary": Summary}
}

// nights are the nights that the tests tell, by name.
func nights() map[string]Night {
	return map[string]Night{"calm": calm(), "busy": busy(), "failing": failing(), "observing": observing()}
}

func TestEveryNightIsToldAsItWasLookedAt(t *testing.T) {
	t.Parallel()
	for night, n := range nights() {
		for ending, f := range forms() {
			t.Run(night+"."+ending, func(t *testing.T) {
				t.Parallel()
				compareGolden(t, night+"."+ending, written(t, f, n))
			})
		}
	}
}

func TestTheSameNightGivesTheSameBytes(t *testing.T) {
	t.Parallel()
	for ending, f := range forms() {
		first := written(t, f, busy())
		for range 20 {
			if again := written(t, f, busy()); again != first {
				t.Fatalf("%s differs from one time to the next", ending)
			}
		}
	}
}

func TestANightThatWasKeptAsJSONReadsTheSame(t *testing.T) {
	t.Parallel()
	for name, n := range nights() {
		kept, err := json.Marshal(n)
		if err != nil {
			t.Fatal(err)
		}
		var again Night
		if err := json.Unmarshal(kept, &again); err != nil {
			t.Fatal(err)
		}
		for _, f := range []form{HTML, Text} {
			if diff := cmp.Diff(written(t, f, n), written(t, f, again)); diff != "" {
				t.Errorf("%s reads differently once it was kept:\n%s", name, diff)
			}
		}
	}
}

func TestJSONWritesAnEmptyListAndNeverNull(t *testing.T) {
	t.Parallel()
	var got map[string]any
	if err := json.Unmarshal([]byte(written(t, JSON, Night{})), &got); err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"feeds", "results", "match_queue", "findings", "closed", "tasks"} {
		if list, is := got[key].([]any); !is || len(list) != 0 {
			t.Errorf("%s of an empty night is %v, and is to be an empty list", key, got[key])
		}
	}
	if _, is := got["people"].(map[string]any); !is {
		t.Errorf("people of an empty night is %v, and is to be an empty object", got["people"])
	}
}

// broken is a place that cannot be written to.
type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

func TestAReportThatCannotBeWrittenIsAnError(t *testing.T) {
	t.Parallel()
	for ending, f := range forms() {
		if err := f(broken{}, busy()); err == nil {
			t.Errorf("%s: writing to a closed pipe gave no error", ending)
		}
	}
}
