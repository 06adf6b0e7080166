package hooks

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/tls"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// Headers of a signed call.
const (
	TimestampHeader = "X-Esrsync-Timestamp" // seconds since 1970
	SignatureHeader = "X-Esrsync-Signature" // see [Sign]
)

// action is the one thing that hooks are for.
const action = "revoke_sessions"

// call is the body of a signed call; its keys are documented.
type call struct {
	Action  string `json:"action"`
	Login   string `json:"login"`
	UPN     string `json:"upn"`
	Account string `json:"objectGUID"`
	Ticket  string `json:"ticket"`
}

// Sign returns what [SignatureHeader] says of a body: "sha256=" and the HMAC-SHA256
// of the timestamp, a full stop and the body, in hexadecimal digits. The timestamp
// is signed with it, so that a call that somebody overheard is worth nothing later.
func Sign(key []byte, timestamp string, body []byte) string {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(timestamp + "."))
	mac.Write(body)
	return "sha256=" + hex.EncodeToString(mac.Sum(nil))
}

// readMost is how much of an answer is read, in bytes; a server may say more.
const readMost = 64 << 10

// post sends the account to the hook's address.
func (r Runner) post(ctx context.Context, h Hook, t Target) (string, error) {
	key, err := keyOf(h)
	if err != nil {
		return "", err
	}
	request, err := r.request(ctx, h.URL, key, t)
	if err != nil {
		return "", err
	}
	client := r.client()
	defer client.CloseIdleConnections()
	response, err := client.Do(request)
	if err != nil {
		return "", bare(ctx, err)
	}
	// Safe to ignore: what matters of the answer was read, or its error is told.
	defer func() { _ = response.Body.Close() }()
	return told(ctx, response, key)
}

func keyOf(h Hook) ([]byte, error) {
	if h.Secret == nil {
		return nil, errors.New("it has no key to sign with")
	}
	key, err := h.Secret()
	if err != nil {
		return nil, fmt.Errorf("asking for its key: %w", err)
	}
	if len(key) == 0 {
		return nil, errors.New("its key is empty")
	}
	return key, nil
}

// request returns the signed call. Its errors do not repeat the address, which may
// hold a key of its own.
func (r Runner) request(ctx context.Context, address string, key []byte, t Target) (*http.Request, error) {
	to, err := url.Parse(address)
	if err != nil || to.Scheme != "https" || to.Host == "" {
		return nil, errors.New("its address is not one that begins with https://")
	}
	body, err := json.Marshal(call{Action: action, Login: t.Login, UPN: t.UPN, Account: t.Account.String(), Ticket: t.Ticket})
	if err != nil {
		return nil, fmt.Errorf("writing the body: %w", err)
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, to.String(), bytes.NewReader(body))
	if err != nil {
		return nil, errors.New("its address cannot be called")
	}
	timestamp := strconv.FormatInt(r.now().Unix(), 10)
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("User-Agent", "esrsyncd")
	request.Header.Set(TimestampHeader, timestamp)
	request.Header.Set(SignatureHeader, Sign(key, timestamp, body))
	return request, nil
}

// client returns a client for one call. A redirect is an answer like any other: to
// follow it would take the account's name to where nobody configured it to go.
func (r Runner) client() *http.Client {
	return &http.Client{
		Transport: &http.Transport{
			Proxy:             http.ProxyFromEnvironment,
			TLSClientConfig:   &tls.Config{RootCAs: r.Roots, MinVersion: tls.VersionTLS12},
			ForceAttemptHTTP2: true,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// told returns what the server said. Only 2xx says that it was done.
func told(ctx context.Context, response *http.Response, key []byte) (string, error) {
	said, err := io.ReadAll(io.LimitReader(response.Body, readMost))
	if err == nil {
		err = ctx.Err() // A server that sees us leave may end its answer as if it had been whole.
	}
	answer := shown(response.Status + " " + without(key, said))
	if response.StatusCode/100 != 2 {
		return answer, fmt.Errorf("the server answered %d %s", response.StatusCode, http.StatusText(response.StatusCode))
	}
	if err != nil {
		return answer, fmt.Errorf("reading the answer: %w", bare(ctx, err))
	}
	return answer, nil
}

// without returns what was said with a placeholder where it repeats the key.
func without(key, said []byte) string {
	text := bytes.ReplaceAll(said, key, []byte("[secret]"))
	if len(said) == readMost {
		text = text[:max(0, len(text)-len(key))] // The end may be the beginning of the key.
	}
	return string(text)
}

// bare returns the error without the address, and says what took too long.
func bare(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return fmt.Errorf("%w: %w", context.Cause(ctx), ctx.Err())
	}
	var about *url.Error
	if errors.As(err, &about) {
		return about.Err
	}
	return err
}

func (r Runner) now() time.Time {
	if r.Now != nil {
		return r.Now()
	}
	return time.Now()
}
