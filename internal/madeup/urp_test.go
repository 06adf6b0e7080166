package madeup_test

import (
	"bytes"
	"io"
	"slices"
	"testing"

	"esrsync/esrmodel/feed"
	"esrsync/internal/madeup"
	"esrsync/sync/person"
)

// rows reads a CSV as the program does.
func rows(t *testing.T, columns map[string]string, write func(io.Writer) error) []feed.TableRow {
	t.Helper()
	table, err := feed.ReadTable(bytes.NewReader(content(t, write)), columns)
	if err != nil || len(table.Reasons) > 0 {
		t.Fatal(err, table.Reasons)
	}
	if len(table.Rows) == 0 {
		t.Fatal("the table is empty")
	}
	return table.Rows
}

// access is the three tables, and who the people are.
type access struct {
	urps, forms, finance []feed.TableRow
	people               map[string]person.Person
	vpd                  string
}

func (a access) lines(p madeup.URPPlant) (out []feed.TableRow) {
	for _, r := range a.urps {
		if r.Text("user") == p.UserName && r.Text("urp") == p.URP {
			out = append(out, r)
		}
	}
	return out
}

// form returns who authorised a URP, or nothing.
func (a access) form(p madeup.URPPlant) string {
	for _, r := range a.forms {
		if r.Text("number") == p.Number && r.Text("urp") == p.URP {
			return r.Text("by")
		}
	}
	return ""
}

func has(rows []feed.TableRow, column, value string) bool {
	return slices.ContainsFunc(rows, func(r feed.TableRow) bool { return r.Text(column) == value })
}

func TestEveryURPThatShouldBeAskedAboutIsThere(t *testing.T) {
	t.Parallel()
	trust := madeup.New(madeup.Options{People: 400, Seed: 5})
	_, urps := trust.URPFile(0)
	_, forms := trust.OneFormsFile(0)
	_, finance := trust.ASNumbersFile(0)
	a := access{
		urps:    rows(t, map[string]string{"user": "User Name", "number": "Employee Number", "urp": "Responsibility", "start": "Start Date", "logon": "Last Logon Date"}, urps),
		forms:   rows(t, map[string]string{"number": "Employee Number", "urp": "URP", "by": "Authorised By"}, forms),
		finance: rows(t, map[string]string{"number": "Employee Number", "as": "AS Number"}, finance),
		people:  peopleOn(t, trust, 0), vpd: trust.Options().VPD,
	}
	signs := map[string]func(madeup.URPPlant) bool{
		"U01": func(p madeup.URPPlant) bool { return a.people[p.Number].Standing == person.Left },
		"U02": func(p madeup.URPPlant) bool { return a.people[p.Number].ID == "" },
		"U03": func(p madeup.URPPlant) bool {
			start, err := feed.ParseDate(a.lines(p)[0].Text("start"))
			return err == nil && start < trust.Day(-30) && len(a.lines(p)) == 1
		},
		"U04": func(p madeup.URPPlant) bool {
			return !a.people[p.Number].IsManager && has(a.finance, "number", p.Number)
		},
		"U05": func(p madeup.URPPlant) bool {
			p.URP = a.vpd + " Payroll Administration"
			return len(a.lines(p)) == 1
		},
		"U06": func(p madeup.URPPlant) bool {
			logon, err := feed.ParseDate(a.lines(p)[0].Text("logon"))
			return err == nil && logon < trust.Day(-60)
		},
		"U07": func(p madeup.URPPlant) bool { return p.UserName == a.vpd+"WARD1SHARED" },
		"U08": func(p madeup.URPPlant) bool { return a.form(p) == p.Number },
		"U09": func(p madeup.URPPlant) bool {
			return a.people[p.Number].IsManager && !has(a.finance, "number", p.Number)
		},
		"U11": func(p madeup.URPPlant) bool { return a.people[p.Number].Smartcard == "" && a.form(p) != "" },
		"U12": func(p madeup.URPPlant) bool { return p.URP[:3] != a.vpd },
		"U14": func(p madeup.URPPlant) bool { return len(a.lines(p)) == 2 },
		"U15": func(p madeup.URPPlant) bool { return a.people[p.Number].Access && !has(a.urps, "number", p.Number) },
	}
	for _, p := range trust.URPs() {
		if p.UserName != "" && len(a.lines(p)) == 0 {
			t.Errorf("%s: the export lacks %+v", p.Code, p)
			continue
		}
		if !signs[p.Code](p) {
			t.Errorf("%s does not show: %+v", p.Code, p)
		}
		delete(signs, p.Code)
	}
	for code := range signs {
		t.Errorf("%s is not planted", code)
	}
}

func TestURPsAsTheyShouldBeAreSigned(t *testing.T) {
	t.Parallel()
	trust := madeup.New(madeup.Options{People: 400, Seed: 6})
	people := peopleOn(t, trust, 0)
	_, write := trust.OneFormsFile(0)
	signed := rows(t, map[string]string{"number": "Employee Number", "by": "Authorised By"}, write)
	planted := map[string]bool{}
	for _, p := range trust.URPs() {
		planted[p.Number] = true
	}
	for _, r := range signed {
		holder, signer := people[r.Text("number")], people[r.Text("by")]
		if !planted[holder.Key] && holder.Manager != signer.ID && holder.Manager != "" {
			t.Errorf("%s has a OneForm of %s, who is not their manager", holder.Key, signer.Key)
		}
	}
}
