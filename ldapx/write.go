package ldapx

import (
	"context"
	"fmt"

	"esrsync/internal/directory"
)

// A write is one change of one object. Both of its halves may be run again: send
// has no other effect when its change was made already, and made only looks.
type write struct {
	send func(*conn) error
	made func(*conn) (bool, error) // reads back whether the whole change is there
}

// do sends a write and does not come back before its outcome is known, or Settle
// has passed. Cancelling ctx stops it only before it is sent.
func (d *Directory) do(ctx context.Context, w write) error {
	var lost *pool
	err := whileBusy(ctx, d.opts.Backoff, func() error {
		p, c, err := d.getToWrite(ctx)
		if err != nil {
			return err
		}
		if err = p.finish(c, w.send(c)); !answered(err) {
			lost = p
		}
		return err
	})
	if lost != nil {
		d.opts.Logger.Warnf("the answer to a write was lost, reading back: %v", err)
		return d.settle(context.WithoutCancel(ctx), lost, w, err)
	}
	if refused, ok := refusal(err); ok {
		return refused
	}
	return err
}

// getToWrite returns a connection to the controller that is ours from now on.
func (d *Directory) getToWrite(ctx context.Context) (*pool, *conn, error) {
	for {
		p, c, err := d.get(ctx)
		if err != nil || d.stay(p) {
			return p, c, err
		}
		p.discard(c) // Another caller has moved to another controller meanwhile.
	}
}

// settle finds out what became of a write whose answer was lost: it reads back on
// the same controller, and makes the change again where it is not there. Making it
// again is what settles a write that the controller still has in its queue: that
// one will find its old values gone, or change nothing.
func (d *Directory) settle(ctx context.Context, p *pool, w write, lost error) error {
	ctx, cancel := context.WithTimeout(ctx, d.opts.Settle)
	defer cancel()
	for n := 1; ; n++ {
		var outcome error
		err := p.use(ctx, func(c *conn) (err error) {
			outcome, err = w.settleOn(c)
			return err
		})
		if err == nil {
			return outcome
		}
		if isKind(err, directory.ErrCredentials) || pause(ctx, d.opts.Backoff, n) != nil {
			return fmt.Errorf("%w: %w; reading back: %w", directory.ErrUnknownOutcome, lost, err)
		}
	}
}

// settleOn reads back, makes the change again where it is not there, and reads
// back once more where that is refused: the first try may have arrived between. It
// returns the outcome, or an error where no answer came that can be relied on.
func (w write) settleOn(c *conn) (outcome, err error) {
	if made, err := w.lookedUp(c); made || err != nil {
		return nil, err
	}
	sent := w.send(c)
	refused, ok := refusal(sent)
	if sent == nil || !ok || refused.busy() {
		return nil, sent
	}
	if made, err := w.lookedUp(c); made || err != nil {
		return nil, err
	}
	return refused, nil
}

// lookedUp is made, where an object that is gone or hidden is one that was not
// changed; the next refusal will say so.
func (w write) lookedUp(c *conn) (bool, error) {
	made, err := w.made(c)
	if answered(err) || isKind(err, directory.ErrNotFound) {
		return made && err == nil, nil
	}
	return made, err
}
