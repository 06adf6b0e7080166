package plan_test

import (
	"fmt"
	"slices"
	"sort"
	"strings"
	"time"

	"esrsync/esrmodel"
	"esrsync/internal/directory"
	"esrsync/internal/state"
	"esrsync/sync/match"
	"esrsync/sync/person"
	"esrsync/sync/plan"
)

const (
	staff   = "OU=Staff,DC=example,DC=nhs,DC=uk"
	general = "OU=General," + staff
	bank    = "OU=Bank," + staff
	groupOU = "OU=Groups,DC=example,DC=nhs,DC=uk"
	allIn   = "CN=All Staff," + groupOU
	bosses  = "CN=Line Managers," + groupOU
	project = "CN=Project," + groupOU // managed, and no rule names it
	foreign = "CN=Printers,OU=Elsewhere,DC=example,DC=nhs,DC=uk"
	admins  = "CN=Domain Admins,CN=Users,DC=example,DC=nhs,DC=uk"
)

var today = date("2026-11-22")

func date(s string) esrmodel.Date {
	d, err := esrmodel.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

// world is a made-up trust on one day: who is in ESR, what the directory holds
// and what the store remembers. Its directory can be changed by a plan.
type world struct {
	at       person.Moment
	people   []*person.Person
	accounts []*directory.Account
	groups   []*directory.Group
	tokens   map[directory.GUID]match.Token
	links    map[directory.GUID]state.Link
	extra    []directory.Name // in use by objects that are no accounts
	given    []state.Name
	held     map[string]bool
	keeps    map[string]esrmodel.Date
	expiry   map[directory.GUID]time.Time
	off      map[directory.GUID]esrmodel.Date
	several  map[string][]directory.GUID
	second   map[string][]directory.GUID
	awaits   map[string]directory.GUID
	doubtful map[string]string
	queue    []match.Doubt
	given2   map[string]string         // addresses of another service
	found    map[string]directory.GUID // accounts that match has just found, by person ID
	returned map[string]directory.GUID // accounts that go to a newer record of their person
	moved    map[string]string         // DNs that the plan being applied changed, old to new
	real     bool                      // package match says whose the accounts are
	twice    bool                      // the first run leaves something to the second on purpose
	schema   map[string]bool
	policy   plan.Policy
}

func newWorld() *world {
	w := &world{
		at:       person.Moment{Day: today},
		tokens:   map[directory.GUID]match.Token{},
		links:    map[directory.GUID]state.Link{},
		held:     map[string]bool{},
		keeps:    map[string]esrmodel.Date{},
		expiry:   map[directory.GUID]time.Time{},
		off:      map[directory.GUID]esrmodel.Date{},
		several:  map[string][]directory.GUID{},
		second:   map[string][]directory.GUID{},
		awaits:   map[string]directory.GUID{},
		doubtful: map[string]string{},
		found:    map[string]directory.GUID{},
		returned: map[string]directory.GUID{},
		policy:   madeUpPolicy(),
	}
	for i, dn := range []string{allIn, bosses, project, admins} {
		w.groups = append(w.groups, &directory.Group{GUID: guid(9000 + i), DN: dn, SID: fmt.Sprintf("S-1-5-21-1-2-3-%d", 5000+i)})
	}
	w.group(admins).SID = "S-1-5-21-1-2-3-512"
	return w
}

func madeUpPolicy() plan.Policy {
	return plan.Policy{
		Trust: "Made-Up Trust", EmailDomain: "example.nhs.uk",
		ManagedBases: []string{staff}, GroupBases: []string{groupOU},
		LoginTemplates: []string{"{initial}{surname}", "{initial}{middle_initial}{surname}", "{initial}{surname}{n}"}, LoginMax: 20,
		UPNTemplate:    "{email}",
		EmailTemplates: []string{"{preferred}.{surname}", "{preferred}.{surname}{n}"},
		DisplayName:    "{surname}, {preferred} ({organisation})", CommonName: "{preferred} {surname} ({login})",
		Rename: plan.RenameReview, CreateBefore: 14, AccountExpires: true, UnusedAfter: 40,
		Placement: []plan.Placement{
			{Name: "placement[0]", When: rule(`category == "Bank"`), OU: bank},
			{Name: "placement[1]", When: rule(`true`), OU: general},
		},
		Groups: []plan.GroupRule{
			{Name: "groups[0]", When: rule("true"), Group: allIn},
			{Name: "groups[1]", When: rule("is_manager"), Group: bosses},
		},
		Attributes: []plan.Attribute{
			{Name: "department", Template: "{organisation}", Authority: plan.Always},
			{Name: "manager", Template: "{manager_dn}", Authority: plan.Always},
			{Name: "physicalDeliveryOfficeName", Template: "{location}", Authority: plan.WhenEmpty},
			{Name: "title", Template: "{position_title}", Authority: plan.Always},
		},
		PersonKeyAttribute: "employeeID", MarkerAttribute: "adminDescription",
		Protected: []string{"svc-*", "krbtgt"},
	}
}

func rule(text string) person.Rule {
	r, err := person.CompileRule(text, nil)
	if err != nil {
		panic(err)
	}
	return r
}

// guid is the nth made-up GUID.
func guid(n int) directory.GUID {
	var g directory.GUID
	g[0], g[1], g[2], g[3] = byte(n>>24), byte(n>>16), byte(n>>8), byte(n)
	return g
}

// hire puts a current person into ESR, without an account.
func (w *world) hire(n int, preferred, last string) *person.Person {
	p := &person.Person{
		ID: fmt.Sprintf("%d", 1000+n), Key: fmt.Sprintf("2000%04d", n), First: preferred, Preferred: preferred, Last: last,
		Standing: person.Current, Access: true, Start: date("2020-01-06"), Why: "current",
	}
	p.Primary = person.Post{
		Number: p.Key + "-1", Category: "Permanent", Title: "Tester", Location: "Site A", Status: "Active Assignment",
		Organisation: person.Place{ID: "O4", Name: "Ward 4"},
	}
	w.people = append(w.people, p)
	return p
}

// employ puts a current person into ESR with the account that our rules give
// them, linked and in line: nothing is to be planned for them.
func (w *world) employ(n int, preferred, last string) (*person.Person, *directory.Account) {
	p := w.hire(n, preferred, last)
	a := w.account(n, p)
	w.link(p, a, plan.Managed)
	return p, a
}

// account makes the account that our rules give a person, and links nothing.
func (w *world) account(n int, p *person.Person) *directory.Account {
	login := strings.ToLower(p.Preferred[:1] + p.Last)
	email := strings.ToLower(p.Preferred+"."+p.Last) + "@example.nhs.uk"
	cn := fmt.Sprintf("%s %s (%s)", p.Preferred, p.Last, login)
	a := &directory.Account{
		GUID: guid(n), SID: fmt.Sprintf("S-1-5-21-1-2-3-%d", 2000+n), DN: directory.ChildDN(cn, general), CN: cn,
		Login: login, UPN: email, Mail: email, ProxyAddresses: []string{"SMTP:" + email},
		Control: directory.NormalAccount, PersonKey: p.Key, MemberOf: []string{allIn}, PrimaryGroup: 513,
		Created: today.Time(time.UTC), LastSignIn: today.Time(time.UTC),
		Attributes: map[string]string{
			"sn": p.Last, "givenName": p.Preferred, "displayName": p.Last + ", " + p.Preferred + " (Ward 4)",
			"department": "Ward 4", "title": "Tester", "physicalDeliveryOfficeName": "Site A",
		},
	}
	p.ESREmail = email
	w.accounts = append(w.accounts, a)
	return a
}

// link makes an account a person's, in the store and by its token.
func (w *world) link(p *person.Person, a *directory.Account, s plan.State) {
	w.tokens[a.GUID] = match.Token{Valid: true, PersonID: p.ID, PersonKey: p.Key, State: string(s)}
	w.links[a.GUID] = state.Link{PersonID: p.ID, PersonKey: p.Key, Account: a.GUID, State: string(s)}
	a.Marker = "sealed:" + p.ID + ":" + string(s)
}

// leave ends a person's employment on a day.
func leave(p *person.Person, day string) {
	p.Standing, p.Access, p.Leaving, p.LeavingBy, p.Posts = person.Left, false, date(day), "last working day", nil
}

// start makes a person start on a day.
func start(p *person.Person, day string) {
	p.Standing, p.Access, p.Start = person.Starting, false, date(day)
}

func switchOff(a *directory.Account) { a.Control = a.Control.WithDisabled() }

func (w *world) group(dn string) *directory.Group {
	for _, g := range w.groups {
		if directory.SameDN(g.DN, dn) {
			return g
		}
	}
	return nil
}

func (w *world) find(id directory.GUID) *directory.Account {
	for _, a := range w.accounts {
		if a.GUID == id {
			return a
		}
	}
	return nil
}

// matches does what package match does, in the little that these tests need: a
// link or a token is sure and known; a person key alone is sure and new.
func (w *world) matches() match.Result {
	r := match.Result{
		Of: map[string]match.Pair{}, Secondary: w.second, Several: w.several, Awaits: w.awaits, Doubtful: w.doubtful, Queue: w.queue,
	}
	owned := map[directory.GUID]bool{}
	claim := func(p *person.Person, a *directory.Account, pair match.Pair) {
		pair.Account = a.GUID
		r.Of[p.ID] = pair
		owned[a.GUID] = true
	}
	for _, p := range w.people {
		for _, id := range append(w.several[p.ID], w.second[p.ID]...) {
			owned[id] = true
		}
		for _, id := range []directory.GUID{w.found[p.ID], w.returned[p.ID]} {
			if a := w.find(id); a != nil && w.tokens[id].PersonID != p.ID {
				claim(p, a, match.Pair{New: true, Evidence: "what the test says"})
			}
		}
		for _, a := range w.accounts {
			l, linked := w.links[a.GUID]
			t := w.tokens[a.GUID]
			_, paired := r.Of[p.ID]
			switch {
			case owned[a.GUID] || paired || len(w.several[p.ID]) > 0 || w.doubtful[p.ID] != "":
			case linked && l.PersonID == p.ID:
				claim(p, a, match.Pair{Stored: true, Evidence: "stored link"})
			case !linked && t.Valid && t.PersonID == p.ID:
				claim(p, a, match.Pair{Evidence: "our token"})
			case !linked && !t.Valid && a.PersonKey == p.Key:
				claim(p, a, match.Pair{New: true, Evidence: "the employee number"})
			}
		}
	}
	for _, a := range w.accounts {
		if !owned[a.GUID] {
			r.Unowned = append(r.Unowned, a.GUID)
		}
	}
	return r
}

func (w *world) input() plan.Input {
	in := plan.Input{
		At: w.at, Zone: london(), Matches: w.matches(), Tokens: w.tokens, Given: w.given, Held: w.held, Keeps: w.keeps,
		OurExpiry: w.expiry, SwitchedOff: w.off, Addresses: w.given2, Schema: w.schema, Policy: w.policy,
		Names: slices.Clone(w.extra),
	}
	for _, p := range w.people {
		in.People = append(in.People, *p)
	}
	for _, a := range w.accounts {
		in.Accounts = append(in.Accounts, *a)
		in.Names = append(in.Names, namesOf(a)...)
	}
	for _, g := range w.groups {
		one := *g
		for _, a := range w.accounts {
			if slices.Contains(a.MemberOf, g.DN) {
				one.Members = append(one.Members, a.DN)
			}
		}
		in.Groups = append(in.Groups, one)
	}
	for _, l := range w.links {
		in.Links = append(in.Links, l)
	}
	sort.Slice(in.Links, func(i, j int) bool { return in.Links[i].Account.Compare(in.Links[j].Account) < 0 })
	sort.Slice(in.People, func(i, j int) bool { return in.People[i].ID < in.People[j].ID })
	sort.Slice(in.Accounts, func(i, j int) bool { return in.Accounts[i].GUID.Compare(in.Accounts[j].GUID) < 0 })
	if w.real {
		in.Matches = match.Match(match.Input{People: in.People, Accounts: in.Accounts, Tokens: in.Tokens, Links: in.Links})
	}
	return in
}

func namesOf(a *directory.Account) []directory.Name {
	out := []directory.Name{
		{Kind: directory.LoginName, Value: strings.ToLower(a.Login), Owner: a.GUID, DN: a.DN},
		{Kind: directory.UPNName, Value: strings.ToLower(a.UPN), Owner: a.GUID, DN: a.DN},
	}
	for _, s := range a.Addresses() {
		out = append(out, directory.Name{Kind: directory.Address, Value: s, Owner: a.GUID, DN: a.DN})
	}
	return out
}

func london() *time.Location {
	l, err := time.LoadLocation("Europe/London")
	if err != nil {
		panic(err)
	}
	return l
}
