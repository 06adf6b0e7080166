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
	l := &lockout{id: id, attribute: d.opts.MarkerAttribute, marker: marker}
	err := d.lookFirst(ctx, l)
	if err == nil && !l.made() {
		err = d.do(ctx, write{send: l.send, made: l.lookedUp})
	}
	if err != nil {
		return fmt.Errorf("locking %s out: %w", id, err)
	}
	return nil
}

// lookFirst reads what the lockout is to change, apart from the write: where this
// read has no answer nothing was sent, and there is nothing to settle.
func (d *Directory) lookFirst(ctx context.Context, l *lockout) error {
	err := d.use(ctx, func(_ *pool, c *conn) error {
		stop := context.AfterFunc(ctx, c.drop)
		defer stop()
		return l.look(c)
	})
	if err != nil && !answered(err) && !isKind(err, directory.ErrCredentials) && ctx.Err() == nil {
		return fmt.Errorf("%w: %w", directory.ErrUnavailable, err)
	}
	return err
}

// lockout is what is to be written to one account.
type lockout struct {
	id        directory.GUID
	attribute string // that has the marker
	marker    string // empty: the attribute is left alone
	now       lockState
}

// lockState is what a lockout changes, as it was seen last.
type lockState struct {
	control string // empty: we may not see it
	marker  string
}

// send writes what is left to write since the last look, and looks and writes anew
// where somebody wrote in between. Only the control field is compared: what else is
// in it must be kept. Whatever marker there is gives way.
func (l *lockout) send(c *conn) error {
	for n := 1; ; n++ {
		if l.made() {
			return nil
		}
		request, err := l.request()
		if err != nil {
			return err
		}
		if err = c.Modify(request); !isConflict(err) || n == attempts {
			return err
		}
		if err = l.look(c); err != nil {
			return err
		}
	}
}

func (l *lockout) look(c *conn) error {
	entry, err := c.one(address(l.id), accountFilter, "userAccountControl", l.attribute)
	if err != nil {
		return err
	}
	l.now = lockState{
		control: entry.GetEqualFoldAttributeValue("userAccountControl"),
		marker:  entry.GetEqualFoldAttributeValue(l.attribute),
	}
	return nil
}

// lookedUp looks again and says whether all is written.
func (l *lockout) lookedUp(c *conn) (bool, error) {
	err := l.look(c)
	return err == nil && l.made(), err
}

// made reports whether there was nothing left to write at the last look.
func (l *lockout) made() bool {
	control, err := parseControl(l.now.control)
	return err == nil && !control.Enabled() && (l.marker == "" || l.marker == l.now.marker)
}

// request removes the control field that was read and adds the one that locks out,
// so that a bit which somebody sets meanwhile is not lost.
func (l *lockout) request() (*ldap.ModifyRequest, error) {
	was, err := parseControl(l.now.control)
	if err != nil {
		return nil, fmt.Errorf("%w: the account's control field cannot be read", directory.ErrDenied)
	}
	request := ldap.NewModifyRequest(address(l.id), nil)
	if was.Enabled() {
		request.Delete("userAccountControl", []string{l.now.control})
		request.Add("userAccountControl", []string{was.WithDisabled().String()})
	}
	if l.marker != "" && l.marker != l.now.marker {
		request.Replace(l.attribute, []string{l.marker})
	}
	return request, nil
}

// isConflict reports whether the controller found another value than expected.
func isConflict(err error) bool {
	refused, ok := refusal(err)
	return ok && isKind(refused, directory.ErrConflict)
}
