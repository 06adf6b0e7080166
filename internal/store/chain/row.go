package chain

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"maps"
	"slices"
	"strconv"

	"esrsync/internal/state"
)

// Actor is the name of the detail that says who acted. Erasing a person leaves it:
// it is somebody else's, and who did what must stay known.
const Actor = "actor"

// Erased is the action of a row that says that the details about its subject were
// erased up to there.
const Erased = "ledger.erased"

// format is hashed into every row, so that rows of another format can never pass
// for rows of this one.
const format = "esrsync ledger 1"

// Genesis is what the first row has as the hash of the row before.
func Genesis() string {
	sum := sha256.Sum256([]byte(format))
	return hex.EncodeToString(sum[:])
}

// Digest returns the salted hash of a detail. The name is in it, so that a value
// cannot be moved to another name.
func Digest(salt, name, value string) string {
	h := hmac.New(sha256.New, []byte(salt))
	field(h, name)
	field(h, value)
	return hex.EncodeToString(h.Sum(nil))
}

// Seal returns the row with its hash. Sequence, Previous and Digests must be there.
func Seal(r state.Record) state.Record {
	r.Hash = rowHash(r)
	return r
}

// rowHash covers everything in a row but the details, for which their digests
// stand, and the hash itself.
func rowHash(r state.Record) string {
	h := sha256.New()
	field(h, format)
	field(h, r.Previous)
	field(h, strconv.FormatInt(r.Sequence, 10))
	field(h, strconv.FormatInt(r.At.UnixMicro(), 10))
	field(h, r.Action)
	field(h, r.RunID)
	field(h, r.Subject)
	for _, name := range names(r.Digests) {
		field(h, name)
		field(h, r.Digests[name])
	}
	return hex.EncodeToString(h.Sum(nil))
}

// field hashes a text with its length before it, so that no two different rows
// are the same bytes.
func field(h hash.Hash, text string) {
	fmt.Fprintf(h, "%d:%s", len(text), text) // A hash never fails.
}

func names(m map[string]string) []string { return slices.Sorted(maps.Keys(m)) }
