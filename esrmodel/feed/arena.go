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
