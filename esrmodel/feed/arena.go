package feed

import "strings"

// arenaBlock is the size of one block of an arena, in bytes.
const arenaBlock = 64 << 10

// arena keeps many small strings in few large blocks. A string that it returned
// stays valid for ever: a block is never grown or written over, only replaced.
type arena struct{ block strings.Builder }

// keep returns a copy of b as a string.
func (a *arena) keep(b []byte) string {
	if len(b) == 0 {
		return ""
	}
	if a.block.Cap()-a.block.Len() < len(b) {
		a.block.Reset() // lets go of the old block, which its strings still hold
		a.block.Grow(max(arenaBlock, len(b)))
	}
	start := a.block.Len()
	a.block.Write(b)
	return a.block.String()[start:]
}

// chunkRows is how many rows one chunk holds.
const chunkRows = 512

// chunks is a list that grows without moving what it has: the nouns are large,
// and a growing slice would copy each of them several times.
type chunks[T any] struct{ list [][]T }

// add appends a copy of v.
func (c *chunks[T]) add(v *T) {
	last := len(c.list) - 1
	if last < 0 || len(c.list[last]) == chunkRows {
		c.list = append(c.list, make([]T, 0, chunkRows))
		last++
	}
	c.list[last] = append(c.list[last], *v)
}

// at returns the i-th element, from 0.
func (c *chunks[T]) at(i int) *T { return &c.list[i/chunkRows][i%chunkRows] }
