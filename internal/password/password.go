// Package password makes passwords: random ones that nobody ever sees, and first
// passwords that a person can read out over the telephone.
//
// Active Directory refuses a password that holds the login name or a part of the
// display name of three letters or more; both kinds keep clear of that, and of
// characters that are mistaken for one another.
package password

import (
	"crypto/rand"
	"errors"
	"fmt"
	"math/big"
	"strings"
)

// alphabets are the four classes that a complex password draws on, without
// look-alikes (0 O o, 1 l I).
var alphabets = []string{
	"abcdefghijkmnpqrstuvwxyz",
	"ABCDEFGHJKLMNPQRSTUVWXYZ",
	"23456789",
	"!#%+:=?@",
}

// hiddenLength is the length of a password that nobody sees.
const hiddenLength = 40

// attempts bounds how often a password is made anew because it holds a name.
const attempts = 1000

// Hidden returns a random password that is meant to be thrown away: 40
// characters of four classes. It keeps clear of every part of avoid that has three
// letters or more: by chance one in a few thousand would hold such a part, and
// the directory would refuse the account.
func Hidden(avoid ...string) (string, error) { return clearOf(avoid, random) }

// clearOf makes passwords until one holds no part of the names.
func clearOf(names []string, create func() (string, error)) (string, error) {
	for range attempts {
		candidate, err := create()
		if err != nil {
			return "", err
		}
		if !contains(candidate, names) {
			return candidate, nil
		}
	}
	return "", errors.New("no password found that keeps clear of the person's names")
}

func random() (string, error) {
	all := strings.Join(alphabets, "")
	out := make([]byte, hiddenLength)
	for i := range out {
		set := all
		if i < len(alphabets) {
			set = alphabets[i] // each class at least once
		}
		c, err := pick(set)
		if err != nil {
			return "", err
		}
		out[i] = c
	}
	return string(out), nil
}

// consonants and vowels make syllables that can be spelled out without doubt.
const (
	consonants = "bdfgkmnprstvz"
	vowels     = "aeiu"
)

// First returns a first password that can be read out: three made-up words of
// three syllables and a number, "Tirabu-Menasi-Vakudi-47". It draws on about 57
// bits and keeps clear of every word of avoid that has three letters or more.
func First(avoid ...string) (string, error) { return clearOf(avoid, readable) }

func readable() (string, error) {
	words := make([]string, 3)
	for i := range words {
		var b strings.Builder
		for range 3 {
			c, err := pick(consonants)
			if err != nil {
				return "", err
			}
			v, err := pick(vowels)
			if err != nil {
				return "", err
			}
			b.WriteByte(c)
			b.WriteByte(v)
		}
		words[i] = strings.ToUpper(b.String()[:1]) + b.String()[1:]
	}
	n, err := rand.Int(rand.Reader, big.NewInt(90))
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("%s-%s-%s-%d", words[0], words[1], words[2], n.Int64()+10), nil
}

// contains reports whether the password holds a word of the names, as Active
// Directory looks for them: parts of three letters or more, whatever their case.
func contains(password string, names []string) bool {
	low := strings.ToLower(password)
	for _, name := range names {
		for _, part := range strings.FieldsFunc(strings.ToLower(name), separator) {
			if len(part) >= 3 && strings.Contains(low, part) {
				return true
			}
		}
	}
	return false
}

func separator(r rune) bool { return strings.ContainsRune(" ,.-_#\t'@()", r) }

func pick(set string) (byte, error) {
	n, err := rand.Int(rand.Reader, big.NewInt(int64(len(set))))
	if err != nil {
		return 0, fmt.Errorf("reading random bytes: %w", err)
	}
	return set[n.Int64()], nil
}
