package apply_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"esrsync/internal/directory"
	"esrsync/internal/directory/memory"
	"esrsync/internal/password"
	"esrsync/internal/state"
	"esrsync/internal/token"
	"esrsync/sync/apply"
	"esrsync/sync/plan"
)

const staff = "OU=Staff,DC=example,DC=nhs,DC=uk"

// bench is an applier over a directory in memory, with what it wrote down.
type bench struct {
	t       *testing.T
	applier apply.Applier
	dir     *memory.Directory
	journal *journal
	sealer  *token.Sealer
	refuse  map[string]string // change ID → why the gate refuses it
	stop    error             // what the gate ends the run with
}

// journal remembers in memory, and can be told to fail.
type journal struct {
	mu      sync.Mutex
	lines   []string
	open    map[string]bool
	settled []apply.Outcome
	fail    error
}

func (j *journal) Intend(_ context.Context, changes []plan.Change) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	for _, c := range changes {
		j.lines = append(j.lines, "intend "+c.ID)
		j.open[c.ID] = true
	}
	return j.fail
}

func (j *journal) Settle(_ context.Context, outcomes []apply.Outcome) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	for _, o := range outcomes {
		j.lines = append(j.lines, "settle "+o.Change.ID)
		if o.Result != "" {
			delete(j.open, o.Change.ID)
		}
		j.settled = append(j.settled, o)
	}
	return nil
}

// May implements [apply.Gate].
func (b *bench) May(_ context.Context, c plan.Change) (string, error) { return b.refuse[c.ID], b.stop }

// watched notes each write in the journal's lines, and can be told to answer badly.
type watched struct {
	*memory.Directory
	b     *bench
	errOn map[string]error // by method
}

func (w *watched) note(method string) error {
	w.b.journal.mu.Lock()
	defer w.b.journal.mu.Unlock()
	w.b.journal.lines = append(w.b.journal.lines, method)
	return w.errOn[method]
}

func (w *watched) Create(ctx context.Context, a directory.NewAccount) (directory.GUID, error) {
	if err := w.note("create"); err != nil {
		return directory.GUID{}, err
	}
	return w.Directory.Create(ctx, a)
}

func (w *watched) Modify(ctx context.Context, id directory.GUID, edits []directory.Edit) error {
	if err := w.note("modify"); err != nil {
		return err
	}
	return w.Directory.Modify(ctx, id, edits)
}

func newBench(t *testing.T) (*bench, *watched) {
	t.Helper()
	domain, err := memory.New(memory.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := domain.Load([]memory.Object{memory.Unit(staff), memory.Group("CN=All Staff,"+staff, "All Staff")}); err != nil {
		t.Fatal(err)
	}
	sealer, err := token.New(bytes.Repeat([]byte{7}, token.KeySize))
	if err != nil {
		t.Fatal(err)
	}
	b := &bench{t: t, dir: memory.NewDirectory(domain.System()), journal: &journal{open: map[string]bool{}}, sealer: sealer, refuse: map[string]string{}}
	w := &watched{Directory: b.dir, b: b, errOn: map[string]error{}}
	b.applier = apply.Applier{Writer: w, Journal: b.journal, Gate: b, Workers: 4, Encoder: apply.Encoder{
		PersonKeyAttribute: "employeeID", MarkerAttribute: "adminDescription", Sealer: sealer, Password: password.Hidden,
	}}
	return b, w
}

// accounts reads the staff as they are now, by login.
func (b *bench) accounts() map[string]directory.Account {
	b.t.Helper()
	list, err := b.dir.Accounts(b.t.Context(), directory.Scope{Bases: []string{staff}, Attributes: []string{"title"}})
	if err != nil {
		b.t.Fatal(err)
	}
	out := map[string]directory.Account{}
	for _, a := range list {
		out[a.Login] = a
	}
	return out
}

func joiner(n int) []plan.Change {
	login := fmt.Sprintf("madeup%d", n)
	person := fmt.Sprintf("2000%04d", n)
	cn := "Made Up " + login
	return []plan.Change{
		plan.Change{Class: plan.Joiner, Kind: plan.Create, Person: person, PersonID: "1" + person, After: plan.Values{
			plan.CN: {cn}, plan.OU: {staff}, "sAMAccountName": {login}, "userPrincipalName": {login + "@example.nhs.uk"},
			plan.PersonKey: {person}, "title": {"Nurse"}, plan.Token: {"precreated"},
		}}.Identify(),
		plan.Change{Class: plan.Joiner, Kind: plan.Enable, Person: person, PersonID: "1" + person,
			Before: plan.Values{"userAccountControl": {"514"}, plan.Token: {"precreated"}},
			After:  plan.Values{"userAccountControl": {"512"}, plan.Token: {"managed"}}}.Identify(),
	}
}

func joiners(n int) []plan.Change {
	var out []plan.Change
	for i := range n {
		out = append(out, joiner(i)...)
	}
	return out
}

func TestCreatingMarksTheAccountAndSaysItWasDone(t *testing.T) {
	t.Parallel()
	b, _ := newBench(t)
	out, err := b.applier.Apply(t.Context(), joiners(1)[:1])
	if err != nil || len(out) != 1 || out[0].Result != state.Done || out[0].Account.IsZero() {
		t.Fatalf("outcomes %+v, error %v", out, err)
	}
	a := b.accounts()["madeup0"]
	said, err := b.sealer.Open(a.GUID, a.Marker)
	if err != nil || said.PersonKey != "20000000" || said.State != "precreated" {
		t.Errorf("token says %+v, %v", said, err)
	}
	if a.Enabled() || a.PersonKey != "20000000" || a.Value("title") != "Nurse" {
		t.Errorf("the account is %+v", a)
	}
}

func TestEveryWriteStandsBetweenItsIntentAndItsOutcome(t *testing.T) {
	t.Parallel()
	b, _ := newBench(t)
	changes := joiners(1)[:1]
	if _, err := b.applier.Apply(t.Context(), changes); err != nil {
		t.Fatal(err)
	}
	want := []string{"intend " + changes[0].ID, "create", "modify", "settle " + changes[0].ID}
	if !slices.Equal(b.journal.lines, want) {
		t.Errorf("the journal and the directory saw %v, want %v", b.journal.lines, want)
	}
}

func TestWithoutAJournalNothingIsWritten(t *testing.T) {
	t.Parallel()
	b, _ := newBench(t)
	b.journal.fail = state.ErrUnavailable
	_, err := b.applier.Apply(t.Context(), joiners(3))
	if !errors.Is(err, state.ErrUnavailable) || len(b.accounts()) != 0 {
		t.Errorf("error %v, accounts %v", err, b.accounts())
	}
}

func TestAStageEndsBeforeTheNextClassBegins(t *testing.T) {
	t.Parallel()
	b, w := newBench(t)
	id, err := b.dir.Create(t.Context(), directory.NewAccount{CN: "Old", Parent: staff, Login: "old", Password: "Complex-Enough-99!"})
	if err != nil {
		t.Fatal(err)
	}
	leaver := plan.Change{Class: plan.Leaver, Kind: plan.Set, PersonID: "9", Account: id, After: plan.Values{"title": {"gone"}}}.Identify()
	w.errOn["create"] = directory.ErrRefused
	if _, err := b.applier.Apply(t.Context(), append([]plan.Change{leaver}, joiners(20)...)); err != nil {
		t.Fatal(err)
	}
	if i, j := slices.Index(b.journal.lines, "settle "+leaver.ID), slices.Index(b.journal.lines, "create"); i > j {
		t.Errorf("a joiner was begun at %d before the leaver was settled at %d", j, i)
	}
}

func TestWhatDoesNotGoThrough(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		on      string // the method that answers
		err     error
		result  string // of the change itself
		second  string // of the account's next change
		stopped error
		open    bool // the change stays open in the journal
	}{
		"a changed account is skipped, and what rests on it":       {"modify", directory.ErrConflict, state.Skipped, state.Skipped, nil, false},
		"an account that was made and not marked stays ours":       {"modify", directory.ErrUnavailable, "", state.Skipped, directory.ErrUnavailable, true},
		"an OU that is not there is a failure that is heard of":    {"create", directory.ErrNotFound, state.Failed, state.Skipped, nil, false},
		"a name that was taken meanwhile fails that account alone": {"create", directory.ErrExists, state.Failed, state.Skipped, nil, false},
		"a missing right fails that account alone":                 {"create", directory.ErrDenied, state.Failed, state.Skipped, nil, false},
		"an unknown outcome stays open for the next run":           {"create", directory.ErrUnknownOutcome, "", state.Skipped, nil, true},
		"a directory that went away stops the run":                 {"create", directory.ErrUnavailable, state.Failed, state.Skipped, directory.ErrUnavailable, false},
		"our own refused password stops the run":                   {"create", directory.ErrCredentials, state.Failed, state.Skipped, directory.ErrCredentials, false},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b, w := newBench(t)
			w.errOn[c.on] = c.err
			changes := joiners(1)
			out, err := b.applier.Apply(t.Context(), changes)
			if !errors.Is(err, c.stopped) {
				t.Errorf("stopped with %v, want %v", err, c.stopped)
			}
			if len(out) != 2 || out[0].Result != c.result || out[1].Result != c.second {
				t.Fatalf("outcomes %+v", out)
			}
			if b.journal.open[changes[0].ID] != c.open {
				t.Errorf("open in the journal: %v, want %v", b.journal.open[changes[0].ID], c.open)
			}
		})
	}
}

func TestARunStopsWhereNoAnswerComesAnyMore(t *testing.T) {
	t.Parallel()
	b, w := newBench(t)
	w.errOn["create"] = directory.ErrUnknownOutcome
	changes := joiners(40)
	_, err := b.applier.Apply(t.Context(), changes)
	if !errors.Is(err, directory.ErrUnavailable) {
		t.Fatalf("stopped with %v", err)
	}
	tries := 0
	for _, line := range b.journal.lines {
		if line == "create" {
			tries++
		}
	}
	if tries > 2*b.applier.Workers+1 {
		t.Errorf("%d accounts were tried on a directory that answers nothing", tries)
	}
	if !b.journal.open[changes[0].ID] {
		t.Error("a write of unknown outcome was settled")
	}
}

func TestTheGateIsAskedBeforeEachWrite(t *testing.T) {
	t.Parallel()
	b, _ := newBench(t)
	changes := joiners(2)
	b.refuse[changes[0].ID] = "the person is locked out"
	out, err := b.applier.Apply(t.Context(), changes)
	if err != nil {
		t.Fatal(err)
	}
	if out[0].Result != state.Skipped || out[0].Detail != "the person is locked out" || out[1].Result != state.Skipped {
		t.Errorf("outcomes of the refused person: %+v", out[:2])
	}
	if _, made := b.accounts()["madeup0"]; made || !b.accounts()["madeup1"].Enabled() {
		t.Errorf("accounts %v", b.accounts())
	}
}

func TestALostLeaseStopsBeforeTheNextWrite(t *testing.T) {
	t.Parallel()
	b, _ := newBench(t)
	b.stop = state.ErrLeaseLost
	_, err := b.applier.Apply(t.Context(), joiners(5))
	if !errors.Is(err, state.ErrLeaseLost) || len(b.accounts()) != 0 {
		t.Errorf("error %v, accounts %v", err, b.accounts())
	}
}

func TestManyAccountsAreAllDoneOnce(t *testing.T) {
	t.Parallel()
	b, _ := newBench(t)
	var told []int
	b.applier.Progress = func(done, _ int) { told = append(told, done) }
	out, err := b.applier.Apply(t.Context(), joiners(150))
	if err != nil || len(out) != 300 {
		t.Fatalf("%d outcomes, error %v", len(out), err)
	}
	for _, a := range b.accounts() {
		if !a.Enabled() || !strings.HasPrefix(a.Marker, "esr1.") {
			t.Fatalf("account %s: enabled %v, marker %q", a.Login, a.Enabled(), a.Marker)
		}
	}
	if len(b.accounts()) != 150 || !slices.IsSorted(told) || told[len(told)-1] != 300 {
		t.Errorf("%d accounts, progress %v", len(b.accounts()), told)
	}
}

func TestOfALeaverWithTwoAccountsOneThatFailsDoesNotKeepTheOtherOn(t *testing.T) {
	t.Parallel()
	b, _ := newBench(t)
	var off []plan.Change
	for i, control := range []string{"546", "514"} { // the first is not as it was read
		id, err := b.dir.Create(t.Context(), directory.NewAccount{CN: fmt.Sprint("Two ", i), Parent: staff, Login: fmt.Sprint("two", i), Password: "Complex-Enough-99!"})
		if err != nil {
			t.Fatal(err)
		}
		off = append(off, plan.Change{Class: plan.Leaver, Kind: plan.Disable, Person: "20000001", PersonID: "1", Account: id,
			Before: plan.Values{"userAccountControl": {control}}, After: plan.Values{"userAccountControl": {"514"}, plan.Token: {"leaver"}}}.Identify())
	}
	out, err := b.applier.Apply(t.Context(), off)
	if err != nil || len(out) != 2 || out[0].Result == state.Done || out[1].Result != state.Done {
		t.Errorf("outcomes %+v, error %v", out, err)
	}
}

func TestAManagerWhoWasRenamedInTheSameRunIsFollowed(t *testing.T) {
	t.Parallel()
	b, _ := newBench(t)
	ids := map[string]directory.GUID{}
	for _, name := range []string{"Boss", "Report"} {
		id, err := b.dir.Create(t.Context(), directory.NewAccount{CN: name, Parent: staff, Login: name, Password: "Complex-Enough-99!"})
		if err != nil {
			t.Fatal(err)
		}
		ids[name] = id
	}
	changes := []plan.Change{
		plan.Change{Class: plan.Rename, Kind: plan.Renaming, PersonID: "boss", Account: ids["Boss"], DN: "CN=Boss," + staff,
			Before: plan.Values{plan.CN: {"Boss"}}, After: plan.Values{plan.CN: {"Boss, Married"}}}.Identify(),
		plan.Change{Class: plan.Mover, Kind: plan.Set, PersonID: "report", Account: ids["Report"], ManagerID: "boss",
			After: plan.Values{"manager": {"CN=Boss," + staff}}}.Identify(),
	}
	out, err := b.applier.Apply(t.Context(), changes)
	if err != nil || out[1].Result != state.Done {
		t.Fatalf("outcomes %+v, error %v", out, err)
	}
	if got := b.accounts()["Report"].Manager; !directory.SameDN(got, `CN=Boss\, Married,`+staff) {
		t.Errorf("the manager is %q", got)
	}
}

func TestExplainSaysWhatBecameOfAnOpenIntent(t *testing.T) {
	t.Parallel()
	id := directory.GUID{1}
	on := directory.Account{GUID: id, Login: "madeup0", PersonKey: "20000000", DN: "CN=Made Up," + staff, Control: 512, MemberOf: []string{"CN=All Staff," + staff}, Attributes: map[string]string{"title": "Nurse"}}
	world := apply.NewWorld([]directory.Account{on}, map[directory.GUID]string{id: "managed"})
	set := func(before, after string) plan.Change {
		return plan.Change{Kind: plan.Set, Account: id, Before: plan.Values{"title": {before}}, After: plan.Values{"title": {after}}}
	}
	cases := map[string]struct {
		change plan.Change
		done   bool
	}{
		"a new account that is there was made":            {joiner(0)[0], true},
		"a link whose token and key are there was made":   {plan.Change{Kind: plan.Mark, Account: id, After: plan.Values{plan.PersonKey: {"20000000"}, plan.Token: {"managed"}}}, true},
		"an expiry that was taken out is gone":            {plan.Change{Kind: plan.Set, Account: id, Before: plan.Values{"accountExpires": {"134116992000000000"}}, After: plan.Values{"accountExpires": {"0"}}}, true},
		"a new account that is not there was not":         {joiner(1)[0], false},
		"another's account of that login is not ours":     {func() plan.Change { c := joiner(0)[0]; c.Person = "20009999"; return c }(), false},
		"a value as intended was set":                     {set("Clerk", "Nurse"), true},
		"a value as before was not":                       {set("Nurse", "Matron"), false},
		"an account that is on was enabled":               {plan.Change{Kind: plan.Enable, Account: id, Before: plan.Values{"userAccountControl": {"514"}, plan.Token: {"precreated"}}, After: plan.Values{"userAccountControl": {"512"}, plan.Token: {"managed"}}}, true},
		"one whose token was not rewritten was not":       {plan.Change{Kind: plan.Disable, Account: id, After: plan.Values{plan.Token: {"leaver"}}}, false},
		"a membership that is there was added":            {plan.Change{Kind: plan.AddMember, Account: id, After: plan.Values{plan.Group: {"cn=all staff," + staff}}}, true},
		"a membership that is there was not taken":        {plan.Change{Kind: plan.RemoveMember, Account: id, Before: plan.Values{plan.Group: {"CN=All Staff," + staff}}}, false},
		"an account in its new place was moved":           {plan.Change{Kind: plan.Move, Account: id, After: plan.Values{plan.OU: {"ou=staff,dc=example,dc=nhs,dc=uk"}}}, true},
		"an account that is gone was deleted":             {plan.Change{Kind: plan.Deletion, Account: directory.GUID{9}}, true},
		"one that is there was not":                       {plan.Change{Kind: plan.Deletion, Account: id}, false},
		"a change of an account that is gone is not done": {plan.Change{Kind: plan.Set, Account: directory.GUID{9}, After: plan.Values{"title": {"Nurse"}}}, false},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := world.Explain(c.change); (got.Result == state.Done) != c.done || got.Detail == "" {
				t.Errorf("explained as %+v", got)
			}
		})
	}
}
