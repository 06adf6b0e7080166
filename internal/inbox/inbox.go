// Package inbox is the folder into which feeds come, and the archive to which
// they go: taken ones into the archive itself, refused ones into its folder
// "quarantine", each beside a text that says why. No file is ever deleted here.
package inbox

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"
)

// Folder is an inbox and its archive. Both are made when first needed.
type Folder struct {
	Inbox   string
	Archive string
}

// quarantine is the archive's folder for files that were refused.
const quarantine = "quarantine"

// reasonsEnding follows the name of a refused file in the name of the text that
// says why.
const reasonsEnding = ".reasons.txt"

// Names returns the names of the files in the inbox that match a pattern of
// [filepath.Match], sorted. An inbox that does not exist yet is empty. Files that
// are still being uploaded are left out.
func (f Folder) Names(pattern string) ([]string, error) {
	entries, err := os.ReadDir(f.Inbox)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("looking into the inbox: %w", err)
	}
	var out []string
	for _, e := range entries {
		fits, err := filepath.Match(pattern, e.Name())
		if err != nil {
			return nil, fmt.Errorf("the pattern %q of a feed: %w", pattern, err)
		}
		if fits && e.Type().IsRegular() && !isUpload(e.Name()) {
			out = append(out, e.Name())
		}
	}
	sort.Strings(out)
	return out, nil
}

// isUpload reports whether a name is one that file transfers give to a file until
// it is whole.
func isUpload(name string) bool {
	return slices.Contains([]string{".part", ".filepart", ".tmp", ".partial"}, strings.ToLower(filepath.Ext(name)))
}

// Newest returns which of the named files was changed last; of several at the
// same instant the last by name.
func (f Folder) Newest(names []string) (string, error) {
	newest, best := "", fs.FileInfo(nil)
	for _, name := range names {
		info, err := os.Stat(filepath.Join(f.Inbox, name))
		if err != nil {
			return "", fmt.Errorf("looking at a feed: %w", err)
		}
		if best == nil || !info.ModTime().Before(best.ModTime()) {
			newest, best = name, info
		}
	}
	return newest, nil
}

// Open opens a file of the inbox, or one at any other path.
func (f Folder) Open(name string) (io.ReadCloser, error) {
	file, err := os.Open(f.path(name))
	if err != nil {
		return nil, fmt.Errorf("opening a feed: %w", err)
	}
	return file, nil
}

// path returns where a file is: in the inbox where a bare name is given, else where it says.
func (f Folder) path(name string) string {
	if filepath.Base(name) == name {
		return filepath.Join(f.Inbox, name)
	}
	return name
}

// Keep moves a file that was taken to the archive.
func (f Folder) Keep(name string) error { return f.move(name, f.Archive) }

// Refuse moves a file to the quarantine and puts the reasons beside it. A file
// that lies elsewhere is somebody's own: it is left alone, and has no reasons beside it.
func (f Folder) Refuse(name, reasons string) error {
	if !f.has(name) {
		return nil
	}
	folder := filepath.Join(f.Archive, quarantine)
	if err := f.move(name, folder); err != nil {
		return err
	}
	beside := filepath.Join(folder, filepath.Base(name)+reasonsEnding)
	if err := os.WriteFile(beside, []byte(reasons), 0o640); err != nil {
		return fmt.Errorf("writing down why a feed was refused: %w", err)
	}
	return nil
}

// Quarantined returns the path of a refused file, or nothing where there is none of that name.
func (f Folder) Quarantined(name string) string {
	path := filepath.Join(f.Archive, quarantine, filepath.Base(name))
	if _, err := os.Stat(path); err != nil {
		return ""
	}
	return path
}

// has reports whether a file is in the inbox or in the quarantine.
func (f Folder) has(name string) bool {
	dir := filepath.Dir(f.path(name))
	return dir == filepath.Clean(f.Inbox) || dir == filepath.Join(filepath.Clean(f.Archive), quarantine)
}

// move puts a file of the inbox into a folder. A file that lies elsewhere is
// somebody's own: it is left where it is.
func (f Folder) move(name, folder string) error {
	if !f.has(name) {
		return nil
	}
	if err := os.MkdirAll(folder, 0o750); err != nil {
		return fmt.Errorf("making the archive: %w", err)
	}
	from := f.path(name)
	to := filepath.Join(folder, filepath.Base(from))
	if from == to {
		return nil
	}
	if err := setAside(from, to); err != nil {
		return err
	}
	if err := os.Rename(from, to); err != nil {
		return copyOver(from, to)
	}
	return nil
}

// setAside gives another file that already has the name a number, with the
// reasons beside it: exports may have one name every day. The same file once more
// needs no second place.
func setAside(from, to string) error {
	if _, err := os.Stat(to); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	equal, err := sameContent(from, to)
	if err != nil {
		return fmt.Errorf("looking into the archive: %w", err)
	}
	if equal {
		return nil
	}
	aside := to
	for n := 1; exists(aside); n++ {
		aside = fmt.Sprintf("%s.%d", to, n)
	}
	if err := os.Rename(to, aside); err != nil {
		return fmt.Errorf("setting an older feed aside: %w", err)
	}
	if err := os.Rename(to+reasonsEnding, aside+reasonsEnding); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("setting an older feed's reasons aside: %w", err)
	}
	return nil
}

// exists reports whether anything has the path. What cannot be looked at has it.
func exists(path string) bool {
	_, err := os.Stat(path)
	return !errors.Is(err, fs.ErrNotExist)
}

// sameContent reports whether two files hold the same bytes.
func sameContent(a, b string) (bool, error) {
	one, err := digest(a)
	if err != nil {
		return false, err
	}
	other, err := digest(b)
	return one == other, err
}

func digest(path string) ([sha256.Size]byte, error) {
	var sum [sha256.Size]byte
	file, err := os.Open(path)
	if err != nil {
		return sum, err
	}
	defer file.Close()
	h := sha256.New()
	if _, err := io.Copy(h, file); err != nil {
		return sum, err
	}
	return [sha256.Size]byte(h.Sum(nil)), nil
}

// copyOver moves a file to another file system.
func copyOver(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return fmt.Errorf("moving a feed to the archive: %w", err)
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o640)
	if err != nil {
		return fmt.Errorf("moving a feed to the archive: %w", err)
	}
	if _, err := io.Copy(out, in); err != nil {
		_ = out.Close() // the copy's error is the one that matters
		return fmt.Errorf("moving a feed to the archive: %w", err)
	}
	if err := out.Close(); err != nil {
		return fmt.Errorf("moving a feed to the archive: %w", err)
	}
	return os.Remove(from)
}
