package directorytest

import (
	"testing"

	"esrsync/internal/directory"
)

func memberClaims() []claim {
	return []claim{
		{"a member is added, and again without error", memberAdded},
		{"a member is removed, and again without error", memberRemoved},
		{"other members stay", memberOthers},
		{"a group is a member like any other", memberGroup},
		{"a member who is not there is not found", memberMissing},
		{"a group that is not there is not found", memberMissingGroup},
		{"a deleted member is no member any more", memberDeleted},
		{"a new member of a privileged group is marked as protected", memberPrivileged},
	}
}

func (f Fixture) join(t *testing.T, group, member directory.GUID) {
	t.Helper()
	if err := f.Writer.AddMember(t.Context(), group, member); err != nil {
		t.Fatalf("adding %s to %s: %v", member, group, err)
	}
}

func memberAdded(t *testing.T, f Fixture) {
	a, g := f.newcomer(t), f.group(t)
	f.join(t, g.GUID, a.GUID)
	f.join(t, g.GUID, a.GUID)
	if got := f.readGroup(t, g.DN).Members; len(got) != 1 || !hasDN(got, a.DN) {
		t.Errorf("the group has %v, want %s", got, a.DN)
	}
}

func memberRemoved(t *testing.T, f Fixture) {
	a, g := f.newcomer(t), f.group(t)
	f.join(t, g.GUID, a.GUID)
	for range 2 {
		if err := f.Writer.RemoveMember(t.Context(), g.GUID, a.GUID); err != nil {
			t.Fatal(err)
		}
	}
	if got := f.readGroup(t, g.DN).Members; len(got) != 0 {
		t.Errorf("the group still has %v", got)
	}
}

func memberOthers(t *testing.T, f Fixture) {
	a, b, g := f.newcomer(t), f.newcomer(t), f.group(t)
	f.join(t, g.GUID, a.GUID)
	f.join(t, g.GUID, b.GUID)
	if err := f.Writer.RemoveMember(t.Context(), g.GUID, a.GUID); err != nil {
		t.Fatal(err)
	}
	if got := f.readGroup(t, g.DN).Members; len(got) != 1 || !hasDN(got, b.DN) {
		t.Errorf("the group has %v, want %s", got, b.DN)
	}
}

func memberGroup(t *testing.T, f Fixture) {
	inner, outer := f.group(t), f.group(t)
	f.join(t, outer.GUID, inner.GUID)
	if got := f.readGroup(t, outer.DN).Members; len(got) != 1 || !hasDN(got, inner.DN) {
		t.Errorf("the group has %v, want %s", got, inner.DN)
	}
}

func memberMissing(t *testing.T, f Fixture) {
	wantKind(t, f.Writer.AddMember(t.Context(), f.group(t).GUID, missing()), directory.ErrNotFound)
}

func memberMissingGroup(t *testing.T, f Fixture) {
	wantKind(t, f.Writer.AddMember(t.Context(), missing(), f.newcomer(t).GUID), directory.ErrNotFound)
}

func memberDeleted(t *testing.T, f Fixture) {
	a, g := f.newcomer(t), f.group(t)
	f.join(t, g.GUID, a.GUID)
	if err := f.Writer.Delete(t.Context(), a.GUID); err != nil {
		t.Fatal(err)
	}
	if got := f.readGroup(t, g.DN).Members; len(got) != 0 {
		t.Errorf("the group still has %v", got)
	}
}

func memberPrivileged(t *testing.T, f Fixture) {
	a := f.newcomer(t)
	f.AddMembers(t, f.privileged(t), []string{a.DN})
	got := f.read(t, a.GUID)
	if got.AdminCount == f.Differences.NeverProtects {
		t.Errorf("adminCount=1 is %t, and the directory is listed with NeverProtects %t", got.AdminCount, f.Differences.NeverProtects)
	}
	if !f.Differences.NeverProtects {
		wantKind(t, f.Writer.Modify(t.Context(), a.GUID, []directory.Edit{edit("title", "", "Nurse")}), directory.ErrDenied)
	}
}

// privileged returns the DN of a group whose members are protected.
func (f Fixture) privileged(t *testing.T) string {
	t.Helper()
	facts, err := f.Reader.Facts(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return "CN=Domain Admins,CN=Users," + facts.Base
}
