package testbed

import (
	"testing"

	"github.com/jackc/pgx/v5"
)

func TestDatabasesOfATestAreItsOwnAndGoWithIt(t *testing.T) {
	t.Parallel()
	mine := Postgres(t)
	var other string
	t.Run("inner", func(t *testing.T) {
		other = Postgres(t)
		statement(t, other, "CREATE TABLE seen_by_nobody_else (n int)")
		statement(t, mine, "CREATE TABLE seen_by_nobody_else (n int)")
	})
	if conn, err := pgx.Connect(t.Context(), other); err == nil {
		_ = conn.Close(t.Context())
		t.Errorf("the database of a test outlived it")
	}
	statement(t, mine, "DROP TABLE seen_by_nobody_else")
}
