package store

import (
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/pressly/goose/v3"
	"modernc.org/sqlite"

	"esrsync/internal/state"
)

// readers is how many readers a SQLite store has at a time.
const readers = 4

// dialSQLite prepares the file and two pools of connections to it. The writer is
// alone in its pool, so that writers of this process wait for each other in Go,
// in turn, and not in SQLite's own loop of sleeping and asking again.
func (s *Store) dialSQLite(path string) error {
	s.engine = engine{
		dialect: goose.DialectSQLite3, folder: "sqlite", clock: ownClock, conflict: isBusy, unreachable: cannotOpen,
	}
	if path == "" {
		return errors.New("no path given")
	}
	if err := ownFile(path); err != nil {
		return err
	}
	address, err := sqliteAddress(path)
	if err != nil {
		return err
	}
	if s.writes, err = sql.Open("sqlite", address+"&_txlock=immediate"); err != nil {
		return fmt.Errorf("opening %s: %w", path, err)
	}
	if s.reads, err = sql.Open("sqlite", address+"&_pragma=query_only(1)"); err != nil {
		return fmt.Errorf("opening %s: %w", path, errors.Join(err, s.writes.Close()))
	}
	s.writes.SetMaxOpenConns(1)
	s.reads.SetMaxOpenConns(readers)
	return nil
}

// ownFile makes the file for our own user alone, or makes it so: SQLite would
// leave it to the umask. Its journals get the same mode from SQLite.
func ownFile(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err == nil {
		err = errors.Join(f.Close(), os.Chmod(path, 0o600))
	}
	if err != nil {
		return fmt.Errorf("%w: preparing the file: %w", state.ErrUnavailable, err)
	}
	return nil
}

// sqliteAddress returns the file as a URI, whatever signs its name has.
func sqliteAddress(path string) (string, error) {
	whole, err := filepath.Abs(path)
	if err != nil {
		return "", fmt.Errorf("finding %s: %w", path, err)
	}
	slashed := filepath.ToSlash(whole)
	if !strings.HasPrefix(slashed, "/") {
		slashed = "/" + slashed // C:/… on Windows
	}
	file := url.URL{Scheme: "file", Path: slashed}
	return file.String() + "?_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)" +
		"&_pragma=synchronous(FULL)&_pragma=foreign_keys(1)", nil
}

// Primary result codes of SQLite; the extended ones hold them in their low byte.
const (
	sqliteBusy     = 5
	sqliteLocked   = 6
	sqliteReadOnly = 8
	sqliteFault    = 10 // SQLITE_IOERR
	sqliteFull     = 13
	sqliteCantOpen = 14
)

// isBusy reports that another process holds the file.
func isBusy(err error) bool { return hasCode(err, sqliteBusy, sqliteLocked) }

// cannotOpen reports a file that is there no more, or that the disk does not give.
func cannotOpen(err error) bool {
	return hasCode(err, sqliteCantOpen, sqliteFault, sqliteFull, sqliteReadOnly, sqliteBusy, sqliteLocked)
}

func hasCode(err error, codes ...int) bool {
	var refused *sqlite.Error
	if !errors.As(err, &refused) {
		return false
	}
	for _, code := range codes {
		if refused.Code()&0xff == code {
			return true
		}
	}
	return false
}
