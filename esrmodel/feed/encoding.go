package feed

import (
	"bytes"
	"errors"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// errNoText reports bytes that are no text in any encoding that is read.
var errNoText = errors.New("no text: UTF-8, UTF-16 with its mark, or Windows-1252 is expected")

// decodeText turns a whole CSV file into a string: UTF-8 with or without a byte
// order mark, UTF-16 with one, else Windows-1252.
func decodeText(b []byte) (string, error) {
	switch {
	case bytes.HasPrefix(b, []byte("\xff\xfe")), bytes.HasPrefix(b, []byte("\xfe\xff")):
		return decodeUTF16(b)
	case utf8.Valid(b):
		return string(bytes.TrimPrefix(b, []byte("\xef\xbb\xbf"))), nil
	}
	text, err := charmap.Windows1252.NewDecoder().Bytes(b)
	if err != nil {
		return "", errNoText
	}
	return string(text), nil
}

func decodeUTF16(b []byte) (string, error) {
	text, err := unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM).NewDecoder().Bytes(b)
	if err != nil || len(b)%2 != 0 {
		return "", errNoText
	}
	return string(text), nil
}

// badRune returns the line of the first character that no text has, and zero for none.
func badRune(text string) (line int, r rune) {
	at := strings.IndexFunc(text, isBadRune)
	if at < 0 {
		return 0, 0
	}
	r, _ = utf8.DecodeRuneInString(text[at:])
	return 1 + strings.Count(text[:at], "\n"), r
}

func isBadRune(r rune) bool {
	switch {
	case r == '\t', r == '\n', r == '\r':
		return false
	case r < 0x20, r >= 0x7f && r <= 0x9f, r == utf8.RuneError:
		return true
	}
	return false
}
