package store

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

	"esrsync/internal/state"
)

//go:embed migrations
var migrations embed.FS

// migrate brings the tables to the version of this program. A newer store is left
// as it is: an old program would not know what the new columns are for.
func migrate(ctx context.Context, db *sql.DB, e engine) error {
	provider, err := migrator(db, e)
	if err != nil {
		return fmt.Errorf("reading the migrations: %w", err)
	}
	has, knows, err := provider.GetVersions(ctx)
	if err != nil {
		return fmt.Errorf("asking for the version of the tables: %w", err)
	}
	if has > knows {
		return fmt.Errorf("%w: its tables have version %d, this program knows %d; use the newer program, "+
			"or restore the store from before", state.ErrNewer, has, knows)
	}
	if has == knows {
		return nil
	}
	_, err = provider.Up(ctx)
	if err == nil {
		return nil
	}
	// Another process may have been quicker with the same file: then all is well.
	if now, _, again := provider.GetVersions(ctx); again == nil && now == knows {
		return nil
	}
	return fmt.Errorf("bringing the tables from version %d to %d: %w", has, knows, err)
}

const (
	lockEvery = 1  // seconds between two tries to be the one machine that migrates
	lockTries = 60 // then it gives up
)

// migrator returns goose with the engine's folder.
func migrator(db *sql.DB, e engine) (*goose.Provider, error) {
	folder, err := fs.Sub(migrations, "migrations/"+e.folder)
	if err != nil {
		return nil, err
	}
	options := []goose.ProviderOption{goose.WithDisableGlobalRegistry(true), goose.WithLogger(goose.NopLogger())}
	if e.locks {
		locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(lockEvery, lockTries))
		if err != nil {
			return nil, err
		}
		options = append(options, goose.WithSessionLocker(locker))
	}
	return goose.NewProvider(e.dialect, db, folder, options...)
}
