package madeup

import "esrsync/esrmodel"

// roles says upon whom the directory's faults fall, by place in the staff.
type roles struct {
	starter  int    // index of the newcomer of the first night
	returned [2]int // the old and the new record of one human being

	leaversOn, withGroups                   []int
	leaverTwice, protected, adminLeaver     int
	twice, renamed, wrongManager            []int
	goneManager, missingGroup, stale        []int
	byHand, unused, administrators, clashes []int

	urps map[string]int // whose URP gives the finding of a code
}

// castRoles draws them.
func (b *builder) castRoles() {
	current := func(n int) []int {
		var out []int
		for range n {
			out = append(out, b.someone().index)
		}
		return out
	}
	former := func(n int) []int {
		var out []int
		for range n {
			out = append(out, b.leaver().index)
		}
		return out
	}
	r := &b.roles
	r.leaversOn, r.withGroups = former(3), former(2)
	r.leaverTwice, r.protected, r.adminLeaver = former(1)[0], former(1)[0], former(1)[0]
	r.twice, r.renamed, r.wrongManager, r.goneManager = current(2), current(2), current(2), current(1)
	r.missingGroup, r.stale, r.byHand, r.unused = current(2), current(2), current(2), current(2)
	r.administrators, r.clashes = current(2), current(2)
	b.castURPs()
	b.loosen(current(1)[0], current(1)[0], current(1)[0])
	for _, i := range r.renamed {
		p := b.staff[i].who()
		p.PreviousLastName, p.LastName = p.LastName, "Married-"+p.LastName
	}
}

// loosen takes from three accounts what says whose they are, so that even the
// smallest trust has one of each sort.
func (b *builder) loosen(onlyAddress, onlyName, none int) {
	b.staff[onlyAddress].link = byAddress
	b.staff[onlyName].link, b.staff[onlyName].who().Email = byName, ""
	e := &b.staff[none]
	e.link, e.login, e.address, e.who().Email = noAccount, "", "", ""
}

// castURPs draws whose URPs should be asked about. Those who need a smartcard
// have one, but for the one whose finding is that they have none.
func (b *builder) castURPs() {
	b.roles.urps = map[string]int{"U01": b.leaver().index}
	for _, code := range []string{"U03", "U04", "U05", "U06", "U08", "U11", "U12", "U14", "U15"} {
		e := b.someone()
		b.roles.urps[code] = e.index
		e.who().SmartcardUUID = smartcard(e.index)
		switch code {
		case "U03":
			b.movedLately(e)
		case "U11":
			e.who().SmartcardUUID = ""
		}
	}
	for _, unit := range b.heads[1:] {
		e := &b.staff[b.holder[unit]]
		e.who().SmartcardUUID = smartcard(e.index)
	}
}

// movedLately gives a person an earlier post elsewhere, until a month ago.
func (b *builder) movedLately(e *employee) {
	before, moved := *e.job(), b.day(0).AddDays(-30)
	other := b.anySeat()
	for b.seats[other].unit == b.seats[e.seat].unit {
		other = b.anySeat()
	}
	b.place(&before, other)
	before.Span.To = moved.AddDays(-1)
	e.job().Span.From = moved
	e.posts, e.main = []esrmodel.Assignment{before, *e.job()}, 1
}
