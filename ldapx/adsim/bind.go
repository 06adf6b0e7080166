package adsim

import (
	"esrsync/internal/directory/memory"

	ber "github.com/go-asn1-ber/asn1-ber"
)

// Result codes that only the protocol has.
const (
	compareFalse           memory.Result = 5
	compareTrue            memory.Result = 6
	authMethodNotSupported memory.Result = 7
)

// bind answers a simple bind (RFC 4511, 4.2). A failed one leaves the connection
// anonymous; so does a name without a password, which is no proof of anything.
func (c *conn) bind(m message) answer {
	c.session = c.server.domain.Anonymous()
	if len(m.op.Children) != 3 {
		return answer{err: malformed()}
	}
	method := m.op.Children[2]
	if method.ClassType != ber.ClassContext || method.Tag != 0 {
		return answer{code: authMethodNotSupported}
	}
	name, password := text(m.op.Children[1]), text(method)
	if password == "" {
		return answer{}
	}
	session, err := c.server.domain.SignIn(name, password)
	if err != nil {
		return answer{err: err}
	}
	c.session = session
	return answer{}
}

// whoAmI is RFC 4532.
const whoAmI = "1.3.6.1.4.1.4203.1.11.3"

// extended answers the one extended operation that is known.
func (c *conn) extended(m message) answer {
	if len(m.op.Children) == 0 || text(m.op.Children[0]) != whoAmI {
		return answer{err: &memory.Fault{Result: memory.ProtocolError, Win: 0x203D,
			Text: "0000203D: LdapErr: DSID-0C0912FD, comment: Unknown extended request OID, data 0, v4563"}}
	}
	return answer{extra: tlv(0x8B, []byte(c.session.Name()))}
}

func malformed() *memory.Fault {
	return &memory.Fault{Result: memory.ProtocolError, Win: 0x57,
		Text: "00000057: LdapErr: DSID-0C090E9B, comment: Error decoding ldap message, data 0, v4563"}
}

func busy() *memory.Fault {
	return &memory.Fault{Result: memory.Busy, Win: 0x200E, Text: "0000200E: SvcErr: DSID-0310082F, problem 5001 (BUSY), data 0"}
}

// readOnly is how a global catalogue refuses a write.
func readOnly() *memory.Fault {
	return &memory.Fault{Result: memory.UnwillingToPerform, Win: 0x2035,
		Text: "00002035: SvcErr: DSID-031A1262, problem 5003 (WILL_NOT_PERFORM), data 0"}
}

func unknownControl() *memory.Fault {
	return &memory.Fault{Result: memory.UnavailableExtension, Win: 0x2040,
		Text: "00002040: SvcErr: DSID-031401E7, problem 5010 (UNAVAIL_EXTENSION), data 0"}
}

func sizeLimit() *memory.Fault {
	return &memory.Fault{Result: memory.SizeLimitExceeded, Win: 0x2023, Text: "00002023: SvcErr: DSID-031A12D2, problem 5008 (SIZE_LIMIT_EXCEEDED), data 0"}
}

func noRight() *memory.Fault {
	return &memory.Fault{Result: memory.InsufficientAccess, Win: 0x2098,
		Text: "00002098: SecErr: DSID-03150F94, problem 4003 (INSUFF_ACCESS_RIGHTS), data 0"}
}
