package madeup

import (
	"encoding/csv"
	"fmt"
	"io"
	"strings"
	"time"

	"esrsync/esrmodel"
)

// The URPs of the trust, without the VPD that stands before each.
const (
	selfService    = "Employee Self Service"
	managerService = "Manager Self Service"
	hrAdmin        = "HR Administration"
	payrollAdmin   = "Payroll Administration"
)

// URPPlant is a URP that should be asked about.
type URPPlant struct {
	Code     string // of the finding: U01 to U15
	UserName string // empty for U15, where the user is missing
	Number   string // employee number; empty or unknown for U02 and U07
	URP      string
}

// right is one line of the URP export.
type right struct {
	user, number, name, urp string
	start, end, logon       esrmodel.Date
	form                    string        // OneForm: employee number of who authorised it; empty for none
	asNumber                bool          // Finance gave an AS Number
	authorised              esrmodel.Date // of the OneForm
}

// URPFile returns ESR's export of users and URPs as of a night: its name, and
// what writes it as CSV. Its headers are those of the sample configuration, and
// its dates those of ESR's own reports, 22-NOV-2026.
func (t *Trust) URPFile(night int) (name string, write func(io.Writer) error) {
	return t.table("urp", night, []string{"User Name", "Employee Number", "Full Name", "Responsibility", "Start Date", "End Date", "Last Logon Date"},
		func(r right, add func(...string)) {
			add(r.user, r.number, r.name, r.urp, reportDay(r.start), reportDay(r.end), reportDay(r.logon))
		})
}

// OneFormsFile returns the register of authorised OneForms as of a night.
func (t *Trust) OneFormsFile(night int) (name string, write func(io.Writer) error) {
	return t.table("oneforms", night, []string{"Reference", "Employee Number", "URP", "Authorised By", "Authorised On"},
		func(r right, add func(...string)) {
			if r.form != "" {
				add("OF"+r.number, r.number, r.urp, r.form, reportDay(r.authorised))
			}
		})
}

// ASNumbersFile returns Finance's register of AS Numbers as of a night.
func (t *Trust) ASNumbersFile(night int) (name string, write func(io.Writer) error) {
	return t.table("as_numbers", night, []string{"Employee Number", "AS Number", "Start Date", "End Date"},
		func(r right, add func(...string)) {
			if r.asNumber {
				add(r.number, "AS"+r.number[3:], reportDay(r.start), "")
			}
		})
}

// table writes one line, or none, for each right.
func (t *Trust) table(prefix string, night int, headers []string, line func(right, func(...string))) (name string, write func(io.Writer) error) {
	name = prefix + "_" + strings.ReplaceAll(t.Day(night).String(), "-", "") + ".csv"
	return name, func(w io.Writer) error {
		rows := [][]string{headers}
		for _, r := range t.rights() {
			line(r, func(fields ...string) { rows = append(rows, fields) })
		}
		if err := csv.NewWriter(w).WriteAll(rows); err != nil {
			return fmt.Errorf("writing %s: %w", name, err)
		}
		return nil
	}
}

// reportDay writes a day as ESR's reports do, and nothing for none.
func reportDay(d esrmodel.Date) string {
	if d.IsZero() {
		return ""
	}
	return strings.ToUpper(d.Time(time.UTC).Format("02-Jan-2006"))
}
