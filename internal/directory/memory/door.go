package memory

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"esrsync/internal/directory"
)

// Directory is the contract of package directory over a [Session]: it is both a
// [directory.Reader] and a [directory.Writer].
type Directory struct {
	s *Session
	// PersonKey and Marker name the attributes that become Account.PersonKey and
	// Account.Marker.
	PersonKey, Marker string
	// Host is the controller that [Directory.Name] gives; the domain's first when empty.
	Host string
}

// NewDirectory returns the directory as the session's identity may use it, with
// the person key in employeeID and the marker in adminDescription.
func NewDirectory(s *Session) *Directory {
	return &Directory{s: s, PersonKey: "employeeID", Marker: "adminDescription"}
}

var (
	_ directory.Reader = (*Directory)(nil)
	_ directory.Writer = (*Directory)(nil)
)

// people is what counts as an account: users, but no computers, managed service
// accounts or contacts.
func people() Filter { return All(Eq("objectCategory", "person"), Eq("objectClass", "user")) }

// Accounts returns every user below the bases.
func (d *Directory) Accounts(ctx context.Context, scope directory.Scope) ([]directory.Account, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	ids, err := d.below(scope.Bases, people())
	if err != nil {
		return nil, fmt.Errorf("reading accounts: %w", err)
	}
	out := make([]directory.Account, 0, len(ids))
	for _, id := range ids {
		if o, ok := d.s.Show(id, d.selection(scope)); ok {
			out = append(out, d.account(o, scope))
		}
	}
	return out, nil
}

// Account returns one user.
func (d *Directory) Account(ctx context.Context, id directory.GUID, scope directory.Scope) (directory.Account, error) {
	if err := ctx.Err(); err != nil {
		return directory.Account{}, err
	}
	ids, err := d.s.Find(Query{Base: nameOf(id), Filter: people()})
	if err == nil && len(ids) == 0 {
		err = directory.ErrNotFound
	}
	if err != nil {
		return directory.Account{}, fmt.Errorf("reading account %s: %w", id, err)
	}
	o, _ := d.s.Show(id, d.selection(scope))
	return d.account(o, scope), nil
}

// Groups returns the groups below the bases, and those named.
func (d *Directory) Groups(ctx context.Context, bases, dns []string) ([]directory.Group, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	ids, err := d.below(bases, Eq("objectClass", "group"))
	if err != nil {
		return nil, fmt.Errorf("reading groups: %w", err)
	}
	for _, dn := range dns {
		named, err := d.s.Find(Query{Base: dn, Filter: Eq("objectClass", "group")})
		if err != nil && ResultOf(err) != NoSuchObject {
			return nil, fmt.Errorf("reading group %s: %w", dn, err)
		}
		ids = append(ids, named...)
	}
	slices.SortFunc(ids, directory.GUID.Compare)
	out := []directory.Group{}
	for _, id := range slices.Compact(ids) {
		if o, ok := d.s.Show(id, Selection{Names: []string{"sAMAccountName", "objectSid", "member"}}); ok {
			out = append(out, directory.Group{GUID: id, SID: decodeSID(o.Value("objectSid")), DN: o.DN,
				Name: o.Value("sAMAccountName"), Members: slices.Sorted(slices.Values(o.Values("member")))})
		}
	}
	slices.SortFunc(out, func(a, b directory.Group) int { return strings.Compare(a.DN, b.DN) })
	return out, nil
}

// Names returns every login, UPN and address of the forest. It reads them all: that
// costs nothing here.
func (d *Directory) Names(ctx context.Context, _ []directory.Account) ([]directory.Name, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	named := Any(Has("sAMAccountName"), Has("userPrincipalName"), Has("mail"), Has("proxyAddresses"))
	ids, err := d.s.Find(Query{Scope: Subtree, Filter: named})
	if err != nil {
		return nil, fmt.Errorf("reading names: %w", err)
	}
	var out []directory.Name
	for _, id := range ids {
		if o, ok := d.s.Show(id, Selection{Names: []string{"sAMAccountName", "userPrincipalName", "mail", "proxyAddresses"}}); ok {
			out = append(out, namesOf(o)...)
		}
	}
	slices.SortFunc(out, func(a, b directory.Name) int {
		return strings.Compare(string(a.Kind)+"\x00"+a.Value+"\x00"+a.DN, string(b.Kind)+"\x00"+b.Value+"\x00"+b.DN)
	})
	return out, nil
}

func namesOf(o Object) []directory.Name {
	var out []directory.Name
	add := func(kind directory.NameKind, value string) {
		if value != "" {
			out = append(out, directory.Name{Kind: kind, Value: strings.ToLower(value), Owner: o.GUID, DN: o.DN})
		}
	}
	add(directory.LoginName, o.Value("sAMAccountName"))
	add(directory.UPNName, o.Value("userPrincipalName"))
	mailed := directory.Account{Mail: o.Value("mail"), ProxyAddresses: o.Values("proxyAddresses")}
	for _, address := range mailed.Addresses() {
		add(directory.Address, address)
	}
	return out
}

// Facts returns what the domain says of itself.
func (d *Directory) Facts(ctx context.Context) (directory.Facts, error) {
	if err := ctx.Err(); err != nil {
		return directory.Facts{}, err
	}
	domain := d.s.d
	return directory.Facts{Base: domain.Base(), Controller: domain.Controllers()[0], DomainSID: domain.SID(),
		Time: domain.Now().UTC(), Schema: domain.Attributes()}, nil
}

// below returns the objects below the bases that match, sorted, none twice. A
// base that is not there is an error: its people would seem to be gone.
func (d *Directory) below(bases []string, f Filter) ([]directory.GUID, error) {
	var ids []directory.GUID
	for _, base := range bases {
		found, err := d.s.Find(Query{Base: base, Scope: Subtree, Filter: f})
		if err != nil {
			return nil, fmt.Errorf("reading below %s: %w", base, err)
		}
		ids = append(ids, found...)
	}
	slices.SortFunc(ids, directory.GUID.Compare)
	return slices.Compact(ids), nil
}

// nameOf addresses an object so that no rename can come between.
func nameOf(id directory.GUID) string { return "<GUID=" + id.String() + ">" }
