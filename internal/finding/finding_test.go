package finding_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"esrsync/internal/finding"
)

func TestEveryCodeIsDefinedOnceAndInOrder(t *testing.T) {
	t.Parallel()
	defined := finding.Definitions()
	for i, d := range defined {
		if i > 0 && defined[i-1].Code >= d.Code {
			t.Errorf("%s stands after %s", d.Code, defined[i-1].Code)
		}
		if d.Meaning == "" || !slices.Contains(owners(), d.Owner) || d.Severity.Rank() == 3 && d.Severity != finding.Standard {
			t.Errorf("%+v is not whole", d)
		}
	}
}

func owners() []finding.Owner {
	return []finding.Owner{finding.Infrastructure, finding.ServiceDesk, finding.Workforce, finding.CorporateSystems, finding.HR}
}

func TestDocsTellEveryCode(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile(filepath.Join("..", "..", "docs", "findings.md"))
	if err != nil {
		t.Fatal(err)
	}
	row := regexp.MustCompile(`(?m)^\| ([A-Z]\d\d)(?: †)? \| ([^|]+) \| ([^|]+) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$`)
	var told []finding.Definition
	for _, r := range row.FindAllStringSubmatch(string(page), -1) {
		told = append(told, finding.Definition{Code: finding.Code(r[1]), Meaning: r[2], Severity: finding.Severity(r[3]), Owner: finding.Owner(r[4])})
	}
	if diff := cmp.Diff(finding.Definitions(), told); diff != "" {
		t.Errorf("docs/findings.md and the code differ (-code +page):\n%s", diff)
	}
}

func TestNewGivesACodeItsSeverityAndOwner(t *testing.T) {
	t.Parallel()
	f := finding.New(finding.ProtectedLeaver, finding.OfAccount, "some account", "", "made up")
	if f.Severity != finding.Critical || f.Owner != finding.Infrastructure || f.Text != "made up" {
		t.Errorf("got %+v", f)
	}
	if f.FirstSeen != 0 || f.LastSeen != 0 {
		t.Error("a finding that no run has kept was seen on a day")
	}
	if unknown := finding.New("U99", finding.OfURP, "1", "", ""); unknown.Severity != finding.Standard || unknown.ID == "" {
		t.Errorf("a code of another package: %+v", unknown)
	}
}

func TestTheIdentityOfAFinding(t *testing.T) {
	t.Parallel()
	base := finding.New(finding.DateGap, finding.OfPerson, "20000001", "a", "made up")
	for _, c := range []struct {
		claim string
		other finding.Finding
		same  bool
	}{
		{"does not move with the text", finding.New(finding.DateGap, finding.OfPerson, "20000001", "a", "worded anew"), true},
		{"moves with the code", finding.New(finding.LeftOrLost, finding.OfPerson, "20000001", "a", "made up"), false},
		{"moves with the kind of subject", finding.New(finding.DateGap, finding.OfAccount, "20000001", "a", "made up"), false},
		{"moves with the subject", finding.New(finding.DateGap, finding.OfPerson, "20000002", "a", "made up"), false},
		{"moves with the discriminator", finding.New(finding.DateGap, finding.OfPerson, "20000001", "b", "made up"), false},
		{"does not run key and discriminator together", finding.New(finding.DateGap, finding.OfPerson, "20000001a", "", "made up"), false},
	} {
		t.Run(c.claim, func(t *testing.T) {
			t.Parallel()
			if same := base.ID == c.other.ID; same != c.same {
				t.Errorf("the same identity: %v, want %v", same, c.same)
			}
		})
	}
}

func TestTheIdentityStaysFromReleaseToRelease(t *testing.T) {
	t.Parallel()
	// A store keeps these: another way to make them would close every finding and open it again.
	if id := finding.New(finding.LeftOrLost, finding.OfPerson, "20000001", "", "").ID; id != "6c5453539778b298" {
		t.Errorf("the identity has become %s", id)
	}
}

func TestSortIsTheSameForAnyOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		some := rapid.SliceOfN(drawn(), 0, 12).Draw(t, "findings")
		other := rapid.Permutation(some).Draw(t, "in another order")
		one := slices.Clone(some)
		finding.Sort(one)
		finding.Sort(other)
		if diff := cmp.Diff(ids(one), ids(other)); diff != "" {
			t.Fatal(diff)
		}
		for i := 1; i < len(one); i++ {
			if one[i-1].Severity.Rank() > one[i].Severity.Rank() {
				t.Fatalf("%s stands before %s", one[i-1].Severity, one[i].Severity)
			}
		}
	})
}

// drawn is a finding that shares its code, subject or severity with many others.
func drawn() *rapid.Generator[finding.Finding] {
	return rapid.Custom(func(t *rapid.T) finding.Finding {
		code := rapid.SampledFrom([]finding.Code{finding.DateGap, finding.LeftOrLost, finding.ProtectedLeaver, finding.UnusedAccount}).Draw(t, "code")
		kind := rapid.SampledFrom([]finding.SubjectKind{finding.OfPerson, finding.OfAccount}).Draw(t, "kind")
		return finding.New(code, kind, rapid.SampledFrom([]string{"1", "2"}).Draw(t, "key"), rapid.SampledFrom([]string{"", "a"}).Draw(t, "discriminator"), "")
	})
}

func ids(fs []finding.Finding) []string {
	out := make([]string, len(fs))
	for i, f := range fs {
		out[i] = f.ID
	}
	return out
}
