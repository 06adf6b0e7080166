package feed_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"esrsync/esrmodel"
	"esrsync/esrmodel/feed"
)

// register examines a register of the given lines behind its header.
func register(t testing.TB, before feed.Before, lines ...string) feed.Register {
	t.Helper()
	content := "Reference,Surname,Forename,Category,Sponsor,Start,End\n" + strings.Join(lines, "\n") + "\n"
	pol := policy()
	pol.Columns = map[string]string{}
	for _, key := range feed.RegisterColumns() {
		pol.Columns[key] = key
	}
	r, err := feed.ExamineRegister(strings.NewReader(content), `in\non_esr_1.csv`, pol, before, nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// outsider returns one person of the register.
func outsider(reference, surname string) esrmodel.External {
	return esrmodel.External{
		Reference: reference, Surname: surname, Forename: "Zoë", Category: "Student", Sponsor: "20000001",
		Span: esrmodel.Span{From: esrmodel.NewDate(2026, time.September, 1), To: esrmodel.NewDate(2027, time.July, 31)},
	}
}

func TestRegister(t *testing.T) {
	t.Parallel()
	r := register(t, feed.Before{}, "B2,Inventado,Zoë,Student,20000001,2026-09-01,31-JUL-2027", "A1,Madeup,Zoë,Student,20000001,01/09/2026,2027-07-31")
	if r.Verdict != feed.Accepted || r.File != "non_esr_1.csv" {
		t.Fatal(r.Verdict, r.Reasons, r.File)
	}
	if diff := cmp.Diff([]esrmodel.External{outsider("A1", "Madeup"), outsider("B2", "Inventado")}, r.Externals); diff != "" {
		t.Error(diff)
	}
}

func TestRegisterFaults(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ claim, line, field string }{
		{"ruling: an end date is required", "A1,Madeup,Zoë,Student,20000001,2026-09-01,", "end"},
		{"an end before the start cannot be", "A1,Madeup,Zoë,Student,20000001,2026-09-01,2026-08-01", "end"},
		{"an end that is no date cannot be", "A1,Madeup,Zoë,Student,20000001,2026-09-01,soon", "end"},
		{"a sponsor is required", "A1,Madeup,Zoë,Student,,2026-09-01,2027-07-31", "sponsor"},
		{"a surname is required", "A1,,Zoë,Student,20000001,2026-09-01,2027-07-31", "surname"},
	} {
		t.Run(c.claim, func(t *testing.T) {
			t.Parallel()
			r := register(t, feed.Before{}, c.line, "B2,Inventado,Zoë,Student,20000001,2026-09-01,2027-07-31")
			if r.Verdict != feed.Accepted || len(r.Externals) != 1 {
				t.Fatal(r.Verdict, r.Reasons, r.Externals)
			}
			if f := r.Faults[0]; len(r.Faults) != 1 || f.PersonID != "XA1" || f.Field != c.field || f.Line != 2 || f.Kind != feed.KindExternal {
				t.Errorf("%+v", r.Faults)
			}
			known := feed.Before{Mirror: esrmodel.Staff{Externals: []esrmodel.External{outsider("A1", "Madeup")}}}
			if r := register(t, known, c.line); len(r.Externals) != 1 || r.Externals[0] != outsider("A1", "Madeup") {
				t.Error("a line that cannot be takes away who was known:", r.Externals)
			}
		})
	}
}

func TestRegisterIsReplacedByTheNewest(t *testing.T) {
	t.Parallel()
	const a, b = "A1,Madeup,Zoë,Student,20000001,2026-09-01,2027-07-31", "B2,Inventado,Zoë,Student,20000001,2026-09-01,2027-07-31"
	first := register(t, feed.Before{}, a, "C3,Nobody,,Student,20000001,2026-09-01,")
	mirror := feed.ApplyRegister(staff(1), first)
	if len(mirror.Externals) != 1 || len(mirror.Faults) != 1 || len(mirror.People) != 1 {
		t.Fatal(mirror.Externals, mirror.Faults)
	}
	second := register(t, feed.Before{Mirror: mirror}, b)
	if diff := cmp.Diff([]string{"A1"}, second.Gone); diff != "" {
		t.Error(diff)
	}
	after := feed.ApplyRegister(mirror, second)
	if len(after.Externals) != 1 || after.Externals[0].Reference != "B2" || len(after.Faults) != 0 || len(mirror.Externals) != 1 {
		t.Error(after.Externals, after.Faults)
	}
	if again := register(t, feed.Before{Mirror: after, Taken: map[string]string{second.SHA256: "x"}}, b); again.Verdict != feed.AlreadyTaken {
		t.Error(again.Verdict)
	}
}

func TestRegisterGate(t *testing.T) {
	t.Parallel()
	var known []esrmodel.External
	var lines []string
	for n := range 30 {
		known = append(known, outsider(fmt.Sprintf("A%02d", n), "Madeup"))
		lines = append(lines, fmt.Sprintf("A%02d,Madeup,Zoë,Student,20000001,2026-09-01,2027-07-31", n))
	}
	before := feed.Before{Mirror: esrmodel.Staff{Externals: known}}
	for _, c := range []struct {
		claim string
		lines []string
		want  feed.Check
	}{
		{"half of it missing", lines[:15], feed.CheckShrinkage},
		{"two people under one reference", append(strings.Split(strings.ReplaceAll(strings.Join(lines[:2], "\n"), "Madeup", "Other"), "\n"), lines...), feed.CheckDuplicates},
		{"rows cut short", append([]string{"A99,Madeup"}, lines...), feed.CheckFields},
	} {
		t.Run(c.claim, func(t *testing.T) {
			t.Parallel()
			r := register(t, before, c.lines...)
			if r.Verdict != feed.Quarantined || r.Reasons[0].Check != c.want || r.Externals != nil {
				t.Error(r.Verdict, r.Reasons)
			}
		})
	}
	t.Run("the same lines are the same register", func(t *testing.T) {
		t.Parallel()
		r := register(t, before, lines...)
		if diff := cmp.Diff(known, r.Externals); diff != "" || len(r.Gone) != 0 {
			t.Error(diff)
		}
	})
}
