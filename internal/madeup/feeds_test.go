package madeup_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"esrsync/esrmodel"
	"esrsync/esrmodel/feed"
	"esrsync/internal/madeup"
)

// policy returns what the sample configuration says, on the morning of a night's file.
func policy(trust *madeup.Trust, night int) feed.Policy {
	return feed.Policy{
		VPD: trust.Options().VPD, Environment: feed.Live, MaxShrinkPercent: 3, MaxShrinkPercentPerOrganisation: 20,
		Canaries: []string{"20000001", "20000002"}, TestCanaries: []string{"29999999"},
		Now: trust.Day(night).Time(time.UTC).Add(8 * time.Hour),
	}
}

// take examines a night's file, which must be accepted, and puts it into the mirror.
func take(t *testing.T, trust *madeup.Trust, night int, full bool, before *feed.Before) feed.Result {
	t.Helper()
	name, write := trust.FullFile(night)
	if !full {
		name, write = trust.ChangesFile(night)
	}
	r, err := feed.Examine(bytes.NewReader(content(t, write)), name, policy(trust, night), *before, nil)
	if err != nil {
		t.Fatal(err)
	}
	if r.Verdict != feed.Accepted {
		t.Fatalf("%s was %s: %v", name, r.Verdict, r.Reasons)
	}
	if len(r.Warnings) > 0 {
		t.Errorf("%s: %v", name, r.Warnings)
	}
	before.Mirror, before.Chain = feed.Apply(before.Mirror, *r.Batch), r.Next
	return r
}

// mirror returns the mirror after the first full file and the changes up to a night.
func mirror(t *testing.T, trust *madeup.Trust, night int) esrmodel.Staff {
	t.Helper()
	var before feed.Before
	take(t, trust, 0, true, &before)
	for n := 1; n <= night; n++ {
		take(t, trust, n, false, &before)
	}
	return before.Mirror
}

func TestTheFilesFollowEachOther(t *testing.T) {
	t.Parallel()
	trust := small(1)
	var before feed.Before
	take(t, trust, 0, true, &before)
	for n := 1; n <= madeup.Nights; n++ {
		r := take(t, trust, n, false, &before)
		if want := trust.Day(n - 1).Time(time.UTC); !r.Header.Previous.Equal(want) || !r.Header.Run.Equal(want.AddDate(0, 0, 1)) {
			t.Errorf("night %d: the header says %v to %v", n, r.Header.Previous, r.Header.Run)
		}
		want := trust.Staff(n)
		for _, d := range []string{
			cmp.Diff(want.People, before.Mirror.People), cmp.Diff(want.Assignments, before.Mirror.Assignments),
			cmp.Diff(want.Positions, before.Mirror.Positions), cmp.Diff(want.Organisations, before.Mirror.Organisations),
			cmp.Diff(want.Locations, before.Mirror.Locations),
		} {
			if d != "" {
				t.Errorf("night %d: the mirror is not what the trust says (-trust +mirror):\n%s", n, d)
			}
		}
	}
}

func TestAFullFileMayTakeThePlaceOfAnyNight(t *testing.T) {
	t.Parallel()
	trust := small(2)
	for n := 1; n <= madeup.Nights; n++ {
		var before feed.Before
		take(t, trust, 0, true, &before)
		for earlier := 1; earlier < n; earlier++ {
			take(t, trust, earlier, false, &before)
		}
		want := []string{personOf(t, trust, madeup.MissingFromFull)}
		if n == 4 { // the night of the purges: a full file has nothing of these either
			want = append(want, personOf(t, trust, madeup.AssignmentDeleted), personOf(t, trust, madeup.PersonDeleted))
		}
		slices.Sort(want)
		if gone := take(t, trust, n, true, &before).Difference.GonePeople; !slices.Equal(gone, want) {
			t.Errorf("night %d: the full file lacks %v, want %v", n, gone, want)
		}
		if n < madeup.Nights {
			take(t, trust, n+1, false, &before)
		}
	}
}

func TestAFileThatIsLeftOutBreaksTheChain(t *testing.T) {
	t.Parallel()
	trust := small(2)
	var before feed.Before
	take(t, trust, 0, true, &before)
	name, write := trust.ChangesFile(2)
	r, err := feed.Examine(bytes.NewReader(content(t, write)), name, policy(trust, 2), before, nil)
	if err != nil || r.Verdict != feed.Quarantined || r.Next.GapAt != name {
		t.Errorf("%v, %s with the gap at %q", err, r.Verdict, r.Next.GapAt)
	}
}

func TestOneRowOfTheWeekCannotBe(t *testing.T) {
	t.Parallel()
	trust := small(5)
	want := personOf(t, trust, madeup.ImpossibleDates)
	faults := mirror(t, trust, madeup.Nights).Faults
	if len(faults) != 1 || faults[0].PersonID != want {
		t.Errorf("faults %+v, want one of person %s", faults, want)
	}
}

func TestTheRegisterIsTakenWithOneFault(t *testing.T) {
	t.Parallel()
	trust := small(1)
	pol := policy(trust, 3)
	pol.Columns = map[string]string{"reference": "Reference", "surname": "Surname", "forename": "Forename", "category": "Category",
		"sponsor": "Sponsor Employee Number", "start": "Start Date", "end": "End Date"}
	rows := map[int]int{}
	for _, night := range []int{0, 3} {
		name, write := trust.RegisterFile(night)
		text := content(t, write)
		r, err := feed.ExamineRegister(bytes.NewReader(text), name, pol, feed.Before{}, nil)
		if err != nil || r.Verdict != feed.Accepted {
			t.Fatalf("%v, %s: %v", err, r.Verdict, r.Reasons)
		}
		if len(r.Faults) != 1 || r.Faults[0].PersonID != personOf(t, trust, madeup.RegisterWithoutEnd) {
			t.Errorf("faults %+v", r.Faults)
		}
		if !strings.Contains(string(text), "Łukasz") {
			t.Error("no name beyond ISO-8859-1")
		}
		rows[night] = r.Rows
	}
	if rows[3] != rows[0]+1 {
		t.Errorf("%d rows, and %d on the third night", rows[0], rows[3])
	}
}

func TestFilesHoldTheShapesThatProgramsTripOver(t *testing.T) {
	t.Parallel()
	_, write := madeup.New(madeup.Options{People: 3000, Seed: 1}).FullFile(0)
	text := content(t, write)
	for claim, part := range map[string]string{
		"an accent in ISO-8859-1": "Siobh\xe1n", "an apostrophe": "O'", "a particle": "van der ", "a very long name": "Featherstonehaugh-Placeholder-",
		"an ampersand in a status": "Maternity & Adoption", "bank work": "~Bank~", "an honorary assignment": "~Honorary~", "an offer": "Offer Accepted",
	} {
		if !bytes.Contains(text, []byte(part)) {
			t.Errorf("%s is missing", claim)
		}
	}
}

// personOf returns the person of the first event of a kind.
func personOf(t *testing.T, trust *madeup.Trust, kind madeup.EventKind) string {
	t.Helper()
	for _, e := range trust.Events() {
		if e.Kind == kind {
			return e.PersonID
		}
	}
	t.Fatalf("there is no event %q", kind)
	return ""
}
