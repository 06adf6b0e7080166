package ldapx_test

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"os"
	"testing"

	"github.com/go-ldap/ldap/v3"

	"esrsync/internal/directory/directorytest"
	"esrsync/internal/testbed"
)

func TestSambaKeepsTheContract(t *testing.T) {
	t.Parallel()
	directorytest.Run(t, func(t *testing.T) directorytest.Fixture {
		bed := testbed.Samba(t)
		dir := openSamba(t, bed)
		// Below Groups the service may change who is in a group, and nothing else.
		closed := "OU=Closed," + bed.Groups
		bed.Add(t, closed, map[string][]string{"objectClass": {"organizationalUnit"}})
		return directorytest.Fixture{
			Reader: dir.Reader, Writer: dir, Locker: dir, Finder: dir,
			Staff: bed.Staff, Groups: bed.Groups, Closed: closed, Suffix: "trust.example",
			Add:        func(t *testing.T, dn string, attributes map[string][]string) { bed.Add(t, dn, attributes) },
			AddMembers: func(t *testing.T, group string, members []string) { addMembers(t, bed, group, members) },
			SignIn: func(login, password string) error {
				if bed.CanBind(t, testbed.Account{User: login, Password: password}) {
					return nil
				}
				return fmt.Errorf("the directory refuses %s", login)
			},
			// What Samba does not enforce. It would take long logins and names as well,
			// but ldapx refuses those itself. Links cost it much, hence the small group.
			Differences: directorytest.Differences{EnablesWithoutPassword: true, TakesNameInPassword: true, NeverProtects: true, LargeGroup: 40},
		}
	})
}

// addMembers adds users to a group as the administrator, and leaves its other members.
func addMembers(t *testing.T, bed *testbed.Domain, group string, members []string) {
	t.Helper()
	pem, err := os.ReadFile(bed.CAFile)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(pem)
	conn, err := ldap.DialURL(bed.URL, ldap.DialWithTLSConfig(&tls.Config{RootCAs: roots}))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }() // Nothing is left to lose on it.
	if err := conn.Bind(bed.Admin.User, bed.Admin.Password); err != nil {
		t.Fatal(err)
	}
	request := ldap.NewModifyRequest(group, nil)
	request.Add("member", members)
	if err := conn.Modify(request); err != nil {
		t.Fatalf("adding %d members to %s: %v", len(members), group, err)
	}
}
