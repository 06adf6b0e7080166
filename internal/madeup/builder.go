package madeup

import (
	"math/rand/v2"
	"strconv"
	"strings"

	"esrsync/esrmodel"
)

// seat is one place of work for one person.
type seat struct {
	unit, position int
	boss           int  // the seat of the line manager; -1 for the chief executive
	manages        bool // others report to it
}

// boardSeats is how many people head the trust: they are never drawn for an event.
func boardSeats() int { return 2 + len(directorates()) }

// builder makes a trust, one step after the other.
type builder struct {
	opts   Options
	rand   *rand.Rand
	names  *namer
	spell  speller
	estate estate

	seats  []seat
	heads  []int          // the seat of the manager of each unit
	chiefs [][]int        // the same by directorate
	holder []int          // employee of each seat
	taken  map[string]int // local parts and logins in use, and whose they are
	clash  map[string]int // how often a name was wanted

	assignments int
	staff       []employee
	newcomers   []employee
	nights      [Nights + 1]night
	events      []Event
	people      *cast
	roles       roles
	lost        string
}

func newBuilder(opts Options) *builder {
	r := rand.New(rand.NewPCG(opts.Seed, 277))
	b := &builder{
		opts: opts, rand: r, names: newNamer(r), spell: newSpeller(), estate: newEstate(opts),
		taken: map[string]int{}, clash: map[string]int{}, chiefs: make([][]int, len(directorates())),
	}
	b.seat()
	return b
}

// seat makes a seat for each of the trust's people, and deals the seats out:
// the board first, all others in no order.
func (b *builder) seat() {
	board := b.estate.units[0]
	b.seats = append(b.seats, seat{position: board.manager, boss: -1, manages: true}, seat{position: board.lead, boss: 0})
	for _, p := range board.posts {
		b.seats = append(b.seats, seat{position: p, boss: 0, manages: true})
	}
	b.heads = []int{0}
	units := b.estate.units[1:]
	rest := b.opts.People - boardSeats()
	for i := range units {
		b.seatUnit(i+1, rest/len(units)+extra(i, rest%len(units)))
	}
	b.holder = make([]int, len(b.seats))
	for i, n := range b.rand.Perm(rest) {
		b.holder[boardSeats()+i] = boardSeats() + n
	}
	for i := range boardSeats() {
		b.holder[i] = i
	}
}

// extra returns 1 for the first units, which take what does not divide.
func extra(i, remainder int) int {
	if i < remainder {
		return 1
	}
	return 0
}

// seatUnit makes the seats of one unit: a manager, a lead for every 18 people,
// and the others, who report to one of the leads, or else to the manager.
func (b *builder) seatUnit(n, size int) {
	u := b.estate.units[n]
	head := len(b.seats)
	b.heads = append(b.heads, head)
	b.seats = append(b.seats, seat{unit: n, position: u.manager, boss: b.above(u), manages: true})
	b.chiefs[u.kind.directorate] = append(b.chiefs[u.kind.directorate], head) // in the order of rank
	leads := size / 18
	for range leads {
		b.seats = append(b.seats, seat{unit: n, position: u.lead, boss: head, manages: true})
	}
	for i := range size - leads - 1 {
		s := seat{unit: n, position: u.posts[i%len(u.posts)], boss: head}
		if leads > 0 {
			s.boss = head + 1 + i%leads
		}
		b.seats = append(b.seats, s)
	}
}

// above returns the seat that a unit's manager reports to: the director, for the
// first eight units of a directorate, else the manager of an earlier unit, so
// that nobody has more than a dozen managers below them however large the trust.
func (b *builder) above(u unit) int {
	if u.rank < 8 {
		return 2 + u.kind.directorate
	}
	return b.chiefs[u.kind.directorate][u.rank/8-1]
}

// recruit makes everybody whom the first full file has: current people, those
// who left within the last months, and those who will start.
func (b *builder) recruit() {
	byEmployee := make([]int, len(b.holder))
	for s, e := range b.holder {
		byEmployee[e] = s
	}
	b.staff = make([]employee, 0, b.opts.People+b.opts.People/60+20)
	for _, s := range byEmployee {
		b.employ(s)
	}
	for i := range 12 + b.opts.People/80 {
		b.formerly(i)
	}
	for i := range 3 + b.opts.People/300 {
		e := b.enlist(b.anySeat(), b.opts.Day.AddDays(-10))
		b.promise(&e, b.opts.Day.AddDays(6+3*i))
		b.staff = append(b.staff, e)
	}
}

// employ adds a current person.
func (b *builder) employ(seat int) {
	from := b.opts.Day.AddDays(-40 - b.rand.IntN(9*365))
	e := b.enlist(seat, from)
	b.vary(&e)
	b.know(&e)
	b.staff = append(b.staff, e)
}

// formerly adds somebody who left within the last three months.
func (b *builder) formerly(i int) {
	e := b.enlist(b.anySeat(), b.opts.Day.AddDays(-500-b.rand.IntN(3000)))
	b.name(&e)
	reasons := []string{"Voluntary Resignation - Work Life Balance", "Voluntary Resignation - Relocation", "Retirement Age", "End of Fixed Term Contract"}
	e.leave(b.opts.Day.AddDays(-3-b.rand.IntN(80)), reasons[i%len(reasons)])
	if i%2 == 0 {
		e.posts = append(e.posts, terminatedAfter(*e.job()))
	}
	b.staff = append(b.staff, e)
}

// promise turns a new record into an accepted offer for a day.
func (b *builder) promise(e *employee, start esrmodel.Date) {
	e.link = noAccount
	e.who().SystemPersonType, e.who().UserPersonType, e.who().HireDate = "EMP", "Employee", start
	e.job().Status, e.job().ProjectedHireDate = offered, start
}

// anySeat returns the seat of somebody who manages nobody and does not work for the bank.
func (b *builder) anySeat() int {
	for {
		s := boardSeats() + b.rand.IntN(len(b.seats)-boardSeats())
		if !b.seats[s].manages && !b.estate.units[b.seats[s].unit].kind.bank {
			return s
		}
	}
}

// vary gives a current person one of the many shapes that employment has.
func (b *builder) vary(e *employee) {
	if b.seats[e.seat].manages || e.seat < boardSeats() {
		return
	}
	a := e.job()
	bank := a.Category == bankWork
	switch x := b.rand.Float64() * 100; {
	case bank && x < 10:
		a.Status = "Inactive Not Worked"
	case bank:
	case x < 2:
		a.Status = "Maternity & Adoption"
	case x < 2.5:
		a.Status = "Career Break"
	case x < 3:
		a.Status = "Acting Up"
	case x < 3.5:
		a.Status = "Internal Secondment"
	case x < 3.8:
		a.Status = "Out on External Secondment - Paid"
	case x < 11:
		a.Category, a.ContractEndDate = fixedTerm, b.opts.Day.AddDays(90+b.rand.IntN(500))
	}
	if chance(b.rand, 25) {
		a.FTE, a.EmployeeCategory = float64(1+b.rand.IntN(4))/5, "Part Time"
	}
	b.enrich(e)
}

// enrich gives some people a history and some a second assignment.
func (b *builder) enrich(e *employee) {
	a := e.job()
	if start := a.Span.From; chance(b.rand, 12) && start < b.opts.Day.AddDays(-400) {
		changed := start.AddDays(200)
		before := a.WithDates(esrmodel.Span{From: start, To: changed.AddDays(-1)})
		before.FTE, before.Status = 0.6, active
		a.Span.From = changed
		e.posts, e.main = []esrmodel.Assignment{before, *a}, 1
	}
	from := e.who().HireDate.AddDays(20)
	switch x := b.rand.Float64() * 100; {
	case x < 5:
		b.second(e, bankWork, from)
	case x < 6.5:
		b.second(e, permanent, from)
	case x < 7 && b.estate.positions[b.seats[e.seat].position].StaffGroup == medical:
		b.second(e, honorary, from)
	}
}

// second gives a person another assignment beside the primary one.
func (b *builder) second(e *employee, category string, from esrmodel.Date) {
	a := b.assignment(e, 2, b.anySeat(), from)
	a.Category, a.FTE = category, 0.2
	e.posts = append(e.posts, a)
}

// know says how the directory knows a current person, and what ESR has of it.
func (b *builder) know(e *employee) {
	b.name(e)
	switch x := b.rand.Float64() * 100; {
	case e.index < boardSeats():
	case x < 8:
		e.link = byAddress
		return // ESR has the address, or nothing would say whose the account is
	case x < 10:
		e.link = byName
		e.who().Email = ""
		return
	case x < 11 || b.bankless(e):
		e.link, e.login, e.address = noAccount, "", ""
		e.who().Email = ""
		return
	}
	switch x := b.rand.Float64() * 100; {
	case e.index < boardSeats():
	case x < 8:
		e.who().Email = ""
	case x < 11:
		e.who().Email = e.login + "@mail.example"
	}
}

// bankless reports whether somebody works for the bank so rarely that nobody ever
// made them an account.
func (b *builder) bankless(e *employee) bool {
	return e.job().Status == "Inactive Not Worked" && chance(b.rand, 30)
}

// name gives a person a login in one of the styles of the past, and an address
// that ESR has too.
func (b *builder) name(e *employee) {
	p := e.who()
	given, last := b.spell.ascii(e.given()), b.spell.ascii(p.LastName)
	local := b.reserve(given+"."+last, 64, e.index)
	if p.FirstName == "" {
		local = b.reserve(last, 64, e.index)
	}
	e.address = local + "@" + b.opts.EmailDomain
	p.Email = e.address
	if chance(b.rand, 4) {
		p.Email = strings.ToUpper(local[:1]) + local[1:] + "@" + b.opts.EmailDomain
	}
	switch x := b.rand.Float64() * 100; {
	case x < 40:
		e.login = b.reserve(last+given[:1], 20, e.index)
	case x < 75 && len(local) <= 20:
		e.login = local
	default:
		e.login = b.reserve(given[:1]+last[:1]+strconv.Itoa(1000+e.index*7919%9000), 20, e.index)
	}
}

// reserve returns a name that nobody has, numbered where somebody does, and cut
// before its number. A login and an address of one person may be the same.
func (b *builder) reserve(name string, limit, owner int) string {
	name = name[:min(len(name), limit)]
	for n := b.clash[name] + 1; ; n++ {
		wanted := name
		if n > 1 {
			digits := strconv.Itoa(n)
			wanted = name[:min(len(name), limit-len(digits))] + digits
		}
		b.clash[name] = n
		if _, taken := b.taken[wanted]; !taken {
			b.taken[wanted] = owner
			return wanted
		}
	}
}
