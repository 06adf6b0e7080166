package ldapx

import (
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"sync"

	"esrsync/internal/directory"
)

// Circuit remembers that the directory refused our own name or password, so that
// no further try locks our own account out. It opens with the first refusal and
// closes by itself when another credential is used. One Circuit may be shared by
// all that sign in as the same account. The zero value is ready.
//
// It lives as long as the process; whoever starts processes keeps the fact that
// it is [Circuit.Open] across them.
type Circuit struct {
	proving sync.Mutex // held while a credential that was never taken is tried
	mu      sync.Mutex
	salt    []byte
	refused [sha256.Size]byte // of the credential; zero: none
	proven  [sha256.Size]byte
	reason  error
}

// Open reports whether a credential was refused and no other was taken since.
func (c *Circuit) Open() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.reason != nil
}

// Reset forgets a refusal: a person says that the same credential is right now.
func (c *Circuit) Reset() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.refused, c.reason = [sha256.Size]byte{}, nil
}

// bind runs try unless this credential was refused before. A credential that was
// never taken is tried by one caller at a time: with four connections opening at
// once a wrong password would else be counted four times.
func (c *Circuit) bind(user string, password []byte, try func() error) error {
	id := c.identify(user, password)
	if !c.isProven(id) {
		c.proving.Lock()
		defer c.proving.Unlock()
	}
	if err := c.refusal(id); err != nil {
		return err
	}
	err := try()
	c.note(id, err)
	return err
}

// identify names a credential without keeping it: a hash under a salt that lives
// and dies with the process.
func (c *Circuit) identify(user string, password []byte) [sha256.Size]byte {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.salt == nil {
		c.salt = make([]byte, 32)
		_, _ = rand.Read(c.salt) // Never fails, by the package's own promise.
	}
	h := sha256.New()
	h.Write(c.salt)
	fmt.Fprintf(h, "%d:%s", len(user), user)
	h.Write(password)
	return [sha256.Size]byte(h.Sum(nil))
}

func (c *Circuit) isProven(id [sha256.Size]byte) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.proven == id
}

func (c *Circuit) refusal(id [sha256.Size]byte) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.reason != nil && c.refused == id {
		return fmt.Errorf("not asked again: %w", c.reason)
	}
	return nil
}

// note opens the circuit on a refusal and closes it when a credential is taken.
// An error of another kind says nothing about the credential.
func (c *Circuit) note(id [sha256.Size]byte, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case err == nil:
		c.proven, c.reason = id, nil
	case isKind(err, directory.ErrCredentials):
		c.refused, c.reason = id, err
		if c.proven == id {
			c.proven = [sha256.Size]byte{}
		}
	}
}
