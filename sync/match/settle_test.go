package match_test

import (
	"slices"
	"testing"

	"esrsync/internal/directory"
	"esrsync/internal/finding"
	"esrsync/internal/state"
	"esrsync/sync/match"
	"esrsync/sync/person"
)

func TestALinkedAccountIsGone(t *testing.T) {
	t.Parallel()
	p := human(1)
	lost := account(9, "gone")

	t.Run("a current person is left alone, with a finding", func(t *testing.T) {
		t.Parallel()
		r := match.Match(match.Input{People: []person.Person{p}, Links: []state.Link{link(p, lost)}})
		waits(t, r, p)
		if codes(r.Findings)[finding.NoAccount] != 1 {
			t.Errorf("findings %+v", r.Findings)
		}
	})
	t.Run("an account that carries the number now is a candidate, not a match", func(t *testing.T) {
		t.Parallel()
		r := match.Match(match.Input{People: []person.Person{p}, Accounts: []directory.Account{keyed(1, "again", p.Key)}, Links: []state.Link{link(p, lost)}})
		if d := waits(t, r, p); len(r.Of) != 0 || len(d.Candidates) != 1 || d.Candidates[0].Login != "again" {
			t.Errorf("pairs %+v, candidates %+v", r.Of, d.Candidates)
		}
	})
	t.Run("a leaver's lost account asks nothing", func(t *testing.T) {
		t.Parallel()
		r := match.Match(match.Input{People: []person.Person{leaver(p)}, Links: []state.Link{link(p, lost)}})
		if len(r.Queue) != 0 || len(r.Findings) != 0 {
			t.Errorf("queue %+v, findings %+v", r.Queue, r.Findings)
		}
	})
	t.Run("create answers it", func(t *testing.T) {
		t.Parallel()
		r := match.Match(match.Input{People: []person.Person{p}, Links: []state.Link{link(p, lost)},
			Decisions: []state.Decision{{PersonID: p.ID, Answer: state.AnswerCreate, At: day(2)}}})
		if !r.MayCreate(p.ID) {
			t.Errorf("still waits: %s", r.Doubtful[p.ID])
		}
	})
}

func TestRetireAndReturn(t *testing.T) {
	t.Parallel()
	old, next := leaver(human(1)), human(2)
	old.Same, next.Same, old.ReturnsAs = []string{next.ID}, []string{old.ID}, next.ID
	a := keyed(1, "oldlogin", old.Key)
	stored := []state.Link{link(old, a)}

	t.Run("until the new record starts the old one keeps the account, and none is made", func(t *testing.T) {
		t.Parallel()
		next := with(next, func(p *person.Person) { p.Standing, p.Access = person.Starting, false })
		r := match.Match(match.Input{People: []person.Person{old, next}, Accounts: []directory.Account{a}, Links: stored})
		fits(t, r, old, a)
		if r.Awaits[next.ID] != a.GUID || r.MayCreate(next.ID) || len(r.Queue) != 0 {
			t.Errorf("awaits %v, queue %+v", r.Awaits, r.Queue)
		}
	})
	t.Run("when it starts the old account is linked to it", func(t *testing.T) {
		t.Parallel()
		r := match.Match(match.Input{People: []person.Person{old, next}, Accounts: []directory.Account{a}, Links: stored})
		if pair := fits(t, r, next, a); !pair.New || pair.Stored {
			t.Errorf("pair is %+v", pair)
		}
		if _, still := r.Of[old.ID]; still {
			t.Error("the old record would still switch the account off")
		}
	})
	t.Run("once both are linked to it the current one has it", func(t *testing.T) {
		t.Parallel()
		r := match.Match(match.Input{People: []person.Person{old, next}, Accounts: []directory.Account{a}, Links: append(stored, link(next, a))})
		if pair := fits(t, r, next, a); !pair.Stored {
			t.Errorf("pair is %+v", pair)
		}
	})
	t.Run("it is found by the old number where the store knows nothing", func(t *testing.T) {
		t.Parallel()
		fits(t, match.Match(match.Input{People: []person.Person{old, next}, Accounts: []directory.Account{a}}), next, a)
	})
	t.Run("an account of their own leaves the old one with the old record", func(t *testing.T) {
		t.Parallel()
		own := keyed(2, "newlogin", next.Key)
		r := match.Match(match.Input{People: []person.Person{old, next}, Accounts: []directory.Account{a, own}, Links: stored})
		fits(t, r, next, own)
		fits(t, r, old, a)
	})
	t.Run("two current records of one human being get one account", func(t *testing.T) {
		t.Parallel()
		one, two := human(1), human(2)
		one.Same, two.Same = []string{two.ID}, []string{one.ID}
		r := match.Match(match.Input{People: []person.Person{one, two}, Accounts: []directory.Account{keyed(1, "x", one.Key)}})
		waits(t, r, two)
		r = match.Match(match.Input{People: []person.Person{one, two}})
		if !r.MayCreate(one.ID) {
			t.Error("the first record waits too")
		}
		waits(t, r, two)
	})
}

func TestSecondaryAccounts(t *testing.T) {
	t.Parallel()
	p := human(1)
	primary, admin, suffixed, other := keyed(1, "tmade", p.Key), account(2, "adm-TMADE"), account(3, "tmade-a"), account(4, "adm-else")
	rules := []string{"adm-{login}", "{login}-a"}

	t.Run("naming rules find the further accounts of a person", func(t *testing.T) {
		t.Parallel()
		r := match.Match(match.Input{People: []person.Person{p}, Accounts: []directory.Account{primary, admin, suffixed, other}, Secondary: rules})
		if got := r.Secondary[p.ID]; !slices.Equal(got, []directory.GUID{admin.GUID, suffixed.GUID}) {
			t.Errorf("secondary accounts %v", got)
		}
		if !slices.Equal(r.Unowned, []directory.GUID{other.GUID}) {
			t.Errorf("unowned %v", r.Unowned)
		}
	})
	t.Run("a rule whose login is too long for the directory finds the one that was cut", func(t *testing.T) {
		t.Parallel()
		long := keyed(1, "testina.madebacedi", p.Key)
		accounts := []directory.Account{long, account(2, "adm-testina.madebace"), account(3, "testina.madebacedi-a")}
		r := match.Match(match.Input{People: []person.Person{p}, Accounts: accounts, Secondary: rules})
		if got := r.Secondary[p.ID]; !slices.Equal(got, []directory.GUID{guid(2), guid(3)}) {
			t.Errorf("secondary accounts %v", got)
		}
		alike := append(accounts, account(4, "testina.madebacefo")) // whose would be cut to the same
		r = match.Match(match.Input{People: []person.Person{p}, Accounts: alike, Secondary: rules})
		if got := r.Secondary[p.ID]; !slices.Equal(got, []directory.GUID{guid(3)}) {
			t.Errorf("secondary accounts of one of two whose logins are cut to the same: %v", got)
		}
	})
	t.Run("a leaver's secondary accounts go with the person", func(t *testing.T) {
		t.Parallel()
		r := match.Match(match.Input{People: []person.Person{leaver(p)}, Accounts: []directory.Account{primary, admin}, Secondary: rules})
		if got := r.Accounts(p.ID); !slices.Equal(got, []directory.GUID{primary.GUID, admin.GUID}) {
			t.Errorf("accounts %v", got)
		}
	})
	t.Run("a login by the rule with somebody else's number is not theirs", func(t *testing.T) {
		t.Parallel()
		someone := human(2)
		foreign := keyed(2, "adm-tmade", someone.Key)
		r := match.Match(match.Input{People: []person.Person{p, someone}, Accounts: []directory.Account{primary, foreign}, Secondary: rules})
		if len(r.Secondary) != 0 {
			t.Errorf("secondary accounts %v", r.Secondary)
		}
		fits(t, r, someone, foreign)
		namesake := with(human(3), func(p *person.Person) { p.Key = someone.Key }) // so that it is nobody's yet
		r = match.Match(match.Input{People: []person.Person{p, someone, namesake}, Accounts: []directory.Account{primary, foreign}, Secondary: rules})
		if len(r.Secondary) != 0 {
			t.Errorf("secondary accounts %v", r.Secondary)
		}
	})
	t.Run("a stored secondary link and a token count without a rule", func(t *testing.T) {
		t.Parallel()
		stored := with(link(p, other), func(l *state.Link) { l.Secondary = true })
		r := match.Match(match.Input{People: []person.Person{p}, Accounts: []directory.Account{primary, other, suffixed},
			Links:  []state.Link{link(p, primary), stored},
			Tokens: map[directory.GUID]match.Token{suffixed.GUID: {Valid: true, PersonID: p.ID}}})
		if got := r.Secondary[p.ID]; !slices.Equal(got, []directory.GUID{suffixed.GUID, other.GUID}) {
			t.Errorf("secondary accounts %v", got)
		}
	})
}

func TestSomebodyWhoseNameFitsAPatternOfGenericLoginsIsACandidate(t *testing.T) {
	t.Parallel()
	p := with(human(1), func(p *person.Person) { p.Last = "Teststead" })
	own, shared := named(1, "testina.teststead", p), account(2, "ward-test-1")
	r := match.Match(match.Input{People: []person.Person{p}, Accounts: []directory.Account{own, shared}, Generic: []string{"*test*"}})
	waits(t, r, p)
	if got := codes(r.Findings); got[finding.GenericAccount] != 1 {
		t.Errorf("findings %+v, want the shared account alone", r.Findings)
	}
}
