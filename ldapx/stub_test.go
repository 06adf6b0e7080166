package ldapx_test

import (
	"bufio"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"sync"
	"testing"
	"time"

	ber "github.com/go-asn1-ber/asn1-ber"
	"github.com/go-ldap/ldap/v3"

	"esrsync/ldapx"
)

// stub is a controller that answers as a test tells it: for faults that no real
// controller shows on demand. What a test does not tell, it answers as a fit
// controller would.
type stub struct {
	url string
	ca  []byte // PEM

	listener net.Listener
	answer   func(request) []*ber.Packet
	serving  sync.WaitGroup

	mu    sync.Mutex
	binds int
	conns map[net.Conn]bool
}

// request is one message from the client.
type request struct {
	op     ber.Tag
	base   string // of a search; the name of the object for other operations
	filter string // of a search
	packet *ber.Packet
	page   *ldap.ControlPaging
	hangUp func() // closes the connection
}

const (
	stubBase     = "DC=trust,DC=example"
	stubUser     = "svc-made-up@trust.example"
	stubPassword = "Throwaway-Stub-1"
)

// serve starts a stub. answer may return nil for the usual answer, or no packet at
// all (an empty list) for silence.
func serve(t *testing.T, answer func(request) []*ber.Packet) *stub {
	t.Helper()
	certificate, ca := issue(t)
	listener, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: []tls.Certificate{certificate}})
	if err != nil {
		t.Fatal(err)
	}
	s := &stub{url: "ldaps://" + listener.Addr().String(), ca: ca, listener: listener, answer: answer, conns: map[net.Conn]bool{}}
	s.serving.Add(1)
	go s.accept()
	t.Cleanup(s.stop)
	return s
}

// stop ends the stub as a controller that is switched off.
func (s *stub) stop() {
	_ = s.listener.Close() // Stopping twice is meant to be harmless.
	s.mu.Lock()
	for c := range s.conns {
		_ = c.Close()
	}
	s.mu.Unlock()
	s.serving.Wait()
}

func (s *stub) bindCount() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.binds
}

func (s *stub) accept() {
	defer s.serving.Done()
	for {
		c, err := s.listener.Accept()
		if err != nil {
			return
		}
		s.mu.Lock()
		s.conns[c] = true
		s.mu.Unlock()
		s.serving.Add(1)
		go s.talk(c)
	}
}

func (s *stub) talk(c net.Conn) {
	defer s.serving.Done()
	defer func() { _ = c.Close() }() // The client may have closed it already.
	in := bufio.NewReader(c)
	for {
		packet, err := ber.ReadPacket(in)
		if err != nil {
			return
		}
		for _, reply := range s.reply(c, packet) {
			message := ber.Encode(ber.ClassUniversal, ber.TypeConstructed, ber.TagSequence, nil, "")
			message.AppendChild(ber.NewInteger(ber.ClassUniversal, ber.TypePrimitive, ber.TagInteger, packet.Children[0].Value, ""))
			for _, child := range reply.Children {
				message.AppendChild(child)
			}
			if _, err := c.Write(message.Bytes()); err != nil {
				return
			}
		}
	}
}

func (s *stub) reply(c net.Conn, packet *ber.Packet) []*ber.Packet {
	r := request{op: packet.Children[1].Tag, packet: packet.Children[1], hangUp: func() { _ = c.Close() }}
	if len(packet.Children) > 2 {
		if control, err := ldap.DecodeControl(packet.Children[2].Children[0]); err == nil {
			r.page, _ = control.(*ldap.ControlPaging)
		}
	}
	switch r.op {
	case ldap.ApplicationBindRequest:
		s.mu.Lock()
		s.binds++
		s.mu.Unlock()
	case ldap.ApplicationSearchRequest:
		r.base, _ = r.packet.Children[0].Value.(string)
		r.filter, _ = ldap.DecompileFilter(r.packet.Children[6])
	case ldap.ApplicationModifyRequest, ldap.ApplicationAddRequest, ldap.ApplicationModifyDNRequest:
		r.base, _ = r.packet.Children[0].Value.(string)
	}
	if told := s.answer(r); told != nil {
		return told
	}
	return usual(r)
}

// usual is what a fit controller answers.
func usual(r request) []*ber.Packet {
	switch {
	case r.op == ldap.ApplicationBindRequest:
		return []*ber.Packet{result(ldap.ApplicationBindResponse, 0, "")}
	case r.op == ldap.ApplicationSearchRequest && r.base == "":
		return []*ber.Packet{entry("", map[string][]string{"defaultNamingContext": {stubBase},
			"configurationNamingContext": {"CN=Configuration," + stubBase}, "dnsHostName": {"dc1.trust.example"},
			"isSynchronized": {"TRUE"}, "currentTime": {"20260302080000.0Z"}}), done()}
	case r.op == ldap.ApplicationSearchRequest && r.page == nil:
		return []*ber.Packet{entry(r.base, map[string][]string{"objectGUID": {"0123456789abcdef"}}), done()}
	case r.op == ldap.ApplicationSearchRequest:
		return []*ber.Packet{done(pageEnd())}
	case r.op == ldap.ApplicationModifyRequest:
		return []*ber.Packet{result(ldap.ApplicationModifyResponse, 0, "")}
	}
	return silence()
}

// silence is an answer that never comes.
func silence() []*ber.Packet { return []*ber.Packet{} }

// pageEnd is the server's word that there is no further page, pageMore that there is one.
func pageEnd() ldap.Control { return ldap.NewControlPaging(0) }

func pageMore() ldap.Control {
	control := ldap.NewControlPaging(0)
	control.SetCookie([]byte("more"))
	return control
}

// result is the answer to anything but a search.
func result(op ber.Tag, code int, text string) *ber.Packet {
	body := ber.Encode(ber.ClassApplication, ber.TypeConstructed, op, nil, "")
	body.AppendChild(ber.NewInteger(ber.ClassUniversal, ber.TypePrimitive, ber.TagEnumerated, code, ""))
	body.AppendChild(octets(""))
	body.AppendChild(octets(text))
	return holding(body)
}

// done ends the answer to a search.
func done(controls ...ldap.Control) *ber.Packet {
	out := result(ldap.ApplicationSearchResultDone, 0, "")
	if len(controls) > 0 {
		list := ber.Encode(ber.ClassContext, ber.TypeConstructed, 0, nil, "")
		for _, c := range controls {
			list.AppendChild(c.Encode())
		}
		out.AppendChild(list)
	}
	return out
}

// refusing ends the answer to a search with a refusal.
func refusing(code int, text string) *ber.Packet {
	return result(ldap.ApplicationSearchResultDone, code, text)
}

// entry is one object of an answer to a search.
func entry(dn string, attributes map[string][]string) *ber.Packet {
	list := ber.Encode(ber.ClassUniversal, ber.TypeConstructed, ber.TagSequence, nil, "")
	for name, values := range attributes {
		set := ber.Encode(ber.ClassUniversal, ber.TypeConstructed, ber.TagSet, nil, "")
		for _, v := range values {
			set.AppendChild(octets(v))
		}
		attribute := ber.Encode(ber.ClassUniversal, ber.TypeConstructed, ber.TagSequence, nil, "")
		attribute.AppendChild(octets(name))
		attribute.AppendChild(set)
		list.AppendChild(attribute)
	}
	body := ber.Encode(ber.ClassApplication, ber.TypeConstructed, ldap.ApplicationSearchResultEntry, nil, "")
	body.AppendChild(octets(dn))
	body.AppendChild(list)
	return holding(body)
}

func octets(s string) *ber.Packet {
	return ber.NewString(ber.ClassUniversal, ber.TypePrimitive, ber.TagOctetString, s, "")
}

// holding wraps what comes behind the message's number.
func holding(body *ber.Packet) *ber.Packet {
	out := ber.Encode(ber.ClassUniversal, ber.TypeConstructed, ber.TagSequence, nil, "")
	out.AppendChild(body)
	return out
}

// issue makes a certificate for 127.0.0.1 that vouches for itself.
func issue(t *testing.T) (tls.Certificate, []byte) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "stub"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
}

// options open the stubs, the first one first.
func options(stubs ...*stub) ldapx.Options {
	o := ldapx.Options{BindUser: stubUser, BindPassword: func() ([]byte, error) { return []byte(stubPassword), nil },
		Timeout: 10 * time.Second, Backoff: time.Millisecond, Settle: 20 * time.Second}
	for _, s := range stubs {
		o.Servers = append(o.Servers, s.url)
		o.CAPEM = append(o.CAPEM, s.ca...)
	}
	return o
}

func open(t *testing.T, o ldapx.Options) *ldapx.Directory {
	t.Helper()
	dir, err := ldapx.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = dir.Close() })
	return dir
}
