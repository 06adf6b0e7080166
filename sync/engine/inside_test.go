package engine

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"esrsync/internal/directory"
	"esrsync/internal/finding"
	"esrsync/internal/state"
	"esrsync/sync/apply"
	"esrsync/sync/plan"
)

func TestAReadThatLacksLinkedAccounts(t *testing.T) {
	t.Parallel()
	cases := []struct {
		claim           string
		linked, missing int
		believed        bool
	}{
		{"nothing is missing", 300, 0, true},
		{"ten are missing of few: deleted by hand", 20, 10, true},
		{"eleven are missing of few", 20, 11, false},
		{"one in twenty is missing of many", 300, 15, true},
		{"more than one in twenty is missing of many", 300, 16, false},
		{"all are missing", 300, 300, false},
		{"nobody has an account yet", 0, 0, true},
	}
	for _, c := range cases {
		t.Run(c.claim, func(t *testing.T) {
			t.Parallel()
			in := &plan.Input{Accounts: []directory.Account{{GUID: directory.GUID{1, 1, 1}}}} // one that is nobody's
			for i := range c.linked {
				id := directory.GUID{byte(i), byte(i >> 8), 9}
				in.Links = append(in.Links, state.Link{Account: id})
				if i >= c.missing {
					in.Accounts = append(in.Accounts, directory.Account{GUID: id})
				}
			}
			err := plausible(in)
			if believed := err == nil; believed != c.believed || err != nil && !errors.Is(err, directory.ErrIncomplete) {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestWhatTwoRoomsNoticeIsToldOnce(t *testing.T) {
	t.Parallel()
	a := finding.New(finding.NoAccount, finding.OfPerson, "20000001", "", "said by matching")
	again := finding.New(finding.NoAccount, finding.OfPerson, "20000001", "", "said by planning")
	other := finding.New(finding.ProtectedLeaver, finding.OfAccount, "made up", "", "graver")
	got := once([]finding.Finding{a, again, other})
	if len(got) != 2 || got[0].ID != other.ID || got[1].ID != a.ID {
		t.Errorf("got %+v", got)
	}
}

func TestHowARunWentInOneWord(t *testing.T) {
	t.Parallel()
	applied := func(results ...string) *Outcome {
		var out Outcome
		for _, r := range results {
			out.Applied = append(out.Applied, apply.Outcome{Result: r})
		}
		return &out
	}
	waiting := func(out *Outcome, causes ...plan.Cause) *Outcome {
		out.Plan.Verdict = &plan.Verdict{Held: []plan.Held{{Causes: causes}}}
		return out
	}
	for claim, c := range map[string]struct {
		out     *Outcome
		failure error
		want    string
	}{
		"everything was made":                             {applied(state.Done, state.Skipped), nil, RunDone},
		"one change failed":                               {applied(state.Done, state.Failed), nil, RunPartly},
		"of one change nobody knows":                      {applied(state.Done, ""), nil, RunPartly},
		"something waits for an approval":                 {waiting(applied(state.Done), plan.OverLimit), nil, RunHeld},
		"a failure is told before what waits":             {waiting(applied(state.Failed), plan.OverLimit), nil, RunPartly},
		"observing is not waiting":                        {waiting(applied(), plan.Observing), nil, RunDone},
		"a run that was stopped failed, whatever it made": {applied(state.Done), errors.New("stopped"), RunFailed},
	} {
		if got := verdictOf(c.out, c.failure); got != c.want {
			t.Errorf("%s: %s, want %s", claim, got, c.want)
		}
	}
}

func TestRunIDsSortByTime(t *testing.T) {
	t.Parallel()
	last := ""
	at := time.Date(2026, time.October, 25, 0, 30, 0, 0, time.UTC)
	for range 4 { // over the night on which the clock is put back
		id, err := runID(at.In(time.FixedZone("made up", 3600)))
		if err != nil || id <= last {
			t.Errorf("%s after %s, %v", id, last, err)
		}
		last, at = id, at.Add(time.Hour)
	}
}

func TestTheNamesThatAChangeGives(t *testing.T) {
	t.Parallel()
	after := plan.Values{
		"sAMAccountName": {"JSample"}, "userPrincipalName": {"J.Sample@example.test"}, "mail": {"J.Sample@example.test"},
		"proxyAddresses": {"SMTP:j.sample@example.test", "smtp:old@example.test", "X500:/o=made up"},
	}
	var got []string
	for _, n := range namesOf(plan.Change{Kind: plan.Create, PersonID: "1", After: after}) {
		got = append(got, fmt.Sprint(n.Kind, " ", n.Value))
	}
	want := fmt.Sprint([]string{
		fmt.Sprint(directory.LoginName, " jsample"), fmt.Sprint(directory.UPNName, " j.sample@example.test"),
		fmt.Sprint(directory.Address, " j.sample@example.test"), fmt.Sprint(directory.Address, " j.sample@example.test"),
		fmt.Sprint(directory.Address, " old@example.test"),
	})
	if fmt.Sprint(got) != want {
		t.Errorf("got %v, want %s", got, want)
	}
	if names := namesOf(plan.Change{Kind: plan.Set, After: after}); len(names) != 0 {
		t.Errorf("a change that gives no name reserves %v", names)
	}
}
