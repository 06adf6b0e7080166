// Package names turns people's names into login names and addresses, and into
// the plain form in which two spellings of one name are compared.
//
// Everything becomes ASCII: first by the table of [letter], then by taking accents
// off, then by the Unicode-to-ASCII tables of unidecode. Nothing here looks at
// what is taken already: [Expand] yields candidates in order, and the caller
// takes the first that is free.
package names

import (
	"strings"
	"unicode/utf8"

	"github.com/mozillazg/go-unidecode"
	"golang.org/x/text/unicode/norm"
)

// letter returns the ASCII for characters that accents alone do not explain, and
// reports whether it knows the character. Umlauts are not here: ü becomes u, as
// most trusts spell it, not ue.
func letter(r rune) (string, bool) {
	switch r {
	case 'ß', 'ẞ':
		return "ss", true
	case 'Æ', 'æ', 'Ǽ', 'ǽ':
		return "ae", true
	case 'Œ', 'œ':
		return "oe", true
	case 'Ø', 'ø', 'Ǿ', 'ǿ':
		return "o", true
	case 'Þ', 'þ':
		return "th", true
	case 'Ð', 'ð', 'Đ', 'đ':
		return "d", true
	case 'Ł', 'ł':
		return "l", true
	case 'Ħ', 'ħ':
		return "h", true
	case 'ı', 'İ':
		return "i", true
	case 'Ŋ', 'ŋ':
		return "ng", true
	case '\'', '’', '‘', 'ʼ', 'ʻ', '`', '´', '′':
		return "", true // O'Neill is oneill, however the apostrophe was typed
	case '‐', '‑', '‒', '–', '—', '−':
		return "-", true
	}
	return "", false
}

// ASCII returns a name in lower-case ASCII: Łukasz is lukasz, Ŵyn is wyn.
// Apostrophes go, dashes of every sort become hyphens, spaces and all other
// characters that ASCII has stay.
func ASCII(s string) string {
	if isASCII(s) {
		return strings.ToLower(strings.ReplaceAll(strings.ReplaceAll(s, "'", ""), "`", ""))
	}
	var b strings.Builder
	for _, r := range norm.NFC.String(s) {
		if plain, known := letter(r); known {
			b.WriteString(plain)
			continue
		}
		for _, part := range norm.NFKD.String(string(r)) {
			if plain, known := letter(part); known {
				b.WriteString(plain)
			} else {
				b.WriteString(strings.ToLower(unidecode.Unidecode(string(part))))
			}
		}
	}
	return b.String()
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// Kind is what a name is made for; it decides which characters stay.
type Kind int

// The kinds.
const (
	Login   Kind = iota // a–z and 0–9
	Address             // those and hyphens; the dots of a template stay too
)

// Clean returns a value as it may stand in a login or in the part of an address
// before the @: spaces, apostrophes, dots and everything else that may not be
// there goes, so that van der Berg is vanderberg.
func Clean(s string, kind Kind) string {
	return strings.Map(func(r rune) rune {
		if isAlphanumeric(r) || r == '-' && kind == Address {
			return r
		}
		return -1
	}, ASCII(s))
}

// Fold returns a name as it is compared: ASCII, lower case, letters only.
func Fold(s string) string {
	if isFolded(s) {
		return s
	}
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' {
			return r
		}
		return -1
	}, ASCII(s))
}

func isFolded(s string) bool {
	for i := range len(s) {
		if s[i] < 'a' || s[i] > 'z' {
			return false
		}
	}
	return true
}

func isAlphanumeric(r rune) bool { return r >= 'a' && r <= 'z' || r >= '0' && r <= '9' }
