package feed

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"hash"
	"io"
)

// maxLine is the longest line that is read, in bytes; the longest layout needs a few thousand.
const maxLine = 256 << 10

// lines reads a file line by line in one buffer and hashes all of it.
type lines struct {
	in     *bufio.Reader
	sum    hash.Hash
	number int
}

func newLines(r io.Reader) *lines {
	sum := sha256.New()
	return &lines{in: bufio.NewReaderSize(io.TeeReader(r, sum), maxLine), sum: sum}
}

// next returns the next line without LF or CRLF; it is valid until the next call.
// whole is false for a line that is too long, of which only the beginning is
// returned. After the last line it returns io.EOF.
func (l *lines) next() (line []byte, whole bool, err error) {
	line, err = l.in.ReadSlice('\n')
	if len(line) == 0 && err != nil {
		return nil, true, err
	}
	l.number++
	switch {
	case err == nil:
		line = bytes.TrimSuffix(line[:len(line)-1], []byte{'\r'})
		return line, true, nil
	case errors.Is(err, bufio.ErrBufferFull):
		line = bytes.Clone(line[:100]) // reading on writes over the buffer
		return line, false, l.skip()
	case errors.Is(err, io.EOF):
		return bytes.TrimSuffix(line, []byte{'\r'}), true, nil
	}
	return nil, true, err
}

// skip reads to the end of a line that is too long.
func (l *lines) skip() error {
	for {
		switch _, err := l.in.ReadSlice('\n'); {
		case err == nil, errors.Is(err, io.EOF):
			return nil
		case !errors.Is(err, bufio.ErrBufferFull):
			return err
		}
	}
}

// hash returns the SHA-256 of all that was read, in hex.
func (l *lines) hash() string { return hex.EncodeToString(l.sum.Sum(nil)) }
