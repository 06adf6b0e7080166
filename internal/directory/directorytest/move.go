package directorytest

import (
	"strings"
	"testing"

	"esrsync/internal/directory"
)

func moveClaims() []claim {
	return []claim{
		{"a rename keeps GUID, SID and OU", moveRenames},
		{"a move keeps the name", moveMoves},
		{"a rename and a move are one operation", moveBoth},
		{"already there is success", moveAgain},
		{"a change of case alone is made", moveCase},
		{"names with special characters survive a rename", moveAwkward},
		{"a name that is taken there is refused as existing", moveTaken},
		{"an OU that is not there is not found", moveNowhere},
		{"an account that is gone is not found", moveGone},
		{"manager links follow a move of the manager", moveManager},
		{"memberships follow a move of the member", moveMember},
	}
}

func (f Fixture) move(t *testing.T, id directory.GUID, cn, parent string) directory.Account {
	t.Helper()
	if err := f.Writer.Move(t.Context(), id, cn, parent); err != nil {
		t.Fatalf("moving %s to %q %q: %v", id, cn, parent, err)
	}
	return f.read(t, id)
}

func moveRenames(t *testing.T, f Fixture) {
	a := f.newcomer(t)
	got := f.move(t, a.GUID, "Ann Newname "+a.Login, "")
	if got.CN != "Ann Newname "+a.Login || got.SID != a.SID || !directory.SameDN(directory.ParentDN(got.DN), f.Staff) {
		t.Errorf("got %s, SID %s", got.DN, got.SID)
	}
}

func moveMoves(t *testing.T, f Fixture) {
	a, ou := f.newcomer(t), f.unit(t, "Leavers")
	if got := f.move(t, a.GUID, "", ou); !directory.SameDN(got.DN, directory.ChildDN(a.CN, ou)) {
		t.Errorf("got %s", got.DN)
	}
}

func moveBoth(t *testing.T, f Fixture) {
	a, ou := f.newcomer(t), f.unit(t, "Ward, 7")
	if got := f.move(t, a.GUID, "Other, Ann", ou); !directory.SameDN(got.DN, directory.ChildDN("Other, Ann", ou)) {
		t.Errorf("got %s", got.DN)
	}
}

func moveAgain(t *testing.T, f Fixture) {
	a, ou := f.newcomer(t), f.unit(t, "Ward")
	f.move(t, a.GUID, "", ou)
	if got := f.move(t, a.GUID, a.CN, ou); !directory.SameDN(got.DN, directory.ChildDN(a.CN, ou)) {
		t.Errorf("got %s", got.DN)
	}
}

func moveCase(t *testing.T, f Fixture) {
	a := f.newcomer(t)
	if got := f.move(t, a.GUID, strings.ToUpper(a.CN), ""); got.CN != strings.ToUpper(a.CN) {
		t.Errorf("got CN %q", got.CN)
	}
}

func moveAwkward(t *testing.T, f Fixture) {
	a := f.newcomer(t)
	for _, name := range awkwardNames() {
		got := f.move(t, a.GUID, name, "")
		if strings.TrimSpace(got.CN) != strings.TrimSpace(name) {
			t.Errorf("asked for CN %q, got %q", name, got.CN)
		}
	}
}

func moveTaken(t *testing.T, f Fixture) {
	a, b := f.newcomer(t), f.newcomer(t)
	wantKind(t, f.Writer.Move(t.Context(), a.GUID, b.CN, ""), directory.ErrExists)
	if got := f.read(t, a.GUID); got.CN != a.CN {
		t.Errorf("after the refusal the name is %q", got.CN)
	}
}

func moveNowhere(t *testing.T, f Fixture) {
	a := f.newcomer(t)
	wantKind(t, f.Writer.Move(t.Context(), a.GUID, "", "OU=Nowhere,"+f.Staff), directory.ErrNotFound)
}

func moveGone(t *testing.T, f Fixture) {
	wantKind(t, f.Writer.Move(t.Context(), missing(), "Nobody", f.Staff), directory.ErrNotFound)
}

func moveManager(t *testing.T, f Fixture) {
	boss, a, ou := f.newcomer(t), f.newcomer(t), f.unit(t, "Board")
	f.set(t, a.GUID, edit("manager", "", boss.DN))
	moved := f.move(t, boss.GUID, "Boss, The", ou)
	if got := f.read(t, a.GUID).Manager; !directory.SameDN(got, moved.DN) {
		t.Errorf("the manager is %q, want %s", got, moved.DN)
	}
	f.set(t, a.GUID, edit("manager", moved.DN, ""))
	if got := f.read(t, a.GUID).Manager; got != "" {
		t.Errorf("the manager is still %q", got)
	}
}

func moveMember(t *testing.T, f Fixture) {
	a, g, ou := f.newcomer(t), f.group(t), f.unit(t, "Ward")
	if err := f.Writer.AddMember(t.Context(), g.GUID, a.GUID); err != nil {
		t.Fatal(err)
	}
	moved := f.move(t, a.GUID, "", ou)
	if got := f.readGroup(t, g.DN).Members; len(got) != 1 || !hasDN(got, moved.DN) {
		t.Errorf("the group has %v, want %s", got, moved.DN)
	}
}
