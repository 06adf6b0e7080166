package store

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"

	"esrsync/esrmodel"
)

// A record's body holds its slices one after the other, each with its length
// before it; a slice is its fields in the order in which the walk names them, a
// text with its length before it. That reads 100,000 people in well under a
// second, and keeps NI numbers out of sight of whoever browses the tables.
//
// A new field goes to the end of a walk: a slice that ends before it was written
// by an older version and leaves it zero. A field is never moved or taken out.

// packing is the first byte of a body. Another one would be another format.
const packing = 1

var errBody = errors.New("the stored body is not one of this version")

// walk names the fields of a slice of one kind to a walker, which writes or reads them.
type walk[T any] func(w walker, slice *T)

// walker is told where the fields of a slice are.
type walker interface {
	text(*string)
	day(*esrmodel.Date)
	bit(*bool)
	number(*float64)
}

// packed returns the body for the slices of a record.
func packed[T any](fields walk[T], slices []T) []byte {
	body := []byte{packing}
	var w writer
	for i := range slices {
		w.out = w.out[:0]
		fields(&w, &slices[i])
		body = binary.AppendUvarint(body, uint64(len(w.out)))
		body = append(body, w.out...)
	}
	return body
}

// unpacked returns the slices in a body.
func unpacked[T any](fields walk[T], body string) ([]T, error) {
	if len(body) == 0 || body[0] != packing {
		return nil, errBody
	}
	r := reader{in: body[1:]}
	var slices []T
	for len(r.in) > 0 && !r.broken {
		one := reader{in: r.take()}
		var slice T
		fields(&one, &slice)
		slices = append(slices, slice)
		r.broken = r.broken || one.broken
	}
	if r.broken {
		return nil, errBody
	}
	return slices, nil
}

type writer struct{ out []byte }

func (w *writer) text(s *string) {
	w.out = binary.AppendUvarint(w.out, uint64(len(*s)))
	w.out = append(w.out, *s...)
}

func (w *writer) day(d *esrmodel.Date) { w.out = binary.AppendVarint(w.out, int64(*d)) }

func (w *writer) bit(b *bool) { w.out = append(w.out, byte(bit(*b))) }

func (w *writer) number(f *float64) {
	w.out = binary.LittleEndian.AppendUint64(w.out, math.Float64bits(*f))
}

// reader reads from a string, so that every text in it is a piece of the one
// body and costs no memory of its own. At the end of in all fields are zero.
type reader struct {
	in     string
	broken bool
}

// take returns the next piece that has its length before it.
func (r *reader) take() string {
	n := r.length()
	if n > uint64(len(r.in)) {
		r.broken, r.in = true, ""
		return ""
	}
	piece := r.in[:n]
	r.in = r.in[n:]
	return piece
}

// length reads a number as binary.Uvarint does, from a string.
func (r *reader) length() uint64 {
	var n uint64
	for i := 0; i < len(r.in) && i < binary.MaxVarintLen64; i++ {
		n |= uint64(r.in[i]&0x7f) << (7 * i)
		if r.in[i] < 0x80 {
			r.in = r.in[i+1:]
			return n
		}
	}
	r.broken = r.broken || r.in != ""
	r.in = ""
	return 0
}

func (r *reader) text(s *string) {
	if r.in != "" {
		*s = r.take()
	}
}

func (r *reader) day(d *esrmodel.Date) {
	if r.in == "" {
		return
	}
	n := r.length()
	value := int64(n >> 1) // as binary.Varint: the sign is the lowest bit
	if n&1 != 0 {
		value = ^value
	}
	*d = esrmodel.Date(value)
}

func (r *reader) bit(b *bool) {
	if r.in != "" {
		*b, r.in = r.in[0] != 0, r.in[1:]
	}
}

func (r *reader) number(f *float64) {
	switch {
	case r.in == "":
	case len(r.in) < 8:
		r.broken, r.in = true, ""
	default:
		*f, r.in = math.Float64frombits(binary.LittleEndian.Uint64([]byte(r.in[:8]))), r.in[8:]
	}
}

// bodyFault says which record cannot be read; never what stands in it.
func bodyFault(kind esrmodel.Kind, id string, err error) error {
	return fmt.Errorf("reading record %s %s: %w", kind, id, err)
}
