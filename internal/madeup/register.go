package madeup

import (
	"encoding/csv"
	"fmt"
	"io"
	"strings"

	"esrsync/esrmodel"
)

// external is one person of the register of those who are not in ESR.
type external struct {
	esrmodel.External
	login string // of the account; empty where there is none
	from  int    // the first night whose register has the line
}

// reference returns the register's reference of its n-th line, from 1.
func reference(n int) string { return fmt.Sprintf("NE%05d", n) }

// register makes the register. Its names go beyond ISO-8859-1, for its file is
// UTF-8.
func (b *builder) register() []external {
	names := strings.Fields(`Łukasz/Fikcyjny Ŵyn/Testley Đorđe/Samplić Şebnem/Örnekoğlu Zuzana/Příkladová Gergő/Mintafi Ēriks/Paraugs
		Ștefan/Exemplaru Ōtomo/Mihonda Ilze/Piemēra`)
	var out []external
	for i := range max(12, b.opts.People/25) {
		first, last, _ := strings.Cut(names[i%len(names)], "/")
		if i >= len(names) {
			n := b.names.draw()
			first, last = n.first, n.last
		}
		x := external{External: esrmodel.External{
			Reference: reference(i + 1), Surname: last, Forename: first, Category: pick(b.rand, "Student", "Agency", "Contractor", "Council"),
			Sponsor: employeeNumber(b.holder[b.heads[1+i%(len(b.heads)-1)]]),
			Span:    esrmodel.Span{From: b.day(0).AddDays(-20 - b.rand.IntN(300)), To: b.day(0).AddDays(30 + b.rand.IntN(300))},
		}}
		if i%3 != 2 {
			x.login = b.reserve("ext"+b.spell.ascii(last), 20, -1-i)
		}
		out = append(out, x)
	}
	b.registerFaults(out)
	return out
}

// registerFaults plants one line of each sort that a register gets wrong: the
// first without an end, the second over and still with an account, the third
// with a sponsor who left; and one line that comes on the third night.
func (b *builder) registerFaults(list []external) {
	list[0].Span.To = 0
	list[1].Span.To = b.day(0).AddDays(-5)
	list[2].Sponsor = b.leaver().number()
	list[5].from, list[5].Span.From = 3, b.day(3)
	for _, e := range []struct {
		of   int
		kind EventKind
	}{{0, RegisterWithoutEnd}, {1, RegisterOver}, {2, RegisterSponsorLeft}, {5, RegisterNew}} {
		x := list[e.of]
		b.events = append(b.events, Event{Night: x.from, Kind: e.kind, PersonID: "X" + x.Reference, On: x.Span.To})
	}
}

// RegisterFile returns the register of people who are not in ESR as of a night:
// its name, and what writes it as CSV in UTF-8. Its headers are those of the
// sample configuration.
func (t *Trust) RegisterFile(night int) (name string, write func(io.Writer) error) {
	name = "non_esr_" + strings.ReplaceAll(t.Day(night).String(), "-", "") + ".csv"
	return name, func(w io.Writer) error {
		out := csv.NewWriter(w)
		rows := [][]string{{"Reference", "Surname", "Forename", "Category", "Sponsor Employee Number", "Start Date", "End Date"}}
		for _, x := range t.externals {
			if x.from <= night {
				rows = append(rows, []string{x.Reference, x.Surname, x.Forename, x.Category, x.Sponsor, x.Span.From.String(), x.Span.To.String()})
			}
		}
		if err := out.WriteAll(rows); err != nil {
			return fmt.Errorf("writing %s: %w", name, err)
		}
		return nil
	}
}
