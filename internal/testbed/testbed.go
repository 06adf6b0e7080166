// Package testbed hands real parts to tests: a Samba domain controller, which
// speaks as Active Directory does, a pair of such controllers that replicate, and a
// PostgreSQL server. All are started by packaging/testbed/run-with.sh, which names
// them in ESRSYNC_TEST_* variables.
//
// Every test gets room of its own: organisational units and a database that
// nobody else has and that are gone when the test ends. So all of them may run
// in parallel. Of the pair there is only one, since tests stop parts of it; they
// wait for each other.
//
// Where the parts are not there a test is skipped with the name of the missing
// variable, so that plain `go test` works on any machine. Under CI, and under
// `make test`, it fails instead: there, a skipped test would be a lie.
//
// Only tests import this package.
package testbed

import (
	"crypto/rand"
	"encoding/hex"
	"os"
	"testing"
)

// variable returns the value of the environment variable, or ends the test.
func variable(t testing.TB, name string) string {
	t.Helper()
	value := os.Getenv(name)
	if value != "" {
		return value
	}
	const advice = "%s is not set: `make test` and packaging/testbed/run-with.sh --pair set it"
	if required() {
		t.Fatalf(advice, name)
	}
	t.Skipf(advice, name)
	return ""
}

// required reports whether a missing part is a fault rather than a reason to skip.
func required() bool {
	return os.Getenv("CI") == "true" || os.Getenv("ESRSYNC_TEST_REQUIRE") == "1"
}

// unique returns a short name that no other test has.
func unique() string {
	raw := make([]byte, 6)
	_, _ = rand.Read(raw) // Never fails, by the package's own promise.
	return hex.EncodeToString(raw)
}
