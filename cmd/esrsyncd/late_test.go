package main

import (
	"context"
	"io"
	"path/filepath"
	"testing"

	"esrsync/config"
	"esrsync/internal/directory"
	"esrsync/internal/directory/memory"
	"esrsync/sync/engine"
)

// meanwhile is a directory in which something happens while it is being read:
// between the first part that a run reads and the one that it reads next.
type meanwhile struct {
	engine.Directory
	happens func()
	parts   int
}

// Reader implements [engine.Directory].
func (m *meanwhile) Reader(ctx context.Context) (directory.Reader, func(), error) {
	r, done, err := m.Directory.Reader(ctx)
	return &slowReader{r, m}, done, err
}

type slowReader struct {
	directory.Reader
	m *meanwhile
}

// next counts a part that was read, and lets it happen after the first.
func (r *slowReader) next() {
	if r.m.parts++; r.m.parts == 1 {
		r.m.happens()
	}
}

// Accounts implements [directory.Reader].
func (r *slowReader) Accounts(ctx context.Context, scope directory.Scope) ([]directory.Account, error) {
	defer r.next()
	return r.Reader.Accounts(ctx, scope)
}

// Names implements [directory.Reader].
func (r *slowReader) Names(ctx context.Context, seen []directory.Account) ([]directory.Name, error) {
	defer r.next()
	return r.Reader.Names(ctx, seen)
}

// TestAnAccountThatAppearsWhileTheDirectoryIsReadIsNotMadeASecondTime is of a
// write of a killed run that lands late, and of an admin who was quicker.
func TestAnAccountThatAppearsWhileTheDirectoryIsReadIsNotMadeASecondTime(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.extra = unlimited
	s.hire(3)
	s.must([]int{exitDone}, "feed", "accept", filepath.Join(s.dir, "inbox", s.full()))
	create := s.plan().Changes[0].After

	doc, err := config.Read(s.configure())
	if err != nil {
		t.Fatal(err)
	}
	a := &app{streams: streams{Out: io.Discard, Err: io.Discard}, now: s.clock}
	opened, err := a.openWith(t.Context(), doc)
	if err != nil {
		t.Fatal(err)
	}
	defer opened.close()
	opened.engine.Directory = &meanwhile{Directory: opened.engine.Directory, happens: func() {
		attributes := map[string][]string{"employeeID": create["person_key"]}
		for _, name := range []string{"userPrincipalName", "mail", "proxyAddresses", "givenName", "sn"} {
			attributes[name] = create[name]
		}
		account := memory.User("CN="+create.First("cn")+","+create.First("ou"), create.First("sAMAccountName"), attributes)
		if _, err := s.server.Domain().Load([]memory.Object{account}); err != nil {
			t.Error(err)
		}
	}}
	if _, err := opened.engine.Sync(t.Context(), engine.Request{Trigger: "test"}); err != nil {
		t.Fatal(err)
	}
	list, err := memory.NewDirectory(s.server.Domain().System()).Accounts(t.Context(), directory.Scope{Bases: []string{siteStaff}})
	if err != nil {
		t.Fatal(err)
	}
	if len(list) != 3 {
		for _, a := range list {
			t.Logf("%s of %s", a.Login, a.PersonKey)
		}
		t.Errorf("three people have %d accounts", len(list))
	}
}
