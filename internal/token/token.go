// Package token seals what esrsync must know of an account into one attribute
// of the account itself: whose it is, who switched it off last, and which hold is
// on it. Ownership and holds so survive the loss or the restoring of the store.
//
// A token is sealed (AES-256-GCM) with a key that is not in the store, over the
// account's objectGUID. Nobody can read from the directory who is suspended,
// forge a hold, or copy one to another account. All tokens have the same length,
// and the same statement about the same account gives the same text, so that a
// second run finds nothing to write.
package token

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"esrsync/internal/directory"
)

// KeySize is the length of a token key in bytes.
const KeySize = 32

// prefix names the format. A token never begins with User_ or Group_, since
// Entra Connect filters on those.
const prefix = "esr1."

// fieldSize bounds a person ID and a person key, in bytes. ESR's own are at most 30.
const fieldSize = 40

// plainSize is the length of every statement: state, hold, and two padded fields.
const plainSize = 1 + HoldSize + 2*(1+fieldSize)

// HoldSize is the length of a hold's ID in bytes.
const HoldSize = 16

// ErrInvalid reports a value that is no token of ours: cut short, copied from
// another account, sealed with another key, or not a token at all. It is a
// finding, and never a hold by itself.
var ErrInvalid = errors.New("the token is not valid")

// Statement is what a token says.
type Statement struct {
	PersonID  string
	PersonKey string
	State     string         // managed, precreated or leaver
	Hold      [HoldSize]byte // zero: no hold
	// Enabled says, with a hold, that the account was on before it.
	Enabled bool
	// Released says that Hold was released: a store that is older than that must
	// not put it back.
	Released bool
}

// The bits of a statement's first byte. The rest of it is the state.
const (
	enabledBit  = 0x80
	releasedBit = 0x40
)

// states gives each state its byte; the order is part of the format.
var states = []string{"", "managed", "precreated", "leaver"}

// Sealer seals and opens tokens with one key. It is safe for concurrent use.
type Sealer struct {
	aead  cipher.AEAD
	nonce []byte // the key for nonces
}

// New returns a sealer for a key of [KeySize] bytes.
func New(key []byte) (*Sealer, error) {
	if len(key) != KeySize {
		return nil, fmt.Errorf("a token key has %d bytes, this one %d", KeySize, len(key))
	}
	block, err := aes.NewCipher(derive(key, "seal"))
	if err != nil {
		return nil, err
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		return nil, err
	}
	return &Sealer{aead: aead, nonce: derive(key, "nonce")}, nil
}

func derive(key []byte, purpose string) []byte {
	m := hmac.New(sha256.New, key)
	m.Write([]byte("esrsync token " + purpose))
	return m.Sum(nil)
}

// Seal returns the token that says s of the account id.
func (s *Sealer) Seal(id directory.GUID, st Statement) (string, error) {
	plain, err := encode(st)
	if err != nil {
		return "", err
	}
	// The nonce is made from what is sealed: equal nonces mean equal statements of
	// the same account, which is all that such a token gives away.
	m := hmac.New(sha256.New, s.nonce)
	m.Write(id[:])
	m.Write(plain)
	nonce := m.Sum(nil)[:s.aead.NonceSize()]
	sealed := s.aead.Seal(nonce, nonce, plain, id[:])
	return prefix + base64.RawURLEncoding.EncodeToString(sealed), nil
}

// Open returns what a token says of the account id, or [ErrInvalid].
func (s *Sealer) Open(id directory.GUID, text string) (Statement, error) {
	body, ok := strings.CutPrefix(text, prefix)
	// The decoder would read past line breaks, and one statement has one text.
	if !ok || strings.ContainsAny(body, "\r\n") {
		return Statement{}, ErrInvalid
	}
	raw, err := base64.RawURLEncoding.Strict().DecodeString(body)
	if err != nil || len(raw) != s.aead.NonceSize()+plainSize+s.aead.Overhead() {
		return Statement{}, ErrInvalid
	}
	n := s.aead.NonceSize()
	plain, err := s.aead.Open(nil, raw[:n], raw[n:], id[:])
	if err != nil {
		return Statement{}, ErrInvalid
	}
	return decode(plain)
}

func encode(st Statement) ([]byte, error) {
	state := -1
	for i, name := range states {
		if name == st.State {
			state = i
		}
	}
	switch {
	case state < 0:
		return nil, fmt.Errorf("a token has no state %q", st.State)
	case len(st.PersonID) > fieldSize || len(st.PersonKey) > fieldSize:
		return nil, fmt.Errorf("a token holds a person ID and a key of at most %d bytes", fieldSize)
	}
	out := make([]byte, 0, plainSize)
	out = append(out, byte(state)|bit(st.Enabled, enabledBit)|bit(st.Released, releasedBit))
	out = append(out, st.Hold[:]...)
	for _, f := range []string{st.PersonID, st.PersonKey} {
		out = append(out, byte(len(f)))
		out = append(out, f...)
		out = append(out, make([]byte, fieldSize-len(f))...)
	}
	return out, nil
}

func bit(set bool, b byte) byte {
	if set {
		return b
	}
	return 0
}

func decode(plain []byte) (Statement, error) {
	var st Statement
	if len(plain) != plainSize {
		return st, ErrInvalid
	}
	said := int(plain[0] &^ (enabledBit | releasedBit))
	if said >= len(states) {
		return st, ErrInvalid
	}
	st.State, st.Enabled, st.Released = states[said], plain[0]&enabledBit != 0, plain[0]&releasedBit != 0
	copy(st.Hold[:], plain[1:])
	rest := plain[1+HoldSize:]
	for _, to := range []*string{&st.PersonID, &st.PersonKey} {
		n := int(rest[0])
		if n > fieldSize {
			return Statement{}, ErrInvalid
		}
		*to = string(rest[1 : 1+n])
		rest = rest[1+fieldSize:]
	}
	return st, nil
}
