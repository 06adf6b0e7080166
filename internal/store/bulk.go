package store

import (
	"context"
	"fmt"
	"strings"
)

// parametersAtOnce bounds how many parameters one statement has. SQLite takes far
// more, but takes $1 for a name, which it looks up among all others of the
// statement: measured, a hundred is where many rows are added fastest.
const parametersAtOnce = 100

// insert adds many rows with few statements. The head is "INSERT INTO t (a, b)";
// the tail, which may be empty, says what happens to rows that are there already.
func (t *tx) insert(ctx context.Context, head, tail string, rows [][]any) error {
	for len(rows) > 0 {
		some := rows[:min(parametersAtOnce/len(rows[0]), len(rows))]
		rows = rows[len(some):]
		arguments := make([]any, 0, parametersAtOnce)
		for _, one := range some {
			arguments = append(arguments, one...)
		}
		if err := t.exec(ctx, head+" VALUES "+places(len(some), len(some[0]))+" "+tail, arguments...); err != nil {
			return err
		}
	}
	return nil
}

// inChunks calls fn for the keys, few enough at a time for one statement, with a
// list of parameters, ($2, $3…), that begins after the given number.
func inChunks(keys []string, after int, fn func(list string, keys []any) error) error {
	for len(keys) > 0 {
		some := keys[:min(parametersAtOnce, len(keys))]
		keys = keys[len(some):]
		arguments := make([]any, len(some))
		for i, key := range some {
			arguments[i] = key
		}
		if err := fn(numbered(after, len(some)), arguments); err != nil {
			return err
		}
	}
	return nil
}

// places returns ($1, $2), ($3, $4) for two rows of two.
func places(rows, columns int) string {
	all := make([]string, rows)
	for i := range all {
		all[i] = numbered(i*columns, columns)
	}
	return strings.Join(all, ", ")
}

// numbered returns ($4, $5) for two parameters after the third.
func numbered(after, n int) string {
	var out strings.Builder
	for i := range n {
		if i > 0 {
			out.WriteString(", ")
		}
		fmt.Fprintf(&out, "$%d", after+i+1)
	}
	return "(" + out.String() + ")"
}
