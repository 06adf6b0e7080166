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

// allColumns maps every key to a header of its own.
func allColumns() map[string]string {
	m := map[string]string{}
	for _, key := range feed.StaffColumns() {
		m[key] = strings.ToUpper(key)
	}
	return m
}

// export writes a CSV of all columns; each row is a map of our keys.
func export(rows ...map[string]string) []byte {
	var b strings.Builder
	b.WriteString(strings.ToUpper(strings.Join(feed.StaffColumns(), ",")) + "\r\n")
	for _, row := range rows {
		for i, key := range feed.StaffColumns() {
			if i > 0 {
				b.WriteByte(',')
			}
			fmt.Fprintf(&b, `"%s"`, row[key])
		}
		b.WriteString("\r\n")
	}
	return []byte(b.String())
}

// line returns the row of the n-th person, with other values in the given keys.
func line(n int, other ...string) map[string]string {
	row := map[string]string{
		"person_id": fmt.Sprint(100000 + n), "employee_number": fmt.Sprint(20000000 + n), "last_name": fmt.Sprintf("Madeup%d", n),
		"first_name": "Zoë", "date_of_birth": "05-MAY-1970", "ni_number": "QQ123456A", "hire_date": "01-APR-2019",
		"assignment_number": fmt.Sprintf("%d-1", 20000000+n), "assignment_status": "Active Assignment", "assignment_start": "2019-04-01",
		"primary": "Yes", "fte": "0.8", "position_title": "Made-up Nurse", "position_number": "9000", "staff_group": "Nursing", "job_role": "Nurse",
		"organisation": "Ward 1", "organisation_path": "Made-up Trust | Nursing > Ward 1", "location": "Made-up House", "supervisor": "20000001",
	}
	for i := 0; i < len(other); i += 2 {
		row[other[i]] = other[i+1]
	}
	return row
}

// csvPolicy returns the policy of a trust whose staff comes as CSV.
func csvPolicy() feed.Policy {
	pol := policy()
	pol.Format, pol.Columns = feed.FormatCSV, allColumns()
	return pol
}

// batchOf examines an export that must be accepted.
func batchOf(t *testing.T, rows ...map[string]string) feed.Batch {
	t.Helper()
	r := examine(t, "staff_20261123.csv", export(rows...), csvPolicy(), feed.Before{})
	if r.Verdict != feed.Accepted {
		t.Fatal(r.Reasons)
	}
	return *r.Batch
}

func TestStaffExportMakesTheNounsOfAFullFile(t *testing.T) {
	t.Parallel()
	b := batchOf(t, line(1), line(2))
	if !b.Full || len(b.People) != 2 || len(b.Assignments) != 2 || len(b.Positions) != 1 || len(b.Organisations) != 3 || len(b.Locations) != 1 {
		t.Fatalf("%+v", b)
	}
	wantPerson := esrmodel.Person{
		ID: "100002", Span: esrmodel.Span{From: esrmodel.NewDate(2019, time.April, 1)}, EmployeeNumber: "20000002", LastName: "Madeup2", FirstName: "Zoë",
		DateOfBirth: esrmodel.BirthDate(esrmodel.NewDate(1970, time.May, 5)), NINumber: "QQ123456A", HireDate: esrmodel.NewDate(2019, time.April, 1),
	}
	if diff := cmp.Diff(wantPerson, b.People[1]); diff != "" {
		t.Error(diff)
	}
	a := b.Assignments[1]
	if a.PersonID != "100002" || a.SupervisorPersonID != "100001" || !a.Primary || a.FTE != 0.8 || a.PositionID != "9000" || a.Span.From.String() != "2019-04-01" {
		t.Errorf("%+v", a)
	}
}

func TestStaffExportOrganisations(t *testing.T) {
	t.Parallel()
	b := batchOf(t, line(1), line(2, "organisation", "Ward 2", "organisation_path", "Made-up Trust | Nursing"), line(3, "organisation_path", "", "organisation", "Ward 1"))
	byID := map[string]esrmodel.Organisation{}
	for _, o := range b.Organisations {
		byID[o.ID] = o
	}
	path := func(id string) (names []string) {
		for ; id != ""; id = byID[id].ParentID {
			names = append(names, byID[id].Name)
		}
		return names
	}
	for i, want := range [][]string{{"Ward 1", "Nursing", "Made-up Trust"}, {"Ward 2", "Nursing", "Made-up Trust"}, {"Ward 1"}} {
		if diff := cmp.Diff(want, path(b.Assignments[i].OrganisationID)); diff != "" {
			t.Error(diff)
		}
	}
	again := batchOf(t, line(7), line(1))
	if again.Assignments[0].OrganisationID != b.Assignments[0].OrganisationID {
		t.Error("the same path has another ID in another file")
	}
}

func TestStaffExportKeys(t *testing.T) {
	t.Parallel()
	t.Run("the employee number is the key where there is no person ID", func(t *testing.T) {
		t.Parallel()
		b := batchOf(t, line(1, "person_id", ""), line(2, "person_id", ""))
		if b.People[0].ID != "20000001" || b.Assignments[1].SupervisorPersonID != "20000001" {
			t.Errorf("%+v", b.Assignments[1])
		}
	})
	t.Run("one person with several assignments is one person from the first of their days", func(t *testing.T) {
		t.Parallel()
		b := batchOf(t, line(1, "hire_date", ""), line(1, "hire_date", "", "assignment_number", "20000001-2", "assignment_start", "01/02/2018", "primary", "No"))
		if len(b.People) != 1 || len(b.Assignments) != 2 || b.People[0].Span.From.String() != "2018-02-01" || len(b.Faults) != 0 {
			t.Errorf("%+v %+v", b.People, b.Faults)
		}
	})
	t.Run("an assignment without a number has a made-up ID that stays", func(t *testing.T) {
		t.Parallel()
		a, b := batchOf(t, line(1, "assignment_number", "")), batchOf(t, line(2), line(1, "assignment_number", ""))
		if a.Assignments[0].ID == "" || a.Assignments[0].ID != b.Assignments[1].ID {
			t.Error(a.Assignments[0].ID, b.Assignments)
		}
	})
	t.Run("a supervisor who is not in the export stays as the number that HR gave", func(t *testing.T) {
		t.Parallel()
		if b := batchOf(t, line(1, "supervisor", "20009999")); b.Assignments[0].SupervisorPersonID != "20009999" {
			t.Error(b.Assignments[0].SupervisorPersonID)
		}
	})
	t.Run("rows of one person that disagree hold that person", func(t *testing.T) {
		t.Parallel()
		b := batchOf(t, line(1), line(1, "assignment_number", "20000001-2", "last_name", "Otherwise"))
		if len(b.Faults) != 1 || b.Faults[0].PersonID != "100001" || b.Faults[0].Line != 3 {
			t.Errorf("%+v", b.Faults)
		}
	})
}

func TestStaffExportFaults(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ claim, key, value, field, found string }{
		{"a hire date that cannot be", "hire_date", "30-FEB-2019", "hire date", "30-FEB-2019"},
		{"a date of birth that cannot be is not shown", "date_of_birth", "31/02/1970", "date of birth", ""},
		{"an end before the start", "assignment_end", "2018-01-01", "effective end", "2018-01-01"},
		{"no start", "assignment_start", "", "effective start", "nothing"},
		{"a flag that is no flag", "primary", "perhaps", "primary", "perhaps"},
		{"a name too long", "last_name", strings.Repeat("x", 151), "last name", "151 characters"},
		{"no name", "last_name", "", "last name", "nothing"},
		{"a NI number too long is not shown", "ni_number", strings.Repeat("Q", 31), "NI number", "31 characters"},
	} {
		t.Run(c.claim, func(t *testing.T) {
			t.Parallel()
			b := batchOf(t, line(1), line(2, c.key, c.value))
			if len(b.Faults) != 1 || b.Faults[0].PersonID != "100002" || b.Faults[0].Field != c.field || b.Faults[0].Found != c.found || b.Faults[0].Line != 3 {
				t.Errorf("%+v", b.Faults)
			}
		})
	}
}

func TestStaffExportGoesThroughTheSameGate(t *testing.T) {
	t.Parallel()
	first := examine(t, "staff_1.csv", export(line(1), line(2), line(3)), csvPolicy(), feed.Before{})
	before := feed.Before{Mirror: feed.Apply(esrmodel.Staff{}, *first.Batch), Taken: map[string]string{first.SHA256: "staff_1.csv"}}
	for _, c := range []struct {
		claim string
		rows  []map[string]string
		want  []feed.Check
	}{
		{"people missing", []map[string]string{line(1), line(2)}, []feed.Check{feed.CheckShrinkage}},
		{"a canary missing", []map[string]string{line(1, "employee_number", "5"), line(2), line(3)}, []feed.Check{feed.CheckCanaries}},
		{"the test environment", []map[string]string{line(1), line(2), line(3), line(4, "employee_number", "29999999")}, []feed.Check{feed.CheckEnvironment}},
	} {
		t.Run(c.claim, func(t *testing.T) {
			t.Parallel()
			r := examine(t, "staff_2.csv", export(c.rows...), csvPolicy(), before)
			if diff := cmp.Diff(c.want, checksOf(r)); diff != "" || r.Batch != nil {
				t.Error(diff)
			}
		})
	}
	t.Run("the same export again is already taken", func(t *testing.T) {
		t.Parallel()
		if r := examine(t, "staff_2.csv", export(line(1), line(2), line(3)), csvPolicy(), before); r.Verdict != feed.AlreadyTaken {
			t.Error(r.Verdict)
		}
	})
	t.Run("a map without a key or a name is refused", func(t *testing.T) {
		t.Parallel()
		pol := csvPolicy()
		delete(pol.Columns, "person_id")
		delete(pol.Columns, "employee_number")
		delete(pol.Columns, "last_name")
		r := examine(t, "staff_2.csv", export(line(1)), pol, before)
		if diff := cmp.Diff([]feed.Check{feed.CheckColumns}, checksOf(r)); diff != "" || len(r.Reasons) != 2 {
			t.Error(diff, r.Reasons)
		}
	})
}
