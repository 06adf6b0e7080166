package ldapx_test

import (
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	ber "github.com/go-asn1-ber/asn1-ber"
	"github.com/go-ldap/ldap/v3"

	"esrsync/internal/directory"
)

// An object is the one object of a stub: it can be read, and modified value by
// value as a directory does. Each write is handed to fault first.
type object struct {
	mu     sync.Mutex
	values map[string][]string
	writes int // sent to it
	// fault gets the number of the write, what applies it, and the request. It
	// returns the answer, or nil for the true one.
	fault func(n int, apply func() []*ber.Packet, r request) []*ber.Packet
}

func (o *object) answer(r request) []*ber.Packet {
	switch {
	case r.op == ldap.ApplicationModifyRequest:
		o.mu.Lock()
		o.writes++
		n := o.writes
		o.mu.Unlock()
		apply := func() []*ber.Packet { return o.modify(r) }
		if o.fault != nil {
			if told := o.fault(n, apply, r); told != nil {
				return told
			}
		}
		return apply()
	case r.op == ldap.ApplicationSearchRequest && r.base != "":
		o.mu.Lock()
		defer o.mu.Unlock()
		return []*ber.Packet{entry("CN=made up,"+stubBase, o.values), done()}
	}
	return nil
}

// modify makes all changes or none, and says which.
func (o *object) modify(r request) []*ber.Packet {
	o.mu.Lock()
	defer o.mu.Unlock()
	next := map[string][]string{}
	for name, values := range o.values {
		next[name] = slices.Clone(values)
	}
	for _, change := range r.packet.Children[1].Children {
		name := change.Children[1].Children[0].Value.(string)
		for _, v := range change.Children[1].Children[1].Children {
			value := v.Value.(string)
			at := slices.Index(next[name], value)
			switch change.Children[0].Value.(int64) {
			case ldap.DeleteAttribute:
				if at < 0 {
					return []*ber.Packet{result(ldap.ApplicationModifyResponse, 16, "00002085: AtrErr: DSID-03191083, #1")}
				}
				next[name] = slices.Delete(next[name], at, at+1)
			case ldap.AddAttribute:
				if at >= 0 {
					return []*ber.Packet{result(ldap.ApplicationModifyResponse, 20, "00002083: AtrErr: DSID-03191083, #1")}
				}
				next[name] = append(next[name], value)
			}
		}
	}
	o.values = next
	return []*ber.Packet{result(ldap.ApplicationModifyResponse, 0, "")}
}

func (o *object) title() []string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.values["title"]
}

// promoting is the edit of all tests here.
func promoting() []directory.Edit {
	return []directory.Edit{{Attribute: "title", Old: []string{"Nurse"}, New: []string{"Matron"}}}
}

func TestAWriteWhoseAnswerWasLostIsSettledByReadingBack(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		fault  func(o *object) func(n int, apply func() []*ber.Packet, r request) []*ber.Packet
		kind   error
		title  string
		writes int
	}{
		{"the connection drops after the change was made: made, and not sent again", func(*object) func(int, func() []*ber.Packet, request) []*ber.Packet {
			return func(_ int, apply func() []*ber.Packet, r request) []*ber.Packet {
				apply()
				r.hangUp()
				return silence()
			}
		}, nil, "Matron", 1},
		{"the connection drops before the change was made: read back, then made", func(*object) func(int, func() []*ber.Packet, request) []*ber.Packet {
			return func(n int, _ func() []*ber.Packet, r request) []*ber.Packet {
				if n > 1 {
					return nil
				}
				r.hangUp()
				return silence()
			}
		}, nil, "Matron", 2},
		{"the controller is frozen and the change was made: made, and not sent again", func(*object) func(int, func() []*ber.Packet, request) []*ber.Packet {
			return func(_ int, apply func() []*ber.Packet, _ request) []*ber.Packet {
				apply()
				return silence()
			}
		}, nil, "Matron", 1},
		{"the change arrives late, just before it is made again: made", func(*object) func(int, func() []*ber.Packet, request) []*ber.Packet {
			return func(n int, apply func() []*ber.Packet, _ request) []*ber.Packet {
				if n == 1 {
					return silence()
				}
				apply()
				return apply()
			}
		}, nil, "Matron", 2},
		{"somebody else changed the value meanwhile: a conflict", func(o *object) func(int, func() []*ber.Packet, request) []*ber.Packet {
			return func(_ int, _ func() []*ber.Packet, r request) []*ber.Packet {
				o.mu.Lock()
				o.values["title"] = []string{"Porter"}
				writes := o.writes
				o.mu.Unlock()
				if writes > 1 {
					return nil
				}
				r.hangUp()
				return silence()
			}
		}, directory.ErrConflict, "Porter", 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			o := &object{values: map[string][]string{"objectGUID": {"0123456789abcdef"}, "title": {"Nurse"}}}
			o.fault = c.fault(o)
			opts := options(serve(t, o.answer))
			opts.Timeout = time.Second
			err := open(t, opts).Modify(t.Context(), directory.GUID{1}, promoting())
			if !errors.Is(err, c.kind) {
				t.Errorf("got %v, want %v", err, c.kind)
			}
			if got := o.title(); !slices.Equal(got, []string{c.title}) || o.writes != c.writes {
				t.Errorf("the title is %v after %d writes, want %s after %d", got, o.writes, c.title, c.writes)
			}
		})
	}
}

func TestAWriteThatCannotBeSettledSaysSo(t *testing.T) {
	t.Parallel()
	var s *stub
	o := &object{values: map[string][]string{"title": {"Nurse"}}}
	o.fault = func(_ int, _ func() []*ber.Packet, r request) []*ber.Packet {
		_ = s.listener.Close() // The controller goes away for good with the first write.
		r.hangUp()
		return silence()
	}
	s = serve(t, o.answer)
	opts := options(s, serve(t, usually))
	opts.Settle = 200 * time.Millisecond
	err := open(t, opts).Modify(t.Context(), directory.GUID{1}, promoting())
	if !errors.Is(err, directory.ErrUnknownOutcome) {
		t.Errorf("got %v, want an unknown outcome: another controller cannot tell", err)
	}
}

func TestABusyControllerIsSentTheWriteAgain(t *testing.T) {
	t.Parallel()
	for _, code := range []int{3, 11, 51, 52} {
		o := &object{values: map[string][]string{"title": {"Nurse"}}}
		o.fault = func(n int, _ func() []*ber.Packet, _ request) []*ber.Packet {
			if n < 3 {
				return []*ber.Packet{result(ldap.ApplicationModifyResponse, code, "")}
			}
			return nil
		}
		err := open(t, options(serve(t, o.answer))).Modify(t.Context(), directory.GUID{1}, promoting())
		if err != nil || o.writes != 3 {
			t.Errorf("result %d: got %v after %d writes, want the third to go through", code, err, o.writes)
		}
	}
}

func TestARefusalIsToldAtOnce(t *testing.T) {
	t.Parallel()
	o := &object{values: map[string][]string{"title": {"Nurse"}}}
	o.fault = func(int, func() []*ber.Packet, request) []*ber.Packet {
		return []*ber.Packet{result(ldap.ApplicationModifyResponse, 50, "00002098: SecErr: DSID-031514A0, problem 4003 (INSUFF_ACCESS_RIGHTS), data 0")}
	}
	err := open(t, options(serve(t, o.answer))).Modify(t.Context(), directory.GUID{1}, promoting())
	if !errors.Is(err, directory.ErrDenied) || o.writes != 1 {
		t.Errorf("got %v after %d writes, want a missing right after one", err, o.writes)
	}
}

func TestANewAccountWhoseAnswerWasLostIsFoundByItsValues(t *testing.T) {
	t.Parallel()
	account := directory.NewAccount{CN: "Made Up", Parent: "OU=Staff," + stubBase, Login: "mup", UPN: "mup@trust.example",
		Attributes: map[string][]string{"sn": {"Up"}, "manager": {"cn=Boss,ou=staff," + stubBase}}}
	for _, c := range []struct {
		name  string
		found map[string][]string
		kind  error
	}{
		{"the account with our values is ours", map[string][]string{"objectGUID": {"0123456789abcdef"}, "sAMAccountName": {"mup"},
			"userPrincipalName": {"mup@trust.example"}, "sn": {"Up"}, "manager": {"CN=Boss,OU=Staff," + stubBase}}, nil},
		{"another one of the same name is not", map[string][]string{"objectGUID": {"0123456789abcdef"}, "sAMAccountName": {"mup"},
			"userPrincipalName": {"mup@trust.example"}, "sn": {"Down"}}, directory.ErrExists},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			adds := 0
			s := serve(t, func(r request) []*ber.Packet {
				switch {
				case r.op == ldap.ApplicationAddRequest:
					if adds++; adds == 1 {
						r.hangUp()
						return silence()
					}
					return []*ber.Packet{result(ldap.ApplicationAddResponse, 68, "00002071: UpdErr: DSID-031A11EC")}
				case r.op == ldap.ApplicationSearchRequest && strings.HasPrefix(r.base, "CN="):
					return []*ber.Packet{entry(r.base, c.found), done()}
				}
				return nil
			})
			id, err := open(t, options(s)).Create(t.Context(), account)
			if !errors.Is(err, c.kind) {
				t.Fatalf("got %v, want %v", err, c.kind)
			}
			if want, _ := directory.GUIDOf([]byte("0123456789abcdef")); c.kind == nil && id != want {
				t.Errorf("got GUID %s, want %s", id, want)
			}
		})
	}
}
