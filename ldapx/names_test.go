package ldapx_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	ber "github.com/go-asn1-ber/asn1-ber"

	"esrsync/internal/directory"
)

// forest is two stubs: a controller of our domain, and the global catalogue of a
// forest that has another domain too.
func forest(t *testing.T, domains ...string) (controller, catalogue *stub) {
	t.Helper()
	controller = serve(t, func(r request) []*ber.Packet {
		switch {
		case !isPage(r):
			return nil
		case strings.Contains(r.filter, "crossRef"):
			var out []*ber.Packet
			for _, d := range domains {
				out = append(out, entry("CN=x,CN=Partitions,CN=Configuration,"+stubBase, map[string][]string{"nCName": {d}}))
			}
			return append(out, done(pageEnd()))
		case r.base == stubBase:
			return []*ber.Packet{entry("CN=Ours,"+stubBase, map[string][]string{"objectGUID": {"aaaaaaaaaaaaaaaa"}, "sAMAccountName": {"Ours"},
				"userPrincipalName": {"Ours@trust.example"}, "proxyAddresses": {"SMTP:ours@trust.example", "sip:ours.talk@trust.example", "X500:/o=Trust/cn=ours"}}), done(pageEnd())}
		}
		return nil
	})
	catalogue = serve(t, func(r request) []*ber.Packet {
		if !isPage(r) {
			return nil
		}
		return []*ber.Packet{
			entry("CN=Ours as it was,"+stubBase, map[string][]string{"objectGUID": {"aaaaaaaaaaaaaaaa"}, "userPrincipalName": {"former@trust.example"}}),
			entry("CN=Theirs,DC=child,"+stubBase, map[string][]string{"objectGUID": {"bbbbbbbbbbbbbbbb"}, "sAMAccountName": {"Theirs"},
				"mail": {"Theirs@child.example"}}),
			done(pageEnd())}
	})
	return controller, catalogue
}

func TestNamesAreThoseOfTheWholeForest(t *testing.T) {
	t.Parallel()
	controller, catalogue := forest(t, stubBase, "DC=child,"+stubBase)
	o := options(controller, catalogue)
	o.Servers, o.GlobalCatalogues = []string{controller.url}, []string{catalogue.url}
	got, err := open(t, o).Names(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	ours, _ := directory.GUIDOf([]byte("aaaaaaaaaaaaaaaa"))
	want := []directory.Name{
		{Kind: directory.Address, Value: "ours.talk@trust.example", Owner: ours, DN: "CN=Ours," + stubBase},
		{Kind: directory.Address, Value: "ours@trust.example", Owner: ours, DN: "CN=Ours," + stubBase},
		{Kind: directory.Address, Value: "theirs@child.example", DN: "CN=Theirs,DC=child," + stubBase},
		{Kind: directory.LoginName, Value: "ours", Owner: ours, DN: "CN=Ours," + stubBase},
		{Kind: directory.UPNName, Value: "ours@trust.example", Owner: ours, DN: "CN=Ours," + stubBase},
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %+v\nwant %+v", got, want)
	}
}

func TestADomainThatIsAloneInItsForestNeedsNoCatalogue(t *testing.T) {
	t.Parallel()
	controller, catalogue := forest(t, stubBase)
	o := options(controller, catalogue)
	o.Servers, o.GlobalCatalogues = []string{controller.url}, []string{catalogue.url}
	got, err := open(t, o).Names(t.Context(), nil)
	if err != nil || len(got) != 4 || catalogue.bindCount() != 0 {
		t.Errorf("got %v (%v) after %d sign-ins at the catalogue", got, err, catalogue.bindCount())
	}
}

func TestNamesWithoutTheCatalogueAreAnError(t *testing.T) {
	t.Parallel()
	for name, domains := range map[string][]string{
		"another domain is known":               {stubBase, "DC=child," + stubBase},
		"the list of domains is hidden from us": nil,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			controller, catalogue := forest(t, domains...)
			o := options(controller, catalogue)
			o.Servers, o.GlobalCatalogues = []string{controller.url}, []string{catalogue.url}
			catalogue.stop()
			if _, err := open(t, o).Names(t.Context(), nil); !errors.Is(err, directory.ErrUnavailable) {
				t.Errorf("got %v, want the catalogue missed", err)
			}
		})
	}
}
