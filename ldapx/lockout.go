package ldapx

import (
	"context"
	"fmt"

	"github.com/go-ldap/ldap/v3"

	"esrsync/internal/directory"
)

// LockOut switches the account off and gives it the marker, in one operation on
// the controller in use.
func (d *Directory) LockOut(ctx context.Context, id directory.GUID, marker string) error {
	l := lockout{id: id, attribute: d.opts.MarkerAttribute, marker: marker}
	err := d.do(ctx, write{
		send: l.send,
		made: func(c *conn) (bool, error) {
			now, err := l.look(c)
			return err == nil && l.made(now), err
		},
	})
	if err != nil {
		return fmt.Errorf("locking %s out: %w", id, err)
	}
	return nil
}

// lockout is what is to be written to one account.
type lockout struct {
	id        directory.GUID
	attribute string // that has the marker
	marker    string // empty: the attribute is left alone
}

// lockState is what a lockout changes, as it is now.
type lockState struct {
	control string
	marker  string
}

// send looks and writes, and begins anew where somebody wrote in between. Only
// the control field is compared: what else is in it must be kept. Whatever marker
// there is gives way.
func (l lockout) send(c *conn) error {
	for n := 1; ; n++ {
		now, err := l.look(c)
		if err != nil || l.made(now) {
			return err
		}
		request, err := l.request(now)
		if err != nil {
			return err
		}
		if err = c.Modify(request); !isConflict(err) || n == attempts {
			return err
		}
	}
}

func (l lockout) look(c *conn) (lockState, error) {
	entry, err := c.one(address(l.id), accountFilter, "userAccountControl", l.attribute)
	if err != nil {
		return lockState{}, err
	}
	return lockState{
		control: entry.GetEqualFoldAttributeValue("userAccountControl"),
		marker:  entry.GetEqualFoldAttributeValue(l.attribute),
	}, nil
}

// made reports whether there is nothing left to write.
func (l lockout) made(now lockState) bool {
	control, err := parseControl(now.control)
	return err == nil && !control.Enabled() && (l.marker == "" || l.marker == now.marker)
}

// request removes the control field that was read and adds the one that locks out,
// so that a bit which somebody sets meanwhile is not lost.
func (l lockout) request(now lockState) (*ldap.ModifyRequest, error) {
	was, err := parseControl(now.control)
	if err != nil {
		return nil, fmt.Errorf("%w: the account's control field cannot be read", directory.ErrDenied)
	}
	request := ldap.NewModifyRequest(address(l.id), nil)
	if was.Enabled() {
		request.Delete("userAccountControl", []string{now.control})
		request.Add("userAccountControl", []string{was.WithDisabled().String()})
	}
	if l.marker != "" && l.marker != now.marker {
		request.Replace(l.attribute, []string{l.marker})
	}
	return request, nil
}

// isConflict reports whether the controller found another value than expected.
func isConflict(err error) bool {
	refused, ok := refusal(err)
	return ok && isKind(refused, directory.ErrConflict)
}
