package hooks_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"esrsync/internal/hooks"
)

const key = "not-a-real-key-0001"

func withKey(value string) func() ([]byte, error) {
	return func() ([]byte, error) { return []byte(value), nil }
}

// serve starts a server on the loopback, and returns a runner that trusts it and a
// hook that calls it.
func serve(t *testing.T, handler http.HandlerFunc) (hooks.Runner, hooks.Hook) {
	t.Helper()
	server := httptest.NewTLSServer(handler)
	t.Cleanup(server.Close)
	roots := x509.NewCertPool()
	roots.AddCert(server.Certificate())
	h := hooks.Hook{Name: "vpn", URL: server.URL + "/revoke?token=planted-token", Secret: withKey(key), Timeout: time.Minute}
	return hooks.Runner{Roots: roots}, h
}

func TestACallIsSignedAndSaysTheAccountAndNothingOfTheHold(t *testing.T) {
	t.Parallel()
	var got *http.Request
	var body []byte
	runner, h := serve(t, func(w http.ResponseWriter, r *http.Request) {
		got = r
		body, _ = io.ReadAll(r.Body) // What is missing of it shows below.
		fmt.Fprint(w, "ended\n2\tsessions\x1b[31m")
	})
	runner.Now = func() time.Time { return time.Unix(1795327200, 5) }
	answer, err := runner.Run(t.Context(), h, target())
	if err != nil || answer != "200 OK ended 2 sessions[31m" {
		t.Fatalf("the answer is %q, error %v", answer, err)
	}
	if got.Method != http.MethodPost || got.Header.Get("Content-Type") != "application/json" || got.URL.Path != "/revoke" {
		t.Errorf("the call was %s %s", got.Method, got.URL.Path)
	}
	var said map[string]any
	if err := json.Unmarshal(body, &said); err != nil {
		t.Fatal(err)
	}
	want := map[string]any{
		"action": "revoke_sessions", "login": "ttestley", "upn": "test.testley@trust.example",
		"objectGUID": "04030201-0000-0000-0000-000000000010", "ticket": "INC-planted-ticket",
	}
	if diff := cmp.Diff(want, said); diff != "" {
		t.Errorf("the body (-want +got):\n%s", diff)
	}
	mac := hmac.New(sha256.New, []byte(key))
	fmt.Fprintf(mac, "1795327200.%s", body)
	if stamp := got.Header.Get("X-Esrsync-Timestamp"); stamp != "1795327200" {
		t.Errorf("the timestamp is %q", stamp)
	}
	if want := "sha256=" + hex.EncodeToString(mac.Sum(nil)); got.Header.Get("X-Esrsync-Signature") != want {
		t.Errorf("the signature is %q, want %q", got.Header.Get("X-Esrsync-Signature"), want)
	}
}

func TestOnlyAnAnswerOf2xxSaysThatItWasDone(t *testing.T) {
	t.Parallel()
	for status, good := range map[int]bool{200: true, 202: true, 204: true, 304: false, 401: false, 404: false, 429: false, 500: false} {
		runner, h := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(status)
			_, _ = io.WriteString(w, "why") // Some of these have no body.
		})
		answer, err := runner.Run(t.Context(), h, target())
		if (err == nil) != good || !strings.HasPrefix(answer, fmt.Sprint(status)) {
			t.Errorf("%d gave %q and error %v", status, answer, err)
		}
		if !good {
			wantError(t, err, fmt.Sprint(status))
		}
	}
}

func TestARedirectIsNotFollowed(t *testing.T) {
	t.Parallel()
	var called atomic.Bool
	other := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { called.Store(true) }))
	t.Cleanup(other.Close)
	for _, status := range []int{301, 302, 303, 307, 308} {
		runner, h := serve(t, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, other.URL, status) })
		runner.Roots.AddCert(other.Certificate())
		_, err := runner.Run(t.Context(), h, target())
		wantError(t, err, fmt.Sprint(status))
	}
	if called.Load() {
		t.Error("somebody whom nobody configured learned of the account")
	}
}

func TestAServerThatCannotBeTrustedLearnsNothing(t *testing.T) {
	t.Parallel()
	var called atomic.Bool
	note := func(http.ResponseWriter, *http.Request) { called.Store(true) }
	plain := httptest.NewServer(http.HandlerFunc(note))
	t.Cleanup(plain.Close)
	_, trusted := serve(t, note)
	runner, elsewhere := serve(t, note)
	elsewhere.URL = strings.Replace(elsewhere.URL, "127.0.0.1", "localhost", 1) // The certificate does not name it.
	for claim, c := range map[string]struct {
		runner  hooks.Runner
		address string
		say     string
	}{
		"an authority that nobody trusts": {hooks.Runner{}, trusted.URL, "certificate"},
		"a certificate for another name":  {runner, elsewhere.URL, "certificate"},
		"no TLS":                          {runner, plain.URL, "https"},
		"no address at all":               {runner, "revoke", "https"},
		"an address that is none":         {runner, "https://%zz/?token=planted-token", "https"},
	} {
		t.Run(claim, func(t *testing.T) {
			_, err := c.runner.Run(t.Context(), hooks.Hook{Name: "vpn", URL: c.address, Secret: withKey(key), Timeout: time.Minute}, target())
			wantError(t, err, c.say)
			if strings.Contains(err.Error(), "planted") {
				t.Errorf("the error tells the whole address: %v", err)
			}
		})
	}
	if called.Load() {
		t.Error("the server was called")
	}
}

func TestACallWithoutAKeyIsNotMade(t *testing.T) {
	t.Parallel()
	var called atomic.Bool
	runner, h := serve(t, func(http.ResponseWriter, *http.Request) { called.Store(true) })
	gone := errors.New("reading env:HOOK: it is not set")
	for _, secret := range []func() ([]byte, error){nil, withKey(""), func() ([]byte, error) { return nil, gone }} {
		h.Secret = secret
		_, err := runner.Run(t.Context(), h, target())
		wantError(t, err, "key")
	}
	if called.Load() {
		t.Error("the server was called")
	}
}

func TestAServerThatIsNotThereIsToldWithoutTheWholeAddress(t *testing.T) {
	t.Parallel()
	server := httptest.NewTLSServer(nil)
	address := server.URL
	server.Close()
	h := hooks.Hook{Name: "vpn", URL: address + "/revoke?token=planted-token", Secret: withKey(key)}
	_, err := hooks.Runner{}.Run(t.Context(), h, target())
	wantError(t, err, "refused")
	for _, planted := range []string{"planted", "ttestley"} {
		if strings.Contains(fmt.Sprintf("%v", err), planted) {
			t.Errorf("the error tells %s: %v", planted, err)
		}
	}
}

func TestAServerThatTakesTooLongIsLeft(t *testing.T) {
	t.Parallel()
	for claim, begin := range map[string]bool{"before its answer": false, "within its answer": true} {
		t.Run(claim, func(t *testing.T) {
			t.Parallel()
			runner, h := serve(t, func(w http.ResponseWriter, r *http.Request) {
				if begin {
					fmt.Fprint(w, "one moment")
					w.(http.Flusher).Flush()
				}
				_, _ = io.Copy(io.Discard, r.Body) // A server sees that we are gone once it has read the body.
				<-r.Context().Done()
			})
			h.Timeout = 500 * time.Millisecond
			_, err := runner.Run(t.Context(), h, target())
			wantError(t, err, "no answer within 500ms")
		})
	}
}

func TestAnAnswerWithoutEndIsBounded(t *testing.T) {
	t.Parallel()
	runner, h := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		for err := error(nil); err == nil; {
			_, err = fmt.Fprint(w, strings.Repeat("é", 1000))
		}
	})
	answer, err := runner.Run(t.Context(), h, target())
	if err != nil || len(answer) > hooks.AnswerSize || strings.Trim(answer, "é") != "" {
		t.Errorf("%d bytes were kept, error %v", len(answer), err)
	}
}

func TestAnAnswerThatRepeatsTheKeyIsKeptWithoutIt(t *testing.T) {
	t.Parallel()
	for _, times := range []int{1, 100, 10_000} {
		runner, h := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			fmt.Fprint(w, strings.Repeat("x"+key, times))
		})
		answer, err := runner.Run(t.Context(), h, target())
		if err != nil || !strings.Contains(answer, "[secret]") || strings.Contains(answer, key[:3]) {
			t.Errorf("the answer is %q, error %v", answer, err)
		}
	}
}

// The worked example of the documentation is what a receiver is tested with.
func TestTheDocumentedSignatureIsTheOneThatIsMade(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile(filepath.Join("..", "..", "docs", "hooks.md"))
	if err != nil {
		t.Fatal(err)
	}
	parts := regexp.MustCompile("(?m)^key +(.+)\ntimestamp +(.+)\nbody +(.+)\nsignature +(.+)$").FindStringSubmatch(string(page))
	if parts == nil {
		t.Fatal("the page has no worked example")
	}
	if got := hooks.Sign([]byte(parts[1]), parts[2], []byte(parts[3])); got != parts[4] {
		t.Errorf("the page says %s, the signature is %s", parts[4], got)
	}
	runner, h := serve(t, func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body) // What is missing of it shows below.
		if string(body) != parts[3] {
			t.Errorf("the page says %s, the body is %s", parts[3], body)
		}
	})
	if _, err := runner.Run(t.Context(), h, exampleTarget(t, parts[3])); err != nil {
		t.Error(err)
	}
	for _, header := range []string{hooks.TimestampHeader, hooks.SignatureHeader} {
		if !strings.Contains(string(page), header) {
			t.Errorf("the page does not name %s", header)
		}
	}
}

// exampleTarget returns the account that a body names.
func exampleTarget(t *testing.T, body string) (target hooks.Target) {
	t.Helper()
	var said struct{ Login, UPN, ObjectGUID, Ticket string }
	if err := json.Unmarshal([]byte(body), &said); err != nil {
		t.Fatal(err)
	}
	if err := target.Account.UnmarshalText([]byte(said.ObjectGUID)); err != nil {
		t.Fatal(err)
	}
	target.Login, target.UPN, target.Ticket = said.Login, said.UPN, said.Ticket
	return target
}
