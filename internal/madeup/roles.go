package madeup

// roles says upon whom the directory's faults fall, by place in the staff.
type roles struct {
	starter  int    // index of the newcomer of the first night
	returned [2]int // the old and the new record of one human being

	leaversOn, withGroups                   []int
	leaverTwice, protected, adminLeaver     int
	twice, renamed, wrongManager            []int
	goneManager, missingGroup, stale        []int
	byHand, unused, administrators, clashes []int
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
