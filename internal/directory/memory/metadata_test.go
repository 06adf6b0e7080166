package memory_test

import (
	"context"
	"encoding/binary"
	"errors"
	"strings"
	"testing"

	"esrsync/internal/directory/memory"
)

// passwordVersion reads how often the password was written out of replPropertyMetaData.
func passwordVersion(t *testing.T, d *memory.Domain, dn string) uint32 {
	t.Helper()
	o, err := d.System().Lookup(dn, "replPropertyMetaData")
	if err != nil {
		t.Fatal(err)
	}
	raw := []byte(o.Value("replPropertyMetaData"))
	const head, row, unicodePwd = 16, 48, 0x9005A
	if want := head + row*int(binary.LittleEndian.Uint64(raw[8:])); len(raw) != want {
		t.Fatalf("the metadata has %d bytes, want %d", len(raw), want)
	}
	for at := head; at < len(raw); at += row {
		if binary.LittleEndian.Uint32(raw[at:]) == unicodePwd {
			return binary.LittleEndian.Uint32(raw[at+4:])
		}
	}
	return 0
}

func TestPasswordResetsShowInTheReplicationMetadata(t *testing.T) {
	t.Parallel()
	d := newDomain(t)
	ann := "CN=Ann,OU=Staff," + d.Base()
	load(t, d, memory.User(ann, "ann", nil))
	for want := range uint32(3) {
		if got := passwordVersion(t, d, ann); got != want {
			t.Errorf("after %d resets the version is %d", want, got)
		}
		reset := []memory.Mod{{Op: memory.ReplaceValues, Attribute: "unicodePwd", Values: []string{memory.EncodePassword(goodPassword)}}}
		if err := d.System().Modify(ann, reset); err != nil {
			t.Fatal(err)
		}
	}
	o, err := d.System().Lookup(ann, "msDS-ReplAttributeMetaData")
	if err != nil || !strings.Contains(strings.Join(o.Values("msDS-ReplAttributeMetaData"), ""), "<pszAttributeName>unicodePwd</pszAttributeName>\n\t<dwVersion>3<") {
		t.Errorf("got %v (%v)", o.Attributes, err)
	}
}

func TestWaitSeesTheChangeThatItWaitsFor(t *testing.T) {
	t.Parallel()
	d := newDomain(t)
	ann := "CN=Ann,OU=Staff," + d.Base()
	there := func() bool {
		_, err := d.System().Lookup(ann)
		return err == nil
	}
	seen := make(chan error)
	go func() { seen <- d.Wait(t.Context(), there) }()
	load(t, d, memory.User(ann, "ann", nil))
	if err := <-seen; err != nil {
		t.Error(err)
	}
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	if err := d.Wait(cancelled, func() bool { return false }); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want a cancelled wait", err)
	}
}

func TestLoadedObjectsMayBeOld(t *testing.T) {
	t.Parallel()
	d := newDomain(t)
	ann := "CN=Ann,OU=Staff," + d.Base()
	load(t, d, memory.User(ann, "ann", values("whenCreated", "20190304080000.0Z", "lastLogonTimestamp", "132000000000000000")))
	o, err := d.System().Lookup(ann, "whenCreated", "lastLogonTimestamp")
	if err != nil || o.Value("whenCreated") != "20190304080000.0Z" || o.Value("lastLogonTimestamp") != "132000000000000000" {
		t.Errorf("got %v (%v)", o.Attributes, err)
	}
}
