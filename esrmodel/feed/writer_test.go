package feed_test

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"esrsync/esrmodel"
	"esrsync/esrmodel/feed"
)

// text generates what ESR's free text fields hold: accents, quotes, commas, no
// blanks at either end, and now and then nothing.
func text(limit int) *rapid.Generator[string] {
	runes := []rune(`abcXYZ019ëéñØß'"-., |/&`)
	return rapid.Custom(func(t *rapid.T) string {
		return strings.TrimSpace(rapid.StringOfN(rapid.SampledFrom(runes), 0, limit, -1).Draw(t, "text"))
	})
}

// date generates days of employment, some of them none.
func date() *rapid.Generator[esrmodel.Date] {
	return rapid.Custom(func(t *rapid.T) esrmodel.Date {
		if rapid.IntRange(0, 3).Draw(t, "none") == 0 {
			return 0
		}
		return esrmodel.NewDate(1950, time.January, 1).AddDays(rapid.IntRange(0, 36500).Draw(t, "days"))
	})
}

// span generates days that a slice can have.
func span() *rapid.Generator[esrmodel.Span] {
	return rapid.Custom(func(t *rapid.T) esrmodel.Span {
		from := esrmodel.NewDate(2000, time.January, 1).AddDays(rapid.IntRange(0, 10000).Draw(t, "from"))
		if rapid.Bool().Draw(t, "open") {
			return esrmodel.Span{From: from}
		}
		return esrmodel.Span{From: from, To: from.AddDays(rapid.IntRange(0, 3000).Draw(t, "days"))}
	})
}

func anyPerson(t *rapid.T, id int) esrmodel.Person {
	return esrmodel.Person{
		ID: fmt.Sprint(id), Span: span().Draw(t, "span"), EmployeeNumber: text(30).Draw(t, "number"), Title: text(30).Draw(t, "title"),
		LastName: text(150).Draw(t, "last"), FirstName: text(150).Draw(t, "first"), MiddleName: text(60).Draw(t, "middle"),
		PreferredName: text(80).Draw(t, "preferred"), PreviousLastName: text(150).Draw(t, "previous"),
		DateOfBirth: esrmodel.BirthDate(date().Draw(t, "birth")), NINumber: esrmodel.NINumber(text(30).Draw(t, "ni")),
		NHSUniqueID: text(15).Draw(t, "nhs"), HireDate: date().Draw(t, "hire"), TerminationDate: date().Draw(t, "termination"),
		TerminationReason: text(80).Draw(t, "reason"), SmartcardUUID: text(12).Draw(t, "uuid"), SystemPersonType: text(80).Draw(t, "system"),
		UserPersonType: text(80).Draw(t, "user"), Email: text(240).Draw(t, "email"), Updated: text(30).Draw(t, "updated"),
	}
}

func anyAssignment(t *rapid.T, id int) esrmodel.Assignment {
	id30 := text(30)
	return esrmodel.Assignment{
		ID: fmt.Sprint(id), Span: span().Draw(t, "span"), PersonID: fmt.Sprint(rapid.IntRange(1, 9).Draw(t, "person")), Type: id30.Draw(t, "type"),
		Number: id30.Draw(t, "number"), SystemStatus: text(80).Draw(t, "system"), Status: text(80).Draw(t, "status"),
		LocationID: id30.Draw(t, "location"), SupervisorPersonID: id30.Draw(t, "supervisor"), SupervisorNumber: id30.Draw(t, "supervisor number"),
		DeptManagerPersonID: id30.Draw(t, "manager"), EmployeeCategory: text(80).Draw(t, "employee category"), Category: text(80).Draw(t, "category"),
		Primary: rapid.Bool().Draw(t, "primary"), FTE: float64(rapid.IntRange(0, 100).Draw(t, "fte")) / 100, OrganisationID: id30.Draw(t, "organisation"),
		PositionID: id30.Draw(t, "position"), PositionName: text(240).Draw(t, "position name"), JobName: text(240).Draw(t, "job"),
		ProjectedHireDate: date().Draw(t, "projected"), ContractEndDate: date().Draw(t, "contract"), LastWorkingDay: date().Draw(t, "last day"),
		IsManager: rapid.Bool().Draw(t, "is manager"), EndDate: date().Draw(t, "end"), Updated: id30.Draw(t, "updated"),
	}
}

// anyStaff generates a small trust, each ID once, sorted as the mirror is.
func anyStaff() *rapid.Generator[esrmodel.Staff] {
	return rapid.Custom(func(t *rapid.T) (s esrmodel.Staff) {
		for id := range rapid.IntRange(1, 4).Draw(t, "people") {
			s.People = append(s.People, anyPerson(t, id+1))
		}
		for id := range rapid.IntRange(0, 4).Draw(t, "assignments") {
			s.Assignments = append(s.Assignments, anyAssignment(t, id+1))
		}
		for id := range rapid.IntRange(0, 2).Draw(t, "positions") {
			s.Positions = append(s.Positions, esrmodel.Position{ID: fmt.Sprint(id + 1), Span: span().Draw(t, "span"), Number: text(30).Draw(t, "number"),
				Name: text(240).Draw(t, "name"), StaffGroup: text(150).Draw(t, "group"), JobRole: text(150).Draw(t, "role"), OccupationCode: text(30).Draw(t, "code"),
				OrganisationID: text(30).Draw(t, "organisation"), HiringStatus: "Active", Type: text(80).Draw(t, "type"), WorkplaceCode: text(30).Draw(t, "workplace"), Updated: text(30).Draw(t, "updated")})
		}
		for id := range rapid.IntRange(0, 2).Draw(t, "organisations") {
			s.Organisations = append(s.Organisations, esrmodel.Organisation{ID: fmt.Sprint(id + 1), Span: span().Draw(t, "span"), Name: text(240).Draw(t, "name"),
				Type: text(80).Draw(t, "type"), CostCentre: text(30).Draw(t, "cost"), ParentID: text(30).Draw(t, "parent"), ODSCode: text(30).Draw(t, "ods"),
				LocationID: text(30).Draw(t, "location"), Updated: text(30).Draw(t, "updated")})
		}
		for id := range rapid.IntRange(0, 2).Draw(t, "locations") {
			s.Locations = append(s.Locations, esrmodel.Location{ID: fmt.Sprint(id + 1), Span: esrmodel.Span{To: date().Draw(t, "inactive")}, Code: text(240).Draw(t, "code"),
				Name: text(240).Draw(t, "name"), Town: text(150).Draw(t, "town"), Postcode: text(30).Draw(t, "postcode"), SiteCode: text(30).Draw(t, "site")})
		}
		return s
	})
}

// lenient returns a policy under which any made-up staff is accepted.
func lenient() feed.Policy {
	pol := policy()
	pol.Canaries, pol.MaxShrinkPercent = nil, 100
	return pol
}

func TestWhatIsWrittenIsRead(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		want := anyStaff().Draw(rt, "staff")
		r := examine(t, fullName, write(t, fullName, want), lenient(), feed.Before{})
		if r.Verdict != feed.Accepted || r.Faults > 0 {
			rt.Fatal(r.Reasons, r.Faults)
		}
		got := feed.Apply(esrmodel.Staff{}, *r.Batch)
		if diff := cmp.Diff(want, got); diff != "" {
			rt.Fatal(diff)
		}
	})
}

func TestHeaderRoundTrip(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		run := time.Unix(rapid.Int64Range(1e9, 4e9).Draw(t, "run"), 0).UTC()
		h := feed.Header{
			File: changesName, VPD: rapid.StringMatching(`[0-9]{3}`).Draw(t, "vpd"), Created: run.Add(time.Hour),
			Previous: run.AddDate(0, 0, -rapid.IntRange(0, 9).Draw(t, "days")), Run: run, Version: "01",
		}
		got, err := feed.ParseHeader(h.String(), time.UTC)
		if err != nil || got != h {
			t.Fatal(got, h, err)
		}
	})
}

func TestWriterRefusesWhatTheFormatCannotHold(t *testing.T) {
	t.Parallel()
	for claim, field := range map[string]string{
		"a tilde": "a~b", "a line end": "a\nb", "a letter that ISO-8859-1 lacks": "Łucja",
	} {
		t.Run(claim, func(t *testing.T) {
			t.Parallel()
			w := feed.NewWriter(&bytes.Buffer{}, header(fullName), "")
			w.Raw("PRA", field)
			w.Person(person(1))
			if err := w.Close(); err == nil || !strings.Contains(err.Error(), "line 2") {
				t.Errorf("error %v", err)
			}
		})
	}
	t.Run("a disk that is full", func(t *testing.T) {
		t.Parallel()
		w := feed.NewWriter(noSpace{}, header(fullName), "")
		if err := w.Close(); !errors.Is(err, errNoSpace) {
			t.Errorf("error %v", err)
		}
	})
}

var errNoSpace = errors.New("no space")

type noSpace struct{}

func (noSpace) Write([]byte) (int, error) { return 0, errNoSpace }

func TestTrailerCountsAreASetting(t *testing.T) {
	t.Parallel()
	for _, counts := range []string{feed.AllLines, feed.DataLines} {
		var out bytes.Buffer
		w := feed.NewWriter(&out, header(fullName), counts)
		w.Person(person(1))
		w.Assignment(assignment(1))
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		for _, read := range []string{feed.AllLines, feed.DataLines} {
			pol := lenient()
			pol.TrailerCounts = read
			r := examine(t, fullName, out.Bytes(), pol, feed.Before{})
			if accepted := r.Verdict == feed.Accepted; accepted != (read == counts) {
				t.Errorf("written as %s, read as %s: %s %v", counts, read, r.Verdict, r.Reasons)
			}
		}
	}
}

func TestRequest(t *testing.T) {
	t.Parallel()
	name, content := feed.Request("277", "GDW", 7, yesterday(), now)
	if name != "GO_277_GDW_GDR_20261123_00000007.DAT" {
		t.Errorf("name %s", name)
	}
	want := "HDR~GO_277_GDW_GDR_20261123_00000007.DAT~20261123 080000~277~20261122 000000~20261123 080000~01\n"
	if string(content) != want {
		t.Errorf("content %s", content)
	}
	if n, err := feed.ParseName(name); err != nil || n.Type != feed.RequestType || n.Full() || n.Changes() {
		t.Errorf("%+v %v", n, err)
	}
}
