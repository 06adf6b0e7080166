// Package store keeps what the daemon remembers, in SQLite or in PostgreSQL: the
// mirror of ESR, whose account is whose, which names were ever given, what was
// planned, allowed, intended and done, and the ledger of who did what. The nouns
// are those of package state.
//
// There is one [Store] with many methods, a file for each role. Nobody is meant to
// depend on all of it: who uses a part declares an interface of the few methods
// that it needs. Package storetest states as tests what all of them promise, and
// runs on both engines.
//
// # One text of SQL for two engines
//
// Both engines run the same statements. Parameters are $1, $2… numbered in the
// order in which they first appear, since SQLite takes them for names. Instants
// are whole microseconds, days are counted from 1900, and zero stands for "none":
// no column holds NULL. Only the migrations have a folder for each engine, with
// the same tables and columns.
//
// # What a write promises
//
// Every method that writes is one transaction: all of it is there afterwards, or
// nothing. A transaction that lost against another one is tried again. Once the
// method has returned, the write outlives the process and, with SQLite, a power
// cut: each commit waits for the disk (journal_mode WAL, synchronous FULL). The
// weaker NORMAL would already outlive a killed process, but an intent that a power
// cut took away would leave a change in the directory that nobody can explain, and
// intents are written in batches, so that the wait is paid once for many.
// With PostgreSQL its own synchronous_commit decides, which is on unless somebody
// turned it off.
//
// # Personal data
//
// NI numbers and dates of birth are in the mirror, since a person who comes back
// under a new record is known by them. They stand inside the packed body of a
// record; no error, log or JSON of this package has them.
package store
