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

func TestSureEvidence(t *testing.T) {
	t.Parallel()
	p := human(1)
	withMail := with(p, func(p *person.Person) { p.ESREmail = "Testina.One@example.test" })
	mail := func(a directory.Account) directory.Account { a.Mail = "testina.one@EXAMPLE.test"; return a }
	cases := []struct {
		claim  string
		human  person.Person
		given  directory.Account
		input  match.Input
		stored bool
		linked bool
	}{
		{"a stored link pairs, whatever the account is called", p, account(1, "whoever"),
			match.Input{Links: []state.Link{link(p, account(1, "whoever"))}}, true, true},
		{"our valid token pairs", p, account(1, "whoever"),
			match.Input{Tokens: map[directory.GUID]match.Token{guid(1): {Valid: true, PersonID: p.ID, PersonKey: p.Key}}}, false, true},
		{"our valid token pairs by the person key where ESR gave the person another ID", p, account(1, "whoever"),
			match.Input{Tokens: map[directory.GUID]match.Token{guid(1): {Valid: true, PersonID: "elsewhere", PersonKey: p.Key}}}, false, true},
		{"an invalid token pairs nobody", p, account(1, "whoever"),
			match.Input{Tokens: map[directory.GUID]match.Token{guid(1): {PersonID: p.ID, PersonKey: p.Key}}}, false, false},
		{"the employee number of one account and one person pairs", p, keyed(1, "whoever", p.Key), match.Input{}, false, true},
		{"another employee number pairs nobody", p, keyed(1, "whoever", "29999998"), match.Input{}, false, false},
		{"an address that equals ESR's and a surname that agrees pair", withMail, mail(named(1, "x", p)), match.Input{}, false, true},
		{"a proxy address counts like the primary one", withMail,
			with(named(1, "x", p), func(a *directory.Account) { a.ProxyAddresses = []string{"smtp:testina.one@example.test"} }), match.Input{}, false, true},
		{"an address with a previous surname pairs",
			with(withMail, func(p *person.Person) { p.Last, p.PreviousLast = "Newname", p.Last }), mail(named(1, "x", p)), match.Input{}, false, true},
		{"an address without a surname that agrees pairs nobody", withMail,
			mail(with(named(1, "x", p), func(a *directory.Account) { a.Attributes["sn"] = "Otherwise" })), match.Input{}, false, false},
		{"an address on an account with another's employee number pairs nobody", withMail,
			mail(with(named(1, "x", p), func(a *directory.Account) { a.PersonKey = "29999998" })), match.Input{}, false, false},
		{"a UPN that equals ESR's address pairs nobody", withMail,
			with(named(1, "x", p), func(a *directory.Account) { a.UPN = "testina.one@example.test" }), match.Input{}, false, false},
		{"a name alone, however rare, pairs nobody", p, named(1, "tmadebace", p), match.Input{}, false, false},
		{"an account that we made and whose record was lost pairs", p, keyed(1, "Tmade", p.Key),
			match.Input{Created: map[string]string{p.ID: "tmade"}}, false, true},
		{"somebody else's account with the login that we meant to make pairs nobody", p, account(1, "tmade"),
			match.Input{Created: map[string]string{p.ID: "tmade"}}, false, false},
		{"an answer in the queue pairs", p, account(1, "whoever"),
			match.Input{Decisions: []state.Decision{{PersonID: p.ID, Account: guid(1), Answer: state.AnswerLink, By: "A. Admin", At: day(2)}}}, false, true},
		{"an answer not the same outweighs the employee number", p, keyed(1, "whoever", p.Key),
			match.Input{Decisions: []state.Decision{{PersonID: p.ID, Account: guid(1), Answer: state.AnswerNotSame, At: day(2)}}}, false, false},
		{"the last answer about an account counts", p, account(1, "whoever"),
			match.Input{Decisions: []state.Decision{
				{PersonID: p.ID, Account: guid(1), Answer: state.AnswerLink, By: "A. Admin", At: day(3)},
				{PersonID: p.ID, Account: guid(1), Answer: state.AnswerNotSame, At: day(2)},
			}}, false, true},
	}
	for _, c := range cases {
		t.Run(c.claim, func(t *testing.T) {
			t.Parallel()
			c.input.People, c.input.Accounts = []person.Person{c.human}, []directory.Account{c.given}
			r := match.Match(c.input)
			if !c.linked {
				if _, paired := r.Of[c.human.ID]; paired {
					t.Fatalf("paired by %q", r.Of[c.human.ID].Evidence)
				}
				return
			}
			pair := fits(t, r, c.human, c.given)
			if pair.Stored != c.stored || pair.New == c.stored || pair.Evidence == "" {
				t.Errorf("pair is %+v", pair)
			}
			if len(r.Unowned) != 0 {
				t.Errorf("a person's account is reported as nobody's")
			}
		})
	}
}

func TestTwoPeopleOfOneName(t *testing.T) {
	t.Parallel()
	one := with(human(1), func(p *person.Person) { p.First, p.Preferred, p.Last = "John", "John", "Example" })
	two := with(one, func(p *person.Person) { p.ID, p.Key = "p2", "20000002" })
	a := with(named(1, "jexample", one), func(a *directory.Account) { a.Mail = "john.example@example.test" })

	t.Run("an account that fits two people by name is nobody's, and both wait", func(t *testing.T) {
		t.Parallel()
		r := match.Match(match.Input{People: []person.Person{one, two}, Accounts: []directory.Account{a}})
		if len(r.Of) != 0 {
			t.Fatalf("paired: %+v", r.Of)
		}
		for _, p := range []person.Person{one, two} {
			if d := waits(t, r, p); len(d.Candidates) != 1 || d.Candidates[0].Score < 50 {
				t.Errorf("candidates of %s: %+v", p.ID, d.Candidates)
			}
		}
	})
	t.Run("an address that ESR shows for two people proves nothing", func(t *testing.T) {
		t.Parallel()
		one, two := one, two
		one.ESREmail, two.ESREmail = a.Mail, a.Mail
		r := match.Match(match.Input{People: []person.Person{one, two}, Accounts: []directory.Account{a}})
		waits(t, r, one)
		waits(t, r, two)
	})
	t.Run("the namesake who has an account does not hinder a new account for the other", func(t *testing.T) {
		t.Parallel()
		a := a
		a.PersonKey = one.Key
		r := match.Match(match.Input{People: []person.Person{one, two}, Accounts: []directory.Account{a}})
		fits(t, r, one, a)
		if !r.MayCreate(two.ID) {
			t.Errorf("the namesake waits: %s", r.Doubtful[two.ID])
		}
	})
}

func TestCandidates(t *testing.T) {
	t.Parallel()
	p := with(human(1), func(p *person.Person) { p.First, p.Preferred, p.Last = "Siobhán", "Siobhán", "O'Neill" })
	entry := func(sn, given, login string) directory.Account {
		a := account(1, login)
		a.Attributes = map[string]string{"sn": sn, "givenName": given}
		return a
	}
	cases := []struct {
		claim  string
		entry  directory.Account
		queued bool
	}{
		{"accents and apostrophes do not hide the same name", entry("ONeill", "Siobhan", "x1"), true},
		{"a misspelt surname with the same first name and login is a candidate", entry("O'Neil", "Siobhan", "soneill"), true},
		{"a surname with a first initial and the usual login is a candidate", entry("O'Neill", "", "soneill"), true},
		{"a display name serves where there is no surname", with(account(1, "soneill"), func(a *directory.Account) {
			a.Attributes["displayName"] = "O'Neill, Siobhán (Ward 4)"
		}), true},
		{"another first name is no candidate", entry("O'Neill", "Patrick", "poneill"), false},
		{"another first name with the same initial and login is no candidate", entry("O'Neill", "Sean", "soneill"), false},
		{"another person altogether is no candidate", entry("Someone", "Else", "selse"), false},
		{"a shared account is never a candidate", entry("O'Neill", "Siobhan", "ward4-shared"), false},
		{"a service account is never a candidate", entry("O'Neill", "Siobhan", "svc-oneill"), false},
		{"the same name with an old employee number is a candidate: it may be a returner's",
			with(entry("O'Neill", "Siobhan", "soneill"), func(a *directory.Account) { a.PersonKey = "29999998" }), true},
	}
	for _, c := range cases {
		t.Run(c.claim, func(t *testing.T) {
			t.Parallel()
			r := match.Match(match.Input{People: []person.Person{p}, Accounts: []directory.Account{c.entry},
				Generic: []string{"*shared*"}, Protected: []string{"SVC-*"}})
			if r.MayCreate(p.ID) == c.queued {
				t.Fatalf("may create %v; queue %+v", r.MayCreate(p.ID), r.Queue)
			}
			if len(r.Of) != 0 {
				t.Errorf("a name paired an account: %+v", r.Of)
			}
			if c.queued {
				d := waits(t, r, p)
				if codes(r.Findings)[finding.UnownedAccount] != 0 {
					t.Error("an account that the queue asks about is reported as nobody's besides")
				}
				if best := d.Candidates[0]; best.Login != c.entry.Login || len(best.For) == 0 || best.Score > 100 {
					t.Errorf("candidate is %+v", best)
				}
			}
		})
	}
}

func TestAnswersInTheQueue(t *testing.T) {
	t.Parallel()
	p := human(1)
	a := named(1, "tmade", p)
	decide := func(answer string, of directory.GUID) match.Result {
		return match.Match(match.Input{People: []person.Person{p}, Accounts: []directory.Account{a},
			Decisions: []state.Decision{{PersonID: p.ID, Account: of, Answer: answer, At: day(2)}}})
	}
	t.Run("not the same leaves the person without that candidate", func(t *testing.T) {
		t.Parallel()
		if r := decide(state.AnswerNotSame, a.GUID); !r.MayCreate(p.ID) || len(r.Queue) != 0 {
			t.Errorf("still waits: %+v", r.Queue)
		}
	})
	t.Run("create makes the person free for a new account, whatever looks like theirs", func(t *testing.T) {
		t.Parallel()
		if r := decide(state.AnswerCreate, directory.GUID{}); !r.MayCreate(p.ID) || len(r.Queue) != 0 {
			t.Errorf("still waits: %+v", r.Queue)
		}
	})
	t.Run("an answer about another account changes nothing", func(t *testing.T) {
		t.Parallel()
		waits(t, decide(state.AnswerNotSame, guid(77)), p)
	})
}

func TestTwoAccountsCarryTheEmployeeNumber(t *testing.T) {
	t.Parallel()
	p := human(1)
	one, two := keyed(1, "first", p.Key), keyed(2, "second", p.Key)
	both := []directory.GUID{one.GUID, two.GUID}

	t.Run("of a current person neither is changed: match queue and D03", func(t *testing.T) {
		t.Parallel()
		r := match.Match(match.Input{People: []person.Person{p}, Accounts: []directory.Account{two, one}})
		if d := waits(t, r, p); len(d.Candidates) != 2 {
			t.Errorf("candidates: %+v", d.Candidates)
		}
		if codes(r.Findings)[finding.SeveralAccounts] != 1 || len(r.Of) != 0 {
			t.Errorf("findings %+v, pairs %+v", r.Findings, r.Of)
		}
	})
	t.Run("of a current person with a stored link neither is changed either", func(t *testing.T) {
		t.Parallel()
		r := match.Match(match.Input{People: []person.Person{p}, Accounts: []directory.Account{two, one}, Links: []state.Link{link(p, one)}})
		waits(t, r, p)
		fits(t, r, p, one)
	})
	t.Run("of a leaver both are disabled", func(t *testing.T) {
		t.Parallel()
		r := match.Match(match.Input{People: []person.Person{leaver(p)}, Accounts: []directory.Account{two, one}})
		if !slices.Equal(r.Accounts(p.ID), both) || r.Doubtful[p.ID] != "" {
			t.Errorf("accounts %v, doubt %q", r.Accounts(p.ID), r.Doubtful[p.ID])
		}
		if codes(r.Findings)[finding.SeveralAccounts] != 1 {
			t.Errorf("findings %+v", r.Findings)
		}
	})
	t.Run("a leaver or a lockout never waits for a match that is already made", func(t *testing.T) {
		t.Parallel()
		r := match.Match(match.Input{People: []person.Person{leaver(p)}, Accounts: []directory.Account{two, one}, Links: []state.Link{link(p, two)}})
		if got := r.Accounts(p.ID); len(got) != 2 || got[0] != two.GUID || r.Doubtful[p.ID] != "" {
			t.Errorf("accounts %v, doubt %q", got, r.Doubtful[p.ID])
		}
	})
	t.Run("an administrator's account by the naming rule is not a second one", func(t *testing.T) {
		t.Parallel()
		admin := keyed(2, "ADM-first", p.Key)
		r := match.Match(match.Input{People: []person.Person{p}, Accounts: []directory.Account{one, admin}, Secondary: []string{"adm-{login}"}})
		fits(t, r, p, one)
		if !slices.Equal(r.Secondary[p.ID], []directory.GUID{admin.GUID}) || codes(r.Findings)[finding.SeveralAccounts] != 0 {
			t.Errorf("secondary %v, findings %+v", r.Secondary[p.ID], r.Findings)
		}
	})
	t.Run("one employee number on two records pairs neither", func(t *testing.T) {
		t.Parallel()
		other := with(human(2), func(o *person.Person) { o.Key = p.Key })
		r := match.Match(match.Input{People: []person.Person{p, other}, Accounts: []directory.Account{one}})
		waits(t, r, p)
		waits(t, r, other)
	})
	t.Run("the number on one account and ESR's address on another is a doubt", func(t *testing.T) {
		t.Parallel()
		p := with(p, func(p *person.Person) { p.ESREmail = "t@example.test" })
		mail := with(named(2, "second", p), func(a *directory.Account) { a.Mail = "t@example.test" })
		r := match.Match(match.Input{People: []person.Person{p}, Accounts: []directory.Account{one, mail}})
		waits(t, r, p)
		if len(r.Of) != 0 {
			t.Errorf("paired: %+v", r.Of)
		}
	})
}

func TestFindingsAboutAccounts(t *testing.T) {
	t.Parallel()
	critical := with(account(4, "krbtgt"), func(a *directory.Account) { a.Critical = true })
	clash := func(n int, login string) directory.Account {
		return with(account(n, login), func(a *directory.Account) { a.ProxyAddresses = []string{"SMTP:same@example.test"} })
	}
	cases := []struct {
		claim    string
		accounts []directory.Account
		tokens   map[directory.GUID]match.Token
		want     map[finding.Code]int
	}{
		{"D01: an account that nobody owns", []directory.Account{account(1, "who")}, nil, map[finding.Code]int{finding.UnownedAccount: 1}},
		{"D07: a generic account by the pattern, and not D01", []directory.Account{account(1, "Ward-SHARED-2")}, nil,
			map[finding.Code]int{finding.GenericAccount: 1}},
		{"a service account that is listed as protected is not nobody's", []directory.Account{account(1, "svc-backup")}, nil, map[finding.Code]int{}},
		{"a built-in account is not nobody's", []directory.Account{critical}, nil, map[finding.Code]int{}},
		{"D10: an invalid token", []directory.Account{account(1, "who")}, map[directory.GUID]match.Token{guid(1): {}},
			map[finding.Code]int{finding.InvalidToken: 1, finding.UnownedAccount: 1}},
		{"D11: one address on two accounts", []directory.Account{clash(1, "a"), clash(2, "b")}, nil,
			map[finding.Code]int{finding.NameClash: 1, finding.UnownedAccount: 2}},
		{"D11: one address on three accounts is one finding", []directory.Account{clash(1, "a"), clash(2, "b"), clash(3, "c")}, nil,
			map[finding.Code]int{finding.NameClash: 1, finding.UnownedAccount: 3}},
		{"D11: one login on two accounts", []directory.Account{account(1, "same"), account(2, "SAME")}, nil,
			map[finding.Code]int{finding.NameClash: 1, finding.UnownedAccount: 2}},
		{"an account whose mail is its UPN and its proxy clashes with nobody", []directory.Account{with(clash(1, "a"), func(a *directory.Account) {
			a.Mail, a.UPN = "same@example.test", "same@example.test"
		})}, nil, map[finding.Code]int{finding.UnownedAccount: 1}},
	}
	for _, c := range cases {
		t.Run(c.claim, func(t *testing.T) {
			t.Parallel()
			r := match.Match(match.Input{Accounts: c.accounts, Tokens: c.tokens, Generic: []string{"*shared*"}, Protected: []string{"svc-*"}})
			got := codes(r.Findings)
			if len(got) != len(c.want) {
				t.Fatalf("findings %+v", r.Findings)
			}
			for code, n := range c.want {
				if got[code] != n {
					t.Errorf("%s %d times, want %d", code, got[code], n)
				}
			}
		})
	}
	t.Run("an account of somebody whom the records do not have is not nobody's", func(t *testing.T) {
		t.Parallel()
		r := match.Match(match.Input{Accounts: []directory.Account{account(1, "who")}, Links: []state.Link{link(human(5), account(1, "who"))}})
		if len(r.Findings) != 0 || len(r.Unowned) != 0 {
			t.Errorf("findings %+v", r.Findings)
		}
	})
}

func TestLeaversWithoutASureAccount(t *testing.T) {
	t.Parallel()
	p := leaver(with(human(1), func(p *person.Person) { p.Last = "Example" }))
	t.Run("a strong candidate that is still on is asked about", func(t *testing.T) {
		t.Parallel()
		r := match.Match(match.Input{People: []person.Person{p}, Accounts: []directory.Account{named(1, "texample", p)}})
		if queued(r, p.ID) == nil {
			t.Error("the leaver's likely account stays on and nobody is asked")
		}
	})
	t.Run("an account that is off already asks nothing", func(t *testing.T) {
		t.Parallel()
		off := with(named(1, "texample", p), func(a *directory.Account) { a.Control = a.Control.WithDisabled() })
		if r := match.Match(match.Input{People: []person.Person{p}, Accounts: []directory.Account{off}}); len(r.Queue) != 0 {
			t.Errorf("queue %+v", r.Queue)
		}
	})
}
