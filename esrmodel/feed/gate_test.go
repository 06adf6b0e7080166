package feed_test

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/google/go-cmp/cmp"

	"esrsync/esrmodel"
	"esrsync/esrmodel/feed"
)

// checksOf returns the checks of the standing reasons, each once, in order.
func checksOf(r feed.Result) []feed.Check {
	var out []feed.Check
	for _, reason := range r.Standing() {
		out = append(out, reason.Check)
	}
	return slices.Compact(out)
}

// full writes this morning's full file of the first people of the trust.
func full(t testing.TB, people int) []byte { return write(t, fullName, staff(people)) }

func TestChain(t *testing.T) {
	t.Parallel()
	gap := yesterday()
	gap.GapAt = "GO_277_GDW_GOC_20261123_00000104.DAT"
	for _, c := range []struct {
		claim string
		name  string
		prev  time.Time // previous run in the header; zero keeps yesterday's
		chain feed.Chain
		want  []feed.Check
		next  int // sequence to go on from
	}{
		{claim: "ruling: the first full file may have any sequence", name: "GO_277_GDW_GOF_20261123_00004711.DAT", next: 4711},
		{claim: "changes need a full file first", name: changesName, want: []feed.Check{feed.CheckChain}},
		{claim: "changes with the next sequence and the last run are taken", name: changesName, chain: yesterday(), next: 102},
		{claim: "changes that skip a sequence are refused", name: "GO_277_GDW_GOC_20261123_00000103.DAT", chain: yesterday(), want: []feed.Check{feed.CheckChain}, next: 101},
		{claim: "changes of the same sequence are refused", name: "GO_277_GDW_GOC_20261123_00000101.DAT", chain: yesterday(), want: []feed.Check{feed.CheckChain}, next: 101},
		{claim: "changes since another run are refused", name: changesName, prev: now.AddDate(0, 0, -3), chain: yesterday(), want: []feed.Check{feed.CheckChain}, next: 101},
		{claim: "changes since a run that was never taken are refused", name: changesName, prev: yesterday().Run.Add(time.Hour), chain: yesterday(), want: []feed.Check{feed.CheckChain}, next: 101},
		{claim: "the missing file closes the gap when it comes late", name: changesName, chain: gap, next: 102},
		{claim: "while a gap is open nothing behind it is taken", name: "GO_277_GDW_GOC_20261123_00000105.DAT", chain: gap, want: []feed.Check{feed.CheckChain}, next: 101},
		{claim: "ruling: a full file inside the shrink limits is accepted by itself, also after a gap", name: "GO_277_GDW_GOF_20261123_00000109.DAT", chain: gap, next: 109},
		{claim: "a full file that skips sequences starts the chain anew", name: "GO_277_GDW_GOF_20261123_00000109.DAT", chain: yesterday(), next: 109},
		{claim: "a full file of an old sequence is refused", name: "GO_277_GDW_GOF_20261123_00000101.DAT", chain: yesterday(), want: []feed.Check{feed.CheckChain}, next: 101},
		{claim: "a full file's previous run does not matter", name: fullName, prev: now.AddDate(-1, 0, 0), chain: yesterday(), next: 102},
	} {
		t.Run(c.claim, func(t *testing.T) {
			t.Parallel()
			h := header(c.name)
			if !c.prev.IsZero() {
				h.Previous = c.prev
			}
			var out bytes.Buffer
			w := feed.NewWriter(&out, h, "")
			w.Person(person(1))
			w.Assignment(assignment(1))
			if err := w.Close(); err != nil {
				t.Fatal(err)
			}
			r := examine(t, c.name, out.Bytes(), policy(), feed.Before{Chain: c.chain, Mirror: staff(1)})
			if diff := cmp.Diff(c.want, checksOf(r)); diff != "" {
				t.Error(diff, r.Reasons)
			}
			if r.Next.Sequence != c.next {
				t.Errorf("goes on from %d, want %d", r.Next.Sequence, c.next)
			}
			if closed := r.Next.GapAt == ""; r.Verdict == feed.Accepted && !closed {
				t.Errorf("accepted, and a gap is still open at %s", r.Next.GapAt)
			}
		})
	}
}

func TestGapIsRememberedFromItsFirstFile(t *testing.T) {
	t.Parallel()
	chain := yesterday()
	for _, sequence := range []int{103, 104} {
		name := fmt.Sprintf("GO_277_GDW_GOC_20261123_%08d.DAT", sequence)
		r := examine(t, name, write(t, name, staff(1)), policy(), feed.Before{Chain: chain})
		chain = r.Next
	}
	if chain.GapAt != "GO_277_GDW_GOC_20261123_00000103.DAT" || chain.Sequence != 101 {
		t.Errorf("%+v", chain)
	}
}

func TestAgeAloneNeverQuarantines(t *testing.T) {
	t.Parallel()
	pol := policy()
	pol.Now = now.AddDate(0, 8, 0)
	if r := examine(t, changesName, write(t, changesName, staff(1)), pol, feed.Before{Chain: yesterday()}); r.Verdict != feed.Accepted {
		t.Errorf("a backlog of eight months: %v", r.Reasons)
	}
}

func TestReplay(t *testing.T) {
	t.Parallel()
	content := full(t, 3)
	first := examine(t, fullName, content, policy(), feed.Before{})
	mirror := feed.Apply(esrmodel.Staff{}, *first.Batch)
	before := feed.Before{Chain: first.Next, Mirror: mirror, Taken: map[string]string{first.SHA256: fullName}}
	again := examine(t, fullName, content, policy(), before)
	t.Run("ruling: a replay of a taken file is already taken and changes nothing", func(t *testing.T) {
		t.Parallel()
		if again.Verdict != feed.AlreadyTaken || again.Batch != nil || len(again.Reasons) > 0 || again.Next != first.Next {
			t.Errorf("%+v", again)
		}
	})
	t.Run("other content under the same name is no replay", func(t *testing.T) {
		t.Parallel()
		r := examine(t, fullName, full(t, 4), policy(), before)
		if diff := cmp.Diff([]feed.Check{feed.CheckChain}, checksOf(r)); diff != "" {
			t.Error(diff)
		}
	})
}

func TestShrinkage(t *testing.T) {
	t.Parallel()
	examineLess := func(t *testing.T, mirror, file esrmodel.Staff) feed.Result {
		t.Helper()
		pol := policy()
		pol.Canaries = nil
		return examine(t, fullName, write(t, fullName, file), pol, feed.Before{Chain: yesterday(), Mirror: mirror})
	}
	t.Run("three per cent may be missing", func(t *testing.T) {
		t.Parallel()
		if r := examineLess(t, staff(100), staff(97)); r.Verdict != feed.Accepted || len(r.Difference.GonePeople) != 3 {
			t.Error(r.Verdict, r.Reasons, r.Difference.GonePeople)
		}
	})
	t.Run("ruling: outside the shrink limits it needs an override, and the difference is shown", func(t *testing.T) {
		t.Parallel()
		r := examineLess(t, staff(100), staff(96))
		if diff := cmp.Diff([]feed.Check{feed.CheckShrinkage}, checksOf(r)); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff([]string{"100097", "100098", "100099", "100100"}, r.Difference.GonePeople); diff != "" {
			t.Error(diff)
		}
	})
	t.Run("leavers with a dated end are not missing", func(t *testing.T) {
		t.Parallel()
		file := staff(100)
		for i := range 30 {
			file.Assignments[i].EndDate = day(time.November, 20)
		}
		if r := examineLess(t, staff(100), file); r.Verdict != feed.Accepted || len(r.Difference.GonePeople) != 0 {
			t.Error(r.Verdict, r.Reasons, r.Difference.GonePeople)
		}
	})
	t.Run("people whose end has passed are no longer expected", func(t *testing.T) {
		t.Parallel()
		mirror := staff(100)
		for i := 50; i < 100; i++ {
			mirror.Assignments[i].LastWorkingDay = day(time.November, 1)
		}
		if r := examineLess(t, mirror, staff(50)); r.Verdict != feed.Accepted || r.Difference.Current != 50 {
			t.Error(r.Verdict, r.Reasons, r.Difference.Current)
		}
	})
	t.Run("changes files do not shrink anything", func(t *testing.T) {
		t.Parallel()
		r := examine(t, changesName, write(t, changesName, staff(1)), policy(), feed.Before{Chain: yesterday(), Mirror: staff(100)})
		if r.Verdict != feed.Accepted || len(r.Difference.GonePeople) != 0 || r.Difference.People.Gone != 0 {
			t.Error(r.Verdict, r.Reasons, r.Difference)
		}
	})
}

func TestShrinkingOrganisation(t *testing.T) {
	t.Parallel()
	mirror := staff(400)
	for i := range 20 { // a unit of 20, and one of 25
		mirror.Assignments[i].OrganisationID = "small"
	}
	for i := 20; i < 45; i++ {
		mirror.Assignments[i].OrganisationID = "large"
	}
	file := staff(400)
	drop := func(i int) bool { return i < 5 || (i >= 20 && i < 26) }
	file.People, file.Assignments = nil, nil
	for i := range mirror.People {
		if !drop(i) {
			file.People, file.Assignments = append(file.People, mirror.People[i]), append(file.Assignments, mirror.Assignments[i])
		}
	}
	pol := policy()
	pol.Canaries = nil
	r := examine(t, fullName, write(t, fullName, file), pol, feed.Before{Mirror: mirror})
	if r.Verdict != feed.Accepted {
		t.Fatal("a shrinking organisation holds its leavers, not the file:", r.Reasons)
	}
	// Both lose about a quarter; only from 25 people up does that count.
	if diff := cmp.Diff([]string{"large"}, r.Difference.HeldOrganisations()); diff != "" {
		t.Error(diff)
	}
	if n := len(r.Difference.Shrinking); n != 2 {
		t.Errorf("%d organisations shown as shrinking, want both", n)
	}
}

func TestOrganisationOfAPersonIsThatOfThePrimaryAssignment(t *testing.T) {
	t.Parallel()
	for _, flagged := range []int{0, 1} {
		mirror := staff(1)
		mirror.Assignments = append(mirror.Assignments, mirror.Assignments[0])
		for i := range mirror.Assignments {
			a := &mirror.Assignments[i]
			a.ID, a.OrganisationID, a.Primary = fmt.Sprint(700001+i), fmt.Sprint("organisation ", i), i == flagged
		}
		r := examine(t, fullName, full(t, 0), policy(), feed.Before{Mirror: mirror})
		if s := r.Difference.Shrinking; len(s) != 1 || s[0].OrganisationID != fmt.Sprint("organisation ", flagged) || s[0].Current != 1 {
			t.Errorf("assignment %d flagged: %+v", flagged, s)
		}
	}
}

func TestTestCanaries(t *testing.T) {
	t.Parallel()
	s := staff(3)
	s.People[2].EmployeeNumber = "29999999"
	t.Run("a changes file is refused in live", func(t *testing.T) {
		t.Parallel()
		r := examine(t, changesName, write(t, changesName, s), policy(), feed.Before{Chain: yesterday()})
		if diff := cmp.Diff([]feed.Check{feed.CheckEnvironment}, checksOf(r)); diff != "" {
			t.Error(diff)
		}
	})
	t.Run("an environment that nobody named counts as live", func(t *testing.T) {
		t.Parallel()
		pol := policy()
		pol.Environment = ""
		if r := examine(t, changesName, write(t, changesName, s), pol, feed.Before{Chain: yesterday()}); r.Verdict != feed.Quarantined {
			t.Error(r.Verdict)
		}
	})
	t.Run("the test environment takes its own people", func(t *testing.T) {
		t.Parallel()
		pol := policy()
		pol.Environment = feed.Test
		if r := examine(t, changesName, write(t, changesName, s), pol, feed.Before{Chain: yesterday()}); r.Verdict != feed.Accepted {
			t.Error(r.Reasons)
		}
	})
}

func TestCanariesAreForFullFilesOnly(t *testing.T) {
	t.Parallel()
	s := staff(3)
	s.People, s.Assignments = s.People[1:], s.Assignments[1:]
	if r := examine(t, changesName, write(t, changesName, s), policy(), feed.Before{Chain: yesterday()}); r.Verdict != feed.Accepted {
		t.Error(r.Reasons)
	}
}

func TestOverride(t *testing.T) {
	t.Parallel()
	content, before := full(t, 50), feed.Before{Chain: yesterday(), Mirror: staff(100)}
	t.Run("a named check with a reason lets the file in, and the reason stays on record", func(t *testing.T) {
		t.Parallel()
		r := examine(t, fullName, content, policy(), before, feed.Override{Check: feed.CheckShrinkage, By: "a.admin", Reason: "division moved to another trust"})
		if r.Verdict != feed.Accepted || r.Batch == nil {
			t.Fatal(r.Verdict, r.Reasons)
		}
		if got := r.Reasons[0].Overridden; got != "a.admin: division moved to another trust" {
			t.Errorf("overridden: %q", got)
		}
	})
	t.Run("an override of one check leaves the others standing", func(t *testing.T) {
		t.Parallel()
		r := examine(t, fullName, content, policy(), before, feed.Override{Check: feed.CheckCanaries, Reason: "she left"})
		if diff := cmp.Diff([]feed.Check{feed.CheckShrinkage}, checksOf(r)); diff != "" || r.Batch != nil {
			t.Error(diff)
		}
	})
	for _, check := range []feed.Check{feed.CheckVPD, feed.CheckEnvironment, feed.CheckHeader, feed.CheckEncoding, feed.CheckFields, feed.CheckTrailer, "luck"} {
		t.Run(fmt.Sprintf("%s cannot be overridden", check), func(t *testing.T) {
			t.Parallel()
			_, err := feed.Examine(bytes.NewReader(content), fullName, policy(), before, []feed.Override{{Check: check, Reason: "please"}})
			if !errors.Is(err, feed.ErrOverride) {
				t.Errorf("error %v", err)
			}
		})
	}
	t.Run("an override without a reason is refused", func(t *testing.T) {
		t.Parallel()
		_, err := feed.Examine(bytes.NewReader(content), fullName, policy(), before, []feed.Override{{Check: feed.CheckChain, Reason: " "}})
		if !errors.Is(err, feed.ErrOverride) {
			t.Errorf("error %v", err)
		}
	})
}

func TestBrokenReadIsAnErrorNotAVerdict(t *testing.T) {
	t.Parallel()
	broken := errors.New("the disk is gone")
	for _, format := range []string{feed.FormatGO, feed.FormatCSV} {
		pol := policy()
		pol.Format = format
		in := bytes.NewReader(full(t, 3)[:200])
		_, err := feed.Examine(struct{ *failing }{&failing{in, broken}}, fullName, pol, feed.Before{}, nil)
		if !errors.Is(err, broken) || !strings.Contains(err.Error(), fullName) {
			t.Errorf("%s: error %v", format, err)
		}
	}
}

// failing is a file that cannot be read to its end.
type failing struct {
	in  *bytes.Reader
	err error
}

func (f *failing) Read(p []byte) (int, error) {
	n, err := f.in.Read(p)
	if err != nil {
		return n, f.err
	}
	return n, nil
}

func TestReadSizesDoNotMatter(t *testing.T) {
	t.Parallel()
	content := full(t, 40)
	want := examine(t, fullName, content, policy(), feed.Before{})
	got, err := feed.Examine(iotest.OneByteReader(bytes.NewReader(content)), fullName, policy(), feed.Before{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(describe(want), describe(got)); diff != "" || got.SHA256 != want.SHA256 {
		t.Error(diff)
	}
}
