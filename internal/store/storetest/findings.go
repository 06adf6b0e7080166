package storetest

import (
	"testing"

	"esrsync/internal/finding"
)

func findingClaims() []claim {
	return []claim{
		{"every field of a finding comes back", findingEveryField},
		{"a finding keeps its first day from night to night", findingAges},
		{"a finding whose evidence is gone closes by itself", findingCloses},
		{"a finding that comes back opens anew and keeps its history", findingReopens},
		{"a finding that goes and comes on one day has never been away", findingFlaps},
		{"a finding is brought up to date while it is open", findingUpdated},
		{"findings are the gravest first, and one that is told twice is one", findingSorted},
	}
}

// about returns a finding about a made-up person.
func about(code finding.Code, key string) finding.Finding {
	return finding.New(code, finding.OfPerson, key, "", "made up")
}

// on returns the finding as seen first and last on days of November.
func on(f finding.Finding, first, last int) finding.Finding {
	f.FirstSeen, f.LastSeen = day(first), day(last)
	return f
}

func (f Fixture) see(t *testing.T, on int, seen ...finding.Finding) (open, closed []finding.Finding) {
	t.Helper()
	open, closed, err := f.SeeFindings(t.Context(), day(on), seen)
	done(t, err)
	same(t, "what is open afterwards", got[[]finding.Finding](t)(f.OpenFindings(t.Context())), open)
	return open, closed
}

func findingEveryField(t *testing.T, f Fixture) {
	want := filled[finding.Finding](t)
	open, _ := f.see(t, 22, want)
	want.FirstSeen, want.LastSeen = day(22), day(22)
	same(t, "the finding", open, []finding.Finding{want})
}

func findingAges(t *testing.T, f Fixture) {
	f.see(t, 20, about(finding.DateGap, "1"))
	open, closed := f.see(t, 22, about(finding.DateGap, "1"))
	same(t, "open", open, []finding.Finding{on(about(finding.DateGap, "1"), 20, 22)})
	same(t, "number of closed", len(closed), 0)
}

func findingCloses(t *testing.T, f Fixture) {
	f.see(t, 20, about(finding.DateGap, "1"), about(finding.DateGap, "2"))
	open, closed := f.see(t, 21, about(finding.DateGap, "2"))
	same(t, "open", open, []finding.Finding{on(about(finding.DateGap, "2"), 20, 21)})
	same(t, "closed", closed, []finding.Finding{on(about(finding.DateGap, "1"), 20, 20)})
	_, closed = f.see(t, 22, about(finding.DateGap, "2"))
	same(t, "number of closed the night after", len(closed), 0)
}

func findingReopens(t *testing.T, f Fixture) {
	f.see(t, 1, about(finding.DateGap, "1"))
	f.see(t, 3, about(finding.DateGap, "1"))
	f.see(t, 4)
	open, _ := f.see(t, 9, about(finding.DateGap, "1"))
	same(t, "open", open, []finding.Finding{on(about(finding.DateGap, "1"), 9, 9)})
	same(t, "history", got[[]finding.Finding](t)(f.FindingHistory(t.Context(), open[0].ID)),
		[]finding.Finding{on(about(finding.DateGap, "1"), 1, 3), on(about(finding.DateGap, "1"), 9, 9)})
}

func findingFlaps(t *testing.T, f Fixture) {
	f.see(t, 1, about(finding.DateGap, "1"))
	f.see(t, 3, about(finding.DateGap, "1"))
	f.see(t, 3)
	open, _ := f.see(t, 3, about(finding.DateGap, "1"))
	same(t, "open", open, []finding.Finding{on(about(finding.DateGap, "1"), 1, 3)})
}

func findingUpdated(t *testing.T, f Fixture) {
	f.see(t, 1, about(finding.DateGap, "1"))
	graver := about(finding.DateGap, "1")
	graver.Severity, graver.Text, graver.Owner = finding.Critical, "still made up", finding.HR
	open, _ := f.see(t, 2, graver)
	same(t, "open", open, []finding.Finding{on(graver, 1, 2)})
}

func findingSorted(t *testing.T, f Fixture) {
	mild, grave := about(finding.SupervisorMissing, "1"), about(finding.ProtectedLeaver, "9")
	open, _ := f.see(t, 1, mild, grave, mild)
	same(t, "open", open, []finding.Finding{on(grave, 1, 1), on(mild, 1, 1)})
}
