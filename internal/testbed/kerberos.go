package testbed

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// Host returns the controller's name, as it is dialled.
func (d *Domain) Host() string {
	host, _, _ := strings.Cut(strings.TrimPrefix(d.URL, "ldaps://"), ":")
	return host
}

// refusedTickets are what kinit says of a password that the controller does not
// take, and of an account that is switched off.
func refusedTickets() []string {
	return []string{"Preauthentication failed", "Password incorrect", "credentials have been revoked"}
}

// CanKerberos reports whether this controller gives the account a ticket.
func (d *Domain) CanKerberos(t testing.TB, as Account) bool {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	user, realm, _ := strings.Cut(as.User, "@")
	command := exec.CommandContext(ctx, "kinit", "-c", "MEMORY:", user+"@"+strings.ToUpper(realm))
	command.Env = append(os.Environ(), "KRB5_CONFIG="+d.kerberos, "LC_ALL=C")
	command.Stdin = strings.NewReader(as.Password + "\n")
	out, err := command.CombinedOutput()
	if err == nil {
		return true
	}
	var ended *exec.ExitError
	for _, refused := range refusedTickets() {
		if errors.As(err, &ended) && strings.Contains(string(out), refused) {
			return false
		}
	}
	t.Fatalf("asking %s for a ticket for %s: %v: %s", d.Host(), as.User, err, out)
	return false
}
