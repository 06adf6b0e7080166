package directorytest

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"esrsync/internal/directory"
)

func groupClaims() []claim {
	return []claim{
		{"groups below a base and groups by name are read once each, sorted by DN", groupsRead},
		{"a named group that is not there is left out", groupsMissing},
		{"a named object that is no group is left out", groupsOnly},
		{"a base that is not there is an error", groupsMissingBase},
		{"a group longer than one answer is read whole", groupsLong},
	}
}

func groupsRead(t *testing.T, f Fixture) {
	a, b := f.group(t), f.group(t)
	user := f.newcomer(t)
	if err := f.Writer.AddMember(t.Context(), a.GUID, user.GUID); err != nil {
		t.Fatal(err)
	}
	got, err := f.Reader.Groups(t.Context(), []string{f.Groups}, []string{strings.ToUpper(b.DN)})
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != 2 || !slices.IsSortedFunc(got, func(x, y directory.Group) int { return strings.Compare(x.DN, y.DN) }) {
		t.Fatalf("got %v, want two groups in order", got)
	}
	for _, g := range got {
		want := map[directory.GUID]int{a.GUID: 1, b.GUID: 0}
		if n, known := want[g.GUID]; !known || len(g.Members) != n || g.Name == "" || g.SID == "" {
			t.Errorf("got %+v", g)
		}
	}
}

func groupsMissing(t *testing.T, f Fixture) {
	got, err := f.Reader.Groups(t.Context(), nil, []string{directory.ChildDN("Nothing", f.Groups)})
	if err != nil || len(got) != 0 {
		t.Errorf("got %v (%v), want none", got, err)
	}
}

func groupsOnly(t *testing.T, f Fixture) {
	got, err := f.Reader.Groups(t.Context(), nil, []string{f.newcomer(t).DN})
	if err != nil || len(got) != 0 {
		t.Errorf("got %v (%v), want none", got, err)
	}
}

func groupsMissingBase(t *testing.T, f Fixture) {
	_, err := f.Reader.Groups(t.Context(), []string{"OU=Nowhere," + f.Groups}, nil)
	wantKind(t, err, directory.ErrNotFound)
}

func groupsLong(t *testing.T, f Fixture) {
	n := f.Differences.LargeGroup
	if n == 0 {
		n = 1600
	}
	g, tag := f.group(t), unique(t)
	var members []string
	for i := range n {
		dn := directory.ChildDN(fmt.Sprintf("Contact %s %d", tag, i), f.Groups)
		f.Add(t, dn, map[string][]string{"objectClass": {"contact"}})
		members = append(members, dn)
	}
	f.AddMembers(t, g.DN, members)
	got := f.readGroup(t, g.DN)
	if len(got.Members) != n {
		t.Fatalf("got %d members, want %d", len(got.Members), n)
	}
	fold := func(dns []string) map[string]bool {
		out := map[string]bool{}
		for _, dn := range dns {
			out[directory.FoldDN(dn)] = true
		}
		return out
	}
	if have := fold(got.Members); len(have) != n {
		t.Errorf("got %d different members, want %d", len(have), n)
	}
}
