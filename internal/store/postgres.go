package store

import (
	"errors"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
)

const (
	// connectTimeout bounds dialling and signing in, where the DSN does not.
	connectTimeout = 10 * time.Second
	// postgresConnections is enough for the console and a run side by side.
	postgresConnections = 10
	// connectionLife lets a failover behind one name be noticed.
	connectionLife = 30 * time.Minute
)

// dialPostgres prepares a pool; the first question dials.
func (s *Store) dialPostgres(dsn string) error {
	s.engine = engine{
		dialect: goose.DialectPostgres, folder: "postgres", locks: true,
		clock:    `(extract(epoch FROM clock_timestamp()) * 1000000)::bigint`,
		conflict: lostToAnother, unreachable: doesNotAnswer,
	}
	config, err := pgx.ParseConfig(dsn)
	if err != nil || dsn == "" {
		// The parser's own words repeat the string; a password may stand in it.
		return errors.New("the DSN is not one of PostgreSQL, like postgres://user@host/database")
	}
	if config.ConnectTimeout == 0 {
		config.ConnectTimeout = connectTimeout
	}
	s.writes = stdlib.OpenDB(*config)
	s.writes.SetMaxOpenConns(postgresConnections)
	s.writes.SetConnMaxLifetime(connectionLife)
	s.reads = s.writes
	return nil
}

// lostToAnother reports a serialisation failure or a deadlock: nothing was
// written, and the same transaction may go through now.
func lostToAnother(err error) bool {
	var refused *pgconn.PgError
	return errors.As(err, &refused) && (refused.Code == "40001" || refused.Code == "40P01")
}

// doesNotAnswer reports that there is no connection, or that the server is going
// down, coming up, or full.
func doesNotAnswer(err error) bool {
	var dialling *pgconn.ConnectError
	if errors.As(err, &dialling) || pgconn.Timeout(err) {
		return true
	}
	var refused *pgconn.PgError
	if !errors.As(err, &refused) {
		return false
	}
	for _, class := range []string{"08", "53", "57P"} {
		if strings.HasPrefix(refused.Code, class) {
			return true
		}
	}
	return false
}
