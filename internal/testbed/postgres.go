package testbed

import (
	"context"
	"net/url"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// Postgres returns the DSN of an empty database that belongs to the test alone.
// It is dropped when the test ends, whoever is still connected.
func Postgres(t testing.TB) string {
	t.Helper()
	server := variable(t, "ESRSYNC_TEST_POSTGRES_DSN")
	dsn, err := url.Parse(server)
	if err != nil {
		t.Fatalf("reading ESRSYNC_TEST_POSTGRES_DSN: %v", err)
	}
	name := "test_" + unique()
	statement(t, server, "CREATE DATABASE "+name)
	t.Cleanup(func() { statement(t, server, "DROP DATABASE "+name+" WITH (FORCE)") })
	dsn.Path = "/" + name
	return dsn.String()
}

// statement runs one SQL statement on a connection of its own: CREATE DATABASE
// takes no transaction, and a cleanup must not depend on what the test left open.
func statement(t testing.TB, dsn, sql string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		t.Fatalf("connecting to PostgreSQL: %v", err)
	}
	defer func() { _ = conn.Close(ctx) }() // The statement is done; there is nothing to lose.
	if _, err := conn.Exec(ctx, sql); err != nil {
		t.Fatalf("running %s: %v", sql, err)
	}
}
