// Package storetest states as tests what a [store.Store] promises, whatever engine
// is behind it. The claims are the names of the tests; they run on SQLite and on
// PostgreSQL.
package storetest
