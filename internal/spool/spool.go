// Package spool keeps what a lockout did while the store was away: a file for each
// hold, which outlives the process and a power cut, until the daemon has taken it
// into the store.
//
// A file's name is the hold's ID, a sequence number and a random part:
//
//	0123456789abcdef0123456789abcdef.000001.9f86d081.hold
//
// Each [Folder.Write] makes a new file and then removes the hold's older ones, so
// that [Folder.Taken] removes what was taken and never something that came since.
// A file is written under a name that ends in .new, waited for on the disk, and
// renamed. Whatever is killed when, the newest whole file of a hold is what counts;
// a file that is not whole is told, and never removed or used.
//
// The files hold the category of a lockout, since there is no other place for it
// meanwhile. Only their owner may read them; no error and no print of this package
// has it.
package spool

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"time"

	"esrsync/internal/state"
)

// Folder is where the files are. It is made when first needed.
type Folder struct {
	Path string
	// Now is the clock by which a file that nobody finished is old; nil for the real one.
	Now func() time.Time
}

// Write keeps the hold, whose category is given apart, in place of what was kept
// of the same hold before. Once it has returned without an error the record
// outlives a power cut; with one, what was kept before is still there. Of two calls
// for one hold that overlap, either may be the one that counts.
func (f Folder) Write(h state.Hold, category string) error {
	h.Category = category
	if err := f.write(h); err != nil {
		return fmt.Errorf("keeping hold %s in the spool: %w", h.ID, err)
	}
	return nil
}

func (f Folder) write(h state.Hold) error {
	content, err := sealed(h)
	if err != nil {
		return err
	}
	if err := f.make(); err != nil {
		return err
	}
	before, err := f.filesOf(h.ID)
	if err != nil {
		return err
	}
	one := file{hold: h.ID, sequence: 1, random: random(), whole: true}
	if len(before) > 0 {
		one.sequence = before[0].sequence + 1
	}
	if err := f.settle(one, content); err != nil {
		return err
	}
	// Safe to ignore: what is left is older, and goes with what was just written.
	_ = f.remove(slices.DeleteFunc(before, func(other file) bool { return !other.whole }))
	return nil
}

// settle writes the file so that it is there whole, or not at all.
func (f Folder) settle(one file, content []byte) error {
	begun := one
	begun.whole = false
	from, to := f.path(begun), f.path(one)
	if err := writeThrough(from, content); err != nil {
		return errors.Join(err, dropped(from))
	}
	if err := os.Rename(from, to); err != nil {
		return errors.Join(err, dropped(from))
	}
	return syncFolder(f.Path)
}

// writeThrough makes a new file for our own user alone and waits for the disk.
func writeThrough(path string, content []byte) error {
	out, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = out.Write(content)
	if err == nil {
		err = out.Sync()
	}
	return errors.Join(err, out.Close())
}

// dropped removes a file that may not be there.
func dropped(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// make makes the folder where there is none, for our own user alone.
func (f Folder) make() error {
	if f.Path == "" {
		return errors.New("no folder given")
	}
	if _, err := os.Stat(f.Path); err == nil {
		return nil
	}
	if err := os.MkdirAll(f.Path, 0o700); err != nil {
		return err
	}
	return syncFolder(filepath.Dir(f.Path))
}

// syncFolder waits until the disk has the names in the folder. Windows has no such
// call: there NTFS's own journal keeps the order of renames.
func syncFolder(path string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	folder, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}

// remove removes files of which some may be gone already.
func (f Folder) remove(files []file) error {
	if len(files) == 0 {
		return nil
	}
	var all error
	for _, one := range files {
		all = errors.Join(all, dropped(f.path(one)))
	}
	return errors.Join(all, syncFolder(f.Path))
}

// random returns what keeps two processes that write at once apart.
func random() string {
	raw := make([]byte, 4)
	_, _ = rand.Read(raw) // Never fails, by the package's own promise.
	return hex.EncodeToString(raw)
}
