package directorytest

import (
	"context"
	"testing"

	"esrsync/internal/directory"
)

func cancelClaims() []claim {
	return []claim{
		{"a cancelled context reads nothing", cancelReads},
		{"a cancelled context writes nothing", cancelWrites},
	}
}

func cancelled(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	return ctx
}

func cancelReads(t *testing.T, f Fixture) {
	a, ctx := f.newcomer(t), cancelled(t)
	_, err := f.Reader.Accounts(ctx, f.scope())
	wantKind(t, err, context.Canceled)
	_, err = f.Reader.Account(ctx, a.GUID, f.scope())
	wantKind(t, err, context.Canceled)
	_, err = f.Reader.Groups(ctx, []string{f.Groups}, nil)
	wantKind(t, err, context.Canceled)
	_, err = f.Reader.Names(ctx, nil)
	wantKind(t, err, context.Canceled)
	_, err = f.Reader.Facts(ctx)
	wantKind(t, err, context.Canceled)
}

func cancelWrites(t *testing.T, f Fixture) {
	a, g, ctx := f.newcomer(t), f.group(t), cancelled(t)
	_, err := f.Writer.Create(ctx, f.person(t))
	wantKind(t, err, context.Canceled)
	wantKind(t, f.Writer.Modify(ctx, a.GUID, []directory.Edit{edit("title", "", "Nurse")}), context.Canceled)
	wantKind(t, f.Writer.Move(ctx, a.GUID, "Moved", ""), context.Canceled)
	wantKind(t, f.Writer.AddMember(ctx, g.GUID, a.GUID), context.Canceled)
	wantKind(t, f.Writer.SetPassword(ctx, a.GUID, Password, true), context.Canceled)
	wantKind(t, f.Writer.Delete(ctx, a.GUID), context.Canceled)
	got, err := f.Reader.Accounts(t.Context(), f.scope())
	if err != nil || len(got) != 1 || got[0].DN != a.DN || got[0].Value("title") != "" || len(got[0].MemberOf) != 0 {
		t.Errorf("after nothing but cancelled writes the OU has %+v (%v)", got, err)
	}
}
