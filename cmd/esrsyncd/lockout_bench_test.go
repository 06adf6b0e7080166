package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"esrsync/internal/directory"
	"esrsync/sync/hold"
)

// lockouts is how many lockouts of a warm process are measured, and commands how
// many cold ones.
const (
	lockouts = 1000
	commands = 50
)

// BenchmarkLockout measures lockouts on two real controllers beside what nobody
// can be faster than: one bare LDAP modify there and one fsync.
func BenchmarkLockout(b *testing.B) {
	s, _, _ := newPairSite(b)
	s.extra += "\n"
	s.places = strings.NewReplacer(siteStaff, s.pair.Staff, "OU=Groups,"+siteBase, s.pair.Groups, "[lockout]\n", "[lockout]\nmax_per_hour = 1000\n")
	stem := uniqueLetters()
	for i := range lockouts + commands {
		login := fmt.Sprintf("%s%04d", stem, i)
		s.bed.Add(b, "CN="+login+","+s.pair.Staff, map[string][]string{"objectClass": {"user"}, "sAMAccountName": {login}, "unicodePwd": {pairPassword}, "userAccountControl": {"512"}})
	}
	s.pair.Sync(b)
	session, err := (&app{streams: streams{In: strings.NewReader(""), Out: os.Stderr, Err: os.Stderr}, configFile: s.configure(), now: s.clock}).open(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	session.locker.Policy.MaxPerHour = 0
	for b.Loop() {
		bare, first, whole := measured(b, session, stem)
		session.close()
		cold := make([]time.Duration, 0, commands)
		config := s.configure()
		for i := range commands {
			began := time.Now()
			if got := s.typedWith(config, "lockout", fmt.Sprintf("%s%04d", stem, lockouts+i), "--ticket", "INC1", "--category", "other", "--yes"); got.code != exitDone {
				b.Fatalf("a cold lockout ended with %d\n%s%s", got.code, got.out, got.err)
			}
			cold = append(cold, time.Since(began))
		}
		b.ReportMetric(ms(bare), "bare-p99-ms")
		b.ReportMetric(ms(first), "first-p99-ms")
		b.ReportMetric(float64(first)/float64(bare), "ratio(bar:5)")
		b.ReportMetric(ms(whole), "all-p99-ms")
		b.ReportMetric(ms(p99(cold)), "cold-p99-ms(bar:2000)")
	}
}

// measured returns the p99 of a bare modify with an fsync, of a lockout's first
// success, and of a whole lockout, made in turns so that all meet the same noise.
func measured(b *testing.B, s *session, stem string) (bare, first, whole time.Duration) {
	b.Helper()
	ctx := b.Context()
	hosts, err := s.single.Controllers(ctx)
	if err != nil {
		b.Fatal(err)
	}
	c, done, err := s.single.Open(ctx, hosts[0])
	if err != nil {
		b.Fatal(err)
	}
	defer done()
	var bares, firsts, wholes []time.Duration
	for i := range lockouts {
		subject, err := s.locker.Find(ctx, hold.Who{Key: fmt.Sprintf("%s%04d", stem, i)})
		if err != nil {
			b.Fatal(err)
		}
		bares = append(bares, bareModify(b, c, subject.Accounts[0].GUID))
		began := time.Now()
		at := time.Duration(0)
		h, err := s.locker.Lock(ctx, subject, hold.Order{Ticket: "INC1", Category: "other", Requester: "bench"}, func(step hold.Step) {
			if at == 0 && step.What == hold.WhatDisabled && step.Err == nil {
				at = time.Since(began)
			}
		})
		if err != nil || h.IsOpen() {
			b.Fatalf("lockout %d is open: %v", i, err)
		}
		firsts, wholes = append(firsts, at), append(wholes, time.Since(began))
	}
	return p99(bares), p99(firsts), p99(wholes)
}

// bareModify changes one attribute and waits for the disk once.
func bareModify(b *testing.B, c hold.Controller, id directory.GUID) time.Duration {
	b.Helper()
	f, err := os.Create(filepath.Join(b.TempDir(), "fsync"))
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	began := time.Now()
	if _, err := f.WriteString("made up\n"); err != nil {
		b.Fatal(err)
	}
	if err := f.Sync(); err != nil {
		b.Fatal(err)
	}
	// The marker is what our account may write; a lockout replaces it.
	if err := c.Modify(b.Context(), id, []directory.Edit{{Attribute: "adminDescription", New: []string{"made up"}}}); err != nil {
		b.Fatal(err)
	}
	return time.Since(began)
}

func p99(times []time.Duration) time.Duration {
	slices.Sort(times)
	return times[len(times)*99/100]
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
