package feed_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"esrsync/esrmodel/feed"
)

var update = flag.Bool("update", false, "write what the gate says into the scenarios' want.txt")

// csvColumns is the column map of the CSV scenarios.
func csvColumns() map[string]string {
	return map[string]string{
		"person_id": "Person ID", "employee_number": "Employee Number", "last_name": "Last Name", "first_name": "First Name",
		"date_of_birth": "Date of Birth", "ni_number": "NI Number", "hire_date": "Hire Date", "assignment_number": "Assignment Number",
		"assignment_status": "Assignment Status", "primary": "Primary", "assignment_start": "Assignment Start", "assignment_end": "Assignment End",
		"position_title": "Position Title", "organisation": "Organisation", "supervisor": "Supervisor", "fte": "FTE",
	}
}

// TestMistakes examines each file of testdata/mistakes, a folder for each
// mistake, against yesterday's chain and a mirror of three people.
func TestMistakes(t *testing.T) {
	t.Parallel()
	folders, err := os.ReadDir("testdata/mistakes")
	if err != nil || len(folders) == 0 {
		t.Fatal("no scenarios", err)
	}
	for _, f := range folders {
		t.Run(f.Name(), func(t *testing.T) {
			t.Parallel()
			folder := filepath.Join("testdata", "mistakes", f.Name())
			got := describe(judgeFolder(t, folder))
			want := filepath.Join(folder, "want.txt")
			if *update {
				rewrite(t, want, got)
			}
			text, err := os.ReadFile(want)
			if err != nil {
				t.Fatalf("%v (run go test -update and review)", err)
			}
			if diff := cmp.Diff(string(text), got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// judgeFolder examines the one feed file of a folder.
func judgeFolder(t *testing.T, folder string) feed.Result {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if e.Name() == "want.txt" {
			continue
		}
		content, err := os.ReadFile(filepath.Join(folder, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		pol, before := policy(), feed.Before{Chain: yesterday(), Mirror: staff(3)}
		if strings.HasSuffix(e.Name(), ".csv") {
			pol.Format, pol.Columns, before.Chain = feed.FormatCSV, csvColumns(), feed.Chain{}
		}
		return examine(t, e.Name(), content, pol, before)
	}
	t.Fatal("no feed file in", folder)
	return feed.Result{}
}

// describe writes a result as the scenarios hold it.
func describe(r feed.Result) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n", r.Verdict)
	for _, reason := range r.Reasons {
		fmt.Fprintf(&b, "reason: %s\n", reason)
	}
	for _, w := range r.Warnings {
		fmt.Fprintf(&b, "warning: %s\n", w)
	}
	if r.Batch != nil {
		for _, f := range r.Batch.Faults {
			fmt.Fprintf(&b, "held: %s %s for person %s: line %d: %s: found %s: expected %s\n", f.Kind, f.ID, f.PersonID, f.Line, f.Field, f.Found, f.Expected)
		}
	}
	d := r.Difference
	fmt.Fprintf(&b, "people: %+v\nassignments: %+v\ngone: %v\n", d.People, d.Assignments, d.GonePeople)
	fmt.Fprintf(&b, "chain: %s %d gap %q\n", r.Next.File, r.Next.Sequence, r.Next.GapAt)
	return b.String()
}

// rewrite stores what the gate says, never where a machine would approve it.
func rewrite(t *testing.T, path, text string) {
	t.Helper()
	if os.Getenv("CI") != "" {
		t.Fatal("-update is refused in CI: scenarios are reviewed like code")
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}
