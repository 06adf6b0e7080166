package madeup

import "slices"

// cast hands out people for events and faults, each once, so that no two of
// them fall upon one person.
type cast struct {
	ordinary []int // current people with one plain assignment and a well-kept account
	former   []int // people who left, with an account
}

// newCast shuffles who can be drawn. Nobody whom another leans on is among
// them: not the board, no manager.
func (b *builder) newCast() *cast {
	c := &cast{}
	for i := range b.staff {
		switch e := &b.staff[i]; {
		case e.gone():
			c.former = append(c.former, i)
		case b.isOrdinary(e):
			c.ordinary = append(c.ordinary, i)
		}
	}
	for _, list := range [][]int{c.ordinary, c.former} {
		b.rand.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	}
	return c
}

func (b *builder) isOrdinary(e *employee) bool {
	s, p, a := b.seats[e.seat], e.who(), e.job()
	return e.seat >= boardSeats() && !s.manages && len(e.posts) == 1 && a.Status == active && a.Category == permanent &&
		e.link == byNumber && p.Email == e.address && p.FirstName != "" && p.HireDate < b.opts.Day.AddDays(-200)
}

// take removes and returns the first who fits, or else the first of all: a small
// trust may have nobody better.
func (b *builder) take(from *[]int, fits func(*employee) bool) *employee {
	n := max(0, slices.IndexFunc(*from, func(i int) bool { return fits(&b.staff[i]) }))
	e := &b.staff[(*from)[n]]
	*from = slices.Delete(*from, n, n+1)
	return e
}

func anybody(*employee) bool { return true }

// someone draws a current person.
func (b *builder) someone() *employee { return b.take(&b.people.ordinary, anybody) }

// leaver draws a person who left.
func (b *builder) leaver() *employee { return b.take(&b.people.former, anybody) }
