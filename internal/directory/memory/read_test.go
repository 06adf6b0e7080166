package memory_test

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"esrsync/internal/directory"
	"esrsync/internal/directory/memory"
)

// TestRangesGiveEveryValueOnce reads an attribute as clients must: range after
// range, until a label ends in a star.
func TestRangesGiveEveryValueOnce(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d, err := memory.New(memory.Options{})
		if err != nil {
			t.Fatal(err)
		}
		n, limit := rapid.IntRange(1, 40).Draw(t, "values"), rapid.IntRange(1, 15).Draw(t, "limit")
		var want []string
		for i := range n {
			want = append(want, fmt.Sprintf("smtp:a%d@x", i))
		}
		dn := "CN=Ann,CN=Users," + d.Base()
		ids, err := d.Load([]memory.Object{memory.User(dn, "ann", map[string][]string{"proxyAddresses": want})})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for at := 0; ; {
			label := "proxyAddresses;range=" + strconv.Itoa(at) + "-*"
			o, _ := d.System().Show(ids[0], memory.Selection{Names: []string{label}, MaxRange: limit})
			if len(o.Attributes) != 1 || len(o.Attributes[0].Values) > limit {
				t.Fatalf("asked for %s with a limit of %d, got %v", label, limit, o.Attributes)
			}
			got = append(got, o.Attributes[0].Values...)
			if o.Attributes[0].Name == label {
				break
			}
			at = len(got)
		}
		if !slices.Equal(got, want) {
			t.Fatalf("got %v, want %v", got, want)
		}
	})
}

func TestRangesThatCannotBe(t *testing.T) {
	t.Parallel()
	d := newDomain(t)
	ann := "CN=Ann,OU=Staff," + d.Base()
	load(t, d, memory.User(ann, "ann", values("proxyAddresses", "smtp:a@x", "proxyAddresses", "smtp:b@x")))
	for _, label := range []string{"proxyAddresses;range=2-*", "proxyAddresses;range=1-0", "proxyAddresses;range=x-*",
		"proxyAddresses;range=0", "proxyAddresses;range=-1-*", "proxyAddresses;binary"} {
		o, err := d.System().Lookup(ann, label)
		if err != nil || len(o.Attributes) != 0 {
			t.Errorf("%s gave %v (%v)", label, o.Attributes, err)
		}
	}
}

func TestAttributesThatAreWorkedOut(t *testing.T) {
	t.Parallel()
	d := newDomain(t)
	ann, inner, outer := "CN=Ann,OU=Staff,"+d.Base(), "CN=Inner,OU=Groups,"+d.Base(), "CN=Outer,OU=Groups,"+d.Base()
	load(t, d, memory.User(ann, "ann", values("pwdLastSet", "0", "lockoutTime", "5")),
		memory.Group(inner, "inner", ann), memory.Group(outer, "outer", inner))
	o, err := d.System().Lookup(ann, "canonicalName", "tokenGroups", "msDS-User-Account-Control-Computed", "allowedAttributes", "unicodePwd")
	if err != nil {
		t.Fatal(err)
	}
	if got := o.Value("canonicalName"); got != "example.nhs.uk/Staff/Ann" {
		t.Errorf("canonicalName is %q", got)
	}
	if got := len(o.Values("tokenGroups")); got != 3 {
		t.Errorf("tokenGroups has %d groups, want inner, outer and Domain Users", got)
	}
	if got := o.Value("msDS-User-Account-Control-Computed"); got != "8388624" {
		t.Errorf("the computed control is %q, want locked out and expired", got)
	}
	if got := o.Values("allowedAttributes"); !slices.Contains(got, "employeeID") || slices.Contains(got, "member") {
		t.Errorf("allowedAttributes of a user are %v", got)
	}
	if got := o.Values("unicodePwd"); got != nil {
		t.Error("the password can be read")
	}
	g, err := d.System().Lookup("CN=Domain Users,CN=Users,"+d.Base(), "primaryGroupToken")
	if err != nil || g.Value("primaryGroupToken") != "513" {
		t.Errorf("primaryGroupToken is %v (%v), want 513", g.Attributes, err)
	}
}

func TestObjectsAnswerToNamesThatNeverChange(t *testing.T) {
	t.Parallel()
	d := newDomain(t)
	ann := "CN=Ann,OU=Staff," + d.Base()
	ids, err := d.Load([]memory.Object{memory.User(ann, "ann", nil)})
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name, dn string
		result   memory.Result
	}{
		{"a GUID with dashes", "<GUID=" + ids[0].String() + ">", memory.Success},
		{"a GUID in hex", fmt.Sprintf("<guid=%x>", ids[0][:]), memory.Success},
		{"a SID", "<SID=" + d.SID() + "-500>", memory.Success},
		{"a GUID that nobody has", "<GUID=8a39c0f8-b219-4cce-a9e0-6701d2238875>", memory.NoSuchObject},
		{"a SID that nobody has", "<SID=S-1-5-32-9999>", memory.NoSuchObject},
		{"half a GUID", "<GUID=8a39c0f8>", memory.InvalidDNSyntax},
		{"another kind of name", "<WKGUID=x>", memory.InvalidDNSyntax},
		{"brackets alone", "<>", memory.InvalidDNSyntax},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if _, err := d.System().Lookup(tt.dn); memory.ResultOf(err) != tt.result {
				t.Errorf("got %v, want result %d", err, tt.result)
			}
		})
	}
}

func TestFaultsAreOfTheKindThatCallersLookFor(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		fault memory.Fault
		kind  error
	}{
		{"a name that is taken", memory.Fault{Result: memory.EntryAlreadyExists, Win: 0x524}, directory.ErrExists},
		{"a UPN that is taken", memory.Fault{Result: memory.ConstraintViolation, Win: 0x21C8}, directory.ErrExists},
		{"any other constraint", memory.Fault{Result: memory.ConstraintViolation, Win: 0x2082}, directory.ErrRefused},
		{"a value that is gone", memory.Fault{Result: memory.NoSuchAttribute, Win: 0x2085}, directory.ErrConflict},
		{"an attribute that the schema lacks", memory.Fault{Result: memory.NoSuchAttribute, Win: 0x57}, directory.ErrRefused},
		{"a value that is there", memory.Fault{Result: memory.AttributeOrValueExists}, directory.ErrConflict},
		{"no object", memory.Fault{Result: memory.NoSuchObject}, directory.ErrNotFound},
		{"no right", memory.Fault{Result: memory.InsufficientAccess}, directory.ErrDenied},
		{"a wrong password", memory.Fault{Result: memory.InvalidCredentials}, directory.ErrCredentials},
		{"busy", memory.Fault{Result: memory.Busy}, directory.ErrUnavailable},
		{"the size limit", memory.Fault{Result: memory.SizeLimitExceeded}, directory.ErrIncomplete},
		{"unwilling", memory.Fault{Result: memory.UnwillingToPerform}, directory.ErrRefused},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if err := fmt.Errorf("doing something: %w", &tt.fault); !errors.Is(err, tt.kind) {
				t.Errorf("%v is not of kind %q", err, tt.kind)
			}
		})
	}
}
