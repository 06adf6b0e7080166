package chain

import (
	"crypto/ed25519"
	"encoding/base64"
	"strconv"
	"strings"
	"time"

	"esrsync/internal/state"
)

// Sign returns a checkpoint of a ledger with that many rows and that last hash.
// The instant is cut to microseconds and UTC.
func Sign(key ed25519.PrivateKey, sequence int64, hash string, at time.Time) state.Checkpoint {
	c := state.Checkpoint{Sequence: sequence, Hash: hash, At: at.UTC().Truncate(time.Microsecond)}
	c.Signature = base64.StdEncoding.EncodeToString(ed25519.Sign(key, signed(c)))
	return c
}

// IsGenuine reports whether the key's owner signed the checkpoint as it is.
func IsGenuine(key ed25519.PublicKey, c state.Checkpoint) bool {
	signature, err := base64.StdEncoding.DecodeString(c.Signature)
	return err == nil && len(key) == ed25519.PublicKeySize && ed25519.Verify(key, signed(c), signature)
}

// signed returns the text that a signature is over.
func signed(c state.Checkpoint) []byte {
	return []byte(strings.Join([]string{
		"esrsync ledger checkpoint 1", strconv.FormatInt(c.Sequence, 10), c.Hash, strconv.FormatInt(c.At.UnixMicro(), 10),
	}, "\n"))
}
