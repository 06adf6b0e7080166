package main

import (
	"fmt"
	"io"
	"os"
	"time"

	"golang.org/x/term"
)

// progress tells a person at a terminal how far a run is and how long it may
// still take, on one line that it writes over.
type progress struct {
	out     io.Writer
	now     func() time.Time
	stage   string
	started time.Time
}

// newProgress returns nil where out is no terminal: logs have no use for it.
func newProgress(out io.Writer, now func() time.Time) *progress {
	f, is := out.(*os.File)
	if !is || !term.IsTerminal(int(f.Fd())) {
		return nil
	}
	return &progress{out: out, now: now}
}

// tell shows that done of total are done.
func (p *progress) tell(stage string, done, total int) {
	if stage != p.stage {
		p.stage, p.started = stage, p.now()
	}
	fmt.Fprintf(p.out, "\r\x1b[K%s: %d of %d%s", stage, done, total, p.left(done, total))
	if done >= total {
		fmt.Fprintln(p.out)
	}
}

// left estimates the time that is left from the pace so far.
func (p *progress) left(done, total int) string {
	spent := p.now().Sub(p.started)
	if done == 0 || done >= total || spent < time.Second {
		return ""
	}
	rest := time.Duration(float64(spent) / float64(done) * float64(total-done))
	return fmt.Sprintf(", about %s left", rest.Round(time.Second))
}
