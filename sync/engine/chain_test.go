package engine_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"

	"esrsync/esrmodel"
	"esrsync/esrmodel/feed"
	"esrsync/internal/inbox"
	"esrsync/internal/state"
	"esrsync/sync/engine"
)

// post is a world into whose inbox GO files come.
type post struct {
	*world
	folder   inbox.Folder
	requests []string
	last     time.Time
}

func newPost(t *testing.T) *post {
	t.Helper()
	at := t.TempDir()
	p := &post{world: newWorld(t, 0), folder: inbox.Folder{Inbox: filepath.Join(at, "inbox"), Archive: filepath.Join(at, "archive")}}
	p.check(os.Mkdir(p.folder.Inbox, 0o750))
	p.engine.Settings.Feeds = engine.FeedSettings{
		Inbox: p.folder, Staff: feed.Policy{Format: feed.FormatGO, VPD: "277", MaxShrinkPercent: 100, MaxShrinkPercentPerOrganisation: 100},
		Request: func(name string, _ []byte) error {
			p.requests = append(p.requests, name)
			return nil
		},
	}
	return p
}

// deliver puts a file of one person into the inbox, with a sequence number.
func (p *post) deliver(kind string, sequence int) {
	p.t.Helper()
	now := p.clock()
	h := feed.Header{VPD: "277", Created: now.Add(-time.Hour), Run: now.Add(-2 * time.Hour).Truncate(time.Hour), Version: "01"}
	if kind == "GOC" {
		h.Previous = p.last
	}
	p.last = h.Run
	h.File = feed.Name{VPD: "277", Stream: "GDW", Type: kind, Date: esrmodel.DateOf(now), Sequence: sequence}.String()
	var b bytes.Buffer
	w := feed.NewWriter(&b, h, feed.AllLines)
	w.Person(esrmodel.Person{
		ID: "500001", EmployeeNumber: "20000001", FirstName: "Testina", LastName: "Madeup", SystemPersonType: "EMP",
		Span: esrmodel.Span{From: esrmodel.NewDate(2020, 1, 1)}, HireDate: esrmodel.NewDate(2020, 1, 1),
	})
	p.check(w.Close())
	p.check(os.WriteFile(filepath.Join(p.folder.Inbox, h.File), b.Bytes(), 0o600))
}

// verdicts makes a run a day later and returns what became of the files.
func (p *post) verdicts() []string {
	p.t.Helper()
	var out []string
	for _, f := range p.sync().Feeds {
		out = append(out, f.Verdict)
	}
	p.pass(24 * time.Hour)
	return out
}

func TestAGapIsAskedAboutOnceAndClosedByAFullFile(t *testing.T) {
	t.Parallel()
	p := newPost(t)
	for _, day := range []struct {
		claim    string
		kind     string
		sequence int
		verdict  string
		requests int
		gap      bool
	}{
		{"a full file begins the chain", "GOF", 100, state.Accepted, 0, false},
		{"changes that follow are taken", "GOC", 101, state.Accepted, 0, false},
		{"a missing file breaks the chain, and a snapshot is asked for", "GOC", 103, state.Quarantined, 1, true},
		{"while it is broken nothing is taken, and nobody is asked again", "GOC", 104, state.Quarantined, 1, true},
		{"a full file closes the gap", "GOF", 105, state.Accepted, 1, false},
		{"changes that follow it are taken again", "GOC", 106, state.Accepted, 1, false},
	} {
		p.deliver(day.kind, day.sequence)
		got := p.verdicts()
		if len(got) != 1 || got[0] != day.verdict {
			t.Errorf("%s: %v, want %s", day.claim, got, day.verdict)
		}
		gap, err := p.store.Gap(t.Context(), engine.SourceStaff)
		p.check(err)
		if len(p.requests) != day.requests || (gap.Detail != "") != day.gap {
			t.Errorf("%s: %d requests, gap %q", day.claim, len(p.requests), gap.Detail)
		}
	}
}

func TestFilesOfOneNightAreTakenInTheirOrder(t *testing.T) {
	t.Parallel()
	p := newPost(t)
	p.deliver("GOF", 99)
	for _, sequence := range []int{100, 101} { // as text 100 would come before 99
		p.pass(time.Hour)
		p.deliver("GOC", sequence)
	}
	if got := p.verdicts(); len(got) != 3 || got[0] != state.Accepted || got[1] != state.Accepted || got[2] != state.Accepted {
		t.Errorf("got %v", got)
	}
	if names, err := p.folder.Names("*"); err != nil || len(names) != 0 {
		t.Errorf("the inbox still holds %v, %v", names, err)
	}
}
