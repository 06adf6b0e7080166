package feed

import (
	"encoding/binary"
	"math/bits"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// row is one line of a GO file, split in place. It is used again for the next line.
type row struct {
	number int    // in the file, from 1
	line   []byte // without its line end
	ends   []int  // where each field ends
}

// Every byte of a word: the lowest bit, the highest bit, and a tilde.
const (
	lowBits  = 0x0101010101010101
	highBits = 0x8080808080808080
	tildes   = lowBits * '~'
)

// split finds the fields of a line, eight bytes at a time: most fields of a feed
// are empty or short, and a search for each would cost more than the rest.
func (r *row) split(number int, line []byte) {
	r.number, r.line, r.ends = number, line, r.ends[:0]
	at := 0
	for ; at+8 <= len(line); at += 8 {
		word := binary.LittleEndian.Uint64(line[at:]) ^ tildes
		// Exact for every byte, unlike the shorter (x-lowBits)&^x&highBits, which may
		// also mark the byte above a match.
		found := ^(((word &^ highBits) + (highBits - lowBits)) | word) & highBits
		for ; found != 0; found &= found - 1 {
			r.ends = append(r.ends, at+bits.TrailingZeros64(found)/8)
		}
	}
	for ; at < len(line); at++ {
		if line[at] == '~' {
			r.ends = append(r.ends, at)
		}
	}
	r.ends = append(r.ends, len(line))
}

// clean reports whether a line holds printable ASCII alone; most lines do, and
// then no byte of it needs a closer look.
func clean(line []byte) bool {
	var dirty uint64
	at := 0
	for ; at+8 <= len(line); at += 8 {
		word := binary.LittleEndian.Uint64(line[at:])
		// Marks bytes above ASCII, below a blank, and 0x7f. A carry may mark the
		// neighbour of a marked byte, which does no harm: the closer look decides.
		dirty |= (word | (word - lowBits*0x20) | (word + lowBits)) & highBits
	}
	for ; at < len(line); at++ {
		if c := line[at]; c < 0x20 || c >= 0x7f {
			return false
		}
	}
	return dirty == 0
}

// field returns the n-th field, from 1, without surrounding blanks.
func (r *row) field(n int) []byte {
	start := 0
	if n > 1 {
		start = r.ends[n-2] + 1
	}
	return trim(r.line[start:r.ends[n-1]])
}

// trim cuts ASCII blanks; bytes.TrimSpace would read ISO-8859-1 as UTF-8.
func trim(b []byte) []byte {
	for len(b) > 0 && b[0] == ' ' {
		b = b[1:]
	}
	for len(b) > 0 && b[len(b)-1] == ' ' {
		b = b[:len(b)-1]
	}
	return b
}

// What a byte of a GO file may be.
const (
	plain   = 0
	high    = 1 // above ASCII
	control = 2 // no text has it: a control character, or a byte without a meaning in Windows-1252
)

// byteClasses returns the class of each byte. 0x80 to 0x9F are control
// characters in ISO-8859-1, but what is found there in feeds is Windows-1252:
// curly quotes and dashes pasted from a word processor.
func byteClasses() (class [256]byte) {
	for b := range class {
		switch {
		case b < 0x20 || b == 0x7f:
			class[b] = control
		case b >= 0x80:
			class[b] = high
		}
	}
	for _, b := range []byte{0x81, 0x8d, 0x8f, 0x90, 0x9d} {
		class[b] = control
	}
	return class
}

// decoder makes strings of fields. Values that repeat are kept once; the others
// share large blocks, so that a row costs no allocation of its own.
type decoder struct {
	often   map[string]string
	block   arena
	scratch []byte
	stray   int // fields with a Windows-1252 character
	latin   int // fields above ASCII that cannot be UTF-8
	utf8    int // fields above ASCII that are whole UTF-8
	utf8At  int // line of the first of these
}

func newDecoder() *decoder { return &decoder{often: map[string]string{}} }

// text decodes a field of the given line.
func (d *decoder) text(raw []byte, often bool, line int) string {
	if !ascii(raw) {
		raw = d.decode(raw, line)
	}
	if !often {
		return d.block.keep(raw)
	}
	if s, ok := d.often[string(raw)]; ok {
		return s
	}
	s := d.block.keep(raw)
	d.often[s] = s
	return s
}

func ascii(b []byte) bool {
	for _, c := range b {
		if c >= 0x80 {
			return false
		}
	}
	return true
}

// decode turns ISO-8859-1 with stray Windows-1252 into UTF-8, in a buffer that the next call uses again.
func (d *decoder) decode(raw []byte, line int) []byte {
	d.tally(raw, line)
	d.scratch = d.scratch[:0]
	for _, c := range raw {
		d.scratch = utf8.AppendRune(d.scratch, charmap.Windows1252.DecodeByte(c))
	}
	return d.scratch
}

// tally counts what the bytes look like.
func (d *decoder) tally(raw []byte, line int) {
	if utf8.Valid(raw) {
		if d.utf8 == 0 {
			d.utf8At = line
		}
		d.utf8++
		return
	}
	d.latin++
	for _, c := range raw {
		if c >= 0x80 && c <= 0x9f {
			d.stray++
			return
		}
	}
}
