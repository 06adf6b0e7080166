package hold

import (
	"encoding/hex"
	"fmt"

	"crypto/rand"

	"esrsync/internal/directory"
	"esrsync/internal/state"
	"esrsync/internal/token"
)

// newID returns a hold's ID: 32 hexadecimal digits that nobody can guess.
func newID() (string, error) {
	var raw [token.HoldSize]byte
	if _, err := rand.Read(raw[:]); err != nil {
		return "", fmt.Errorf("naming the hold: %w", err)
	}
	return hex.EncodeToString(raw[:]), nil
}

// idOf returns a token's hold as an ID, empty for none.
func idOf(said token.Statement) string {
	if said.Hold == [token.HoldSize]byte{} {
		return ""
	}
	return hex.EncodeToString(said.Hold[:])
}

// Of returns the ID of the hold that a valid token says is on its account;
// empty where there is none, or where it says that the hold was released.
func Of(said token.Statement) string {
	if said.Released {
		return ""
	}
	return idOf(said)
}

// ReleasedOf returns the ID of the hold that a valid token says was released.
func ReleasedOf(said token.Statement) string {
	if !said.Released {
		return ""
	}
	return idOf(said)
}

// mark returns the token that says that the account is held: whose it is and what
// it was stay as they were. Empty where the key cannot be read.
func (l *Locker) mark(h state.Hold, a state.HeldAccount) (string, error) {
	if l.Sealer == nil {
		return "", nil
	}
	st := token.Statement{PersonID: h.PersonID, PersonKey: h.PersonKey, State: a.State, Enabled: a.Enabled}
	if err := putID(&st, h.ID); err != nil {
		return "", err
	}
	text, err := l.Sealer.Seal(a.Account, st)
	if err != nil {
		return "", fmt.Errorf("sealing the token of %s: %w", a.Account, err)
	}
	return text, nil
}

// unmark returns the token that an account has after the release: empty where it
// had none before. It names the hold as released, so that a store that is older
// than the release does not lock the account again.
func (l *Locker) unmark(h state.Hold, a state.HeldAccount, left bool) (string, error) {
	if l.Sealer == nil || !a.Marked {
		return "", nil
	}
	st := token.Statement{PersonID: h.PersonID, PersonKey: h.PersonKey, State: a.State, Released: true}
	if left && a.Enabled {
		st.State = stateLeaver // it is we who keep it off now
	}
	if err := putID(&st, h.ID); err != nil {
		return "", err
	}
	text, err := l.Sealer.Seal(a.Account, st)
	if err != nil {
		return "", fmt.Errorf("sealing the token of %s: %w", a.Account, err)
	}
	return text, nil
}

// stateLeaver is a token's word for an account that we switched off for good.
const stateLeaver = "leaver"

func putID(st *token.Statement, id string) error {
	raw, err := hex.DecodeString(id)
	if err != nil || len(raw) != token.HoldSize {
		return fmt.Errorf("%q is no hold's ID", id)
	}
	copy(st.Hold[:], raw)
	return nil
}

// read returns what an account's token says, and whether it is one of ours.
func (l *Locker) read(id directory.GUID, marker string) (token.Statement, bool) {
	if l.Sealer == nil || marker == "" {
		return token.Statement{}, false
	}
	said, err := l.Sealer.Open(id, marker)
	return said, err == nil
}
