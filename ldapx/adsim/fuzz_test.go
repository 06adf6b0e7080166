package adsim

import (
	"bytes"
	"testing"

	"github.com/go-ldap/ldap/v3"

	"esrsync/internal/directory/memory"
)

// FuzzRequest sends bytes to a connection's decoder and, where they are a
// request, to its handler: nothing may panic, whatever comes.
func FuzzRequest(f *testing.F) {
	for _, seed := range requests() {
		f.Add(seed)
	}
	f.Add([]byte{0x30, 0x84, 0xff, 0xff, 0xff, 0xff})
	f.Add([]byte{0x30, 0x80, 0x00, 0x00})
	f.Fuzz(func(t *testing.T, raw []byte) {
		frame, err := readFrame(bytes.NewReader(raw))
		if err != nil {
			return
		}
		m, err := decodeMessage(frame)
		if err != nil {
			return
		}
		c, out := offline(t)
		if h, ok := handlers()[m.op.Tag]; ok {
			// A refusal is as good as a success; the point is that there is one.
			_ = c.handle(h, m)
			if out.Len() == 0 {
				t.Errorf("a request of kind %s got no answer", h.op)
			}
		}
	})
}

// FuzzFilter compiles filters as clients do and has them judged.
func FuzzFilter(f *testing.F) {
	for _, s := range []string{"(objectClass=*)", "(&(a=b)(|(c=*d*e)(!(f>=1))))", "(userAccountControl:1.2.840.113556.1.4.803:=2)",
		`(objectGUID=\f8\c0)`, "(member:1.2.840.113556.1.4.1941:=CN=x)", "(|)", "(&)", "(cn:dn:=x)", "(cn=a*)", "(cn=*)"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		p, err := ldap.CompileFilter(s)
		if err != nil {
			return
		}
		if filter, ok := decodeFilter(p); ok {
			c, _ := offline(t)
			if _, err := c.server.domain.System().Find(memory.Query{Base: c.server.domain.Base(), Scope: memory.Subtree, Filter: filter}); err != nil {
				t.Error(err)
			}
		}
	})
}
