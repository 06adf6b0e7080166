package adsim_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/go-ldap/ldap/v3"

	"esrsync/internal/directory"
	"esrsync/internal/directory/memory"
	"esrsync/ldapx/adsim"
)

func TestSearch(t *testing.T) {
	t.Parallel()
	s := start(t, adsim.Options{})
	seedPeople(t, s.Domain(), 2345)
	t.Run("a paged search gives every object, whatever page is asked for", func(t *testing.T) {
		t.Parallel()
		for _, page := range []uint32{100, 1000, 5000} {
			got, err := client(t, s).SearchWithPaging(everyone(s, "sAMAccountName"), page)
			if err != nil || len(got.Entries) != 2345 {
				t.Errorf("page %d: got %d entries (%v)", page, len(got.Entries), err)
			}
		}
	})
	t.Run("a page never has more than 1,000 objects", func(t *testing.T) {
		t.Parallel()
		r := everyone(s, "1.1")
		r.Controls = []ldap.Control{ldap.NewControlPaging(5000)}
		got, err := client(t, s).Search(r)
		if err != nil || len(got.Entries) != 1000 {
			t.Errorf("got %d entries (%v), want 1000", len(got.Entries), err)
		}
	})
	t.Run("without paging a search ends at 1,000 with the size limit exceeded", func(t *testing.T) {
		t.Parallel()
		got, err := client(t, s).Search(everyone(s, "1.1"))
		wantCode(t, err, ldap.LDAPResultSizeLimitExceeded)
		if len(got.Entries) != 1000 {
			t.Errorf("got %d entries, want 1000", len(got.Entries))
		}
	})
	t.Run("the client's own size limit is kept", func(t *testing.T) {
		t.Parallel()
		r := everyone(s, "1.1")
		r.SizeLimit = 7
		got, err := client(t, s).Search(r)
		wantCode(t, err, ldap.LDAPResultSizeLimitExceeded)
		if len(got.Entries) != 7 {
			t.Errorf("got %d entries, want 7", len(got.Entries))
		}
	})
	t.Run("a cookie of another connection is refused", func(t *testing.T) {
		t.Parallel()
		r := everyone(s, "1.1")
		paging := ldap.NewControlPaging(10)
		paging.SetCookie([]byte("page-1"))
		r.Controls = []ldap.Control{paging}
		_, err := client(t, s).Search(r)
		wantCode(t, err, ldap.LDAPResultUnavailableCriticalExtension)
	})
}

func TestFilters(t *testing.T) {
	t.Parallel()
	s := start(t, adsim.Options{})
	d := s.Domain()
	people := []map[string][]string{
		{"sAMAccountName": {"ann"}, "employeeID": {"1"}, "displayName": {"Other, Ann"}, "mail": {"Ann@example.nhs.uk"}, "userAccountControl": {"514"}},
		{"sAMAccountName": {"ben"}, "employeeID": {"2"}, "displayName": {"Other, Ben (x)"}, "userAccountControl": {"546"}},
		{"sAMAccountName": {"cat"}, "employeeID": {"3"}, "title": {"Nurse"}, "userAccountControl": {"66050"}},
	}
	for _, p := range people {
		p["objectClass"] = []string{"user"}
		seed(t, d, "CN="+p["sAMAccountName"][0]+",OU=Staff,"+d.Base(), p)
	}
	for _, g := range [][2]string{{"inner", "CN=ann,OU=Staff,"}, {"outer", "CN=inner,OU=Groups,"}} {
		seed(t, d, "CN="+g[0]+",OU=Groups,"+d.Base(), map[string][]string{"objectClass": {"group"}, "sAMAccountName": {g[0]}, "member": {g[1] + d.Base()}})
	}
	ann, err := d.System().Lookup("CN=ann,OU=Staff,"+d.Base(), "objectGUID", "objectSid")
	if err != nil {
		t.Fatal(err)
	}
	c := client(t, s)
	for _, tt := range []struct{ name, filter, want string }{
		{"presence", "(mail=*)", "ann"},
		{"equality without case, by an index", "(MAIL=ann@EXAMPLE.nhs.uk)", "ann"},
		{"equality without an index", "(title=nurse)", "cat"},
		{"a category by its class", "(&(objectCategory=user)(employeeID=2))", "ben"},
		{"and of nothing that fits", "(&(employeeID=1)(employeeID=2))", ""},
		{"or by indexes", "(|(employeeID=1)(employeeID=3))", "ann cat"},
		{"not, also where the attribute is absent", "(!(title=Nurse))", "ann ben"},
		{"not of an unknown attribute fits nothing", "(!(noSuchAttribute=x))", ""},
		{"substrings", "(displayName=oth*an*)", "ann"},
		{"substrings at the end, with brackets", `(displayName=*\28x\29)`, "ben"},
		{"at least, as numbers", "(userAccountControl>=546)", "ben cat"},
		{"at most, as numbers", "(userAccountControl<=546)", "ann ben"},
		{"all bits", "(userAccountControl:1.2.840.113556.1.4.803:=34)", "ben"},
		{"any bit", "(userAccountControl:1.2.840.113556.1.4.804:=65568)", "ben cat"},
		{"membership", "(memberOf=CN=inner,OU=Groups," + d.Base() + ")", "ann"},
		{"membership in chain", "(memberOf:1.2.840.113556.1.4.1941:=CN=outer,OU=Groups," + d.Base() + ")", "ann"},
		{"an unknown rule fits nothing", "(userAccountControl:1.2.3.4:=2)", ""},
		{"a GUID in bytes", "(objectGUID=" + ldap.EscapeFilter(ann.Value("objectGUID")) + ")", "ann"},
		{"a SID in bytes", "(objectSid=" + ldap.EscapeFilter(ann.Value("objectSid")) + ")", "ann"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := everyone(s, "sAMAccountName")
			r.Filter = "(&(objectClass=user)" + tt.filter + ")"
			got, err := c.Search(r)
			if err != nil {
				t.Fatal(err)
			}
			var logins []string
			for _, e := range got.Entries {
				logins = append(logins, e.GetAttributeValue("sAMAccountName"))
			}
			if have := strings.Join(logins, " "); have != tt.want {
				t.Errorf("got %q, want %q", have, tt.want)
			}
		})
	}
}

func TestRanges(t *testing.T) {
	t.Parallel()
	s := start(t, adsim.Options{})
	d := s.Domain()
	var members []string
	for i := range 1700 {
		dn := fmt.Sprintf("CN=c%04d,OU=Groups,%s", i, d.Base())
		seed(t, d, dn, map[string][]string{"objectClass": {"contact"}})
		members = append(members, dn)
	}
	group := "CN=big,OU=Groups," + d.Base()
	seed(t, d, group, map[string][]string{"objectClass": {"group"}, "sAMAccountName": {"big"}, "member": members})
	c := client(t, s)
	read := func(attribute string) *ldap.Entry {
		got, err := c.Search(ldap.NewSearchRequest(group, ldap.ScopeBaseObject, ldap.NeverDerefAliases, 0, 0, false, "(objectClass=*)", []string{attribute}, nil))
		if err != nil || len(got.Entries) != 1 {
			t.Fatalf("reading %s: %v", attribute, err)
		}
		return got.Entries[0]
	}
	for _, tt := range []struct {
		name, ask, label string
		values           int
	}{
		{"the plain attribute comes empty beside its first 1,500 values", "member", "member;range=0-1499", 1500},
		{"the rest comes with a star", "member;range=1500-*", "member;range=1500-*", 200},
		{"a smaller range is kept", "member;range=0-499", "member;range=0-499", 500},
		{"a range to the end is cut at 1,500", "member;range=100-*", "member;range=100-1599", 1500},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := read(tt.ask)
			if n := len(got.GetAttributeValues(tt.label)); n != tt.values {
				t.Errorf("%s has %d values, want %d", tt.label, n, tt.values)
			}
			if plain := got.GetAttributeValues("member"); len(plain) != 0 {
				t.Errorf("the plain attribute has %d values", len(plain))
			}
		})
	}
}

func TestRootDSE(t *testing.T) {
	t.Parallel()
	s := start(t, adsim.Options{})
	got, err := dial(t, s, s.URL()).Search(ldap.NewSearchRequest("", ldap.ScopeBaseObject, ldap.NeverDerefAliases, 0, 0, false, "(objectClass=*)", nil, nil))
	if err != nil || len(got.Entries) != 1 {
		t.Fatalf("reading the root: %v", err)
	}
	for name, want := range map[string]string{"defaultNamingContext": "DC=example,DC=nhs,DC=uk", "dnsHostName": "dc1.example.nhs.uk",
		"configurationNamingContext": "CN=Configuration,DC=example,DC=nhs,DC=uk", "isSynchronized": "TRUE", "isGlobalCatalogReady": "TRUE"} {
		if have := got.Entries[0].GetAttributeValue(name); have != want {
			t.Errorf("%s is %q, want %q", name, have, want)
		}
	}
}

func TestGlobalCatalogue(t *testing.T) {
	t.Parallel()
	s := start(t, adsim.Options{})
	seedPeople(t, s.Domain(), 3)
	c := dial(t, s, s.CatalogueURL())
	if err := c.Bind(writer, password); err != nil {
		t.Fatal(err)
	}
	got, err := c.Search(ldap.NewSearchRequest("", ldap.ScopeWholeSubtree, ldap.NeverDerefAliases, 0, 0, false, "(sAMAccountName=person*)", nil, nil))
	if err != nil || len(got.Entries) != 3 {
		t.Errorf("the empty base gives %d people (%v), want 3", len(got.Entries), err)
	}
	m := ldap.NewModifyRequest("CN=person00000,OU=Staff,"+s.Domain().Base(), nil)
	m.Replace("title", []string{"Nurse"})
	wantCode(t, c.Modify(m), ldap.LDAPResultUnwillingToPerform)
}

func TestAlternativeNames(t *testing.T) {
	t.Parallel()
	s := start(t, adsim.Options{})
	seedPeople(t, s.Domain(), 1)
	c := client(t, s)
	o, err := s.Domain().System().Lookup("CN=person00000,OU=Staff,"+s.Domain().Base(), "objectGUID")
	if err != nil {
		t.Fatal(err)
	}
	if err := c.ModifyDN(ldap.NewModifyDNRequest("<GUID="+o.GUID.String()+">", "CN=renamed", true, "")); err != nil {
		t.Fatal(err)
	}
	for _, base := range []string{"<GUID=" + o.GUID.String() + ">", fmt.Sprintf("<GUID=%x>", o.GUID[:])} {
		got, err := c.Search(ldap.NewSearchRequest(base, ldap.ScopeBaseObject, ldap.NeverDerefAliases, 0, 0, false, "(objectClass=*)", []string{"cn"}, nil))
		if err != nil || len(got.Entries) != 1 || !directory.SameDN(got.Entries[0].DN, "CN=renamed,OU=Staff,"+s.Domain().Base()) {
			t.Errorf("%s: got %v (%v)", base, got, err)
		}
	}
}

// BenchmarkPagedRead measures what the demo and the planner's tests wait for.
func BenchmarkPagedRead(b *testing.B) {
	s := start(b, adsim.Options{})
	seedPeople(b, s.Domain(), 50_000)
	c := client(b, s)
	for b.Loop() {
		got, err := c.SearchWithPaging(everyone(s, "sAMAccountName", "userAccountControl", "employeeID", "memberOf", "objectGUID"), 1000)
		if err != nil || len(got.Entries) != 50_000 {
			b.Fatal(len(got.Entries), err)
		}
	}
}

// BenchmarkSeed measures the loading of one person.
func BenchmarkSeed(b *testing.B) {
	d, err := memory.New(memory.Options{})
	if err != nil {
		b.Fatal(err)
	}
	seed(b, d, "OU=Staff,"+d.Base(), map[string][]string{"objectClass": {"organizationalUnit"}})
	b.ResetTimer()
	seedPeople(b, d, b.N)
}
