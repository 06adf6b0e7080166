package spool

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"esrsync/internal/state"
)

// ErrDamaged reports a file that is not what was written: cut short, changed, or
// another hold's. Somebody may have been locked out of whom it knows more than the
// store; a person has to look at it.
var ErrDamaged = errors.New("the file in the spool is damaged")

// unfinished is how old a file that is not finished must be to have been left by a
// process that was killed: writing one takes far less.
const unfinished = time.Minute

// Entry is what is kept of one hold. It prints as the hold's ID.
type Entry struct {
	// Hold is as it was written, with its category.
	Hold state.Hold

	file file
}

// Format prints the hold's ID whatever the verb.
func (e Entry) Format(to fmt.State, _ rune) {
	// Safe to ignore: the state belongs to package fmt, which reports its own errors.
	_, _ = io.WriteString(to, e.Hold.ID)
}

// Pending returns what was written and not taken yet, an entry for each hold, in
// order of their IDs. The entries are good also where there is an error: it names
// every damaged file, matches [ErrDamaged] then, and those files stay where they
// are. A folder that does not exist yet is empty.
func (f Folder) Pending() ([]Entry, error) {
	files, err := f.files()
	if err != nil {
		return nil, fmt.Errorf("looking into the spool: %w", err)
	}
	var found []Entry
	var faults error
	done := "" // the hold whose newest whole file was found
	for _, one := range files {
		if one.hold == done {
			continue
		}
		h, err := f.read(one)
		switch {
		case errors.Is(err, fs.ErrNotExist) || errors.Is(err, errBeingWritten):
		case err != nil:
			faults = errors.Join(faults, fmt.Errorf("reading %s: %w", f.path(one), err))
		default:
			found, done = append(found, Entry{Hold: h, file: one}), one.hold
		}
	}
	return found, faults
}

// errBeingWritten reports a file that is not finished and not old.
var errBeingWritten = errors.New("somebody is writing this file")

// read reads the hold of a file.
func (f Folder) read(one file) (state.Hold, error) {
	path := f.path(one)
	if !one.whole {
		info, err := os.Stat(path)
		if err != nil {
			return state.Hold{}, err
		}
		if f.now().Sub(info.ModTime()) < unfinished {
			return state.Hold{}, errBeingWritten
		}
	}
	content, err := os.ReadFile(path)
	if err != nil {
		return state.Hold{}, err
	}
	h, err := opened(content)
	if err == nil && h.ID != one.hold {
		err = fmt.Errorf("%w: it is another hold's", ErrDamaged)
	}
	return h, err
}

// Taken removes an entry that is in the store now, and what was kept of the same
// hold before it. What was written since stays. That nothing is there any more is
// success.
func (f Folder) Taken(e Entry) error {
	files, err := f.filesOf(e.file.hold)
	if err == nil {
		var old []file
		for _, one := range files {
			if one == e.file || one.sequence < e.file.sequence {
				old = append(old, one)
			}
		}
		err = f.remove(old)
	}
	if err != nil {
		return fmt.Errorf("removing hold %s from the spool: %w", e.file.hold, err)
	}
	return nil
}

func (f Folder) now() time.Time {
	if f.Now != nil {
		return f.Now()
	}
	return time.Now()
}

func (f Folder) path(one file) string { return filepath.Join(f.Path, one.name()) }
