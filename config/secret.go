package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// Secret says where a secret is: "env:NAME" (an environment variable), "file:PATH", "credential:NAME" (a systemd
// credential) or "dpapi:BLOB" (Windows). The zero value says that there is none. However it is printed, it is
// a placeholder.
type Secret struct {
	scheme, place string
}

// Placeholder is what a [Secret] that is set prints as.
const Placeholder = "[secret]"

// Errors about secrets. None of them repeats a secret or the file's own words.
var (
	// ErrNotReference reports a text that is not a reference, most likely the secret itself.
	ErrNotReference = errors.New("holds a value where a reference belongs")
	// ErrSecretUnavailable reports a reference that leads nowhere.
	ErrSecretUnavailable = errors.New("secret is not available")
)

// maxSecret is the largest secret that is read, in bytes. A longer one is a reference to the wrong file.
const maxSecret = 64 << 10

// ParseSecret returns the reference that text says, or an error that matches [ErrNotReference] and does not
// repeat it. The empty text is no secret.
func ParseSecret(text string) (Secret, error) {
	if text == "" {
		return Secret{}, nil
	}
	scheme, place, _ := strings.Cut(text, ":")
	switch scheme {
	case "env", "file", "credential", "dpapi":
	default:
		return Secret{}, ErrNotReference
	}
	if place == "" {
		return Secret{}, ErrNotReference
	}
	if scheme == "credential" && (strings.ContainsAny(place, `/\`) || place == "..") {
		return Secret{}, fmt.Errorf("%w: a credential's name holds no slash", ErrNotReference)
	}
	return Secret{scheme: scheme, place: place}, nil
}

// IsZero reports whether there is no secret.
func (s Secret) IsZero() bool { return s == Secret{} }

// Reference returns the reference, for telling a person which secret is meant. A dpapi: reference holds the sealed
// secret, and is not told.
func (s Secret) Reference() string {
	if s.scheme == "dpapi" {
		return "dpapi:" + Placeholder
	}
	return s.reference()
}

// reference returns the reference whole, for a file that is to hold it.
func (s Secret) reference() string {
	if s.IsZero() {
		return ""
	}
	return s.scheme + ":" + s.place
}

// Resolve reads the secret, without a line end at its end. It returns nil where there is none, and an error that
// matches [ErrSecretUnavailable] where the reference leads nowhere or to nothing.
func (s Secret) Resolve() ([]byte, error) {
	if s.IsZero() {
		return nil, nil
	}
	value, err := s.read()
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w: %w", s.Reference(), ErrSecretUnavailable, err)
	}
	if s.scheme == "file" || s.scheme == "credential" {
		value = bytes.TrimSuffix(bytes.TrimSuffix(value, []byte("\n")), []byte("\r"))
	}
	if len(value) == 0 {
		return nil, fmt.Errorf("reading %s: %w: it is empty", s.Reference(), ErrSecretUnavailable)
	}
	return value, nil
}

func (s Secret) read() ([]byte, error) {
	switch s.scheme {
	case "env":
		value, found := os.LookupEnv(s.place)
		if !found {
			return nil, errors.New("the environment has no such variable")
		}
		return []byte(value), nil
	case "file":
		return readSmall(s.place)
	case "credential":
		folder := os.Getenv("CREDENTIALS_DIRECTORY")
		if folder == "" {
			return nil, errors.New("CREDENTIALS_DIRECTORY is not set: only a service that systemd started has credentials")
		}
		return readSmall(filepath.Join(folder, s.place))
	}
	return unsealDPAPI(s.place)
}

// readSmall reads a file that cannot be larger than a secret may be.
func readSmall(path string) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	value, err := io.ReadAll(io.LimitReader(file, maxSecret+1))
	if err != nil {
		return nil, err
	}
	if len(value) > maxSecret {
		return nil, fmt.Errorf("it is larger than %d bytes", maxSecret)
	}
	return value, nil
}

// String returns the placeholder, or nothing where there is no secret.
func (s Secret) String() string {
	if s.IsZero() {
		return ""
	}
	return Placeholder
}

// GoString returns [Secret.String].
func (s Secret) GoString() string { return s.String() }

// Format prints [Secret.String] whatever the verb.
func (s Secret) Format(state fmt.State, _ rune) {
	// Safe to ignore: the state belongs to package fmt, which reports its own errors.
	_, _ = io.WriteString(state, s.String())
}

// MarshalText returns [Secret.String].
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// MarshalJSON returns [Secret.String].
func (s Secret) MarshalJSON() ([]byte, error) { return []byte(`"` + s.String() + `"`), nil }

// UnmarshalText takes what [ParseSecret] does.
func (s *Secret) UnmarshalText(text []byte) (err error) {
	*s, err = ParseSecret(string(text))
	return err
}
